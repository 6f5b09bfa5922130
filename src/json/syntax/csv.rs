//! Records in CSV quoting: each quote of theirs stands twice, as in a cell of a table.
//!
//! `"{""prompt"": ""a""}"` is what a spreadsheet writes, `{""prompt"": ""a""}` what is left of it without the quotes of
//! the cell. Such a line can be read in no other way if every quote in it has a twin, and if it is JSON once one of each
//! two is gone.

use std::ops::Range;

use super::lines::{is_merge_marker, lines_from};
use super::record::invalid_utf8;
use super::repair::Edits;
use super::undo::Undo;
use super::{Broken, Slip};
use crate::json::Parser;

/// The verdict on the first line of `text`, if it is a record in CSV quoting. `line` is the line without the white space
/// at its ends.
pub(super) fn record(text: &[u8], line: &Range<usize>) -> Option<Broken> {
    let found = &text[line.clone()];
    let is_cell = opens_doubled(found.strip_prefix(b"\"").unwrap_or_default());
    if !is_cell && !opens_doubled(found) {
        return None;
    }
    if let Some(span) = invalid_utf8(&text[..line.end]) {
        return Some(Broken::left(1, Slip::InvalidUtf8, span));
    }
    if is_cell && let Some(lines) = lines_of_open_cell(text, line) {
        return Some(Broken::left(lines, Slip::CsvQuoted, first_quotes(text, line)));
    }
    let undo = unquoted(text, line, is_cell).and_then(Undo::likely);
    // Without the quotes of a cell there are other readings.
    (is_cell || undo.is_some()).then(|| Broken {
        lines: 1,
        records: 1,
        slip: Slip::CsvQuoted,
        span: first_quotes(text, line),
        undo,
    })
}

/// Whether `{""` stands here, behind which a key goes on.
fn opens_doubled(text: &[u8]) -> bool {
    let inside = text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
    inside.and_then(|inside| inside.strip_prefix(b"\"\"")).is_some_and(|key| !key.is_empty() && key[0] != b'"')
}

/// How many lines a cell takes that does not end on its first line: up to the quote that has no twin. Nothing of it is
/// left out as if it stood between records. A line that begins with a brace is another record.
fn lines_of_open_cell(text: &[u8], line: &Range<usize>) -> Option<usize> {
    let mut is_open = true;
    let mut taken = 0;
    for (number, (found, _)) in lines_from(text, 0).enumerate() {
        let found = if number == 0 { &text[line.start + 1..line.end] } else { found };
        if number > 0 && (is_merge_marker(found) || matches!(found.trim_ascii_start(), [b'{', ..] | [b'"', b'{', ..])) {
            break;
        }
        taken = number + 1;
        // A quote with a twin closes the cell and opens it again.
        is_open ^= memchr::memchr_iter(b'"', found).count() % 2 == 1;
        if !is_open {
            break;
        }
    }
    (taken > 1).then_some(taken)
}

/// The first quotes of the line: one, or two in a row.
fn first_quotes(text: &[u8], line: &Range<usize>) -> Range<usize> {
    let start = line.start + memchr::memchr(b'"', &text[line.clone()]).unwrap_or(0);
    let count = text[start..line.end].iter().take_while(|byte| **byte == b'"').count();
    start..start + count.clamp(1, 2)
}

/// One quote less of each two, if that makes the line an object that can be read.
fn unquoted(text: &[u8], line: &Range<usize>, is_cell: bool) -> Option<Edits> {
    let mut edits = Edits::default();
    let mut inside = line.clone();
    if is_cell {
        edits.delete(inside.start..inside.start + 1);
        inside = inside.start + 1..inside.end - 1;
        (text.get(inside.end) == Some(&b'"')).then_some(())?;
    }
    let mut quotes = memchr::memchr_iter(b'"', &text[inside.clone()]);
    while let Some(quote) = quotes.next() {
        let at = inside.start + quote;
        (quotes.next() == Some(quote + 1) && !edits.is_full()).then_some(())?;
        edits.delete(at..at + 1);
    }
    if is_cell {
        edits.delete(inside.end..inside.end + 1);
    }
    let undone = edits.applied(&text[..line.end]);
    let is_object = undone.trim_ascii_start().starts_with(b"{") && Parser::portable().parse(&undone).is_ok();
    is_object.then_some(edits)
}
