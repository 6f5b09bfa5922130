//! What comes of a file, of a request, of a job that was made and of a run, and who is told.

use std::error::Error;
use std::fmt;
use std::io;

use serde::Serialize;

use crate::dataset::{FileFacts, Split};
use crate::example::Format;
use crate::finding::{Finding, Severity};
use crate::history::{Cause, History, JobError};
use crate::input::describe;
use crate::lines::LongLine;
use crate::request::DataFile;
use crate::rule::Rule;
use crate::target::Target;
use crate::text::{mask, number};
use crate::tokens::Estimate;
use crate::training::Job;

/// What came of one file.
#[derive(Debug)]
pub struct FileReport {
    /// How reports call the file.
    pub name: String,
    /// What it was read for.
    pub split: Split,
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
pub(crate) fn found(counts: &[RuleCount], severity: Severity) -> u64 {
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
    pub(crate) fn at(self, line: u64) -> Self {
        match self {
            Failure::Read(error) if error.get_ref().is_some_and(|error| error.is::<LongLine>()) => {
                Failure::Read(io::Error::other(format!("line {}: {error}", number(line))))
            }
            other => other,
        }
    }
}

/// What came of a request.
#[derive(Clone, Debug)]
pub struct RequestReport {
    /// How reports call it.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Whether it is a request that could be read.
    pub is_request: bool,
    /// The model, as the request has it; no secret is in it, nor in the suffix.
    pub model: Option<String>,
    /// The method, if it is one that exists.
    pub method: Option<&'static str>,
    /// What the name of the new model ends in.
    pub suffix: Option<String>,
    /// What would be trained on.
    pub training: Option<JobFile>,
    /// What would be validated with.
    pub validation: Option<JobFile>,
    /// Whether it names training data, or validation data, that were not looked at.
    pub unseen: [bool; 2],
    /// What the job would train and cost.
    pub job: Option<Job>,
    /// Whether warnings were left out.
    pub errors_only: bool,
    /// As for a file.
    pub counts: Vec<RuleCount>,
}

/// A file of a job.
#[derive(Clone, Debug)]
pub struct JobFile {
    /// How reports call it.
    pub name: String,
    /// All its examples.
    pub examples: u64,
    /// All its tokens.
    pub tokens: u64,
}

impl From<&FileReport> for JobFile {
    fn from(report: &FileReport) -> Self {
        let lines = &report.facts.lines;
        JobFile { name: report.name.clone(), examples: lines.records, tokens: lines.tokens.total }
    }
}

impl<'f> From<&'f FileReport> for DataFile<'f> {
    fn from(report: &'f FileReport) -> Self {
        DataFile { name: &report.name, facts: &report.facts }
    }
}

impl RequestReport {
    /// The number of findings of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> u64 {
        found(&self.counts, severity)
    }
}

/// An error of a job, with what ftlint knows of it.
#[derive(Debug)]
pub struct ExplainedError {
    /// The provider's words.
    pub error: JobError,
    /// What they mean.
    pub cause: Option<Cause>,
    /// The file that it is about, if it is at hand.
    pub file: Option<String>,
    /// What ftlint finds at the places that the error names, or of the fault that it names.
    pub findings: Vec<Finding>,
    /// Lines that the error names and in which nothing was found: number, example, text.
    pub lines: Vec<NamedLine>,
}

/// A line that an error names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLine {
    /// From 1.
    pub line: u64,
    /// Its number among the examples, from 1.
    pub example: u64,
    /// What to show of it.
    pub text: String,
}

/// The billed tokens of a job against ftlint's own count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TokenCheck {
    /// What the provider says.
    pub trained_tokens: u64,
    /// Epochs, as the job has them or as the service would choose them.
    pub epochs: u64,
    /// What ftlint counts over all epochs.
    pub counted: u64,
    /// The most that it may be: see `Training`.
    pub max_counted: u64,
}

impl TokenCheck {
    /// How much more the provider says than the nearer end of what was counted; negative if it is less, 0 within.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    pub fn percent(&self) -> f64 {
        let nearest = self.trained_tokens.clamp(self.counted, self.max_counted.max(self.counted));
        100.0 * (self.trained_tokens as f64 - nearest as f64) / (nearest.max(1) as f64)
    }
}

/// All there is to say about a history.
#[derive(Debug)]
pub struct HistoryReport {
    /// How reports call it.
    pub name: String,
    /// What the API said.
    pub history: History,
    /// Its errors, explained.
    pub errors: Vec<ExplainedError>,
    /// Tokens, if the file and the provider's count are at hand.
    pub tokens: Option<TokenCheck>,
}

impl HistoryReport {
    /// The sums of what its errors were traced to. What could not be traced is told in the provider's words: a failed job is
    /// not clean.
    #[must_use]
    pub fn total(&self) -> Total {
        let mut total = Total::default();
        for explained in &self.errors {
            if explained.findings.is_empty() {
                let error = mask(explained.error.message.as_bytes());
                total.failures.push(FailedFile { name: self.name.clone(), error });
            }
            for finding in &explained.findings {
                *match finding.severity {
                    Severity::Error => &mut total.errors,
                    Severity::Warning => &mut total.warnings,
                } += 1;
            }
        }
        total
    }
}

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
    pub(crate) fn findings(&self) -> u64 {
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
