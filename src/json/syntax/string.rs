//! Strings of a broken record: where one ends although its quotes are wrong.

use std::ops::Range;

use super::ahead::is_name;
use super::scan::{Kind, OpenString, Scan, State};
use super::{Missing, PythonLiteral, Slip};

/// What a string was opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    Double,
    Single,
    Smart,
}

/// How control characters are written in JSON.
const ESCAPES: [&str; 32] = [
    "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005", "\\u0006", "\\u0007", "\\b", "\\t", "\\n",
    "\\u000b", "\\f", "\\r", "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013", "\\u0014", "\\u0015",
    "\\u0016", "\\u0017", "\\u0018", "\\u0019", "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e", "\\u001f",
];

/// What a double quote inside a string means.
enum Meaning {
    Closing,
    /// It closes the string, and one more stands behind it.
    ClosingTwice,
    /// It should have been escaped.
    Inner,
    /// It opens the next key: the string should have ended at `end`.
    NextKey {
        end: usize,
    },
}

/// What is known of the string that is being read.
struct Reading {
    start: usize,
    quote: Quote,
    is_key: bool,
    /// A double quote was found that should have been escaped.
    has_inner: bool,
    /// How many of them there are.
    inner: usize,
    /// Whether one of them opens a quotation that no other has closed.
    is_quoting: bool,
    /// Where the string ends, if its quotes are doubled.
    doubled_end: Option<usize>,
    /// How many brackets of JSON that was pasted into the string are open.
    pasted: usize,
    /// A curly quote that may be the closing one.
    smart_close: Option<Range<usize>>,
}

