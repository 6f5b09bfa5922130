//! simd-json, and the one pass that goes before it, against serde_json and the standard library: all take the same texts
//! and read the same values. Where they differ stands in ARCHITECTURE.md and here, and nowhere else.
//!
//! More texts than the usual number: `FTLINT_PARSER_TEXTS=10000000 cargo test --release --test parsers`.

use std::fmt::Write as _;

#[path = "common/tape.rs"]
mod tape;

use ftlint::json::{MAX_DEPTH, NodeId, Parser};
use serde_json::Value;
use tape::is_same;

/// How many texts each of the random tests makes.
fn texts() -> usize {
    std::env::var("FTLINT_PARSER_TEXTS").map_or(60_000, |count| count.parse().expect("a number"))
}

/// The parser as this processor has it and simd-json alone, and how often texts were taken and refused: a test of which
/// all texts are refused would show nothing.
struct Judge {
    parsers: [Parser; 2],
    taken: usize,
    refused: usize,
}

impl Default for Judge {
    fn default() -> Self {
        Judge { parsers: [Parser::default(), Parser::portable()], taken: 0, refused: 0 }
    }
}

impl Judge {
    /// Panics unless all parsers say the same of a text, wherever it stands in the blocks that they read.
    fn agree(&mut self, text: &[u8]) {
        let expected = serde_json::from_slice::<Value>(text);
        for parser in &mut self.parsers {
            match (parser.parse(text), &expected) {
                (Ok(doc), Ok(value)) => {
                    self.taken += 1;
                    assert!(is_same(&doc, NodeId::ROOT, value), "{}", show(text));
                }
                (Err(_), Err(_)) => self.refused += 1,
                // serde_json goes a little less deep.
                (Ok(_), Err(error)) if depth(text) == MAX_DEPTH && error.to_string().contains("recursion") => {}
                (verdict, _) => panic!("{}: {verdict:?}, but serde_json says {expected:?}", show(text)),
            }
        }
    }

    /// As [`Judge::agree`], also with white space around the text, inside other values, and far into a longer text.
    fn agree_everywhere(&mut self, text: &[u8], random: &mut fastrand::Rng) {
        self.agree(text);
        let space = |random: &mut fastrand::Rng| vec![b' '; random.usize(0..70)];
        self.agree(&[&space(random), text, &space(random)].concat());
        let long = "é".repeat(random.usize(0..80));
        self.agree(&[b"{\"", long.as_bytes(), b"\":[", text, b"]}"].concat());
        self.agree(&[b"[\"", long.as_bytes(), b"\",", text, b"]"].concat());
    }

    /// Panics unless of the texts some were taken and some refused.
    fn has_seen_both(&self) {
        assert!(self.taken > 100 && self.refused > 100, "{} taken, {} refused", self.taken, self.refused);
    }
}

fn show(text: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(text))
}

/// How deep a text is nested, if it is JSON without brackets in strings.
fn depth(text: &[u8]) -> usize {
    text.iter().filter(|byte| matches!(byte, b'[' | b'{')).count()
}

/// All texts of up to so many of these parts.
fn sequences(parts: &[&[u8]], longest: usize, mut take: impl FnMut(&[u8])) {
    let mut text = Vec::new();
    let mut stack: Vec<(usize, usize)> = vec![(0, 0)];
    while let Some((next, length)) = stack.pop() {
        if next == parts.len() {
            continue;
        }
        stack.push((next + 1, length));
        text.truncate(length);
        text.extend_from_slice(parts[next]);
        take(&text);
        if stack.len() < longest {
            stack.push((0, text.len()));
        }
    }
}

#[test]
fn every_short_sequence_of_tokens() {
    let mut judge = Judge::default();
    let tokens: [&[u8]; 17] = [
        b"{", b"}", b"[", b"]", b":", b",", b"\"a\"", b"\"", b"1", b"-", b"0", b".5", b"e3", b"null", b"tru", b"e",
        b" ",
    ];
    let longest = if texts() > 1_000_000 { 6 } else { 4 };
    sequences(&tokens, longest, |text| judge.agree(text));
    judge.has_seen_both();
}

#[test]
fn every_short_number() {
    let mut judge = Judge::default();
    let mut random = fastrand::Rng::with_seed(1);
    let parts: [&[u8]; 9] = [b"-", b"+", b"0", b"1", b"9", b".", b"e", b"E", b" "];
    let longest = if texts() > 1_000_000 { 7 } else { 5 };
    sequences(&parts, longest, |text| judge.agree(text));
    for text in ["0", "-0", "-0.0", "1e5", "1.", "01", "-01", "1e+", "0e0", "00", "- 1"] {
        judge.agree_everywhere(text.as_bytes(), &mut random);
    }
    judge.has_seen_both();
}

