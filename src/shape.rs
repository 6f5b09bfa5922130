//! What a file is as a whole, before its lines are looked at.
//!
//! A file that is not JSON Lines at all deserves one finding that says what it
//! is, not one a line. Only the first bytes are looked at, so that a pipe and a
//! mapped file are judged alike; where they do not settle it, the file is
//! linted line by line.

mod encoding;
mod json;
mod magic;
mod table;

use std::ops::Range;

pub(crate) use encoding::first_line as first_line_of_text;
use serde::de::IgnoredAny;

use crate::json::syntax::is_record_in_quotes;

/// How many bytes of a file are enough to [`sniff`] at.
pub const HEAD: usize = 64 * 1024;

/// What some programs write before text in UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a file is as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// To be linted line by line.
    #[default]
    JsonLines,
    /// Nothing, or nothing but white space.
    Empty,
    /// UTF-16 text.
    Utf16 {
        /// Whether the low byte comes first.
        little_endian: bool,
        /// Whether it begins with a byte order mark.
        bom: bool,
        /// Whether it is that from the first byte to the last, as far as is known.
        whole: bool,
    },
    /// UTF-32 text.
    Utf32 {
        /// Whether the low byte comes first.
        little_endian: bool,
        /// Whether it begins with a byte order mark.
        bom: bool,
        /// Whether it is that from the first byte to the last, as far as is known.
        whole: bool,
    },
    /// One JSON array.
    JsonArray {
        /// How many elements it has, if the whole of it was seen and is valid.
        elements: Option<usize>,
    },
    /// One JSON array that no JSON parser takes.
    TornArray {
        /// What is wrong with it.
        fault: ArrayFault,
    },
    /// Objects that each take several lines, or a single such object.
    PrettyJson {
        /// How many, if the whole file was seen.
        records: Option<usize>,
    },
    /// The request for a job: no data at all.
    JobRequest,
    /// What git-lfs leaves where the data was not pulled.
    LfsPointer {
        /// The size of the data in bytes.
        size: Option<u64>,
    },
    /// A table with a header.
    Csv {
        /// The byte between the columns.
        delimiter: u8,
    },
    /// A text format that is none of the others: HTML, XML, YAML, a Python list.
    Markup {
        /// A noun phrase with its article.
        what: &'static str,
    },
    /// Prose, code, or whatever has no line that begins like an object.
    PlainText,
    /// Compressed, packed or otherwise no text.
    Binary {
        /// A noun phrase, with its article if it can have one.
        what: &'static str,
    },
}

/// What is wrong with an array.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ArrayFault {
    /// All its elements are good, but its closing bracket is missing.
    Unclosed {
        /// How many elements it has.
        elements: usize,
    },
    /// All its elements are good, but a comma follows the last one.
    TrailingComma {
        /// How many elements it has.
        elements: usize,
    },
    /// It cannot be taken apart.
    Broken {
        /// Why, in lower case and without its place.
        reason: String,
        /// In which line of the file, counted from 1.
        line: u64,
    },
}

/// What a file is as a whole, and the bytes that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeReport {
    /// What it is.
    pub shape: Shape,
    /// What to point at: within the head, on character boundaries of UTF-8
    /// text, empty for [`Shape::JsonLines`] and [`Shape::Empty`].
    pub span: Range<usize>,
}

impl ShapeReport {
    /// Takes into account how many bytes the file has.
    pub(crate) fn of_length(mut self, length: usize) -> Self {
        match &mut self.shape {
            Shape::Utf16 { whole, .. } => *whole &= length.is_multiple_of(2),
            Shape::Utf32 { whole, .. } => *whole &= length.is_multiple_of(4),
            _ => {}
        }
        self
    }
}

