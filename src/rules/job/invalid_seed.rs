//! A seed out of its range.

use super::numbers;
use crate::finding::Severity;
use crate::request::{NumberGroup, Request};
use crate::rule::{Check, Rule, Sample, Sink};

/// FT717.
pub static RULE: Rule = Rule {
    code: "FT717",
    name: "invalid-seed",
    level: Some(Severity::Error),
    summary: "A seed that is no integer from 0 to 2,147,483,647.",
    why: "The API refuses the request.",
    help: "Choose another seed, or leave it out.",
    label: "no seed",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "seed": -1}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "seed": 42}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    numbers(request, |group| group == NumberGroup::Seed, sink);
}
