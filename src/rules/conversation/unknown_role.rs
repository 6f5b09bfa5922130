//! A role that the provider does not know.

use crate::example::{Example, Message};
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

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let (Some(at), Some(role)) = (message.role.at(), message.role()) else { return };
    let known = sink.target().roles;
    // A developer's role is known, but has a rule of its own.
    if known.contains(&role) || role == "developer" {
        return;
    }
    sink.report_with(at, format_args!("unknown role {}", quote(role)), || {
        let meant = match role.to_ascii_lowercase().as_str() {
            "model" | "bot" | "gpt" | "ai" | "chatgpt" | "assistant" => Some("assistant"),
            "human" | "customer" => Some("user"),
            "observation" | "tool_response" | "function_response" => Some("tool"),
            "instruction" => Some("system"),
            _ => did_you_mean(role, known.iter().copied()),
        };
        Some(match meant {
            Some(meant) => format!("Did you mean {}?", quote(meant)),
            None => format!("Use one of {}", list(known.iter().copied(), "and")),
        })
    });
}
