//! What is known of a file when all of it was read.
//!
//! Facts of chunks are merged in order, and merging is associative: threads do not change them.

mod comparison;
mod completions;
mod examples;
mod items;
mod near;
mod print;
mod profile;
mod roles;
mod scripts;
mod seen;
mod systems;
mod tokens;
mod tools;
mod wanted;

use std::collections::BTreeMap;

use crate::example::{Example, Features, Foreign, Format};
use crate::finding::Place;
use crate::rule::At;
use crate::shape::Shape;
use crate::target::Target;

pub use comparison::{AnswerFacts, ComparisonFacts, Dominant, Elsewhere};
pub use completions::{CompletionFacts, Texts};
pub(crate) use examples::Met;
pub use examples::{Disputed, Examples, Repeated, SameAs, Split};
pub use items::{ItemFacts, KeySet};
pub(crate) use near::{Banding, NearExamples, Sketch};
pub use near::{NearFacts, NearGroup};
pub(crate) use print::Print;
pub use profile::{Affected, ProfileFacts, Repeats, Spread};
pub use roles::RoleFacts;
pub use scripts::ScriptFacts;
pub use systems::{Difference, SystemFacts, SystemPrompt, Variants};
pub use tokens::{Longest, Size, TokenFacts};
pub(crate) use tools::{Declared, DeclaredParts, Sight, Spot, undescribed};
pub use tools::{InconsistentTool, KnownTools, ToolFacts, ToolUse, Undescribed};
pub use wanted::{Lack, WantedFacts};

/// Facts of a whole file.
#[derive(Debug, Default)]
pub struct FileFacts {
    /// The file's extension, if it is a file; standard input has none to judge.
    pub extension: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// The file with the same bytes, if one was read before.
    pub same_as: Option<SameAs>,
    /// Of a validation file the formats of the training files, each with the first file that has it.
    pub trained: Vec<(Format, String)>,
    /// What kind of file it is.
    pub shape: Shape,
    /// The facts of its lines.
    pub lines: LineFacts,
    /// How its prompts and answers compare with each other and with those before them; nothing if no rule asks.
    pub comparison: ComparisonFacts,
    /// The tools that are defined otherwise than before, in this file or those that were read before it.
    pub inconsistent_tools: Vec<InconsistentTool>,
    /// What is almost the same as something before it; nothing if no rule asks.
    pub near: NearFacts,
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
    /// How many of them are at fault whatever the others are.
    pub erring: BTreeMap<Format, u64>,
    /// The lines of no known format, by what they are instead.
    pub foreign: BTreeMap<Foreign, ForeignLines>,
    /// The markers of an unresolved merge.
    pub merge_markers: Option<Group>,
    /// Who speaks in them.
    pub roles: RoleFacts,
    /// How prompts and completions begin and end.
    pub completions: CompletionFacts,
    /// The keys of reinforcement lines.
    pub items: ItemFacts,
    /// The tools that they declare and call.
    pub tools: ToolFacts,
    /// System prompts; nothing if no rule asks.
    pub systems: SystemFacts,
    /// Whether an example has an image.
    pub images: bool,
    /// What graders want to know of lines, if they were asked for it.
    pub wanted: WantedFacts,
    /// Tokens, if they were counted.
    pub tokens: TokenFacts,
    /// What only statistics tell, if they were asked for.
    pub profile: ProfileFacts,
}

/// Lines that are alike.
#[derive(Debug)]
pub struct Group {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Place,
}

/// Lines of no known format that are alike.
#[derive(Debug)]
pub struct ForeignLines {
    /// How many, and where.
    pub group: Group,
    /// The keys of the first of them.
    pub keys: Vec<String>,
}

impl Group {
    fn new(first: Place) -> Self {
        Group { count: 1, first }
    }

    /// Counts one more line, which is the first if there was none.
    fn count(group: &mut Option<Group>, place: impl FnOnce() -> Place) {
        match group {
            Some(group) => group.count += 1,
            none => *none = Some(Group::new(place())),
        }
    }

    /// Adds those of the chunk that follows; `shift` moves its places to where they are in the file.
    fn merge(group: &mut Option<Group>, next: Option<Group>, shift: impl FnOnce(Place) -> Place) {
        match (group, next) {
            (Some(group), Some(next)) => group.count += next.count,
            (none @ None, Some(next)) => *none = Some(Group { first: shift(next.first), ..next }),
            (_, None) => {}
        }
    }
}

