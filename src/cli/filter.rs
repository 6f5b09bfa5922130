//! What of a run reaches the report.

use std::io;

use crate::finding::{Finding, Severity};
use crate::outcome::{ExampleRow, FileReport, Reporter, RequestReport, Total};
use crate::rule::{Check, Rule};

/// How much of what is found in an input reaches the report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filter {
    /// Warnings are counted, but not shown.
    pub(super) errors_only: bool,
    /// An earlier set has the input too, and all that is new is what the parts of this set have in common.
    pub(super) sets_only: bool,
}

impl Filter {
    /// A reporter that passes on what is left. It is not told of the end of the file: see [`Filter::end`].
    pub(super) fn wrap(self, reporter: &mut dyn Reporter) -> Filtered<'_> {
        Filtered { filter: self, reporter, ends_files: false }
    }

    /// The same for a run that reports the ends of its files itself.
    pub(super) fn wrap_run(self, reporter: &mut dyn Reporter) -> Filtered<'_> {
        Filtered { ends_files: true, ..self.wrap(reporter) }
    }

    fn passes(self, rule: &Rule, severity: Severity) -> bool {
        (!self.sets_only || is_about_sets(rule)) && (!self.errors_only || severity == Severity::Error)
    }

    /// Adds what came of the file to the sums, and reports its end. A file that was read before is not counted again, and
    /// reported again only if something was found.
    pub(super) fn end(self, mut report: FileReport, total: &mut Total, reporter: &mut dyn Reporter) -> io::Result<()> {
        if self.sets_only {
            if let Some(failure) = &report.failure {
                total.fail(report.name.clone(), failure.clone());
            }
            report.counts.retain(|count| is_about_sets(count.rule));
            total.errors += report.count(Severity::Error);
            total.warnings += report.count(Severity::Warning);
            total.known += report.known;
        } else {
            total.add(&report);
        }
        report.counts.retain(|count| self.passes(count.rule, count.severity));
        report.errors_only |= self.errors_only;
        if self.sets_only && report.counts.is_empty() { Ok(()) } else { reporter.file(&report) }
    }
}

/// See [`Filter::wrap`].
pub(super) struct Filtered<'r> {
    filter: Filter,
    reporter: &'r mut dyn Reporter,
    ends_files: bool,
}

impl Reporter for Filtered<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        if self.filter.passes(finding.rule, finding.severity) { self.reporter.finding(file, finding) } else { Ok(()) }
    }

    fn example(&mut self, file: &str, row: &ExampleRow) -> io::Result<()> {
        if self.filter.sets_only { Ok(()) } else { self.reporter.example(file, row) }
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        self.reporter.request(report)
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        if self.ends_files { self.reporter.file(report) } else { Ok(()) }
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        self.reporter.finish(&Total { errors_only: total.errors_only | self.filter.errors_only, ..total.clone() })
    }
}

/// Whether a rule is about what two parts of a set have in common, so that it is new in each set.
pub(super) fn is_about_sets(rule: &Rule) -> bool {
    matches!(rule.check, Check::Overlap(_) | Check::Validation(_))
}
