//! Prompts that do not say where they end.

use crate::dataset::{CompletionFacts, FileFacts};
use crate::example::Format;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, number, quote};

/// FT303.
pub static RULE: Rule = Rule {
    code: "FT303",
    name: "missing-separator",
    level: Some(Severity::Warning),
    summary: "Prompts that do not all end in the same separator.",
    why: "A model that completes text cannot tell where the prompt ends, and goes on asking instead of answering.",
    help: "End every prompt in a text that stands nowhere else, such as \\n\\n###\\n\\n, and end it so when you ask the \
           model, too.",
    label: "another ending than the other prompts",
    fix: None,
    bad: Sample::Made("(30 prompts, one of which does not end in ` ->`)", || questions(29, " ->", "")),
    good: Sample::Made("(30 prompts that end in ` ->`)", || questions(29, " ->", " ->")),
    check: Check::File(check),
};

/// How many lines there must be for their endings to say something.
pub(super) const ENOUGH: u64 = 30;

/// The completions of the file, if it is one for a model that completes text and has enough of them.
pub(super) fn completions(facts: &FileFacts) -> Option<&CompletionFacts> {
    let completions = &facts.lines.completions;
    let is_meant = facts.lines.format() == Some(Format::Completion) && completions.lines >= ENOUGH;
    is_meant.then_some(completions)
}

/// The same, if the trainer does not mark itself where prompts and completions end.
pub(super) fn bare_completions<'f>(facts: &'f FileFacts, sink: &FileSink<'_>) -> Option<&'f CompletionFacts> {
    completions(facts).filter(|_| sink.target().advises_separators)
}

/// Whether so many of the lines have an ending that the others lack it by a slip.
pub(super) fn is_slip(with: u64, lines: u64) -> bool {
    with < lines && 10 * with >= 9 * lines
}

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let Some(completions) = bare_completions(facts, sink) else { return };
    let (prompts, lines) = (&completions.prompts, completions.lines);
    // Where there is no prompt nothing has to be told apart; and a completion may begin with what divides the two.
    let is_sign = |c: char| !c.is_alphanumeric() && c != ' ';
    if !prompts.common_end().is_empty()
        || prompts.are_empty()
        || completions.completions.common_start().contains(is_sign)
    {
        return;
    }
    match prompts.usual_ending() {
        Some((ending, with)) if is_slip(with, lines) => {
            let without = lines - with;
            let (prompt, all) = (count(without, "prompt"), number(lines));
            let does = if without == 1 { "does" } else { "do" };
            let message = format_args!("{prompt} of {all} {does} not end in {} as the others do", quote(ending));
            sink.report(prompts.first_without(ending), message);
        }
        _ => sink.report(None, format_args!("{} prompts have no common ending", number(lines))),
    }
}

/// So many questions and one more, with what they end in.
fn questions(usual: usize, ending: &str, odd: &str) -> Vec<u8> {
    let line = |n: usize, ending: &str| format!("{{\"prompt\":\"{n}+{n}{ending}\",\"completion\":\" {}.\"}}\n", 2 * n);
    let lines = (0..usual).map(|n| line(n, ending)).chain([line(usual, odd)]);
    lines.collect::<String>().into_bytes()
}
