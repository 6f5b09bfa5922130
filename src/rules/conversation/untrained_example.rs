//! An example of which nothing is trained.

use crate::example::{Example, Features, Format};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT116.
pub static RULE: Rule = Rule {
    code: "FT116",
    name: "untrained-example",
    level: Some(Severity::Error),
    summary: "Every assistant message has weight 0.",
    why: "There is nothing left to train on in this example, but all of it is paid for.",
    help: "Give the answer to learn weight 1, or remove the example.",
    label: "the last answer is not trained either",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!","weight":0}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!","weight":0},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::ExampleWith(Features::WEIGHTS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // Of a preference line the outputs are trained.
    if !sink.target().weighs("assistant") || example.format == Format::Preference {
        return;
    }
    let is_zero = |at| example.doc.number(at) == Some(0.0);
    let answers = || example.conversation.messages().iter().filter(|message| message.is("assistant"));
    if answers().all(|message| message.weight.at().is_some_and(is_zero))
        && let Some(at) = answers().next_back().and_then(|message| message.weight.at())
    {
        sink.report(at, format_args!("every assistant message has weight 0"));
    }
}
