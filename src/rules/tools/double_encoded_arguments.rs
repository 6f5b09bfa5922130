//! Arguments that were turned into text twice.

use crate::example::{Arguments, Example, Features, Parsed};
use crate::finding::Severity;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};
use crate::target::ArgumentsForm;

/// FT222.
pub static RULE: Rule = Rule {
    code: "FT222",
    name: "double-encoded-arguments",
    level: Some(Severity::Error),
    summary: "Tool-call arguments that were encoded as JSON twice.",
    why: "The model learns to answer with a string in a string, which programs cannot read as arguments.",
    help: "Encode the arguments once: `json.dumps(arguments)`, not `json.dumps(json.dumps(arguments))`.",
    label: "a string that holds JSON",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"\"{\\\"hour\\\":9}\""}}]}],"tools":[{"type":"function","function":{"name":"set"}}]}
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
        if let Arguments::Text(at, text, Parsed::Twice) = call.arguments {
            sink.report(at, format_args!("the arguments are encoded twice: a JSON string that holds the object"));
            // What the string holds is itself the string that is wanted.
            sink.mend(Fix::Safe, || Repair::Change(vec![Change::Replace(at, text.trim_ascii().to_owned())]));
        }
    }
}
