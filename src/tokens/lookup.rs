//! How many tokens pieces come to.

use super::block::low;
use super::cache::{Cache, LONG_STRING, SHORT_STRING, Short};
use super::layout::SHORT;
use super::merge::{Merger, merge_many};
use super::pretokenizer::{MOST_PIECES, Pieces};
use super::unicode::decode;
use super::vocabulary::{Character, NONE, Vocabulary};

/// What pieces are looked up in, but for the vocabulary.
///
/// Pieces go through one step after the other together, those that a step does not settle on to the next one. That
/// lets a processor look for many at a time, where most of the time goes into waiting for memory; and as far as the
/// common steps it need not guess which piece will be settled.
pub(super) struct Lookup {
    cache: Cache,
    merger: Merger,
    /// Numbers of the pieces that are not known to be a short token.
    queue: Box<[u32; MOST_PIECES]>,
    /// Pieces of at most fifteen bytes that are not in the cache of pieces.
    missed: Box<[Missed; MOST_PIECES]>,
    /// Parts of the missed pieces that are to be merged.
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Default)]
struct Missed {
    string: Short,
    start: usize,
    end: usize,
    /// What its parts come to.
    count: usize,
}

struct Part {
    /// The number of its piece among the missed.
    piece: usize,
    string: Short,
    length: usize,
}

impl Default for Lookup {
    fn default() -> Self {
        Self {
            cache: Cache::default(),
            merger: Merger::default(),
            queue: Box::new([0; MOST_PIECES]),
            missed: Box::new([Missed::default(); MOST_PIECES]),
            parts: Vec::new(),
        }
    }
}

impl Lookup {
    /// The number of tokens of some pieces.
    #[inline(always)]
    pub(super) fn count(&mut self, vocabulary: &Vocabulary, pieces: &Pieces) -> usize {
        let queued = self.queue_all_but_tokens(pieces);
        let mut count = pieces.bounds.len() - 1 - queued;
        let (known, missed) = self.count_known(vocabulary, pieces, queued);
        count += known;
        let unmerged = self.skip_tokens(vocabulary, pieces.text, missed);
        count += missed - unmerged;
        if unmerged > 0 {
            count += self.count_missed(vocabulary, pieces.text, unmerged);
        }
        count
    }

    /// Queues the pieces that are not known to be a token of at most eight bytes. Returns how many.
    #[inline(always)]
    fn queue_all_but_tokens(&mut self, pieces: &Pieces) -> usize {
        let mut queued = 0;
        for (piece, bounds) in (0..).zip(pieces.bounds.windows(2)) {
            let length = bounds[1] - bounds[0];
            let key = !u64::from_le_bytes(bytes_at(pieces.text, bounds[0])) & low(8 * length.min(SHORT) as u32);
            self.queue[queued] = piece;
            queued += usize::from((length > SHORT) | !self.cache.is_token(key));
        }
        queued
    }

    /// The number of tokens of the queued pieces that are in the cache or long, and how many pieces are neither.
    #[inline(always)]
    fn count_known(&mut self, vocabulary: &Vocabulary, pieces: &Pieces, queued: usize) -> (usize, usize) {
        let mut count = 0;
        let mut missed = 0;
        for index in 0..queued {
            let piece = self.queue[index] as usize;
            let (start, end) = (pieces.bounds[piece], pieces.bounds[piece + 1]);
            if end - start > SHORT_STRING {
                count += self.count_long(vocabulary, pieces.text, start, end);
                continue;
            }
            let string = short_at(pieces.text, start, end - start);
            let known = self.cache.piece(string);
            count += known;
            self.missed[missed] = Missed { string, start, end, count: 0 };
            missed += usize::from(known == 0);
        }
        (count, missed)
    }

    /// Drops those of the missed pieces that are a token. Returns how many are left.
    #[inline(always)]
    fn skip_tokens(&mut self, vocabulary: &Vocabulary, text: &[u8], missed: usize) -> usize {
        let mut left = 0;
        for index in 0..missed {
            let piece = self.missed[index];
            let Missed { string, start, end, .. } = piece;
            if end - start <= SHORT {
                if vocabulary.rank_short(string.low) != NONE {
                    self.cache.insert_token(string.low);
                    continue;
                }
            } else if vocabulary.rank_hashed(&text[start..end], string.hash) != NONE {
                self.cache.insert_piece(string, 1);
                continue;
            }
            self.missed[left] = piece;
            left += 1;
        }
        left
    }

