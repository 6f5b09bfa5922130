//! The short way through ordinary JSON: one pass, with the tape that simd-json would make.
//!
//! simd-json looks at every byte for structure before it reads a value. That pays in numbers and short names; lines of
//! training data are mostly long strings, of which only the end is looked for here while they are copied. What is not
//! ordinary, or no JSON at all, is left to simd-json: nothing is refused here. What is taken is what was copied, since a
//! mapped file may change while it is read. `tests/parsers.rs` holds both ways
//! against serde_json.
#![allow(unsafe_code)]

mod repeated;

use std::arch::x86_64::{
    __m256i, _bzhi_u32, _mm256_cmpeq_epi8, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    _mm256_storeu_si256,
};

use simd_json::{Node, StaticNode};

use super::identity::Repeat;
use super::{MAX_DEPTH, Seen, mark};
use crate::avx2::{Avx2, load};
use repeated::{LISTS, Repeated};

/// The bytes that are copied at a time.
const BLOCK: usize = 32;

/// Longer texts are for simd-json, whose copy can be of large pages, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// Powers of ten that a double holds exactly.
const TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// An object or array whose end is not reached.
#[derive(Clone, Copy)]
struct Open {
    /// Where it stands on the tape.
    node: usize,
    /// Members or elements so far.
    len: usize,
    /// A bit for each key so far: keys with different bits are different.
    marks: u64,
    is_object: bool,
}

/// The proof that the processor can do this, and the memory that it takes, reused from text to text.
pub(super) struct OnePass {
    avx2: Avx2,
    strings: Vec<u8>,
    suspects: Vec<u32>,
    repeated: Repeated,
    repeats: Vec<Repeat>,
    open: Vec<Open>,
}

impl OnePass {
    pub(super) fn new() -> Option<Self> {
        Avx2::detect().map(|avx2| OnePass {
            avx2,
            strings: Vec::new(),
            suspects: Vec::new(),
            repeated: Repeated::default(),
            repeats: Vec::new(),
            open: Vec::new(),
        })
    }

    /// Fills the tape; `None` if that is for simd-json to do.
    pub(super) fn read<'p>(&'p mut self, source: &[u8], nodes: &mut Vec<Node<'p>>) -> Option<Seen<'p>> {
        if source.len() > LONGEST {
            return None;
        }
        // What is repeated takes its text and its decoded strings, and behind what is decoded last a block is stored.
        let room = 2 * source.len() + BLOCK;
        if self.strings.len() < room {
            self.strings = Vec::new(); // the old one goes before the new one comes
            self.strings = vec![0; room.next_power_of_two()];
        }
        let Self { avx2, strings, suspects, repeated, repeats, open } = self;
        nodes.clear();
        suspects.clear();
        repeats.clear();
        open.clear();
        let mut pass = Pass { source, nodes, suspects, repeated, repeats, open };
        avx2.run(&mut pass, strings)?;
        Some(Seen { suspects, repeats })
    }
}

/// What a pass reads, and what it fills but for the strings.
struct Pass<'r, 'p> {
    source: &'r [u8],
    nodes: &'r mut Vec<Node<'p>>,
    suspects: &'r mut Vec<u32>,
    repeated: &'r mut Repeated,
    repeats: &'r mut Vec<Repeat>,
    open: &'r mut Vec<Open>,
}

impl Avx2 {
    fn run<'p>(self, pass: &mut Pass<'_, 'p>, strings: &'p mut [u8]) -> Option<()> {
        // SAFETY: an `Avx2` is made only where the processor has it.
        unsafe { one_pass(pass, strings) }
    }
}

