//! A tolerant walk over one record: a JSON parser that notes what is wrong,
//! repairs it and goes on.
//!
//! The walk is a loop over a small state machine, so nesting costs no stack,
//! and every look ahead is bounded, so it is linear in the bytes it passes.

use std::ops::Range;

use super::lines::{is_merge_marker, is_name_byte, is_object, line_at, opens_object};
use super::repair::Edits;
use super::word::{Word, classify};
use super::{Missing, Open, PythonLiteral, Slip};

/// Nesting past this depth is a cause of its own.
const MAX_DEPTH: usize = 128;

/// What the grammar expects next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Value,
    /// Behind `[`: a value or the end.
    FirstElement,
    /// Behind a comma in an object.
    Key,
    /// Behind `{`: a key or the end.
    FirstKey,
    Colon,
    /// Behind a value inside an object or an array.
    Next,
    /// Behind the record.
    Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
}

impl Kind {
    fn of_closer(byte: u8) -> Self {
        if byte == b'}' { Self::Object } else { Self::Array }
    }

    pub(super) fn closer(self) -> u8 {
        match self {
            Self::Object => b'}',
            Self::Array => b']',
        }
    }

    fn closer_text(self) -> &'static str {
        match self {
            Self::Object => "}",
            Self::Array => "]",
        }
    }

    fn missing_closer(self) -> Missing {
        match self {
            Self::Object => Missing::ClosingBrace,
            Self::Array => Missing::ClosingBracket,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Bracket {
    pub(super) kind: Kind,
    at: usize,
}

/// A string that the record ended in.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenString {
    pub(super) start: usize,
    /// Whether it is a value in double quotes, so that its end can be guessed.
    pub(super) plain_value: bool,
}

/// One walk over one record, and what it found.
#[derive(Debug, Clone)]
pub(super) struct Scan<'t> {
    pub(super) text: &'t [u8],
    pub(super) pos: usize,
    /// Where the record's territory ends; moves back where another record begins.
    pub(super) end: usize,
    pub(super) state: State,
    pub(super) open: Vec<Bracket>,
    pub(super) open_string: Option<OpenString>,
    /// The content of the key last read.
    pub(super) key: Range<usize>,
    last_comma: usize,
    pub(super) edits: Edits,
    pub(super) first: Option<(Slip, Range<usize>)>,
    /// The first line break between two tokens of the record.
    pub(super) first_break: Option<Range<usize>>,
    /// Met something that no repair is known for.
    pub(super) gave_up: bool,
    pub(super) records: usize,
}

impl<'t> Scan<'t> {
    /// Walks over the record at the start of `text`, up to `end` at most.
    pub(super) fn run(text: &'t [u8], end: usize) -> Self {
        let mut scan = Self::new(text, end);
        scan.walk();
        scan
    }

    /// As [`Scan::run`], for a record that lacks its opening brace at `at`.
    pub(super) fn run_inside_object(text: &'t [u8], at: usize, end: usize) -> Self {
        let mut scan = Self::new(text, end);
        scan.pos = at;
        scan.note(Slip::MissingPunctuation { missing: Missing::OpeningBrace }, at..at + 1);
        scan.edits.insert(at, "{");
        scan.open.push(Bracket { kind: Kind::Object, at });
        scan.state = State::Key;
        scan.walk();
        scan
    }

    fn new(text: &'t [u8], end: usize) -> Self {
        Self {
            text,
            pos: 0,
            end,
            state: State::Value,
            open: Vec::new(),
            open_string: None,
            key: 0..0,
            last_comma: 0,
            edits: Edits::default(),
            first: None,
            first_break: None,
            gave_up: false,
            records: 1,
        }
    }

    /// Whether the record, once repaired, came to its end.
    pub(super) fn is_closed(&self) -> bool {
        self.state == State::Done && !self.gave_up
    }

    /// Whether the repaired record is JSON.
    pub(super) fn is_confirmed(&self) -> bool {
        self.is_closed() && self.edits.parses(&self.text[..self.end.min(self.pos)], self.records)
    }

    /// What the record ended in the middle of.
    pub(super) fn innermost(&self) -> Option<Open> {
        if let Some(string) = self.open_string {
            return Some(Open::String { start: string.start });
        }
        self.open.last().map(|bracket| match bracket.kind {
            Kind::Object => Open::Object { start: bracket.at },
            Kind::Array => Open::Array { start: bracket.at },
        })
    }

