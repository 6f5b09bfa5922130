//! The formats for programs. Version 1: fields may be added, none is changed or taken away.

use std::io::{self, Write};

use serde::Serialize;

use super::job::JsonJob;
use super::request::JsonRequest;
use super::write_json;
use crate::finding::Finding;
use crate::outcome::{FileFormat, FileReport, Reporter, RequestReport, RuleCount, Total};
use crate::rule::Fix;
use crate::tokens::Reason;

const VERSION: u32 = 1;

/// A finding. Lines, columns and examples count from 1, columns in code points; bytes count from 0,
/// from the start of the file. All ends are behind the last character of what is marked.
#[derive(Serialize)]
pub(super) struct JsonFinding<'a> {
    path: &'a str,
    code: &'static str,
    rule: &'static str,
    level: &'static str,
    message: &'a str,
    help: &'a str,
    line: Option<u64>,
    end_line: Option<u64>,
    column: Option<u64>,
    end_column: Option<u64>,
    byte_start: Option<u64>,
    byte_end: Option<u64>,
    pointer: Option<&'a str>,
    example: Option<u64>,
    /// How safely it can be mended with --fix.
    fix: Option<&'static str>,
}

impl<'a> JsonFinding<'a> {
    pub(super) fn new(path: &'a str, finding: &'a Finding) -> Self {
        let place = finding.place.as_ref();
        JsonFinding {
            path,
            code: finding.rule.code,
            rule: finding.rule.name,
            level: finding.severity.name(),
            message: &finding.message,
            help: finding.help(),
            line: place.map(|place| place.line),
            end_line: place.map(|place| place.end_line),
            column: place.map(|place| place.column),
            end_column: place.map(|place| place.end_column),
            byte_start: place.map(|place| place.bytes.start),
            byte_end: place.map(|place| place.bytes.end),
            pointer: place.and_then(|place| place.pointer.as_deref()),
            example: place.map(|place| place.example).filter(|example| *example > 0),
            fix: finding.fix.map(Fix::name),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub(super) fn is_true(whether: &bool) -> bool {
    *whether
}

/// What came of a file.
#[derive(Serialize)]
struct JsonFile<'a> {
    path: &'a str,
    bytes: u64,
    lines: u64,
    examples: u64,
    formats: Vec<&'static str>,
    /// `false` if it could not be read to its end: all figures are of what was read.
    #[serde(skip_serializing_if = "is_true")]
    complete: bool,
    errors: u64,
    warnings: u64,
    /// Findings that the baseline knows, if there are any.
    #[serde(skip_serializing_if = "is_zero")]
    known: u64,
    tokens: Option<JsonTokens>,
    /// What the file would train and cost, if the model or a price was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<JsonJob<'a>>,
    rules: Vec<JsonCount>,
    /// What --fix has mended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed: Vec<JsonFixed>,
}

#[derive(Serialize)]
struct JsonFixed {
    code: &'static str,
    rule: &'static str,
    count: u64,
}

#[derive(Serialize)]
struct JsonTokens {
    encoding: &'static str,
    total: u64,
    answers: u64,
    longest: u64,
    longest_line: u64,
    /// Why the figures are estimates, if they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    estimate: Vec<&'static str>,
}

#[derive(Serialize)]
pub(super) struct JsonCount {
    code: &'static str,
    rule: &'static str,
    level: &'static str,
    count: u64,
}

pub(super) fn counts(counts: &[RuleCount]) -> Vec<JsonCount> {
    let count = |count: &RuleCount| JsonCount {
        code: count.rule.code,
        rule: count.rule.name,
        level: count.severity.name(),
        count: count.found,
    };
    counts.iter().map(count).collect()
}

impl<'a> JsonFile<'a> {
    fn new(report: &'a FileReport) -> Self {
        use crate::finding::Severity;
        let lines = &report.facts.lines;
        let longest = lines.tokens.longest.first();
        JsonFile {
            path: &report.name,
            bytes: report.facts.size,
            lines: lines.lines,
            examples: lines.records,
            formats: report.formats().into_iter().map(FileFormat::name).collect(),
            complete: report.failure.is_none(),
            errors: report.count(Severity::Error),
            warnings: report.count(Severity::Warning),
            known: report.known,
            tokens: (lines.tokens.examples > 0).then_some(JsonTokens {
                encoding: report.encoding,
                total: lines.tokens.total,
                answers: lines.tokens.answers,
                longest: longest.map_or(0, |longest| longest.tokens),
                longest_line: longest.map_or(0, |longest| longest.line),
                estimate: lines.tokens.estimate.reasons().map(Reason::name).collect(),
            }),
            job: report.job.as_ref().map(JsonJob::new),
            rules: counts(&report.counts),
            fixed: report
                .fixed
                .iter()
                .map(|fixed| JsonFixed { code: fixed.rule.code, rule: fixed.rule.name, count: fixed.count })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct JsonSummary<'a> {
    files: u64,
    examples: u64,
    bytes: u64,
    errors: u64,
    warnings: u64,
    #[serde(skip_serializing_if = "is_zero")]
    known: u64,
    tokens: Option<u64>,
    answer_tokens: Option<u64>,
    failures: Vec<JsonFailure<'a>>,
}

#[derive(Serialize)]
struct JsonFailure<'a> {
    path: &'a str,
    error: &'a str,
}

impl<'a> JsonSummary<'a> {
    fn new(total: &'a Total) -> Self {
        JsonSummary {
            files: total.files,
            examples: total.examples,
            bytes: total.bytes,
            errors: total.errors,
            warnings: total.warnings,
            known: total.known,
            tokens: total.tokens,
            answer_tokens: total.tokens.map(|_| total.answer_tokens),
            failures: total
                .failures
                .iter()
                .map(|failed| JsonFailure { path: &failed.name, error: &failed.error })
                .collect(),
        }
    }
}

/// See [`super::Format::Json`].
pub struct Json<'w> {
    out: Box<dyn Write + 'w>,
    findings: u64,
    files: Vec<serde_json::Value>,
    request: Option<serde_json::Value>,
}

impl<'w> Json<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        Json { out, findings: 0, files: Vec::new(), request: None }
    }

