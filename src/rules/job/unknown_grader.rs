//! A grader of an unknown type.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::{GRADER_TYPES, Request};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, quote};

/// FT731.
pub static RULE: Rule = Rule {
    code: "FT731",
    name: "unknown-grader",
    level: Some(Severity::Error),
    summary: "A grader of a type that does not exist.",
    why: "The API refuses the request.",
    help: "Use one of `string_check`, `text_similarity`, `python`, `score_model`, `label_model` and `multi`.",
    label: "no type of graders",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "exact_match", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for grader in request.graders {
        if let Field::Value(at, kind) = grader.kind
            && !GRADER_TYPES.contains(&kind)
        {
            sink.report_with(at, format_args!("there is no grader {}", quote(kind)), || {
                let near = did_you_mean(kind, GRADER_TYPES.iter().copied())?;
                Some(format!("Did you mean {}?", quote(near)))
            });
        }
    }
}
