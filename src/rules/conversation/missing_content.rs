//! A message that says nothing.

use super::is_reported;
use crate::example::{Content, Example, Features, Field, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT110.
pub static RULE: Rule = Rule {
    code: "FT110",
    name: "missing-content",
    level: Some(Severity::Error),
    summary: "A message without the content that its role needs.",
    why: "The job fails: only an assistant that calls tools or refuses may do without content.",
    help: "Give the message its `content`.",
    label: "needs content",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"refusal":"I can't help with that."}]}
"#,
    ),
    check: Check::MessageWith(Features::UNUSUAL, check),
};

fn check(example: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let Some(role) = message.role() else { return };
    if let Field::Value(at, Content::Parts([])) = message.content {
        sink.report(at, format_args!("`content` is an empty list"));
        return;
    }
    if !message.content.is_none() {
        return;
    }
    let says_otherwise = match role {
        "assistant" => {
            !matches!(message.tool_calls, Field::Absent)
                || !message.function_call.is_none()
                || !message.refusal.is_none()
                || !message.audio.is_none()
        }
        "function" => matches!(message.content, Field::Null(_)),
        "system" | "developer" | "user" | "tool" => false,
        _ => true, // what an unknown role needs is not known
    };
    // With a key that is not known, the content most likely stands there: one slip, one finding.
    let target = sink.target();
    let unknown = example.unknown_keys_of(message).iter();
    if says_otherwise || unknown.filter(|key| key.owner_at == message.at).any(|key| is_reported(key, target)) {
        return;
    }
    match message.content {
        Field::Null(at) => sink.report(at, format_args!("`content` of the {role} message is null")),
        _ => sink.report(message.at, format_args!("the {role} message has no `content`")),
    }
}
