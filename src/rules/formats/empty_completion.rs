//! A completion that is empty.

use crate::example::{Example, Features, Field};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT302.
pub static RULE: Rule = Rule {
    code: "FT302",
    name: "empty-completion",
    level: Some(Severity::Error),
    summary: "An empty completion.",
    why: "There is nothing to learn, and the job refuses it.",
    help: "Fill in the completion, or remove the line.",
    label: "empty",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":""}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::ExampleWith(Features::COMPLETION, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let (key, answer) = example.answer();
    if let Field::Value(at, text) = answer
        && text.trim().is_empty()
        && sink.target().answer_keys.contains(&key)
    {
        let what = if text.is_empty() { "empty" } else { "only white space" };
        sink.report(at, format_args!("`{key}` is {what}"));
    }
}
