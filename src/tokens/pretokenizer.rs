//! Cuts a text into pieces, a batch at a time.

use super::block::{BLOCK, Block, bit, low, u64_at};
use super::layout::SHORT;
use super::pattern::Pattern;
use super::processor::Processor;
use crate::prefetch::prefetch_ahead;

/// Pieces of a full batch, but for those of the last block.
const FULL: usize = 1024;

/// Bytes before a block at which it is asked for: it takes about as long to come as those take to be cut.
const AHEAD: usize = 1024;

/// More than the pieces of a batch: those of a last block are behind fewer than [`FULL`], and behind them a piece that
/// it cannot tell, if it is not whole.
pub(super) const MOST_PIECES: usize = FULL + BLOCK;

/// Pieces that are added to a batch without a look at how many there are: the number of bits is hard to predict for a
/// processor, that of steps is not. Of the last ones some may be too many.
pub(super) const STEP: usize = 8;

// So what is added in steps needs no more room.
const _: () = assert!(MOST_PIECES.is_multiple_of(STEP) && BLOCK.is_multiple_of(STEP));

/// Consecutive pieces of a text.
pub(super) struct Batch {
    /// Where each piece starts, and then where the last one ends.
    starts: Box<[usize; MOST_PIECES]>,
    /// The [key](super::layout::key) of each piece, 0 if it is too long to have one.
    keys: Box<[u64; MOST_PIECES]>,
    length: usize,
}

impl Default for Batch {
    fn default() -> Self {
        Self { starts: Box::new([0; MOST_PIECES]), keys: Box::new([0; MOST_PIECES]), length: 0 }
    }
}

impl Batch {
    /// The key of each piece.
    pub(super) fn keys(&self) -> &[u64] {
        &self.keys[..self.length]
    }

    /// Where the pieces start, and the last one ends.
    pub(super) fn bounds(&self) -> &[usize] {
        &self.starts[..=self.length]
    }

    fn is_full(&self) -> bool {
        self.length >= FULL
    }

    /// The places for the starts and keys of the next [`STEP`] pieces, behind so many others. They are part of the batch
    /// after [`extend`](Self::extend).
    #[inline(always)]
    pub(super) fn next_step(&mut self, behind: usize) -> (&mut [usize; STEP], &mut [u64; STEP]) {
        const ROOM: &str = "a batch has room for the steps of a block";
        let at = self.length + behind;
        (self.starts[at..].first_chunk_mut().expect(ROOM), self.keys[at..].first_chunk_mut().expect(ROOM))
    }

    /// Takes in the next pieces, whose starts and keys were written.
    #[inline(always)]
    pub(super) fn extend(&mut self, pieces: usize) {
        self.length += pieces;
    }

    #[inline(always)]
    fn push(&mut self, start: usize, key: u64) {
        self.starts[self.length] = start;
        self.keys[self.length] = key;
        self.length += 1;
    }

    /// Adds the pieces of a span, of which the window of the text is given.
    #[inline(always)]
    pub(super) fn push_span(&mut self, window: &[u8; WINDOW], span: Span) {
        let Span { at, length, mut starts } = span;
        debug_assert!(starts & 1 == 1 && starts & !low(length) == 0);
        let count = starts.count_ones() as usize;
        let last = bit(length);
        let mut start = 0;
        let mut done = 0;
        while done < count {
            let (places, keys) = self.next_step(done);
            for (place, key) in places.iter_mut().zip(keys) {
                starts &= starts.wrapping_sub(1);
                let end = (starts | last).trailing_zeros() as usize;
                *place = at + start;
                *key = !u64_at(window, start) & OF_KEY[(end - start) % BLOCK];
                start = end;
            }
            done += STEP;
        }
        self.extend(count);
    }
}

/// Consecutive pieces of a text, of at most a block.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// Where the first one starts.
    pub(super) at: usize,
    /// Bytes of all of them, at least one.
    pub(super) length: u32,
    /// A bit for each start, counted from `at`: the lowest one, and none from `length` on.
    pub(super) starts: u64,
}

