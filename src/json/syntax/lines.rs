//! Lines that say by themselves what they are, and where a record must end.

use std::ops::Range;

use memchr::memchr;
use serde::de::IgnoredAny;

/// Where the line that begins at `start` ends: before its line break, and behind it.
pub(super) fn line_end(text: &[u8], start: usize) -> (usize, usize) {
    match memchr(b'\n', &text[start..]) {
        Some(length) => {
            let end = start + length;
            let content = if end > start && text[end - 1] == b'\r' { end - 1 } else { end };
            (content, end + 1)
        }
        None => (text.len(), text.len()),
    }
}

/// The line that begins at `start`, without its line break.
pub(super) fn line_at(text: &[u8], start: usize) -> &[u8] {
    &text[start..line_end(text, start).0]
}

/// The lines of `text` from the offset `start` on, each with the offset of the line behind it.
pub(super) fn lines_from(text: &[u8], start: usize) -> impl Iterator<Item = (&[u8], usize)> {
    let mut next = start;
    std::iter::from_fn(move || {
        if next >= text.len() {
            return None;
        }
        let (end, behind) = line_end(text, next);
        let line = &text[next..end];
        next = behind;
        Some((line, behind))
    })
}

/// `range` without the white space at its ends.
pub(super) fn trimmed(text: &[u8], range: Range<usize>) -> Range<usize> {
    let slice = &text[range.clone()];
    let start = range.start + slice.len() - slice.trim_ascii_start().len();
    start..start + slice.trim_ascii().len()
}

/// `<<<<<<<`, `|||||||`, `=======` or `>>>>>>>`, as git writes them.
pub(super) fn is_merge_marker(line: &[u8]) -> bool {
    let Some((marker, rest)) = line.split_at_checked(7) else { return false };
    match marker {
        b"<<<<<<<" | b"|||||||" | b">>>>>>>" => matches!(rest, [] | [b' ', ..]),
        b"=======" => rest.trim_ascii().is_empty(),
        _ => false,
    }
}

/// A line that is nothing but a comment, or opens one.
pub(super) fn is_comment(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    line.starts_with(b"#") || line.starts_with(b"//") || line.starts_with(b"/*")
}

/// A lone opening bracket, or only closing ones, as they are left over of an
/// array or of a pretty-printed object.
pub(super) fn is_brackets(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let is_closing = |byte: &u8| matches!(byte, b']' | b'}' | b',' | b';' | b' ' | b'\t');
    line == b"[" || (matches!(line, [b']' | b'}', ..]) && line.iter().all(is_closing))
}

/// Whether the line reads like the beginning of a JSON object, and not like
/// prose or code that happens to begin with a brace.
pub(super) fn opens_object(line: &[u8]) -> bool {
    let Some(inside) = line.trim_ascii_start().strip_prefix(b"{") else { return false };
    match inside.trim_ascii() {
        [] | [b'/', b'/' | b'*', ..] => true,
        [b'"' | b'\'' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b'\\', ..] => true,
        // Curly quotes: U+2018 to U+201F.
        [0xE2, 0x80, 0x98..=0x9F, ..] => true,
        rest => {
            let name = rest.iter().take_while(|byte| is_name_byte(**byte)).count();
            name > 0 && rest[name..].trim_ascii_start().starts_with(b":")
        }
    }
}

/// Whether the line is one complete JSON object.
pub(super) fn is_object(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"{") && line.ends_with(b"}") && serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

/// Whether the line ends with one complete JSON object, whatever stands before it.
pub(super) fn holds_object(line: &[u8]) -> bool {
    memchr(b'{', line).is_some_and(|brace| is_object(&line[brace..]))
}

/// Whether the line reads like a part of a record that is no object by itself: it begins with a member, `"role": …`, has
/// one that holds more than a number, or ends like a record, `…."}]}`.
pub(super) fn is_fragment(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    begins_with_member(line) || has_member(line) || ends_like_record(line) || ends_string(line)
}

fn begins_with_member(line: &[u8]) -> bool {
    let Some(name) = line.strip_prefix(b"\"") else { return false };
    let length = name.iter().take_while(|byte| is_name_byte(**byte)).count();
    let behind = name[length..].strip_prefix(b"\"").unwrap_or(&name[length..]);
    length > 0 && behind.trim_ascii_start().starts_with(b":")
}

/// Whether `name": "`, `name": [` or `name": {` stands somewhere, with whatever was lost before the name.
fn has_member(line: &[u8]) -> bool {
    memchr::memchr_iter(b':', line).any(|colon| {
        let key = line[..colon].trim_ascii_end();
        let quotes = key.iter().rev().take_while(|byte| **byte == b'"').count();
        let is_name = key[..key.len() - quotes].last().is_some_and(|byte| is_name_byte(*byte));
        let value = line[colon + 1..].trim_ascii_start();
        quotes > 0 && is_name && matches!(value, [b'"' | b'[' | b'{', ..])
    })
}

fn ends_like_record(line: &[u8]) -> bool {
    let is_closing = |byte: &u8| matches!(byte, b'}' | b']' | b',' | b' ' | b'\t');
    let closers = line.iter().rev().take_while(|byte| is_closing(byte)).count();
    let (before, closers) = line.split_at(line.len() - closers);
    before.ends_with(b"\"") && closers.contains(&b'}')
}

/// Whether the line ends with a quote that closes what was opened before the line.
fn ends_string(line: &[u8]) -> bool {
    let mut quotes = 0;
    let mut is_escaped = false;
    for byte in line {
        quotes += usize::from(*byte == b'"' && !is_escaped);
        is_escaped = *byte == b'\\' && !is_escaped;
    }
    quotes % 2 == 1 && matches!(line, [.., b'"'] | [.., b'"', b','])
}

/// What a key without quotes may consist of.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'$' | b'.') || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_belong_to_no_line() {
        let text = b"a\r\nb\n\nc";
        let lines: Vec<_> = lines_from(text, 0).map(|(line, _)| line).collect();
        assert_eq!(lines, [&b"a"[..], b"b", b"", b"c"]);
    }

    #[test]
    fn merge_markers_have_seven_characters() {
        assert!(is_merge_marker(b"<<<<<<< HEAD"));
        assert!(is_merge_marker(b"======="));
        assert!(!is_merge_marker(b"========"));
        assert!(!is_merge_marker(b"<<<<<<<<"));
        assert!(!is_merge_marker(b"======="[..6].as_ref()));
    }

    #[test]
    fn parts_of_records_are_told_from_prose() {
        for line in [
            "\"role\": \"user\",",
            "Done.\"}]}",
            "role\": \"user",
            "x, \"\"a\"\": [1",
            "  \"a\" : 1",
            "x\" } ] },",
            "more\"",
            "he \\\"said\\\" so\",",
        ] {
            assert!(is_fragment(line.as_bytes()), "{line}");
        }
        for line in ["\"Hello,\" she said.", "print(\"x\")}", "say \"x\"", "}", "\"one\", \"two\""] {
            assert!(!is_fragment(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn prose_in_braces_opens_no_object() {
        assert!(opens_object(b"{\"a\": 1}"));
        assert!(opens_object(b"  { 'a'"));
        assert!(opens_object(b"{"));
        assert!(opens_object(b"{role: 1"));
        assert!(opens_object("{\u{201C}a\u{201D}: 1}".as_bytes()));
        assert!(!opens_object(b"{complaint}"));
        assert!(!opens_object(b"{see below}"));
    }
}
