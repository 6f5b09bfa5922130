//! Several calls at once, although that is switched off.

use crate::example::{Example, Features, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT214.
pub static RULE: Rule = Rule {
    code: "FT214",
    name: "parallel-call-not-allowed",
    level: Some(Severity::Warning),
    summary: "Several calls in a message although `parallel_tool_calls` is false.",
    why: "The model is told to make one call at a time, and learns to make several.",
    help: "Set `parallel_tool_calls` to true, or make one call after the other.",
    label: "a second call",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}},{"id":"call_2","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"tool","tool_call_id":"call_2","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}],"parallel_tool_calls":false}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::MessageWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    if example.conversation.parallel_tool_calls.value() == Some(false)
        && let [_, second, ..] = message.tool_calls()
    {
        let found = message.tool_calls().len();
        sink.report(second.at, format_args!("{found} calls at once, although `parallel_tool_calls` is false"));
    }
}
