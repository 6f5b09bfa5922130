//! What is known of a file when all of it was read.
//!
//! Facts of chunks are merged in order, and merging is associative: threads do not change them.

mod roles;
mod tokens;

use std::collections::BTreeMap;

use crate::example::{Example, Format};
use crate::finding::Place;
use crate::shape::Shape;

pub use roles::RoleFacts;
pub use tokens::{Longest, Size, TokenFacts};

/// Facts of a whole file.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// The file's extension, if it is a file; standard input has none to judge.
    pub extension: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// What kind of file it is.
    pub shape: Shape,
    /// The facts of its lines.
    pub lines: LineFacts,
}

/// Facts that are gathered line by line.
#[derive(Debug, Default)]
pub struct LineFacts {
    /// Physical lines.
    pub lines: u64,
    /// Examples, good and bad: everything but blank lines and what is between records.
    pub records: u64,
    /// What stands between records and is not blank: comments, headings, merge markers.
    pub stray: u64,
    /// Lines that are JSON objects.
    pub examples: u64,
    /// The lines of each format.
    pub formats: BTreeMap<Format, Group>,
    /// The lines of no known format, by the keys that they have.
    pub foreign: BTreeMap<String, (Format, Group)>,
    /// Who speaks in them.
    pub roles: RoleFacts,
    /// Whether an example has an image.
    pub images: bool,
    /// Tokens, if they were counted.
    pub tokens: TokenFacts,
}

/// Lines that are alike.
#[derive(Debug)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Place,
}

/// How many different sets of keys are told apart; a file of random keys must not fill the memory.
const FOREIGN_SHAPES: usize = 64;

impl LineFacts {
    /// Adds an example. `place` makes the place of its line, for the first of a kind.
    pub(crate) fn add(&mut self, example: &Example<'_>, place: impl FnOnce() -> Place) {
        self.examples += 1;
        self.roles.add(example);
        self.images |= example.messages().any(|message| message.parts().iter().any(|part| part.is("image_url")));
        let format = example.format;
        if let Format::Unknown(_) = format {
            let mut keys: Vec<&str> = example.keys.iter().map(|(key, _)| *key).collect();
            keys.sort_unstable();
            let keys = keys.join("\n");
            if let Some((_, group)) = self.foreign.get_mut(&keys) {
                group.count += 1;
            } else if self.foreign.len() < FOREIGN_SHAPES {
                self.foreign.insert(keys, (format, Group { count: 1, first: place() }));
            } else if let Some((_, group)) = self.foreign.values_mut().next() {
                group.count += 1;
            }
        } else if let Some(group) = self.formats.get_mut(&format) {
            group.count += 1;
        } else {
            self.formats.insert(format, Group { count: 1, first: place() });
        }
    }

    /// Adds the facts of the chunk that follows, `bytes` bytes into the file.
    pub(crate) fn merge(&mut self, next: LineFacts, bytes: u64) {
        let (lines, records) = (self.lines, self.records);
        let shifted = |mut group: Group| {
            group.first.shift(lines, records, bytes);
            group
        };
        for (format, group) in next.formats {
            match self.formats.get_mut(&format) {
                Some(known) => known.count += group.count,
                None => drop(self.formats.insert(format, shifted(group))),
            }
        }
        for (keys, (format, group)) in next.foreign {
            if let Some((_, known)) = self.foreign.get_mut(&keys) {
                known.count += group.count;
            } else if self.foreign.len() < FOREIGN_SHAPES {
                self.foreign.insert(keys, (format, shifted(group)));
            } else if let Some((_, known)) = self.foreign.values_mut().next() {
                known.count += group.count;
            }
        }
        self.roles.merge(&next.roles);
        self.images |= next.images;
        self.tokens.merge(next.tokens, lines);
        self.lines += next.lines;
        self.records += next.records;
        self.stray += next.stray;
        self.examples += next.examples;
    }

    /// The format of most lines; of two the one that came first.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        let most = self.formats.iter().max_by_key(|(_, group)| (group.count, std::cmp::Reverse(group.first.line)));
        most.map(|(format, _)| *format)
    }
}
