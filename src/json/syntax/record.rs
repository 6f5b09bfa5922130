//! The verdict on a record that begins with a bracket, and how many lines are its own.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::lines::{is_merge_marker, line_at, line_end, lines_from, opens_object, trimmed};
use super::scan::{Scan, State};
use super::undo::Undo;
use super::{Broken, Missing, Slip, stray_text};

/// A record that begins with a bracket.
pub(super) fn record(text: &[u8]) -> Broken {
    let (line, _) = line_end(text, 0);
    let alone = Scan::run(text, line);
    if let Some(broken) = confirmed(&alone, 1) {
        return broken;
    }
    if alone.is_closed() || matches!(alone.first, Some((Slip::DeepNesting { .. }, _))) {
        return unnamed(text, alone, 1);
    }
    let first_line = text[..line].trim_ascii_end();
    let looks_complete = first_line.ends_with(b"}") && first_line.len() > 1;
    // Where the line looks complete, the lines behind it belong to it only if
    // that makes sense soon.
    let reach = if looks_complete { text.len().min(line + COMPLETE_REACH) } else { text.len() };
    let joined = Scan::run(text, reach);
    let taken = lines_taken(&joined);
    if taken > 1
        && let Some(broken) = confirmed(&joined, taken)
    {
        return broken;
    }
    if let Some(broken) = torn_at_brace(&joined) {
        return broken;
    }
    let is_alone = looks_complete || taken == 1 || !goes_on(&alone);
    let (scan, taken) = if is_alone { (alone, 1) } else { (joined, taken) };
    if let Some(broken) = supplied(scan.clone(), taken, text) {
        return broken;
    }
    let left = if looks_complete { 0 } else { lines_left(&scan) };
    unnamed(text, scan, taken + left)
}

/// A record whose string is torn before a line that begins with `{`, such as one of code, which looks like the next
/// record. It is one record only if its quotes leave no doubt of it: all of them are escaped up to the one that ends the
/// string, and nothing else has to be guessed.
fn torn_at_brace(joined: &Scan<'_>) -> Option<Broken> {
    let is_torn = joined.open_string.is_some_and(|string| string.plain_value);
    let at_brace = joined.text[joined.end..].trim_ascii_start().starts_with(b"{");
    if !is_torn || !at_brace {
        return None;
    }
    let scan = Scan::run_through_braces(joined.text);
    if scan.records > 1 || scan.gave_up {
        return None;
    }
    confirmed(&scan, lines_taken(&scan))
}

/// `"prompt": "x", "completion": "y"}`, or the same without the brace at its end.
pub(super) fn missing_brace(text: &[u8], line: &Range<usize>) -> Option<Broken> {
    let alone = Scan::run_inside_object(text, line.start, line.end);
    if let Some(broken) = confirmed(&alone, 1) {
        return Some(broken);
    }
    if alone.gave_up || alone.open_string.is_some() || alone.edits.iter().count() > 1 {
        return None;
    }
    match goes_on_below(text) {
        false => missing_braces(alone),
        true => {
            let reach = text.len().min(line.end + BRACELESS_REACH);
            let joined = Scan::run_inside_object(text, line.start, reach);
            let is_whole = joined.edits.iter().count() == 1;
            confirmed(&joined, lines_taken(&joined)).filter(|_| is_whole)
        }
    }
}

/// Whether the first line ends with a comma or the second begins like what follows a member.
fn goes_on_below(text: &[u8]) -> bool {
    let (line, next) = line_end(text, 0);
    let behind = text[next..].trim_ascii_start();
    text[..line].trim_ascii_end().ends_with(b",") || matches!(behind, [b',' | b'}' | b']', ..])
}

/// The verdict on a line of whole members, if neither of its braces is there.
fn missing_braces(mut alone: Scan<'_>) -> Option<Broken> {
    if alone.state != State::Next || alone.open.len() != 1 || !alone.close_at_end() {
        return None;
    }
    alone.first = alone.first.map(|(_, span)| (Slip::MissingPunctuation { missing: Missing::Braces }, span));
    alone.pos = alone.end;
    confirmed(&alone, 1)
}

/// Whether what stands behind the line of this walk can be part of its record:
/// a line that ends behind a value is not continued by prose.
fn goes_on(alone: &Scan<'_>) -> bool {
    let is_behind_value = alone.state == State::Next && alone.open_string.is_none();
    let behind = alone.text[alone.end..].trim_ascii_start();
    !is_behind_value || matches!(behind, [b',' | b'}' | b']' | b'"' | b'/' | b'#', ..])
}

/// How far a line that ends with `}` may reach into the lines behind it.
const COMPLETE_REACH: usize = 2 * 1024;

/// How far a line without its first brace may reach: such lines may be many.
const BRACELESS_REACH: usize = 512;

/// The lines that a walk has passed, blank ones at its end not counted.
fn lines_taken(scan: &Scan<'_>) -> usize {
    let passed = scan.text[..scan.pos.min(scan.end)].trim_ascii_end();
    1 + memchr::memchr_iter(b'\n', passed).count()
}

/// The verdict of a walk after whose repairs the record is JSON.
pub(super) fn confirmed(scan: &Scan<'_>, lines: usize) -> Option<Broken> {
    if !scan.is_confirmed() {
        return None;
    }
    let (slip, span) = if let Some(span) = invalid_utf8(&scan.text[..scan.pos]) {
        (Slip::InvalidUtf8, span)
    } else if let Some((slip, span)) = scan.first.clone() {
        // Only now is it known how many there are.
        let joined = matches!(slip, Slip::JoinedRecords { .. });
        (if joined { Slip::JoinedRecords { count: scan.records } } else { slip }, span)
    } else {
        (Slip::SpansLines { raw_break_in_string: false }, scan.first_break.clone()?)
    };
    let undo = if slip == Slip::InvalidUtf8 { None } else { Undo::of(scan) };
    Some(Broken { lines, records: scan.records as u64, slip, span, undo })
}

