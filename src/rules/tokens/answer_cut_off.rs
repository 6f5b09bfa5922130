//! An example so long that nothing of its answers is left.

use crate::example::Example;
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{count, number};
use crate::tokens::{ExampleTokens, Reason};

/// FT402.
pub static RULE: Rule = Rule {
    code: "FT402",
    name: "answer-cut-off",
    level: Some(Severity::Error),
    summary: "An example so long that no token of its answers is trained on.",
    why: "It is billed, and it teaches nothing: its end is taken away without a word, and all its answers with it.",
    help: "Shorten what comes before the answer, or remove the line.",
    label: "cut off from here on, with every answer",
    fix: None,
    bad: Sample::Made("(a chat of which the question has 70,000 tokens)", || super::chat(70_000, 10)),
    good: Sample::Made("(a chat of which the question has 100 tokens)", || super::chat(100, 10)),
    check: Check::Tokens(check),
};

fn check(example: &Example<'_>, tokens: &ExampleTokens, sink: &mut Sink<'_>) {
    let Some(cut) = tokens.cut.filter(|cut| tokens.answers > 0 && !cut.answers_left) else { return };
    // By an estimate nothing is lost for sure: that is a warning.
    if tokens.estimate.reasons().any(|reason| reason == Reason::Tokenizer) {
        return;
    }
    let (all, kept) = (count(tokens.length, "token"), number(cut.context));
    sink.report(
        super::place(example, &cut),
        format_args!("the example has {all}, and its answers are behind the first {kept}"),
    );
}
