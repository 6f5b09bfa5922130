//! How many tokens pieces come to.

use super::block::u128_at;
use super::cache::{Cache, LONG_STRING, SHORT_STRING, Short};
use super::layout::hash_long;
use super::merge::Merger;
use super::parts::{LONGEST_PART, Part, Parts};
use super::pretokenizer::{Batch, MOST_PIECES, key_of};
use super::processor::Processor;
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
    /// Numbers of the pieces, or of the queued ones, that a step left to the next one.
    queue: Box<[u32; MOST_PIECES]>,
    /// The queued pieces of at most fifteen bytes.
    queued: Box<[Queued; MOST_PIECES]>,
    /// The pieces of more than fifteen bytes.
    long: Vec<Long>,
    /// Numbers of the queued pieces that are a token.
    tokens: Box<[u32; MOST_PIECES]>,
    /// Pieces that are cut into parts, of any length.
    cuts: Vec<Cut>,
    /// Parts that are to be merged.
    parts: Parts,
}

#[derive(Clone, Copy, Default)]
struct Queued {
    string: Short,
    start: usize,
    end: usize,
}

/// A long piece, and its hash if it is not too long to be known.
struct Long {
    start: usize,
    end: usize,
    hash: u64,
}

/// A piece that is cut into parts, and what those came to so far.
struct Cut {
    start: usize,
    end: usize,
    count: usize,
}

/// Parts of a piece that are looked for together.
const PARTS: usize = 16;

/// Stands for the number of a cut piece where a part is all of the piece.
const WHOLE: usize = usize::MAX;

impl Default for Lookup {
    fn default() -> Self {
        Self {
            cache: Cache::default(),
            merger: Merger::default(),
            queue: Box::new([0; MOST_PIECES]),
            queued: Box::new([Queued::default(); MOST_PIECES]),
            long: Vec::new(),
            tokens: Box::new([0; MOST_PIECES]),
            cuts: Vec::new(),
            parts: Parts::default(),
        }
    }
}

impl Lookup {
    /// The number of tokens of the pieces of a batch.
    #[inline(always)]
    pub(super) fn count(
        &mut self,
        vocabulary: &Vocabulary,
        text: &[u8],
        batch: &Batch,
        processor: impl Processor,
    ) -> usize {
        let others = self.queue_others(batch.keys());
        let tokens = batch.keys().len() - others;
        if others == 0 {
            tokens
        } else {
            tokens + self.count_others(vocabulary, text, batch.bounds(), others, processor)
        }
    }

    /// The number of tokens of one piece.
    pub(super) fn count_one(
        &mut self,
        vocabulary: &Vocabulary,
        text: &[u8],
        start: usize,
        end: usize,
        processor: impl Processor,
    ) -> usize {
        match self.queue_others(&[key_of(text, start, end)]) {
            0 => 1,
            others => self.count_others(vocabulary, text, &[start, end], others, processor),
        }
    }

    /// Queues the pieces that are not known to be a token of at most eight bytes. Returns how many.
    #[inline(always)]
    fn queue_others(&mut self, keys: &[u64]) -> usize {
        let mut queued = 0;
        for (number, &key) in (0..).zip(keys) {
            self.queue[queued] = number;
            queued += usize::from(!self.cache.is_token(key));
        }
        queued
    }

    /// The number of tokens of the queued pieces, which are not known to be a token.
    #[inline(always)]
    fn count_others(
        &mut self,
        vocabulary: &Vocabulary,
        text: &[u8],
        bounds: &[usize],
        others: usize,
        processor: impl Processor,
    ) -> usize {
        let queued = self.queue_by_length(text, bounds, others);
        let (mut count, missed) = self.count_known(queued);
        if missed > 0 {
            let unmerged = self.skip_tokens(vocabulary, missed);
            count += missed - unmerged;
            for index in 0..unmerged {
                let Queued { start, end, .. } = self.queued[self.queue[index] as usize];
                count += self.cut(vocabulary, text, start, end, processor);
            }
        }
        if !self.long.is_empty() {
            count += self.count_long(vocabulary, text, processor);
        }
        if !self.parts.is_empty() || !self.cuts.is_empty() {
            count += self.finish(vocabulary, text, processor);
        }
        count
    }

