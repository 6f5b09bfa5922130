//! A conversation without a message.

use crate::example::{Example, Field};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT106.
pub static RULE: Rule = Rule {
    code: "FT106",
    name: "empty-messages",
    level: Some(Severity::Error),
    summary: "`messages` is an empty list.",
    why: "The job fails: there is nothing to learn.",
    help: "Remove the line, or give it messages.",
    label: "empty",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    if let Field::Value(at, []) = example.conversation.messages {
        sink.report(at, format_args!("`messages` is empty"));
    }
}
