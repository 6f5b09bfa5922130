//! An example of which the end is cut off.

use crate::example::Example;
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{count, number};
use crate::tokens::{ExampleTokens, Reason};

/// FT401.
pub static RULE: Rule = Rule {
    code: "FT401",
    name: "example-too-long",
    level: Some(Severity::Warning),
    summary: "An example longer than the model's training context: its end is cut off.",
    why: "It is not refused: its end is taken away without a word, and that is where the answer is.",
    help: "Shorten the example, or split it.",
    label: "cut off from here on",
    fix: None,
    bad: Sample::Made("(a chat of which the answer has 70,000 tokens)", || super::chat(10, 70_000)),
    good: Sample::Made("(a chat of which the answer has 100 tokens)", || super::chat(10, 100)),
    check: Check::Tokens(check),
};

fn check(example: &Example<'_>, tokens: &ExampleTokens, sink: &mut Sink<'_>) {
    let Some(cut) = tokens.cut else { return };
    let guessed = tokens.estimate.reasons().any(|reason| reason == Reason::Tokenizer);
    // That no answer is left is a rule of its own, unless it is a guess.
    if tokens.answers > 0 && !cut.answers_left && !guessed {
        return;
    }
    let about = if guessed { "about " } else { "" };
    let all = count(tokens.length, "token");
    let kept = match cut.context {
        1 => "only the first is".to_owned(),
        context => format!("the first {} are", number(context)),
    };
    sink.report(super::place(example, &cut), format_args!("the example has {about}{all}; {kept} trained on"));
}
