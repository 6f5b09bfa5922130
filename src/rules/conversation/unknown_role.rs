//! A role that the provider does not know.

use super::{deprecated_functions, has_refused_functions};
use crate::example::{Example, Format, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, list, quote};

/// FT104.
pub static RULE: Rule = Rule {
    code: "FT104",
    name: "unknown-role",
    level: Some(Severity::Error),
    summary: "A message with a role that the provider does not know.",
    why: "The upload is refused, or the message is dropped and the model trains on half a conversation.",
    help: "Use one of the roles `system`, `user`, `assistant` and `tool`.",
    label: "not a role",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"asistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Message(check),
};

fn check(example: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let (Some(at), Some(role)) = (message.role.at(), message.role()) else { return };
    let target = sink.target();
    let known = target.roles_of(example.format);
    // A developer's role is known, but has a rule of its own; so has the system's where it is the developer's.
    if known.contains(&role) || role == "developer" || role == "system" && example.format == Format::Reinforcement {
        return;
    }
    // What goes with a function that is called is told of that, if it is an error.
    let is_told = || deprecated_functions::is_error(example, sink.settings());
    if role == "function" && (has_refused_functions(example, target) || is_told()) {
        return;
    }
    if target.roles.contains(&role) {
        sink.report(at, format_args!("the role {} in reinforcement data", quote(role)));
        return;
    }
    sink.report_with(at, format_args!("unknown role {}", quote(role)), || {
        let meant = match role.to_ascii_lowercase().as_str() {
            "model" => return Some("What Gemini calls `model` is `assistant` here.".to_owned()),
            "human" => return Some("What ShareGPT data calls `human` is `user` here.".to_owned()),
            "gpt" => return Some("What ShareGPT data calls `gpt` is `assistant` here.".to_owned()),
            "bot" | "ai" | "chatgpt" => Some("assistant"),
            "customer" => Some("user"),
            "observation" | "tool_response" | "function_response" => Some("tool"),
            "instruction" => Some("system"),
            _ if target.chat_keys.contains(&role) => {
                return Some(format!("{} is a key of the line here: put the text there.", quote(role)));
            }
            _ => did_you_mean(role, known.iter().copied()),
        };
        let all = || ["system", "user", "assistant", "tool"].iter().all(|role| known.contains(role));
        match meant.filter(|meant| known.contains(meant)) {
            Some(meant) => Some(format!("Did you mean {}?", quote(meant))),
            None => (!all()).then(|| format!("Use one of the roles {}.", list(known.iter().copied(), "and"))),
        }
    });
}
