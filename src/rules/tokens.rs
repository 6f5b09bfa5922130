//! Limits, tokens and cost: FT4xx.

pub mod answer_cut_off;
pub mod example_too_long;
pub mod few_examples;
pub mod over_budget;
pub mod too_few_examples;
pub mod too_many_examples;
pub mod too_many_tokens;

use crate::example::Example;
use crate::rule::At;
use crate::tokens::Cut;

/// From where on an example is cut off.
fn place(example: &Example<'_>, cut: &Cut) -> At {
    match cut.text.and_then(|(at, kept)| Some((at, kept..example.doc.str(at)?.len()))) {
        Some((at, lost)) => At::Inside(at, lost),
        None => At::Node(cut.at),
    }
}

/// A chat of so many words in the question and in the answer; each is a token.
fn chat(question: usize, answer: usize) -> Vec<u8> {
    let words = |count: usize| " word".repeat(count);
    let (question, answer) = (words(question), words(answer));
    format!(
        r#"{{"messages":[{{"role":"user","content":"{question}"}},{{"role":"assistant","content":"{answer}"}}]}}
"#
    )
    .into_bytes()
}
