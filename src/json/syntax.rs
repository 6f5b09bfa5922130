//! Why a record is not JSON: one cause, at its bytes.
//!
//! A line that the parser has refused is walked over by a tolerant scanner,
//! which notes what is wrong, undoes it and goes on. The first slip is the
//! cause, but it is named only if the text parses once everything noted is
//! undone; otherwise the parser's own reason stands. The same walk tells how
//! many lines the record takes, so that one raw line break does not make a
//! stray line of every line behind it.

mod ahead;
mod csv;
mod describe;
mod doubled;
mod grammar;
mod lines;
mod record;
mod repair;
mod scan;
mod string;
mod undo;
mod word;

use std::ops::Range;

use self::lines::{
    holds_object, is_brackets, is_comment, is_fragment, is_merge_marker, is_object, line_at, lines_from, opens_object,
    trimmed,
};
use self::record::{confirmed, invalid_utf8, missing_brace, other, record};
use self::scan::Scan;
pub use self::undo::{Certainty, Undo};
use super::Parser;

/// What stands at the start of some files, and between two that were put together.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// What is wrong with one record that is not JSON.
///
/// Offsets are relative to the start of the text given to [`diagnose`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// How many physical lines the record takes, at least one.
    pub lines: usize,
    /// How many examples are in them, whatever is wrong: none in a comment, several where records are joined.
    pub records: u64,
    /// The one cause.
    pub slip: Slip,
    /// Where it is: within the text, on character boundaries where the text is
    /// UTF-8, and empty only where something is missing at the end of a line.
    pub span: Range<usize>,
    /// How all that is wrong with the record can be undone, if that is more than a guess.
    pub undo: Option<Undo>,
}

/// The one cause why a record is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Slip {
    /// Bytes that are not UTF-8; the span is the first of them.
    InvalidUtf8,
    /// A run of zero bytes, as a crash leaves at the end of a file.
    NulBytes {
        /// How many.
        count: usize,
    },
    /// The escape of a surrogate without its other half.
    LoneSurrogate,
    /// NaN, an infinity, or a number that a double cannot hold.
    NonFiniteNumber,
    /// Brackets nested more than 128 deep; the span is the first one too many.
    DeepNesting {
        /// How deep it goes.
        depth: usize,
    },
    /// The record would be JSON if it stood on one line; the span is the first
    /// line break.
    SpansLines {
        /// Whether that stands inside a string; otherwise the record is
        /// pretty-printed.
        raw_break_in_string: bool,
    },
    /// A control character inside a string that is not escaped.
    RawControl {
        /// The character.
        byte: u8,
    },
    /// What Python prints instead of JSON.
    PythonLiteral {
        /// Which.
        what: PythonLiteral,
    },
    /// A curly quote where JSON wants a straight one.
    SmartQuote {
        /// The character.
        found: char,
    },
    /// A comma before a closing bracket or behind the record.
    TrailingComma {
        /// Whether it stands behind the record.
        after_record: bool,
    },
    /// A double quote inside a string without a backslash.
    UnescapedQuote {
        /// Where the string begins.
        string: usize,
    },
    /// Two double quotes inside a string for one, as CSV has it.
    DoubledQuote {
        /// Where the string begins.
        string: usize,
    },
    /// A whole record in CSV quoting: each of its quotes stands twice, and often one more around it.
    CsvQuoted,
    /// JavaScript's `undefined` where a value is expected.
    Undefined,
    /// Something is missing; the span is what stands in its place.
    MissingPunctuation {
        /// What.
        missing: Missing,
    },
    /// A comma, colon, quote or bracket too many.
    ExtraPunctuation {
        /// Which.
        found: char,
    },
    /// A key without quotes.
    UnquotedKey,
    /// Every quote of the record is escaped, as if it stood inside a string.
    EscapedRecord,
    /// A backslash before a character that needs none.
    BadEscape,
    /// A character between two tokens that looks like a space or like nothing,
    /// but is no white space in JSON.
    OddSpace {
        /// The character.
        found: char,
    },
    /// A comment: whole lines, or part of the record.
    Comment,
    /// Headings, prose, code or a table between the records, or words before
    /// or behind a record on its line.
    StrayText,
    /// Lines that are a part of a record, and the rest of it is elsewhere.
    Fragment,
    /// A line with nothing but the brackets of an array around the records.
    ArrayBracket,
    /// A line that git has left in an unresolved conflict.
    MergeConflict,
    /// Several objects on one line; the span is the opening brace of the second.
    JoinedRecords {
        /// How many.
        count: usize,
    },
    /// The record ends in the middle.
    CutOff {
        /// What is still open.
        open: Open,
    },
    /// Anything else, in the words of the parser.
    Other {
        /// The reason, in lower case and without its place.
        reason: String,
    },
}

