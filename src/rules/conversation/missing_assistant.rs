//! A conversation without an answer.

use crate::example::{Example, Field, Format};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT112.
pub static RULE: Rule = Rule {
    code: "FT112",
    name: "missing-assistant",
    level: Some(Severity::Error),
    summary: "No assistant message: there is nothing to learn from.",
    why: "The provider refuses an example without an answer to train on.",
    help: "Add the answer that the model should learn as a message of the role `assistant`. Only reinforcement data \
           goes without; it has keys for the grader beside `messages`.",
    label: "nobody answers",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let Field::Value(at, messages @ [_, ..]) = example.conversation.messages else { return };
    if example.format != Format::Chat || messages.iter().any(|message| message.is("assistant")) {
        return;
    }
    // A role that is not known may have been the assistant: that is reported already.
    let roles = sink.target().roles;
    let is_known = |role: &str| roles.contains(&role) || role == "developer";
    if messages.iter().all(|message| message.role().is_some_and(is_known)) {
        sink.report(at, format_args!("no assistant message"));
    }
}
