//! A call that got no result.

use crate::example::{Example, Features, Field, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::names::Names;
use crate::text::quote;

/// FT213.
pub static RULE: Rule = Rule {
    code: "FT213",
    name: "unanswered-tool-call",
    level: Some(Severity::Error),
    summary: "A tool call without a result before the conversation goes on.",
    why: "The job fails: each call must be answered by a tool message before the next message of another role.",
    help: "Add a tool message with the id of the call. Only at the end of an example a call may stay open.",
    label: "never answered",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // Only the end of an example is open, and the outputs of a preference line go on where its input ends.
    let goes_on = example.outputs().any(|(_, output)| output.first().is_some_and(|first| !first.is("tool")));
    unanswered(example.conversation.messages(), goes_on, sink);
    for (_, output) in example.outputs() {
        unanswered(output, false, sink);
    }
}

/// Reports the calls that are not answered before the messages go on; `goes_on` says whether they do so at their end.
fn unanswered(messages: &[Message<'_>], goes_on: bool, sink: &mut Sink<'_>) {
    for (place, message) in messages.iter().enumerate() {
        let calls = message.tool_calls();
        if calls.is_empty() {
            continue;
        }
        let answers = messages[place + 1..].iter().take_while(|next| next.is("tool")).count();
        let (answers, rest) = messages[place + 1..].split_at(answers);
        if rest.is_empty() && !goes_on {
            continue;
        }
        let called: Names<'_> = calls.iter().filter_map(|call| call.id.value()).collect();
        let answered: Names<'_> = answers.iter().filter_map(|answer| answer.tool_call_id.value()).collect();
        let mut seen = Names::default();
        let others = answers.iter().filter(|answer| match answer.tool_call_id.value() {
            Some(id) if called.contains(id) => !seen.insert(id),
            _ => true,
        });
        // A call and a result whose ids do not fit, or are those of another call and its result, are one slip: that of the
        // ids.
        let slips = others.count();
        let open = calls.iter().filter_map(|call| match call.id {
            Field::Value(at, id) if !answered.contains(id) => Some((at, id)),
            _ => None,
        });
        for (at, id) in open.skip(slips) {
            sink.report(at, format_args!("the call {} is not answered", quote(id)));
        }
    }
}