    /// Puts the queued pieces that are long aside, and prepares the others. Returns how many those are.
    #[inline(always)]
    fn queue_by_length(&mut self, text: &[u8], bounds: &[usize], others: usize) -> usize {
        let mut queued = 0;
        for index in 0..others {
            let piece = self.queue[index] as usize;
            let (start, end) = (bounds[piece], bounds[piece + 1]);
            if end - start > SHORT_STRING {
                let hash = if end - start > LONGEST { 0 } else { hash_long(&text[start..end]) };
                self.cache.seek_long(hash);
                self.long.push(Long { start, end, hash });
                continue;
            }
            let string = short_at(text, start, end - start);
            self.cache.seek_string(string);
            self.queued[queued] = Queued { string, start, end };
            queued += 1;
        }
        queued
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
        for &number in &self.queue[..missed] {
            self.queued[number as usize].string.seek_rank(vocabulary);
        }
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

    /// The number of tokens of the long pieces, as [`cut`](Self::cut).
    #[inline(never)]
    fn count_long(&mut self, vocabulary: &Vocabulary, text: &[u8], processor: impl Processor) -> usize {
        let mut long = std::mem::take(&mut self.long);
        let mut count = 0;
        for Long { start, end, hash } in long.drain(..) {
            let piece = &text[start..end];
            if piece.len() <= LONGEST {
                if let Some(known) = self.cache.long(piece, hash) {
                    count += known;
                    continue;
                }
                if vocabulary.rank_long(piece, hash) != NONE {
                    self.cache.insert_long(piece, 1);
                    count += 1;
                    continue;
                }
            }
            count += self.cut(vocabulary, text, start, end, processor);
        }
        self.long = long;
        count
    }

    /// The number of tokens of a piece that is no token, but for the parts that this queues; and of all parts that
    /// waited, if they became too many. Not inline: it is rare.
    #[inline(never)]
    fn cut(
        &mut self,
        vocabulary: &Vocabulary,
        text: &[u8],
        start: usize,
        end: usize,
        processor: impl Processor,
    ) -> usize {
        if text[start..end].is_ascii() {
            let whole = Queued { string: Short::default(), start, end };
            return self.count_parts(vocabulary, text, &[whole], WHOLE, processor);
        }
        let mut count = 0;
        let mut alone = 0;
        let mut piece = WHOLE;
        let (mut parts, mut found) = ([Queued::default(); PARTS], 0);
        for_each_part(vocabulary, text, start, end, |part_start, part_end, last| {
            if piece == WHOLE && part_end - part_start < end - start {
                piece = self.cuts.len();
                self.cuts.push(Cut { start, end, count: 0 });
            }
            // Of a piece that is one character it is remembered what it came to.
            if piece != WHOLE && last.bytes.len() == part_end - part_start {
                let tokens = vocabulary.count_alone(last);
                alone += tokens;
                if tokens > 0 {
                    return;
                }
            }
            parts[found] =
                Queued { string: self.seek_part(text, part_start, part_end), start: part_start, end: part_end };
            found += 1;
            if found == PARTS {
                count += self.count_parts(vocabulary, text, &parts, piece, processor);
                found = 0;
            }
        });
        if piece != WHOLE {
            self.cuts[piece].count += alone;
        }
        count + alone + self.count_parts(vocabulary, text, &parts[..found], piece, processor)
    }

    /// Asks for what is known of a part. Returns what it is looked up by: of a long one only the hash.
    #[inline(always)]
    fn seek_part(&self, text: &[u8], start: usize, end: usize) -> Short {
        if end - start <= SHORT_STRING {
            let string = short_at(text, start, end - start);
            self.cache.seek_string(string);
            return string;
        }
        let hash = if end - start <= LONG_STRING { hash_long(&text[start..end]) } else { 0 };
        self.cache.seek_long(hash);
        Short { hash, ..Short::default() }
    }

    /// As [`cut`](Self::cut), of some parts of a piece, or of all of it.
    #[inline]
    fn count_parts(
        &mut self,
        vocabulary: &Vocabulary,
        text: &[u8],
        parts: &[Queued],
        piece: usize,
        processor: impl Processor,
    ) -> usize {
        let (mut all_known, mut merged) = (0, 0);
        for &Queued { string, start, end } in parts {
            let length = end - start;
            let known = if length > LONGEST_PART {
                self.merger.count(vocabulary, &text[start..end])
            } else if piece == WHOLE {
                // It was looked for before.
                0
            } else if length <= SHORT_STRING {
                self.cache.string(string)
            } else {
                self.cache.long(&text[start..end], string.hash).unwrap_or(0)
            };
            all_known += known;
            if known == 0 {
                self.parts.push(Part { piece, start, length });
                if self.parts.is_full() {
                    merged += self.merge_parts(vocabulary, text, processor);
                }
            }
        }
        if piece != WHOLE {
            self.cuts[piece].count += all_known;
        }
        all_known + merged
    }

    /// The number of tokens of the queued parts. Remembers what the cut pieces came to.
    #[inline(never)]
    fn finish(&mut self, vocabulary: &Vocabulary, text: &[u8], processor: impl Processor) -> usize {
        let merged = self.merge_parts(vocabulary, text, processor);
        for Cut { start, end, count } in self.cuts.drain(..) {
            insert(&mut self.cache, text, start, end - start, count);
        }
        merged
    }

    /// The number of tokens of the queued parts.
    fn merge_parts(&mut self, vocabulary: &Vocabulary, text: &[u8], processor: impl Processor) -> usize {
        let Self { cache, cuts, parts, .. } = self;
        let mut all = 0;
        processor.merge(parts, vocabulary, text, |&Part { piece, start, length }, count| {
            all += count;
            insert(cache, text, start, length, count);
            if let Some(cut) = cuts.get_mut(piece) {
                cut.count += count;
            }
        });
        all
    }
}

/// Remembers what a piece or part came to.
#[inline(always)]
fn insert(cache: &mut Cache, text: &[u8], start: usize, length: usize, count: usize) {
    if length <= SHORT_STRING {
        cache.insert_string(short_at(text, start, length), count);
    } else {
        cache.insert_long(&text[start..start + length], count);
    }
}

/// Cuts a piece that is no token into parts that merge as if the others were not there: where no token can hold both
/// the end of one character and the start of the next. `with` is told the last character of each as well.
#[inline(always)]
fn for_each_part<'t>(
    vocabulary: &Vocabulary,
    text: &'t [u8],
    start: usize,
    end: usize,
    mut with: impl FnMut(usize, usize, Character<'t>),
) {
    let mut part = start;
    let mut at = start;
    let mut left = Character { code: 0, bytes: &[] };
    while at < end
        && let Some((code, length)) = decode(&text[at..])
    {
        let right = Character { code: code as u32, bytes: &text[at..at + length] };
        if at > start && !vocabulary.spans(left, right) {
            with(part, at, left);
            part = at;
        }
        left = right;
        at += length;
    }
    with(part, end, left);
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
    let bytes = !u128_at(text, start) & FIRST[length % FIRST.len()];
    Short::new(bytes as u64, (bytes >> 64) as u64)
}
