//! Tools and functions in one line.

use crate::example::{Example, Features, Format};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT215.
pub static RULE: Rule = Rule {
    code: "FT215",
    name: "tools-and-functions",
    level: Some(Severity::Warning),
    summary: "Tools under two keys of one line: `tools` and the deprecated `functions`.",
    why: "They say the same thing twice; which one counts is up to the provider.",
    help: "Keep `tools`.",
    label: "beside `tools`",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}],"functions":[{"name":"now"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::TOOLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let (doc, format) = (example.doc, example.format);
    let mut keys = sink.target().tool_keys.iter().filter(|_| format == Format::Chat);
    let mut values = keys.by_ref().filter_map(|key| Some((*key, doc.get(NodeId::ROOT, key)?)));
    if let (Some((first, _)), Some((second, at))) = (values.next(), values.next()) {
        sink.report_with(at, format_args!("`{second}` beside `{first}`"), || Some(format!("Keep `{first}`.")));
    }
}
