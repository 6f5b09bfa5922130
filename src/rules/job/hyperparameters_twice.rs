//! Hyperparameters in two places.

use crate::example::Field;
use crate::finding::Severity;
use crate::json::Kind;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT714.
pub static RULE: Rule = Rule {
    code: "FT714",
    name: "hyperparameters-twice",
    level: Some(Severity::Warning),
    summary: "`hyperparameters` both at the top and beside a `method`.",
    why: "The older form and the newer one contradict each other; which one holds is not documented.",
    help: "Keep those under `method`.",
    label: "the older form",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}}, "hyperparameters": {"n_epochs": 4}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    if let Some(at) = request.hyperparameters
        && request.doc.kind(at) == Kind::Object
        && let Field::Value(..) = request.method
    {
        sink.report(at, format_args!("`hyperparameters` stand at the top although there is a `method`"));
    }
}
