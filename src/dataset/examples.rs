//! Which examples have been seen, over all files of a run.
//!
//! An example is known by the digest of what it says, so that one that is written otherwise is the same. Each takes 24
//! bytes, and a table has room for up to twice as many: 100 million lines take 2.5 to 5.5 GB.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::{NearExamples, Prompts};
use crate::input::{Identity, Input};
use crate::settings::Settings;

/// What a file is read for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// To be trained on.
    #[default]
    Training,
    /// To validate with.
    Validation,
}

/// An example that stood somewhere before.
#[derive(Clone, Copy, Debug)]
pub struct Repeated<'a> {
    /// Whether it is to validate with and trained on.
    pub overlaps: bool,
    /// That file, if it is another.
    pub first_file: Option<&'a str>,
    /// The line there, counted from 1.
    pub first_line: u64,
}

/// The examples of a run. Only the thread that merges adds to them, in the order of the files and their lines.
#[derive(Debug, Default)]
pub struct Examples {
    /// By role: where each example stood first.
    seen: [HashMap<Key, Origin, BuildHasherDefault<Taken>>; 2],
    files: Vec<File>,
    prompts: Prompts,
    /// By the bits of the similarity that is asked for.
    near: BTreeMap<u64, NearExamples>,
}

#[derive(Debug)]
struct File {
    name: String,
    identity: Option<Identity>,
    role: Role,
    /// Whether it was read before, for the other role: then nothing new can be said of its lines.
    again: bool,
}

/// A digest in two halves, which need no alignment of 16 bytes.
type Key = [u64; 2];

/// A file, in the upper 24 bits, and a line.
#[derive(Clone, Copy, Debug)]
struct Origin(u64);

const LINE_BITS: u32 = 40;

impl Origin {
    fn new(file: usize, line: u64) -> Origin {
        Origin((file as u64) << LINE_BITS | line & ((1 << LINE_BITS) - 1))
    }

    fn file(self) -> usize {
        usize::try_from(self.0 >> LINE_BITS).unwrap_or(usize::MAX)
    }

    fn line(self) -> u64 {
        self.0 & ((1 << LINE_BITS) - 1)
    }
}

/// Digests are as good as random: any part of them is a hash.
#[derive(Default)]
struct Taken(u64);

impl Hasher for Taken {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            self.0 ^= u64::from_le_bytes(word);
        }
    }

    fn write_u64(&mut self, half: u64) {
        self.0 = half;
    }

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Examples {
    /// Begins a file. If it was read for the other role already, that file's name.
    pub(crate) fn begin(&mut self, name: &str, input: Option<&Input>, role: Role) -> Option<String> {
        let identity = input.and_then(Input::identity);
        let same = |file: &&File| file.role != role && identity.is_some() && file.identity == identity;
        let known = self.files.iter().find(same).map(|file| file.name.clone());
        self.prompts.begin(name);
        self.files.push(File { name: name.to_owned(), identity, role, again: known.is_some() });
        known
    }

    /// The prompts of the same files; none if nothing new can be said of the file that was begun last.
    pub(crate) fn prompts(&mut self) -> Option<&mut Prompts> {
        self.files.last().filter(|file| !file.again)?;
        Some(&mut self.prompts)
    }

    /// The examples that are held against each other with these settings; none if nothing new can be said of the file that
    /// was begun last.
    pub(crate) fn near(&mut self, settings: &Settings) -> Option<&mut NearExamples> {
        self.files.last().filter(|file| !file.again)?;
        let new = || NearExamples::new(settings.similarity, settings.sample);
        Some(self.near.entry(settings.similarity.to_bits()).or_insert_with(new))
    }

    /// Adds an example of the file that was begun last; where it stood before, if it did.
    pub(crate) fn add(&mut self, digest: u128, line: u64) -> Option<Repeated<'_>> {
        let number = self.files.len().checked_sub(1)?;
        let file = &self.files[number];
        if file.again {
            return None;
        }
        let role = file.role;
        #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
        let key = [digest as u64, (digest >> 64) as u64];
        let [training, validation] = &mut self.seen;
        let own = if role == Role::Training { &mut *training } else { validation };
        let before = match own.entry(key) {
            Entry::Occupied(known) => Some((*known.get(), role)),
            Entry::Vacant(vacant) => {
                vacant.insert(Origin::new(number, line));
                None
            }
        };
        // That an example is trained on is worse than that it stands twice among those to validate with.
        let trained = || training.get(&key).map(|origin| (*origin, Role::Training));
        let (origin, first_role) = if role == Role::Validation { trained().or(before) } else { before }?;
        let overlaps = role != first_role;
        let first_file =
            (origin.file() != number).then(|| self.files.get(origin.file()).map(|file| file.name.as_str()));
        Some(Repeated { overlaps, first_file: first_file.flatten(), first_line: origin.line() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(examples: &mut Examples, digest: u128, line: u64) -> Option<(bool, Option<String>, u64)> {
        let repeated = examples.add(digest, line)?;
        Some((repeated.overlaps, repeated.first_file.map(str::to_owned), repeated.first_line))
    }

    #[test]
    fn the_first_of_the_same_examples_is_remembered() {
        let mut examples = Examples::default();
        assert_eq!(examples.begin("a", None, Role::Training), None);
        assert_eq!(add(&mut examples, 1, 1), None);
        assert_eq!(add(&mut examples, 2, 2), None);
        assert_eq!(add(&mut examples, 1, 3), Some((false, None, 1)));
        // The halves of a digest both count.
        assert_eq!(add(&mut examples, 1 << 64, 4), None);
        assert_eq!(add(&mut examples, (1 << 64) + 1, 5), None);
        examples.begin("b", None, Role::Training);
        assert_eq!(add(&mut examples, 2, 9), Some((false, Some("a".to_owned()), 2)));
        examples.begin("c", None, Role::Validation);
        assert_eq!(add(&mut examples, 7, 1), None);
        assert_eq!(add(&mut examples, 7, 2), Some((false, None, 1)));
        assert_eq!(add(&mut examples, 2, 3), Some((true, Some("a".to_owned()), 2)));
        assert_eq!(add(&mut examples, 2, 4), Some((true, Some("a".to_owned()), 2)));
    }

    #[test]
    fn a_file_that_is_read_for_both_is_told_once() {
        let path = Input::File(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml").into());
        let mut examples = Examples::default();
        assert_eq!(examples.begin("a", Some(&path), Role::Training), None);
        assert_eq!(add(&mut examples, 1, 1), None);
        assert_eq!(examples.begin("b", Some(&path), Role::Validation), Some("a".to_owned()));
        assert_eq!(add(&mut examples, 1, 1), None);
    }
}
