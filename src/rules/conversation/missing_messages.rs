//! A line without a list of messages.

use crate::example::{Example, Field, Format, Owner, UnknownKey};
use crate::finding::Severity;
use crate::json::encoded::encoded;
use crate::json::{Kind, NodeId};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, quote};

/// FT103.
pub static RULE: Rule = Rule {
    code: "FT103",
    name: "missing-messages",
    level: Some(Severity::Error),
    summary: "`messages`, or the `input` that holds them, is absent, null or of the wrong type.",
    why: "The job fails: a chat line is a list of messages.",
    help: "Give the line `messages`: a list of objects with `role` and `content`.",
    label: "no list of messages",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":"Hi"}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let owner = match (example.format, example.input) {
        (Format::Chat | Format::Reinforcement, _) => NodeId::ROOT,
        (Format::Preference, Field::Value(input, ())) => input,
        (Format::Preference, input) => return check_input(example, input, sink),
        _ => return,
    };
    match example.conversation.messages {
        Field::Value(..) => {}
        // Under a name that is nearly the same they are reported there.
        Field::Absent if is_misspelt(example) => {}
        Field::Absent => sink.report(owner, format_args!("no `messages`")),
        Field::Null(at) => sink.report(at, format_args!("`messages` is null")),
        Field::Mistyped(at) => {
            let message = format_args!("`messages` is {}, not an array", example.doc.kind(at).phrase());
            // As of any other field that holds a text in place of a value.
            let holds_data = || example.doc.str(at).is_some_and(|text| encoded(text).is_some());
            let help = || holds_data().then(|| "Write the value itself, not text that holds it.".to_owned());
            sink.report_with(at, message, help);
        }
    }
}

/// Whether there is a key that was meant to be `messages`, on the line or on the `input` of a preference line.
fn is_misspelt(example: &Example<'_>) -> bool {
    let is_here = |unknown: &&UnknownKey<'_>| matches!(unknown.owner, Owner::Line | Owner::Input);
    example.unknown_keys.iter().filter(is_here).any(|unknown| did_you_mean(unknown.key, ["messages"]).is_some())
}

/// A preference line without an object to hold its messages.
fn check_input(example: &Example<'_>, input: Field<()>, sink: &mut Sink<'_>) {
    if let Some(at) = input.at() {
        let found = example.doc.kind(at);
        let message = format_args!("`input` is {}, but must be an object with `messages`", found.phrase());
        sink.report_with(at, message, || match found {
            Kind::Array => Some("Put the list into an object: {\"messages\": […]}.".to_owned()),
            Kind::String => Some("Write it as {\"messages\": [{\"role\": \"user\", \"content\": …}]}.".to_owned()),
            _ => None,
        });
        return;
    }
    let others = ["messages", "prompt", "inputs", "question"];
    let other = example.keys.iter().find(|(key, _)| others.contains(key) || did_you_mean(key, ["input"]).is_some());
    let at = other.map_or(NodeId::ROOT, |(_, at)| *at);
    sink.report_with(at, format_args!("no `input` beside the outputs"), || match other {
        Some(("messages", _)) => Some("Put `messages` into `input`: {\"input\": {\"messages\": […]}, …}.".to_owned()),
        Some((key, _)) => Some(format!("Rename {} to `input`, an object with `messages`.", quote(key))),
        None => Some("Give the line what is answered: {\"input\": {\"messages\": […]}, …}.".to_owned()),
    });
}
