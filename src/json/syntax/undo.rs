//! How what is wrong with a record is undone, for good.
//!
//! The edits are those after which the record was seen to parse. Whether they give back what was meant is
//! another matter: see [`Certainty`].

use std::ops::Range;

use super::repair::Edits;
use super::scan::Scan;
use super::{Broken, Missing, Slip};

/// How certain it is that a record says what was meant once its slips are undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It is the likely reading of several.
    Likely,
    /// It can mean nothing else, and no data is dropped.
    Certain,
}

impl Certainty {
    /// How certainly a slip is undone; `None` if what the walk has put in its place is only good for going on.
    pub(super) fn of(slip: &Slip) -> Option<Certainty> {
        match slip {
            Slip::SpansLines { .. }
            | Slip::RawControl { .. }
            | Slip::TrailingComma { .. }
            | Slip::OddSpace { .. }
            | Slip::Comment
            | Slip::ArrayBracket
            | Slip::JoinedRecords { .. } => Some(Certainty::Certain),
            Slip::MissingPunctuation { missing: Missing::Key | Missing::Value | Missing::Quotes } => None,
            Slip::PythonLiteral { .. }
            | Slip::SmartQuote { .. }
            | Slip::UnescapedQuote { .. }
            | Slip::MissingPunctuation { .. }
            | Slip::ExtraPunctuation { .. }
            | Slip::UnquotedKey
            | Slip::StrayText => Some(Certainty::Likely),
            Slip::InvalidUtf8
            | Slip::NulBytes { .. }
            | Slip::LoneSurrogate
            | Slip::NonFiniteNumber
            | Slip::DeepNesting { .. }
            | Slip::EscapedRecord
            | Slip::BadEscape
            | Slip::MergeConflict
            | Slip::CutOff { .. }
            | Slip::Other { .. } => None,
        }
    }
}

/// How everything that is wrong with a record is undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// How certain that is.
    pub certainty: Certainty,
    how: How,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum How {
    /// Its lines hold no record and are left out.
    Drop,
    Edit(Edits),
}

impl Undo {
    /// What the walk has undone, if the record can stay that way.
    pub(super) fn of(scan: &Scan<'_>) -> Option<Undo> {
        Some(Undo { certainty: scan.certainty?, how: How::Edit(scan.edits.clone()) })
    }

    /// The record without a part that holds no data of it.
    pub(super) fn without(slip: &Slip, part: Range<usize>) -> Option<Undo> {
        let mut edits = Edits::default();
        edits.delete(part);
        Some(Undo { certainty: Certainty::of(slip)?, how: How::Edit(edits) })
    }

    /// Whether the lines hold no record and are left out, with their ends.
    #[must_use]
    pub fn drops(&self) -> bool {
        self.how == How::Drop
    }

    /// What is written in place of which bytes of the record, in their order. A record over several lines is
    /// written on one, without the white space between its tokens. `end` ends a line, where one becomes several.
    #[must_use]
    pub fn edits(&self, record: &[u8], end: &str) -> Vec<(Range<usize>, String)> {
        let How::Edit(edits) = &self.how else { return Vec::new() };
        if memchr::memchr(b'\n', record).is_none() {
            let ends = |with: &str| if with == "\n" { end.to_owned() } else { with.to_owned() };
            // The end of the line stays, even behind a comment.
            let length = record.strip_suffix(b"\r").unwrap_or(record).len();
            let within = |range: Range<usize>| range.start.min(length)..range.end.min(length);
            let mut edited: Vec<(Range<usize>, String)> = Vec::new();
            for (range, with) in edits.iter().map(|(range, with)| (within(range), ends(with))) {
                match edited.last_mut() {
                    // Closing brackets that are missing in one place.
                    Some((last, text)) if *last == range => text.push_str(&with),
                    _ => edited.push((range, with)),
                }
            }
            return edited;
        }
        if edits.iter().any(|(range, _)| range.end > record.len()) {
            return Vec::new();
        }
        let mut joined = compact(&edits.applied(record), end);
        if record.ends_with(b"\r") {
            joined.push(b'\r');
        }
        // What is undone is known to be JSON, and so to be text.
        match String::from_utf8(joined) {
            Ok(joined) => vec![(0..record.len(), joined)],
            Err(_) => Vec::new(),
        }
    }
}

