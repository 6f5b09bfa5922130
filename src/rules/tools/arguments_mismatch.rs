//! Arguments that the tool would refuse.

use crate::example::{Arguments, Example, Features, Function, Parsed};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::target::ArgumentsForm;

/// FT204.
pub static RULE: Rule = Rule {
    code: "FT204",
    name: "arguments-mismatch",
    level: Some(Severity::Warning),
    summary: "Tool-call arguments that do not fit the tool's `parameters`.",
    why: "The model learns to call the tool in a way that it would refuse.",
    help: "Correct the arguments, or the schema of the tool.",
    label: "does not fit the schema",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Wake me at nine."},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"{\"hour\": \"nine\"}"}}]}],"tools":[{"type":"function","function":{"name":"set","parameters":{"type":"object","properties":{"hour":{"type":"integer"}}}}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Wake me at nine."},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"{\"hour\": 9}"}}]}],"tools":[{"type":"function","function":{"name":"set","parameters":{"type":"object","properties":{"hour":{"type":"integer"}}}}}]}
"#,
    ),
    check: Check::ExampleWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    if !example.features.intersects(Features::TOOLS) {
        return;
    }
    let as_object = sink.target().arguments == ArgumentsForm::Object;
    for call in example.calls() {
        let Some(name) = call.name.value() else { continue };
        let called = |function: &&Function<'_>| function.name.value() == Some(name);
        let mut functions = example.conversation.functions().filter(called);
        // Of two with one name it is not known which is meant.
        let (Some(function), None) = (functions.next(), functions.next()) else { continue };
        match call.arguments {
            Arguments::Text(at, text, Parsed::Object(_)) if !as_object => {
                if let Some(fault) = example.mismatch(function, text) {
                    sink.report(At::Inside(at, fault.range(text)), format_args!("{}", fault.sentence));
                }
            }
            Arguments::Object(at) if as_object => {
                let Ok(text) = str::from_utf8(example.doc.raw(at)) else { continue };
                if let Some(fault) = example.mismatch(function, text) {
                    sink.report(example.below(at, &fault.pointer), format_args!("{}", fault.sentence));
                }
            }
            _ => {}
        }
    }
}
