//! Arguments that were not turned into text.

use crate::example::{Arguments, Example, Features};
use crate::finding::Severity;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};

/// FT203.
pub static RULE: Rule = Rule {
    code: "FT203",
    name: "arguments-not-string",
    level: Some(Severity::Error),
    summary: "Tool-call arguments given as an object instead of a string.",
    why: "The job fails: the format wants the arguments as text that holds JSON.",
    help: "Write the arguments as text: `json.dumps(arguments)`.",
    label: "must be a string",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":{"hour":9}}}]}],"tools":[{"type":"function","function":{"name":"set"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"{\"hour\":9}"}}]}],"tools":[{"type":"function","function":{"name":"set"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for call in example.calls() {
        if let Arguments::Object(at) = call.arguments {
            sink.report(at, format_args!("the arguments are an object, not a string that holds one"));
            // Digits and escapes stay as they are written.
            sink.mend(Fix::Safe, || {
                let text = String::from_utf8_lossy(example.doc.raw(at));
                Repair::Change(vec![Change::Replace(at, serde_json::Value::from(text).to_string())])
            });
        }
    }
}
