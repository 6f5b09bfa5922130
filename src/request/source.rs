//! The text of a request, as JSON or as YAML, and where the parts of it stand.

use std::ops::Range;

use super::yaml::{self, Translated};
use crate::json::syntax::{self, Broken, Slip};
use crate::json::{Doc, NodeId};
use crate::rule::At;
use crate::shape::BYTE_ORDER_MARK;

/// How the reason ends why several objects are no request.
pub(crate) const ONE: &str = "a request is one";

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// As it is sent.
    Json,
    /// As some keep it.
    Yaml,
}

/// The text of a request.
#[derive(Debug)]
pub struct Source {
    text: Vec<u8>,
    /// The length of what was taken away in front.
    skipped: usize,
    yaml: Option<Result<Translated, Trouble>>,
}

/// Why a text is no request that can be read.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// It is not JSON.
    Json(Broken),
    /// It is not YAML.
    Yaml {
        /// Where it ceases to be.
        span: Range<usize>,
        /// Why.
        reason: String,
    },
}

impl Source {
    /// Takes the bytes of a file. `syntax` is what its name says; without it the first byte tells.
    #[must_use]
    pub fn new(mut text: Vec<u8>, syntax: Option<Syntax>) -> Source {
        let skipped = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
        text.drain(..skipped);
        let syntax = syntax.unwrap_or(match text.trim_ascii_start() {
            [b'{' | b'[', ..] | [] => Syntax::Json,
            _ => Syntax::Yaml,
        });
        let yaml = (syntax == Syntax::Yaml).then(|| match std::str::from_utf8(&text) {
            Ok(text) => yaml::translate(text).map_err(|fault| {
                let end = text[fault.at..].chars().next().map_or(fault.at, |c| fault.at + c.len_utf8());
                Trouble::Yaml { span: fault.at..end, reason: fault.reason }
            }),
            Err(error) => {
                let at = error.valid_up_to();
                Err(Trouble::Json(Broken {
                    lines: 1,
                    records: 1,
                    slip: Slip::InvalidUtf8,
                    span: at..at + 1,
                    undo: None,
                }))
            }
        });
        Source { text, skipped, yaml }
    }

    /// What a file's name says of its syntax.
    #[must_use]
    pub fn syntax_of(extension: Option<&str>) -> Option<Syntax> {
        match extension?.to_ascii_lowercase().as_str() {
            "yaml" | "yml" => Some(Syntax::Yaml),
            "json" | "jsonl" => Some(Syntax::Json),
            _ => None,
        }
    }

    /// The text, without a byte order mark.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The length of the byte order mark in front of it.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// What is to be parsed.
    ///
    /// # Errors
    /// The text is not YAML.
    pub fn json(&self) -> Result<&[u8], &Trouble> {
        match &self.yaml {
            None => Ok(&self.text),
            Some(Ok(translated)) => Ok(&translated.json),
            Some(Err(trouble)) => Err(trouble),
        }
    }

    /// Why the parser refused what it was given.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        match &self.yaml {
            None => Trouble::Json(diagnose(&self.text)),
            // A string of YAML may hold what no string of JSON can, and numbers may be too large.
            Some(Ok(translated)) => {
                Trouble::Yaml { span: 0..0, reason: syntax::diagnose(&translated.json).slip.to_string() }
            }
            Some(Err(trouble)) => trouble.clone(),
        }
    }

    /// The bytes of the text that `at` means in the document that was parsed.
    #[must_use]
    pub fn span(&self, doc: &Doc<'_>, at: &At) -> Range<usize> {
        let Some(Ok(translated)) = &self.yaml else {
            return match at {
                At::Node(node) => doc.span(*node),
                At::Inside(node, part) => doc.span_inside(*node, part.clone()),
                At::Bytes(span) => span.clone(),
                At::Line => doc.span(NodeId::ROOT),
            };
        };
        let place = |node: NodeId| {
            let span = translated.spans.get(node.index()).cloned().unwrap_or(0..0);
            // Blocks go on up to what follows them.
            span.start..span.start + self.text[span.clone()].trim_ascii_end().len()
        };
        match at {
            At::Node(node) => place(*node),
            At::Inside(node, part) => {
                let whole = place(*node);
                let found = doc.str(*node).and_then(|text| {
                    // The same text before it stands there as often.
                    let wanted = text.get(part.clone()).filter(|wanted| !wanted.is_empty())?;
                    let nth = text[..part.start].matches(wanted).count();
                    let raw = std::str::from_utf8(&self.text[whole.clone()]).ok()?;
                    let (start, _) = raw.match_indices(wanted).nth(nth)?;
                    Some(whole.start + start..whole.start + start + wanted.len())
                });
                found.unwrap_or(whole)
            }
            At::Bytes(span) => span.clone(),
            At::Line => place(NodeId::ROOT),
        }
    }
}

