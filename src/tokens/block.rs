//! Sixty-four bytes of text as bit masks, one bit a byte.

use super::wide::Wide;

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

/// The characters at the start of a block whose classes the masks can tell: no mask has a bit beyond them. A character
/// of several bytes has the bit of its class at each of them.
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
    /// Letters that are neither upper nor lower case.
    pub(super) caseless: u64,
    /// The bytes of `other` that do not begin their character.
    pub(super) tail: u64,
    /// The number of bytes.
    pub(super) length: u32,
}

impl Block {
    /// The block at the start of a text with these masks.
    #[inline(always)]
    pub(super) fn new(masks: Masks, rest: &[u8]) -> Self {
        let (wide, length) = if masks.non_ascii == 0 {
            (Wide::default(), BLOCK as u32)
        } else {
            Wide::of(&rest[..rest.len().min(BLOCK)], masks.non_ascii)
        };
        let ascii = !masks.non_ascii & low(length);
        let letter = masks.letter & ascii | wide.letter;
        let [digit, blank, newline] = [masks.digit, masks.blank, masks.newline].map(|mask| mask & ascii);
        Self {
            letter,
            upper: masks.upper & ascii | wide.upper,
            digit,
            space: masks.space & ascii,
            blank,
            newline,
            apostrophe: masks.apostrophe & ascii,
            slash: masks.slash & ascii,
            other: !(letter | digit | blank | newline) & low(length),
            caseless: wide.caseless,
            tail: wide.tail,
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
        None => last_bytes(rest),
    }
}

/// All bytes of a short text, and zeros. Not by a copy of so many bytes: that is a call.
#[inline(never)]
fn last_bytes<const LENGTH: usize>(text: &[u8]) -> [u8; LENGTH] {
    std::array::from_fn(|at| text.get(at).copied().unwrap_or(0))
}

/// As [`bytes_at`], as a number.
#[inline(always)]
pub(super) fn u64_at(text: &[u8], start: usize) -> u64 {
    match text[start..].first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => match text.last_chunk() {
            Some(last) => u64::from_le_bytes(*last).checked_shr(missing_bits(text, start, 8)).unwrap_or(0),
            None => u64::from_le_bytes(last_bytes(&text[start..])),
        },
    }
}

/// As [`bytes_at`], as a number.
#[inline(always)]
pub(super) fn u128_at(text: &[u8], start: usize) -> u128 {
    match text[start..].first_chunk() {
        Some(bytes) => u128::from_le_bytes(*bytes),
        None => match text.last_chunk() {
            Some(last) => u128::from_le_bytes(*last).checked_shr(missing_bits(text, start, 16)).unwrap_or(0),
            None => u128::from_le_bytes(last_bytes(&text[start..])),
        },
    }
}

/// How many bits of so many bytes from `start` on are beyond the end of a text.
#[inline(always)]
fn missing_bits(text: &[u8], start: usize, bytes: usize) -> u32 {
    u8::BITS * (start + bytes - text.len()) as u32
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
    use crate::tokens::processor::{Portable, Processor};
    use crate::tokens::unicode::Class;
    use crate::tokens::wide::MOST;
    #[cfg(target_arch = "x86_64")]
    use crate::{avx2::Avx2, tokens::avx512::Avx512};

    /// The masks of the characters at the start of a block, up to the first that they do not tell.
    fn expected(text: &str) -> Block {
        let is_told = |char: &char| {
            let class = class(*char);
            char.is_ascii() || !class.is(Class::MARK.or(Class::NUMBER).or(Class::SPACE))
        };
        let is_dense = text.bytes().take(BLOCK).filter(|byte| !byte.is_ascii()).count() > MOST as usize;
        let chars: Vec<(usize, char)> = text
            .char_indices()
            .take_while(|(at, char)| is_told(char) && at + char.len_utf8() <= BLOCK)
            .take_while(|(_, char)| char.is_ascii() || !is_dense)
            .collect();
        let whole = |at: usize, char: char| low((at + char.len_utf8()) as u32) & !low(at as u32);
        let mask = |test: &dyn Fn(char) -> bool| {
            chars.iter().filter(|(_, char)| test(*char)).fold(0, |mask, &(at, char)| mask | whole(at, char))
        };
        let is = |set: Class| move |char| class(char).is(set);
        let other = mask(&|char| !class(char).is(Class::LETTER.or(Class::NUMBER).or(Class::SPACE)));
        let first = chars.iter().fold(0, |first, &(at, _)| first | 1 << at);
        Block {
            letter: mask(&is(Class::LETTER)),
            upper: mask(&is(Class::UPPER)),
            caseless: mask(&is(Class::CASELESS)),
            digit: mask(&|char| char.is_ascii_digit()),
            space: mask(&|char| char == ' '),
            blank: mask(&|char| matches!(char, ' ' | '\t' | '\x0B' | '\x0C')),
            newline: mask(&|char| matches!(char, '\r' | '\n')),
            apostrophe: mask(&|char| char == '\''),
            slash: mask(&|char| char == '/'),
            tail: other & !first,
            other,
            length: chars.last().map_or(0, |(at, char)| at + char.len_utf8()) as u32,
        }
    }

    fn class(char: char) -> Class {
        let mut bytes = [0; 4];
        Class::at(char.encode_utf8(&mut bytes).as_bytes(), 0).unwrap().0
    }

    fn check(text: &str) {
        let expected = expected(text);
        let text = text.as_bytes();
        assert_eq!(Block::new(Portable.classify(text), text), expected, "{text:?}");
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = Avx2::detect() {
            assert_eq!(Block::new(avx2.classify(text), text), expected, "AVX2 of {text:?}");
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = Avx512::detect() {
            assert_eq!(Block::new(avx512.classify(text), text), expected, "AVX-512 of {text:?}");
        }
    }

    #[test]
    fn every_character_at_every_place() {
        // One of each class and length, and all of ASCII.
        let wide = "éßÉǅªºʰñДж—“…·́١²\u{a0}\u{2028}\u{3000}中あ한ก😀𝐀𐐀𐐨\u{e000}\u{fffd}";
        for char in (0..=0x7F_u8).map(char::from).chain(wide.chars()) {
            for at in 0..=BLOCK {
                for fill in ["a", " ", "\0", "\x7F", "B'", "é", "É—", "a1中"] {
                    let before: String = fill.chars().cycle().take(at).collect();
                    check(&format!("{before}{char}{}", fill.repeat(BLOCK / fill.len())));
                }
            }
        }
    }

    #[test]
    fn bytes_beyond_the_end_are_zeros() {
        let text: Vec<u8> = (1..40).collect();
        for text in (0..text.len()).map(|length| &text[..length]) {
            for start in 0..=text.len() {
                assert_eq!(u64_at(text, start), u64::from_le_bytes(bytes_at(text, start)));
                assert_eq!(u128_at(text, start), u128::from_le_bytes(bytes_at(text, start)));
            }
        }
    }

    #[test]
    fn no_mask_goes_beyond_the_text() {
        for length in 0..=BLOCK {
            check(&"x".repeat(length));
            check(&"é".repeat(length / 2));
            check(&format!("{}—", "y".repeat(length)));
        }
    }
}
