//! A number of a grader that is none.

use super::numbers;
use crate::finding::Severity;
use crate::request::{NumberGroup, Request};
use crate::rule::{Check, Rule, Sample, Sink};

/// FT734.
pub static RULE: Rule = Rule {
    code: "FT734",
    name: "invalid-grader-number",
    level: Some(Severity::Error),
    summary: "A number of a grader that is none, or out of its range.",
    why: "The API refuses the request.",
    help: "Write a number in the range.",
    label: "out of range",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "score_model", "name": "score", "model": "gpt-4.1", "input": [{"role": "user", "content": "Rate it: {{sample.output_text}}"}], "range": [0, 1], "sampling_params": {"temperature": "0"}}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "score_model", "name": "score", "model": "gpt-4.1", "input": [{"role": "user", "content": "Rate it: {{sample.output_text}}"}], "range": [0, 1], "sampling_params": {"temperature": 0}}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    numbers(request, |group| group == NumberGroup::Grader, sink);
}
