//! Long words: secrets have one, and most lines have none.

use std::ops::Range;

/// So many bytes at least has the longest word of every secret but that of a database URL.
pub(crate) const LONG: u32 = 20;

/// So many bytes are looked at at once.
pub(crate) const BLOCK: usize = 64;

/// Finds words of at least [`LONG`] bytes, of letters, digits and `+,-./_~^`, in a text that is given block by block.
pub(crate) struct LongWords<'t> {
    text: &'t [u8],
    /// How many bytes of a word stand right before the next block, in the block there.
    before: u32,
    /// Where the last word ends that was found.
    done: usize,
}

impl<'t> LongWords<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        LongWords { text, before: 0, done: 0 }
    }

    /// Where long words may begin in the next block, or at its start if they began before; in most blocks nowhere. `mask`
    /// has a bit for each byte of the block that is part of a word, see [`mask`]; a few bits too many cost time and
    /// nothing else. What comes of it is for [`LongWords::words`].
    #[inline(always)]
    pub(crate) fn starts(&mut self, mask: u64) -> u64 {
        let goes_on = self.before + mask.trailing_ones() >= LONG;
        self.before = mask.leading_ones();
        // Bit n is left if the bits from n to n + 19 were set.
        let mut long = mask & mask >> 1;
        long &= long >> 2;
        long &= long >> 4;
        long &= long >> 8;
        long &= long >> (LONG - 16);
        long | u64::from(goes_on)
    }

    /// Calls `found` with each long word that begins at one of these places of the block at `at`, see
    /// [`LongWords::starts`].
    #[cold]
    pub(crate) fn words(&mut self, at: usize, mut long: u64, found: &mut impl FnMut(Range<usize>)) {
        while long != 0 {
            let inside = at + long.trailing_zeros() as usize;
            if inside >= self.done {
                let start = self.text[self.done..inside].iter().rposition(|&byte| !is_part(byte));
                let start = start.map_or(self.done, |before| self.done + before + 1);
                let length = self.text[inside..].iter().position(|&byte| !is_part(byte));
                let end = length.map_or(self.text.len(), |length| inside + length);
                if end - start >= LONG as usize {
                    found(start..end);
                }
                self.done = end.max(inside + 1);
            }
            long = u32::try_from(self.done - at)
                .ok()
                .and_then(|bits| u64::MAX.checked_shl(bits))
                .map_or(0, |rest| long & rest);
        }
    }
}

/// All long words of a text, without vector instructions of the newer kinds.
pub(crate) fn long_words(text: &[u8], mut found: impl FnMut(Range<usize>)) {
    let mut words = LongWords::new(text);
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    for (place, block) in blocks.iter().chain([&last]).enumerate() {
        let starts = words.starts(mask(block));
        if starts != 0 {
            words.words(place * BLOCK, starts, &mut found);
        }
    }
}

/// One bit for each byte of the block, the first byte's lowest: whether it is part of a word.
pub(crate) fn mask(block: &[u8; BLOCK]) -> u64 {
    let words = block.map(|byte| u8::from(is_word(byte)));
    let (eights, _) = words.as_chunks::<8>();
    eights.iter().rev().fold(0, |mask, eight| {
        // Each byte of the product's sum lands in a bit of its own at the top.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        mask << 8 | bits
    })
}

/// As [`is_word`], from a table: where there is one byte to look at, that is faster.
fn is_part(byte: u8) -> bool {
    const WORD: [bool; 256] = {
        let mut word = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            #[expect(clippy::cast_possible_truncation, reason = "up to 255")]
            let part = is_word(byte as u8);
            word[byte] = part;
            byte += 1;
        }
        word
    };
    WORD[usize::from(byte)]
}

/// Whether a byte is part of a word. Without branches, for the vectors of the processor.
const fn is_word(byte: u8) -> bool {
    let lower = byte | 0x20;
    let letter = lower.wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'+') < 15;
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
                    let text = format!("{}{}{}", " ".repeat(before), "a".repeat(length), ";".repeat(after));
                    let mut words = Vec::new();
                    long_words(text.as_bytes(), |word| words.push(word));
                    let expected =
                        if length < 20 { vec![] } else { std::iter::once(before..before + length).collect() };
                    assert_eq!(words, expected, "{length} bytes at {before}");
                }
            }
        }
        let text = format!("{0} {0};{0}", "Word-9._/~^-of-20-bytes");
        let mut count = 0;
        long_words(text.as_bytes(), |_| count += 1);
        assert_eq!(count, 3);
    }

    #[test]
    fn every_byte_has_its_class() {
        for byte in 0..=u8::MAX {
            let expected = if is_word(byte) { u64::MAX } else { 0 };
            assert_eq!(mask(&[byte; BLOCK]), expected, "{byte:#x}");
        }
    }
}
