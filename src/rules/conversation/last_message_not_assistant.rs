//! A conversation that goes on after the last answer.

use crate::example::{Example, Format};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT113.
pub static RULE: Rule = Rule {
    code: "FT113",
    name: "last-message-not-assistant",
    level: Some(Severity::Warning),
    summary: "The last message is not the assistant's.",
    why: "What follows the last answer is never trained, and some providers refuse the example.",
    help: "End the example with the assistant's answer.",
    label: "never trained",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"},{"role":"user","content":"Thanks"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let messages = example.conversation.messages();
    if example.format == Format::Chat
        && let [before @ .., last] = messages
        && let Some(role) = last.role()
        && role != "assistant"
        && sink.target().roles.contains(&role)
        && before.iter().any(|message| message.is("assistant"))
    {
        sink.report(last.at, format_args!("the last message is of the role `{role}`"));
    }
}
