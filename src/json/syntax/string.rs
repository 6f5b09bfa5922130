//! Strings of a broken record: where one ends although its quotes are wrong.

use std::ops::Range;

use super::lines::is_name_byte;
use super::scan::{Kind, OpenString, Scan, State};
use super::{Missing, PythonLiteral, Slip};

/// A key is looked for this far ahead.
const KEY_WINDOW: usize = 256;

/// What a string was opened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    Double,
    Single,
    Smart,
}

/// What a double quote inside a string means.
enum Meaning {
    Closing,
    /// It should have been escaped.
    Inner,
    /// It opens the next key: the string should have ended before this comma.
    NextKey {
        comma: usize,
    },
}

/// What is known of the string that is being read.
struct Reading {
    start: usize,
    quote: Quote,
    is_key: bool,
    /// A double quote was found that should have been escaped.
    has_inner: bool,
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
        let mut reading = Reading { start, quote, is_key, has_inner: false, pasted: 0, smart_close: None };
        while self.pos < self.end {
            if self.string_byte(&mut reading) {
                return;
            }
        }
        match reading.smart_close.take() {
            Some(close) => self.close_smart(&reading, close),
            None => {
                let plain_value = quote == Quote::Double && !is_key;
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
        match self.meaning(reading) {
            Meaning::Closing => {
                self.close(reading, at, at + 1);
                return true;
            }
            Meaning::Inner => {
                if let Some(close) = reading.smart_close.take() {
                    self.close_smart(reading, close);
                    return true;
                }
                if reading.quote == Quote::Double {
                    self.note(Slip::UnescapedQuote { string: reading.start }, at..at + 1);
                    let before = self.text[reading.start + 1..at].trim_ascii_end().last();
                    if reading.pasted == 0 && matches!(before, Some(b'{' | b'[')) {
                        reading.pasted = 1;
                    }
                    reading.has_inner = true;
                }
                self.edits.insert(at, "\\");
                self.pos += 1;
            }
            Meaning::NextKey { comma } => {
                self.forget(comma);
                let missing = Missing::ClosingQuote;
                self.note(Slip::MissingPunctuation { missing }, comma..comma + 1);
                self.edits.insert(comma, "\"");
                self.close(reading, comma, comma);
                return true;
            }
        }
        false
    }

    fn meaning(&self, reading: &Reading) -> Meaning {
        let at = self.pos;
        match reading.quote {
            Quote::Single => Meaning::Inner,
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
            Quote::Double => match self.comma_before(reading, at) {
                Some(comma) => Meaning::NextKey { comma },
                None => Meaning::Inner,
            },
        }
    }

    /// The comma before the quote at `at`, if that opens a key.
    fn comma_before(&self, reading: &Reading, at: usize) -> Option<usize> {
        let before = self.text[reading.start + 1..at].trim_ascii_end();
        let in_object = self.open.last().is_some_and(|bracket| bracket.kind == Kind::Object);
        let opens_key = in_object && !reading.has_inner && before.ends_with(b",");
        (opens_key && self.is_key_at(at, true)).then(|| reading.start + before.len())
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
                self.edits.replace(at..newline + 1, "\\n");
            } else {
                self.end = at;
            }
            self.pos = newline + 1;
            return;
        }
        let count = self.text[at..self.end].iter().take_while(|found| **found == byte).count();
        if byte == 0 && count > 1 {
            self.note(Slip::NulBytes { count }, at..at + count);
        } else if byte == b'\r' && at + 1 >= self.end {
            // The line's own end: the string is open, which says more.
        } else {
            self.note(Slip::RawControl { byte }, at..at + 1);
        }
        self.edits.replace(at..at + count, " ");
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

