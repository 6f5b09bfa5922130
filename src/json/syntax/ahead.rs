//! What follows a quote, and what that tells of it.
//!
//! A quote that ends its string is followed by what the grammar allows there,
//! one that should have been escaped by more text.

use super::lines::is_name_byte;
use super::scan::{Kind, Scan, is_odd_space};

/// A key is looked for this far ahead.
const KEY_WINDOW: usize = 256;

/// A comment is skipped if it is no longer than this.
const COMMENT_WINDOW: usize = 1024;

impl Scan<'_> {
    /// The next token from `at` on, behind white space and comments. A line
    /// that begins with a brace is no longer looked at.
    pub(super) fn next_token(&self, mut at: usize) -> usize {
        loop {
            at = match self.peek_byte(at) {
                Some(b'\n') if self.peek_byte(at + 1) == Some(b'{') => return self.end,
                Some(b' ' | b'\t' | b'\r' | b'\n') => at + 1,
                Some(b'/') => match self.comment_end(at) {
                    Some(end) => end,
                    None => return at,
                },
                Some(0x80..) => match self.char_at(at) {
                    Some(found) if is_odd_space(found) => at + found.len_utf8(),
                    _ => return at,
                },
                Some(_) => return at,
                None => return self.end,
            }
        }
    }

    /// Where the comment at `at` ends, if it is one and not a long one.
    fn comment_end(&self, at: usize) -> Option<usize> {
        let window = &self.text[at..self.end.min(at + COMMENT_WINDOW)];
        let length = match window {
            [b'/', b'*', inside @ ..] => memchr::memmem::find(inside, b"*/").map(|end| end + 4),
            [b'/', b'/', ..] => memchr::memchr(b'\n', window),
            _ => return None,
        };
        match length {
            Some(length) => Some(at + length),
            None => (window.len() < COMMENT_WINDOW).then_some(self.end),
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
            Some(b',') => self.comma_ends_value(next, in_object, has_inner),
            // Without any space it may as well be a quote that is doubled, and in a text with other quotes one of them.
            Some(b'"') if in_object && (has_inner || next == at + 1) => self.is_member_at(next),
            Some(b'"') if in_object => self.is_key_at(next, true),
            Some(b'"') => next > at + 1 && self.is_last_string(next),
            Some(b':') => in_object && !has_inner && is_name(&self.text[start + 1..at]),
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
            Some(b'"') => !has_inner && self.is_key_at(end, true),
            Some(b';') => count >= self.open.len(),
            Some(_) => !has_inner && count == self.open.len(),
        }
    }

    /// Whether nothing but the closing brackets of all that is open follows.
    pub(super) fn closes_record(&self, mut at: usize) -> bool {
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
    fn comma_ends_value(&self, at: usize, in_object: bool, has_inner: bool) -> bool {
        let next = self.next_token(at + 1);
        let next = next + self.prefix_length(next);
        match self.peek_byte(next) {
            None | Some(b'}' | b']' | b',') => true,
            Some(b'"' | b'\'') if in_object => self.is_key_at(next, false) || (!has_inner && self.is_last_key(next)),
            Some(b'"' | b'[' | b'0'..=b'9' | b'-') if !in_object => true,
            Some(b'\'') if !in_object => !has_inner,
            Some(b'{') => true,
            _ if self.is_smart_quote(next.min(self.end)) => true,
            Some(_) if in_object => self.is_bare_key(next),
            Some(_) => self.is_literal_at(next),
        }
    }

    /// Whether a key begins with the quote at `at`; without `colon`, one whose
    /// colon was forgotten or stands inside counts too.
    pub(super) fn is_key_at(&self, at: usize, colon: bool) -> bool {
        let at = if self.opens_key_twice(at) { at + 1 } else { at };
        let quote = self.text[at];
        let window = &self.text[at + 1..self.end.min(at + 1 + KEY_WINDOW)];
        let Some(length) = window.iter().position(|byte| *byte == quote || *byte == b'\n') else {
            return false;
        };
        let end = at + 1 + length;
        if self.text[end] != quote {
            return false;
        }
        let next = self.next_token(end + 1);
        if self.peek_byte(next) == Some(b':') {
            return length > 0 || !colon;
        }
        // A colon and a space inside the quotes: those are not the key's own.
        let inside = self.text[at + 1..end].trim_ascii_end();
        if let Some(name) = inside.strip_suffix(b":") {
            return is_name(name);
        }
        is_name(inside) && self.is_value_at(next)
    }

    /// Whether the quote at `at` stands twice before a name: `""role": …`
    pub(super) fn opens_key_twice(&self, at: usize) -> bool {
        matches!(self.text[at..self.end], [b'"', b'"', byte, ..] if is_name_byte(byte))
    }

    /// Whether a key like `"role":` begins at `at`, where an array has its elements.
    pub(super) fn is_member_at(&self, at: usize) -> bool {
        let window = &self.text[at + 1..self.end.min(at + 1 + KEY_WINDOW)];
        let length = window.iter().take_while(|byte| is_name_byte(**byte)).count();
        let end = at + 1 + length;
        length > 0 && self.peek_byte(end) == Some(b'"') && self.peek_byte(self.next_token(end + 1)) == Some(b':')
    }

    /// How many letters stand at `at` before the quote of a string, as in Python: `u'…'`, `rb"…"`. None if there is no
    /// quote behind them.
    pub(super) fn prefix_length(&self, at: usize) -> usize {
        let is_prefix = |byte: &&u8| b"bBfFrRuU".contains(byte);
        let rest = self.text.get(at..self.end).unwrap_or_default();
        let length = rest.iter().take(2).take_while(is_prefix).count();
        if matches!(rest.get(length), Some(b'"' | b'\'')) { length } else { 0 }
    }

    /// Whether a value begins at `at`, or a sign that somebody took for a colon.
    fn is_value_at(&self, at: usize) -> bool {
        match self.peek_byte(at) {
            Some(b'"' | b'[' | b'{' | b'=' | b'\'' | b'0'..=b'9' | b'-') => true,
            Some(_) => self.is_literal_at(at),
            None => false,
        }
    }

    fn is_literal_at(&self, at: usize) -> bool {
        let rest = &self.text[at..self.end];
        let literals = ["true", "false", "null", "True", "False", "None", "NaN"];
        literals.iter().any(|literal| rest.starts_with(literal.as_bytes()))
    }

    /// Whether a key without a value ends the object: `"role": "user", "content"}`.
    fn is_last_key(&self, at: usize) -> bool {
        let quote = self.text[at];
        let window = &self.text[at + 1..self.end.min(at + 1 + KEY_WINDOW)];
        window.iter().position(|byte| *byte == quote).is_some_and(|length| {
            let end = at + 1 + length;
            let next = self.next_token(end + 1);
            self.peek_byte(next) == Some(b'}') && is_name(&self.text[at + 1..end])
        })
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
}

/// Whether this reads like a key or a role: one short word.
pub(super) fn is_name(text: &[u8]) -> bool {
    (1..=40).contains(&text.len()) && text.iter().all(|byte| is_name_byte(*byte))
}
