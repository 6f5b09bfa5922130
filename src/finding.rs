//! What was found, and where.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use crate::rule::{Fix, Rule};
use crate::secrets;
use crate::text::Snippet;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It trains, but hardly as meant.
    Warning,
    /// The provider refuses it, the job fails, or the answer to train on is lost.
    Error,
}

impl Severity {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One fault in one place. Only this module makes one, without the secrets that it would quote.
#[expect(clippy::manual_non_exhaustive, reason = "nobody in the crate makes one otherwise either")]
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// Its severity in this run.
    pub severity: Severity,
    /// What is wrong, in one lowercase phrase. Data in it is masked and shortened.
    pub message: String,
    /// What to do; the rule's own help unless this place calls for better.
    pub help: Option<String>,
    /// Where; `None` if it is about the file as a whole.
    pub place: Option<Place>,
    /// Whether it can be mended, and how safely.
    pub fix: Option<Fix>,
    /// What is written where to mend it: known only in a run with `Settings::repairs`.
    pub mend: Option<Box<Mend>>,
    /// Nobody else makes one.
    _made: (),
}

/// What is written where, so that a finding is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// The lines that it is about, in bytes of the file, with their ends.
    pub record: Range<u64>,
    /// The edits, in their order; they do not overlap. None if the file has to be rewritten as a whole.
    pub edits: Vec<Edit>,
}

/// Text in place of some bytes of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that are taken out; empty to insert.
    pub range: Range<u64>,
    /// What is put there.
    pub with: String,
}

impl Mend {
    /// Moves it from the start of a chunk to where the chunk starts in the file.
    pub(crate) fn shift(&mut self, bytes: u64) {
        let edits = self.edits.iter_mut().map(|edit| &mut edit.range);
        for range in std::iter::once(&mut self.record).chain(edits) {
            *range = range.start + bytes..range.end + bytes;
        }
    }
}

impl Finding {
    /// A finding that shows no secret: neither what is said of the data nor the keys on the way to it are taken as they are.
    pub(crate) fn new(
        rule: &'static Rule,
        severity: Severity,
        message: String,
        help: Option<String>,
        place: Option<Place>,
    ) -> Self {
        let place = place.map(|place| Place { pointer: place.pointer.map(pointer_without_secrets), ..place });
        let (message, help) = (without_secrets(message), help.map(without_secrets));
        Finding { rule, severity, message, help, place, fix: None, mend: None, _made: () }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        self.help.as_deref().unwrap_or(self.rule.help)
    }

    /// The order of reports: by line, then by place in the line, then by code. Findings about the
    /// file as a whole come last.
    pub fn order(&self, other: &Finding) -> Ordering {
        let key = |finding: &Finding| match &finding.place {
            Some(place) => (0, place.line, place.span.start),
            None => (1, 0, 0),
        };
        key(self).cmp(&key(other)).then_with(|| self.rule.code.cmp(other.rule.code))
    }
}

/// A text that quotes data, without the secrets in it.
fn without_secrets(text: String) -> String {
    match secrets::redact(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(redacted) => redacted,
    }
}

/// As [`without_secrets`]: keys may have slashes, which pointers write otherwise.
fn pointer_without_secrets(pointer: String) -> String {
    let key = |step: &str| step.replace("~1", "/").replace("~0", "~");
    if !pointer.split('/').any(|step| matches!(secrets::redact(&key(step)), Cow::Owned(_))) {
        return pointer;
    }
    let step = |step: &str| secrets::redact(&key(step)).replace('~', "~0").replace('/', "~1");
    pointer.split('/').map(step).collect::<Vec<_>>().join("/")
}

/// Where a finding stands. Lines, columns and examples count from 1.
#[derive(Clone, Debug)]
pub struct Place {
    /// The physical line.
    pub line: u64,
    /// The last physical line, if the record spans several.
    pub last_line: u64,
    /// The line of the last character that is meant, mostly the same line.
    pub end_line: u64,
    /// The number of the example, as servers count them; 0 if the line is none.
    pub example: u64,
    /// The column of the first character, in code points.
    pub column: u64,
    /// The column behind the last character, in code points, in its line. A line break is the last character of the line
    /// that it ends.
    pub end_column: u64,
    /// The bytes in the file.
    pub bytes: Range<u64>,
    /// The bytes in the line.
    pub span: Range<usize>,
    /// The JSON pointer, for lines that are JSON.
    pub pointer: Option<String>,
    /// The hash of the line or record, by which findings are known again.
    pub line_hash: u128,
    /// What to show of the line.
    pub snippet: Snippet,
}

impl Place {
    /// Moves a place that counts from the start of a chunk to where the chunk starts in the file.
    pub(crate) fn shift(&mut self, lines: u64, examples: u64, bytes: u64) {
        self.line += lines;
        self.last_line += lines;
        self.end_line += lines;
        if self.example > 0 {
            self.example += examples;
        }
        self.bytes = self.bytes.start + bytes..self.bytes.end + bytes;
    }

    /// The same, [shifted](Self::shift).
    pub(crate) fn shifted(mut self, lines: u64, examples: u64, bytes: u64) -> Place {
        self.shift(lines, examples, bytes);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::find;
    use crate::text::snippet;

    #[test]
    fn no_finding_quotes_a_secret() {
        let secret = format!("ghp_{}", "x9Kd".repeat(9));
        let place = Place {
            line: 1,
            last_line: 1,
            example: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
            bytes: 0..0,
            span: 0..0,
            pointer: Some(format!("/a~1b/{secret}/~1c")),
            line_hash: 0,
            snippet: snippet(b"{}", &(0..0), 20),
        };
        let said = |what: &str| format!("{what} `{secret}`");
        let rule = find("unknown-key").unwrap();
        let finding = Finding::new(rule, Severity::Error, said("found"), Some(said("drop")), Some(place));
        let pointer = finding.place.as_ref().and_then(|place| place.pointer.clone()).unwrap();
        assert!(pointer.starts_with("/a~1b/ghp_") && pointer.ends_with("/~1c"), "{pointer}");
        for text in [&finding.message, finding.help(), &pointer] {
            assert!(text.contains("ghp_") && !text.contains(&secret), "{text}");
        }
    }
}
