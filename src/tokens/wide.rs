//! The characters of a block that are not ASCII, as bits beside the masks.

use super::block::low;
use super::unicode::Class;

/// Of more bytes than these that are not ASCII nothing is told: that is faster piece by piece.
pub(super) const MOST: u32 = 40;

/// Classes that masks do not tell apart: a mark is letter or other as it comes, and digits and whitespace are counted in
/// characters.
const UNTOLD: Class = Class::MARK.or(Class::NUMBER).or(Class::SPACE);

/// Bits for all bytes of characters that are not ASCII.
#[derive(Default)]
pub(super) struct Wide {
    pub(super) letter: u64,
    pub(super) upper: u64,
    pub(super) caseless: u64,
    /// The bytes of characters that are no letters, but for their first ones.
    pub(super) tail: u64,
}

impl Wide {
    /// Of the bytes of a block, some of which are `not_ascii`; and up to where this tells them all. Inline, so that it is
    /// compiled for the processor.
    #[inline(always)]
    pub(super) fn of(bytes: &[u8], not_ascii: u64) -> (Self, u32) {
        let mut wide = Self::default();
        let length = bytes.len() as u32;
        let mut not_ascii = not_ascii & low(length);
        if not_ascii.count_ones() > MOST {
            return (wide, not_ascii.trailing_zeros());
        }
        while not_ascii != 0 {
            let at = not_ascii.trailing_zeros();
            let Some((class, end)) = Class::at(bytes, at as usize).filter(|(class, _)| !class.is(UNTOLD)) else {
                return (wide, at);
            };
            let whole = low(end as u32) & !low(at);
            let bits = |set| if class.is(set) { whole } else { 0 };
            wide.letter |= bits(Class::LETTER);
            wide.upper |= bits(Class::UPPER);
            wide.caseless |= bits(Class::CASELESS);
            wide.tail |= whole & (whole << 1) & !bits(Class::LETTER);
            not_ascii &= !whole;
        }
        (wide, length)
    }
}
