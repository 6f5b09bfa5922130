//! Two tools with one name.

use crate::example::{Example, Features, Field, Function};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::names::Names;
use crate::text::quote;

/// FT206.
pub static RULE: Rule = Rule {
    code: "FT206",
    name: "duplicate-tool-name",
    level: Some(Severity::Error),
    summary: "Two tools with the same name.",
    why: "The job fails: a call could mean either of them.",
    help: "Remove one of the two, or rename it.",
    label: "declared a second time",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}},{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::TOOLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let tools = example.conversation.tools.value().unwrap_or_default();
    repeats(tools.iter().filter_map(|tool| tool.function.value()), sink);
    repeats(example.conversation.functions.value().unwrap_or_default(), sink);
}

fn repeats<'a>(functions: impl IntoIterator<Item = &'a Function<'a>>, sink: &mut Sink<'_>) {
    let mut seen = Names::default();
    for function in functions {
        if let Field::Value(at, name) = function.name
            && !seen.insert(name)
        {
            sink.report(at, format_args!("a second tool called {}", quote(name)));
        }
    }
}
