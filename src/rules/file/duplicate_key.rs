//! A key that stands twice in one object.

use crate::example::{Arguments, Example, Parsed};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT010.
pub static RULE: Rule = Rule {
    code: "FT010",
    name: "duplicate-key",
    level: Some(Severity::Warning),
    summary: "The same key twice in one object, anywhere in the line or in tool-call arguments.",
    why: "Parsers disagree about which value counts; often two records were merged by a slip.",
    help: "Keep one of the two, or split the records.",
    label: "second time",
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4","completion":" 5"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    example.doc.repeated_keys(|_, second| {
        let key = example.doc.str(second).unwrap_or_default();
        sink.report(second, format_args!("the key {} stands twice in this object", quote(key)));
    });
    for call in example.calls() {
        if let Arguments::Text(at, _, Parsed::Object(repeated)) = call.arguments {
            for (key, second) in repeated {
                let place = At::Inside(at, (*second).into());
                sink.report(place, format_args!("the key {} stands twice in the arguments", quote(key)));
            }
        }
    }
}
