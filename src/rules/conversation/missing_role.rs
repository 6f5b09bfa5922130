//! A message without a role.

use crate::example::{Example, Features, Field, Message};
use crate::finding::Severity;
use crate::json::Kind;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT105.
pub static RULE: Rule = Rule {
    code: "FT105",
    name: "missing-role",
    level: Some(Severity::Error),
    summary: "A message without a role.",
    why: "The job fails: the provider cannot tell who is speaking.",
    help: "Give the message a `role`: `system`, `user`, `assistant` or `tool`.",
    label: "has no role",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::MessageWith(Features::UNUSUAL, check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    match message.role {
        Field::Absent if message.kind == Kind::Object => {
            sink.report(message.at, format_args!("the message has no `role`"))
        }
        Field::Null(at) => sink.report(at, format_args!("`role` is null")),
        _ => {}
    }
}
