//! Long words: secrets have one, and most lines have none.

use std::ops::Range;

/// So many bytes at least has the longest word of every secret but that of a database URL.
pub(crate) const LONG: u32 = 20;

const BLOCK: usize = 64;

/// The words of at least [`LONG`] bytes, of letters, digits and `-./_~^`, in order.
///
/// A word that is only shown to be long in its block of 64 bytes is given whole.
pub(crate) fn long_words(text: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut done = 0;
    let mut blocks = Blocks { text, at: 0, run: 0 };
    std::iter::from_fn(move || {
        loop {
            let inside = blocks.next_long()?;
            if inside < done {
                continue;
            }
            let start = text[..inside].iter().rposition(|&byte| !is_word(byte)).map_or(0, |at| at + 1);
            let end = text[inside..].iter().position(|&byte| !is_word(byte)).map_or(text.len(), |at| inside + at);
            done = end;
            blocks.skip_to(end);
            return Some(start..end);
        }
    })
}

struct Blocks<'t> {
    text: &'t [u8],
    at: usize,
    /// How many bytes of a word stand before `at`.
    run: u32,
}

impl Blocks<'_> {
    /// A byte inside the next long word.
    fn next_long(&mut self) -> Option<usize> {
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let mask = match rest.first_chunk::<BLOCK>() {
                Some(block) => mask(block),
                None => {
                    let mut block = [0; BLOCK];
                    block[..rest.len()].copy_from_slice(rest);
                    mask(&block)
                }
            };
            let start = self.at;
            let before = self.run;
            self.at += BLOCK;
            let leading = mask.trailing_ones();
            self.run = if leading == 64 { before.saturating_add(64) } else { mask.leading_ones() };
            if before + leading >= LONG {
                return Some(start.saturating_sub(usize::from(leading == 0)));
            }
            // Bit n is left if the bits from n to n + 19 were set.
            let mut runs = mask & mask >> 1;
            runs &= runs >> 2;
            runs &= runs >> 4;
            runs &= runs >> 8;
            runs &= runs >> (LONG - 16);
            if runs != 0 {
                return Some(start + runs.trailing_zeros() as usize);
            }
        }
        None
    }

    fn skip_to(&mut self, end: usize) {
        self.at = end;
        self.run = 0;
    }
}

/// One bit for each byte of the block, the first byte's lowest: whether it is part of a word.
fn mask(block: &[u8; BLOCK]) -> u64 {
    let words = block.map(|byte| u8::from(is_word(byte)));
    let (eights, _) = words.as_chunks::<8>();
    eights.iter().rev().fold(0, |mask, eight| {
        // Each byte of the product's sum lands in a bit of its own at the top.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask << 8 | bits
    })
}

/// Without branches, for the vectors of the processor.
fn is_word(byte: u8) -> bool {
    let lower = byte | 0x20;
    let letter = lower.wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'-') < 13;
    letter | digit | (lower == b'_' | 0x20) | (lower == b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_wherever_they_begin() {
        for length in [0, 1, 19, 20, 21, 63, 64, 65, 200] {
            for before in 0..140 {
                for after in [0, 1, 50] {
                    let text = format!("{}{}{}", " ".repeat(before), "a".repeat(length), ",".repeat(after));
                    let words: Vec<_> = long_words(text.as_bytes()).collect();
                    let expected = if length < 20 { vec![] } else { vec![before..before + length] };
                    assert_eq!(words, expected, "{length} bytes at {before}");
                }
            }
        }
        let text = format!("{0} {0},{0}", "Word-9._/~^-of-20-bytes");
        assert_eq!(long_words(text.as_bytes()).count(), 3);
    }

    #[test]
    fn every_byte_has_its_class() {
        for byte in 0..=u8::MAX {
            let expected = if is_word(byte) { u64::MAX } else { 0 };
            assert_eq!(mask(&[byte; BLOCK]), expected, "{byte:#x}");
        }
    }
}
