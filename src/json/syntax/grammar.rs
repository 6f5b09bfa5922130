//! What each token means where it stands, and how one that must not stand
//! there is repaired.

use std::ops::Range;

use super::lines::is_name_byte;
use super::scan::{Bracket, Kind, Scan, State};
use super::word::{Word, classify};
use super::{Missing, PythonLiteral, Slip};
use crate::json::MAX_DEPTH;

impl Scan<'_> {
    pub(super) fn value(&mut self, byte: u8) {
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
            b'"' if in_array && self.is_member_at(self.pos) => self.missing_opening_brace(),
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

    /// `[{"role": "user"}, "role": "assistant"}]`: an object begins before its key.
    fn missing_opening_brace(&mut self) {
        let missing = Missing::OpeningBrace;
        self.note(Slip::MissingPunctuation { missing }, self.pos..self.pos + 1);
        self.edits.insert(self.pos, "{");
        self.open.push(Bracket { kind: Kind::Object, at: self.pos });
        self.state = State::Key;
    }

    /// A comma, colon, quote or bracket too many.
    pub(super) fn extra(&mut self, byte: u8) {
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
        let prefix = self.prefix_length(self.pos);
        if prefix > 0 && !self.closes_value(self.pos, self.pos + prefix, false) {
            self.string_prefix(prefix);
            return self.string_value();
        }
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
                let json = match literal {
                    PythonLiteral::None => "null",
                    PythonLiteral::False => "false",
                    _ => "true",
                };
                self.edits.replace(span, json);
            }
            Word::Undefined => {
                self.note(Slip::Undefined, span.clone());
                self.edits.replace(span, "null");
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

    /// `u'…'`: what Python 2 prints says the same without its letter; in other strings escapes and braces mean something
    /// else than in JSON.
    fn string_prefix(&mut self, length: usize) {
        let span = self.pos..self.pos + length;
        let is_plain = matches!(&self.text[span.clone()], b"u" | b"U");
        self.note(Slip::PythonLiteral { what: PythonLiteral::StringPrefix }, span.clone());
        if !is_plain {
            self.certainty = None;
        }
        self.pos = span.end;
        self.edits.delete(span);
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

    pub(super) fn key(&mut self, byte: u8) {
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
        let prefix = self.prefix_length(self.pos);
        let colon = |at: usize| self.peek_byte(self.next_token(at)) == Some(b':');
        if prefix > 0 && !colon(self.pos + prefix + 1) {
            self.string_prefix(prefix);
            return self.string(true);
        }
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

    pub(super) fn colon(&mut self, byte: u8) {
        match byte {
            b':' => self.pos += 1,
            // `"content"": …`: the closing quote stands twice.
            b'"' if self.key.end + 1 == self.pos && self.peek_byte(self.next_token(self.pos + 1)) == Some(b':') => {
                return self.extra(byte);
            }
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
                // `"a" "b" "c"`, `"b""`: without a comma before it or a space behind it the key may be a part of a text
                // as well, and so may any behind quotes that were not what they seemed to be.
                let is_supplied = self.supplied_comma.is_some_and(|comma| comma + 1 == self.key.start);
                let is_quote =
                    |slip: &Slip| matches!(slip, Slip::UnescapedQuote { .. } | Slip::ExtraPunctuation { found: '"' });
                let is_behind_quotes = self.first.as_ref().is_some_and(|(slip, _)| is_quote(slip));
                if is_supplied || is_behind_quotes || (byte == b'"' && self.key.end + 1 == self.pos) {
                    self.certainty = None;
                }
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
        let space_inside = colon + 1 < quote;
        let span = colon..colon + 1;
        if (adjacent && space_inside) || !self.starts_value(byte, adjacent) {
            let missing = Missing::ClosingQuote;
            self.note(Slip::MissingPunctuation { missing }, span);
            self.edits.insert(colon, "\"");
            self.pos = quote;
        } else {
            let missing = Missing::ColonOutsideKey;
            self.note(Slip::MissingPunctuation { missing }, span.clone());
            self.edits.delete(span);
            self.edits.insert(quote + 1, ":");
        }
        self.state = State::Value;
    }

    /// Whether a value begins with `byte` at the current position, where it may
    /// also be the text of one whose opening quote stands before it.
    fn starts_value(&self, byte: u8, adjacent: bool) -> bool {
        let next = self.peek_byte(self.next_token(self.pos + 1));
        match byte {
            b'"' => !adjacent || !matches!(next, Some(b',' | b'}' | b']')),
            b'{' => matches!(next, Some(b'"' | b'}')),
            b'[' | b'\'' => true,
            _ if self.is_smart_quote(self.pos) => true,
            _ => {
                let end = self.word_end(self.pos);
                let next = self.peek_byte(self.next_token(end));
                let is_literal =
                    !matches!(classify(&self.text[self.pos..end]), Word::Partial | Word::Text | Word::Unknown);
                is_literal && matches!(next, Some(b',' | b'}') | None)
            }
        }
    }

    pub(super) fn next(&mut self, byte: u8) {
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
                // A comma is missing too: it may as well be an object in a text that is quoted.
                self.certainty = None;
                self.open.pop();
                self.state = State::Value;
            }
            b'"' | b'\'' => {
                self.note(missing_comma, self.pos..self.pos + 1);
                self.edits.insert(self.pos, ",");
                self.supplied_comma = Some(self.pos);
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
        // `["role": "user"]`: if neither brace is there, an object may have been meant, not a list of one.
        let is_supplied = self.open.last().is_some_and(|bracket| self.text[bracket.at] == b'"');
        if kind == Kind::Object && is_supplied && self.parent() == Some(Kind::Array) {
            return self.give_up();
        }
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
    pub(super) fn behind(&mut self, byte: u8) {
        match byte {
            b'{' => {
                self.records += 1;
                self.note(Slip::JoinedRecords { count: 0 }, self.pos..self.pos + 1);
                // A carriage return alone was meant to end the line.
                match self.text[self.pos - 1] {
                    b'\r' => self.edits.replace(self.pos - 1..self.pos, "\n"),
                    _ => self.edits.insert(self.pos, "\n"),
                }
                self.push(Kind::Object);
            }
            b',' => match self.peek_byte(self.next_on_line(self.pos + 1)) {
                Some(b'{') => {
                    self.edits.delete(self.pos..self.pos + 1);
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
