//! Tools that nobody calls.

use crate::dataset::FileFacts;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, list_some, number};

/// FT216.
pub static RULE: Rule = Rule {
    code: "FT216",
    name: "unused-tool",
    level: None,
    summary: "Tools that no call of the file uses.",
    why: "Their definitions are paid for in every line that has them, and the model never sees how they are called.",
    help: "Leave them out, or add examples that call them; keep them if the model should learn to leave them alone.",
    label: "",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}},{"type":"function","function":{"name":"wake"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let tools = &facts.lines.tools;
    let unused: Vec<&str> = tools.unused().map(|tool| &*tool.name).collect();
    if unused.is_empty() {
        return;
    }
    let declared = tools.iter().filter(|tool| tool.lines > 0).count() as u64;
    let declarations = tools.unused().map(|tool| tool.lines).sum();
    let (unused, declared, names) = (number(unused.len() as u64), count(declared, "tool"), list_some(&unused));
    let declarations = count(declarations, "definition");
    sink.report(None, format_args!("{unused} of {declared} never called, in {declarations}: {names}"));
}
