//! Prompts and answers are compared where chunks are merged: in the order of the files, while the bytes of a line are
//! still there.

use std::cell::OnceCell;
use std::sync::{Arc, Mutex, PoisonError};

use super::line::{Columns, Line};
use super::merge::Merge;
use crate::dataset::{ComparisonFacts, Examples, Met, Print, Role};
use crate::finding::Place;
use crate::lines::first_line;

/// How many prompts with several answers are named.
const WORST: usize = 3;

/// What an example asks and answers, and where it stands in its chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printed {
    pub print: Print,
    /// Its line, counted from 1.
    pub line: u64,
    /// Its number among the examples, from 1.
    pub example: u64,
    /// The byte at which its line starts.
    pub offset: usize,
}

/// Compares the prompts and answers of a file with those before them.
pub(super) struct Comparison {
    examples: Arc<Mutex<Examples>>,
    role: Role,
    facts: ComparisonFacts,
}

impl Comparison {
    pub(super) fn new(examples: &Arc<Mutex<Examples>>, role: Role) -> Self {
        Comparison { examples: Arc::clone(examples), role, facts: ComparisonFacts::default() }
    }

    /// What came of the file.
    pub(super) fn finish(mut self) -> ComparisonFacts {
        let mut examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prompts) = examples.prompts() {
            (self.facts.disputed, self.facts.worst) = prompts.disputed(self.role, WORST);
        }
        drop(examples);
        self.facts
    }
}

impl Merge<'_> {
    /// Compares the examples of the chunk that follows.
    pub(super) fn compare(&mut self, prints: &[Printed], block: &[u8]) {
        let Some(mut comparison) = self.comparison.take() else { return };
        let Comparison { examples, role, facts } = &mut comparison;
        let mut examples = examples.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prompts) = examples.prompts() {
            for printed in prints {
                let line = printed.line + self.facts.lines;
                facts.answers.add(&printed.print, line);
                match prompts.add(&printed.print, line, *role) {
                    Met::New => {}
                    Met::Trained(file, at) => facts.asked.add(line, Some((file, at)), || self.place_of(printed, block)),
                    Met::Disputed => facts.disputing.add(line, None, || self.place_of(printed, block)),
                }
            }
        }
        drop(examples);
        self.comparison = Some(comparison);
    }

    /// The place of an example in the file.
    fn place_of(&self, printed: &Printed, block: &[u8]) -> Place {
        self.place_at(printed.line, printed.example, printed.offset, block)
    }

    /// The place of the example that stands there in the chunk.
    pub(super) fn place_at(&self, line: u64, example: u64, offset: usize, block: &[u8]) -> Place {
        let (bytes, length) = first_line(&block[offset..]);
        let (hidden, hash) = (OnceCell::new(), OnceCell::new());
        let line = Line { bytes, doc: None, line, lines: 1, example, offset, length, hidden, hash };
        let mut place = line.place(line.first_columns(), Some(String::new()), &mut Columns::default(), self.settings);
        place.shift(self.facts.lines, self.facts.records, self.bytes);
        place
    }
}
