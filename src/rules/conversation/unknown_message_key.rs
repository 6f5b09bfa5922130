//! A key that a message, part, tool or call does not have.

use super::{has_refused_functions, is_conversation, is_reported, is_whole, known, names_call};
use crate::example::{Example, Features, Owner, UnknownKey};
use crate::finding::Severity;
use crate::json::{Kind, NodeId};
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
    let is_whole = is_whole(example);
    let holds_turns = |unknown: &UnknownKey<'_>| is_conversation(example, example.doc.value_of(unknown.at));
    // A thing may have very many of them.
    let mut last: Option<(NodeId, bool)> = None;
    let mut is_lacking = |unknown: &UnknownKey<'_>| match last {
        Some((at, lacking)) if at == unknown.owner_at => lacking,
        _ => last.insert((unknown.owner_at, lacks(example, unknown))).1,
    };
    for unknown in example.unknown_keys.iter().filter(|unknown| unknown.owner != Owner::Line) {
        if !is_reported(unknown, target) || target.nulls_as_absent && is_null(example, unknown) {
            continue;
        }
        let known = known(unknown, target);
        let (owner, key) = (owner(unknown), quote(unknown.key));
        let message = format_args!("{owner} has no key {key}");
        // What only stands in the wrong place is not dropped.
        if let Some(help) = place_of(unknown) {
            sink.report_with(unknown.at, message, || Some(help.to_owned()));
            if let Some(changes) = wrapped_image(example, unknown) {
                sink.mend(Fix::Unsafe, || Repair::Change(changes));
            }
            continue;
        }
        let meant = meant(example, unknown, known);
        sink.report_with(unknown.at, message, || {
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
            // Of what a message says nothing is dropped, nor what may stand for what is missing.
            None if unknown.lone_texts > 0 || !is_whole || is_lacking(unknown) || holds_turns(unknown) => {}
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

fn is_null(example: &Example<'_>, unknown: &UnknownKey<'_>) -> bool {
    let value = example.doc.get(unknown.owner_at, unknown.key);
    value.is_some_and(|value| example.doc.kind(value) == Kind::Null)
}

/// Whether what the key stands on lacks what it is there for.
fn lacks(example: &Example<'_>, unknown: &UnknownKey<'_>) -> bool {
    let (doc, at) = (example.doc, unknown.owner_at);
    match unknown.owner {
        Owner::Message => doc.get(at, "content").is_some_and(|content| match doc.kind(content) {
            Kind::Array => doc.count(content) == 0,
            Kind::String => doc.str(content).is_some_and(|text| text.trim_ascii().is_empty()),
            _ => false,
        }),
        Owner::Tool | Owner::ToolCall => doc.get(at, "function").is_none(),
        Owner::Function | Owner::FunctionCall => doc.get(at, "name").is_none(),
        Owner::Line | Owner::Input | Owner::Part | Owner::ImageUrl | Owner::Audio => false,
    }
}

/// Where a key belongs that stands beside its place.
fn place_of(unknown: &UnknownKey<'_>) -> Option<&'static str> {
    match (unknown.owner, unknown.key) {
        (Owner::Part, "url" | "detail") if unknown.known.contains(&"image_url") => {
            Some("It belongs inside `image_url`: {\"type\": \"image_url\", \"image_url\": {\"url\": …}}.")
        }
        (Owner::Tool, "name" | "description" | "parameters" | "strict") | (Owner::ToolCall, "name" | "arguments") => {
            Some("It belongs inside `function`.")
        }
        _ => None,
    }
}

/// The part with its address where it belongs, if it has none there.
fn wrapped_image(example: &Example<'_>, unknown: &UnknownKey<'_>) -> Option<Vec<Change>> {
    let (doc, part) = (example.doc, unknown.owner_at);
    let mut addresses = doc.members(part).filter(|member| ["url", "image_url"].contains(&member.key));
    let address = addresses.next().filter(|first| first.key == "url" && addresses.next().is_none())?.value;
    doc.str(address)?;
    let renamed = Change::Replace(unknown.at, "\"image_url\"".to_owned());
    Some(vec![renamed, Change::Wrap(address, "{\"url\":".to_owned(), "}".to_owned())])
}

/// The key that was probably meant.
fn meant(example: &Example<'_>, unknown: &UnknownKey<'_>, known: &[&'static str]) -> Option<&'static str> {
    match (unknown.owner, unknown.key) {
        (Owner::Message, _) if names_call(example, unknown) => Some("tool_call_id"),
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
