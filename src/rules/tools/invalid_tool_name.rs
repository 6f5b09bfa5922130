//! A name that no tool can have.

use crate::example::{Example, Features, Field};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::names::Names;
use crate::text::{quote, table_of};

/// FT207.
pub static RULE: Rule = Rule {
    code: "FT207",
    name: "invalid-tool-name",
    level: Some(Severity::Error),
    summary: "A tool name that is not made of 1 to 64 letters, digits, _ and -.",
    why: "The job fails: the API takes only such names.",
    help: "Use 1 to 64 letters, digits, _ and -.",
    label: "not a tool name",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"time.now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"time.now"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::TOOLS.or(Features::CALLS), check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let mut declared = Names::default();
    for function in example.conversation.functions() {
        if let Field::Value(at, name) = function.name
            && !is_valid(name)
        {
            report(at, name, sink);
            declared.push(name);
        }
    }
    // A call of a tool that is declared under such a name is the same slip.
    for call in example.calls() {
        if let Field::Value(at, name) = call.name
            && !is_valid(name)
            && !declared.contains(name)
        {
            report(at, name, sink);
        }
    }
}

fn report(at: NodeId, name: &str, sink: &mut Sink<'_>) {
    match name.chars().count() {
        0 => sink.report(at, format_args!("the name of a tool is empty")),
        1..=64 => sink.report(at, format_args!("{} is no name for a tool", quote(name))),
        n => sink.report(at, format_args!("the name of a tool has {n} characters; 64 are allowed")),
    }
}

fn is_valid(name: &str) -> bool {
    const PARTS: [bool; 256] = table_of(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| PARTS[usize::from(byte)])
}
