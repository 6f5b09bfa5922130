//! One prompt with different answers.

use super::{join, line_of};
use crate::dataset::{Disputed, FileFacts};
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, number};

/// FT504.
pub static RULE: Rule = Rule {
    code: "FT504",
    name: "conflicting-answers",
    level: Some(Severity::Warning),
    summary: "The same prompt with different answers.",
    why: "The model learns to guess which of them is meant. Several answers are in order where any will do, as in stories, but hardly where one is right.",
    help: "Keep the best answer to each prompt, or add to the prompts what tells them apart; ignore this rule if all are good.",
    label: "another answer to a prompt from before",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"Is 91 a prime?","completion":" No."}
{"prompt":"Is 97 a prime?","completion":" Yes."}
{"prompt":"Is 91 a prime?","completion":" Yes."}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"Is 91 a prime?","completion":" No."}
{"prompt":"Is 97 a prime?","completion":" Yes."}
{"prompt":"Is 89 a prime?","completion":" Yes."}
"#,
    ),
    check: Check::Answers(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let comparison = &facts.comparison;
    if comparison.disputed == 0 {
        return;
    }
    let name = |worst: &Disputed| {
        format!("that of {} ({} answers)", line_of(worst.file.as_deref(), worst.line), number(worst.answers))
    };
    let mut names: Vec<String> = comparison.worst.iter().map(name).collect();
    let others = comparison.disputed - names.len() as u64;
    if others > 0 {
        names.push(format!("{} more", number(others)));
    }
    let (prompts, names) = (count(comparison.disputed, "prompt"), join(&names));
    let first = comparison.disputing.first.as_ref();
    sink.report(first, format_args!("{prompts} with several answers: {names}"));
}