/// Bytes of a block, and behind it those of a key that starts at its last byte.
pub(super) const WINDOW: usize = BLOCK + SHORT;

/// All bits of the first bytes of a key, by their number. None of what is too long to have one: nothing has the key 0.
static OF_KEY: [u64; BLOCK] = {
    let mut first = [0; BLOCK];
    let mut bytes = 1;
    while bytes <= SHORT {
        first[bytes] = u64::MAX >> (8 * (SHORT - bytes));
        bytes += 1;
    }
    first
};

/// The [key](super::layout::key) of a piece, 0 if it is too long to have one.
#[inline(always)]
pub(super) fn key_of(text: &[u8], start: usize, end: usize) -> u64 {
    !u64_at(text, start) & OF_KEY[(end - start).min(SHORT + 1)]
}

/// How far a text has been cut into pieces.
#[derive(Default)]
pub(super) struct Cursor {
    /// The end of the last piece.
    at: usize,
    /// Up to here characters are near that blocks do not tell: they would not get far.
    single_until: usize,
}

impl Cursor {
    pub(super) fn is_at_end(&self, text: &[u8]) -> bool {
        self.at >= text.len()
    }

    /// Fills a batch with the next pieces of a UTF-8 text.
    #[inline(always)]
    pub(super) fn fill<P: Pattern>(&mut self, text: &[u8], batch: &mut Batch, processor: impl Processor) {
        batch.length = 0;
        while !self.is_at_end(text) && !batch.is_full() {
            if self.at >= self.single_until {
                let rest = &text[self.at..];
                prefetch_ahead(rest, AHEAD);
                let block = Block::new(processor.classify(rest), rest);
                let (starts, length) = whole_pieces::<P>(&block, rest);
                let is_whole = block.length as usize == BLOCK;
                let told_until = self.at + block.length as usize;
                if length > 0 {
                    processor.push_span(batch, rest, Span { at: self.at, length, starts });
                    self.at += length as usize;
                    // Of a block that ends early no more can be told than this.
                    if is_whole || self.is_at_end(text) {
                        continue;
                    }
                }
                // Of a whole block it is one piece that it cannot tell.
                self.single_until = if is_whole { 0 } else { told_until }.max(self.at + 1);
            }
            let start = self.at;
            self.at = P::piece_end(text, start);
            batch.push(start, key_of(text, start, self.at));
            if self.at >= self.single_until && is_mostly_wide(&text[self.at..]) {
                self.single_until = self.at + 1;
            }
        }
        batch.starts[batch.length] = self.at;
    }
}

/// The starts and the bytes of the pieces that a block holds as a whole, no bytes if there are none.
#[inline(always)]
fn whole_pieces<P: Pattern>(block: &Block, rest: &[u8]) -> (u64, u32) {
    if block.length == 0 {
        return (0, 0);
    }
    let starts = P::piece_starts(block, rest);
    let visible = low(starts.known);
    let text = visible & !(block.blank | block.newline);
    let text_end = u64::BITS - text.leading_zeros();
    let length = if starts.known as usize == rest.len() && text_end == starts.known {
        starts.known
    } else {
        // The last start that is sure. Where whitespace goes depends on what follows it.
        let sure = starts.bits & visible & low(text_end + 1);
        sure.checked_ilog2().unwrap_or(0)
    };
    (starts.bits & low(length), length)
}