/// What a [`Slip::PythonLiteral`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PythonLiteral {
    /// A string in single quotes.
    SingleQuotes,
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// A letter before the quote of a string: `f"…"`, `r"…"`, `b"…"`, `u"…"`.
    StringPrefix,
}

/// What a [`Slip::MissingPunctuation`] misses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The comma between two members or elements.
    Comma,
    /// The colon between a key and its value.
    Colon,
    /// The colon stands inside the quotes of the key: `"prompt:" "x"`.
    ColonOutsideKey,
    /// The key of a value: `"role": "assistant": "x"`.
    Key,
    /// The value of a key: `"role": ,`.
    Value,
    /// The quote that opens a string.
    OpeningQuote,
    /// The quote that closes a string.
    ClosingQuote,
    /// Both quotes of a string.
    Quotes,
    /// `{` at the beginning of the record, or of an object in a list.
    OpeningBrace,
    /// `{` at the beginning of the record, and `}` at its end.
    Braces,
    /// `}`
    ClosingBrace,
    /// `]`
    ClosingBracket,
}

/// What is open where a record was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// A string.
    String {
        /// Where it begins.
        start: usize,
    },
    /// An object.
    Object {
        /// Where it begins.
        start: usize,
    },
    /// An array.
    Array {
        /// Where it begins.
        start: usize,
    },
}

/// Says what is wrong with the record at the start of `text`.
///
/// `text` begins at the first byte of a line that the parser has refused and
/// runs on over the lines behind it, as far as they are at hand. A record that
/// goes on beyond the end of `text` is taken to be cut off there.
///
/// # Examples
///
/// ```
/// use ftlint::json::syntax::{Slip, diagnose};
///
/// let broken = diagnose(b"{\"prompt\": \"a\", \"completion\": \"b\",}\n{}\n");
/// assert_eq!(broken.slip, Slip::TrailingComma { after_record: false });
/// assert_eq!((broken.lines, broken.span), (1, 33..34));
/// ```
#[must_use]
pub fn diagnose(text: &[u8]) -> Broken {
    let line = line_at(text, 0);
    let whole_line = trimmed(text, 0..line.len());
    if is_merge_marker(line) {
        return Broken::between(1, Slip::MergeConflict, whole_line);
    }
    if is_comment(line) {
        let lines = comment_lines(text);
        // `# Heading` in a torn string is no comment.
        return match is_before_fragment(text, lines) {
            true => Broken::between(lines, Slip::Comment, whole_line),
            false => Broken::dropped(lines, Slip::Comment, whole_line),
        };
    }
    if is_brackets(line) {
        return leftover_brackets(text, whole_line);
    }
    match line.get(whole_line.start) {
        Some(b'{') => csv::record(text, &whole_line).unwrap_or_else(|| record(text)),
        Some(b'"' | b'\'') => csv::record(text, &whole_line)
            .or_else(|| missing_brace(text, &whole_line))
            .or_else(|| text_before_record(line, &whole_line))
            .unwrap_or_else(|| stray_text(text, whole_line)),
        Some(0) if line.iter().all(|byte| *byte == 0) => {
            Broken::between(1, Slip::NulBytes { count: line.len() }, whole_line)
        }
        Some(_) => single_line(text).or_else(|| text_before_record(line, &whole_line)).unwrap_or_else(|| {
            match line.get(whole_line.start..) {
                Some([b'[', rest @ ..]) if opens_array(rest) => record(text),
                _ => stray_text(text, whole_line),
            }
        }),
        None => other(text, line.len(), 1),
    }
}

/// Whether something like the first element of an array stands behind `[`.
fn opens_array(inside: &[u8]) -> bool {
    matches!(inside.trim_ascii_start(), [b'{' | b'[' | b'"' | b'\'', ..])
}