/// The verdict of a walk that came to no end, if what is missing can be supplied.
fn supplied(mut scan: Scan<'_>, lines: usize, text: &[u8]) -> Option<Broken> {
    // Without a line break behind it the record is rather cut off.
    if scan.end >= text.len() && scan.open_string.is_none() {
        return None;
    }
    if !scan.close_at_end() {
        return None;
    }
    scan.pos = scan.end;
    // Lines that only brackets put in by hand hold together may be those of two records.
    if lines > 1 {
        scan.certainty = None;
    }
    confirmed(&scan, lines)
}

/// The verdict of a walk that could not be confirmed.
fn unnamed(text: &[u8], scan: Scan<'_>, lines: usize) -> Broken {
    let end = scan.pos.min(scan.end);

    if let Some((slip @ Slip::DeepNesting { .. }, span)) = scan.first {
        return Broken::left(lines, slip, span);
    }
    if !opens_object(line_at(text, 0)) && text.trim_ascii_start().starts_with(b"{") {
        return stray_text(text, trimmed(text, 0..line_at(text, 0).len()));
    }
    if let Some(span) = invalid_utf8(&text[..end])
        && span.end < text.len()
    {
        return Broken::left(lines, Slip::InvalidUtf8, span);
    }
    let record = first_lines(text, lines);
    let visible = record.trim_ascii_end();
    let ends_open = !scan.gave_up && !matches!(visible, [.., b'}' | b']']);
    if ends_open && let Some(open) = scan.innermost() {
        let end = visible.len();
        return Broken::left(lines, Slip::CutOff { open }, end..end);
    }
    match scan.first {
        // What looks like Python is that, even where its other notations cannot be undone: tuples, dates.
        Some((slip @ (Slip::SpansLines { .. } | Slip::PythonLiteral { .. }), span)) => Broken::left(lines, slip, span),
        _ if visible.starts_with(b"{\\\"") => Broken::left(lines, Slip::EscapedRecord, 1..3),
        _ => other(text, record.len(), lines),
    }
}

/// The first `count` lines of `text`, without the last line break.
fn first_lines(text: &[u8], count: usize) -> &[u8] {
    let last = lines_from(text, 0).nth(count - 1);
    let end = last.map_or(text.len(), |(_, behind)| behind);
    let record = &text[..end];
    let record = record.strip_suffix(b"\n").unwrap_or(record);
    record.strip_suffix(b"\r").unwrap_or(record)
}

/// How many more lines belong to a record whose walk was given up: up to the
/// line that closes it, or the line before the next record.
fn lines_left(scan: &Scan<'_>) -> usize {
    let text = scan.text;
    let (_, next) = line_end(text, scan.pos);
    let closes = matches!(text[..scan.pos].rsplit(|byte| *byte == b'\n').next(), Some([b'}' | b']', ..]));
    if !scan.gave_up || closes {
        return 0;
    }
    let mut count = 0;
    let mut taken = 0;
    for (line, _) in lines_from(text, next) {
        if is_merge_marker(line) || (line.first() == Some(&b'{') && opens_object(line)) {
            break;
        }
        count += 1;
        if !line.trim_ascii().is_empty() {
            taken = count;
        }
        if matches!(line, [b'}' | b']', ..]) {
            break;
        }
    }
    taken
}

/// The parser's own reason for refusing `text[..end]`.
pub(super) fn other(text: &[u8], end: usize, lines: usize) -> Broken {
    let record = &text[..end];
    if let Some(span) = invalid_utf8(record) {
        return Broken::left(lines, Slip::InvalidUtf8, span);
    }
    let Err(error) = serde_json::from_slice::<IgnoredAny>(record) else {
        let reason = "refused by the parser".to_owned();
        return Broken::left(lines, Slip::Other { reason }, trimmed(text, 0..end));
    };
    let start = match error.line() {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', record).nth(line - 2).map_or(0, |newline| newline + 1),
    };
    let span = char_before(record, start + error.column());
    Broken::left(lines, Slip::Other { reason: reason(&error) }, span)
}

/// The parser's words, without the place that it appends.
fn reason(error: &serde_json::Error) -> String {
    let mut words = error.to_string();
    if let Some(place) = words.rfind(" at line ") {
        words.truncate(place);
    }
    if words.starts_with("EOF") {
        words.replace_range(..3, "end of record");
    }
    words
}

/// The character that ends at `column`, which counts bytes from one, or at the
/// end of the record the empty span.
fn char_before(record: &[u8], column: usize) -> Range<usize> {
    let visible = record.trim_ascii_end().len();
    let mut start = column.saturating_sub(1).min(visible);
    while start > 0 && start < visible && record[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    let following = record[start..visible].iter().skip(1);
    let width = following.take_while(|byte| **byte & 0xC0 == 0x80).count() + 1;
    start..(start + width).min(visible)
}

/// The first bytes that are not UTF-8.
pub(super) fn invalid_utf8(text: &[u8]) -> Option<Range<usize>> {
    let error = std::str::from_utf8(text).err()?;
    let start = error.valid_up_to();
    Some(start..error.error_len().map_or(text.len(), |length| start + length))
}
