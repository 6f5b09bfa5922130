//! One phrase over and over.

use std::ops::Range;

use crate::example::Example;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::{number, quote};

/// FT805.
pub static RULE: Rule = Rule {
    code: "FT805",
    name: "repeated-text",
    level: None,
    summary: "Answers that say one phrase over and over.",
    why: "The model that wrote the answer was caught in a loop, and the new one learns to get caught too.",
    help: "Cut the answer before the first repetition, or remove the example.",
    label: "said again and again",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Tips for sleep?"},{"role":"assistant","content":"Keep the room dark. Go to bed at the same time. Go to bed at the same time. Go to bed at the same time. Go to bed at the same time. Go to bed at the same time."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Tips for sleep?"},{"role":"assistant","content":"Keep the room dark. Go to bed at the same time."}]}
"#,
    ),
    check: Check::Example(check),
};

/// So often a phrase must come in a row.
const TIMES: usize = 4;
/// The shortest and the longest phrase, in bytes.
const PHRASE: Range<usize> = 12..400;

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for (at, text) in super::answers(example) {
        if let Some((span, times)) = find(text) {
            let phrase = quote(&text[span.clone()]).to_string();
            sink.report(At::Inside(at, span), format_args!("{phrase} {} times in a row", number(times as u64)));
        }
    }
}

/// The first phrase that comes [`TIMES`] times in a row: its first place, and how often it comes.
///
/// Phrases begin and end where words do. Of each word the last place is kept: a phrase that repeats begins with a word
/// that stood one phrase before.
fn find(text: &str) -> Option<(Range<usize>, usize)> {
    let bytes = text.as_bytes();
    let mut last = std::collections::HashMap::new();
    let starts = (0..bytes.len())
        .filter(|&at| !bytes[at].is_ascii_whitespace() && (at == 0 || bytes[at - 1].is_ascii_whitespace()));
    let mut skip = 0;
    for start in starts {
        let end = bytes[start..].iter().position(u8::is_ascii_whitespace).map_or(bytes.len(), |length| start + length);
        let Some(before) = last.insert(&bytes[start..end], start) else { continue };
        let length = start - before;
        // A run that was looked at once is not looked at again from each of its words.
        if !PHRASE.contains(&length) || start < skip {
            continue;
        }
        let same = bytes[start..].iter().zip(&bytes[before..]).take_while(|(a, b)| a == b).count();
        skip = start + same;
        // The last one has no space behind it.
        let times = 1 + (same + 1) / length;
        let phrase = text[before..start].trim_end();
        // Rulers and rows of dots are drawn, not said.
        if times >= TIMES && phrase.chars().filter(|c| c.is_alphabetic()).count() * 2 > phrase.chars().count() {
            return Some((before..before + phrase.len(), times));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_loop_is_found() {
        let text = format!("So. {}", "and so it goes on ".repeat(7));
        assert_eq!(find(&text), Some((4..21, 7)));
        assert_eq!(find(text.trim_end()), Some((4..21, 7)));
        assert_eq!(find(&"and so it goes on ".repeat(3)), None);
        assert_eq!(find(&"---------- | ----------\n".repeat(9)), None);
        assert_eq!(find("no no no no no no no no"), None);
    }
}