/// How many lines the comment at the start of `text` takes: a block up to its
/// end, or line comments one below the other.
fn comment_lines(text: &[u8]) -> usize {
    let is_record = |line: &[u8]| line.first() == Some(&b'{') && opens_object(line);
    let block = line_at(text, 0).trim_ascii_start().starts_with(b"/*");
    let mut count = 0;
    for (line, _) in lines_from(text, 0) {
        let goes_on = if block { !is_record(line) } else { is_comment(line) };
        if count > 0 && !goes_on {
            break;
        }
        count += 1;
        if block && memchr::memmem::find(line, b"*/").is_some() {
            break;
        }
    }
    count
}

/// Whether a part of a torn record stands behind so many lines.
fn is_before_fragment(text: &[u8], lines: usize) -> bool {
    let mut behind = lines_from(text, 0).skip(lines).map(|(line, _)| line);
    behind.find(|line| !line.trim_ascii().is_empty()).is_some_and(|line| !opens_object(line) && is_fragment(line))
}

/// Lines of closing brackets, or one line that opens an array.
fn leftover_brackets(text: &[u8], span: Range<usize>) -> Broken {
    let closes = |line: &[u8]| is_brackets(line) && line.trim_ascii() != b"[";
    let slip = if text[span.start] == b'}' { Slip::ExtraPunctuation { found: '}' } } else { Slip::ArrayBracket };
    let follow = lines_from(text, 0).skip(1).take_while(|(line, _)| closes(line)).count();
    let lines = if closes(&text[span.clone()]) { 1 + follow } else { 1 };
    Broken::dropped(lines, slip, span)
}

/// Whether a line that begins with a quote is a record all the same: it is CSV-quoted, or lacks its first brace. Without
/// both braces it may be a line of a config as well.
pub(crate) fn is_record_in_quotes(line: &[u8]) -> bool {
    let whole = trimmed(line, 0..line.len());
    if line.get(whole.start) != Some(&b'"') {
        return false;
    }
    let lacks_one = || missing_brace(line, &whole).filter(|_| line[..whole.end].ends_with(b"}"));
    let broken = csv::record(line, &whole).or_else(lacks_one);
    broken.is_some_and(|broken| broken.undo.is_some())
}

/// A record in one line that does not begin with a brace, such as
/// `,{"prompt": …}`; words in brackets, such as `[Chorus]`, are none.
fn single_line(text: &[u8]) -> Option<Broken> {
    let line = line_at(text, 0);
    let scan = Scan::run(text, line.len());
    let is_prose = match &scan.first {
        Some((Slip::MissingPunctuation { missing }, _)) => {
            matches!(missing, Missing::Quotes | Missing::OpeningQuote)
        }
        Some((Slip::StrayText, _)) => true,
        _ => false,
    };
    let has_brackets = memchr::memchr2(b'{', b'[', line).is_some();
    if has_brackets && !is_prose { confirmed(&scan, 1) } else { None }
}

/// `1. {"prompt": …}`: words before an object that is JSON by itself.
fn text_before_record(line: &[u8], whole: &Range<usize>) -> Option<Broken> {
    let brace = memchr::memchr(b'{', line)?;
    if !is_object(&line[brace..]) {
        return None;
    }
    let span = trimmed(line, whole.start..brace);
    Some(match invalid_utf8(&line[..brace]) {
        Some(span) => Broken::left(1, Slip::InvalidUtf8, span),
        None if is_fragment(&line[span.clone()]) => Broken::left(1, Slip::Fragment, span),
        None => {
            let slip = if &line[span.clone()] == b"[" { Slip::ArrayBracket } else { Slip::StrayText };
            // What is left may have the form of JSON, and yet a lone surrogate or a number that nothing can hold.
            let is_readable = Parser::portable().parse(&line[brace..]).is_ok();
            let undo = Undo::without(&slip, whole.start..brace).filter(|_| is_readable);
            Broken { lines: 1, records: 1, slip, span, undo }
        }
    })
}

/// Lines that are no records, up to the next one that is. If one of them is a part of a record, none is left out: what
/// stands before it may belong to it too.
fn stray_text(text: &[u8], span: Range<usize>) -> Broken {
    let mut lines = 1;
    let mut has_fragment = is_fragment(line_at(text, 0));
    for (index, (line, _)) in lines_from(text, 0).enumerate().skip(1) {
        if opens_object(line) || is_merge_marker(line) || holds_object(line) {
            break;
        }
        if !line.trim_ascii().is_empty() {
            lines = index + 1;
            has_fragment |= is_fragment(line);
        }
    }
    match has_fragment {
        true => Broken::between(lines, Slip::Fragment, span),
        false => Broken::dropped(lines, Slip::StrayText, span),
    }
}
