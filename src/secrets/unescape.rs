//! JSON escapes undone in any text, however broken, with the way back.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

/// A text without one level of escapes.
pub(super) struct Unescaped {
    pub text: Vec<u8>,
    /// Where each byte of `text` comes from, and where the text ends.
    starts: Vec<usize>,
}

impl Unescaped {
    /// The bytes that became `range`.
    pub(super) fn origin(&self, range: Range<usize>) -> Range<usize> {
        self.starts[range.start]..self.starts[range.end]
    }

    /// The same with places in what `outer` came from.
    pub(super) fn within(mut self, outer: &Unescaped) -> Unescaped {
        for start in &mut self.starts {
            *start = outer.starts[*start];
        }
        self
    }
}

/// Undoes escapes; `None` if there are none that could hide a part of a secret.
pub(super) fn unescape(text: &[u8]) -> Option<Unescaped> {
    let mut hiding = memchr_iter(b'\\', text).filter(|&at| matches!(text.get(at + 1), Some(b'u' | b'/' | b'\\')));
    hiding.next()?;
    let mut out = Unescaped { text: Vec::with_capacity(text.len()), starts: Vec::with_capacity(text.len() + 1) };
    let mut at = 0;
    while at < text.len() {
        // What stands for itself goes over in one piece.
        let run = memchr(b'\\', &text[at..]).unwrap_or(text.len() - at);
        out.text.extend_from_slice(&text[at..at + run]);
        out.starts.extend(at..at + run);
        at += run;
        let (bytes, length) = match &text[at..] {
            [] => break,
            [b'\\', b'u', digits @ ..] if digits.len() >= 4 => match hex(&digits[..4]) {
                // What is not ASCII is part of no secret.
                Some(unit) => (Some(u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(0xFF)), 6),
                None => (None, 1),
            },
            [b'\\', b'n', ..] => (Some(b'\n'), 2),
            [b'\\', b'r', ..] => (Some(b'\r'), 2),
            [b'\\', b't', ..] => (Some(b'\t'), 2),
            [b'\\', b'b' | b'f', ..] => (Some(b' '), 2),
            [b'\\', c @ (b'"' | b'\\' | b'/'), ..] => (Some(*c), 2),
            _ => (None, 1),
        };
        out.text.push(bytes.unwrap_or(text[at]));
        out.starts.push(at);
        at += length;
    }
    out.starts.push(text.len());
    Some(out)
}

fn hex(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
