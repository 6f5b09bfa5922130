//! A call that got no result.

use crate::example::{Example, Features, Field};
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
    let messages = example.conversation.messages();
    for (place, message) in messages.iter().enumerate() {
        let calls = message.tool_calls();
        if calls.is_empty() {
            continue;
        }
        let answers = messages[place + 1..].iter().take_while(|next| next.is("tool")).count();
        let (answers, rest) = messages[place + 1..].split_at(answers);
        // As many results as calls with ids that do not fit are one slip: that of the ids.
        if rest.is_empty() || answers.len() >= calls.len() {
            continue;
        }
        let answered: Names<'_> = answers.iter().filter_map(|answer| answer.tool_call_id.value()).collect();
        for call in calls {
            let Field::Value(at, id) = call.id else { continue };
            if !answered.contains(id) {
                sink.report(at, format_args!("the call {} is not answered", quote(id)));
            }
        }
    }
}
