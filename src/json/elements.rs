//! The values of a text, one after the other: the elements of an array, or objects over several lines each.
//!
//! Values are copied without the white space between their tokens, and each of them is JSON; nothing else is read of
//! them. One is held in memory at a time.

use serde::de::IgnoredAny;

/// What keeps a text from being taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// A clause that goes on with the line.
    pub(crate) what: &'static str,
    /// The line, counted from 1.
    pub(crate) line: u64,
    /// Where the value begins that is broken, if one is, in bytes from the start of the text.
    pub(crate) value: Option<usize>,
}

/// Takes a text apart, byte by byte.
#[derive(Debug, Default)]
pub(crate) struct Elements {
    /// Whether they are the elements of an array; otherwise they follow each other.
    array: bool,
    opened: bool,
    closed: bool,
    /// Whether a value has ended and no comma has followed.
    behind: bool,
    /// What was read of the value at hand.
    value: Vec<u8>,
    /// Where it begins.
    start: usize,
    /// The last value that ended.
    ended: Vec<u8>,
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Whether white space stands before the next byte of the value.
    space: bool,
    count: usize,
    /// The line of the text, from 0.
    line: u64,
    at: usize,
}

impl Elements {
    pub(crate) fn of_array() -> Elements {
        Elements { array: true, ..Elements::default() }
    }

    /// The last value that has ended.
    pub(crate) fn last(&self) -> &[u8] {
        &self.ended
    }

    /// How many values have ended.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Whether it is an array that has not ended.
    pub(crate) fn is_unclosed(&self) -> bool {
        self.array && !self.closed
    }

    /// Takes the next byte. True if a value has ended.
    pub(crate) fn byte(&mut self, byte: u8) -> Result<bool, Fault> {
        let before = self.count;
        self.take(byte)?;
        self.line += u64::from(byte == b'\n');
        self.at += 1;
        Ok(self.count > before)
    }

    /// Ends the text. True if that has ended a value. An array without its closing bracket is as good as one with it, if
    /// it is sure that its last element is whole.
    pub(crate) fn end(&mut self) -> Result<bool, Fault> {
        let is_bare = !self.value.is_empty() && self.depth == 0 && !self.in_string;
        if is_bare && !self.array {
            self.finish()?;
            return Ok(true);
        }
        if self.value.is_empty() { Ok(false) } else { Err(self.broken("the file ends in the middle of a value")) }
    }

    fn refused(&self, what: &'static str) -> Fault {
        Fault { what, line: self.line + 1, value: None }
    }

    fn broken(&self, what: &'static str) -> Fault {
        Fault { value: Some(self.start), ..self.refused(what) }
    }

    fn take(&mut self, byte: u8) -> Result<(), Fault> {
        if self.in_string {
            self.value.push(byte);
            self.in_string = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
            return if !self.in_string && self.depth == 0 { self.finish() } else { Ok(()) };
        }
        let is_space = matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        if self.value.is_empty() {
            return if is_space { Ok(()) } else { self.between(byte) };
        }
        if self.depth == 0 {
            // A number or a literal ends where something else begins.
            if is_space || matches!(byte, b',' | b']') {
                self.finish()?;
                return if is_space { Ok(()) } else { self.between(byte) };
            }
            self.value.push(byte);
            return Ok(());
        }
        if is_space {
            self.space = true;
            return Ok(());
        }
        self.token(byte);
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth -= 1,
            _ => {}
        }
        if self.depth == 0 { self.finish() } else { Ok(()) }
    }

    /// A byte inside a value and outside of strings. White space that does not stand beside punctuation tears a word or
    /// a number apart, and stays, so that the value is seen to be none.
    fn token(&mut self, byte: u8) {
        let is_punctuation = |byte: &u8| b"{}[],:\"".contains(byte);
        let is_torn = self.space && !is_punctuation(&byte) && !self.value.last().is_some_and(is_punctuation);
        if is_torn {
            self.value.push(b' ');
        }
        self.space = false;
        self.value.push(byte);
    }

    /// What stands before, between and behind the values.
    fn between(&mut self, byte: u8) -> Result<(), Fault> {
        match byte {
            // A byte order mark.
            0xEF | 0xBB | 0xBF if self.at < 3 => return Ok(()),
            b'[' if self.array && !self.opened => {
                self.opened = true;
                return Ok(());
            }
            _ if self.closed => return Err(self.refused("something stands behind the array")),
            b']' if self.array => {
                self.closed = true;
                return Ok(());
            }
            b',' if self.behind => {
                self.behind = false;
                return Ok(());
            }
            b',' => return Err(self.refused("there is a comma too many")),
            _ if self.behind && self.array => return Err(self.refused("a comma is missing between two elements")),
            b'{' | b'[' => self.depth = 1,
            b'"' => self.in_string = true,
            _ => {}
        }
        self.behind = false;
        self.start = self.at;
        self.value.push(byte);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Fault> {
        if serde_json::from_slice::<IgnoredAny>(&self.value).is_err() {
            return Err(self.broken("a value is not JSON"));
        }
        std::mem::swap(&mut self.value, &mut self.ended);
        self.value.clear();
        self.behind = true;
        self.space = false;
        self.count += 1;
        Ok(())
    }
}
