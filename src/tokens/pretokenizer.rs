//! Cuts a text into pieces, a batch at a time.

use super::block::{self, BLOCK, Block, low, with_block};
use super::pattern::Pattern;

/// Pieces of a full batch, but for those of the last block.
const FULL: usize = 1024;

/// Pieces of a batch at most.
pub(super) const MOST_PIECES: usize = FULL + BLOCK;

/// Where some consecutive pieces of a text start, and where the last one ends.
pub(super) struct Batch {
    starts: Box<[usize; MOST_PIECES + 1]>,
    length: usize,
}

impl Default for Batch {
    fn default() -> Self {
        Self { starts: Box::new([0; MOST_PIECES + 1]), length: 0 }
    }
}

impl Batch {
    /// The starts of the pieces and the end of the last one.
    pub(super) fn bounds(&self) -> &[usize] {
        &self.starts[..self.length]
    }

    fn is_full(&self) -> bool {
        self.length >= FULL
    }

    #[inline(always)]
    fn push(&mut self, start: usize) {
        self.starts[self.length] = start;
        self.length += 1;
    }

    /// Adds a start for each bit, counted from byte `at` of the text.
    #[inline(always)]
    fn push_bits(&mut self, mut bits: u64, at: usize) {
        // Eight at a time, of which the last ones may be too many: the number of bits is hard to predict for a
        // processor, the number of eights is not.
        const STEP: usize = 8;
        let end = self.length + bits.count_ones() as usize;
        while self.length < end {
            for start in &mut self.starts[self.length..][..STEP] {
                *start = at + bits.trailing_zeros() as usize;
                bits &= bits.wrapping_sub(1);
            }
            self.length += STEP;
        }
        self.length = end;
    }
}

/// Consecutive pieces of a text.
pub(super) struct Pieces<'a> {
    pub(super) text: &'a [u8],
    /// Where each piece starts and the last one ends, at most [`MOST_PIECES`] pieces.
    pub(super) bounds: &'a [usize],
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
    pub(super) fn fill<P: Pattern>(&mut self, text: &[u8], batch: &mut Batch) {
        self.fill_with::<P>(text, batch, block::classify);
    }

    /// As [`fill`](Self::fill), with a function that takes the masks of a block.
    #[inline(always)]
    pub(super) fn fill_with<P: Pattern>(
        &mut self,
        text: &[u8],
        batch: &mut Batch,
        classify: impl Fn(&[u8; BLOCK]) -> block::Masks,
    ) {
        batch.length = 0;
        while !self.is_at_end(text) && !batch.is_full() {
            if self.at >= self.single_until {
                let rest = &text[self.at..];
                let block = with_block(text, self.at, |bytes| Block::new(classify(bytes), bytes, rest.len()));
                let (bits, length) = whole_pieces::<P>(&block, rest);
                let is_whole = block.length as usize == BLOCK;
                let told_until = self.at + block.length as usize;
                if length > 0 {
                    batch.push_bits(bits, self.at);
                    self.at += length;
                    // Of a block that ends early no more can be told than this.
                    if is_whole || self.is_at_end(text) {
                        continue;
                    }
                }
                // Of a whole block it is one piece that it cannot tell.
                self.single_until = if is_whole { 0 } else { told_until }.max(self.at + 1);
            }
            batch.push(self.at);
            self.at = P::piece_end(text, self.at);
            if self.at >= self.single_until && is_mostly_wide(&text[self.at..]) {
                self.single_until = self.at + 1;
            }
        }
        batch.push(self.at);
    }
}

/// The starts and the bytes of the pieces that a block holds as a whole, no bytes if there are none.
#[inline(always)]
fn whole_pieces<P: Pattern>(block: &Block, rest: &[u8]) -> (u64, usize) {
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
    (starts.bits & low(length), length as usize)
}

/// Whether the next bytes are mostly those of characters that are not ASCII.
#[inline(always)]
fn is_mostly_wide(rest: &[u8]) -> bool {
    const NEXT: usize = 16;
    let ascii = |next: &[u8; NEXT]| next.iter().filter(|byte| byte.is_ascii()).count();
    rest.first_chunk().is_some_and(|next| ascii(next) < NEXT / 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::pattern::{Cl100k, O200k, R50k};

    /// Where the pieces of a text start, and its end, found by filling batches.
    fn starts(text: &[u8], fill: impl Fn(&mut Cursor, &[u8], &mut Batch)) -> Vec<usize> {
        let (mut cursor, mut batch) = (Cursor::default(), Batch::default());
        let mut starts = vec![0];
        while !cursor.is_at_end(text) {
            fill(&mut cursor, text, &mut batch);
            starts.pop();
            starts.extend_from_slice(batch.bounds());
        }
        starts
    }

    fn check<P: Pattern>(text: &str) {
        let text = text.as_bytes();
        let mut expected = vec![0];
        while let Some(&start) = expected.last()
            && start < text.len()
        {
            expected.push(P::piece_end(text, start));
        }
        assert_eq!(starts(text, Cursor::fill::<P>), expected, "{:?}", String::from_utf8_lossy(text));
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = crate::avx2::Avx2::detect() {
            let fill = |cursor: &mut Cursor, text: &[u8], batch: &mut Batch| avx2.fill::<P>(cursor, text, batch);
            assert_eq!(starts(text, fill), expected, "AVX2 of {:?}", String::from_utf8_lossy(text));
        }
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
            "a 😀e\u{301}\u{a0}١\u{3000}…/\n",
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
        check_all(&"a b.".repeat(3 * FULL));
        check_all(&"é ".repeat(3 * FULL));
    }
}
