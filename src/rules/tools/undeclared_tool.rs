//! A call of a tool that is not declared.

use crate::example::{Example, Features, Field};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::names::Names;
use crate::text::{Patience, list, quote};

/// FT205.
pub static RULE: Rule = Rule {
    code: "FT205",
    name: "undeclared-tool",
    level: Some(Severity::Warning),
    summary: "A call of a tool that `tools` does not declare.",
    why: "The model learns to call what it was not told of. Often the name is misspelt.",
    help: "Declare the tool, or correct the name.",
    label: "not declared in `tools`",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"noww","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let declared: Names<'_> = example.conversation.functions().filter_map(|function| function.name.value()).collect();
    // Without any declaration there is nothing to compare with; leaving them out is legal.
    if declared.list().is_empty() {
        return;
    }
    let mut patience = Patience::default();
    for call in example.calls() {
        let Field::Value(at, name) = call.name else { continue };
        if declared.contains(name) {
            continue;
        }
        sink.report_with(at, format_args!("the tool {} is not declared", quote(name)), || {
            Some(match patience.did_you_mean(name, declared.list().iter().copied()) {
                Some(meant) => format!("Did you mean {}?", quote(meant)),
                None => format!("Declared are {}.", list(declared.list().iter().copied().take(6), "and")),
            })
        });
    }
}
