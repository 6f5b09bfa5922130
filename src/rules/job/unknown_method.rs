//! A method that does not exist.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::{METHODS, Request};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, quote};

/// FT710.
pub static RULE: Rule = Rule {
    code: "FT710",
    name: "unknown-method",
    level: Some(Severity::Error),
    summary: "A training method that does not exist.",
    why: "The API knows three methods and refuses others.",
    help: "Use one of `supervised`, `dpo` and `reinforcement`.",
    label: "no method",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "preference"}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "dpo"}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    if let Field::Value(_, method) = request.method
        && let Field::Value(at, name) = method.kind
        && !METHODS.contains(&name)
    {
        sink.report_with(at, format_args!("there is no method {}", quote(name)), || meant(name));
    }
}

/// What others call the methods.
fn meant(name: &str) -> Option<String> {
    let near = match name.to_ascii_lowercase().as_str() {
        "sft" => "supervised",
        "preference" => "dpo",
        "rft" | "rl" | "grpo" | "ppo" => "reinforcement",
        _ => did_you_mean(name, METHODS.iter().copied())?,
    };
    Some(format!("Did you mean {}?", quote(near)))
}
