//! A file taken apart: what it begins with, and then record by record, with what stands between them.

use std::io;
use std::ops::Range;

use crate::json::syntax::{self, Broken};
use crate::json::{Doc, Parser};
use crate::lines::{Chunks, first_line};
use crate::rule::Record;
use crate::shape::{self, BYTE_ORDER_MARK, HEAD, Shape, ShapeReport};
use crate::timing::{Clock, Stage};

/// What a file begins with, and what that says of all of it.
pub(crate) struct Head<'c> {
    pub(crate) bytes: &'c [u8],
    sniffed: ShapeReport,
}

impl<'c> Head<'c> {
    /// Looks at the first bytes, which stay where they are.
    pub(crate) fn of(chunks: &'c mut Chunks<'_>) -> io::Result<Self> {
        let length = chunks.length();
        let (bytes, complete) = chunks.peek(HEAD)?;
        let sniffed = shape::sniff(bytes, complete);
        Ok(Head { bytes, sniffed: if let Some(length) = length { sniffed.of_length(length) } else { sniffed } })
    }

    pub(crate) fn shape(&self) -> &Shape {
        &self.sniffed.shape
    }

    /// The length of the byte order mark before the lines; 0 if there is none.
    pub(crate) fn mark(&self) -> usize {
        if self.bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
    }

    /// What there is to judge before any line, and where it stands.
    pub(crate) fn record(&self) -> Option<(Record<'_>, Range<usize>)> {
        match self.shape() {
            Shape::JsonLines if self.mark() > 0 => Some((Record::ByteOrderMark, 0..self.mark())),
            Shape::JsonLines => None,
            shape => Some((Record::WholeFile(shape), self.sniffed.span.clone())),
        }
    }
}

/// The records of some whole lines, one after the other.
pub(super) struct Records<'a> {
    pub(super) rest: &'a [u8],
}

/// A record, or what is none.
pub(super) struct Piece<'p> {
    /// Without the end of its last line.
    pub(super) bytes: &'p [u8],
    /// With it.
    pub(super) length: usize,
    /// How many physical lines it takes.
    pub(super) lines: u64,
    pub(super) kind: Kind<'p>,
}

/// What a piece is.
pub(super) enum Kind<'p> {
    /// Blank lines, as many as there are in a row.
    Blank,
    /// A line that is JSON.
    Json(Doc<'p>),
    /// What is not JSON.
    Broken(Broken),
}

impl Kind<'_> {
    /// How many examples are in it, good and bad.
    pub(super) fn examples(&self) -> u64 {
        match self {
            Kind::Blank => 0,
            Kind::Json(_) => 1,
            Kind::Broken(broken) => broken.records,
        }
    }
}

impl<'a> Records<'a> {
    /// The next piece, until nothing is left. It is read with `parser`, and `clock` is told what was done.
    pub(super) fn next<'p>(&mut self, parser: &'p mut Parser, clock: &mut impl Clock) -> Option<Piece<'p>>
    where
        'a: 'p,
    {
        let rest = self.rest;
        if rest.is_empty() {
            return None;
        }
        let (bytes, length) = first_line(rest);
        clock.stage(Stage::Lines);
        let piece = if bytes.trim_ascii_start().is_empty() {
            let (lines, length) = blank_lines(rest);
            Piece { bytes, length, lines, kind: Kind::Blank }
        } else if let Ok(doc) = parser.parse(bytes) {
            clock.stage(Stage::Parse);
            Piece { bytes, length, lines: 1, kind: Kind::Json(doc) }
        } else {
            clock.stage(Stage::Parse);
            let broken = syntax::diagnose(rest);
            clock.stage(Stage::Diagnose);
            let (bytes, length) = lines(rest, broken.lines);
            Piece { bytes, length, lines: broken.lines as u64, kind: Kind::Broken(broken) }
        };
        self.rest = &rest[piece.length..];
        Some(piece)
    }
}

/// How many blank lines there are at the start of `bytes`, and their length.
fn blank_lines(bytes: &[u8]) -> (u64, usize) {
    let (mut lines, mut end) = (0, 0);
    while end < bytes.len() {
        let (line, length) = first_line(&bytes[end..]);
        if !line.trim_ascii_start().is_empty() {
            break;
        }
        lines += 1;
        end += length;
    }
    (lines, end)
}

/// The first `count` lines of `bytes` without the last line's end, and their length with it.
fn lines(bytes: &[u8], count: usize) -> (&[u8], usize) {
    let mut length = 0;
    let mut end = 0;
    for _ in 0..count {
        let (line, consumed) = first_line(&bytes[length..]);
        end = length + line.len();
        length += consumed;
    }
    (&bytes[..end], length)
}