/// Whether the next bytes are mostly those of characters that are not ASCII.
#[inline(always)]
fn is_mostly_wide(rest: &[u8]) -> bool {
    const NEXT: usize = 16;
    // Not by a loop: for AVX-512 the optimiser takes it apart bit by bit.
    const HIGH: u128 = u128::from_ne_bytes([0x80; NEXT]);
    let is_wide = |next: &[u8; NEXT]| (u128::from_ne_bytes(*next) & HIGH).count_ones() as usize > NEXT / 2;
    rest.first_chunk().is_some_and(is_wide)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::layout::key;
    use crate::tokens::pattern::{Cl100k, O200k, R50k};
    use crate::tokens::processor::Portable;
    #[cfg(target_arch = "x86_64")]
    use crate::{avx2::Avx2, tokens::avx512::Avx512};

    fn check<P: Pattern>(text: &str) {
        let text = text.as_bytes();
        let mut expected = vec![0];
        while let Some(&start) = expected.last()
            && start < text.len()
        {
            expected.push(P::piece_end(text, start));
        }
        let keys: Vec<u64> = expected
            .windows(2)
            .map(|piece| if piece[1] - piece[0] <= SHORT { key(&text[piece[0]..piece[1]]) } else { 0 })
            .collect();
        let expected = (expected, keys);
        assert_eq!(pieces::<P>(text, Portable), expected, "{:?}", String::from_utf8_lossy(text));
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = Avx2::detect() {
            assert_eq!(pieces::<P>(text, avx2), expected, "AVX2 of {:?}", String::from_utf8_lossy(text));
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = Avx512::detect() {
            assert_eq!(pieces::<P>(text, avx512), expected, "AVX-512 of {:?}", String::from_utf8_lossy(text));
        }
    }

    /// Where the pieces of a text start, and its end, and their keys, found by filling batches.
    fn pieces<P: Pattern>(text: &[u8], processor: impl Processor) -> (Vec<usize>, Vec<u64>) {
        let (mut cursor, mut batch) = (Cursor::default(), Batch::default());
        let (mut starts, mut keys) = (vec![0], Vec::new());
        while !cursor.is_at_end(text) {
            processor.fill::<P>(&mut cursor, text, &mut batch);
            starts.pop();
            starts.extend_from_slice(batch.bounds());
            keys.extend_from_slice(batch.keys());
        }
        (starts, keys)
    }

    fn check_all(text: &str) {
        check::<O200k>(text);
        check::<Cl100k>(text);
        check::<R50k>(text);
    }

    #[test]
    fn blocks_agree_with_single_pieces() {
        const ALPHABETS: [&str; 11] = [
            "aA '\n",
            "ab1 .\n\r\t/",
            "'sStTlLveR ",
            "  \n\n\tx",
            "a.,(/\n\r 9",
            "aB é中\u{301}'s ſ\n.",
            "aaaaaaa bcd É",
            "aAéÉ— ’1.\n",
            "éÉ中 あªA",
            "а Б—в'sſſtaé",
            "a 😀e\u{301}\u{a0}١\u{3000}…/\n\0",
        ];
        let mut seed = 1_u64;
        let mut below = |end: usize| {
            seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            (seed >> 33) as usize % end
        };
        for round in 0..11_000 {
            let alphabet: Vec<char> = ALPHABETS[round % ALPHABETS.len()].chars().collect();
            let length = below(200);
            let text: String = (0..length).map(|_| alphabet[below(alphabet.len())]).collect();
            check_all(&text);
        }
    }

    #[test]
    fn every_length_at_every_offset() {
        for unit in ["a", " ", "\n", "7", ".", "'", "/", ".\n", "a ", "aB", "it's ", " \n", "\t\tx"] {
            for length in 0..200 {
                for padding in ["", "x", " ", "."] {
                    check_all(&format!("{padding}{}", unit.repeat(length / unit.len())));
                    check_all(&format!("{}{padding}y", unit.repeat(length / unit.len())));
                }
            }
        }
    }

    #[test]
    fn more_pieces_than_a_batch() {
        // One less than full, and then a block of as many as there can be.
        check_all(&format!("{}{}{}", "a1".repeat(7), "x".repeat(100), "1a".repeat(536)));
        check_all(&"a b.".repeat(3 * FULL));
        check_all(&"é ".repeat(3 * FULL));
    }
}
