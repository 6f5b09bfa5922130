//! A text with a handful of edits, read as if they had been made.
//!
//! A cause is only named when undoing it makes the record parse. The repaired
//! text is never built: a record may be hundreds of megabytes long, its edits
//! are few.

use std::io::{self, Read};
use std::ops::Range;

use serde::de::IgnoredAny;

/// One replacement; an empty range inserts, an empty text deletes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    range: Range<usize>,
    with: &'static str,
}

/// The edits of one record, in the order of their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Edits(Vec<Edit>);

impl Edits {
    /// A record with more slips than this is not repaired any further.
    const MAX: usize = 100_000;

    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= Self::MAX
    }

    pub(super) fn replace(&mut self, range: Range<usize>, with: &'static str) {
        // Nearly always the end: repairs are found from left to right.
        let mut index = self.0.len();
        while index > 0 && self.0[index - 1].range.start > range.start {
            index -= 1;
        }
        self.0.insert(index, Edit { range, with });
    }

    pub(super) fn insert(&mut self, at: usize, text: &'static str) {
        self.replace(at..at, text);
    }

    pub(super) fn delete(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// Forgets every edit at `from` or behind it.
    pub(super) fn forget(&mut self, from: usize) {
        let kept = self.0.partition_point(|edit| edit.range.start < from);
        self.0.truncate(kept);
    }

    /// Whether the edited text is exactly `records` JSON values.
    ///
    /// Strings are not checked for UTF-8, nor numbers for their size: those
    /// are causes of their own.
    pub(super) fn parses(&self, text: &[u8], records: usize) -> bool {
        let mut values = serde_json::Deserializer::from_reader(self.apply(text)).into_iter::<IgnoredAny>();
        let mut count = 0;
        loop {
            match values.next() {
                Some(Ok(_)) => count += 1,
                Some(Err(_)) => return false,
                None => return count == records,
            }
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Range<usize>, &'static str)> {
        self.0.iter().map(|edit| (edit.range.clone(), edit.with))
    }

    /// The edited text.
    pub(super) fn applied(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        self.apply(text).read_to_end(&mut out).expect("memory can be read");
        out
    }

    fn apply<'a>(&'a self, text: &'a [u8]) -> impl Read {
        let mut cursor = 0;
        let edited = self.0.iter().flat_map(move |edit| {
            let kept = &text[cursor..edit.range.start.max(cursor)];
            cursor = cursor.max(edit.range.end);
            [kept, edit.with.as_bytes()]
        });
        let end = self.0.iter().map(|edit| edit.range.end).max().unwrap_or(0);
        Pieces { current: &[], rest: edited.chain([&text[end..]]) }
    }
}

/// Slices read one after the other.
struct Pieces<'a, I> {
    current: &'a [u8],
    rest: I,
}

impl<'a, I: Iterator<Item = &'a [u8]>> Read for Pieces<'a, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.rest.next() {
                Some(piece) => self.current = piece,
                None => return Ok(0),
            }
        }
        self.current.read(buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(edits: &Edits, text: &str) -> String {
        let mut out = String::new();
        edits.apply(text.as_bytes()).read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn edits_are_applied_in_order_of_place() {
        let mut edits = Edits::default();
        edits.delete(6..7);
        edits.insert(9, "}");
        edits.replace(3..4, "\"");
        edits.replace(1..2, "\"");
        assert_eq!(applied(&edits, "{'a':1,] "), "{\"a\":1] }");
    }

    #[test]
    fn forgetting_keeps_what_lies_before() {
        let mut edits = Edits::default();
        edits.insert(0, "[");
        edits.insert(3, "]");
        edits.forget(3);
        assert_eq!(applied(&edits, "1,2"), "[1,2");
    }

    #[test]
    fn the_number_of_records_counts() {
        let edits = Edits::default();
        assert!(edits.parses(b"{} {}", 2));
        assert!(!edits.parses(b"{} {}", 1));
        assert!(!edits.parses(b"", 1));
    }
}
