//! A known field with the wrong JSON type.

use crate::example::Example;
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT107.
pub static RULE: Rule = Rule {
    code: "FT107",
    name: "wrong-type",
    level: Some(Severity::Error),
    summary: "A known field holds the wrong JSON type.",
    why: "The job fails: the provider checks the types of all fields it knows.",
    help: "Write the value in the type that the format wants.",
    label: "wrong type",
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":4}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"4"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for mistyped in example.mistyped {
        let (field, found, expected) = (mistyped.field, mistyped.found.phrase(), mistyped.expected);
        // Things without a name of their own come with an article instead.
        let tick = if field.contains(' ') { "" } else { "`" };
        sink.report(mistyped.at, format_args!("{tick}{field}{tick} is {found}, but must be {expected}"));
    }
}
