//! A record and the places in it: findings get their spans here.

use std::cell::OnceCell;
use std::ops::Range;

use super::edits::edits;
use super::worker::ChunkReport;
use crate::baseline;
use crate::finding::{Edit, Mend, Place};
use crate::json::Doc;
use crate::json::syntax::Undo;
use crate::lines::first_line;
use crate::rule::{At, Pending, Repair};
use crate::secrets;
use crate::settings::Settings;
use crate::text::snippet_hiding;

/// How far before a place secrets are looked for that reach it, in bytes: longer than any of them, and than what is shown.
const BEFORE: usize = 32 * 1024;

/// How far behind the start of a place they are looked for: longer than what is shown, and than what tells a secret.
const BEHIND: usize = 1024;

/// The record at hand, for places in it.
pub(super) struct Line<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) doc: Option<&'a Doc<'a>>,
    /// Its first physical line, counted from 1 in the chunk.
    pub(super) line: u64,
    /// How many physical lines it has.
    pub(super) lines: u64,
    /// Its number among the examples, from 1; 0 if it is none.
    pub(super) example: u64,
    /// Where it starts in the chunk.
    pub(super) offset: usize,
    /// Its length with the end of its last line.
    pub(super) length: usize,
    /// See [`Line::hidden`].
    pub(super) hidden: OnceCell<Vec<Range<usize>>>,
    /// See [`Line::hash`].
    pub(super) hash: OnceCell<u128>,
}

impl<'a> Line<'a> {
    /// A physical line that is no example, for all that is known yet.
    pub(super) fn new(bytes: &'a [u8], line: u64, offset: usize, length: usize) -> Self {
        let (hidden, hash) = (OnceCell::new(), OnceCell::new());
        Line { bytes, doc: None, line, lines: 1, example: 0, offset, length, hidden, hash }
    }
}

impl Line<'_> {
    /// Turns what was found in this line into findings, in the order of the report.
    pub(super) fn locate(
        &self,
        pending: &mut Vec<Pending>,
        undo: Option<&Undo>,
        hash: bool,
        settings: &Settings,
        report: &mut ChunkReport,
    ) {
        if pending.is_empty() {
            return;
        }
        let mut located: Vec<(Range<usize>, Pending)> =
            pending.drain(..).map(|pending| (self.span(&pending.at), pending)).collect();
        located.sort_by(|(a, first), (b, second)| {
            (a.start, first.active.rule.code).cmp(&(b.start, second.active.rule.code))
        });
        if hash {
            report.hashes.extend(std::iter::repeat_n(self.hash(), located.len()));
        }
        let mut columns = Columns::default();
        for (span, pending) in located {
            let place = self.place(span, pointer(self.doc, &pending.at), &mut columns, settings);
            let mend = pending.repair.as_ref().and_then(|repair| self.mend(repair, undo));
            let mut finding = pending.into_finding(place);
            finding.mend = mend.map(Box::new);
            report.findings.push(finding);
        }
    }

    /// A place in a line that is JSON, for the first of a kind: it is seldom shown. So only what is near is searched for
    /// secrets: a long line is not looked through for a window of a few columns.
    pub(super) fn place_of(&self, at: &At, settings: &Settings) -> Place {
        let span = self.span(at);
        let near = span.start.saturating_sub(BEFORE)..self.bytes.len().min(span.start + BEHIND);
        if near.len() == self.bytes.len() || self.hidden.get().is_some() {
            return self.place(span, pointer(self.doc, at), &mut Columns::default(), settings);
        }
        let hidden = secrets::hidden(&self.bytes[near.clone()]).into_iter();
        let hidden: Vec<_> = hidden.map(|secret| secret.start + near.start..secret.end + near.start).collect();
        let line = Line { hidden: OnceCell::from(hidden), hash: self.hash.clone(), ..*self };
        line.place(span, pointer(self.doc, at), &mut Columns::default(), settings)
    }

    /// A place in a line that is JSON, one of several in their order.
    pub(super) fn place_at(&self, at: &At, columns: &mut Columns, settings: &Settings) -> Place {
        self.place(self.span(at), pointer(self.doc, at), columns, settings)
    }

    /// What a repair comes to in bytes of the chunk; `None` if it cannot be done here.
    fn mend(&self, repair: &Repair, undo: Option<&Undo>) -> Option<Mend> {
        let record = self.offset..self.offset + self.length;
        let whole = || vec![(0..self.length, String::new())];
        let edits = match repair {
            Repair::Rewrite => Vec::new(),
            Repair::Drop => whole(),
            Repair::Undo if undo?.drops() => whole(),
            Repair::Undo => undo?.edits(self.bytes, self.end()),
            Repair::Change(changes) => edits(self.doc?, changes)?,
        };
        let range = |range: Range<usize>| (range.start + self.offset) as u64..(range.end + self.offset) as u64;
        let edits = edits.into_iter().map(|(at, with)| Edit { range: range(at), with }).collect();
        Some(Mend { record: record.start as u64..record.end as u64, edits })
    }

    /// How the line ends, or would if something stood behind it.
    fn end(&self) -> &'static str {
        let is_ended = self.length > self.bytes.len();
        if is_ended && self.bytes.ends_with(b"\r") { "\r\n" } else { "\n" }
    }

    /// The bytes that must not be shown, whichever rules are on. Looked for only in lines of which something is shown.
    fn hidden(&self) -> &[Range<usize>] {
        self.hidden.get_or_init(|| secrets::hidden(self.bytes))
    }

    /// The hash of the record, made once and only if there is a place in it.
    fn hash(&self) -> u128 {
        *self.hash.get_or_init(|| baseline::hash_line(self.bytes))
    }

    pub(super) fn span(&self, at: &At) -> Range<usize> {
        match (at, self.doc) {
            (At::Node(node), Some(doc)) => doc.span(*node),
            (At::Inside(node, decoded), Some(doc)) => doc.span_inside(*node, decoded.clone()),
            (At::Bytes(span), _) => span.clone(),
            _ => self.first_columns(),
        }
    }

    /// The text of the first physical line without the white space around it, unless that is all there is.
    pub(super) fn first_columns(&self) -> Range<usize> {
        let line = if self.lines > 1 { first_line(self.bytes).0 } else { self.bytes };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = line.trim_ascii_start();
        if text.is_empty() { 0..line.len() } else { line.len() - text.len()..line.trim_ascii_end().len() }
    }

    pub(super) fn place(
        &self,
        span: Range<usize>,
        pointer: Option<String>,
        columns: &mut Columns,
        settings: &Settings,
    ) -> Place {
        // In a record over several lines the place is on the line where the span starts.
        let (above, down, bytes) = if self.lines > 1 {
            let above = memchr::memrchr(b'\n', &self.bytes[..span.start]).map_or(0, |newline| newline + 1);
            let down = memchr::memchr_iter(b'\n', &self.bytes[..above]).count() as u64;
            (above, down, first_line(&self.bytes[above..]).0)
        } else {
            (0, 0, self.bytes)
        };
        let hidden = self.hidden();
        let first = hidden.partition_point(|range| range.end <= above);
        // Only a record over several lines has to be moved, and it has few secrets.
        let moved: Vec<Range<usize>>;
        let hidden = if above == 0 {
            hidden
        } else {
            let here = hidden[first..].iter().take_while(|range| range.start < above + bytes.len());
            moved = here.map(|range| range.start.saturating_sub(above)..range.end - above).collect();
            &moved
        };
        let start = (self.offset + span.start) as u64;
        let file = start..start + span.len() as u64;
        let end = if self.lines > 1 { Some(end_of(self.bytes, &span)) } else { None };
        let span = span.start - above..span.end - above;
        let (column, end_column) = columns.of(bytes, &span);
        let (to_end, end_column) = end.unwrap_or((down, end_column));
        Place {
            line: self.line + down,
            end_line: self.line + to_end,
            last_line: self.line + self.lines - 1,
            example: self.example,
            column,
            end_column,
            bytes: file,
            line_hash: self.hash(),
            snippet: snippet_hiding(bytes, &span, settings.snippet_width, hidden),
            span,
            pointer,
        }
    }
}

