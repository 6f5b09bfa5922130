//! A call or a result without an id.

use crate::example::{Example, Features, Message};
use crate::finding::Severity;
use crate::json::Kind;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::conversation::has_misnamed_call;
use crate::rules::tools::may_lack_id;

/// FT210.
pub static RULE: Rule = Rule {
    code: "FT210",
    name: "missing-tool-call-id",
    level: Some(Severity::Error),
    summary: "A tool call without `id`, or a tool message without `tool_call_id`.",
    why: "The job fails: calls and results are matched by their ids.",
    help: "Give the call an `id`, and its result the same as `tool_call_id`.",
    label: "has no id",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"now","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::MessageWith(Features::CALLS.or(Features::TOOL_MESSAGES), check),
};

fn check(example: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let may_lack = may_lack_id(example, message, sink.target());
    for call in message.tool_calls() {
        if call.kind == Kind::Object && call.id.is_none() && !(may_lack && call.id.at().is_none()) {
            sink.report(call.id.at().unwrap_or(call.at), format_args!("the tool call has no `id`"));
        }
    }
    let is_misnamed = || has_misnamed_call(example, message, sink.settings());
    if message.is("tool") && message.tool_call_id.is_none() && !is_misnamed() {
        let at = message.tool_call_id.at().unwrap_or(message.at);
        sink.report(at, format_args!("the tool message has no `tool_call_id`"));
    }
}
