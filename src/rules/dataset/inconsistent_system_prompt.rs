//! System prompts that were meant to be the same.

use super::join;
use crate::dataset::{Difference, FileFacts, SystemPrompt, Variants};
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, number, quote};

/// FT507.
pub static RULE: Rule = Rule {
    code: "FT507",
    name: "inconsistent-system-prompt",
    level: None,
    summary: "System prompts that differ by a few characters and were hardly meant to.",
    why: "The model learns its answers together with the prompt before them, to the letter: a comma more is another prompt. Told are white space, case, punctuation and rare other words; numbers, words that take turns, and files with more than 64 different prompts are left alone.",
    help: "Write the prompt in one place and put it into all examples from there.",
    label: "almost the usual system prompt",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"system","content":"You are a helpful guide to the museum."},{"role":"user","content":"Where do I find the fossils?"},{"role":"assistant","content":"On the second floor."}]}
{"messages":[{"role":"system","content":"You are a helpful guide to the museum."},{"role":"user","content":"When do you close?"},{"role":"assistant","content":"At six."}]}
{"messages":[{"role":"system","content":"You are a helpful guide to the museum. "},{"role":"user","content":"Is there a café?"},{"role":"assistant","content":"Yes, beside the entrance."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"system","content":"You are a helpful guide to the museum."},{"role":"user","content":"Where do I find the fossils?"},{"role":"assistant","content":"On the second floor."}]}
{"messages":[{"role":"system","content":"You are a helpful guide to the museum."},{"role":"user","content":"When do you close?"},{"role":"assistant","content":"At six."}]}
{"messages":[{"role":"system","content":"You are a helpful guide to the museum."},{"role":"user","content":"Is there a café?"},{"role":"assistant","content":"Yes, beside the entrance."}]}
"#,
    ),
    check: Check::Systems(check),
};

/// How many variants are named.
const NAMED: usize = 4;

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    for Variants { usual, others } in facts.lines.systems.variants() {
        let mut names: Vec<String> = others.iter().take(NAMED).map(|(other, how)| name(other, how)).collect();
        let left = others.len() - names.len();
        if left > 0 {
            names.push(format!("{} more", number(left as u64)));
        }
        let (prompts, verb) =
            (count(others.len() as u64, "system prompt"), if others.len() == 1 { "differs" } else { "differ" });
        let (line, examples) = (number(usual.group.first.line), count(usual.group.count, "example"));
        let place = others.first().map(|(other, _)| &other.group.first);
        sink.report(
            place,
            format_args!("{prompts} {verb} a little from that of line {line} ({examples}): {}", join(&names)),
        );
    }
}

/// Where a prompt stands first and how it differs.
fn name(prompt: &SystemPrompt, difference: &Difference<'_>) -> String {
    let how = match *difference {
        Difference::Space => "has other white space".to_owned(),
        Difference::Case => "has other upper and lower case".to_owned(),
        Difference::Punctuation => "has other punctuation".to_owned(),
        Difference::Words { usual, other } => match (usual.trim(), other.trim()) {
            ("", other) => format!("has {} more", quote(other)),
            (usual, "") => format!("lacks {}", quote(usual)),
            (usual, other) => format!("has {} for {}", quote(other), quote(usual)),
        },
    };
    format!("line {} ({}) {how}", number(prompt.group.first.line), count(prompt.group.count, "example"))
}
