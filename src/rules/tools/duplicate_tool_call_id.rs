//! One id for two calls.

use crate::example::{Example, Features, Field, ToolCall};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::names::Names;
use crate::text::quote;

/// FT211.
pub static RULE: Rule = Rule {
    code: "FT211",
    name: "duplicate-tool-call-id",
    level: Some(Severity::Warning),
    summary: "Two tool calls of an example with the same id.",
    why: "A result cannot be matched to its call.",
    help: "Give each call an id of its own.",
    label: "used before",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}},{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let mut report = |calls: &mut dyn Iterator<Item = &ToolCall<'_>>| {
        let mut seen = Names::default();
        for call in calls {
            if let Field::Value(at, id) = call.id
                && !seen.insert(id)
            {
                sink.report(at, format_args!("the id {} stands on an earlier call too", quote(id)));
            }
        }
    };
    // The outputs of a preference line are two answers to one input: each may use the ids of the other.
    report(&mut example.conversation.messages().iter().flat_map(|message| message.tool_calls()));
    for (_, messages) in example.outputs() {
        report(&mut messages.iter().flat_map(|message| message.tool_calls()));
    }
}