    /// The next token from `at` on, behind white space and comments. A line
    /// that begins with a brace is no longer looked at.
    pub(super) fn next_token(&self, mut at: usize) -> usize {
        loop {
            match self.peek_byte(at) {
                Some(b'\n') if self.peek_byte(at + 1) == Some(b'{') => return self.end,
                Some(b' ' | b'\t' | b'\r' | b'\n') => at += 1,
                Some(b'/') if self.peek_byte(at + 1) == Some(b'/') => {
                    let rest = &self.text[at..self.end];
                    at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                Some(_) => return at,
                None => return self.end,
            }
        }
    }

    /// Whether a value that begins at `start` may end with the quote at `at`,
    /// to judge by what follows.
    pub(super) fn closes_value(&self, start: usize, at: usize, has_inner: bool) -> bool {
        let in_object = self.open.last().is_some_and(|bracket| bracket.kind == Kind::Object);
        let next = self.next_token(at + 1);
        match self.peek_byte(next) {
            None => true,
            Some(b'}' | b']') => self.closers_end_value(next, has_inner),
            Some(b',') => self.comma_ends_value(next, in_object),
            Some(b'"') if in_object => self.is_key_at(next, true),
            Some(b'"') => next > at + 1 && self.is_last_string(next),
            Some(b':') => in_object && !has_inner && self.looks_like_name(start + 1, at),
            Some(b'{') => !has_inner && matches!(self.peek_byte(self.next_token(next + 1)), Some(b'"' | b'\'')),
            Some(b';') => self.peek_byte(self.next_token(next + 1)) == Some(b'"'),
            Some(_) => self.char_at(next) == Some('，'),
        }
    }

    /// Whether the closing brackets at `at` are those of the record.
    fn closers_end_value(&self, at: usize, has_inner: bool) -> bool {
        let mut end = at;
        let mut count = 0;
        let mut crossed = false;
        while let Some(b'}' | b']') = self.peek_byte(end) {
            count += 1;
            let next = self.next_token(end + 1);
            crossed = self.text[end..next].contains(&b'\n');
            end = next;
        }
        match self.peek_byte(end) {
            None => true,
            _ if crossed => true,
            Some(b',') => {
                let next = self.next_token(end + 1);
                !matches!(self.peek_byte(next), Some(b'a'..=b'z' | b'A'..=b'Z')) || self.is_bare_key(next)
            }
            Some(b'{') => true,
            Some(b';') => count >= self.open.len(),
            Some(_) => !has_inner && count == self.open.len(),
        }
    }

    /// Whether nothing but the closing brackets of all that is open follows.
    fn closes_record(&self, mut at: usize) -> bool {
        for bracket in self.open.iter().rev() {
            at = self.next_token(at);
            if self.peek_byte(at) != Some(bracket.kind.closer()) {
                return false;
            }
            at += 1;
        }
        let next = self.next_token(at);
        next >= self.end || self.text[at..next].contains(&b'\n')
    }

    /// Whether what follows the comma at `at` is the next key or element.
    fn comma_ends_value(&self, at: usize, in_object: bool) -> bool {
        let next = self.next_token(at + 1);
        match self.peek_byte(next) {
            None | Some(b'}' | b']' | b',') => true,
            Some(b'"' | b'\'') if in_object => self.is_key_at(next, false),
            Some(b'"' | b'[' | b'0'..=b'9' | b'-') if !in_object => true,
            Some(b'{') => true,
            _ if self.is_smart_quote(next.min(self.end)) => true,
            Some(_) if in_object => self.is_bare_key(next),
            Some(_) => {
                let rest = &self.text[next..self.end];
                [&b"true"[..], b"false", b"null", b"None", b"True", b"False", b"NaN"]
                    .iter()
                    .any(|literal| rest.starts_with(literal))
            }
        }
    }

    /// Whether a key begins with the quote at `at`; without `colon`, one whose
    /// colon was forgotten or stands inside counts too.
    fn is_key_at(&self, at: usize, colon: bool) -> bool {
        let quote = self.text[at];
        let window = &self.text[at + 1..self.end.min(at + 1 + KEY_WINDOW)];
        let Some(length) = window.iter().position(|byte| *byte == quote || *byte == b'\n') else {
            return false;
        };
        let end = at + 1 + length;
        if self.text[end] != quote {
            return false;
        }
        let next = self.peek_byte(self.next_token(end + 1));
        if next == Some(b':') {
            return length > 0 || !colon;
        }
        let name = self.looks_like_name(at + 1, end) || self.text[..end].ends_with(b":");
        name && (matches!(next, Some(b'"' | b'[' | b'{' | b'=' | b'\'')))
    }

    /// Whether `name:` or `name":` stands at `at`.
    fn is_bare_key(&self, at: usize) -> bool {
        let window = &self.text[at..self.end.min(at + KEY_WINDOW)];
        let length = window.iter().take_while(|byte| is_name_byte(**byte)).count();
        let end = at + length;
        let end = if self.peek_byte(end) == Some(b'"') { end + 1 } else { end };
        length > 0 && self.peek_byte(self.next_token(end)) == Some(b':')
    }

    /// Whether the string at `at` is followed by a comma or a closing bracket.
    fn is_last_string(&self, at: usize) -> bool {
        let window = &self.text[at + 1..self.end.min(at + 1 + KEY_WINDOW)];
        window.iter().position(|byte| *byte == b'"').is_some_and(|length| {
            let next = self.next_token(at + length + 2);
            matches!(self.peek_byte(next), Some(b',' | b']'))
        })
    }

    /// Whether `text[start..end]` reads like a key or a role: one short word.
    fn looks_like_name(&self, start: usize, end: usize) -> bool {
        let name = &self.text[start..end];
        (1..=40).contains(&name.len()) && name.iter().all(|byte| is_name_byte(*byte))
    }
}
