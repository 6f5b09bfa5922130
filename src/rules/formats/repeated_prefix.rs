//! Prompts that all start with the same text.

use super::missing_separator::completions;
use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{number, quote};

/// FT306.
pub static RULE: Rule = Rule {
    code: "FT306",
    name: "repeated-prefix",
    level: Some(Severity::Warning),
    summary: "Prompts that all start with the same long text.",
    why: "The tuned model learns the task from the examples; an instruction in each is paid for and teaches nothing.",
    help: "Leave the common start out of all prompts, and out of what you send to the model.",
    label: "in every prompt",
    fix: None,
    bad: Sample::Made("(30 prompts that start with the same sentence)", || sums("Add these two numbers, please: ")),
    good: Sample::Made("(30 prompts without that sentence)", || sums("")),
    check: Check::File(check),
};

/// The longest common start that is no fault, in characters: what was advised with the first models of this kind.
const SHORT: usize = 12;

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let Some(completions) = completions(facts) else { return };
    let start = completions.prompts.common_start();
    let length = start.chars().count();
    if length > SHORT {
        let (lines, length) = (number(completions.lines), number(length as u64));
        let start = quote(start);
        sink.report(None, format_args!("all {lines} prompts start with the same {length} characters: {start}"));
    }
}

/// Enough sums to do, with the same text in front.
fn sums(start: &str) -> Vec<u8> {
    let line = |n: usize| format!("{{\"prompt\":\"{start}{n}+{n} ->\",\"completion\":\" {}.\"}}\n", 2 * n);
    (1..=30).map(line).collect::<String>().into_bytes()
}
