//! Examples that are almost the same are found where chunks are merged, in the order of the files.

use std::sync::{Arc, Mutex, PoisonError};

use super::merge::Merge;
use crate::dataset::{Examples, NearFacts, Sketch};
use crate::settings::Settings;

/// What an example says, in short, and where it stands in its chunk.
#[derive(Clone, Debug)]
pub(super) struct Sketched {
    pub sketch: Sketch,
    /// What says exactly the same has the same digest.
    pub digest: u64,
    /// Its line, counted from 1.
    pub line: u64,
    /// Its number among the examples, from 1.
    pub example: u64,
    /// The byte at which its line starts.
    pub offset: usize,
}

/// Holds the examples of a file against those before them.
pub(super) struct NearDuplicates {
    examples: Arc<Mutex<Examples>>,
}

impl NearDuplicates {
    pub(super) fn new(examples: &Arc<Mutex<Examples>>, name: &str, settings: &Settings) -> Self {
        if let Some(near) = examples.lock().unwrap_or_else(PoisonError::into_inner).near(settings) {
            near.begin(name);
        }
        NearDuplicates { examples: Arc::clone(examples) }
    }

    /// What came of the file.
    pub(super) fn finish(self, settings: &Settings) -> NearFacts {
        let mut examples = self.examples.lock().unwrap_or_else(PoisonError::into_inner);
        examples.near(settings).map(crate::dataset::NearExamples::finish).unwrap_or_default()
    }
}

impl Merge<'_> {
    /// Holds the examples of the chunk that follows against those before them.
    pub(super) fn find_near(&mut self, sketches: &[Sketched], block: &[u8]) {
        let Some(duplicates) = self.near.take() else { return };
        let mut examples = duplicates.examples.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(near) = examples.near(self.settings) {
            for Sketched { sketch, digest, line, example, offset } in sketches {
                let place = || self.place_in_file(*line, *example, *offset, block);
                near.add(sketch, *digest, line + self.facts.lines, place);
            }
        }
        drop(examples);
        self.near = Some(duplicates);
    }
}
