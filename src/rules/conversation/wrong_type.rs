//! A known field with the wrong JSON type.

use crate::example::{Example, Features, Mistyped};
use crate::finding::Severity;
use crate::json::Kind;
use crate::json::encoded::{Encoded, encoded};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::target::ArgumentsForm;

/// FT107.
pub static RULE: Rule = Rule {
    code: "FT107",
    name: "wrong-type",
    level: Some(Severity::Error),
    summary: "A known field holds the wrong JSON type.",
    why: "The job fails: the provider checks the types of all fields it knows.",
    help: "Write the value in the type that the format wants.",
    label: "wrong type",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":4}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"4"}]}
"#,
    ),
    check: Check::ExampleWith(Features::MISTYPED, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let target = sink.target();
    for mistyped in example.mistyped {
        if target.nulls_as_absent && mistyped.found == Kind::Null {
            continue;
        }
        let as_text = match mistyped.field {
            "tools" if target.tools_as_text => Some(Encoded::Array),
            "parameters" if target.parameters_as_text => Some(Encoded::Object),
            _ => None,
        };
        if let Some(data) = as_text.filter(|_| mistyped.found == Kind::String) {
            let text = example.doc.str(mistyped.at).unwrap_or_default();
            if encoded(text) != Some(data) {
                let (field, expected) = (mistyped.field, mistyped.expected);
                sink.report_with(mistyped.at, format_args!("`{field}` is text that does not hold {expected}"), || {
                    Some("Write the value itself, or as `json.dumps` writes it.".to_owned())
                });
            }
            continue;
        }
        let (field, found) = (mistyped.field, mistyped.found.phrase());
        let expected = match (field, target.arguments) {
            ("arguments", ArgumentsForm::Object) => "an object",
            _ => mistyped.expected,
        };
        // Things without a name of their own come with an article instead.
        let tick = if field.contains(' ') { "" } else { "`" };
        let message = format_args!("{tick}{field}{tick} is {found}, but must be {expected}");
        sink.report_with(mistyped.at, message, || help(mistyped));
    }
}

/// What to do, where that can be told.
fn help(mistyped: &Mistyped) -> Option<String> {
    let help = match (mistyped.field, mistyped.expected, mistyped.found) {
        ("image_url", _, Kind::String) => "Write it as an object: {\"url\": …}.",
        ("content", _, Kind::Object) => "Write the content as text, or put the part into a list: [{\"type\": …}].",
        (_, "an array" | "an object", Kind::String) => "Write the value itself, not text that holds it.",
        (_, "an array", Kind::Object) => "Put the object into a list: [{…}].",
        (_, "a boolean", Kind::String) => "Write true or false, without quotes.",
        (_, _, Kind::Null) => "Leave the key out where there is no value.",
        (_, "a string" | "a string or a list of parts", Kind::Integer | Kind::Number | Kind::Bool) => {
            "Write the value in quotes."
        }
        _ => return None,
    };
    Some(help.to_owned())
}
