//! Parts of pieces that wait to be merged together.

use super::block::bytes_at;
use super::merge::merge_many;
use super::vocabulary::Vocabulary;
#[cfg(target_arch = "x86_64")]
use crate::avx2::Avx2;

/// Longest part in bytes that can wait.
pub(super) const LONGEST_PART: usize = LONG;

/// Bytes of the parts that are merged with each other, since a merge costs all of them as much as the longest.
const SHORT: usize = 16;
const MIDDLE: usize = 32;
const LONG: usize = 64;

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
pub(super) struct Parts {
    short: Vec<Part>,
    middle: Vec<Part>,
    long: Vec<Part>,
    #[cfg(target_arch = "x86_64")]
    avx2: Option<Avx2>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            short: Vec::new(),
            middle: Vec::new(),
            long: Vec::new(),
            #[cfg(target_arch = "x86_64")]
            avx2: Avx2::detect(),
        }
    }
}

impl Parts {
    /// Adds a part of at most [`LONGEST_PART`] bytes.
    #[inline]
    pub(super) fn push(&mut self, part: Part) {
        let parts = if part.length <= SHORT {
            &mut self.short
        } else if part.length <= MIDDLE {
            &mut self.middle
        } else {
            &mut self.long
        };
        parts.push(part);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.short.is_empty() && self.middle.is_empty() && self.long.is_empty()
    }

    /// Whether no more can be added before the others are merged.
    pub(super) fn is_full(&self) -> bool {
        [&self.short, &self.middle, &self.long].iter().any(|parts| parts.len() >= MOST)
    }

    /// Merges all of them, and calls `with` with each and the number of its tokens.
    pub(super) fn merge(&mut self, vocabulary: &Vocabulary, text: &[u8], with: impl FnMut(&Part, usize)) {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = self.avx2 {
            return avx2.merge(self, vocabulary, text, with);
        }
        self.merge_with(vocabulary, text, with);
    }

    /// As [`merge`](Self::merge), for the processor of the caller.
    #[inline(always)]
    pub(super) fn merge_with(&mut self, vocabulary: &Vocabulary, text: &[u8], mut with: impl FnMut(&Part, usize)) {
        merge::<SHORT>(vocabulary, text, &mut self.short, &mut with);
        merge::<MIDDLE>(vocabulary, text, &mut self.middle, &mut with);
        merge::<LONG>(vocabulary, text, &mut self.long, &mut with);
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
