//! A weight that is neither 0 nor 1.

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::json::{Kind, NodeId};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT114.
pub static RULE: Rule = Rule {
    code: "FT114",
    name: "invalid-weight",
    level: Some(Severity::Error),
    summary: "A weight that is not the integer 0 or 1.",
    why: "The job fails: a message is trained (1) or not (0), and nothing in between.",
    help: "Write 0 or 1, as a number.",
    label: "must be 0 or 1",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!","weight":0.5}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!","weight":1}]}
"#,
    ),
    check: Check::ExampleWith(Features::WEIGHTS.or(Features::UNKNOWN_KEYS), check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let target = sink.target();
    for message in example.messages() {
        if let Some(at) = message.weight.at()
            && message.role().is_some_and(|role| target.weighs(role))
            // In an output any weight is one too many.
            && !example.is_output(message)
            && !matches!(example.doc.number(at), Some(0.0 | 1.0))
        {
            let found = String::from_utf8_lossy(example.doc.raw(at));
            sink.report(at, format_args!("`weight` is {}, but must be 0 or 1", quote(&found)));
        }
    }
    // That of the line is no switch, but says how much the line counts.
    if target.line_keys(example.format).is_some_and(|keys| keys.contains(&"weight"))
        && let Some(at) = example.doc.get(NodeId::ROOT, "weight")
        && !example.doc.number(at).is_some_and(|weight| weight >= 0.0 || target.negative_weights)
        && !(target.nulls_as_absent && example.doc.kind(at) == Kind::Null)
    {
        let found = String::from_utf8_lossy(example.doc.raw(at));
        let from = if target.negative_weights { "" } else { " from 0 on" };
        let message = format_args!("`weight` of the line is {}, but must be a number{from}", quote(&found));
        sink.report_with(at, message, || Some("Write a number such as 1 or 0.5.".to_owned()));
    }
}
