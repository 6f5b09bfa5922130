//! Reports of chunks are put together here, in the order of the file.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::compare::Comparison;
use super::near::NearDuplicates;
use super::room::Room;
use super::worker::ChunkReport;
use crate::baseline::Baseline;
use crate::dataset::LineFacts;
use crate::finding::{Finding, Severity};
use crate::outcome::{ExampleRow, Reporter, RuleCount};
use crate::rule::Tally;
use crate::rules::{RULES, index_of};
use crate::settings::Settings;

/// Puts chunks together: counts everything, and passes on the findings that are to be shown.
pub(super) struct Merge<'r> {
    pub(super) settings: &'r Settings,
    /// The examples of the run, if those of the file are compared with them.
    pub(super) comparison: Option<Comparison>,
    /// Examples that are almost the same, if they are looked for.
    pub(super) near: Option<NearDuplicates>,
    reporter: &'r mut dyn Reporter,
    name: &'r str,
    pub(super) facts: LineFacts,
    pub(super) bytes: u64,
    pub(super) counts: Vec<Tally>,
    shown: Vec<u64>,
    pub(super) room: Arc<Room>,
    /// With a limit on all findings, those that may be shown: errors push out warnings.
    kept: Vec<Finding>,
    pub(super) baseline: Option<&'r Mutex<Baseline>>,
    /// How many findings the baseline knew.
    pub(super) known: u64,
}

impl<'r> Merge<'r> {
    pub(super) fn new(
        settings: &'r Settings,
        name: &'r str,
        reporter: &'r mut dyn Reporter,
        baseline: Option<&'r Mutex<Baseline>>,
        room: Arc<Room>,
    ) -> Self {
        Merge {
            settings,
            comparison: None,
            near: None,
            reporter,
            name,
            facts: LineFacts::default(),
            bytes: 0,
            counts: vec![Tally::default(); RULES.len()],
            shown: vec![0; RULES.len()],
            room,
            kept: Vec::new(),
            baseline,
            known: 0,
        }
    }

    pub(super) fn chunk(&mut self, mut report: ChunkReport, block: &[u8]) -> io::Result<()> {
        self.compare(&mut report, block);
        self.find_near(&report.sketches, block);
        for (total, count) in self.counts.iter_mut().zip(&report.counts) {
            total.add(count);
        }
        let mut hashes = report.hashes.into_iter();
        for mut finding in report.findings {
            if let Some(hash) = hashes.next()
                && self.is_known(&finding, || hash)
            {
                continue;
            }
            if let Some(place) = &mut finding.place {
                place.shift(self.facts.lines, self.facts.records, self.bytes);
            }
            if let Some(mend) = &mut finding.mend {
                mend.shift(self.bytes);
            }
            self.keep(finding)?;
        }
        for row in report.rows {
            self.reporter.example(self.name, &ExampleRow { line: row.line + self.facts.lines, ..row })?;
        }
        self.facts.merge(report.facts, self.bytes);
        self.bytes += block.len() as u64;
        Ok(())
    }

    /// Whether a finding is known; then it counts no more.
    pub(super) fn is_known(&mut self, finding: &Finding, hash: impl FnOnce() -> u128) -> bool {
        let Some(baseline) = self.baseline else { return false };
        let known = baseline.lock().unwrap_or_else(PoisonError::into_inner).knows(finding.rule, hash());
        if known {
            self.counts[index_of(finding.rule)].leave_out(finding.fix);
            self.known += 1;
        }
        known
    }

    pub(super) fn keep(&mut self, finding: Finding) -> io::Result<()> {
        let index = index_of(finding.rule);
        if !self.room.take(index) {
            return Ok(());
        }
        self.shown[index] += 1;
        if self.settings.max_findings.is_none() {
            return self.reporter.finding(self.name, &finding);
        }
        self.kept.push(finding);
        Ok(())
    }

    /// Passes on what was kept, errors before warnings where not all may be shown.
    pub(super) fn finish(mut self, settings: &Settings) -> io::Result<Vec<RuleCount>> {
        let max = usize::try_from(settings.max_findings.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let mut room = max.saturating_sub(self.kept.iter().filter(|f| f.severity == Severity::Error).count());
        for finding in std::mem::take(&mut self.kept) {
            if finding.severity == Severity::Warning {
                if room == 0 {
                    self.shown[index_of(finding.rule)] -= 1;
                    continue;
                }
                room -= 1;
            }
            self.reporter.finding(self.name, &finding)?;
        }
        let counts = RULES.iter().zip(&self.counts).zip(&self.shown).filter(|((_, tally), _)| tally.found > 0);
        let counts = counts.filter_map(|((rule, tally), &shown)| {
            let severity = settings.severity(rule)?;
            let (fixable, unsafe_fixable) = (tally.safe, tally.risky);
            Some(RuleCount {
                rule,
                severity,
                found: tally.found,
                examples: tally.examples,
                shown,
                fixable,
                unsafe_fixable,
            })
        });
        Ok(counts.collect())
    }
}
