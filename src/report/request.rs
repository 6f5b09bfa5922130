//! What came of the request of a job: what it would train on, and what that costs.

use std::fmt::Write as _;

use serde::Serialize;

use super::job::{self, JsonJob};
use super::json::{JsonCount, counts};
use super::{Style, summary};
use crate::finding::Severity;
use crate::outcome::{JobFile, RequestReport};
use crate::text::{count, mask, quote, size};

/// A few lines about a request.
pub(super) fn text(report: &RequestReport, style: Style) -> String {
    let mut text = String::new();
    let problems =
        summary::problems(report.count(Severity::Error), report.count(Severity::Warning), report.errors_only, style);
    let _ = writeln!(text, "{}: {problems} ({})", style.bold(mask(report.name.as_bytes())), size(report.size));
    for hidden in summary::hidden(&report.counts) {
        let _ = writeln!(text, "  {}", style.dim(hidden));
    }
    if !report.is_request {
        return style.fit(&text, 2);
    }
    let mut parts: Vec<String> = report.method.map(str::to_owned).into_iter().collect();
    parts.extend(report.model.as_deref().filter(|model| !model.is_empty()).map(|model| mask(model.as_bytes())));
    parts.extend(report.suffix.as_deref().map(|suffix| format!("suffix {}", quote(suffix))));
    if !parts.is_empty() {
        let _ = writeln!(text, "  {}", parts.join(" · "));
    }
    let file = |verb: &str, file: &JobFile| {
        let name = mask(file.name.as_bytes());
        format!("{verb} {name}: {}, {}", count(file.examples, "example"), count(file.tokens, "token"))
    };
    let files = [
        report.training.as_ref().map(|training| file("trains on", training)),
        report.validation.as_ref().map(|validation| file("validates with", validation)),
    ];
    for line in files.into_iter().flatten() {
        let _ = writeln!(text, "  {line}");
    }
    if let Some(unseen) = unseen(report) {
        let _ = writeln!(text, "  {unseen}");
    }
    if let Some(job) = &report.job {
        let _ = writeln!(text, "  {}", job::line(job));
    }
    style.fit(&text, 2)
}

/// That data were not looked at, where one could think that they are in order as well.
fn unseen(report: &RequestReport) -> Option<&'static str> {
    if report.count(Severity::Error) > 0 {
        return None;
    }
    match report.unseen {
        [true, true] => Some("no data were looked at: --training-file FILE and --validation-file FILE name them"),
        [true, false] => Some("the data to train on were not looked at: --training-file FILE names them"),
        [false, true] => Some("the validation data were not looked at: --validation-file FILE names them"),
        [false, false] => None,
    }
}

/// A request for programs.
#[derive(Serialize)]
pub(super) struct JsonRequest<'a> {
    path: &'a str,
    bytes: u64,
    errors: u64,
    warnings: u64,
    model: Option<&'a str>,
    method: Option<&'static str>,
    suffix: Option<&'a str>,
    training: Option<JsonFile<'a>>,
    validation: Option<JsonFile<'a>>,
    /// What the job would train and cost, if the training file was at hand.
    job: Option<JsonJob<'a>>,
    rules: Vec<JsonCount>,
}

#[derive(Serialize)]
struct JsonFile<'a> {
    path: &'a str,
    examples: u64,
    tokens: u64,
}

impl<'a> JsonRequest<'a> {
    pub(super) fn new(report: &'a RequestReport) -> Self {
        let file = |file: &'a JobFile| JsonFile { path: &file.name, examples: file.examples, tokens: file.tokens };
        JsonRequest {
            path: &report.name,
            bytes: report.size,
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            model: report.model.as_deref(),
            method: report.method,
            suffix: report.suffix.as_deref(),
            training: report.training.as_ref().map(file),
            validation: report.validation.as_ref().map(file),
            job: report.job.as_ref().map(JsonJob::new),
            rules: counts(&report.counts),
        }
    }
}
