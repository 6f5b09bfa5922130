//! Arguments that are no object.

use crate::example::{Arguments, Example, Features, Parsed};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::target::ArgumentsForm;

/// FT202.
pub static RULE: Rule = Rule {
    code: "FT202",
    name: "arguments-not-object",
    level: Some(Severity::Warning),
    summary: "Tool-call arguments that are JSON but not an object.",
    why: "A function's parameters have names, so its arguments are an object.",
    help: "Wrap the value in an object with the name of the parameter.",
    label: "not an object",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"9"}}]}],"tools":[{"type":"function","function":{"name":"set"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"{\"hour\":9}"}}]}],"tools":[{"type":"function","function":{"name":"set"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // Where text is wrong altogether that is reported already.
    if sink.target().arguments == ArgumentsForm::Object {
        return;
    }
    for call in example.calls() {
        if let Arguments::Text(at, _, Parsed::Other(kind)) = call.arguments {
            sink.report(at, format_args!("the arguments are {}, not an object", kind.phrase()));
        }
    }
}
