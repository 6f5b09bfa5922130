//! What was found, and where.

use std::cmp::Ordering;
use std::ops::Range;

use crate::rule::Rule;
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

/// One fault in one place.
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
}

impl Finding {
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

/// Where a finding stands. Lines, columns and examples count from 1.
#[derive(Clone, Debug)]
pub struct Place {
    /// The physical line.
    pub line: u64,
    /// The last physical line, if the record spans several.
    pub last_line: u64,
    /// The number of the example, as servers count them; 0 if the line is none.
    pub example: u64,
    /// The column of the first character, in code points.
    pub column: u64,
    /// The column behind the last character, in code points. On a span over several lines it is
    /// still counted from the start of the first.
    pub end_column: u64,
    /// The bytes in the file.
    pub bytes: Range<u64>,
    /// The bytes in the line.
    pub span: Range<usize>,
    /// The JSON pointer, for lines that are JSON.
    pub pointer: Option<String>,
    /// What to show of the line.
    pub snippet: Snippet,
}

impl Place {
    /// Moves a place that counts from the start of a chunk to where the chunk starts in the file.
    pub(crate) fn shift(&mut self, lines: u64, examples: u64, bytes: u64) {
        self.line += lines;
        self.last_line += lines;
        if self.example > 0 {
            self.example += examples;
        }
        self.bytes = self.bytes.start + bytes..self.bytes.end + bytes;
    }
}
