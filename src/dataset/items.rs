//! What reinforcement lines hold for the grader.

use super::Group;
use crate::example::{Example, Format};
use crate::finding::Place;

/// How many different sets of keys are told apart; a file of more than that has keys that are data.
const MAX_SETS: usize = 64;
/// How many keys of a line are kept, and how many bytes of each.
const MAX_KEYS: usize = 64;
const MAX_KEY: usize = 128;

/// The keys beside `messages` and `tools`, over all reinforcement lines; of others whether they have a weight.
#[derive(Debug, Default)]
pub struct ItemFacts {
    /// The sets in the order in which they came.
    sets: Vec<KeySet>,
    /// The lines of all further sets.
    further: u64,
    /// Lines of other formats that have a weight.
    pub weighted: Option<Group>,
    /// Those that have none.
    pub unweighted: Option<Group>,
}

/// Reinforcement lines that have the same keys.
#[derive(Debug)]
pub struct KeySet {
    /// The keys in the order of the first line.
    pub keys: Vec<String>,
    /// How many lines, and the first.
    pub lines: Group,
}

impl ItemFacts {
    pub(super) fn add(&mut self, example: &Example<'_>, place: impl FnOnce() -> Place) {
        if example.format != Format::Reinforcement {
            if matches!(example.format, Format::Chat | Format::Completion | Format::Preference) {
                let has = example.keys.iter().any(|(key, _)| *key == "weight");
                Group::count(if has { &mut self.weighted } else { &mut self.unweighted }, place);
            }
            return;
        }
        let keys = || example.keys.iter().map(|(key, _)| *key).filter(|key| !matches!(*key, "messages" | "tools"));
        let keys = || keys().take(MAX_KEYS).map(cut);
        // Scripts write the keys of all lines in one order: then nothing is allocated.
        let same = self.sets.iter_mut().find(|set| set.keys.iter().map(String::as_str).eq(keys()));
        if let Some(set) = same {
            set.lines.count += 1;
            return;
        }
        self.add_set(keys().map(str::to_owned).collect(), 1, place);
    }

    fn add_set(&mut self, keys: Vec<String>, count: u64, place: impl FnOnce() -> Place) {
        if let Some(set) = self.sets.iter_mut().find(|set| is_same(&set.keys, &keys)) {
            set.lines.count += count;
        } else if self.sets.len() < MAX_SETS {
            self.sets.push(KeySet { keys, lines: Group { count, first: place() } });
        } else {
            self.further += count;
        }
    }

    /// Adds the facts of the chunk that follows; `shift` moves its places to where they are in the file.
    pub(super) fn merge(&mut self, next: ItemFacts, shift: impl Fn(Place) -> Place) {
        for KeySet { keys, lines } in next.sets {
            self.add_set(keys, lines.count, || shift(lines.first));
        }
        self.further += next.further;
        Group::merge(&mut self.weighted, next.weighted, &shift);
        Group::merge(&mut self.unweighted, next.unweighted, &shift);
    }

    /// All reinforcement lines.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.sets.iter().map(|set| set.lines.count).sum::<u64>() + self.further
    }

    /// The keys of most lines; of two sets the one that came first.
    #[must_use]
    pub fn usual(&self) -> Option<&KeySet> {
        self.sets.iter().rev().max_by_key(|set| set.lines.count)
    }

    /// The first lines with other keys than most.
    #[must_use]
    pub fn first_odd(&self) -> Option<&KeySet> {
        let usual = self.usual()?;
        self.sets.iter().find(|set| !std::ptr::eq(*set, usual))
    }
}

/// Whether two lines have the same keys, in whatever order.
fn is_same(some: &[String], others: &[String]) -> bool {
    let within = |keys: &[String], others: &[String]| keys.iter().all(|key| others.contains(key));
    within(some, others) && within(others, some)
}

fn cut(key: &str) -> &str {
    &key[..key.floor_char_boundary(MAX_KEY)]
}
