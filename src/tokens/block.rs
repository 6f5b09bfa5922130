//! Sixty-four bytes of text as bit masks, one bit a byte.

/// Bytes of a block.
pub(super) const BLOCK: usize = u64::BITS as usize;

/// The classes of the bytes of a block. The bit of a byte that is not ASCII means nothing but in `non_ascii`.
#[derive(Clone, Copy, Default)]
pub(super) struct Masks {
    pub(super) letter: u64,
    pub(super) upper: u64,
    pub(super) digit: u64,
    pub(super) space: u64,
    /// Whitespace but for newlines.
    pub(super) blank: u64,
    /// Line feed and carriage return.
    pub(super) newline: u64,
    pub(super) apostrophe: u64,
    pub(super) slash: u64,
    pub(super) non_ascii: u64,
}

/// The ASCII bytes at the start of a block: no mask has a bit beyond them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) letter: u64,
    pub(super) upper: u64,
    pub(super) digit: u64,
    pub(super) space: u64,
    pub(super) blank: u64,
    pub(super) newline: u64,
    pub(super) apostrophe: u64,
    pub(super) slash: u64,
    /// Neither letter nor digit nor whitespace.
    pub(super) other: u64,
    /// The number of bytes.
    pub(super) length: u32,
}

impl From<Masks> for Block {
    #[inline(always)]
    fn from(masks: Masks) -> Self {
        let length = masks.non_ascii.trailing_zeros();
        let ascii = low(length);
        let known = masks.letter | masks.digit | masks.blank | masks.newline;
        Self {
            letter: masks.letter & ascii,
            upper: masks.upper & ascii,
            digit: masks.digit & ascii,
            space: masks.space & ascii,
            blank: masks.blank & ascii,
            newline: masks.newline & ascii,
            apostrophe: masks.apostrophe & ascii,
            slash: masks.slash & ascii,
            other: !known & ascii,
            length,
        }
    }
}

/// The lowest `count` bits.
#[inline(always)]
pub(super) fn low(count: u32) -> u64 {
    if count < u64::BITS { (1 << count) - 1 } else { u64::MAX }
}

/// The bit `at`, none if it is beyond the block.
#[inline(always)]
pub(super) fn bit(at: u32) -> u64 {
    1_u64.checked_shl(at).unwrap_or(0)
}

/// The mask of the bytes that come after a byte of `mask`.
#[inline(always)]
pub(super) fn after(mask: u64) -> u64 {
    mask << 1
}

/// The bytes at byte `start` of a text, with zeros beyond its end.
#[inline(always)]
pub(super) fn bytes_at<const LENGTH: usize>(text: &[u8], start: usize) -> [u8; LENGTH] {
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

/// The block at byte `at` of a text. What is beyond the end is filled with bytes that are not ASCII.
#[inline(always)]
pub(super) fn with_block<R>(text: &[u8], at: usize, classify: impl Fn(&[u8; BLOCK]) -> R) -> R {
    let rest = &text[at..];
    match rest.first_chunk() {
        Some(block) => classify(block),
        None => {
            let mut block = [0x80; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            classify(&block)
        }
    }
}

/// The masks of a block, eight bytes at a time on any machine.
#[inline(always)]
pub(super) fn classify(block: &[u8; BLOCK]) -> Masks {
    let mut masks = Masks::default();
    for (index, &bytes) in block.as_chunks().0.iter().enumerate() {
        let word = Word::new(bytes);
        let place = |found: u64| found << (8 * index);
        let lines = word.within(b'\n', b'\n') | word.within(b'\r', b'\r');
        masks.letter |= place(pack(word.lower().within(b'a', b'z')));
        masks.upper |= place(pack(word.within(b'A', b'Z')));
        masks.digit |= place(pack(word.within(b'0', b'9')));
        masks.space |= place(pack(word.within(b' ', b' ')));
        masks.blank |= place(pack((word.within(b'\t', b'\r') | word.within(b' ', b' ')) & !lines));
        masks.newline |= place(pack(lines));
        masks.apostrophe |= place(pack(word.within(b'\'', b'\'')));
        masks.slash |= place(pack(word.within(b'/', b'/')));
        masks.non_ascii |= place(pack(u64::from_le_bytes(bytes) & HIGH));
    }
    masks
}

/// The high bit of each byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Each byte one.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Eight bytes without their high bits, so that sums of two bytes do not carry into the next.
#[derive(Clone, Copy)]
struct Word(u64);

impl Word {
    #[inline(always)]
    fn new(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes) & !HIGH)
    }

    /// Letters in lower case; other bytes change as well, but none becomes a letter.
    #[inline(always)]
    fn lower(self) -> Self {
        Self(self.0 | (0x20 * ONES))
    }

    /// The high bits of the bytes from `first` to `last`, both ASCII.
    #[inline(always)]
    fn within(self, first: u8, last: u8) -> u64 {
        let from_first = self.0 + u64::from(0x80 - first) * ONES;
        let beyond_last = self.0 + u64::from(0x7F - last) * ONES;
        from_first & !beyond_last & HIGH
    }
}

/// The high bits of eight bytes as the low bits of a number.
#[inline(always)]
fn pack(high_bits: u64) -> u64 {
    (high_bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The masks of a block, byte by byte.
    fn expected(block: &[u8; BLOCK]) -> Block {
        let mask = |test: fn(&u8) -> bool| {
            (0..)
                .zip(block.iter().take_while(|byte| byte.is_ascii()))
                .fold(0, |mask, (at, byte)| mask | u64::from(test(byte)) << at)
        };
        Block {
            letter: mask(u8::is_ascii_alphabetic),
            upper: mask(u8::is_ascii_uppercase),
            digit: mask(u8::is_ascii_digit),
            space: mask(|&byte| byte == b' '),
            blank: mask(|&byte| matches!(byte, b' ' | b'\t' | 0xB | 0xC)),
            newline: mask(|&byte| matches!(byte, b'\r' | b'\n')),
            apostrophe: mask(|&byte| byte == b'\''),
            slash: mask(|&byte| byte == b'/'),
            other: mask(|&byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b' ' | 0x9..=0xD)),
            length: block.iter().take_while(|byte| byte.is_ascii()).count() as u32,
        }
    }

    #[test]
    fn every_byte_at_every_place() {
        for byte in 0..=u8::MAX {
            for at in 0..BLOCK {
                for fill in [b'a', b' ', 0, 0x7F, byte] {
                    let mut block = [fill; BLOCK];
                    block[at] = byte;
                    assert_eq!(Block::from(classify(&block)), expected(&block));
                    #[cfg(target_arch = "x86_64")]
                    if let Some(avx2) = crate::avx2::Avx2::detect() {
                        assert_eq!(Block::from(avx2.classify(&block)), expected(&block));
                    }
                }
            }
        }
    }

    #[test]
    fn end_of_text_is_not_ascii() {
        let text = "x".repeat(BLOCK);
        for at in 0..=BLOCK {
            let block = with_block(text.as_bytes(), at, |block| Block::from(classify(block)));
            assert_eq!(block.length as usize, BLOCK - at);
        }
    }
}