    /// Supplies what is missing at the end of the record: closing brackets, or
    /// the closing quote of the last value.
    ///
    /// False if the record ends where nothing can be supplied with certainty.
    pub(super) fn close_at_end(&mut self) -> bool {
        if self.gave_up || self.open.is_empty() {
            return false;
        }
        match self.open_string {
            Some(OpenString { start, plain_value: true }) => self.close_string_at_end(start),
            Some(_) => false,
            None if self.state == State::Next => {
                self.close_brackets_at_end();
                true
            }
            None => false,
        }
    }

    fn close_brackets_at_end(&mut self) {
        let at = self.text[..self.end].trim_ascii_end().len();
        if let Some(innermost) = self.open.last() {
            let missing = innermost.kind.missing_closer();
            self.note(Slip::MissingPunctuation { missing }, at..at);
        }
        while let Some(bracket) = self.open.pop() {
            self.edits.insert(self.end, bracket.kind.closer_text());
        }
        self.state = State::Done;
    }

    /// `"content": "hi}]}`: the brackets at the very end are those that are open.
    fn close_string_at_end(&mut self, start: usize) -> bool {
        let mut at = self.end;
        for bracket in &self.open {
            let before = self.text[..at].trim_ascii_end();
            if before.last() != Some(&bracket.kind.closer()) || before.len() <= start + 1 {
                return false;
            }
            at = before.len() - 1;
        }
        self.forget(at);
        // A backslash before the last quote has hidden it.
        let span = if self.text[..at].ends_with(b"\\\"") { at - 2..at } else { at..at + 1 };
        self.note(Slip::MissingPunctuation { missing: Missing::ClosingQuote }, span);
        self.edits.insert(at, "\"");
        self.open.clear();
        self.open_string = None;
        self.state = State::Done;
        true
    }

    /// Keeps the first slip: the others are likely to follow from it.
    pub(super) fn note(&mut self, slip: Slip, span: Range<usize>) {
        if self.first.is_none() {
            self.first = Some((slip, span));
        }
    }

    /// Takes back what was noted and repaired at `from` or behind it.
    pub(super) fn forget(&mut self, from: usize) {
        self.edits.forget(from);
        if self.first.as_ref().is_some_and(|(_, span)| span.start >= from) {
            self.first = None;
        }
    }

    pub(super) fn peek_byte(&self, at: usize) -> Option<u8> {
        if at < self.end { Some(self.text[at]) } else { None }
    }