#[test]
fn every_pair_of_bytes() {
    let mut judge = Judge::default();
    for pair in 0..=u16::MAX {
        let pair = pair.to_be_bytes();
        judge.agree(&pair);
        judge.agree(&[b"\"", &pair[..], b"\""].concat());
        judge.agree(&[b"[1", &pair[..], b"2]"].concat());
        judge.agree(&[b"{}", &pair[..]].concat());
    }
    judge.has_seen_both();
}

#[test]
fn every_escape_of_one_unit() {
    let mut judge = Judge::default();
    for unit in 0..=u16::MAX {
        judge.agree(format!("\"\\u{unit:04x}\"").as_bytes());
        judge.agree(format!("\"\\u{unit:04X}\\\"\"").as_bytes());
        judge.agree(format!("{{\"\\ud83d\\u{unit:04x}\":0}}").as_bytes());
    }
    for byte in 0..=u8::MAX {
        for place in 0..4 {
            let mut escape = *b"\"\\u00e9\"";
            escape[3 + place] = byte;
            judge.agree(&escape);
        }
    }
    judge.has_seen_both();
}

#[test]
fn sequences_of_surrogates_and_other_escapes() {
    let mut judge = Judge::default();
    let parts: [&[u8]; 12] = [
        b"\\ud83d", b"\\ude00", b"\\uD800", b"\\uDFFF", b"\\u0041", b"\\u", b"\\ud8", b"\\\\", b"\\", b"u", b"\\n",
        b"x",
    ];
    let longest = if texts() > 1_000_000 { 6 } else { 4 };
    sequences(&parts, longest, |text| judge.agree(&[b"\"", text, b"\""].concat()));
    judge.has_seen_both();
}

#[test]
fn sequences_of_bytes_that_are_not_quite_utf8() {
    let mut judge = Judge::default();
    let mut random = fastrand::Rng::with_seed(2);
    let bytes: [u8; 22] = [
        0x00, 0x1f, 0x20, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef,
        0xf0, 0xf4, 0xf5, 0xff,
    ];
    let parts: Vec<&[u8]> = bytes.iter().map(std::slice::from_ref).collect();
    let longest = if texts() > 1_000_000 { 4 } else { 3 };
    sequences(&parts, longest, |text| judge.agree(&[b"\"", text, b"\""].concat()));
    // At the edges of simd-json's blocks.
    for _ in 0..texts() {
        let broken: Vec<u8> =
            (0..random.usize(1..5)).map(|_| *random.choice(&bytes).expect("there are some")).collect();
        let before = "é".repeat(random.usize(0..40)) + &"a".repeat(random.usize(0..64));
        judge.agree(&[b"\"", before.as_bytes(), &broken, b"\""].concat());
    }
    judge.has_seen_both();
}

/// A number of any kind, mostly right.
fn number(random: &mut fastrand::Rng) -> String {
    let mut text = String::new();
    let digits = |random: &mut fastrand::Rng| {
        let length = match random.u8(..12) {
            0 => 0,
            1..=4 => random.usize(1..4),
            5..=8 => random.usize(1..25),
            9 | 10 => random.usize(15..45),
            _ => random.usize(1..900),
        };
        let one = random.char('0'..='9');
        let same = random.u8(..4) == 0;
        (0..length).map(|_| if same { one } else { random.char('0'..='9') }).collect::<String>()
    };
    if random.u8(..3) == 0 {
        text.push('-');
    }
    match random.u8(..4) {
        0 => text.push('0'),
        _ => {
            let digits = digits(random);
            text.push_str(if random.u8(..20) == 0 { &digits } else { digits.trim_start_matches('0') });
        }
    }
    if random.bool() {
        text.push('.');
        if random.u8(..4) == 0 {
            text.push_str(&"0".repeat(random.usize(0..330)));
        }
        text.push_str(&digits(random));
    }
    if random.bool() {
        text.push(*random.choice(&['e', 'E']).expect("there are some"));
        text.push_str(random.choice(&["", "+", "-", "-"]).expect("there are some"));
        let _ = match random.u8(..8) {
            0 => write!(text, "{}", digits(random)),
            1 => write!(text, "{}", random.u32(290..330)),
            2 => write!(text, "0{}", random.u32(..20)),
            _ => write!(text, "{}", random.u32(..40)),
        };
    }
    text
}

