//! Answers that stop before their end.

use super::markup::ends_in_code;
use crate::example::{Example, Format};
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT804.
pub static RULE: Rule = Rule {
    code: "FT804",
    name: "unfinished-answer",
    level: None,
    summary: "Long answers that stop in the middle of a sentence or of a block of code.",
    why: "The model learns to stop there too: the answer ran into a limit when it was made.",
    help: "Finish the answer, or remove the example.",
    label: "stops here",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"How do I descale a kettle?"},{"role":"assistant","content":"Fill it with one part of vinegar and two parts of water. Bring it to the boil, let it stand for an hour, pour it out and rinse it three times. If there is still some limescale on the bottom, then repeat the"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"How do I descale a kettle?"},{"role":"assistant","content":"Fill it with one part of vinegar and two parts of water. Bring it to the boil, let it stand for an hour, pour it out and rinse it three times. If there is still some limescale on the bottom, then repeat that."}]}
"#,
    ),
    check: Check::Example(check),
};

/// Short answers may well be a word or a name, in bytes.
const LONG: usize = 160;

/// Words that no English sentence ends with.
const OPEN_WORDS: &[&str] = &[
    "a", "an", "the", "and", "or", "but", "of", "to", "in", "with", "for", "from", "by", "as", "that", "which",
    "because", "if", "when", "while", "your", "their", "our", "my", "its", "into", "is", "are", "was", "were", "be",
    "can", "will", "would", "should", "could", "may", "such", "than", "then", "these", "those",
];

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // The end of a completion is up to its format.
    if example.format == Format::Completion {
        return;
    }
    for (at, text) in super::answers(example) {
        let end = text.trim_end().len();
        let text = &text[..end];
        let last = text.chars().next_back().map_or(0, char::len_utf8);
        if ends_in_code(text) {
            sink.report(At::Inside(at, end - last..end), format_args!("a block of code is not closed"));
            continue;
        }
        let line = text.lines().next_back().unwrap_or_default();
        let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let known = OPEN_WORDS.contains(&word.to_lowercase().as_str()) || word.ends_with(',');
        // Prose with sentences before: a list, a table or a poem ends as it likes.
        let sentences = text.matches(". ").count();
        let prose = line.len() >= 40 && !line.trim_start().starts_with(['-', '*', '|', '#', '>', '•']);
        if text.len() >= LONG && known && prose && sentences > 0 {
            sink.report(At::Inside(at, end - word.len()..end), format_args!("the answer stops after {}", quote(word)));
        }
    }
}