/// All of it is one loop, so that a string is read in one place, and where the pass is stays in registers.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn one_pass<'p>(pass: &mut Pass<'_, 'p>, mut strings: &'p mut [u8]) -> Option<()> {
    let Pass { source, nodes, suspects, repeated, repeats, open } = pass;
    let mut at = 0;
    // The innermost container. The first one stands for what is around the text, and is never closed.
    let mut inner = Open { node: 0, len: 0, marks: 0, is_object: false };
    let mut is_key = false;
    // Whether this is a list of which the elements are remembered, and where one begins.
    let mut remembers = false;
    let mut start = 0;
    loop {
        // A value or a key.
        let first;
        (first, at) = next(source, at)?;
        at += 1;
        match first {
            b'"' => {
                let text;
                (text, at, strings) = string(source, at, strings)?;
                nodes.push(Node::String(text));
                if is_key {
                    let mark = mark(text);
                    if inner.marks & mark != 0 {
                        suspects.push(inner.node as u32);
                    }
                    inner.marks |= mark;
                    if open.len() == 1 {
                        remembers = LISTS.contains(&text);
                    }
                    let colon;
                    (colon, at) = next(source, at)?;
                    if colon != b':' {
                        return None;
                    }
                    at += 1;
                    is_key = false;
                    continue;
                }
            }
            _ if is_key => return None,
            b'{' | b'[' => {
                let known = if remembers && open.len() == 2 {
                    start = at - 1;
                    repeated.put((source, start), &mut strings, nodes)
                } else {
                    None
                };
                if let Some(repeat) = known {
                    repeats.push(repeat);
                    at = repeat.end;
                } else {
                    if open.len() == MAX_DEPTH {
                        return None;
                    }
                    open.push(inner);
                    inner = Open { node: nodes.len(), len: 0, marks: 0, is_object: first == b'{' };
                    nodes.push(Node::Static(StaticNode::Null)); // until its end is reached
                    let byte;
                    (byte, at) = next(source, at)?;
                    is_key = inner.is_object;
                    if byte != closing(inner) {
                        continue;
                    }
                    at += 1;
                    nodes[inner.node] = container(inner, 0);
                    inner = open.pop()?;
                }
            }
            _ => {
                let value;
                (value, at) = scalar(source, at - 1)?;
                nodes.push(Node::Static(value));
            }
        }
        // Behind a value.
        loop {
            if open.is_empty() {
                return source[at..].iter().all(|&byte| is_space(byte)).then_some(());
            }
            inner.len += 1;
            let byte;
            (byte, at) = next(source, at)?;
            at += 1;
            if byte == b',' {
                is_key = inner.is_object;
                break;
            }
            if byte != closing(inner) {
                return None;
            }
            let node = inner.node;
            nodes[node] = container(inner, nodes.len() - node - 1);
            inner = open.pop()?;
            if remembers && open.len() == 2 && suspects.last().is_none_or(|&suspect| (suspect as usize) < node) {
                repeated.meet(&source[start..at], &nodes[node..]);
            }
        }
    }
}

#[inline]
fn closing(open: Open) -> u8 {
    if open.is_object { b'}' } else { b']' }
}

#[inline]
fn container<'p>(Open { len, is_object, .. }: Open, count: usize) -> Node<'p> {
    if is_object { Node::Object { len, count } } else { Node::Array { len, count } }
}

/// The next byte that is no white space, and where it stands.
#[inline]
fn next(source: &[u8], mut at: usize) -> Option<(u8, usize)> {
    let mut byte = *source.get(at)?;
    // Most often there is none, or one space.
    if byte == b' ' {
        at += 1;
        byte = *source.get(at)?;
    }
    while byte <= b' ' {
        if !is_space(byte) {
            return None;
        }
        at += 1;
        byte = *source.get(at)?;
    }
    Some((byte, at))
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// A string, from behind its opening quote: its text, decoded to the room, where it ends, and the room that is left.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn string<'p>(source: &[u8], mut at: usize, room: &'p mut [u8]) -> Option<(&'p str, usize, &'p mut [u8])> {
    let (mut length, mut beyond_ascii) = (0, 0);
    let behind = 'blocks: loop {
        let start = at;
        let bytes = block(source, start);
        store(room.get_mut(length..)?.first_chunk_mut()?, bytes);
        let mut high = _mm256_movemask_epi8(bytes).cast_unsigned();
        let mut ends = ends(bytes);
        while ends != 0 {
            let place = ends.trailing_zeros();
            let end = start + place as usize;
            length += end - at;
            match *source.get(end)? {
                b'"' => {
                    beyond_ascii |= _bzhi_u32(high, place);
                    break 'blocks end + 1;
                }
                b'\\' => (at, length) = escapes(source, end, room, length)?,
                _ => return None,
            }
            let behind = (at - start) as u32;
            let Some(rest) = u32::MAX.checked_shl(behind) else {
                beyond_ascii |= high;
                continue 'blocks;
            };
            ends &= rest;
            // What is behind the escape moves up. It is read once more, and a mapped file may have changed: what counts is
            // what is stored.
            let moved = block(source, at);
            high |= _mm256_movemask_epi8(moved).cast_unsigned() << behind;
            store(room.get_mut(length..)?.first_chunk_mut()?, moved);
        }
        beyond_ascii |= high;
        length += start + BLOCK - at;
        at = start + BLOCK;
    };
    let (text, room) = room.split_at_mut(length);
    let text = if beyond_ascii == 0 {
        // SAFETY: every byte is one of ASCII, but for characters that were encoded here.
        unsafe { std::str::from_utf8_unchecked(text) }
    } else {
        simdutf8::basic::from_utf8(text).ok()?
    };
    Some((text, behind, room))
}