/// The pointer to a place in what is JSON.
pub(super) fn pointer(doc: Option<&Doc<'_>>, at: &At) -> Option<String> {
    match at {
        At::Node(node) | At::Inside(node, _) => doc.map(|doc| doc.pointer(*node)),
        _ => doc.map(|_| String::new()),
    }
}

/// Counts the code points of a line up to the spans of findings, which come in order: the count goes on from the start
/// of the last one, and a line with 100,000 findings is not counted 100,000 times.
#[derive(Default)]
pub(super) struct Columns {
    bytes: usize,
    code_points: u64,
}

impl Columns {
    /// The columns, from 1, of the first character of `span` and behind its last.
    fn of(&mut self, line: &[u8], span: &Range<usize>) -> (u64, u64) {
        let (start, end) = (span.start.min(line.len()), span.end.min(line.len()));
        if start < self.bytes {
            *self = Columns::default();
        }
        self.code_points += code_points(&line[self.bytes..start]);
        self.bytes = start;
        (1 + self.code_points, 1 + self.code_points + code_points(&line[start..end]))
    }
}

/// Where a span of several lines ends: how many lines down, and the column, from 1, behind its last character. A line break
/// is the last character of its line.
pub(super) fn end_of(lines: &[u8], span: &Range<usize>) -> (u64, u64) {
    let end = span.end.min(lines.len());
    let last = if end > span.start { end - 1 } else { end };
    let start = memchr::memrchr(b'\n', &lines[..last]).map_or(0, |newline| newline + 1);
    (memchr::memchr_iter(b'\n', &lines[..start]).count() as u64, 1 + code_points(&lines[start..end]))
}

fn code_points(text: &[u8]) -> u64 {
    // Counts that fit a byte are added up many at a time.
    let of_block = |block: &[u8]| block.iter().map(|&byte| u8::from(byte & 0xC0 != 0x80)).sum::<u8>();
    text.chunks(255).map(|block| u64::from(of_block(block))).sum()
}