impl LineFacts {
    /// Adds an example, and whether it is at fault. `place_of` makes a place in its line, for the first of a kind.
    pub(crate) fn add(&mut self, example: &Example<'_>, erred: bool, place_of: impl Fn(At) -> Place) {
        let place = || place_of(At::Line);
        self.examples += 1;
        self.roles.add(example);
        self.images |= example.features.intersects(Features::IMAGES);
        self.completions.add(example, &place_of);
        self.items.add(example, place);
        if erred {
            *self.erring.entry(example.format).or_default() += 1;
        }
        if let Format::Unknown(foreign) = example.format {
            match self.foreign.get_mut(&foreign) {
                Some(known) => known.group.count += 1,
                None => {
                    let keys = example.keys.iter().map(|(key, _)| (*key).to_owned()).collect();
                    self.foreign.insert(foreign, ForeignLines { group: Group::new(place()), keys });
                }
            }
        } else if let Some(group) = self.formats.get_mut(&example.format) {
            group.count += 1;
        } else {
            self.formats.insert(example.format, Group::new(place()));
        }
    }

    /// Adds a line that git left in an unresolved merge.
    pub(crate) fn add_merge_marker(&mut self, place: impl FnOnce() -> Place) {
        Group::count(&mut self.merge_markers, place);
    }

    /// Adds the facts of the chunk that follows, `bytes` bytes into the file.
    pub(crate) fn merge(&mut self, next: LineFacts, bytes: u64) {
        let (lines, records) = (self.lines, self.records);
        let moved = |place: Place| place.shifted(lines, records, bytes);
        let shifted = |group: Group| Group { first: moved(group.first), ..group };
        for (format, group) in next.formats {
            match self.formats.get_mut(&format) {
                Some(known) => known.count += group.count,
                None => drop(self.formats.insert(format, shifted(group))),
            }
        }
        for (format, count) in next.erring {
            *self.erring.entry(format).or_default() += count;
        }
        for (foreign, ForeignLines { group, keys }) in next.foreign {
            match self.foreign.get_mut(&foreign) {
                Some(known) => known.group.count += group.count,
                None => drop(self.foreign.insert(foreign, ForeignLines { group: shifted(group), keys })),
            }
        }
        Group::merge(&mut self.merge_markers, next.merge_markers, moved);
        self.completions.merge(next.completions, &moved);
        self.systems.merge(next.systems, &shifted);
        self.items.merge(next.items, moved);
        self.roles.merge(&next.roles);
        self.tools.merge(next.tools, lines);
        self.images |= next.images;
        self.wanted.merge(&next.wanted, lines);
        self.tokens.merge(next.tokens, lines);
        self.profile.merge(next.profile);
        self.lines += next.lines;
        self.records += next.records;
        self.stray += next.stray;
        self.examples += next.examples;
    }

    /// The examples of which nothing is known but that they are there: no objects, or of a format that is not read.
    #[must_use]
    pub fn unread(&self) -> u64 {
        let foreign: u64 = self.foreign.values().map(|lines| lines.group.count).sum();
        self.records - self.examples + foreign
    }

    /// The format of most lines; of two the one that came first.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        most(self.formats.iter().map(|(format, group)| (*format, group)))
    }

    /// The lines of each format, and of each shape that the target takes besides.
    pub(crate) fn kinds(&self, target: &Target) -> impl Iterator<Item = (Format, &Group)> {
        let formats = self.formats.iter().map(|(format, group)| (*format, group));
        let taken = self.foreign.iter().filter(|(foreign, _)| target.takes_shape(**foreign));
        formats.chain(taken.map(|(foreign, lines)| (Format::Unknown(*foreign), &lines.group)))
    }

    /// As [`format`](Self::format), of the [`kinds`](Self::kinds) of lines.
    pub(crate) fn kind(&self, target: &Target) -> Option<Format> {
        most(self.kinds(target))
    }
}

/// Which of some groups is the largest; of two the one that came first.
fn most<'g>(groups: impl Iterator<Item = (Format, &'g Group)>) -> Option<Format> {
    let largest = groups.max_by_key(|(_, group)| (group.count, std::cmp::Reverse(group.first.line)));
    largest.map(|(format, _)| format)
}
