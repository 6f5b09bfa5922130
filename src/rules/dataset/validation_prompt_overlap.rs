//! Validation prompts that are trained on with other answers.

use super::{join, line_of};
use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, number};

/// FT508.
pub static RULE: Rule = Rule {
    code: "FT508",
    name: "validation-prompt-overlap",
    level: Some(Severity::Warning),
    summary: "A validation prompt that is trained on with another answer.",
    why: "The model has seen the question: how it does on it says little about new ones. Examples that are the same as a whole are for `train-validation-overlap`.",
    help: "Split by prompt: give all answers to one prompt to one of the two files.",
    label: "its prompt is trained on",
    fix: None,
    bad: Sample::Described("(a prompt of the training file with another answer in the file after --validation)"),
    good: Sample::Described("(prompts that the training file does not have)"),
    check: Check::Validation(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let asked = &facts.comparison.asked;
    if asked.count == 0 {
        return;
    }
    let pair = |(line, file, at): &(u64, String, u64)| {
        format!("{} has that of {}", line_of(None, *line), line_of(Some(file), *at))
    };
    let mut pairs: Vec<String> = asked.pairs.iter().map(pair).collect();
    let others = asked.count - pairs.len() as u64;
    if others > 0 {
        pairs.push(format!("{} more", number(others)));
    }
    let (examples, pairs) = (count(asked.count, "example"), join(&pairs));
    let first = asked.first.as_ref();
    sink.report(first, format_args!("{examples} with a prompt that is trained on with another answer: {pairs}"));
}
