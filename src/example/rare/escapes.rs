//! What `\u` and four digits may stand for. In another script every letter is an escape, so most must say nothing.

use crate::example::Features;

/// What an escape may stand for, or be a part of, told from the digits at the start of `rest`, which stand behind `\u`.
pub(super) fn of_escape(rest: &[u8]) -> Features {
    let Some(code) = rest.first_chunk().and_then(code) else { return Features::NONE };
    let ascii = Features::SPECIAL_TOKENS.or(Features::SECRETS);
    match code {
        0x00..=0x1F => Features::CONTROL,
        0x30..=0x3F => ascii.or(Features::PLACEHOLDERS),
        0x20..=0x6F => ascii,
        0x70..=0x7F => ascii.or(Features::CONTROL).or(Features::PLACEHOLDERS),
        0x80..=0x9F => Features::CONTROL.or(Features::GARBLED),
        // Letters that text decoded as Windows-1252 begins with, what then follows, and what could not be decoded.
        0xC2 | 0xC3 | 0xD0 | 0xD1 | 0xF0 | 0x20A0..=0x20AF | 0xFFF0.. => Features::GARBLED,
        0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xDB40 => Features::INVISIBLE,
        _ => Features::NONE,
    }
}

fn code(digits: &[u8; 4]) -> Option<u32> {
    digits.iter().try_fold(0, |code, &digit| Some(code << 4 | char::from(digit).to_digit(16)?))
}
