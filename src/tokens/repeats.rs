//! Texts that a file repeats from line to line, such as roles and system prompts, are not counted each time.

use super::Counter;
use super::cache::{SHORT_STRING, Short};
use super::layout::{extend, key, mix};

/// Log2 of the short texts that are remembered: few differ.
const SHORT_BITS: u32 = 8;

/// The shortest long text that is remembered, in bytes: others do not take long to count.
const SHORTEST: usize = 64;

/// The longest one. With the number of texts that bounds the memory to 2 MB.
const LONGEST: usize = 2048;

const TEXTS: usize = 1024;

/// Remembers what texts came to.
pub(super) struct Repeats {
    /// The short text that was counted last of those that share a place. The empty one has no tokens.
    short: Box<[(Short, u64); 1 << SHORT_BITS]>,
    /// Of the long ones those whose signs end alike share a place.
    long: Box<[Slot]>,
}

#[derive(Clone, Default)]
struct Slot {
    /// The sign of the text that was counted last. It is remembered if it is the next one again: most texts never are,
    /// and to copy each would cost more than it saves.
    last: u64,
    text: Box<str>,
    tokens: u64,
}

impl Default for Repeats {
    fn default() -> Self {
        Self {
            short: Box::new([(Short::default(), 0); 1 << SHORT_BITS]),
            long: vec![Slot::default(); TEXTS].into_boxed_slice(),
        }
    }
}

impl Repeats {
    /// The tokens of a text, by memory or by the counter.
    pub(super) fn count(&mut self, text: &str, counter: &mut Counter) -> u64 {
        if text.len() <= SHORT_STRING {
            return self.count_short(text, counter);
        }
        if !(SHORTEST..=LONGEST).contains(&text.len()) {
            return counter.count(text) as u64;
        }
        let sign = sign(text.as_bytes());
        let slot = &mut self.long[sign as usize % TEXTS];
        if *slot.text == *text {
            return slot.tokens;
        }
        let tokens = counter.count(text) as u64;
        if slot.last == sign {
            slot.text = text.into();
            slot.tokens = tokens;
        }
        slot.last = sign;
        tokens
    }

    fn count_short(&mut self, text: &str, counter: &mut Counter) -> u64 {
        let string = Short::of(text.as_bytes());
        let (last, tokens) = &mut self.short[(string.hash >> (u64::BITS - SHORT_BITS)) as usize];
        if *last != string {
            (*last, *tokens) = (string, counter.count(text) as u64);
        }
        *tokens
    }
}

/// What tells most texts apart: their length and some of their bytes, since to hash all of them would take as long as to
/// count some. Texts with one sign that differ elsewhere are compared, and cost a copy more.
fn sign(text: &[u8]) -> u64 {
    let (middle, end) = (text.len() / 2, text.len() - 8);
    let parts = [0, 8, middle, middle + 8, end].map(|at| key(&text[at..at + 8]));
    parts.into_iter().fold(mix(text.len() as u64), extend)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Encoding;

    #[test]
    fn repeated_texts_keep_their_count() {
        let (mut repeats, mut counter) = (Repeats::default(), Counter::new(Encoding::O200kBase));
        let lengths = [0, 1, 5, SHORT_STRING, SHORT_STRING + 1, SHORTEST - 1, SHORTEST, LONGEST, LONGEST + 1];
        // More texts than slots, each several times in a row and again after the others.
        let texts: Vec<String> = (0..2 * TEXTS)
            .map(|number| format!("{number} {}", "one two ".repeat(LONGEST))[..lengths[number % lengths.len()]].into())
            .collect();
        for text in texts.iter().chain(&texts) {
            let expected = counter.count(text) as u64;
            for _ in 0..3 {
                assert_eq!(repeats.count(text, &mut counter), expected);
            }
        }
        assert!(repeats.short.iter().filter(|(_, tokens)| *tokens > 0).count() > (1 << SHORT_BITS) / 2);
        let remembered = repeats.long.iter().filter(|slot| !slot.text.is_empty());
        assert!(remembered.clone().count() > TEXTS / 4);
        assert!(remembered.clone().all(|slot| (SHORTEST..=LONGEST).contains(&slot.text.len())));
    }

    #[test]
    fn short_texts_are_told_apart() {
        let (mut repeats, mut counter) = (Repeats::default(), Counter::new(Encoding::O200kBase));
        // More than there are places, alike in their first eight bytes or in their last, and of several counts.
        let dotted = |number: i32| number.to_string().chars().flat_map(|digit| [digit, '.']).collect::<String>();
        let ends = (0..300).map(|number| format!("function{}", dotted(number)));
        let starts = (0..300).map(|number| format!("{}function", dotted(number)));
        let others = ["", "\0", "\0\0", "ab\0", "數據", "a數", "functionfunctio"].map(String::from);
        let texts: Vec<String> = ends.chain(starts).chain(others).collect();
        for text in texts.iter().chain(texts.iter().rev()) {
            for _ in 0..2 {
                assert_eq!(repeats.count(text, &mut counter), counter.count(text) as u64, "{text:?}");
            }
        }
    }
}