    fn open(&mut self) -> io::Result<()> {
        let start = if self.findings == 0 { format!("{{\"version\":{VERSION},\"findings\":[\n") } else { ",\n".into() };
        self.out.write_all(start.as_bytes())
    }
}

impl Reporter for Json<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        self.open()?;
        self.findings += 1;
        write_json(&mut self.out, &JsonFinding::new(file, finding))
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        self.files.push(serde_json::to_value(JsonFile::new(report))?);
        Ok(())
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        self.request = Some(serde_json::to_value(JsonRequest::new(report))?);
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        if self.findings == 0 {
            self.open()?;
        }
        self.out.write_all(b"\n],\"files\":")?;
        write_json(&mut self.out, &self.files)?;
        if let Some(request) = &self.request {
            self.out.write_all(b",\"request\":")?;
            write_json(&mut self.out, request)?;
        }
        self.out.write_all(b",\"summary\":")?;
        write_json(&mut self.out, &JsonSummary::new(total))?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

/// One line of [`JsonLines`].
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum Line<'a> {
    Finding(JsonFinding<'a>),
    File(JsonFile<'a>),
    Request(JsonRequest<'a>),
    Summary {
        version: u32,
        #[serde(flatten)]
        summary: JsonSummary<'a>,
    },
}

/// See [`super::Format::JsonLines`].
pub struct JsonLines<'w> {
    out: Box<dyn Write + 'w>,
}

impl<'w> JsonLines<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        JsonLines { out }
    }

    fn line(&mut self, line: &Line<'_>) -> io::Result<()> {
        write_json(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }
}

impl Reporter for JsonLines<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        self.line(&Line::Finding(JsonFinding::new(file, finding)))
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        self.line(&Line::File(JsonFile::new(report)))
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        self.line(&Line::Request(JsonRequest::new(report)))
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        self.line(&Line::Summary { version: VERSION, summary: JsonSummary::new(total) })?;
        self.out.flush()
    }
}
