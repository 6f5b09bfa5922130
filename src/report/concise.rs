//! One line a finding, for editors and `grep`.

use std::io::{self, Write};

use super::{Style, summary};
use crate::finding::Finding;
use crate::outcome::{FileReport, Reporter, RequestReport, Total};
use crate::text::mask;

/// See [`super::Format::Concise`].
pub struct Concise<'w> {
    out: Box<dyn Write + 'w>,
    style: Style,
}

impl<'w> Concise<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>, style: Style) -> Self {
        Concise { out, style }
    }
}

impl Reporter for Concise<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        let path = self.style.bold(mask(file.as_bytes()));
        let (line, column) = finding.place.as_ref().map_or((1, 1), |place| (place.line, place.column));
        let code = self.style.severity(finding.severity, finding.rule.code);
        writeln!(self.out, "{path}:{line}:{column}: {code} {} {}", finding.rule.name, finding.message)
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        for hidden in summary::hidden(&report.counts) {
            writeln!(self.out, "{}: {hidden}", self.style.bold(mask(report.name.as_bytes())))?;
        }
        if !report.fixed.is_empty() {
            let fixed = summary::fixed(&report.fixed);
            writeln!(self.out, "{}: fixed {fixed}", self.style.bold(mask(report.name.as_bytes())))?;
        }
        Ok(())
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        for hidden in summary::hidden(&report.counts) {
            writeln!(self.out, "{}: {hidden}", self.style.bold(mask(report.name.as_bytes())))?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Total) -> io::Result<()> {
        self.out.flush()
    }
}
