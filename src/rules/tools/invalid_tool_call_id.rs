//! An id of a call that the provider does not take.

use crate::example::{Example, Features, Field, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::tools::may_lack_id;
use crate::text::quote;

/// FT217.
pub static RULE: Rule = Rule {
    code: "FT217",
    name: "invalid-tool-call-id",
    level: Some(Severity::Error),
    summary: "The id of a tool call in a form that the provider refuses: Mistral's has 9 characters.",
    why: "The job fails: Mistral takes ids of exactly 9 letters or digits. Other providers take any.",
    help: "Give the call an id of 9 letters or digits, and its result the same as `tool_call_id`.",
    label: "not an id here",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now","description":"The time","parameters":{}}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"k7Qx2mB9d","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"k7Qx2mB9d","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now","description":"The time","parameters":{}}}]}
"#,
    ),
    check: Check::MessageWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let Some(length) = sink.target().tool_call_id_length else { return };
    let may_lack = may_lack_id(example, message, sink.target());
    // The result has the same id, or one that no call has: that is a rule of its own.
    for call in message.tool_calls() {
        if let Field::Value(at, id) = call.id
            && !(id.len() as u64 == length && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            && !(may_lack && id == "null")
        {
            sink.report(at, format_args!("the id {} is not made of {length} letters or digits", quote(id)));
        }
    }
}
