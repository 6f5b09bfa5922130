//! A parameter of the wrong type.

use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT706.
pub static RULE: Rule = Rule {
    code: "FT706",
    name: "wrong-parameter-type",
    level: Some(Severity::Error),
    summary: "A parameter holds the wrong JSON type.",
    why: "The API refuses the request.",
    help: "Write the value as the type that the parameter has.",
    label: "of the wrong type",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": ["file-abc123"]}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for mistyped in request.mistyped {
        // What has an article is no key.
        let field = mistyped.field;
        let field = if field.contains(' ') { field.to_owned() } else { format!("`{field}`") };
        let message = format_args!("{field} is {}, not {}", mistyped.found.phrase(), mistyped.expected);
        sink.report(mistyped.at, message);
    }
}
