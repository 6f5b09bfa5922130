//! Arguments that were not turned into text.

use crate::example::{Arguments, Example, Features, FunctionCall, Message, Parsed};
use crate::finding::Severity;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};
use crate::rules::conversation::deprecated_functions;
use crate::target::ArgumentsForm;

/// FT203.
pub static RULE: Rule = Rule {
    code: "FT203",
    name: "arguments-not-string",
    level: Some(Severity::Error),
    summary: "Tool-call arguments given as an object instead of a string, or at TRL the other way.",
    why: "The job fails: the format wants the arguments as text that holds JSON.",
    help: "Write the arguments as text: `json.dumps(arguments)`.",
    label: "not the form that is read",
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
    let form = sink.target().arguments;
    // Those of a deprecated call are told of that.
    let is_told = |message: &Message<'_>, call: &FunctionCall<'_>, sink: &Sink<'_>| {
        message.function_call.value().is_some_and(|deprecated| deprecated.at == call.at)
            && sink.settings().severity(&deprecated_functions::RULE).is_some()
    };
    let calls = example.messages().flat_map(|message| message.calls().map(move |call| (message, call)));
    for (message, call) in calls {
        match (call.arguments, form) {
            (Arguments::Object(at), ArgumentsForm::String) => {
                sink.report(at, format_args!("the arguments are an object, not a string that holds one"));
                // Digits and escapes stay as they are written.
                sink.mend(Fix::Safe, || {
                    let text = String::from_utf8_lossy(example.doc.raw(at));
                    Repair::Change(vec![Change::Replace(at, serde_json::Value::from(text).to_string())])
                });
            }
            (Arguments::Text(at, text, parsed), ArgumentsForm::Object) if !is_told(message, call, sink) => {
                let help = "Write the arguments as an object: a chat template would turn the text into text again.";
                let message = format_args!("the arguments are a string, not an object");
                sink.report_with(at, message, || Some(help.to_owned()));
                if let Parsed::Object(_) = parsed {
                    sink.mend(Fix::Safe, || Repair::Change(vec![Change::Replace(at, text.trim_ascii().to_owned())]));
                }
            }
            _ => {}
        }
    }
}
