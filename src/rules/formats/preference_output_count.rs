//! A preference output that is not one answer.

use crate::example::{Example, Features, Field, Message};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{number, quote};

/// FT311.
pub static RULE: Rule = Rule {
    code: "FT311",
    name: "preference-output-count",
    level: Some(Severity::Error),
    summary: "A preference output that is not exactly one assistant message.",
    why: "The job fails: what is compared are two answers to the same input, one message each.",
    help: "Keep one assistant message in each output.",
    label: "not one answer",
    fix: None,
    bad: Sample::Text(
        r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello!"},{"role":"assistant","content":"What can I do?"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello! What can I do?"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}
"#,
    ),
    check: Check::ExampleWith(Features::PREFERENCE, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for (name, output) in
        [("preferred_output", example.preferred_output), ("non_preferred_output", example.non_preferred_output)]
    {
        let Field::Value(at, messages) = output else { continue };
        let most = sink.target().max_output_messages;
        match messages {
            [] => sink.report(at, format_args!("`{name}` is empty")),
            [_, second, ..] if most == Some(1) => {
                let found = number(messages.len() as u64);
                sink.report_with(second.at, format_args!("{found} messages in `{name}`, which takes one"), || {
                    Some("Keep the answer to compare; what was said before it belongs into `input`.".to_owned())
                });
            }
            messages => answers(name, at, messages, sink),
        }
    }
}

/// An output of answers, and where that is allowed of the results of tools.
fn answers(name: &str, at: NodeId, messages: &[Message<'_>], sink: &mut Sink<'_>) {
    let target = sink.target();
    for message in messages {
        of_role(name, message, target.output_roles, sink);
    }
    // A role that has no place here is reported already, and one that is not known may have been the assistant.
    let is_result = |role: &str| role != "assistant" && target.output_roles.contains(&role);
    if messages.iter().all(|message| message.role().is_some_and(is_result)) {
        sink.report(at, format_args!("no assistant message in `{name}`"));
    }
}

/// Reports a message whose role is known, but has no place in an output.
fn of_role(name: &str, message: &Message<'_>, roles: &[&str], sink: &mut Sink<'_>) {
    if let Some(role) = message.role()
        && !roles.contains(&role)
        && sink.target().roles.contains(&role)
    {
        sink.report(message.at, format_args!("a message of the role {} in `{name}`", quote(role)));
    }
}
