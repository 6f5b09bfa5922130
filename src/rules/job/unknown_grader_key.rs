//! A key that a grader does not have.

use super::is_misspelt;
use crate::finding::Severity;
use crate::request::{Request, Slot};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, list, quote};

/// FT738.
pub static RULE: Rule = Rule {
    code: "FT738",
    name: "unknown-grader-key",
    level: Some(Severity::Warning),
    summary: "A key that a grader of this type does not have.",
    why: "It comes to nothing, or the request is refused.",
    help: "Remove it.",
    label: "not a key here",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq", "weight": 2}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for unknown in request.unknown.iter().filter(|unknown| unknown.slot == Slot::Grader) {
        if request.missing.iter().any(|missing| is_misspelt(missing, unknown)) {
            continue;
        }
        let message = format_args!("{} of this type has no {}", unknown.owner, quote(unknown.key.text));
        sink.report_with(unknown.key.at, message, || {
            Some(match did_you_mean(unknown.key.text, unknown.known.iter().copied()) {
                Some(near) => format!("Did you mean {}?", quote(near)),
                None => format!("Remove it. Known here are {}.", list(unknown.known.iter().copied(), "and")),
            })
        });
    }
}
