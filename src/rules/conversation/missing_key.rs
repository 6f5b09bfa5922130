//! A part, tool or call that lacks a key.

use std::collections::HashMap;

use super::is_reported;
use crate::example::{Example, Features, Function, Missing, Owner};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::did_you_mean;

/// FT125.
pub static RULE: Rule = Rule {
    code: "FT125",
    name: "missing-key",
    level: Some(Severity::Error),
    summary: "A content part, tool or call that lacks a key it must have.",
    why: "The job fails: the provider checks that these keys are there.",
    help: "Add the key.",
    label: "incomplete",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"text"}]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::ExampleWith(Features::MISSING.or(Features::TOOLS), check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let target = sink.target();
    if !target.required_function_keys.is_empty() {
        for function in example.conversation.functions() {
            required(function, target.required_function_keys, sink);
        }
    }
    // With one bracket in the wrong place all messages behind it are taken for parts.
    let (messages, rest): (Vec<&Missing>, Vec<&Missing>) =
        example.missing.iter().partition(|missing| is_message(example, missing));
    if let [first, ..] = messages.as_slice() {
        let help = "Close the list of content parts before this message: a bracket is in the wrong place.";
        let message = format_args!("a message stands among the content parts of another");
        sink.report_with(first.at, message, || Some(help.to_owned()));
    }
    let mut unknown: HashMap<NodeId, Vec<&str>> = HashMap::new();
    for key in example.unknown_keys.iter().filter(|key| is_reported(key, target)) {
        unknown.entry(key.owner_at).or_default().push(key.key);
    }
    for missing in rest {
        if missing.owner == Owner::Part && missing.key == "type" && target.untyped_parts {
            continue;
        }
        if matches!(missing.owner, Owner::Tool | Owner::ToolCall) && missing.key == "type" && target.untyped_calls {
            continue;
        }
        // Where the key stands under another name, that name is reported.
        let is_other_name = |key: &&str| missing.owner == Owner::Part || did_you_mean(key, [missing.key]).is_some();
        if unknown.get(&missing.at).is_some_and(|keys| keys.iter().any(is_other_name)) {
            continue;
        }
        let (owner, key) = (missing.owner.phrase(), missing.key);
        sink.report_with(missing.at, format_args!("{owner} needs the key `{key}`"), || match (missing.owner, key) {
            (Owner::Tool, "function") => {
                Some("Write a tool as {\"type\": \"function\", \"function\": {\"name\": …}}.".to_owned())
            }
            (Owner::ToolCall, "function") => Some(
                "Write a call as {\"id\": …, \"type\": \"function\", \"function\": {\"name\": …, \"arguments\": …}}."
                    .to_owned(),
            ),
            (Owner::Function, "name") if example.doc.get(missing.at, "function").is_some() => Some(
                "It is wrapped as in `tools`: rename `functions` to that, or write the function itself.".to_owned(),
            ),
            (Owner::Tool | Owner::ToolCall, "type") => Some("Add the key: \"type\": \"function\".".to_owned()),
            (Owner::Part, "type") => Some("Add the key: \"type\": \"text\" if it is text.".to_owned()),
            _ => None,
        });
    }
}

/// Reports what the definition of a function lacks that not all providers ask for.
fn required(function: &Function<'_>, keys: &[&str], sink: &mut Sink<'_>) {
    let fields = [("description", function.description.at()), ("parameters", function.parameters.at())];
    for (key, _) in fields.into_iter().filter(|(key, at)| at.is_none() && keys.contains(key)) {
        sink.report_with(function.at, format_args!("a function needs the key `{key}`"), || {
            (key == "parameters").then(|| "Write \"parameters\": {} for a function without any.".to_owned())
        });
    }
}

/// Whether what lacks the type of a content part is a message.
fn is_message(example: &Example<'_>, missing: &Missing) -> bool {
    missing.owner == Owner::Part && missing.key == "type" && example.doc.get(missing.at, "role").is_some()
}
