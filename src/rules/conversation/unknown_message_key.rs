//! A key that a message, part, tool or call does not have.

use super::{has_refused_functions, is_reported, known};
use crate::example::{Example, Features, Owner, UnknownKey};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};
use crate::target::Unknown;
use crate::text::{did_you_mean, list, quote};

/// FT109.
pub static RULE: Rule = Rule {
    code: "FT109",
    name: "unknown-message-key",
    level: Some(Severity::Error),
    summary: "A key that a message, part, tool or call does not have.",
    why: "The job fails, or what stands under the key is not trained.",
    help: "Remove the key.",
    label: "not known here",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!","id":7}]}
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
    if target.narrow_messages && target.unknown_message_keys != Unknown::Ignored {
        narrow(example, sink);
    }
    if !example.features.intersects(Features::UNKNOWN_KEYS) {
        return;
    }
    for unknown in example.unknown_keys.iter().filter(|unknown| unknown.owner != Owner::Line) {
        if !is_reported(unknown, target) {
            continue;
        }
        let known = known(unknown, target);
        let (owner, key) = (owner(unknown), quote(unknown.key));
        let meant = meant(unknown, known);
        sink.report_with(unknown.at, format_args!("{owner} has no key {key}"), || {
            let known = list(known.iter().copied(), "and");
            Some(match meant {
                Some(meant) => format!("Did you mean {}? Here the format knows {known}.", quote(meant)),
                None => format!("Remove it; here the format knows {known}."),
            })
        });
        match meant {
            Some(meant) if example.doc.get(unknown.owner_at, meant).is_some() => {}
            Some(meant) => {
                sink.mend(Fix::Unsafe, || Repair::Change(vec![Change::Replace(unknown.at, format!("\"{meant}\""))]))
            }
            // Of what a message says nothing is dropped.
            None if unknown.lone_texts > 0 => {}
            None => sink.mend(Fix::Unsafe, || Repair::Change(vec![Change::Remove(unknown.at)])),
        }
    }
}

/// What others call the content of a message.
const TEXTS: &[&str] = &[
    "text",
    "value",
    "message",
    "msg",
    "body",
    "utterance",
    "input",
    "output",
    "prompt",
    "completion",
    "question",
    "query",
    "answer",
    "response",
    "reply",
];

/// The key that was probably meant.
fn meant(unknown: &UnknownKey<'_>, known: &[&'static str]) -> Option<&'static str> {
    match (unknown.owner, unknown.key) {
        (Owner::Part, "content" | "value") => known.contains(&"text").then_some("text"),
        (_, key) => {
            let is_content = unknown.lone_texts == 1 && TEXTS.contains(&key) && known.contains(&"content");
            did_you_mean(key, known.iter().copied()).or(is_content.then_some("content"))
        }
    }
}

/// Reports keys that messages of the format have, but not here: once for each example.
fn narrow(example: &Example<'_>, sink: &mut Sink<'_>) {
    let target = sink.target();
    let mut found: Vec<(&str, NodeId)> = Vec::new();
    let is_told = has_refused_functions(example, target);
    for message in example.messages() {
        let Some(known) = message.role().map(|role| target.keys_of(role)).filter(|known| !known.is_empty()) else {
            continue;
        };
        let fields = [
            ("refusal", message.refusal.at()),
            ("name", message.name.at()),
            ("audio", message.audio.at()),
            ("tool_calls", message.tool_calls.at()),
            ("function_call", message.function_call.at().filter(|_| !is_told)),
            ("tool_call_id", message.tool_call_id.at()),
            ("weight", message.weight.at()),
        ];
        for (key, at) in fields {
            if let Some(at) = at.filter(|_| !known.contains(&key) && found.iter().all(|(seen, _)| *seen != key)) {
                found.push((key, at));
            }
        }
    }
    if let [(_, first), rest @ ..] = found.as_slice() {
        let keys = if rest.is_empty() { "key" } else { "keys" };
        let names = list(found.iter().map(|(key, _)| *key), "and");
        sink.report(*first, format_args!("messages for {} have no {keys} {names}", target.name));
    }
}

/// What the key stands on, as exactly as its other keys depend on that.
fn owner(unknown: &UnknownKey<'_>) -> String {
    match unknown.owner {
        Owner::Message => match unknown.role {
            Some(role) => format!("a message of the role {}", quote(role)),
            None => Owner::Message.phrase().to_owned(),
        },
        Owner::Part => "a content part of this type".to_owned(),
        other => other.phrase().to_owned(),
    }
}
