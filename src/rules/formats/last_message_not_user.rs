//! A question that does not end with the user.

use crate::example::{Example, Features, Format};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT314.
pub static RULE: Rule = Rule {
    code: "FT314",
    name: "last-message-not-user",
    level: Some(Severity::Error),
    summary: "A reinforcement line, or the input of a preference line, that is answered already.",
    why: "The job fails: the model, or each of the two outputs, has to answer the last message.",
    help: "End the messages with what the user says.",
    label: "nothing left to answer",
    fix: None,
    bad: Sample::Text(
        r#"{"input":{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]},"preferred_output":[{"role":"assistant","content":"What can I do?"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello! What can I do?"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}
"#,
    ),
    check: Check::ExampleWith(Features::REINFORCEMENT.or(Features::PREFERENCE), check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let Some(last) = example.conversation.messages().last() else { return };
    let Some(role) = last.role() else { return };
    if example.format == Format::Preference {
        if role == "assistant" {
            sink.report_with(last.at, format_args!("the input ends with an answer of the assistant"), || {
                Some("End the input with the user's message; the answers to it are the two outputs.".to_owned())
            });
        }
    } else if role != "user" && sink.target().reinforcement_roles.contains(&role) {
        // A role that has no place here is reported as that.
        sink.report(last.at, format_args!("the last message is of the role `{role}`, not `user`"));
    }
}
