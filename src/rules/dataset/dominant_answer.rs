//! One answer for very many prompts.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{number, percent};

/// FT505.
pub static RULE: Rule = Rule {
    code: "FT505",
    name: "dominant-answer",
    level: Some(Severity::Warning),
    summary: "One answer makes up more than 30 % of all, and it is no label of a class.",
    why: "The model learns to give that answer to everything. Short answers, files of fewer than 20 answers, and files that have a few answers again and again, as classifiers do, are left alone.",
    help: "Leave out most of the examples that have it, or add others.",
    label: "",
    fix: None,
    bad: Sample::Made("(30 examples, 10 of them with one answer)", || examples(3)),
    good: Sample::Made("(30 examples, 6 of them with one answer)", || examples(5)),
    check: Check::Answers(check),
};

/// Fewer answers say nothing.
const LEAST: u64 = 20;

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let answers = &facts.comparison.answers;
    // Labels are not among them, and a file that is mostly labels has no dominant text.
    let total = answers.total.max(facts.lines.examples);
    let Some(dominant) = answers.dominant() else { return };
    if total < LEAST || dominant.count * 10 <= total * 3 || answers.are_classes() {
        return;
    }
    let about = if dominant.at_least { "at least " } else { "" };
    let share = percent(dominant.count, total);
    let (count, total) = (number(dominant.count), number(total));
    let line = number(dominant.line);
    sink.report(
        None,
        format_args!("the answer of line {line} is that of {about}{count} of {total} examples ({share})"),
    );
}

/// Examples of which every `nth` is refused.
fn examples(nth: usize) -> Vec<u8> {
    let line = |n: usize| {
        let answer = if n.is_multiple_of(nth) {
            "That is beyond what I can do.".to_owned()
        } else {
            format!("{n} is about {n} times 1.")
        };
        format!("{{\"prompt\":\"How much is {n}?\",\"completion\":\" {answer}\"}}\n").into_bytes()
    };
    (0..30_usize).flat_map(line).collect()
}