/// Decides what a file is from its first bytes.
///
/// `head` are the first [`HEAD`] bytes, or the whole file if it is shorter;
/// `complete` says whether they are the whole file. Where in doubt the file is
/// [`Shape::JsonLines`].
///
/// # Examples
///
/// ```
/// use ftlint::shape::{Shape, sniff};
///
/// let report = sniff(b"[\n  {\"prompt\": \"a\"},\n  {\"prompt\": \"b\"}\n]\n", true);
/// assert_eq!(report.shape, Shape::JsonArray { elements: Some(2) });
/// assert_eq!(report.span, 0..1);
/// ```
#[must_use]
pub fn sniff(head: &[u8], complete: bool) -> ShapeReport {
    let head = &head[..head.len().min(HEAD)];
    if let Some((shape, mark)) = encoding::identify(head, complete) {
        return ShapeReport { shape, span: 0..mark.max(1) };
    }
    if let Some(what) = magic::identify(head) {
        return ShapeReport { shape: Shape::Binary { what }, span: 0..1 };
    }
    let mark = if head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let start = mark + head[mark..].len() - head[mark..].trim_ascii_start().len();
    let Some(first) = head.get(start) else {
        return lines_or_empty(complete);
    };
    if *first == 0 && head[start..].iter().all(|byte| *byte == 0) {
        return ShapeReport { shape: Shape::Binary { what: "nothing but zero bytes" }, span: start..start + 1 };
    }
    let text = valid_prefix(&head[start..]);
    let shape = match first {
        b'[' => json::array(text, complete && start + text.len() == head.len(), lines_of(&head[..start])),
        b'{' => json::pretty(text, complete && start + text.len() == head.len()),
        _ if is_binary(&head[start..], text) => Some(Shape::Binary { what: "binary data" }),
        _ if head[start..].split(|byte| *byte == b'\n').any(may_be_record) => None,
        _ => other_text(text),
    };
    let span = match shape {
        None => 0..0,
        Some(Shape::JsonArray { .. } | Shape::TornArray { .. } | Shape::PrettyJson { .. } | Shape::JobRequest) => {
            start..start + 1
        }
        Some(_) => start..start + text.lines().next().map_or(0, |line| line.trim_end().len()),
    };
    ShapeReport { shape: shape.unwrap_or(Shape::JsonLines), span }
}

/// How many lines end before something.
fn lines_of(before: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', before).count() as u64
}

/// White space alone: nothing to lint, if that is all there is.
fn lines_or_empty(complete: bool) -> ShapeReport {
    let shape = if complete { Shape::Empty } else { Shape::JsonLines };
    ShapeReport { shape, span: 0..0 }
}

/// The text up to the first bytes that are not UTF-8.
fn valid_prefix(bytes: &[u8]) -> &str {
    bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}

/// What text is that begins with neither bracket.
fn other_text(text: &str) -> Option<Shape> {
    if let Some(pointer) = text.strip_prefix("version https://git-lfs.github.com/spec/") {
        return Some(Shape::LfsPointer { size: lfs_size(pointer) });
    }
    if let Some(what) = markup(text) {
        return Some(Shape::Markup { what });
    }

    match table::delimiter(text) {
        Some(delimiter) => Some(Shape::Csv { delimiter }),
        None if is_yaml(text) => Some(Shape::Markup { what: "YAML" }),
        None if text.is_empty() => None,
        None => Some(Shape::PlainText),
    }
}

/// Whether a line is JSON, or begins like an object, or is one but for what it
/// is wrapped in: then the file is judged line by line.
fn may_be_record(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"{") || serde_json::from_slice::<IgnoredAny>(line).is_ok() || is_record_in_quotes(line)
}

/// Zero bytes among bytes that are no text.
fn is_binary(bytes: &[u8], text: &str) -> bool {
    // A character may be cut in two where the head ends.
    text.len() + 4 <= bytes.len() && memchr::memchr(0, bytes).is_some()
}

fn lfs_size(pointer: &str) -> Option<u64> {
    pointer.lines().find_map(|line| line.strip_prefix("size "))?.trim().parse().ok()
}

fn markup(text: &str) -> Option<&'static str> {
    let tag = text.get(..15).unwrap_or(text).to_ascii_lowercase();
    if tag.starts_with("<!doctype html") || tag.starts_with("<html") {
        Some("an HTML page")
    } else if tag.starts_with("<?xml") {
        Some("XML")
    } else {
        None
    }
}

/// A document marker, or keys and list items without any quotes or braces
/// around them.
fn is_yaml(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else { return false };
    if first.trim_end() == "---" {
        return lines.next().is_some_and(|line| is_yaml_key(line) || line.starts_with("- "));
    }
    let item = first.strip_prefix("- ").unwrap_or(first);
    is_yaml_key(item)
        && lines.next().is_some_and(|line| line.starts_with("- ") || line.starts_with(' ') || is_yaml_key(line))
}

fn is_yaml_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, value)| {
        !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            && (value.is_empty() || value.starts_with(' '))
    })
}
