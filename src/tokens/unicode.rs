//! The classes of characters that the patterns tell apart.

use super::layout::{CLASS_PAGE, class};

/// The pages of all code points and then the classes of the distinct pages, as `build/classes.rs` lays them out.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/classes.bin"));

/// Bytes of the table before the classes: one for each page.
const INDEX: usize = (char::MAX as usize + 1) / CLASS_PAGE;

/// A set of the classes in [`class`], or those that one character is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(u8);

impl Class {
    pub(super) const LETTER: Self = Self(class::LETTER);
    pub(super) const UPPER: Self = Self(class::UPPER);
    pub(super) const LOWER: Self = Self(class::LOWER);
    pub(super) const CASELESS: Self = Self(class::CASELESS);
    pub(super) const MARK: Self = Self(class::MARK);
    pub(super) const NUMBER: Self = Self(class::NUMBER);
    pub(super) const SPACE: Self = Self(class::SPACE);
    pub(super) const NEWLINE: Self = Self(class::NEWLINE);

    /// Either set.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the character is in a class of `set`.
    #[inline(always)]
    pub(super) fn is(self, set: Self) -> bool {
        self.0 & set.0 != 0
    }

    /// The classes of the character that starts at byte `at` of a UTF-8 text, and where it ends.
    #[inline(always)]
    pub(super) fn at(text: &[u8], at: usize) -> Option<(Self, usize)> {
        let (code, length) = decode(text.get(at..)?)?;
        Some((Self::of(code), at + length))
    }

    #[inline(always)]
    fn of(code: usize) -> Self {
        let page = usize::from(TABLE[code / CLASS_PAGE]);
        Self(TABLE[INDEX + page * CLASS_PAGE + code % CLASS_PAGE])
    }
}

/// The first character of a UTF-8 text and its length in bytes.
#[inline(always)]
pub(super) fn decode(text: &[u8]) -> Option<(usize, usize)> {
    let low = |byte: u8| usize::from(byte & 0x3F);
    match *text {
        [a @ 0..0x80, ..] => Some((usize::from(a), 1)),
        [a @ 0..0xE0, b, ..] => Some((usize::from(a & 0x1F) << 6 | low(b), 2)),
        [a @ 0..0xF0, b, c, ..] => Some((usize::from(a & 0x0F) << 12 | low(b) << 6 | low(c), 3)),
        [a, b, c, d, ..] => Some((usize::from(a & 0x07) << 18 | low(b) << 12 | low(c) << 6 | low(d), 4)),
        _ => None,
    }
}
