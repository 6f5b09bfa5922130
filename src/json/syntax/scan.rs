//! A tolerant walk over one record: a JSON parser that notes what is wrong,
//! repairs it and goes on.
//!
//! The walk is a loop over a small state machine, so nesting costs no stack,
//! and every look ahead is bounded, so it is linear in the bytes it passes.

use std::ops::Range;

use super::lines::{is_merge_marker, is_object, line_at, opens_object};
use super::repair::Edits;
use super::undo::Certainty;
use super::{BYTE_ORDER_MARK, Missing, Open, Slip};

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
    pub(super) fn of_closer(byte: u8) -> Self {
        if byte == b'}' { Self::Object } else { Self::Array }
    }

    pub(super) fn closer(self) -> u8 {
        match self {
            Self::Object => b'}',
            Self::Array => b']',
        }
    }

    pub(super) fn closer_text(self) -> &'static str {
        match self {
            Self::Object => "}",
            Self::Array => "]",
        }
    }

    pub(super) fn missing_closer(self) -> Missing {
        match self {
            Self::Object => Missing::ClosingBrace,
            Self::Array => Missing::ClosingBracket,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Bracket {
    pub(super) kind: Kind,
    pub(super) at: usize,
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
    /// The comma last read.
    pub(super) last_comma: usize,
    pub(super) edits: Edits,
    pub(super) first: Option<(Slip, Range<usize>)>,
    /// How certain all that was undone is; `None` if something cannot be.
    pub(super) certainty: Option<Certainty>,
    /// The first line break between two tokens of the record.
    pub(super) first_break: Option<Range<usize>>,
    /// Met something that no repair is known for.
    pub(super) gave_up: bool,
    pub(super) records: usize,
    /// Where a comma was put in before a key.
    pub(super) supplied_comma: Option<usize>,
    /// Up to here strings are known to have no doubled quotes.
    pub(super) undoubled: usize,
    /// Whether a line that begins with `{` may go on with a string; the walk ends at the first slip that is undone with
    /// less than certainty.
    through_braces: bool,
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

    /// As [`Scan::run`], for a record in a string of which lines begin with `{`. Only escaped quotes tell such a line
    /// from the next record, so whatever is doubtful ends the walk.
    pub(super) fn run_through_braces(text: &'t [u8]) -> Self {
        let mut scan = Self::new(text, text.len());
        scan.through_braces = true;
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
            certainty: Some(Certainty::Certain),
            first_break: None,
            gave_up: false,
            records: 1,
            supplied_comma: None,
            undoubled: 0,
            through_braces: false,
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
            self.edits.insert(at, bracket.kind.closer_text());
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
        self.certainty = self.certainty.zip(Certainty::of(&slip)).map(|(so_far, here)| so_far.min(here));
        if self.through_braces && self.certainty != Some(Certainty::Certain) {
            self.give_up();
        }
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
    pub(super) fn char_span(&self, at: usize) -> Range<usize> {
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
    pub(super) fn is_barrier(&self, start: usize, in_string: bool) -> bool {
        let line = line_at(self.text, start);
        if is_merge_marker(line) {
            return true;
        }
        // The first line of a file that was put behind another one.
        let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        if line.first() != Some(&b'{') || !opens_object(line) || (in_string && self.through_braces) {
            return false;
        }
        let expected = !in_string && matches!(self.state, State::Value | State::FirstElement);
        !expected || is_object(line)
    }

    pub(super) fn give_up(&mut self) {
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
                        // A mark is nothing, as it is at the start of a file.
                        self.edits.replace(span, if found == BYTE_ORDER_MARK { "" } else { " " });
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
}

/// White space and invisible characters that JSON does not take for white space.
pub(super) fn is_odd_space(character: char) -> bool {
    matches!(
        character,
        '\u{B}' | '\u{C}' | '\u{85}' | '\u{A0}' | '\u{AD}' | '\u{1680}' | '\u{2000}'
            ..='\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}'
            ..='\u{2064}' | '\u{3000}' | '\u{FEFF}'
    )
}
