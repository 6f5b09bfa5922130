//! More tools than an example may have.

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT208.
pub static RULE: Rule = Rule {
    code: "FT208",
    name: "too-many-tools",
    level: Some(Severity::Error),
    summary: "More tools than the provider takes.",
    why: "The job fails: at most 128 functions are supported.",
    help: "Keep the tools that the example needs.",
    label: "too many",
    fix: None,
    bad: Sample::Made("(a line with 129 tools)", || many(129)),
    good: Sample::Made("(a line with 128 tools)", || many(128)),
    check: Check::ExampleWith(Features::TOOLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let Some(max) = sink.target().max_tools else { return };
    let lists = [
        (example.conversation.tools.at(), example.conversation.tools.value().map_or(0, <[_]>::len), "tools"),
        (
            example.conversation.functions.at(),
            example.conversation.functions.value().map_or(0, <[_]>::len),
            "functions",
        ),
    ];
    for (at, found, what) in lists {
        if let Some(at) = at
            && found as u64 > max
        {
            sink.report(at, format_args!("{found} {what}; {max} are allowed"));
        }
    }
}

/// A line with so many tools.
fn many(tools: usize) -> Vec<u8> {
    let tools: Vec<String> =
        (0..tools).map(|n| format!(r#"{{"type":"function","function":{{"name":"tool_{n}"}}}}"#)).collect();
    let messages = r#"[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]"#;
    format!(r#"{{"messages":{messages},"tools":[{}]}}"#, tools.join(",")).into_bytes()
}
