//! The diagnostics of reviewdog. Columns count bytes from 1, and the end of a range is exclusive.

use std::io::{self, Write};

use serde::Serialize;

use super::write_json;
use crate::finding::{Finding, Severity};
use crate::outcome::{FileReport, Reporter, Total};

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: &'a str,
    location: Location<'a>,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    /// Unknown if the record goes over several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Position>,
}

#[derive(Serialize)]
struct Position {
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u64>,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
    }
}

fn range(finding: &Finding) -> Range {
    let Some(place) = &finding.place else {
        return Range { start: Position { line: 1, column: None }, end: None };
    };
    let position = |byte: usize| Position { line: place.line, column: Some(byte as u64 + 1) };
    let end = (place.line == place.end_line).then(|| position(place.span.end));
    Range { start: position(place.span.start), end }
}

/// See [`super::Format::Rdjson`].
pub struct Rdjson<'w> {
    out: Box<dyn Write + 'w>,
    empty: bool,
    /// The gravest so far.
    worst: Option<Severity>,
}

impl<'w> Rdjson<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        Rdjson { out, empty: true, worst: None }
    }

    fn diagnostic(&mut self, level: Severity, diagnostic: &Diagnostic<'_>) -> io::Result<()> {
        let start = if self.empty { "{\"source\":{\"name\":\"ftlint\"},\"diagnostics\":[\n" } else { ",\n" };
        self.empty = false;
        self.worst = self.worst.max(Some(level));
        self.out.write_all(start.as_bytes())?;
        write_json(&mut self.out, diagnostic)
    }
}

impl Reporter for Rdjson<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        let diagnostic = Diagnostic {
            message: &finding.message,
            location: Location { path: file, range: Some(range(finding)) },
            severity: severity(finding.severity),
            code: Some(Code { value: finding.rule.code }),
        };
        self.diagnostic(finding.severity, &diagnostic)
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        for failed in &total.failures {
            let location = Location { path: &failed.name, range: None };
            let diagnostic = Diagnostic { message: &failed.error, location, severity: "ERROR", code: None };
            self.diagnostic(Severity::Error, &diagnostic)?;
        }
        match self.worst {
            None => self.out.write_all(b"{\"source\":{\"name\":\"ftlint\"},\"diagnostics\":[]}\n")?,
            Some(worst) => write!(self.out, "\n],\"severity\":\"{}\"}}\n", severity(worst))?,
        }
        self.out.flush()
    }
}