#[test]
fn numbers_of_all_kinds_bit_by_bit() {
    let mut judge = Judge::default();
    let mut random = fastrand::Rng::with_seed(3);
    let edges = [
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "4.9406564584124654e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "5e-324",
        "1e-999",
        "1e999",
        "-1e999",
        "0e999",
        "0.0e-999",
        "1e-99999999999999999999",
        "1e99999999999999999999",
        "0e99999999999999999999",
        "9007199254740993",
        "9007199254740992.99999999999999999",
        "0.1",
        "123456789012345678901234567890",
        "1e23",
        "8.5e-1",
        "6929495644600919.5",
        "3.14159265358979323846264338327950288419716939937510",
    ];
    for text in edges {
        judge.agree_everywhere(text.as_bytes(), &mut random);
    }
    for _ in 0..texts() {
        let number = number(&mut random);
        judge.agree_everywhere(number.as_bytes(), &mut random);
        // Any double, with as many digits as it needs and with more.
        let double = f64::from_bits(random.u64(..));
        if double.is_finite() {
            judge.agree(format!("{double:e}").as_bytes());
            judge.agree(format!("[{double}]").as_bytes());
            judge.agree(format!("{double:.*e}", random.usize(0..30)).as_bytes());
        }
        // Halfway between two doubles.
        let small = f64::from(random.u32(1..)) + 0.5;
        judge.agree(format!("{}{small}", random.u32(1..)).as_bytes());
    }
    judge.has_seen_both();
}

/// A value of any kind, right.
fn value(random: &mut fastrand::Rng, depth: usize, out: &mut String) {
    let space = |random: &mut fastrand::Rng, out: &mut String| {
        out.push_str(random.choice(&["", "", "", " ", "\t", "\r", "\n", "  \n"]).expect("there are some"));
    };
    space(random, out);
    match random.u8(..if depth == 0 { 6 } else { 10 }) {
        0 => out.push_str(random.choice(&["null", "true", "false"]).expect("there are some")),
        1 => {
            let _ = write!(out, "{}", random.i64(..));
        }
        2 => out.push_str(&number(random)),
        3..=5 => string(random, out),
        6 | 7 => {
            out.push('[');
            for index in 0..random.usize(0..4) {
                out.push_str(if index > 0 { "," } else { "" });
                value(random, depth - 1, out);
            }
            space(random, out);
            out.push(']');
        }
        _ => {
            out.push('{');
            for index in 0..random.usize(0..4) {
                out.push_str(if index > 0 { "," } else { "" });
                space(random, out);
                // Some of these keys meet themselves again.
                if random.bool() {
                    out.push_str("\"k\"")
                } else {
                    string(random, out)
                }
                space(random, out);
                out.push(':');
                value(random, depth - 1, out);
            }
            out.push('}');
        }
    }
    space(random, out);
}

fn string(random: &mut fastrand::Rng, out: &mut String) {
    const PARTS: [&str; 18] = [
        "a",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u00e9",
        "\\ud83d\\ude00",
        "é",
        "😀",
        "\u{7f}",
        "\u{2028}",
        "\\u0000",
        "\u{0}",
        "{",
        "]",
        ",",
        "plain text of some length, as it stands in most strings",
        "\\b\\f\\r\\t",
    ];
    out.push('"');
    for _ in 0..random.usize(0..6) {
        let part = *random.choice(&PARTS).expect("there are some");
        if part != "\u{0}" || random.u8(..8) == 0 {
            out.push_str(part);
        }
    }
    out.push('"');
}

#[test]
fn texts_with_a_few_bytes_changed() {
    const SCRAPS: [&[u8]; 20] = [
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\x00",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\\ud800",
        b"1e999",
        b"\n",
        b"\x0b",
        b"\xc2\xa0",
        b"\xef\xbb\xbf",
        b"//",
        b"NaN",
    ];
    let mut judge = Judge::default();
    let mut random = fastrand::Rng::with_seed(4);
    for _ in 0..texts() {
        let mut text = String::new();
        value(&mut random, 4, &mut text);
        judge.agree(text.as_bytes());
        let mut bytes = text.into_bytes();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(0..=bytes.len());
            let end = bytes.len().min(at + random.usize(0..4));
            match random.u8(..6) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..end)),
                2 => bytes[at..end].iter_mut().for_each(|byte| *byte ^= 1 << random.u8(..8)),
                3 => {
                    let copied = bytes[at..end].to_vec();
                    bytes.splice(at..at, copied);
                }
                _ => {
                    let scrap = random.choice(&SCRAPS).expect("there are some");
                    bytes.splice(at..if random.bool() { at } else { end }, scrap.iter().copied());
                }
            }
            judge.agree(&bytes);
        }
    }
    judge.has_seen_both();
}

#[test]
fn depth_is_where_they_differ() {
    let mut parser = Parser::default();
    for (open, close) in [("[", "]"), ("{\"k\":", "}"), ("[0,", "]")] {
        let nested = |depth: usize| open.repeat(depth) + "1" + &close.repeat(depth);
        for depth in 1..=MAX_DEPTH {
            let text = nested(depth);
            assert!(parser.parse(text.as_bytes()).is_ok(), "{open} {depth}");
            assert_eq!(serde_json::from_str::<Value>(&text).is_ok(), depth < MAX_DEPTH, "{open} {depth}");
        }
        for depth in [MAX_DEPTH + 1, MAX_DEPTH + 2, 1000, 100_000] {
            assert!(parser.parse(nested(depth).as_bytes()).is_err(), "{open} {depth}");
        }
    }
}