impl Scan<'_> {
    pub(super) fn is_smart_quote(&self, at: usize) -> bool {
        self.smart_quote(at).is_some()
    }

    /// The span of the curly quote at `at`.
    fn smart_quote(&self, at: usize) -> Option<Range<usize>> {
        // U+2018 to U+201F, all of three bytes.
        match self.text[at..self.end] {
            [0xE2, 0x80, 0x98..=0x9F, ..] => Some(at..at + 3),
            _ => None,
        }
    }

    /// Reads the string at the current position.
    pub(super) fn string(&mut self, is_key: bool) {
        let start = self.pos;
        let (quote, width) = match self.text[start] {
            b'"' => (Quote::Double, 1),
            b'\'' => {
                let what = PythonLiteral::SingleQuotes;
                self.note(Slip::PythonLiteral { what }, start..start + 1);
                (Quote::Single, 1)
            }
            _ => {
                self.note_smart_quote(start..start + 3);
                (Quote::Smart, 3)
            }
        };
        if quote != Quote::Double {
            self.edits.replace(start..start + width, "\"");
        }
        self.pos = start + width;
        let doubled = if quote == Quote::Double { self.doubled(start, is_key) } else { None };
        if quote == Quote::Double && doubled.is_none() && self.opens_twice(start, is_key) {
            self.extra(b'"');
        }
        if doubled.as_ref().is_some_and(|doubled| doubled.is_doubtful) {
            self.certainty = None;
        }
        let doubled_end = doubled.map(|doubled| doubled.end);
        let mut reading = Reading {
            start,
            quote,
            is_key,
            has_inner: false,
            inner: 0,
            is_quoting: false,
            doubled_end,
            pasted: 0,
            smart_close: None,
        };
        while self.pos < self.end {
            if self.edits.is_full() || self.gave_up {
                return self.give_up();
            }
            if self.string_byte(&mut reading) {
                return;
            }
        }
        match reading.smart_close.take() {
            Some(close) => self.close_smart(&reading, close),
            None => {
                let plain_value = quote == Quote::Double && !is_key && !reading.has_inner;
                self.open_string = Some(OpenString { start, plain_value });
            }
        }
    }

    fn note_smart_quote(&mut self, span: Range<usize>) {
        if let Some(found) = self.char_at(span.start) {
            self.note(Slip::SmartQuote { found }, span);
        }
    }

    /// Handles what stands at the current position; true when the string has ended.
    fn string_byte(&mut self, reading: &mut Reading) -> bool {
        let at = self.pos;
        match self.text[at] {
            b'\\' => self.escape(reading.quote),
            b'"' => return self.double_quote(reading),
            b'\'' if reading.quote == Quote::Single => {
                if reading.is_key || self.closes_value(reading.start, at, false) {
                    self.edits.replace(at..at + 1, "\"");
                    self.close(reading, at, at + 1);
                    return true;
                }
                self.pos += 1;
            }
            byte @ 0..0x20 => self.control(byte),
            byte @ (b'{' | b'[' | b'}' | b']') => {
                if reading.pasted > 0 {
                    let opens = matches!(byte, b'{' | b'[');
                    reading.pasted = if opens { reading.pasted + 1 } else { reading.pasted - 1 };
                }
                self.pos += 1;
            }
            0xE2 => return self.curly_quote(reading),
            _ => self.pos += 1,
        }
        false
    }

    fn double_quote(&mut self, reading: &mut Reading) -> bool {
        let at = self.pos;
        if reading.doubled_end.is_some_and(|end| at < end) {
            self.note(Slip::DoubledQuote { string: reading.start }, at..at + 2);
            self.edits.replace(at..at + 1, "\\");
            self.pos = at + 2;
            return false;
        }
        let meaning = self.meaning(reading);
        if !matches!(meaning, Meaning::Closing | Meaning::ClosingTwice)
            && let Some(close) = reading.smart_close.take()
        {
            self.close_smart(reading, close);
            return true;
        }
        match meaning {
            Meaning::Closing => {
                if self.is_doubtful_end(reading) {
                    self.certainty = None;
                }
                self.close(reading, at, at + 1);
                return true;
            }
            Meaning::ClosingTwice => {
                self.pos = at + 1;
                self.extra(b'"');
                self.close(reading, at, at + 2);
                return true;
            }
            Meaning::Inner => self.inner_quote(reading),
            Meaning::NextKey { end } => {
                self.forget(end);
                let missing = Missing::ClosingQuote;
                self.note(Slip::MissingPunctuation { missing }, end..end + 1);
                self.edits.insert(end, "\"");
                self.close(reading, end, end);
                return true;
            }
        }
        false
    }

    /// A double quote that is part of the string.
    fn inner_quote(&mut self, reading: &mut Reading) {
        let at = self.pos;
        if reading.quote == Quote::Double {
            self.note(Slip::UnescapedQuote { string: reading.start }, at..at + 1);
            let before = self.text[reading.start + 1..at].trim_ascii_end().last();
            if reading.pasted == 0 && matches!(before, Some(b'{' | b'[')) {
                reading.pasted = 1;
            }
            reading.has_inner = true;
            reading.inner += 1;
            let is_inch = self.text[at - 1].is_ascii_digit() && !reading.is_quoting;
            reading.is_quoting = !reading.is_quoting && !is_inch;
        }
        self.edits.insert(at, "\\");
        self.pos += 1;
    }

    /// Whether the quote at hand ends its string only if the quotes before it are not what they seem to be: `""x""` is
    /// a quotation, or has the quotes of the string twice, and in `"say "a", "b": "c" now"` it is the text that goes on.
    fn is_doubtful_end(&self, reading: &Reading) -> bool {
        let at = self.pos;
        let is_twice = reading.inner == 2 && self.text[reading.start + 1] == b'"' && self.text[at - 1] == b'"';
        is_twice || (reading.is_quoting && !matches!(self.peek_byte(self.next_token(at + 1)), Some(b'}' | b']')))
    }

    fn meaning(&self, reading: &Reading) -> Meaning {
        let at = self.pos;
        match reading.quote {
            Quote::Single => Meaning::Inner,
            Quote::Double if reading.doubled_end == Some(at) => Meaning::Closing,
            _ if reading.is_key => Meaning::Closing,
            Quote::Smart if self.closes_value(reading.start, at, false) => Meaning::Closing,
            Quote::Smart => Meaning::Inner,
            Quote::Double if reading.pasted > 0 => {
                if self.next_token(at + 1) >= self.end || self.closes_record(at + 1) {
                    Meaning::Closing
                } else {
                    Meaning::Inner
                }
            }
            Quote::Double if self.closes_value(reading.start, at, reading.has_inner) => Meaning::Closing,
            Quote::Double if self.closes_twice(reading, at) => Meaning::ClosingTwice,
            Quote::Double => match self.end_before_key(reading, at) {
                Some(end) => Meaning::NextKey { end },
                None => Meaning::Inner,
            },
        }
    }

    /// `"content": "hi""`: whether one more quote stands behind the one at `at`, which closes a value. In a text with
    /// other quotes that are not escaped the first of both is one of them.
    fn closes_twice(&self, reading: &Reading, at: usize) -> bool {
        !reading.has_inner && self.peek_byte(at + 1) == Some(b'"') && self.closes_value(reading.start, at + 1, false)
    }

    /// `""content":` or `"content": ""hi"`: whether the quote that opens the string at `start` stands twice. A text that
    /// begins with a quotation goes on behind the end of that.
    fn opens_twice(&self, start: usize, is_key: bool) -> bool {
        let second = start + 1;
        if self.peek_byte(second) != Some(b'"') {
            return false;
        }
        if is_key {
            return self.opens_key_twice(start) && self.is_key_at(second, true);
        }
        let ends_there = |end| self.peek_byte(end + 1) != Some(b'"') && self.closes_value(second, end, false);
        !self.closes_value(start, second, false) && self.next_quote(second + 1).is_some_and(ends_there)
    }

    /// The next quote from `from` on that is not escaped, in the same line.
    fn next_quote(&self, from: usize) -> Option<usize> {
        let rest = &self.text[from..self.end];
        let backslashes = |at: usize| rest[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        let at = memchr::memchr2_iter(b'"', b'\n', rest).find(|at| backslashes(*at).is_multiple_of(2))?;
        (at > 0 && rest[at] == b'"').then_some(from + at)
    }

    /// Where the string should have ended, if the quote at `at` opens the key
    /// of the next member (`"role": "user, "content": …`) or of the next object
    /// (`"role": "user}, {"role": …`).
    fn end_before_key(&self, reading: &Reading, at: usize) -> Option<usize> {
        let in_object = self.open.last().is_some_and(|bracket| bracket.kind == Kind::Object);
        if !in_object || reading.has_inner {
            return None;
        }
        let content = self.text[reading.start + 1..at].trim_ascii_end();
        let (content, opens) = match content.strip_suffix(b"{") {
            Some(content) => (content.trim_ascii_end(), true),
            None => (content, false),
        };
        let content = content.strip_suffix(b",")?;
        let inside = content.trim_ascii_end();
        let closers = inside.iter().rev().take_while(|byte| matches!(byte, b'}' | b']')).count();
        let inside = &inside[..inside.len() - closers];
        // In a text with commas and braces only a key or a role is certain.
        let is_name = closers > 0 && is_name(inside);
        let length = if is_name { inside.len() } else { content.len() };
        (is_name || !opens).then_some(())?;
        self.is_key_at(at, true).then_some(reading.start + 1 + length)
    }

    fn curly_quote(&mut self, reading: &mut Reading) -> bool {
        let at = self.pos;
        let Some(span) = self.smart_quote(at) else {
            self.pos += 1;
            return false;
        };
        match reading.quote {
            Quote::Smart if reading.is_key || self.closes_value(reading.start, span.end - 1, false) => {
                self.close_smart(reading, span);
                return true;
            }
            Quote::Double
                if !reading.has_inner
                    && reading.smart_close.is_none()
                    && !reading.is_key
                    && self.closes_value(reading.start, span.end - 1, true) =>
            {
                reading.smart_close = Some(span.clone());
            }
            _ => {}
        }
        self.pos = span.end;
        false
    }

    /// Ends the string with the curly quote at `span`.
    fn close_smart(&mut self, reading: &Reading, span: Range<usize>) {
        self.forget(span.start);
        self.note_smart_quote(span.clone());
        self.edits.replace(span.clone(), "\"");
        self.close(reading, span.start, span.end);
    }

    /// The string's content ends at `end`, the next token is looked for from `behind` on.
    fn close(&mut self, reading: &Reading, end: usize, behind: usize) {
        self.pos = behind;
        if reading.is_key {
            self.key = reading.start + 1..end;
            self.state = State::Colon;
        } else {
            self.finish_value();
        }
    }

    fn control(&mut self, byte: u8) {
        let at = self.pos;
        let newline = match byte {
            b'\n' => Some(at),
            b'\r' if self.peek_byte(at + 1) == Some(b'\n') => Some(at + 1),
            _ => None,
        };
        if let Some(newline) = newline {
            if self.crosses(newline, true) {
                self.note(Slip::SpansLines { raw_break_in_string: true }, at..newline + 1);
                self.edits.replace(at..newline + 1, if at < newline { "\\r\\n" } else { "\\n" });
            } else {
                self.end = at;
            }
            self.pos = newline + 1;
            return;
        }
        let count = if byte == 0 { self.text[at..self.end].iter().take_while(|found| **found == 0).count() } else { 1 };
        if byte == 0 && count > 1 {
            self.note(Slip::NulBytes { count }, at..at + count);
        } else if byte == b'\r' && at + 1 >= self.end {
            // The line's own end: the string is open, which says more.
        } else {
            self.note(Slip::RawControl { byte }, at..at + 1);
        }
        let escape = if count > 1 { " " } else { ESCAPES[usize::from(byte)] };
        self.edits.replace(at..at + count, escape);
        self.pos = at + count;
    }

    fn escape(&mut self, quote: Quote) {
        let at = self.pos;
        match self.peek_byte(at + 1) {
            None => self.pos += 1,
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.pos += 2,
            Some(b'\'') if quote == Quote::Single => {
                self.edits.delete(at..at + 1);
                self.pos += 2;
            }
            Some(b'u') => self.unicode_escape(),
            Some(0..0x20) => self.bad_escape(at..at + 1),
            Some(_) => {
                let width = self.char_at(at + 1).map_or(1, char::len_utf8);
                self.bad_escape(at..at + 1 + width);
            }
        }
    }

    fn unicode_escape(&mut self) {
        let at = self.pos;
        match self.code_unit(at) {
            Some(0xD800..=0xDBFF) => {
                if matches!(self.code_unit(at + 6), Some(0xDC00..=0xDFFF)) {
                    self.pos += 12;
                    return;
                }
                self.note(Slip::LoneSurrogate, at..at + 6);
            }
            Some(0xDC00..=0xDFFF) => self.note(Slip::LoneSurrogate, at..at + 6),
            Some(_) => {}
            None => return self.bad_escape(at..at + 2),
        }
        self.pos += 6;
    }

    /// The code unit of the `\uXXXX` at `at`.
    fn code_unit(&self, at: usize) -> Option<u16> {
        let digits = self.text[..self.end].get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | u16::try_from(char::from(*digit).to_digit(16)?).ok()?))
    }

    fn bad_escape(&mut self, span: Range<usize>) {
        self.edits.insert(span.start, "\\");
        self.pos = span.start + 1;
        self.note(Slip::BadEscape, span);
    }
}
