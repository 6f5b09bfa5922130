//! An option that does not exist.

use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, list, quote};

/// FT733.
pub static RULE: Rule = Rule {
    code: "FT733",
    name: "unknown-option",
    level: Some(Severity::Error),
    summary: "A value that is not one of those that the parameter takes.",
    why: "The API refuses the request.",
    help: "Use one of the values that the parameter takes.",
    label: "not taken",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "equals"}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for choice in request.choices.iter().filter(|choice| !choice.known.contains(&choice.chosen.text)) {
        let message = format_args!("{} is no value of `{}`", quote(choice.chosen.text), choice.name);
        sink.report_with(choice.chosen.at, message, || {
            let near = did_you_mean(choice.chosen.text, choice.known.iter().copied());
            let near = near.map(|near| format!("Did you mean {}? ", quote(near))).unwrap_or_default();
            Some(format!("{near}It takes {}.", list(choice.known.iter().copied(), "or")))
        });
    }
}
