//! A model that is closed.

use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::target::MODELS;
use crate::text::quote;

/// FT709.
pub static RULE: Rule = Rule {
    code: "FT709",
    name: "retired-model",
    level: Some(Severity::Error),
    summary: "A model with which no new jobs can be created.",
    why: "The provider refuses jobs with models that are closed or retired.",
    help: "Train a model that is open: `ftlint stats FILE` compares them.",
    label: "closed",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-3.5-turbo-0125", "training_file": "file-abc123"}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let (Some(at), Some(model)) = (request.model.at(), request.base_model(sink.settings())) else { return };
    let today = sink.settings().today.as_deref().unwrap_or(&MODELS.as_of);
    let retired = model.retires.as_deref().filter(|day| *day <= today);
    let closed = model.closes.as_deref().filter(|day| *day < today);
    let name = quote(&model.name);
    match (retired, closed) {
        (Some(day), _) => sink.report(at, format_args!("{name} was retired on {day}")),
        (None, Some(day)) => sink.report(at, format_args!("{name} takes no new jobs since {day}")),
        _ if model.is_closed_on(today) => sink.report(at, format_args!("{name} takes no new jobs")),
        _ => {}
    }
}
