//! A system message in the middle of a conversation.

use crate::example::{Example, Format};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT120.
pub static RULE: Rule = Rule {
    code: "FT120",
    name: "system-not-first",
    level: Some(Severity::Warning),
    summary: "A system message after a message of another role.",
    why: "Some providers refuse it, and models are trained to look for it at the start.",
    help: "Put the system message first.",
    label: "after another message",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"system","content":"Be kind."},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // In reinforcement data no system message has a place, unless the provider has one for it.
    if example.format == Format::Reinforcement && !sink.target().reinforcement_roles.contains(&"system") {
        return;
    }
    let is_first = |role: Option<&str>| matches!(role, None | Some("system" | "developer"));
    let messages = example.conversation.messages();
    // One at the very end is never trained, which is reported already.
    let searched = match messages {
        [before @ .., last] if example.format == Format::Chat && last.is("system") => before,
        all => all,
    };
    let mut rest = searched.iter().skip_while(|message| is_first(message.role()));
    if let Some(message) = rest.find(|message| message.is("system")) {
        sink.report(message.at, format_args!("a system message after a message of another role"));
    }
}
