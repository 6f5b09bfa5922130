//! A key that a line of this format does not have.

use super::{deprecated_functions, foreign_functions, is_conversation, is_whole};
use crate::example::{Example, Format};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};
use crate::target::{Target, Unknown};
use crate::text::{Patience, list, list_some, quote};

/// FT108.
pub static RULE: Rule = Rule {
    code: "FT108",
    name: "unknown-key",
    level: Some(Severity::Error),
    summary: "A key that the line's format does not have.",
    why: "The job fails with 'contains an extra \"…\"': the provider refuses top-level keys it does not know.",
    help: "Remove the key from every line before the upload.",
    label: "not a key of this format",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{"id":7,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
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
    let Some(known) = target.line_keys(example.format) else { return };
    if example.keys.iter().all(|(key, _)| known.contains(key)) {
        return;
    }
    // A line that lacks a key of its format has it under another name: that is one slip, not two.
    let (key, answer) = example.answer();
    let lacks_answer = answer.is_none() || !target.answer_keys.contains(&key);
    let lacks_key = match example.format {
        Format::Completion => example.prompt.is_none() || lacks_answer,
        Format::Preference => [example.input.at(), example.preferred_output.at(), example.non_preferred_output.at()]
            .iter()
            .any(Option::is_none),
        _ => false,
    };
    if lacks_key {
        return;
    }
    let format = example.format.name();
    let mut extra = Vec::new();
    let is_unused = |key: &&str| example.keys.iter().all(|(used, _)| used != key);
    let unused: Vec<&str> = known.iter().copied().filter(is_unused).collect();
    let mut patience = Patience::default();
    let functions = foreign_functions(example, target);
    for &(key, at) in example.keys.iter().filter(|(key, _)| !known.contains(key)) {
        if functions == Some(at) {
            if deprecated_functions::is_error(example, sink.settings()) {
                continue;
            }
            let message = format_args!("the key `functions` is not part of the {format} format of {}", target.name);
            let help = "Use `tools`, `tool_calls` and messages of the role `tool`, which have replaced them.";
            sink.report_with(at, message, || Some(help.to_owned()));
            if let Some(changes) = deprecated_functions::with_tools(example, target) {
                sink.mend(Fix::Unsafe, || Repair::Change(changes));
            }
            continue;
        }
        if let Some(changes) = into_input(example, target, (key, at)) {
            let message = format_args!("the key {} is not part of the {format} format", quote(key));
            sink.report_with(at, message, || Some("Move it into `input`: it belongs beside `messages`.".to_owned()));
            sink.mend(Fix::Unsafe, || Repair::Change(changes));
            continue;
        }
        match help(key, known, &unused, target, &mut patience) {
            Some(help) => {
                let message = format_args!("the key {} is not part of the {format} format", quote(key));
                sink.report_with(at, message, || Some(help));
            }
            // Where keys are passed over only those are faults that should have been others.
            None if target.unknown_keys == Unknown::Ignored => {}
            None => extra.push((key, at)),
        }
    }
    let holds_turns = |(_, at): &(&str, NodeId)| is_conversation(example, example.doc.value_of(*at));
    let (is_whole, has_turns) = (is_whole(example), extra.iter().any(holds_turns));
    let keep = if has_turns {
        Some("Put the messages that stand there where the format has them, before anything is removed.")
    } else if !is_whole {
        Some("What the line lacks may stand there: put it where the format has it, before anything is removed.")
    } else {
        None
    };
    // Notes that a script has left beside the data are one slip, however many they are.
    match extra.as_slice() {
        [] => return,
        [(key, at)] => {
            let message = format_args!("the key {} is not part of the {format} format", quote(key));
            sink.report_with(*at, message, || keep.map(str::to_owned));
        }
        [(_, first), ..] => {
            let keys: Vec<&str> = extra.iter().map(|(key, _)| *key).collect();
            let help = || Some(keep.unwrap_or("Remove these keys from every line before the upload.").to_owned());
            let message = format_args!("the keys {} are not part of the {format} format", list_some(&keys));
            sink.report_with(*first, message, help);
        }
    }
    if is_whole && !has_turns {
        sink.mend(Fix::Unsafe, || Repair::Change(extra.iter().map(|(_, at)| Change::Remove(*at)).collect()));
    }
}

/// The line with a key of the `input` of a preference line in its place.
fn into_input(example: &Example<'_>, target: &Target, (key, at): (&str, NodeId)) -> Option<Vec<Change>> {
    if !target.input_keys.contains(&key) || !target.takes(example.format) {
        return None;
    }
    let (doc, input) = (example.doc, example.input.at()?);
    let messages = doc.get(input, "messages").filter(|_| doc.get(input, key).is_none())?;
    let value = doc.value_of(at);
    let member = format!(",{}:{}", serde_json::Value::from(key), String::from_utf8_lossy(doc.raw(value)));
    Some(vec![Change::Remove(value), Change::Wrap(messages, String::new(), member)])
}

/// What to do about a key that was meant to be another, or to stand elsewhere.
fn help(key: &str, known: &[&str], unused: &[&str], target: &Target, patience: &mut Patience) -> Option<String> {
    if key == "weight" && target.weighs("assistant") {
        return Some("`weight` belongs on an assistant message, not on the line.".to_owned());
    }
    if ["system", "system_prompt"].contains(&key) && target.roles.contains(&"system") && known.contains(&"messages") {
        return (target.unknown_keys != Unknown::Ignored)
            .then(|| "Make it the first message: {\"role\": \"system\", \"content\": …}.".to_owned());
    }
    let meant = patience.did_you_mean(key, unused.iter().copied())?;
    Some(format!("Did you mean {}? The format has {}.", quote(meant), list(known.iter().copied(), "and")))
}