/// Says why a text of many lines is not JSON.
fn diagnose(text: &[u8]) -> Broken {
    if text.trim_ascii().is_empty() {
        return Broken {
            lines: 1,
            records: 0,
            slip: Slip::Other { reason: "the file is empty".to_owned() },
            span: 0..0,
            undo: None,
        };
    }
    let refused = serde_json::from_slice::<serde::de::IgnoredAny>(text).err();
    let place = refused.as_ref().map(|error| offset(text, error.line(), error.column()));
    if let Some(at) = place {
        let rest = &text[at..];
        if rest.starts_with(b"//") || rest.starts_with(b"/*") || rest.starts_with(b"#") {
            let end = memchr::memchr(b'\n', rest).map_or(text.len(), |end| at + end);
            return Broken { lines: 1, records: 1, slip: Slip::Comment, span: at..end, undo: None };
        }
    }
    // A request may stand on many lines, a record of training data may not: white space is made alike.
    let flat: Vec<u8> = text.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }).collect();
    if serde_json::from_slice::<serde::de::IgnoredAny>(&flat).is_ok()
        && let Some(at) = control_in_string(text)
    {
        return Broken {
            lines: 1,
            records: 1,
            slip: Slip::RawControl { byte: text[at] },
            span: at..at + 1,
            undo: None,
        };
    }
    let broken = syntax::diagnose(&flat);
    if let Slip::JoinedRecords { count } = &broken.slip {
        let reason = format!("{} JSON objects; {ONE}", crate::text::number(*count as u64));
        return Broken { slip: Slip::Other { reason }, ..broken };
    }
    match (&broken.slip, place) {
        // What the slip is was not found out: the parser knows where it ceased to understand.
        (Slip::Other { .. } | Slip::StrayText | Slip::Fragment, Some(at))
            if text.trim_ascii_start().starts_with(b"{") =>
        {
            // The parser counts bytes; what is marked are characters.
            let at = (0..=at).rev().find(|&at| text.get(at).is_none_or(|byte| byte & 0xC0 != 0x80)).unwrap_or(at);
            let first = text[at..].utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
            let span = at..(at + first.map_or(1, char::len_utf8)).min(text.len());
            let reason = refused.map(|error| error.to_string()).unwrap_or_default();
            let reason = reason.split(" at line ").next().unwrap_or(&reason).to_owned();
            Broken { lines: 1, records: 1, slip: Slip::Other { reason }, span, undo: None }
        }
        _ => broken,
    }
}

/// The first control character inside a string.
fn control_in_string(text: &[u8]) -> Option<usize> {
    let (mut inside, mut escaped) = (false, false);
    text.iter().position(|&byte| {
        let is_quote = byte == b'"' && !escaped;
        escaped = inside && byte == b'\\' && !escaped;
        inside ^= is_quote;
        inside && byte < b' '
    })
}

/// The byte at a line and column, both from 1.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let mut ends = memchr::memchr_iter(b'\n', text);
    let start = if line > 1 { ends.nth(line - 2).map_or(0, |end| end + 1) } else { 0 };
    (start + column.saturating_sub(1)).min(text.len())
}
