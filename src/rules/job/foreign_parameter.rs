//! A parameter that another provider knows.

use crate::finding::Severity;
use crate::request::{Fate, Request, is_hyperparameter};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT704.
pub static RULE: Rule = Rule {
    code: "FT704",
    name: "foreign-parameter",
    level: Some(Severity::Warning),
    summary: "A parameter that only another provider's API knows.",
    why: "Azure's service takes it; the API of other providers may refuse the request.",
    help: "Remove it unless the job is for Azure.",
    label: "of another provider",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "trainingType": "Standard"}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for unknown in request.unknown.iter().filter(|unknown| unknown.fate == Fate::Foreign) {
        let key = unknown.key.text;
        if is_hyperparameter(key) {
            let help = || Some(format!("Put {} into the `hyperparameters` of the method.", quote(key)));
            let message = format_args!("{} stands beside `hyperparameters`, not in them", quote(key));
            sink.report_with(unknown.key.at, message, help);
        } else {
            sink.report(unknown.key.at, format_args!("{} is a parameter of Azure's API", quote(key)));
        }
    }
}
