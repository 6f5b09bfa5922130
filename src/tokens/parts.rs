//! Parts of pieces that wait to be merged together.

use super::block::bytes_at;
use super::merge::merge_many;
use super::vocabulary::Vocabulary;

/// Longest part in bytes that can wait.
pub(super) const LONGEST_PART: usize = 64;

/// Parts of a kind that wait at most.
const MOST: usize = 1024;

/// A part of a piece of a text, or all of it.
pub(super) struct Part {
    /// The number of the piece, as the caller has it.
    pub(super) piece: usize,
    pub(super) start: usize,
    pub(super) length: usize,
}

/// Parts of one text.
#[derive(Default)]
pub(super) struct Parts {
    /// Those of at most sixteen bytes, then of at most 32, then the others, since each costs as much as the longest of
    /// those that it is merged with.
    of_16: Vec<Part>,
    of_32: Vec<Part>,
    of_64: Vec<Part>,
}

impl Parts {
    /// Adds a part of at most [`LONGEST_PART`] bytes.
    #[inline]
    pub(super) fn push(&mut self, part: Part) {
        let parts = if part.length <= 16 {
            &mut self.of_16
        } else if part.length <= 32 {
            &mut self.of_32
        } else {
            &mut self.of_64
        };
        parts.push(part);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of_16.is_empty() && self.of_32.is_empty() && self.of_64.is_empty()
    }

    /// Whether they should be merged before more are added.
    pub(super) fn is_full(&self) -> bool {
        [&self.of_16, &self.of_32, &self.of_64].iter().any(|parts| parts.len() >= MOST)
    }

    /// Merges all of them, and calls `with` with each and the number of its tokens.
    #[inline(always)]
    pub(super) fn merge_with(&mut self, vocabulary: &Vocabulary, text: &[u8], mut with: impl FnMut(&Part, usize)) {
        merge::<16>(vocabulary, text, &mut self.of_16, &mut with);
        merge::<32>(vocabulary, text, &mut self.of_32, &mut with);
        merge::<LONGEST_PART>(vocabulary, text, &mut self.of_64, &mut with);
    }
}

/// Merges parts of at most `LANES` bytes.
#[inline(always)]
fn merge<const LANES: usize>(
    vocabulary: &Vocabulary,
    text: &[u8],
    parts: &mut Vec<Part>,
    with: &mut impl FnMut(&Part, usize),
) {
    let strings = parts.iter().map(|part| (bytes_at::<LANES>(text, part.start), part.length));
    merge_many(vocabulary, strings, |number, count| with(&parts[number], count));
    parts.clear();
}