impl Broken {
    /// What cannot be undone.
    pub(super) fn left(lines: usize, slip: Slip, span: Range<usize>) -> Broken {
        Broken { lines, slip, span, undo: None }
    }

    /// Lines that hold no record.
    pub(super) fn dropped(lines: usize, slip: Slip, span: Range<usize>) -> Broken {
        let undo = Certainty::of(&slip).map(|certainty| Undo { certainty, how: How::Drop });
        Broken { lines, slip, span, undo }
    }
}

/// JSON values one a line, without white space between their tokens.
fn compact(values: &[u8], end: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(values.len());
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for &byte in values {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            out.push(byte);
            continue;
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            b'{' | b'[' => {
                if depth == 0 && !out.is_empty() {
                    out.extend_from_slice(end.as_bytes());
                }
                depth += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => in_string = true,
            _ => {}
        }
        out.push(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::diagnose;

    #[test]
    fn what_is_undone_is_what_was_meant() {
        let cases = [
            (r#"{"a": [1, 2,], "b": "x",},"#, r#"{"a": [1, 2], "b": "x"}"#),
            ("{\"a\": \"x\ty\u{1}\"}", r#"{"a": "x\ty\u0001"}"#),
            ("{\"a\":\t\"x\ny\",\n \"b\": 1}", r#"{"a":"x\ny","b":1}"#),
            ("{\n  \"a\": \"x \\\" y\",\n  \"b\": [ ]\n}", r#"{"a":"x \" y","b":[]}"#),
            (r#"{"a":1} {"a":2},{"a":3}"#, "{\"a\":1} \n{\"a\":2}\n{\"a\":3}"),
            (
                "{'a': None, 'b': [True, False], 'c': 'say \"it\\'s\"'}",
                r#"{"a": null, "b": [true, false], "c": "say \"it's\""}"#,
            ),
            ("{“a”: “b”}", r#"{"a": "b"}"#),
            (r#"{"a": "say "hi" to me", "b": 1}"#, r#"{"a": "say \"hi\" to me", "b": 1}"#),
            (r#"{"a": 1 "b": 2}"#, r#"{"a": 1 ,"b": 2}"#),
            (r#"{"a:" "x"}"#, r#"{"a": "x"}"#),
            (r#"{"a"": "x"", "b": ["y""], ""c": ""z"}"#, r#"{"a": "x", "b": ["y"], "c": "z"}"#),
            (r#"{"a": [{"b": "x"}, "b": "y"}, "b": "z"}]}"#, r#"{"a": [{"b": "x"}, {"b": "y"}, {"b": "z"}]}"#),
            ("{\"a\": [{\"b\": 1\n", "{\"a\": [{\"b\": 1}]}\n"),
            (r#"1. {"a": 1}"#, r#"{"a": 1}"#),
            ("{\"a\": 1} // one\r", "{\"a\": 1} \r"),
            ("{\"a\": 1,\r\n\"b\": 2, // two\r\n}\r", "{\"a\":1,\"b\":2}\r"),
            ("{\"a\": 1, // one\n \"b\": 2} # two", r#"{"a":1,"b":2}"#),
        ];
        for (text, expected) in cases {
            let undo = diagnose(text.as_bytes()).undo.unwrap_or_else(|| panic!("{text}"));
            let mut out = text.to_owned();
            for (range, with) in undo.edits(text.trim_end_matches('\n').as_bytes(), "\n").into_iter().rev() {
                out.replace_range(range, &with);
            }
            assert_eq!(out, expected, "{text}");
        }
    }

    #[test]
    fn a_guess_is_left_alone() {
        for text in [
            r#"{"a": , "b": 1}"#,
            r#"{"a": NaN}"#,
            r#"{"a": "\ud800", }"#,
            r#"{"a": "\d"}"#,
            r#"{"a": "b"#,
            r#"{"a": ["b": "c"]}"#,
        ] {
            assert_eq!(diagnose(text.as_bytes()).undo, None, "{text}");
        }
    }
}
