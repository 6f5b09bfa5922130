//! A result that no call asked for.

use crate::example::{Example, Features, Field};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, quote};

/// FT212.
pub static RULE: Rule = Rule {
    code: "FT212",
    name: "orphan-tool-message",
    level: Some(Severity::Error),
    summary: "A tool message whose id no earlier call has.",
    why: "The job fails: a tool message must answer a call of an earlier assistant message.",
    help: "Give the message the id of the call that it answers, or remove it.",
    label: "no earlier call has this id",
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_2","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::TOOL_MESSAGES, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let messages = example.conversation.messages();
    for (place, message) in messages.iter().enumerate() {
        let Field::Value(at, id) = message.tool_call_id else { continue };
        let calls = || messages[..place].iter().flat_map(|message| message.tool_calls());
        // A call without an id is reported already, and so is a list of calls that is none.
        let doubtful = messages[..place].iter().any(|message| matches!(message.tool_calls, Field::Mistyped(_)))
            || calls().any(|call| call.id.value().is_none());
        if doubtful || calls().any(|call| call.id.value() == Some(id)) {
            continue;
        }
        if calls().next().is_none() {
            sink.report(at, format_args!("a tool message without any call before it"));
        } else {
            sink.report_with(at, format_args!("no earlier call has the id {}", quote(id)), || {
                let meant = did_you_mean(id, calls().filter_map(|call| call.id.value()))?;
                Some(format!("Did you mean {}?", quote(meant)))
            });
        }
    }
}
