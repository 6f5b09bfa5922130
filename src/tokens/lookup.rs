//! How many tokens pieces come to.

use super::cache::{Cache, LONG_STRING, SHORT_STRING, Short};
use super::layout::{SHORT, hash_long};
use super::merge::{Merger, merge_many};
use super::pretokenizer::{MOST_PIECES, Pieces};
use super::unicode::decode;
use super::vocabulary::{Character, LONGEST, NONE, Vocabulary};

/// What pieces are looked up in, but for the vocabulary.
///
/// Pieces go through one step after the other together, those that a step does not settle on to the next one. That
/// lets a processor look for many at a time, where most of the time goes into waiting for memory; and no step asks,
/// while it waits, whether it will find what it looks for: a wrong guess would end the other looks.
///
/// Every token is what merging makes of its bytes (`build.rs` sees to that). So what a string comes to depends on its
/// bytes alone, and pieces, parts of pieces and tokens share the caches.
pub(super) struct Lookup {
    cache: Cache,
    merger: Merger,
    /// The keys of the pieces.
    keys: Box<[u64; MOST_PIECES]>,
    /// Numbers of the pieces, or of the queued ones, that a step left to the next one.
    queue: Box<[u32; MOST_PIECES]>,
    /// The queued pieces of at most fifteen bytes.
    queued: Box<[Queued; MOST_PIECES]>,
    /// Numbers of the queued pieces that are a token.
    tokens: Box<[u32; MOST_PIECES]>,
    /// Parts of the other queued pieces that are to be merged.
    parts: Vec<Part>,
}

/// The key of a piece that is too long to have one: no text holds what it stands for, a byte 0xFE.
const NO_KEY: u64 = 1;

#[derive(Clone, Copy, Default)]
struct Queued {
    string: Short,
    start: usize,
    end: usize,
    /// What its parts come to.
    count: usize,
    /// Whether it has several.
    is_cut: bool,
}

struct Part {
    /// The number of its piece among the queued.
    piece: u32,
    string: Short,
    length: usize,
}

impl Default for Lookup {
    fn default() -> Self {
        Self {
            cache: Cache::default(),
            merger: Merger::default(),
            keys: Box::new([0; MOST_PIECES]),
            queue: Box::new([0; MOST_PIECES]),
            queued: Box::new([Queued::default(); MOST_PIECES]),
            tokens: Box::new([0; MOST_PIECES]),
            parts: Vec::new(),
        }
    }
}

impl Lookup {
    /// The number of tokens of some pieces.
    #[inline(always)]
    pub(super) fn count(&mut self, vocabulary: &Vocabulary, pieces: &Pieces) -> usize {
        let others = self.queue_all_but_tokens(pieces);
        let mut count = pieces.bounds.len() - 1 - others;
        let (long, queued) = self.count_long_ones(vocabulary, pieces, others);
        let (known, missed) = self.count_known(queued);
        count += long + known;
        let unmerged = self.skip_tokens(vocabulary, missed);
        count += missed - unmerged;
        if unmerged > 0 {
            count += self.count_missed(vocabulary, pieces.text, unmerged);
        }
        count
    }

    /// Queues the pieces that are not known to be a token of at most eight bytes. Returns how many.
    #[inline(always)]
    fn queue_all_but_tokens(&mut self, pieces: &Pieces) -> usize {
        let keys = &mut self.keys[..pieces.bounds.len() - 1];
        for (key, bounds) in keys.iter_mut().zip(pieces.bounds.windows(2)) {
            let length = bounds[1] - bounds[0];
            let bytes = !u64::from_le_bytes(bytes_at(pieces.text, bounds[0])) & FIRST[length % FIRST.len()] as u64;
            *key = if length > SHORT { NO_KEY } else { bytes };
        }
        // The fewer instructions there are between two looks, the more of them a processor takes at once.
        let mut queued = 0;
        for (piece, key) in (0..).zip(&*keys) {
            self.queue[queued] = piece;
            queued += usize::from(!self.cache.is_token(*key));
        }
        queued
    }

    /// The number of tokens of the queued pieces that are long, and how many pieces are not; those are prepared.
    #[inline(always)]
    fn count_long_ones(&mut self, vocabulary: &Vocabulary, pieces: &Pieces, others: usize) -> (usize, usize) {
        let mut count = 0;
        let mut queued = 0;
        for index in 0..others {
            let piece = self.queue[index] as usize;
            let (start, end) = (pieces.bounds[piece], pieces.bounds[piece + 1]);
            if end - start > SHORT_STRING {
                count += self.count_long(vocabulary, pieces.text, start, end);
                continue;
            }
            let string = short_at(pieces.text, start, end - start);
            self.queued[queued] = Queued { string, start, end, count: 0, is_cut: false };
            queued += 1;
        }
        (count, queued)
    }

    /// The number of tokens of the queued pieces that are in the cache, and how many are not; those stay in the queue.
    #[inline(always)]
    fn count_known(&mut self, queued: usize) -> (usize, usize) {
        let (mut count, mut missed) = (0, 0);
        for (number, Queued { string, .. }) in (0..).zip(&self.queued[..queued]) {
            let known = self.cache.string(*string);
            count += known;
            self.queue[missed] = number;
            missed += usize::from(known == 0);
        }
        (count, missed)
    }

