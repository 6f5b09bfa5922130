//! Reinforcement without a validation file.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::target::Method;

/// FT721.
pub static RULE: Rule = Rule {
    code: "FT721",
    name: "missing-validation-file",
    level: Some(Severity::Error),
    summary: "Reinforcement training without a validation file.",
    why: "Reinforcement training needs a validation file: the job is refused without one.",
    help: "Upload a validation file and name it in `validation_file`.",
    label: "needs a validation file",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    if request.method() == Some(Method::Reinforcement)
        && (request.validation_file.is_none() || request.validation_file.value() == Some(""))
        && let Field::Value(at, method) = request.method
    {
        let at = request.validation_file.at().or(method.kind.at()).unwrap_or(at);
        sink.report(at, format_args!("`reinforcement` without a `validation_file`"));
    }
}
