//! Credentials in text: told by the prefixes that their makers gave them, and kept out of every report.
//!
//! Two questions are asked of one table of prefixes. [`find`] is strict: a rule reports what it gives, so lengths, alphabets
//! and checksums must fit, and what documentation prints is left alone. [`redact`] and [`hidden`] are for what is
//! shown: there the beginning of a key that was cut off is hidden too, and whether it would pass a check is no matter.

mod check;
mod kinds;
mod matcher;
mod unescape;
mod words;

use std::borrow::Cow;
use std::ops::Range;

pub use kinds::{Body, Check, Class, KINDS, Kind};
pub(crate) use words::long_words;
#[cfg(target_arch = "x86_64")]
pub(crate) use words::{BLOCK, LongWords};

use crate::text::table_of;
use matcher::{MATCHER, Strictness};

/// How much of a secret may be shown, in bytes.
pub const SHOWN: usize = 4;

/// The longest text that may stand before the long word of a secret and belongs to it: `https://hooks.slack.com/…/`.
const LEAD: usize = 64;

/// A credential in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// What it opens.
    pub kind: &'static Kind,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

/// The credentials in a decoded text, in order, also those that are behind JSON escapes in it. None overlap.
#[must_use]
pub fn find(text: &[u8]) -> Vec<Secret> {
    search(text, Strictness::Valid)
}

/// The parts of a text, decoded or not, that must not be shown, in order. All but their first bytes are to be hidden,
/// see [`SHOWN`].
#[must_use]
pub fn hidden(text: &[u8]) -> Vec<Range<usize>> {
    search(text, Strictness::Alike).into_iter().map(|secret| secret.span.start + SHOWN..secret.span.end).collect()
}

/// The text with an asterisk for each byte that must not be shown.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    let hidden = hidden(text.as_bytes());
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let range = at..at + c.len_utf8();
        if is_hidden(&hidden, &range) {
            out.extend(std::iter::repeat_n('*', c.len_utf8()));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether one of the ranges, which are in order, has a byte of `part`.
pub(crate) fn is_hidden(hidden: &[Range<usize>], part: &Range<usize>) -> bool {
    let next = hidden.partition_point(|range| range.end <= part.start);
    hidden.get(next).is_some_and(|range| range.start < part.end)
}

/// Whether a long word of a raw line may be a part of a secret: it, or what stands before it, has a prefix.
///
/// What escapes hide in the prefix is not seen.
pub(crate) fn is_suspected(line: &[u8], word: Range<usize>) -> bool {
    let alnum = |at: usize| is_alnum(line[at]);
    let begins = |at: usize| at < word.end && MATCHER.has_prefix_at(&line[..word.end], at);
    let before = word.start.checked_sub(1).map(|at| line[at]);
    let start = word.start.saturating_sub(LEAD);
    let found = match before {
        // The letter of an escape is the first of the word. What stands before it can only be `-----BEGIN …KEY-----\n`
        // or a URL with escaped slashes.
        Some(b'\\') => {
            let lead = line[word.start] == b'/'
                || memchr::memmem::find(&line[word.start.saturating_sub(10)..word.start], b"--").is_some();
            lead && MATCHER.has_prefix(&line[start..word.end.min(word.start + LEAD)])
                || begins(word.start + 1)
                || line[word.start] == b'u' && begins(word.start + 5)
        }
        Some(b'$') => MATCHER.has_prefix(&line[start..word.start]),
        Some(b':') => begins(word.start - 1),
        _ => false,
    };
    if found {
        return true;
    }
    // In base64 with escaped slashes a word is only a part.
    if before == Some(b'\\') {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-\\".contains(byte);
        let length = line[..word.start].iter().rev().take(2 * LEAD).take_while(|byte| is_part(byte)).count();
        let start = word.start - length;
        // What goes on for longer had its prefix before an earlier word.
        let mut places =
            (start..word.start).filter(|&at| at == start || !alnum(at - 1) || at >= start + 2 && line[at - 2] == b'\\');
        if length < 2 * LEAD && places.any(begins) {
            return true;
        }
    }
    // A prefix begins where a name does, or is led by something that has its own end.
    let mut at = word.start;
    while at + 3 <= word.end {
        let found = match line[at] {
            b'~' => at > 0 && line[at - 1] == b'Q',
            _ => begins(at),
        };
        if found {
            return true;
        }
        // Inside of a run of them nothing begins.
        if is_alnum(line[at]) {
            let rest = &line[at + 1..word.end];
            at += rest.iter().position(|&byte| !is_alnum(byte)).unwrap_or(rest.len());
        }
        at += 1;
    }
    false
}

/// As [`u8::is_ascii_alphanumeric`], from a table.
fn is_alnum(byte: u8) -> bool {
    const ALNUM: [bool; 256] = table_of(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    ALNUM[usize::from(byte)]
}

fn search(text: &[u8], strictness: Strictness) -> Vec<Secret> {
    let mut found = MATCHER.find(text, strictness);
    // Each level takes one backslash off: JSON in a string of JSON has two levels.
    let mut unescaped = unescape::unescape(text);
    for _ in 0..3 {
        let Some(inner) = unescaped else { break };
        found.extend(
            MATCHER
                .find(&inner.text, strictness)
                .into_iter()
                .map(|secret| Secret { kind: secret.kind, span: inner.origin(secret.span) }),
        );
        unescaped = unescape::unescape(&inner.text).map(|next| next.within(&inner));
    }
    found.sort_by_key(|secret| (secret.span.start, std::cmp::Reverse(secret.span.end)));
    let mut kept: Vec<Secret> = Vec::with_capacity(found.len());
    for secret in found {
        match kept.last_mut() {
            Some(last) if secret.span.start < last.span.end => last.span.end = last.span.end.max(secret.span.end),
            _ => kept.push(secret),
        }
    }
    kept
}
