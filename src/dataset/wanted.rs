//! What graders want to know of lines, and which lines do not have it.

use crate::example::Example;
use crate::json::{Doc, Kind, NodeId};
use crate::request::template::steps;

/// Lines that lack what a grader wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lack {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub line: u64,
}

/// For each path that was asked for the lines that do not have it.
#[derive(Debug, Default)]
pub struct WantedFacts(Vec<Lack>);

impl WantedFacts {
    /// Adds an example. No path, no work.
    pub(crate) fn add(&mut self, example: &Example<'_>, paths: &[String], line: u64) {
        self.0.resize(paths.len(), Lack::default());
        for (lack, path) in self.0.iter_mut().zip(paths) {
            if find(example.doc, path).is_none() {
                lack.count += 1;
                if lack.count == 1 {
                    lack.line = line;
                }
            }
        }
    }

    /// Adds the facts of what follows after so many lines.
    pub(crate) fn merge(&mut self, next: &WantedFacts, lines: u64) {
        if self.0.len() < next.0.len() {
            self.0.resize(next.0.len(), Lack::default());
        }
        for (lack, next) in self.0.iter_mut().zip(&next.0) {
            if lack.count == 0 && next.count > 0 {
                lack.line = lines + next.line;
            }
            lack.count += next.count;
        }
    }

    /// The lines without the path that was asked for at this place.
    #[must_use]
    pub fn lack(&self, place: usize) -> Lack {
        self.0.get(place).copied().unwrap_or_default()
    }
}

/// What a path names in a line.
fn find(doc: &Doc<'_>, path: &str) -> Option<NodeId> {
    let mut at = NodeId::ROOT;
    for step in steps(path) {
        at = match doc.kind(at) {
            Kind::Object => doc.get(at, step)?,
            Kind::Array => doc.elements(at).nth(step.parse().ok()?)?,
            _ => return None,
        };
    }
    Some(at)
}
