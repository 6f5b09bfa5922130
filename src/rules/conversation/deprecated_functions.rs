//! Functions, which tools have replaced.

use crate::example::{Example, Features, Field, Format};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT117.
pub static RULE: Rule = Rule {
    code: "FT117",
    name: "deprecated-functions",
    level: Some(Severity::Warning),
    summary: "Deprecated `functions`, `function_call` or the role `function`.",
    why: "Tools have replaced them; newer models and other providers refuse them.",
    help: "Use `tools`, `tool_calls` and messages of the role `tool`.",
    label: "deprecated",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","function_call":{"name":"now","arguments":"{}"}}],"functions":[{"name":"now"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::DEPRECATED, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // Reinforcement data never had them: that is reported already.
    if example.format == Format::Reinforcement {
        return;
    }
    // Who uses one of them uses all three: once for each example is enough.
    // An empty list, and one beside `tools`, are faults of their own.
    let is_plain = example.conversation.tools.at().is_none();
    let functions = match example.conversation.functions {
        Field::Value(at, [_, ..]) if is_plain => Some((at, "`functions`")),
        _ => None,
    };
    let messages = || example.messages();
    let call = || {
        messages().find_map(|message| match message.function_call {
            Field::Value(at, _) => Some((at, "`function_call`")),
            _ => None,
        })
    };
    let role = || messages().find(|message| message.is("function")).map(|message| (message.at, "the role `function`"));
    if let Some((at, what)) = functions.or_else(call).or_else(role) {
        sink.report(at, format_args!("{what} is deprecated"));
    }
}