    /// The number of tokens that the missed pieces come to by merging.
    #[inline(always)]
    fn count_missed(&mut self, vocabulary: &Vocabulary, text: &[u8], missed: usize) -> usize {
        let Self { cache, missed: pieces, parts, .. } = self;
        let pieces = &mut pieces[..missed];
        parts.clear();
        for (number, piece) in pieces.iter_mut().enumerate() {
            for_each_part(vocabulary, text, piece.start, piece.end, |start, end| {
                let string = short_at(text, start, end - start);
                let known = cache.merged(string);
                piece.count += known;
                if known == 0 {
                    parts.push(Part { piece: number, string, length: end - start });
                }
            });
        }
        let strings = parts.iter().map(|part| (part.string.bytes(part.length), part.length));
        merge_many(vocabulary, strings, |number, count| {
            let part = &parts[number];
            pieces[part.piece].count += count;
            cache.insert_merged(part.string, count);
        });
        let mut count = 0;
        for piece in pieces {
            cache.insert_piece(piece.string, piece.count);
            count += piece.count;
        }
        count
    }

    /// The number of tokens of one piece of more than fifteen bytes.
    #[inline(never)]
    fn count_long(&mut self, vocabulary: &Vocabulary, text: &[u8], start: usize, end: usize) -> usize {
        if vocabulary.rank_long(&text[start..end]) != NONE {
            return 1;
        }
        let mut count = 0;
        for_each_part(vocabulary, text, start, end, |start, end| {
            count += self.count_merged(vocabulary, text, start, end);
        });
        count
    }

    /// The number of tokens that part of a piece comes to by merging.
    fn count_merged(&mut self, vocabulary: &Vocabulary, text: &[u8], start: usize, end: usize) -> usize {
        let Self { cache, merger, .. } = self;
        let bytes = &text[start..end];
        match bytes.len() {
            ..=SHORT_STRING => {
                let string = short_at(text, start, end - start);
                let known = cache.merged(string);
                if known > 0 {
                    return known;
                }
                let count = merger.count(vocabulary, bytes);
                cache.insert_merged(string, count);
                count
            }
            length if length <= LONG_STRING => cache.long_or_insert(bytes, || merger.count(vocabulary, bytes)),
            _ => merger.count(vocabulary, bytes),
        }
    }
}

/// Cuts a piece that is no token into parts that merge as if the others were not there: where no token can hold both
/// the end of one character and the start of the next.
#[inline(always)]
fn for_each_part(vocabulary: &Vocabulary, text: &[u8], start: usize, end: usize, mut with: impl FnMut(usize, usize)) {
    let mut part = start;
    if !text[start..end].is_ascii() {
        let mut at = start;
        let mut left: Option<Character> = None;
        while at < end
            && let Some((code, length)) = decode(&text[at..])
        {
            let right = Character { code: code as u32, bytes: &text[at..at + length] };
            if let Some(left) = left
                && !vocabulary.spans(left, right)
            {
                with(part, at);
                part = at;
            }
            left = Some(right);
            at += length;
        }
    }
    with(part, end);
}

/// The at most fifteen bytes at byte `start` of a text.
#[inline(always)]
fn short_at(text: &[u8], start: usize, length: usize) -> Short {
    let bytes = !u128::from_le_bytes(bytes_at(text, start)) & ((1 << (8 * length)) - 1);
    Short::new(bytes as u64, (bytes >> 64) as u64)
}

/// The bytes at byte `start` of a text, with zeros beyond its end.
#[inline(always)]
fn bytes_at<const LENGTH: usize>(text: &[u8], start: usize) -> [u8; LENGTH] {
    let rest = &text[start..];
    match rest.first_chunk() {
        Some(bytes) => *bytes,
        None => {
            let mut bytes = [0; LENGTH];
            bytes[..rest.len()].copy_from_slice(rest);
            bytes
        }
    }
}
