//! Completions that do not start with a space.

use super::missing_separator::bare_completions;
use crate::dataset::FileFacts;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, number};

/// FT305.
pub static RULE: Rule = Rule {
    code: "FT305",
    name: "missing-leading-space",
    level: None,
    summary: "Completions that do not start with a space.",
    why: "Models that complete text know most words with a space in front; without it an answer takes more tokens.",
    help: "Start every completion with a space. It was advised for models with the encoding r50k_base.",
    label: "no space in front",
    fix: None,
    bad: Sample::Made("(30 completions without a space in front)", || answers("")),
    good: Sample::Made("(30 completions with a space in front)", || answers(" ")),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let Some(completions) = bare_completions(facts, sink) else { return };
    if let Some(unspaced) = &completions.unspaced {
        let (found, all) = (count(unspaced.count, "completion"), number(completions.lines));
        let does = if unspaced.count == 1 { "does" } else { "do" };
        sink.report(Some(&unspaced.first), format_args!("{found} of {all} {does} not start with a space"));
    }
}

/// Enough answers that start with this.
fn answers(start: &str) -> Vec<u8> {
    let line = |n: usize| format!("{{\"prompt\":\"{n}+{n} ->\",\"completion\":\"{start}{}.\"}}\n", 2 * n);
    (1..=30).map(line).collect::<String>().into_bytes()
}
