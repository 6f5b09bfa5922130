//! What comes of a file, and why nothing does.

use std::error::Error;
use std::fmt;
use std::io;

use crate::dataset::{FileFacts, Role};
use crate::example::Format;
use crate::finding::Severity;
use crate::input::describe;
use crate::lines::LongLine;
use crate::rule::Rule;
use crate::target::Target;
use crate::text::number;
use crate::tokens::Estimate;
use crate::training::Job;

/// What came of one file.
#[derive(Debug)]
pub struct FileReport {
    /// How reports call the file.
    pub name: String,
    /// What it was read for.
    pub role: Role,
    /// What is known of it.
    pub facts: FileFacts,
    /// Why it was not read to its end, if it was not: the report is about what was read, and nothing is said of the file
    /// as a whole.
    pub failure: Option<String>,
    /// Whether the file was written to while it was read: the report is about what was read.
    pub changed: bool,
    /// Whom it is for.
    pub target: &'static Target,
    /// The most tokens of an example that are trained on; `None` if that is not known.
    pub context: Option<u64>,
    /// How text became tokens: `o200k_base`.
    pub encoding: &'static str,
    /// Shapes of lines that the target takes, but that were not linted further.
    pub unlinted: Vec<&'static str>,
    /// Formats that the target takes, but that none of its models that are open to new jobs is trained on.
    pub untrained: Vec<Format>,
    /// The job that the file would make, if the model or its price was said.
    pub job: Option<Job>,
    /// The jobs that it could make, only with [`crate::settings::Settings::profile`]: that one, or one with each model that
    /// is open to such a file. None if it is to validate with.
    pub jobs: Vec<Job>,
    /// Whether any model of the target is known.
    pub knows_models: bool,
    /// Findings that a baseline knows: they are in none of the counts.
    pub known: u64,
    /// Whether warnings were left out.
    pub errors_only: bool,
    /// How often each rule found something, in the order of the catalogue; rules that found
    /// nothing are left out. Exact, however few findings were shown.
    pub counts: Vec<RuleCount>,
    /// What was mended before the file was linted, by rule.
    pub fixed: Vec<Fixed>,
}

/// A format that lines of a file are in, and what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// One that is linted.
    Linted(Format),
    /// One that is linted, but that no model which takes new jobs is trained on.
    Untrained(Format),
    /// One that the target takes, but that is not linted further.
    Unlinted(&'static str),
    /// None that the target takes.
    Unknown,
}

impl FileFormat {
    /// The name in reports for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FileFormat::Linted(format) | FileFormat::Untrained(format) => format.name(),
            FileFormat::Unlinted(shape) => shape,
            FileFormat::Unknown => "unknown",
        }
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            FileFormat::Linted(_) => write!(f, "{name}"),
            FileFormat::Untrained(_) => write!(f, "{name} (no model that takes new jobs is trained on it)"),
            FileFormat::Unlinted(_) => write!(f, "{name} (not linted)"),
            FileFormat::Unknown => write!(f, "{name} format"),
        }
    }
}

/// How many findings of a rule were mended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fixed {
    /// The rule.
    pub rule: &'static Rule,
    /// How many.
    pub count: u64,
}

/// One example, for reports that list them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExampleRow {
    /// Its line, counted from 1.
    pub line: u64,
    /// All its tokens, as they are billed if nothing is cut off.
    pub tokens: u64,
    /// Those of the answers that are trained.
    pub answer_tokens: u64,
    /// Those that are cut off at the model's training context.
    pub cut_off: u64,
    /// What is not exact about these figures.
    pub estimate: Estimate,
}

/// How often one rule found something in a file.
#[derive(Clone, Copy, Debug)]
pub struct RuleCount {
    /// The rule.
    pub rule: &'static Rule,
    /// How grave its findings are in this run.
    pub severity: Severity,
    /// All findings.
    pub found: u64,
    /// Examples with at least one such finding; 0 for rules about the file as a whole. Those that a baseline knows count.
    pub examples: u64,
    /// Those that were handed to the reporter.
    pub shown: u64,
    /// Those with a safe fix.
    pub fixable: u64,
    /// Those with an unsafe fix.
    pub unsafe_fixable: u64,
}

impl FileReport {
    /// The formats of its lines: first those that are linted.
    #[must_use]
    pub fn formats(&self) -> Vec<FileFormat> {
        let lines = &self.facts.lines;
        let linted = lines.formats.keys().map(|format| match self.untrained.contains(format) {
            true => FileFormat::Untrained(*format),
            false => FileFormat::Linted(*format),
        });
        let unlinted = self.unlinted.iter().map(|shape| FileFormat::Unlinted(shape));
        let unknown = (lines.foreign.len() > self.unlinted.len()).then_some(FileFormat::Unknown);
        linted.chain(unlinted).chain(unknown).collect()
    }

    /// The number of findings of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> u64 {
        found(&self.counts, severity)
    }
}

/// How many findings of this severity were counted.
pub(super) fn found(counts: &[RuleCount], severity: Severity) -> u64 {
    counts.iter().filter(|count| count.severity == severity).map(|count| count.found).sum()
}

/// Why there is no report on a file.
#[derive(Debug)]
pub enum Failure {
    /// Nothing of the input could be read. What ends later has a report: see [`FileReport::failure`].
    Read(io::Error),
    /// The report could not be written.
    Write(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Read(error) => write!(f, "the input cannot be read: {}", describe(error)),
            Failure::Write(error) => write!(f, "the report cannot be written: {}", describe(error)),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let (Failure::Read(error) | Failure::Write(error)) = self;
        Some(error)
    }
}

impl Failure {
    /// Says at which line, if it is the line that cannot be read.
    pub(super) fn at(self, line: u64) -> Self {
        match self {
            Failure::Read(error) if error.get_ref().is_some_and(|error| error.is::<LongLine>()) => {
                Failure::Read(io::Error::other(format!("line {}: {error}", number(line))))
            }
            other => other,
        }
    }
}
