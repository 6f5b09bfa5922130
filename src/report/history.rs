//! What came of a job that was made: why it failed, what it was billed, what was measured.

mod plot;

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::json::JsonFinding;
use super::{Concise, Format, Full, Style, write_json};
use crate::history::{CreatedJob, History, JobError, Spot};
use crate::outcome::{ExplainedError, HistoryReport, Reporter, TokenCheck};
use crate::text::{count, list, mask, number};

/// Writes the report.
///
/// # Errors
/// It cannot be written.
pub fn write_history(report: &HistoryReport, format: Format, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Full => write!(out, "{}", full(report, style)?)?,
        Format::Concise => write!(out, "{}", concise(report, style)?)?,
        Format::Json | Format::JsonLines => {
            write_json(out, &JsonHistory::new(report))?;
            out.write_all(b"\n")?;
        }
        // Formats for findings, which is what the errors were traced to.
        Format::Sarif | Format::Github | Format::Gitlab | Format::Junit | Format::Rdjson => {
            let mut reporter = format.reporter(Box::new(&mut *out), style);
            for error in &report.errors {
                for finding in &error.findings {
                    reporter.finding(error.file.as_deref().unwrap_or(&report.name), finding)?;
                }
            }
            reporter.finish(&report.total())?;
        }
    }
    out.flush()
}

