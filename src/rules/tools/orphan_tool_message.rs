//! A result that no call asked for.

use crate::example::{Example, Features, Field, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::names::Names;
use crate::text::{Patience, quote};

/// FT212.
pub static RULE: Rule = Rule {
    code: "FT212",
    name: "orphan-tool-message",
    level: Some(Severity::Error),
    summary: "A tool message whose id no earlier call has.",
    why: "The job fails: a tool message must answer a call of an earlier assistant message.",
    help: "Give the message the id of the call that it answers, or remove it.",
    label: "no earlier call has this id",
    fix: None,
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
    let mut earlier = Names::default();
    let mut patience = Patience::default();
    let are_known = orphans(example.conversation.messages(), &mut earlier, &mut patience, sink);
    for (_, output) in example.outputs().filter(|_| are_known) {
        let mut earlier = earlier.list().iter().copied().collect();
        orphans(output, &mut earlier, &mut patience, sink);
    }
}

/// Reports the results for which there is no call `earlier`, to which those of these messages are added. `false` if some
/// calls cannot be read: what answers them is not known then.
fn orphans<'a>(
    messages: &[Message<'a>],
    earlier: &mut Names<'a>,
    patience: &mut Patience,
    sink: &mut Sink<'_>,
) -> bool {
    for message in messages {
        if let Field::Value(at, id) = message.tool_call_id
            && !earlier.contains(id)
        {
            if earlier.list().is_empty() {
                sink.report(at, format_args!("a tool message without any call before it"));
            } else {
                sink.report_with(at, format_args!("no earlier call has the id {}", quote(id)), || {
                    let meant = patience.did_you_mean(id, earlier.list().iter().copied())?;
                    Some(format!("Did you mean {}?", quote(meant)))
                });
            }
        }
        // A call without an id is reported already, and so is a list of calls that is none.
        if matches!(message.tool_calls, Field::Mistyped(_)) {
            return false;
        }
        for call in message.tool_calls() {
            let Some(id) = call.id.value() else { return false };
            earlier.push(id);
        }
    }
    true
}
