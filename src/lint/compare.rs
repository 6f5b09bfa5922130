//! Examples are compared with those before them where chunks are merged: in the order of the files, while the bytes of a
//! line are still there.

use std::sync::{Arc, Mutex, PoisonError};

use super::line::{Columns, Line};
use super::merge::Merge;
use super::plan::Plan;
use super::worker::ChunkReport;
use crate::baseline;
use crate::dataset::{ComparisonFacts, Examples, Met, Print};
use crate::finding::{Finding, Place};
use crate::lines::first_line;
use crate::rule::{Active, RepeatedCheck};

/// How many prompts with several answers are named.
const WORST: usize = 3;

/// What an example says, and where it stands in its chunk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printed {
    pub print: Print,
    /// Its line, counted from 1.
    pub line: u64,
    /// Its number among the examples, from 1.
    pub example: u64,
    /// The byte at which its line starts.
    pub offset: usize,
}

/// Compares the examples of a file with those before them.
pub(super) struct Comparison {
    examples: Arc<Mutex<Examples>>,
    /// The rules about examples that stood before.
    repeated: Vec<(Active, RepeatedCheck)>,
    overlap: Vec<(Active, RepeatedCheck)>,
    facts: ComparisonFacts,
}

impl Comparison {
    /// `None` if no rule of the plan asks.
    pub(super) fn new(examples: &Arc<Mutex<Examples>>, plan: &Plan) -> Option<Self> {
        plan.compares().then(|| Comparison {
            examples: Arc::clone(examples),
            repeated: plan.repeated.clone(),
            overlap: plan.overlap.clone(),
            facts: ComparisonFacts::default(),
        })
    }

    /// What came of the file.
    pub(super) fn finish(mut self) -> ComparisonFacts {
        let examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
        (self.facts.disputed, self.facts.worst) = examples.disputed(WORST);
        drop(examples);
        self.facts
    }
}

impl Merge<'_> {
    /// Compares the examples of the chunk that follows, and adds what rules say of them to its report.
    pub(super) fn compare(&mut self, report: &mut ChunkReport, block: &[u8]) {
        let Some(mut comparison) = self.comparison.take() else { return };
        let Comparison { examples, repeated, overlap, facts } = &mut comparison;
        let mut found = Vec::new();
        let mut room: Vec<u64> = self.room.of_chunk().collect();
        let mut examples = examples.lock().unwrap_or_else(PoisonError::into_inner);
        let prints: &[Printed] = if examples.are_known() { &[] } else { &report.prints };
        let place_of = |printed: &Printed| self.place_in_file(printed.line, printed.example, printed.offset, block);
        for printed in prints {
            let line = printed.line + self.facts.lines;
            facts.answers.add(&printed.print, line);
            match examples.meet(&printed.print, line) {
                Met::New => {}
                Met::Trained(file, at) => facts.asked.add(line, Some((file, at)), || place_of(printed)),
                Met::Disputed => facts.disputing.add(line, None, || place_of(printed)),
                Met::Repeated(known) => {
                    report.facts.profile.repeats.add(known.overlaps);
                    for (active, check) in if known.overlaps { &*overlap } else { &*repeated } {
                        let tally = &mut report.counts[active.index];
                        tally.find(printed.example);
                        tally.offer(active.rule.fix);
                        // What a baseline knows must not take the room of what is new.
                        let room = &mut room[active.index];
                        if *room == 0 && self.baseline.is_none() {
                            continue;
                        }
                        *room = room.saturating_sub(1);
                        let (bytes, place) = self.place_in_chunk(printed.line, printed.example, printed.offset, block);
                        let (rule, message) = (active.rule, check(&known));
                        let mut finding = Finding::new(rule, active.severity, message, None, Some(place));
                        finding.fix = rule.fix;
                        found.push((finding, self.baseline.map(|_| baseline::hash_line(bytes))));
                    }
                }
            }
        }
        drop(examples);
        self.comparison = Some(comparison);
        if found.is_empty() {
            return;
        }
        let hashes = std::mem::take(&mut report.hashes).into_iter().map(Some).chain(std::iter::repeat(None));
        found.extend(std::mem::take(&mut report.findings).into_iter().zip(hashes));
        found.sort_by(|(one, _), (other, _)| one.order(other));
        for (finding, hash) in found {
            report.findings.push(finding);
            report.hashes.extend(hash);
        }
    }

    /// The bytes of the example that starts there in the chunk, and its place in the chunk.
    fn place_in_chunk<'b>(&self, line: u64, example: u64, offset: usize, block: &'b [u8]) -> (&'b [u8], Place) {
        let (bytes, length) = first_line(&block[offset..]);
        let line = Line { example, ..Line::new(bytes, line, offset, length) };
        (bytes, line.place(line.first_columns(), Some(String::new()), &mut Columns::default(), self.settings))
    }

    /// The place in the file of the example that starts there in the chunk.
    pub(super) fn place_in_file(&self, line: u64, example: u64, offset: usize, block: &[u8]) -> Place {
        let (_, place) = self.place_in_chunk(line, example, offset, block);
        place.shifted(self.facts.lines, self.facts.records, self.bytes)
    }
}
