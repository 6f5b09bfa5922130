//! A conversation that begins with the wrong speaker.

use crate::example::{Example, Format};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT126.
pub static RULE: Rule = Rule {
    code: "FT126",
    name: "first-message-not-user",
    level: Some(Severity::Error),
    summary: "A conversation that the assistant begins, where the provider wants the user first.",
    why: "The job fails: Bedrock takes conversations that the user begins. Other providers take any.",
    help: "Begin with a message of the user, or leave the first message out.",
    label: "should be the user's",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"assistant","content":"How can I help?"},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let target = sink.target();
    if let [message] = example.conversation.messages()
        && target.min_messages > 1
        && message.is("assistant")
        && example.format == Format::Chat
    {
        sink.report_with(message.at, format_args!("an answer to nothing: the only message is the assistant's"), || {
            Some("Put what it answers before it, as a message of the user.".to_owned())
        });
        return;
    }
    if target.first_roles.is_empty() || example.format != Format::Chat {
        return;
    }
    let mut messages = example.conversation.messages().iter();
    let first = messages.find(|message| !message.role().is_some_and(|role| matches!(role, "system" | "developer")));
    if let Some((message, role)) = first.and_then(|message| Some((message, message.role()?)))
        && !target.first_roles.contains(&role)
        && target.roles.contains(&role)
    {
        sink.report(message.at, format_args!("the first message is of the role `{role}`"));
    }
}