/// What is neither string nor container, and where it ends.
fn scalar(source: &[u8], at: usize) -> Option<(StaticNode, usize)> {
    let literal = |literal: &[u8], value| source[at..].starts_with(literal).then_some((value, at + literal.len()));
    match source[at] {
        b't' => literal(b"true", StaticNode::Bool(true)),
        b'f' => literal(b"false", StaticNode::Bool(false)),
        b'n' => literal(b"null", StaticNode::Null),
        _ => number(source, at),
    }
}

/// An integer, or a number with a few decimals.
fn number(source: &[u8], at: usize) -> Option<(StaticNode, usize)> {
    let is_negative = source[at] == b'-';
    let start = at + usize::from(is_negative);
    let (integer, end) = digits(source, start, 0);
    let whole = end - start;
    if whole == 0 || whole > 1 && source[start] == b'0' {
        return None;
    }
    match source.get(end) {
        Some(b'.') => {
            let (digits, end_of_decimals) = digits(source, end + 1, integer);
            let decimals = end_of_decimals - end - 1;
            // What a double holds exactly, divided by what it holds exactly, is rounded once.
            let is_exact = decimals > 0 && whole + decimals < TENS.len() && integer > 0;
            if !is_exact || matches!(source.get(end_of_decimals), Some(b'e' | b'E')) {
                return double(source, at, end);
            }
            let value = digits as f64 / TENS[decimals];
            Some((StaticNode::F64(if is_negative { -value } else { value }), end_of_decimals))
        }
        Some(b'e' | b'E') => double(source, at, end),
        // What may not fit 64 bits, and the integer -0.
        _ if whole > 18 || is_negative && integer == 0 => None,
        _ if is_negative => Some((StaticNode::I64(-integer.cast_signed()), end)),
        _ => Some((StaticNode::U64(integer), end)),
    }
}

/// A number with decimals or an exponent, whose first digits end at `end`; `None` if no double is near.
#[cold]
fn double(source: &[u8], at: usize, mut end: usize) -> Option<(StaticNode, usize)> {
    let more = |from: usize| Some(digits(source, from, 0).1).filter(|end| *end > from);
    if source.get(end) == Some(&b'.') {
        end = more(end + 1)?;
    }
    if let Some(b'e' | b'E') = source.get(end) {
        let is_signed = matches!(source.get(end + 1), Some(b'+' | b'-'));
        end = more(end + 1 + usize::from(is_signed))?;
    }
    let value: f64 = std::str::from_utf8(&source[at..end]).ok()?.parse().ok()?;
    value.is_finite().then_some((StaticNode::F64(value), end))
}

/// The digits from `at` on, behind those that make `number`, and where they end. Of too many nothing can be said.
fn digits(text: &[u8], mut at: usize, mut number: u64) -> (u64, usize) {
    while let Some(digit @ b'0'..=b'9') = text.get(at) {
        number = number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    (number, at)
}

/// The bytes from `at` on; behind the end there are zeros, which end a string.
#[inline]
#[target_feature(enable = "avx2")]
fn block(source: &[u8], at: usize) -> __m256i {
    match source.get(at..).and_then(|rest| rest.first_chunk()) {
        Some(block) => load(block),
        None => load(&last_block(source, at)),
    }
}

#[cold]
fn last_block(source: &[u8], at: usize) -> [u8; BLOCK] {
    let rest = source.get(at..).unwrap_or_default();
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    block
}

#[inline]
#[target_feature(enable = "avx2")]
fn store(room: &mut [u8; BLOCK], block: __m256i) {
    // SAFETY: there is room for the 32 bytes, and this store asks for no alignment.
    unsafe { _mm256_storeu_si256(room.as_mut_ptr().cast(), block) }
}

/// Where a run of bytes ends that stand for themselves in a string: at quotes, backslashes and control characters.
#[inline]
#[target_feature(enable = "avx2")]
fn ends(block: __m256i) -> u32 {
    let last_control = _mm256_set1_epi8(0x1F);
    let control = _mm256_cmpeq_epi8(_mm256_min_epu8(block, last_control), block);
    let quote = _mm256_cmpeq_epi8(block, _mm256_set1_epi8(b'"'.cast_signed()));
    let backslash = _mm256_cmpeq_epi8(block, _mm256_set1_epi8(b'\\'.cast_signed()));
    _mm256_movemask_epi8(_mm256_or_si256(control, _mm256_or_si256(quote, backslash))).cast_unsigned()
}

/// What an escape of one letter stands for; 0 if it is none.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let pairs = [b"\"\"", b"\\\\", b"//", b"b\x08", b"f\x0C", b"n\n", b"r\r", b"t\t"];
    let mut pair = 0;
    while pair < pairs.len() {
        letters[pairs[pair][0] as usize] = pairs[pair][1];
        pair += 1;
    }
    letters
};

