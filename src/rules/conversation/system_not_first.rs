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
    let target = sink.target();
    if target.chat_keys.contains(&"system_prompt")
        && let Some((_, at)) = example.keys.iter().find(|(key, _)| *key == "system_prompt")
        && messages.iter().any(|message| message.is("system"))
    {
        sink.report_with(*at, format_args!("a system message beside `system_prompt`"), || {
            Some("Keep one of the two.".to_owned())
        });
    }
    // Some take it behind the user, but not behind others.
    if !target.system_after.is_empty() {
        let may_follow = |role: &str| is_first(Some(role)) || target.system_after.contains(&role);
        let misplaced = searched.windows(2).find(|pair| {
            pair[1].is("system") && pair[0].role().is_some_and(|role| target.roles.contains(&role) && !may_follow(role))
        });
        if let Some([before, message]) = misplaced {
            let role = before.role().unwrap_or_default();
            sink.report_with(message.at, format_args!("a system message behind one of the role `{role}`"), || {
                Some("Move it to the start of the conversation.".to_owned())
            });
        }
        return;
    }
    let mut rest = searched.iter().skip_while(|message| is_first(message.role()));
    if let Some(message) = rest.find(|message| message.is("system")) {
        sink.report(message.at, format_args!("a system message after a message of another role"));
    }
}
