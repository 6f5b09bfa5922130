//! Reports: one file per format. Reporters decide no severity and count nothing.

mod bar;
mod concise;
mod diff;
mod full;
mod github;
mod gitlab;
mod history;
mod html;
mod job;
mod json;
mod junit;
mod rdjson;
mod repository;
mod request;
mod sarif;
mod statistics;
mod stats;
mod summary;
mod tables;

use std::fmt;
use std::io::{self, Write};

use crate::finding::Severity;
use crate::outcome::Reporter;
use crate::text::{is_unprintable, wrap};

pub use concise::Concise;
pub use diff::Diff;
pub use full::Full;
pub use github::Github;
pub use gitlab::Gitlab;
pub use history::write_history;
pub use html::Html;
pub use json::{Json, JsonLines};
pub use junit::Junit;
pub use rdjson::Rdjson;
pub use sarif::Sarif;
pub use statistics::{Statistics, StatisticsFormat};
pub use stats::{Stats, StatsJson, StatsRows};
pub use summary::{fixed, summary};
pub use tables::{TITLES, facts, models_table, row, rules_table, targets_table};

/// The formats of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// For people: each finding with the part of the line it is about
    #[default]
    Full,
    /// One line a finding: path:line:column: CODE name message
    Concise,
    /// One JSON object for the run
    Json,
    /// One JSON object a line, written as it is found
    JsonLines,
    /// For code scanning: one run of SARIF 2.1.0, at most 5,000 results
    Sarif,
    /// Annotations of GitHub Actions, at most 10 errors and 10 warnings
    Github,
    /// The code quality report of GitLab
    Gitlab,
    /// XML that services show as tests: a suite a file, a case a rule
    Junit,
    /// The diagnostics of reviewdog
    Rdjson,
}

impl Format {
    /// Whether people read it: then what repeats is capped.
    #[must_use]
    pub fn is_for_people(self) -> bool {
        matches!(self, Format::Full | Format::Concise)
    }

    /// How counts are written where findings have this format; `None` if it has no place for them.
    #[must_use]
    pub fn statistics(self) -> Option<StatisticsFormat> {
        match self {
            Format::Full | Format::Concise => Some(StatisticsFormat::Text),
            Format::Json => Some(StatisticsFormat::Json),
            Format::JsonLines => Some(StatisticsFormat::JsonLines),
            Format::Sarif | Format::Github | Format::Gitlab | Format::Junit | Format::Rdjson => None,
        }
    }

    /// A reporter of this format that writes to `out`.
    #[must_use]
    pub fn reporter<'w>(self, out: Box<dyn Write + 'w>, style: Style) -> Box<dyn Reporter + 'w> {
        match self {
            Format::Full => Box::new(Full::new(out, style)),
            Format::Concise => Box::new(Concise::new(out, style)),
            Format::Json => Box::new(Json::new(out)),
            Format::JsonLines => Box::new(JsonLines::new(out)),
            Format::Sarif => Box::new(Sarif::new(out)),
            Format::Github => Box::new(Github::new(out)),
            Format::Gitlab => Box::new(Gitlab::new(out)),
            Format::Junit => Box::new(Junit::new(out)),
            Format::Rdjson => Box::new(Rdjson::new(out)),
        }
    }
}

/// How text for people is dressed.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether there are colours.
    pub color: bool,
    /// Columns at which prose is wrapped.
    pub width: usize,
    /// Whether rows are wrapped too: on a terminal, which would break them anywhere.
    pub wraps: bool,
}

impl Style {
    fn paint(self, style: anstyle::Style, text: impl fmt::Display) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_string() }
    }

    fn severity(self, severity: Severity, text: impl fmt::Display) -> String {
        let color = match severity {
            Severity::Error => anstyle::AnsiColor::Red,
            Severity::Warning => anstyle::AnsiColor::Yellow,
        };
        self.paint(color.on_default().bold(), text)
    }

    /// A text of which no line is wider than the terminal, if it goes to one.
    fn fit(self, text: &str, hang: usize) -> String {
        if !self.wraps {
            return text.to_owned();
        }
        let wrapped = |line: &str| {
            wrap(line.trim_end_matches('\n'), self.width, hang) + if line.ends_with('\n') { "\n" } else { "" }
        };
        text.split_inclusive('\n').map(wrapped).collect()
    }

    fn bold(self, text: impl fmt::Display) -> String {
        self.paint(anstyle::Style::new().bold(), text)
    }

    fn dim(self, text: impl fmt::Display) -> String {
        self.paint(anstyle::Style::new().dimmed(), text)
    }
}

/// Writes JSON in which characters that must not reach a terminal are escapes.
fn write_json(out: &mut dyn Write, value: &impl serde::Serialize) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, Masked)).map_err(io::Error::from)
}

struct Masked;

impl serde_json::ser::Formatter for Masked {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((place, c)) = rest.char_indices().find(|(_, c)| is_unprintable(*c)) {
            writer.write_all(&rest.as_bytes()[..place])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[place + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_moves_no_terminal() {
        let text = "a\u{9b}31m\u{202e}\u{e0041}\u{7f}\n\u{1b}é\"";
        let mut out = Vec::new();
        write_json(&mut out, &text).unwrap();
        let written = String::from_utf8(out).unwrap();
        assert!(!written.chars().any(is_unprintable), "{written:?}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
