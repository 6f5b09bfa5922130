//! One tool that is defined in several ways.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::rules::dataset::line_of;
use crate::text::{number, quote};

/// FT221.
pub static RULE: Rule = Rule {
    code: "FT221",
    name: "inconsistent-tool",
    level: Some(Severity::Warning),
    summary: "A tool that is defined in one way in some lines and otherwise in others.",
    why: "Only one of the definitions is in use later, and examples with another teach what does not hold. Names that mean many tools are left alone: those that stand in few lines and have no usual definition.",
    help: "Define the tool in all lines as it will be in use.",
    label: "defined otherwise before",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}],"tools":[{"type":"function","function":{"name":"wake","parameters":{"type":"object","properties":{"at":{"type":"string"}}}}}]}
{"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi!"}],"tools":[{"type":"function","function":{"name":"wake","parameters":{"type":"object","properties":{"at":{"type":"integer"}}}}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}],"tools":[{"type":"function","function":{"name":"wake","parameters":{"type":"object","properties":{"at":{"type":"string"}}}}}]}
{"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi!"}],"tools":[{"type":"function","function":{"name":"wake","parameters":{"type":"object","properties":{"at":{"type":"string"}}}}}]}
"#,
    ),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    for tool in &facts.inconsistent_tools {
        let differs = match (tool.description, tool.parameters) {
            (true, true) => "description and parameters differ",
            (true, false) => "description differs",
            (false, true) => "parameters differ",
            (false, false) => "other keys differ",
        };
        let (definitions, name) = (number(tool.definitions), quote(&tool.name));
        let first = line_of(tool.first_file.as_deref(), tool.first_line);
        let (as_first, lines) = (number(tool.as_first), number(tool.lines));
        let agree = if tool.as_first == 1 { "agrees" } else { "agree" };
        sink.report(
            Some(&tool.place),
            format_args!(
                "{definitions} definitions of the tool {name}: its {differs} from {first}, which {as_first} of {lines} lines {agree} with"
            ),
        );
    }
}
