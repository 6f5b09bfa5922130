//! A parameter that stands twice.

use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT707.
pub static RULE: Rule = Rule {
    code: "FT707",
    name: "repeated-parameter",
    level: Some(Severity::Warning),
    summary: "The same key twice in one object of the request.",
    why: "Most readers take the last one, some the first: what the job does is a matter of luck.",
    help: "Keep one of the two.",
    label: "stands here again",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "training_file": "file-def456"}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    request.doc.repeated_keys(|_, second| {
        let key = request.doc.str(second).unwrap_or_default();
        sink.report(second, format_args!("the key {} stands more than once in this object", quote(key)));
    });
}
