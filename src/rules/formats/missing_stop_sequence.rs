//! Completions that do not say where they end.

use super::missing_separator::{bare_completions, is_slip};
use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, number, quote};

/// FT304.
pub static RULE: Rule = Rule {
    code: "FT304",
    name: "missing-stop-sequence",
    level: Some(Severity::Warning),
    summary: "Completions that do not all end in the same stop sequence.",
    why: "A model that completes text does not learn where to stop, and goes on until its tokens run out.",
    help: "End every completion in a text that stands nowhere else, such as \\n or ` END`, and ask the model to stop \
           there.",
    label: "another ending than the other completions",
    fix: None,
    bad: Sample::Made("(30 completions, one of which does not end in `.`)", || answers(29, ".", "")),
    good: Sample::Made("(30 completions that end in `.`)", || answers(29, ".", ".")),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let Some(completions) = bare_completions(facts, sink) else { return };
    let (texts, lines) = (&completions.completions, completions.lines);
    // Text without a prompt may go on, and the names of classes are told apart by their first token.
    if !texts.common_end().is_empty() || completions.prompts.are_empty() || completions.is_classification() {
        return;
    }
    match texts.usual_ending() {
        Some((ending, with)) if is_slip(with, lines) => {
            let without = lines - with;
            let (completion, all) = (count(without, "completion"), number(lines));
            let does = if without == 1 { "does" } else { "do" };
            let message = format_args!("{completion} of {all} {does} not end in {} as the others do", quote(ending));
            sink.report(texts.first_without(ending), message);
        }
        _ => sink.report(None, format_args!("{} completions have no common ending", number(lines))),
    }
}

/// So many answers and one more, with what they end in.
fn answers(usual: usize, ending: &str, odd: &str) -> Vec<u8> {
    let line =
        |n: usize, ending: &str| format!("{{\"prompt\":\"{n}+{n} ->\",\"completion\":\" {}{ending}\"}}\n", 2 * n);
    let lines = (0..usual).map(|n| line(n, ending)).chain([line(usual, odd)]);
    lines.collect::<String>().into_bytes()
}
