//! A chat line without a list of messages.

use crate::example::{Example, Field, Format};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT103.
pub static RULE: Rule = Rule {
    code: "FT103",
    name: "missing-messages",
    level: Some(Severity::Error),
    summary: "`messages` is absent, null or no array.",
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
        _ => return,
    };
    match example.conversation.messages {
        Field::Value(..) => {}
        Field::Absent => sink.report(owner, format_args!("no `messages`")),
        Field::Null(at) => sink.report(at, format_args!("`messages` is null")),
        Field::Mistyped(at) => {
            sink.report(at, format_args!("`messages` is {}, not an array", example.doc.kind(at).phrase()));
        }
    }
}
