//! A hyperparameter out of its range.

use super::numbers;
use crate::finding::Severity;
use crate::request::{NumberGroup, Request};
use crate::rule::{Check, Rule, Sample, Sink};

/// FT715.
pub static RULE: Rule = Rule {
    code: "FT715",
    name: "invalid-hyperparameter",
    level: Some(Severity::Error),
    summary: "A hyperparameter outside its range.",
    why: "The API refuses the request.",
    help: "Choose a value in the range, or `auto` where the service may choose.",
    label: "out of range",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 51}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 50}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    numbers(request, |group| matches!(group, NumberGroup::Hyperparameter(_)), sink);
}
