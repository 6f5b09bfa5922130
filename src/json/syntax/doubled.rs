//! Quotes inside a string that are doubled, as in CSV: `"He said ""hi"" to me"`.
//!
//! Two quotes in a row can be many things: an empty string in a line of code, one quote too many, two strings without a
//! comma. They are taken for one quote only if all quotes of the string up to its end come in twos that open and close
//! quotations in turn. If only some do, nobody can tell.

use super::scan::Scan;

/// A string whose quotes are doubled.
#[derive(Debug)]
pub(super) struct Doubled {
    /// Its closing quote.
    pub(super) end: usize,
    /// Whether it may be something else: `"""x"""` is a string of Python too, and `f("", ""x"")` has quotes of both kinds.
    pub(super) is_doubtful: bool,
}

/// What is known of the quotes of a string so far.
#[derive(Debug, Default)]
struct Quotations {
    /// How many doubled quotes there are.
    count: usize,
    is_open: bool,
    /// How many quotations were closed.
    closed: usize,
    /// Whether a doubled quote neither opens nor closes a quotation.
    is_odd: bool,
}

impl Scan<'_> {
    /// Whether the quotes of the string that begins at `start` are doubled, and where it ends then.
    pub(super) fn doubled(&mut self, start: usize, is_key: bool) -> Option<Doubled> {
        // What was looked through before is not looked through again, or many strings would take forever.
        if start < self.undoubled {
            return None;
        }
        let (end, quotations) = self.quotations(start);
        if quotations.count == 0 {
            return None;
        }
        let is_sure = !quotations.is_odd && !quotations.is_open;
        if !(is_sure || quotations.closed > 0) || !self.ends_doubled(start, end, is_key) {
            self.undoubled = end;
            return None;
        }
        let at_both_ends = self.text[start + 1] == b'"' && self.text[end - 1] == b'"';
        Some(Doubled { end, is_doubtful: !is_sure || (quotations.count == 2 && at_both_ends) })
    }

    /// The doubled quotes of the string that begins at `start`, up to the first quote that has no twin.
    fn quotations(&self, start: usize) -> (usize, Quotations) {
        let mut quotations = Quotations::default();
        let mut at = start + 1;
        // Behind what can stand before any quote: the opening quote, or an escape.
        let mut neutral = at;
        while let Some(found) = self.text.get(at..self.end).and_then(|rest| memchr::memchr3(b'"', b'\\', b'\n', rest)) {
            at += found;
            match self.text[at] {
                b'\\' => {
                    at += 2;
                    neutral = at;
                }
                b'"' if self.peek_byte(at + 1) == Some(b'"') => {
                    let before = (at > neutral).then(|| self.text[at - 1]);
                    quotations.add(before, self.around(at + 2));
                    at += 2;
                }
                b'\n' if self.peek_byte(at + 1).is_some() && !self.is_barrier(at + 1, true) => at += 1,
                _ => return (at, quotations),
            }
        }
        (self.end, quotations)
    }

    /// What stands behind a doubled quote; `None` for what can stand behind any: an escape, or the end of the string.
    fn around(&self, at: usize) -> Option<u8> {
        match self.peek_byte(at) {
            Some(b'\\') => None,
            Some(b'"') if self.peek_byte(at + 1) != Some(b'"') => None,
            byte => byte,
        }
    }

    /// Whether the quote at `end` ends the string, to judge by what follows.
    fn ends_doubled(&self, start: usize, end: usize, is_key: bool) -> bool {
        if self.peek_byte(end) != Some(b'"') {
            return false;
        }
        if is_key {
            return self.peek_byte(self.next_token(end + 1)) == Some(b':');
        }
        self.closes_value(start, end, true)
    }
}

impl Quotations {
    /// Takes a doubled quote between these two bytes.
    fn add(&mut self, before: Option<u8>, behind: Option<u8>) {
        self.count += 1;
        if !self.is_open && opens(before, behind) {
            self.is_open = true;
        } else if self.is_open && closes(before, behind) {
            self.is_open = false;
            self.closed += 1;
        } else if self.is_open || !is_inch(before, behind) {
            self.is_odd = true;
        }
    }
}

/// Whether a quotation may begin between these bytes.
fn opens(before: Option<u8>, behind: Option<u8>) -> bool {
    // Not an operator: `return ""+x+""` is code.
    let begins_text = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"([{'_$#@".contains(&byte);
    before.is_none_or(|before| !before.is_ascii_alphanumeric()) && behind.is_none_or(begins_text)
}

/// Whether a quotation may end between these bytes.
fn closes(before: Option<u8>, behind: Option<u8>) -> bool {
    let ends_text = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b")]}'_.,;:!?%".contains(&byte);
    before.is_none_or(ends_text) && behind.is_none_or(|behind| !behind.is_ascii_alphanumeric())
}

/// `a 5"" pipe`
fn is_inch(before: Option<u8>, behind: Option<u8>) -> bool {
    before.is_some_and(|before| before.is_ascii_digit()) && behind.is_none_or(|behind| !behind.is_ascii_alphanumeric())
}