    /// The character at `at`, if it is valid UTF-8.
    pub(super) fn char_at(&self, at: usize) -> Option<char> {
        let bytes = &self.text[at..self.end.min(at + 4)];
        bytes.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next())
    }

    /// The span of the character at `at`.
    fn char_span(&self, at: usize) -> Range<usize> {
        at..at + self.char_at(at).map_or(1, char::len_utf8)
    }

    pub(super) fn finish_value(&mut self) {
        self.state = if self.open.is_empty() { State::Done } else { State::Next };
    }

    /// Whether the record goes on behind the line break at `newline`; if not,
    /// that is its end.
    pub(super) fn crosses(&mut self, newline: usize, in_string: bool) -> bool {
        let next = newline + 1;
        let goes_on = next < self.end && !self.is_barrier(next, in_string);
        if !goes_on {
            self.end = newline;
        }
        goes_on
    }

    /// Whether the line at `start` cannot belong to this record.
    fn is_barrier(&self, start: usize, in_string: bool) -> bool {
        let line = line_at(self.text, start);
        if is_merge_marker(line) {
            return true;
        }
        if line.first() != Some(&b'{') || !opens_object(line) {
            return false;
        }
        let expected = !in_string && matches!(self.state, State::Value | State::FirstElement);
        !expected || is_object(line)
    }

    fn give_up(&mut self) {
        self.gave_up = true;
    }

    fn walk(&mut self) {
        while self.skip_space() && !self.gave_up {
            if self.edits.is_full() {
                self.give_up();
                break;
            }
            let byte = self.text[self.pos];
            match self.state {
                State::Value | State::FirstElement => self.value(byte),
                State::Key | State::FirstKey => self.key(byte),
                State::Colon => self.colon(byte),
                State::Next => self.next(byte),
                State::Done => self.behind(byte),
            }
        }
    }

    /// Skips white space and comments; false at the end of the record.
    fn skip_space(&mut self) -> bool {
        while self.pos < self.end {
            match self.text[self.pos] {
                b' ' | b'\t' | b'\r' => self.pos += 1,
                b'\n' => {
                    if self.state == State::Done || !self.crosses(self.pos, false) {
                        self.end = self.pos;
                        return false;
                    }
                    let carriage_return = self.pos > 0 && self.text[self.pos - 1] == b'\r';
                    let start = self.pos - usize::from(carriage_return);
                    self.pos += 1;
                    self.first_break.get_or_insert(start..self.pos);
                }
                b'\0' => self.nul_bytes(),
                b'#' => self.comment(),
                b'/' if matches!(self.peek_byte(self.pos + 1), Some(b'/' | b'*')) => self.comment(),
                0x0B | 0x0C | 0x80.. => match self.char_at(self.pos) {
                    Some(found) if is_odd_space(found) => {
                        let span = self.pos..self.pos + found.len_utf8();
                        self.note(Slip::OddSpace { found }, span.clone());
                        self.pos = span.end;
                        self.edits.replace(span, " ");
                    }
                    _ => return true,
                },
                _ => return true,
            }
        }
        false
    }

    fn nul_bytes(&mut self) {
        let count = self.text[self.pos..self.end].iter().take_while(|byte| **byte == 0).count();
        let span = self.pos..self.pos + count;
        self.note(Slip::NulBytes { count }, span.clone());
        self.pos = span.end;
        self.edits.delete(span);
    }

    fn comment(&mut self) {
        let rest = &self.text[self.pos..self.end];
        let length = if rest.starts_with(b"/*") {
            memchr::memmem::find(&rest[2..], b"*/").map(|inside| inside + 4)
        } else {
            memchr::memchr(b'\n', rest)
        };
        let end = self.pos + length.unwrap_or(rest.len());
        let visible = self.text[self.pos..end].trim_ascii_end().len();
        self.note(Slip::Comment, self.pos..self.pos + visible);
        self.edits.delete(self.pos..end);
        self.pos = end;
    }

    fn value(&mut self, byte: u8) {
        let in_object = self.open.last().is_some_and(|bracket| bracket.kind == Kind::Object);
        let in_array = self.open.last().is_some_and(|bracket| bracket.kind == Kind::Array);
        match byte {
            b'{' => self.push(Kind::Object),
            b'[' => self.push(Kind::Array),
            b']' if self.state == State::FirstElement => self.pop(),
            b'}' | b']' if in_object => self.missing_value(),
            b'}' | b']' if in_array => {
                self.trailing_comma();
                self.state = State::Next;
            }
            b'}' | b']' | b',' | b':' if !in_object || byte == b':' => self.extra(byte),
            b',' => self.missing_value(),
            b'"' | b'\'' => self.string_value(),
            _ if self.is_smart_quote(self.pos) => self.string_value(),
            _ => self.bare_value(),
        }
    }

    /// `"role": ,` or `"role": }`
    fn missing_value(&mut self) {
        let missing = Missing::Value;
        self.note(Slip::MissingPunctuation { missing }, self.pos..self.pos + 1);
        self.edits.insert(self.pos, "null");
        self.state = State::Next;
    }

    /// The comma last read stands before a closing bracket; nothing if there
    /// was none.
    fn trailing_comma(&mut self) {
        if matches!(self.state, State::Value | State::Key) {
            let span = self.last_comma..self.last_comma + 1;
            self.note(Slip::TrailingComma { after_record: false }, span.clone());
            self.edits.delete(span);
        }
    }

    /// A comma, colon or bracket too many.
    fn extra(&mut self, byte: u8) {
        let span = self.pos..self.pos + 1;
        self.note(Slip::ExtraPunctuation { found: byte.into() }, span.clone());
        self.edits.delete(span);
        self.pos += 1;
    }

    fn push(&mut self, kind: Kind) {
        if self.open.len() == MAX_DEPTH {
            self.too_deep();
            return;
        }
        self.open.push(Bracket { kind, at: self.pos });
        self.pos += 1;
        self.state = match kind {
            Kind::Object => State::FirstKey,
            Kind::Array => State::FirstElement,
        };
    }

    fn pop(&mut self) {
        self.open.pop();
        self.pos += 1;
        self.finish_value();
    }

    /// Counts how deep the line goes, and ends the walk.
    fn too_deep(&mut self) {
        let (mut depth, mut deepest, mut in_string, mut escaped) = (MAX_DEPTH, MAX_DEPTH, false, false);
        let start = self.pos;
        while self.pos < self.end && self.text[self.pos] != b'\n' {
            let byte = self.text[self.pos];
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = in_string,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(depth);
            self.pos += 1;
        }
        self.note(Slip::DeepNesting { depth: deepest }, start..start + 1);
        self.give_up();
    }

    fn string_value(&mut self) {
        self.string(false);
    }

    /// A literal, a number or text without quotes.
    fn bare_value(&mut self) {
        let end = self.word_end(self.pos);
        let span = self.pos..end;
        match classify(&self.text[span.clone()]) {
            Word::Json => {}
            Word::NonFinite => {
                self.note(Slip::NonFiniteNumber, span.clone());
                self.edits.replace(span, "0");
            }
            Word::Python(literal) => {
                self.note(Slip::PythonLiteral { what: literal }, span.clone());
                self.edits.replace(span, if literal == PythonLiteral::None { "null" } else { "true" });
            }
            // A word that the end of the record cuts short: what is open says more.
            Word::Partial if end >= self.end => {
                self.pos = end;
                return;
            }
            Word::Partial | Word::Text => return self.unquoted_text(),
            Word::Unknown => return self.give_up(),
        }
        self.pos = end;
        self.finish_value();
    }

    fn word_end(&self, from: usize) -> usize {
        let word = &self.text[from..self.end];
        let is_end = |byte: &u8| matches!(byte, b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"' | 0..=b' ');
        from + word.iter().position(is_end).unwrap_or(word.len())
    }

    /// `"role": user"` or `"role": user`
    fn unquoted_text(&mut self) {
        let rest = &self.text[self.pos..self.end];
        let is_end = |byte: &u8| matches!(byte, b'"' | b',' | b'{' | b'}' | b'[' | b']' | b'\n');
        let Some(length) = rest.iter().position(is_end) else { return self.give_up() };
        let end = self.pos + length;
        match self.text[end] {
            b'"' if self.closes_value(self.pos, end, false) => {
                let missing = Missing::OpeningQuote;
                self.note(Slip::MissingPunctuation { missing }, self.char_span(self.pos));
                self.edits.insert(self.pos, "\"");
                self.pos = end + 1;
            }
            b',' | b'}' | b']' if self.open.is_empty() => return self.give_up(),
            b',' | b'}' | b']' => {
                let span = self.pos..self.pos + rest[..length].trim_ascii_end().len();
                let missing = Missing::Quotes;
                self.note(Slip::MissingPunctuation { missing }, span.clone());
                self.edits.replace(span, "\"\"");
                self.pos = end;
            }
            _ => return self.give_up(),
        }
        self.finish_value();
    }

    fn key(&mut self, byte: u8) {
        match byte {
            b'"' | b'\'' => self.string(true),
            b'}' => {
                self.trailing_comma();
                self.pop();
            }
            b']' if self.state == State::Key => {
                self.trailing_comma();
                self.state = State::Next;
            }
            b',' => self.extra(byte),
            b'{' if self.state == State::FirstKey => self.extra(byte),
            b'{' if self.parent() == Some(Kind::Array) => self.missing_brace_before_comma(),
            b':' => {
                let missing = Missing::Key;
                self.note(Slip::MissingPunctuation { missing }, self.pos..self.pos + 1);
                self.edits.insert(self.pos, "\"\"");
                self.state = State::Colon;
            }
            _ if self.is_smart_quote(self.pos) => self.string(true),
            _ => self.bare_key(),
        }
    }

    fn parent(&self) -> Option<Kind> {
        self.open.len().checked_sub(2).map(|index| self.open[index].kind)
    }

    /// `[{"role": "user", {"role": …`: the object ends before the comma.
    fn missing_brace_before_comma(&mut self) {
        let comma = self.last_comma;
        let missing = Missing::ClosingBrace;
        self.note(Slip::MissingPunctuation { missing }, comma..comma + 1);
        self.edits.insert(comma, "}");
        self.open.pop();
        self.state = State::Value;
    }

    /// `role: "user"` or `role": "user"`
    fn bare_key(&mut self) {
        let rest = &self.text[self.pos..self.end];
        let length = rest.iter().take_while(|byte| is_name_byte(**byte)).count();
        let end = self.pos + length;
        if length == 0 {
            return self.give_up();
        }
        let colon = |at: usize| self.peek_byte(self.next_token(at)) == Some(b':');
        if self.peek_byte(end) == Some(b'"') && colon(end + 1) {
            let missing = Missing::OpeningQuote;
            self.note(Slip::MissingPunctuation { missing }, self.char_span(self.pos));
            self.edits.insert(self.pos, "\"");
            self.pos = end + 1;
        } else if colon(end) {
            self.note(Slip::UnquotedKey, self.pos..end);
            self.edits.insert(self.pos, "\"");
            self.edits.insert(end, "\"");
            self.pos = end;
        } else {
            return self.give_up();
        }
        self.key = self.pos - length..end;
        self.state = State::Colon;
    }

    fn colon(&mut self, byte: u8) {
        match byte {
            b':' => self.pos += 1,
            b',' | b'}' | b']' => {
                let missing = Missing::Value;
                self.note(Slip::MissingPunctuation { missing }, self.pos..self.pos + 1);
                self.edits.insert(self.pos, ":null");
                self.state = State::Next;
                return;
            }
            b'=' => {
                let length = if self.peek_byte(self.pos + 1) == Some(b'>') { 2 } else { 1 };
                self.instead(Missing::Colon, self.pos..self.pos + length, ":");
            }
            _ if self.char_at(self.pos) == Some('：') => {
                self.instead(Missing::Colon, self.char_span(self.pos), ":");
            }
            _ if self.text[self.key.clone()].trim_ascii_end().ends_with(b":") => {
                return self.colon_in_key(byte);
            }
            _ => {
                let missing = Missing::Colon;
                self.note(Slip::MissingPunctuation { missing }, self.char_span(self.pos));
                self.edits.insert(self.pos, ":");
            }
        }
        self.state = State::Value;
    }

    /// Something else stands where `text` should.
    fn instead(&mut self, missing: Missing, span: Range<usize>, text: &'static str) {
        self.note(Slip::MissingPunctuation { missing }, span.clone());
        self.pos = span.end;
        self.edits.replace(span, text);
    }

    /// `"prompt:" "x"`, or `"prompt: "x"` whose key has no closing quote.
    fn colon_in_key(&mut self, byte: u8) {
        let colon = self.key.start + self.text[self.key.clone()].trim_ascii_end().len() - 1;
        let quote = self.key.end;
        let adjacent = self.pos == quote + 1;
        let starts_value = matches!(byte, b'"' | b'{' | b'[' | b'\'');
        let span = colon..colon + 1;
        if adjacent && !starts_value {
            let missing = Missing::ClosingQuote;
            self.note(Slip::MissingPunctuation { missing }, span);
            self.edits.insert(colon, "\"");
            self.pos = quote;
        } else {
            let missing = Missing::ColonOutsideKey;
            self.note(Slip::MissingPunctuation { missing }, span);
            self.edits.insert(self.pos, ":");
        }
        self.state = State::Value;
    }

    fn next(&mut self, byte: u8) {
        let Some(&Bracket { kind, .. }) = self.open.last() else { return self.give_up() };
        let missing_comma = Slip::MissingPunctuation { missing: Missing::Comma };
        match byte {
            b',' => {
                self.last_comma = self.pos;
                self.pos += 1;
                self.after_comma(kind);
            }
            b'}' | b']' if byte == kind.closer() => self.pop(),
            b'}' | b']' => self.wrong_closer(kind, byte),
            b';' => {
                self.instead(Missing::Comma, self.pos..self.pos + 1, ",");
                self.after_comma(kind);
            }
            _ if self.char_at(self.pos) == Some('，') => {
                self.instead(Missing::Comma, self.char_span(self.pos), ",");
                self.after_comma(kind);
            }
            b':' if kind == Kind::Object => {
                self.instead(Missing::Key, self.pos..self.pos + 1, ",\"\":");
                self.state = State::Value;
            }
            b'{' | b'[' if kind == Kind::Array => {
                self.note(missing_comma, self.pos..self.pos + 1);
                self.edits.insert(self.pos, ",");
                self.state = State::Value;
            }
            b'{' if self.parent() == Some(Kind::Array) => {
                let missing = Missing::ClosingBrace;
                self.note(Slip::MissingPunctuation { missing }, self.pos..self.pos + 1);
                self.edits.insert(self.pos, "},");
                self.open.pop();
                self.state = State::Value;
            }
            b'"' | b'\'' => {
                self.note(missing_comma, self.pos..self.pos + 1);
                self.edits.insert(self.pos, ",");
                self.after_comma(kind);
            }
            _ if self.is_smart_quote(self.pos) => {
                self.note(missing_comma, self.char_span(self.pos));
                self.edits.insert(self.pos, ",");
                self.after_comma(kind);
            }
            _ => self.give_up(),
        }
    }

    fn after_comma(&mut self, kind: Kind) {
        self.state = match kind {
            Kind::Object => State::Key,
            Kind::Array => State::Value,
        };
    }

    /// A closing bracket of the other kind: either the right one is missing
    /// before it, or it is one too many, or one was typed for the other. The
    /// closing brackets that follow tell which.
    fn wrong_closer(&mut self, kind: Kind, byte: u8) {
        let depth = self.open.len();
        let here = self.pos;
        let is_parents = self.parent() == Some(Kind::of_closer(byte));
        let insert = is_parents && self.closers_fit(depth - 1, here);
        let delete = self.closers_fit(depth, here + 1);
        let replace = self.closers_fit(depth - 1, here + 1);
        if insert || (is_parents && !delete && !replace) {
            let missing = kind.missing_closer();
            self.note(Slip::MissingPunctuation { missing }, here..here + 1);
            self.edits.insert(here, kind.closer_text());
            self.open.pop();
            self.finish_value();
        } else if replace && !delete {
            self.instead(kind.missing_closer(), here..here + 1, kind.closer_text());
            self.open.pop();
            self.finish_value();
        } else {
            self.extra(byte);
        }
    }

    /// Whether the closing brackets from `at` on close the innermost of the
    /// first `depth` open ones, and what follows them fits too.
    fn closers_fit(&self, mut depth: usize, mut at: usize) -> bool {
        loop {
            at = self.next_token(at);
            match self.peek_byte(at) {
                Some(byte @ (b'}' | b']')) => {
                    if depth == 0 || self.open[depth - 1].kind.closer() != byte {
                        return false;
                    }
                    depth -= 1;
                    at += 1;
                }
                Some(b',') => return depth > 0,
                Some(_) => return false,
                None => return depth == 0,
            }
        }
    }

    /// What follows the record on its line.
    fn behind(&mut self, byte: u8) {
        match byte {
            b'{' => {
                self.records += 1;
                self.note(Slip::JoinedRecords { count: 0 }, self.pos..self.pos + 1);
                self.push(Kind::Object);
            }
            b',' => match self.peek_byte(self.next_on_line(self.pos + 1)) {
                Some(b'{') => {
                    self.edits.replace(self.pos..self.pos + 1, " ");
                    self.pos += 1;
                }
                _ => {
                    let span = self.pos..self.pos + 1;
                    self.note(Slip::TrailingComma { after_record: true }, span.clone());
                    self.edits.delete(span);
                    self.pos += 1;
                }
            },
            b'}' | b']' | b';' => self.extra(byte),
            _ => self.stray_tail(),
        }
    }

    fn next_on_line(&self, mut at: usize) -> usize {
        while matches!(self.peek_byte(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    }

    /// Words behind the record. Braces among them make it doubtful that the
    /// record ended where it seems to.
    fn stray_tail(&mut self) {
        let rest = &self.text[self.pos..self.end];
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        if line.iter().any(|byte| matches!(byte, b'{' | b'}')) {
            return self.give_up();
        }
        let end = self.pos + line.len();
        let visible = self.pos + line.trim_ascii_end().len();
        self.note(Slip::StrayText, self.pos..visible);
        self.edits.delete(self.pos..end);
        self.pos = end;
    }
}

/// White space and invisible characters that JSON does not take for white space.
fn is_odd_space(character: char) -> bool {
    matches!(
        character,
        '\u{B}' | '\u{C}' | '\u{85}' | '\u{A0}' | '\u{AD}' | '\u{1680}' | '\u{2000}'
            ..='\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}'
            ..='\u{2064}' | '\u{3000}' | '\u{FEFF}'
    )
}
