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
            | Slip::DoubledQuote { .. }
            | Slip::CsvQuoted
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
            | Slip::Undefined
            | Slip::Fragment
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

    /// These edits, which most likely give back what was meant.
    pub(super) fn likely(edits: Edits) -> Option<Undo> {
        Some(Undo { certainty: Certainty::Likely, how: How::Edit(edits) })
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
    /// written on one: the line breaks between its tokens go, with the white space around them. `end` ends a line, where
    /// one becomes several.
    #[must_use]
    pub fn edits(&self, record: &[u8], end: &str) -> Vec<(Range<usize>, String)> {
        let How::Edit(edits) = &self.how else { return Vec::new() };
        let is_beyond = |(range, _): (Range<usize>, _)| range.end > record.len();
        if memchr::memchr(b'\n', record).is_some() && edits.iter().any(is_beyond) {
            return Vec::new();
        }
        // The end of the line stays, even behind a comment.
        let length = record.strip_suffix(b"\r").unwrap_or(record).len();
        let mut joined = Joined::new(&record[..length]);
        for (range, with) in edits.iter() {
            joined.edit(range, with);
        }
        let mut edits = joined.finish(end);
        // Where a lone carriage return ends each line, it ends the last one too.
        let splits = |(range, with): &(Range<usize>, String)| !range.is_empty() && with == "\n";
        if end == "\n" && length < record.len() && edits.iter().any(splits) {
            edits.push((length..record.len(), end.to_owned()));
        }
        edits
    }
}

impl Broken {
    /// A record that cannot be mended.
    pub(super) fn left(lines: usize, slip: Slip, span: Range<usize>) -> Broken {
        Broken { lines, records: 1, slip, span, undo: None }
    }

    /// Lines that hold no record, and yet are not left out.
    pub(super) fn between(lines: usize, slip: Slip, span: Range<usize>) -> Broken {
        Broken { lines, records: 0, slip, span, undo: None }
    }

    /// Lines that hold no record.
    pub(super) fn dropped(lines: usize, slip: Slip, span: Range<usize>) -> Broken {
        let undo = Certainty::of(&slip).map(|certainty| Undo { certainty, how: How::Drop });
        Broken { lines, records: 0, slip, span, undo }
    }
}

/// The edits of a record, and those that bring it onto one line: a walk over the outcome.
struct Joined<'r> {
    record: &'r [u8],
    edits: Vec<(Range<usize>, String)>,
    /// How far the record is walked over.
    at: usize,
    in_string: bool,
    escaped: bool,
}

impl<'r> Joined<'r> {
    fn new(record: &'r [u8]) -> Self {
        Joined { record, edits: Vec::new(), at: 0, in_string: false, escaped: false }
    }

    /// The next edit; they come in the order of their places.
    fn edit(&mut self, range: Range<usize>, with: &str) {
        let length = self.record.len();
        let range = range.start.min(length)..range.end.min(length);
        self.keep(range.start);
        with.bytes().for_each(|byte| self.token(byte));
        self.at = self.at.max(range.end);
        match self.edits.last_mut() {
            // What is missing in one place, or stands where something else is left out.
            Some((last, text)) if *last == range || range.start < last.end => {
                last.end = last.end.max(range.end);
                text.push_str(with);
            }
            _ => self.edits.push((range, with.to_owned())),
        }
    }

    /// Walks over what stays, and leaves out line breaks between tokens.
    fn keep(&mut self, until: usize) {
        while self.at < until {
            let at = self.at;
            if self.in_string || self.record[at] != b'\n' {
                self.token(self.record[at]);
                self.at += 1;
                continue;
            }
            let is_space = |byte: &&u8| byte.is_ascii_whitespace();
            let kept_from = self.edits.last().map_or(0, |(last, _)| last.end);
            let before = self.record[kept_from..at].iter().rev().take_while(is_space).count();
            let behind = self.record[at..until].iter().take_while(is_space).count();
            self.edits.push((at - before..at + behind, String::new()));
            self.at += behind;
        }
    }

    /// Whether what follows stands in a string.
    fn token(&mut self, byte: u8) {
        if self.in_string {
            self.in_string = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
        } else {
            self.in_string = byte == b'"';
        }
    }

    fn finish(mut self, end: &str) -> Vec<(Range<usize>, String)> {
        self.keep(self.record.len());
        if end != "\n" {
            for (_, with) in self.edits.iter_mut().filter(|(_, with)| with.contains('\n')) {
                *with = with.replace('\n', end);
            }
        }
        self.edits
    }
}

#[cfg(test)]
mod tests {
    use super::super::diagnose;

    #[test]
    fn what_is_undone_is_what_was_meant() {
        let cases = [
            (r#"{"a": [1, 2,], "b": "x",},"#, r#"{"a": [1, 2], "b": "x"}"#),
            ("{\"a\": \"x\ty\u{1}\"}", r#"{"a": "x\ty\u0001"}"#),
            ("{\"a\":\t\"x\ny\",\n \"b\": 1}", "{\"a\":\t\"x\\ny\",\"b\": 1}"),
            ("{\"a\": \"x\r\ny\r\n\", \"b\" : 1 }\r", "{\"a\": \"x\\r\\ny\\r\\n\", \"b\" : 1 }\r"),
            ("{\n  \"a\": \"x \\\" y\",\n  \"b\": [ ]\n}", r#"{"a": "x \" y","b": [ ]}"#),
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
            ("{\"a\": 1,\r\n\"b\": 2, // two\r\n}\r", "{\"a\": 1,\"b\": 2 }\r"),
            ("{\"a\": 1, // one\n \"b\": 2} # two", "{\"a\": 1, \"b\": 2} "),
            ("{\"a\": 1}\r{\"a\": 2}\r", "{\"a\": 1}\n{\"a\": 2}\n"),
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
