//! Parameters that are not described.

use crate::dataset::FileFacts;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{list_some, number, quote};

/// FT220.
pub static RULE: Rule = Rule {
    code: "FT220",
    name: "missing-parameter-description",
    level: None,
    summary: "Parameters of a tool without a description, where the tool stands first.",
    why: "The model has to guess from their names what is meant.",
    help: "Say in a `description` what each parameter means, and in what form it is given.",
    label: "parameters without a description",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}],"tools":[{"type":"function","function":{"name":"wake","parameters":{"type":"object","properties":{"at":{"type":"string"}}}}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}],"tools":[{"type":"function","function":{"name":"wake","parameters":{"type":"object","properties":{"at":{"type":"string","description":"The time, as 07:30"}}}}}]}
"#,
    ),
    check: Check::Parameters(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    for tool in facts.lines.tools.iter() {
        let Some(undescribed) = &tool.undescribed else { continue };
        let (name, names) = (quote(&tool.name), list_some(&undescribed.names));
        let without = if undescribed.names.len() == 1 { "has no description" } else { "have no description" };
        sink.report(Some(&undescribed.place), format_args!("{names} of the tool {name} {without}"));
    }
    let tools = &facts.lines.tools;
    if tools.has_further() {
        let seen = number(tools.len() as u64);
        sink.report(None, format_args!("there are more than {seen} tools: of the others no parameter was looked at"));
    }
}
