//! Arguments that are not JSON.

use crate::example::{Arguments, Example, Features, Parsed};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::target::ArgumentsForm;

/// FT201.
pub static RULE: Rule = Rule {
    code: "FT201",
    name: "invalid-arguments-json",
    level: Some(Severity::Error),
    summary: "Tool-call arguments that are not JSON.",
    why: "The model learns to call tools with arguments that no program can read.",
    help: "Write the arguments with a JSON library: `json.dumps(arguments)`.",
    label: "not JSON from here",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"{\"hour\": 9,}"}}]}],"tools":[{"type":"function","function":{"name":"set"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"{\"hour\": 9}"}}]}],"tools":[{"type":"function","function":{"name":"set"}}]}
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
        if let Arguments::Text(at, _, Parsed::Invalid(reason, place)) = call.arguments {
            sink.report(At::Inside(at, place.into()), format_args!("the arguments are not JSON: {reason}"));
        }
    }
}