/// What a reporter makes of findings.
fn findings(
    error: &ExplainedError,
    reporter: impl FnOnce(Box<dyn Write + '_>) -> Box<dyn Reporter + '_>,
) -> io::Result<String> {
    let mut text = Vec::new();
    {
        let mut reporter = reporter(Box::new(&mut text));
        for finding in &error.findings {
            reporter.finding(error.file.as_deref().unwrap_or_default(), finding)?;
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Warnings and errors among the events that are shown.
const EVENTS: usize = 5;

fn full(report: &HistoryReport, style: Style) -> io::Result<String> {
    let mut text = String::new();
    for job in &report.history.jobs {
        head(&mut text, job, style);
    }
    if report.history == History::default() {
        let _ = writeln!(text, "{}: no jobs", style.bold(mask(report.name.as_bytes())));
    }
    let counts = [(report.history.events.len(), "event"), (report.history.checkpoints.len(), "checkpoint")];
    let counts: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(*n as u64, what)).collect();
    if !counts.is_empty() {
        let _ = writeln!(text, "  {}", counts.join(" · "));
    }
    // What is told as the error of the job is not told again.
    let is_told = |message: &str| report.errors.iter().any(|error| error.error.message.contains(message));
    let notes = report.history.events.iter().filter(|event| {
        matches!(event.level.as_deref(), Some("warn" | "warning" | "error")) && !is_told(&event.message)
    });
    for event in notes.take(EVENTS) {
        let level = event.level.as_deref().unwrap_or_default();
        let _ = writeln!(text, "  {level}: {}", mask(event.message.replace(['\n', '\r', '\t'], " ").as_bytes()));
    }
    for error in &report.errors {
        let _ = writeln!(text, "\n  {}", style.severity(crate::finding::Severity::Error, words(&error.error)));
        match &error.cause {
            None => {
                let _ = writeln!(text, "  ftlint does not know this text: lint the file and the request");
            }
            Some(cause) => {
                let _ = writeln!(text, "  {}{}", cause.meaning, places(&cause.spots));
                let _ = writeln!(text, "  {} {}", style.bold("help:"), cause.advice);
                if error.findings.is_empty() && !cause.rules.is_empty() {
                    let names: Vec<&str> = cause.rules.iter().take(3).map(|rule| rule.name).collect();
                    let _ = match error.file.as_deref().map(|file| mask(file.as_bytes())) {
                        None => writeln!(text, "  found before the upload by {}", list(names, "and")),
                        Some(file) => writeln!(text, "  {} found nothing of it in {file}", list(names, "and")),
                    };
                }
            }
        }
        if !error.findings.is_empty() {
            let _ = writeln!(text);
            text.push_str(&findings(error, |out| Box::new(Full::new(out, style)))?);
        }
        let file = error.file.as_deref().map(|file| mask(file.as_bytes())).unwrap_or_default();
        for line in &error.lines {
            let example = if line.example > 0 { format!(" (example {})", line.example) } else { String::new() };
            let _ = writeln!(text, "  {file}:{}{example}: {}", line.line, line.text);
        }
    }
    if let Some(tokens) = &report.tokens {
        let _ = writeln!(text, "\n  {}", token_lines(tokens).join("\n  "));
    }
    for (name, points) in report.history.series() {
        let _ = write!(text, "\n{}", plot::draw(&mask(name.as_bytes()), &points, style.width));
    }
    Ok(style.fit(&text, 2))
}

/// `ftjob-abc123: succeeded` and what else there is.
fn head(text: &mut String, job: &CreatedJob, style: Style) {
    let mask = |text: &String| mask(text.as_bytes());
    let id = job.id.as_ref().map_or_else(|| "the job".to_owned(), mask);
    let status = job.status.as_ref().map_or_else(|| "no status".to_owned(), mask);
    let _ = writeln!(text, "{}: {status}", style.bold(id));
    let mut parts: Vec<String> = job.method.iter().map(mask).collect();
    parts.extend(job.model.as_ref().map(mask));
    parts.extend(job.epochs.map(|epochs| count(epochs, "epoch")));
    parts.extend(job.batch_size.map(|size| format!("batches of {}", number(size))));
    parts.extend(job.learning_rate_multiplier.map(|multiplier| format!("learning rate × {multiplier}")));
    if !parts.is_empty() {
        let _ = writeln!(text, "  {}", parts.join(" · "));
    }
    if let Some(tuned) = &job.fine_tuned_model {
        let _ = writeln!(text, "  → {}", mask(tuned));
    }
}

/// The provider's words, on one line.
fn words(error: &JobError) -> String {
    let message = mask(error.message.replace(['\n', '\r', '\t'], " ").as_bytes());
    match &error.code {
        Some(code) if message.is_empty() => mask(code.as_bytes()),
        Some(code) => format!("{}: {message}", mask(code.as_bytes())),
        None => message,
    }
}

/// ` (example 536)`
fn places(spots: &[Spot]) -> String {
    let shown: Vec<String> = spots
        .iter()
        .take(6)
        .map(|spot| match spot {
            Spot::Example(example) => format!("example {}", number(*example)),
            Spot::Line(line) => format!("line {}", number(*line)),
        })
        .collect();
    match (shown.as_slice(), spots.len().saturating_sub(6)) {
        ([], _) => String::new(),
        (shown, 0) => format!(" ({})", shown.join(", ")),
        (shown, more) => format!(" ({} and {} more)", shown.join(", "), number(more as u64)),
    }
}

fn token_lines(tokens: &TokenCheck) -> [String; 2] {
    let trained = format!("{} were trained", count(tokens.trained_tokens, "token"));
    let mut line = format!("ftlint counts {}", number(tokens.counted));
    if tokens.max_counted > tokens.counted {
        let _ = write!(line, " to {}", number(tokens.max_counted));
    }
    let _ = write!(line, " in {}: ", count(tokens.epochs, "epoch"));
    let percent = tokens.percent();
    line.push_str(&if percent == 0.0 {
        "they agree".to_owned()
    } else {
        format!("{:.1} % {}", percent.abs(), if percent > 0.0 { "more" } else { "fewer" })
    });
    [trained, line]
}

fn concise(report: &HistoryReport, style: Style) -> io::Result<String> {
    let mut text = String::new();
    let name = style.bold(mask(report.name.as_bytes()));
    for job in &report.history.jobs {
        let mask = |text: &Option<String>| text.as_ref().map_or_else(|| "-".to_owned(), |text| mask(text.as_bytes()));
        let _ = writeln!(text, "{name}: {} {}", mask(&job.id), mask(&job.status));
    }
    if report.history == History::default() {
        let _ = writeln!(text, "{name}: no jobs");
    }
    for error in &report.errors {
        let rule = error.cause.as_ref().and_then(|cause| cause.rules.first());
        let rule = rule.map(|rule| format!(" ({} {})", rule.code, rule.name)).unwrap_or_default();
        let _ = writeln!(text, "{name}: {}{rule}", words(&error.error));
        text.push_str(&findings(error, |out| Box::new(Concise::new(out, style)))?);
        for line in &error.lines {
            let file = mask(error.file.as_deref().unwrap_or_default().as_bytes());
            let _ = writeln!(text, "{}:{}:1: named by the error", style.bold(file), line.line);
        }
    }
    if let Some(tokens) = &report.tokens {
        let _ = writeln!(text, "{name}: {}", token_lines(tokens).join("; "));
    }
    for (metric, points) in report.history.series() {
        let values: Vec<String> = points.iter().map(|(step, value)| format!("{step}={value}")).collect();
        let _ = writeln!(text, "{name}: {} {}", mask(metric.as_bytes()), values.join(" "));
    }
    Ok(text)
}

/// A history for programs.
#[derive(Serialize)]
struct JsonHistory<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    version: u32,
    path: &'a str,
    jobs: Vec<JsonHistoryJob<'a>>,
    errors: Vec<JsonError<'a>>,
    tokens: Option<JsonTokenCheck>,
    events: Vec<JsonEvent<'a>>,
    metrics: Vec<JsonSeries<'a>>,
}

#[derive(Serialize)]
struct JsonHistoryJob<'a> {
    id: Option<&'a str>,
    status: Option<&'a str>,
    method: Option<&'a str>,
    model: Option<&'a str>,
    fine_tuned_model: Option<&'a str>,
    epochs: Option<u64>,
    batch_size: Option<u64>,
    learning_rate_multiplier: Option<f64>,
    trained_tokens: Option<u64>,
    training_file: Option<&'a str>,
    validation_file: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonError<'a> {
    code: Option<&'a str>,
    message: &'a str,
    param: Option<&'a str>,
    meaning: Option<&'static str>,
    help: Option<&'static str>,
    /// The codes of the rules that find such a fault.
    rules: Vec<&'static str>,
    /// The examples that the text names, from 1.
    examples: Vec<u64>,
    /// The lines that it names, from 1.
    lines: Vec<u64>,
    findings: Vec<JsonFinding<'a>>,
}

#[derive(Serialize)]
struct JsonTokenCheck {
    #[serde(flatten)]
    check: TokenCheck,
    /// How much more was trained than the nearer end of what was counted.
    difference_percent: f64,
}

#[derive(Serialize)]
struct JsonEvent<'a> {
    created_at: Option<i64>,
    level: Option<&'a str>,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonSeries<'a> {
    name: &'a str,
    steps: Vec<u64>,
    values: Vec<f64>,
}

impl<'a> JsonHistory<'a> {
    fn new(report: &'a HistoryReport) -> Self {
        let history = &report.history;
        JsonHistory {
            kind: "job",
            version: 1,
            path: &report.name,
            jobs: history.jobs.iter().map(JsonHistoryJob::new).collect(),
            errors: report.errors.iter().map(JsonError::new).collect(),
            tokens: report
                .tokens
                .map(|check| JsonTokenCheck { check, difference_percent: (check.percent() * 10.0).round() / 10.0 }),
            events: history
                .events
                .iter()
                .map(|event| JsonEvent {
                    created_at: event.created_at,
                    level: event.level.as_deref(),
                    message: &event.message,
                })
                .collect(),
            metrics: history
                .series()
                .into_iter()
                .map(|(name, points)| JsonSeries {
                    name,
                    steps: points.iter().map(|(step, _)| *step).collect(),
                    values: points.iter().map(|(_, value)| *value).collect(),
                })
                .collect(),
        }
    }
}

impl<'a> JsonHistoryJob<'a> {
    fn new(job: &'a CreatedJob) -> Self {
        JsonHistoryJob {
            id: job.id.as_deref(),
            status: job.status.as_deref(),
            method: job.method.as_deref(),
            model: job.model.as_deref(),
            fine_tuned_model: job.fine_tuned_model.as_deref(),
            epochs: job.epochs,
            batch_size: job.batch_size,
            learning_rate_multiplier: job.learning_rate_multiplier,
            trained_tokens: job.trained_tokens,
            training_file: job.training_file.as_deref(),
            validation_file: job.validation_file.as_deref(),
        }
    }
}

impl<'a> JsonError<'a> {
    fn new(explained: &'a ExplainedError) -> Self {
        let cause = explained.cause.as_ref();
        let spots = cause.map_or(&[][..], |cause| &cause.spots);
        let file = explained.file.as_deref().unwrap_or_default();
        JsonError {
            code: explained.error.code.as_deref(),
            message: &explained.error.message,
            param: explained.error.param.as_deref(),
            meaning: cause.map(|cause| cause.meaning),
            help: cause.map(|cause| cause.advice),
            rules: cause.map(|cause| cause.rules.iter().map(|rule| rule.code).collect()).unwrap_or_default(),
            examples: spots
                .iter()
                .filter_map(|spot| if let Spot::Example(example) = spot { Some(*example) } else { None })
                .collect(),
            lines: spots
                .iter()
                .filter_map(|spot| if let Spot::Line(line) = spot { Some(*line) } else { None })
                .collect(),
            findings: explained.findings.iter().map(|finding| JsonFinding::new(file, finding)).collect(),
        }
    }
}