/// Decodes the escapes from `at` on, as many as there are in a row, to `length` in the room: where both end.
#[inline]
fn escapes(source: &[u8], mut at: usize, room: &mut [u8], mut length: usize) -> Option<(usize, usize)> {
    loop {
        let letter = *source.get(at + 1)?;
        let byte = LETTERS[usize::from(letter)];
        if byte == 0 {
            let code;
            (code, at) = unicode(source, at)?;
            length += encode(code, room.get_mut(length..)?.first_chunk_mut()?);
        } else {
            *room.get_mut(length)? = byte;
            at += 2;
            length += 1;
        }
        if *source.get(at)? != b'\\' {
            return Some((at, length));
        }
    }
}

/// The code point that the escape at `at` stands for, with the one behind it if they are a pair, and where that ends.
#[inline]
fn unicode(source: &[u8], at: usize) -> Option<(u32, usize)> {
    let first = unit(source, at)?;
    if first & 0xF800 != 0xD800 {
        return Some((first, at + 6));
    }
    let second = unit(source, at + 6)?;
    if first & 0xFC00 != 0xD800 || second & 0xFC00 != 0xDC00 {
        return None;
    }
    Some((0x1_0000 + ((first & 0x3FF) << 10 | second & 0x3FF), at + 12))
}

/// Writes a code point in UTF-8, and tells how many bytes that takes: all at once, where the compiler would go through
/// vectors.
#[inline]
fn encode(code: u32, room: &mut [u8; 4]) -> usize {
    let last = |shift: u32| 0x80 | code >> shift & 0x3F;
    let (bytes, length) = match code {
        0..0x80 => (code, 1),
        0x80..0x800 => (0xC0 | code >> 6 | last(0) << 8, 2),
        0x800..0x1_0000 => (0xE0 | code >> 12 | last(6) << 8 | last(0) << 16, 3),
        _ => (0xF0 | code >> 18 | last(12) << 8 | last(6) << 16 | last(0) << 24, 4),
    };
    *room = bytes.to_le_bytes();
    length
}

/// The unit of UTF-16 that is escaped at `at`.
#[inline]
fn unit(source: &[u8], at: usize) -> Option<u32> {
    let &[b'\\', b'u', digits @ ..] = source.get(at..)?.first_chunk::<6>()? else { return None };
    let [a, b, c, d] = digits.map(|digit| u32::from(HEX[usize::from(digit)]));
    (a | b | c | d < 16).then_some(a << 12 | b << 8 | c << 4 | d)
}

/// The value of a hexadecimal digit; 255 if it is none.
const HEX: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let digits = b"0123456789abcdef";
    let mut value = 0;
    while value < digits.len() {
        values[digits[value] as usize] = value as u8;
        values[digits[value].to_ascii_uppercase() as usize] = value as u8;
        value += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use crate::json::Parser;

    #[test]
    fn ordinary_texts_take_the_short_way() {
        let mut parser = Parser::default();
        let has_avx2 = parser.one_pass.is_some();
        for text in [
            "{}",
            " [ ] ",
            "1",
            r#"{"messages": [{"role": "user", "content": "a \"quoted\" word,\n\u4e2d\ud83d\ude00 é"}]}"#,
            r#"[1, -2, 0.5, -0.25, 1e5, 0.30000000000000004, true, false, null, {"a": [[], {}]}]"#,
        ] {
            assert_eq!(parser.parse(text.as_bytes()).unwrap().seen.is_some(), has_avx2, "{text}");
        }
        for text in ["[-0]", "[12345678901234567890]"] {
            assert!(parser.parse(text.as_bytes()).unwrap().seen.is_none(), "{text}");
        }
    }
}