    /// Queues the missed pieces that are no token. Returns how many.
    #[inline(always)]
    fn skip_tokens(&mut self, vocabulary: &Vocabulary, missed: usize) -> usize {
        let (mut tokens, mut unmerged) = (0, 0);
        for index in 0..missed {
            let number = self.queue[index];
            let is_token = self.queued[number as usize].string.rank(vocabulary) != NONE;
            self.tokens[tokens] = number;
            tokens += usize::from(is_token);
            self.queue[unmerged] = number;
            unmerged += usize::from(!is_token);
        }
        for &number in &self.tokens[..tokens] {
            let Queued { string, .. } = self.queued[number as usize];
            if string.high == 0 {
                self.cache.insert_token(string.low);
            } else {
                self.cache.insert_string(string, 1);
            }
        }
        unmerged
    }

    /// The number of tokens that the queued ones of the missed pieces come to by merging.
    #[inline(always)]
    fn count_missed(&mut self, vocabulary: &Vocabulary, text: &[u8], unmerged: usize) -> usize {
        let Self { cache, queued: pieces, queue, parts, .. } = self;
        let queue = &queue[..unmerged];
        parts.clear();
        for &number in queue {
            let piece = &mut pieces[number as usize];
            for_each_part(vocabulary, text, piece.start, piece.end, |start, end| {
                let (mut string, mut known) = (piece.string, 0);
                piece.is_cut = end - start < piece.end - piece.start;
                if piece.is_cut {
                    string = short_at(text, start, end - start);
                    known = cache.string(string);
                    piece.count += known;
                }
                if known == 0 {
                    parts.push(Part { piece: number, string, length: end - start });
                }
            });
        }
        let strings = parts.iter().map(|part| (part.string.bytes(part.length), part.length));
        merge_many(vocabulary, strings, |number, count| {
            let part = &parts[number];
            pieces[part.piece as usize].count += count;
            cache.insert_string(part.string, count);
        });
        let mut count = 0;
        for &number in queue {
            let piece = pieces[number as usize];
            count += piece.count;
            if piece.is_cut {
                cache.insert_string(piece.string, piece.count);
            }
        }
        count
    }

    /// The number of tokens of one piece of more than fifteen bytes.
    #[inline(never)]
    fn count_long(&mut self, vocabulary: &Vocabulary, text: &[u8], start: usize, end: usize) -> usize {
        let piece = &text[start..end];
        if piece.len() > LONGEST {
            return self.count_parts(vocabulary, text, start, end);
        }
        let hash = hash_long(piece);
        self.count_cached(piece, hash, |this| {
            if vocabulary.rank_long(piece, hash) == NONE { this.count_parts(vocabulary, text, start, end) } else { 1 }
        })
    }

    /// The number of tokens of a string of more than fifteen bytes, from the cache or by asking `count`.
    #[inline]
    fn count_cached(&mut self, string: &[u8], hash: u64, count: impl FnOnce(&mut Self) -> usize) -> usize {
        if string.len() > LONG_STRING {
            return count(self);
        }
        if let Some(known) = self.cache.long(string, hash) {
            return known;
        }
        let count = count(self);
        self.cache.insert_long(string, hash, count);
        count
    }

    /// The number of tokens that the parts of a piece come to by merging.
    fn count_parts(&mut self, vocabulary: &Vocabulary, text: &[u8], start: usize, end: usize) -> usize {
        let mut count = 0;
        for_each_part(vocabulary, text, start, end, |part_start, part_end| {
            let part = &text[part_start..part_end];
            count += match part.len() {
                ..=SHORT_STRING => self.count_short(vocabulary, short_at(text, part_start, part.len()), part),
                length if length > LONG_STRING || length == end - start => self.merger.count(vocabulary, part),
                _ => self.count_cached(part, hash_long(part), |this| this.merger.count(vocabulary, part)),
            };
        });
        count
    }

    /// The number of tokens that a string of at most fifteen bytes comes to by merging.
    fn count_short(&mut self, vocabulary: &Vocabulary, string: Short, bytes: &[u8]) -> usize {
        let known = self.cache.string(string);
        if known > 0 {
            return known;
        }
        let count = self.merger.count(vocabulary, bytes);
        self.cache.insert_string(string, count);
        count
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

/// All bits of the first bytes, by their number: to look it up takes fewer instructions than to shift.
static FIRST: [u128; SHORT_STRING + 1] = {
    let mut first = [0; SHORT_STRING + 1];
    let mut bytes = 0;
    while bytes <= SHORT_STRING {
        first[bytes] = (1 << (8 * bytes)) - 1;
        bytes += 1;
    }
    first
};

/// The at most fifteen bytes at byte `start` of a text.
#[inline(always)]
fn short_at(text: &[u8], start: usize, length: usize) -> Short {
    let bytes = !u128::from_le_bytes(bytes_at(text, start)) & FIRST[length % FIRST.len()];
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
