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

use std::fmt;
use std::io::{self, Write};

use crate::finding::{Finding, Severity};
use crate::lint::{ExampleRow, FileReport, RequestReport};
use crate::text::{is_unprintable, wrap};

pub use concise::Concise;
pub use diff::Diff;
pub use full::Full;
pub use github::Github;
pub use gitlab::Gitlab;
pub use history::{ExplainedError, HistoryReport, NamedLine, TokenCheck, write_history};
pub use html::Html;
pub use json::{Json, JsonLines};
pub use junit::Junit;
pub use rdjson::Rdjson;
pub use sarif::Sarif;
pub use statistics::{Statistics, StatisticsFormat};
pub use stats::{Stats, StatsJson, StatsRows};
pub use summary::{fixed, summary};

/// Takes findings and results in the order of the files and their lines.
pub trait Reporter {
    /// A finding that is to be shown.
    ///
    /// # Errors
    /// The report cannot be written.
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()>;

    /// An example, in runs that list them all.
    ///
    /// # Errors
    /// The report cannot be written.
    fn example(&mut self, _file: &str, _row: &ExampleRow) -> io::Result<()> {
        Ok(())
    }

    /// What came of the request of a job.
    ///
    /// # Errors
    /// The report cannot be written.
    fn request(&mut self, _report: &RequestReport) -> io::Result<()> {
        Ok(())
    }

    /// The end of a file, or of what could be read of it: see [`FileReport::failure`].
    ///
    /// # Errors
    /// The report cannot be written.
    fn file(&mut self, report: &FileReport) -> io::Result<()>;

    /// The end of the run.
    ///
    /// # Errors
    /// The report cannot be written.
    fn finish(&mut self, total: &Total) -> io::Result<()>;
}

/// Keeps the findings and nothing else.
impl Reporter for Vec<Finding> {
    fn finding(&mut self, _: &str, finding: &Finding) -> io::Result<()> {
        self.push(finding.clone());
        Ok(())
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Total) -> io::Result<()> {
        Ok(())
    }
}

/// The sums of a run.
#[derive(Clone, Debug, Default)]
pub struct Total {
    /// Files that were linted, be it in part.
    pub files: u64,
    /// Files that could not be read to their end, if at all.
    pub failures: Vec<FailedFile>,
    /// Bytes of all files.
    pub bytes: u64,
    /// Examples of all files, good and bad.
    pub examples: u64,
    /// Findings at level error.
    pub errors: u64,
    /// Findings at level warning, shown or not.
    pub warnings: u64,
    /// Findings that a baseline knows: they are in none of the counts.
    pub known: u64,
    /// Whether warnings are not shown; where they have no say they were not even looked for.
    pub errors_only: bool,
    /// Tokens of all files; `None` if they were not counted.
    pub tokens: Option<u64>,
    /// Those of trained answers.
    pub answer_tokens: u64,
    /// The jobs of the files, one for each that is trained on.
    pub jobs: u64,
    /// The tokens that they are billed for.
    pub billed: u64,
    /// What they cost in US dollars; what no price is known for costs nothing here.
    pub cost: f64,
}

/// A file that could not be read to its end.
#[derive(Clone, Debug)]
pub struct FailedFile {
    /// Its name.
    pub name: String,
    /// What the system says.
    pub error: String,
}

impl Total {
    /// Findings of which a report may tell.
    fn findings(&self) -> u64 {
        self.errors + if self.errors_only { 0 } else { self.warnings }
    }

    /// Takes down that a file could not be read to its end; `false` if that is known.
    pub fn fail(&mut self, name: String, error: String) -> bool {
        let is_new = self.failures.iter().all(|failed| failed.name != name);
        if is_new {
            self.failures.push(FailedFile { name, error });
        }
        is_new
    }

    /// Adds a request.
    pub fn add_request(&mut self, report: &RequestReport) {
        self.files += 1;
        self.bytes += report.size;
        self.errors += report.count(Severity::Error);
        self.warnings += report.count(Severity::Warning);
    }

    /// Adds a file.
    pub fn add(&mut self, report: &FileReport) {
        self.files += 1;
        self.bytes += report.facts.size;
        self.examples += report.facts.lines.records;
        self.errors += report.count(Severity::Error);
        self.warnings += report.count(Severity::Warning);
        self.known += report.known;
        if let Some(failure) = &report.failure {
            self.fail(report.name.clone(), failure.clone());
        }
        self.errors_only |= report.errors_only;
        let tokens = &report.facts.lines.tokens;
        if tokens.examples > 0 {
            *self.tokens.get_or_insert(0) += tokens.total;
            self.answer_tokens += tokens.answers;
        }
        if let Some(job) = &report.job {
            self.jobs += 1;
            self.billed = self.billed.saturating_add(job.training.billed);
            self.cost += job.cost().unwrap_or(0.0);
        }
    }
}

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
