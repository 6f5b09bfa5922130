//! Which two neighbouring characters a token can span.

use crate::layout::{SPAN_BITS, lead, span_bit, tail, traits};

/// Where a token can hold the end of one character and the start of the next.
pub(crate) struct Spans {
    /// One bit for each hash of a pair (see [`span_bit`]).
    pub bits: Vec<u64>,
    /// One byte of [`traits`] for each code point of the basic multilingual plane.
    pub traits: Vec<u8>,
}

impl Spans {
    /// `count` says how many tokens the bytes of a character come to.
    pub(crate) fn new<'a>(tokens: impl Iterator<Item = &'a [u8]>, count: impl Fn(&[u8]) -> usize) -> Self {
        let mut spans = Self { bits: vec![0; 1 << (SPAN_BITS - 6)], traits: vec![0; 1 << 16] };
        for token in tokens {
            if let Some(parts) = Parts::of(token) {
                spans.add(&parts);
            }
        }
        for (code, traits) in (0..).zip(&mut spans.traits) {
            if let Some(character) = char::from_u32(code) {
                *traits |= (count(character.encode_utf8(&mut [0; 4]).as_bytes()) as u8) << traits::COUNT;
            }
        }
        spans
    }

    fn add(&mut self, parts: &Parts) {
        let mut left = parts.tail.map(|bytes| Left { code: tail(bytes), is_tail: true });
        for character in parts.whole.chars() {
            let code = u32::from(character);
            if let Some(left) = left {
                self.set(left, code);
            }
            left = Some(Left { code, is_tail: false });
        }
        let Some(left) = left else { return };
        match *parts.rest {
            [] => {}
            // Instead of every character that starts so: the trait says that the lead is worth a look.
            [first] if !left.is_tail => {
                self.set_bit(left.code, lead(first));
                self.set_trait(left.code, traits::BEFORE_LEAD);
            }
            _ => code_points(parts.rest).for_each(|right| self.set(left, right)),
        }
    }

    fn set(&mut self, left: Left, right: u32) {
        self.set_bit(left.code, right);
        if left.is_tail {
            self.set_trait(right, traits::AFTER_TAIL);
        }
    }

    fn set_bit(&mut self, left: u32, right: u32) {
        let bit = span_bit(left, right);
        self.bits[bit / 64] |= 1 << (bit % 64);
    }

    fn set_trait(&mut self, code: u32, bit: u8) {
        if let Some(traits) = self.traits.get_mut(code as usize) {
            *traits |= bit;
        }
    }
}

#[derive(Clone, Copy)]
struct Left {
    code: u32,
    is_tail: bool,
}

/// A token as the characters it touches.
struct Parts<'a> {
    /// The last bytes of a character, if it starts inside one.
    tail: Option<&'a [u8]>,
    whole: &'a str,
    /// The first bytes of a character, if it ends inside one.
    rest: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Nothing for a token that is no part of any UTF-8 text.
    fn of(token: &'a [u8]) -> Option<Self> {
        let start = token.iter().take_while(|&&byte| byte & 0xC0 == 0x80).count();
        if start > 3 {
            return None;
        }
        let (head, body) = token.split_at(start);
        let (whole, rest) = match str::from_utf8(body) {
            Ok(whole) => (whole, &[][..]),
            Err(error) if error.error_len().is_none() => {
                let (whole, rest) = body.split_at(error.valid_up_to());
                (str::from_utf8(whole).ok()?, rest)
            }
            Err(_) => return None,
        };
        Some(Self { tail: (start > 0).then_some(head), whole, rest })
    }
}

/// The code points of the characters that start with these bytes.
fn code_points(start: &[u8]) -> impl Iterator<Item = u32> {
    let (length, lead_bits) = match start[0] {
        0..0xE0 => (2, start[0] & 0x1F),
        0xE0..0xF0 => (3, start[0] & 0x0F),
        _ => (4, start[0] & 0x07),
    };
    let known = start[1..].iter().fold(u32::from(lead_bits), |code, &byte| code << 6 | u32::from(byte & 0x3F));
    let open = 6 * (length - start.len());
    known << open..(known + 1) << open
}
