//! A list of calls or functions without any.

use crate::example::{Example, Features, Field};
use crate::finding::Severity;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};

/// FT218.
pub static RULE: Rule = Rule {
    code: "FT218",
    name: "empty-tool-calls",
    level: Some(Severity::Error),
    summary: "An empty list of `tool_calls` or `functions`.",
    why: "The job fails: these lists must not be empty.",
    help: "Leave the key out.",
    label: "empty",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","content":"It is 9:41.","tool_calls":[]}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","content":"It is 9:41."}]}
"#,
    ),
    check: Check::ExampleWith(Features::CALLS.or(Features::TOOLS), check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for message in example.messages() {
        if let Field::Value(at, []) = message.tool_calls {
            sink.report(at, format_args!("`tool_calls` is empty"));
            sink.mend(Fix::Safe, || Repair::Change(vec![Change::Remove(at)]));
        }
    }
    if let Field::Value(at, []) = example.conversation.functions {
        sink.report(at, format_args!("`functions` is empty"));
        sink.mend(Fix::Safe, || Repair::Change(vec![Change::Remove(at)]));
    }
}
