//! A tool that is no function.

use crate::example::{Example, Features, Field};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT223.
pub static RULE: Rule = Rule {
    code: "FT223",
    name: "unknown-tool-type",
    level: Some(Severity::Error),
    summary: "A tool or a call of another type than `function`.",
    why: "The job fails: only functions can be trained on.",
    help: "Use the type `function`.",
    label: "must be `function`",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}},{"type":"retrieval"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::TOOLS.or(Features::CALLS), check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let tools = example.conversation.tools.value().unwrap_or_default().iter().map(|tool| tool.tool_type);
    let calls = example.messages().flat_map(|message| message.tool_calls()).map(|call| call.call_type);
    for name in tools.chain(calls) {
        if let Field::Value(at, name) = name
            && name != "function"
        {
            sink.report(at, format_args!("the type {} is not `function`", quote(name)));
        }
    }
}
