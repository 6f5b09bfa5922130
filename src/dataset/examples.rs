//! Which examples have been seen, over all files of a run, and what those that follow have in common with them.
//!
//! An example is known by what it says, so that one that is written otherwise is the same; see [`super::seen`] for what
//! that costs.

use std::collections::{BTreeMap, HashMap};

use super::NearExamples;
use super::print::Print;
use super::seen::{Known, Seen, Spot};
use crate::example::Format;
use crate::input::{Identity, Input};
use crate::settings::Settings;

/// What a file is read for: the split of the data that it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// To be trained on.
    #[default]
    Training,
    /// To validate with.
    Validation,
}

/// An example that stood somewhere before.
#[derive(Clone, Copy, Debug)]
pub struct Repeated<'a> {
    /// Whether it is a validation example that is also in the training data.
    pub overlaps: bool,
    /// That file, if it is another.
    pub first_file: Option<&'a str>,
    /// The line there, counted from 1; `None` if it is about all examples of a file, which is that file once more.
    pub first_line: Option<u64>,
}

/// Another file of the run that holds the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameAs {
    /// How reports call it.
    pub name: String,
    /// Whether it is another file: not the same one under another name.
    pub is_copy: bool,
    /// Whether one of them is a training file and the other a validation file.
    pub overlaps: bool,
}

/// A prompt with several answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputed {
    /// The file of its first line, if that is another one.
    pub file: Option<String>,
    /// Its first line.
    pub line: u64,
    /// How many different answers it has by now.
    pub answers: u64,
}

/// What an example has to do with those before it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Met<'e> {
    /// Nothing that would be worth a word.
    New,
    /// It is the same as an earlier one.
    Repeated(Repeated<'e>),
    /// It is a validation example, and its prompt is trained on with another answer: the file, and the line there.
    Trained(&'e str, u64),
    /// Its prompt has another answer, in the files of its split.
    Disputed,
}

/// The examples of a run. Only the thread that merges adds to them, in the order of the files and their lines.
#[derive(Debug, Default)]
pub struct Examples {
    training: Seen,
    validation: Seen,
    files: Vec<File>,
    copies: Copies,
    /// By the bits of the similarity that is asked for.
    near: BTreeMap<u64, NearExamples>,
}

#[derive(Debug)]
struct File {
    name: String,
    split: Split,
    input: Option<Input>,
    bytes: Bytes,
    /// What most of its lines are in, once they were read.
    format: Option<Format>,
    /// Whether its bytes were read before: then nothing new can be said of its lines.
    again: bool,
    /// How many training and validation examples there were before it.
    before: [u32; 2],
}

/// What is known of the bytes of a file without reading them all.
#[derive(Clone, Debug, Default)]
struct Bytes {
    identity: Option<Identity>,
    size: Option<u64>,
    /// The hash of the first of them, once it was asked for.
    head: Option<u128>,
}

impl Bytes {
    fn of(input: Option<&Input>) -> Self {
        Bytes { identity: input.and_then(Input::identity), size: input.and_then(Input::bytes_on_disk), head: None }
    }
}

/// The files of a run, for those that hold the same bytes: of many only few are compared as a whole.
#[derive(Debug, Default)]
struct Copies {
    by_identity: HashMap<Identity, usize>,
    /// Those whose heads were not asked for yet.
    by_size: HashMap<u64, Vec<usize>>,
    by_head: HashMap<(u64, u128), Vec<usize>>,
}

impl Copies {
    /// The number of the file that holds the same bytes as `input`, and whether it is a copy.
    fn find(&mut self, files: &mut [File], input: &Input, bytes: &mut Bytes) -> Option<(usize, bool)> {
        if let Some(itself) = bytes.identity.as_ref().and_then(|identity| self.by_identity.get(identity)) {
            return Some((*itself, false));
        }
        let size = bytes.size?;
        for number in self.by_size.get_mut(&size)?.drain(..) {
            let file = &mut files[number];
            file.bytes.head = file.input.as_ref().and_then(Input::head);
            if let Some(head) = file.bytes.head {
                self.by_head.entry((size, head)).or_default().push(number);
            }
        }
        bytes.head = input.head();
        let alike = self.by_head.get(&(size, bytes.head?))?;
        let has_same = |number: &&usize| files[**number].input.as_ref().is_some_and(|other| input.has_bytes_of(other));
        alike.iter().find(has_same).map(|number| (*number, true))
    }

    fn add(&mut self, number: usize, bytes: &Bytes) {
        if let Some(identity) = &bytes.identity {
            #[cfg_attr(unix, expect(clippy::clone_on_copy, reason = "a path on other systems"))]
            self.by_identity.insert(identity.clone(), number);
        }
        if let Some(size) = bytes.size {
            self.by_size.entry(size).or_default().push(number);
        }
    }

    fn remove(&mut self, number: usize, bytes: &Bytes) {
        if let Some(identity) = &bytes.identity
            && self.by_identity.get(identity) == Some(&number)
        {
            self.by_identity.remove(identity);
        }
        let of_size = bytes.size.and_then(|size| self.by_size.get_mut(&size));
        let of_head = bytes.size.zip(bytes.head).and_then(|key| self.by_head.get_mut(&key));
        [of_size, of_head].into_iter().flatten().for_each(|numbers| numbers.retain(|known| *known != number));
    }
}

impl Examples {
    /// Begins a file. If its bytes were read before, where.
    pub(crate) fn begin(&mut self, name: &str, input: Option<&Input>, split: Split) -> Option<SameAs> {
        let mut bytes = Bytes::of(input);
        let known = input.and_then(|input| self.copies.find(&mut self.files, input, &mut bytes));
        let known = known.map(|(number, is_copy)| {
            let file = &self.files[number];
            SameAs { name: file.name.clone(), is_copy, overlaps: file.split != split }
        });
        // What holds the same bytes as a file before it is the same as that to all that follow.
        if known.is_none() {
            self.copies.add(self.files.len(), &bytes);
        }
        let (name, before) = (name.to_owned(), [self.training.len(), self.validation.len()]);
        let (input, again) = (input.cloned(), known.is_some());
        self.files.push(File { name, split, input, bytes, format: None, again, before });
        known
    }

    /// Ends the file that was begun last, whose lines are in this format.
    pub(crate) fn end(&mut self, format: Option<Format>) {
        if let Some(file) = self.files.last_mut() {
            file.format = format;
        }
    }

    /// If the file that was begun last is a validation file, the formats of the training files, each with the first file
    /// that has it.
    pub(crate) fn trained(&self) -> Vec<(Format, String)> {
        let mut trained: Vec<(Format, String)> = Vec::new();
        if self.files.last().is_some_and(|file| file.split == Split::Validation) {
            for file in self.files.iter().filter(|file| file.split == Split::Training) {
                let is_new = |format: &Format| trained.iter().all(|(known, _)| known != format);
                trained.extend(file.format.filter(is_new).map(|format| (format, file.name.clone())));
            }
        }
        trained
    }

    /// Forgets the examples of the file that was begun last: it is read from its start once more.
    pub(crate) fn restart(&mut self) {
        if let Some(File { before: [training, validation], .. }) = self.files.last() {
            self.training.truncate(*training);
            self.validation.truncate(*validation);
        }
    }

    /// The examples that are held against each other with these settings; none if nothing new can be said of the file that
    /// was begun last.
    pub(crate) fn near(&mut self, settings: &Settings) -> Option<&mut NearExamples> {
        self.files.last().filter(|file| !file.again)?;
        let new = || NearExamples::new(settings.similarity, settings.sample);
        Some(self.near.entry(settings.similarity.to_bits()).or_insert_with(new))
    }

    /// The file that was begun last was replaced by another of its name.
    pub(crate) fn replaced(&mut self) {
        let Some(number) = self.files.len().checked_sub(1) else { return };
        let file = &mut self.files[number];
        self.copies.remove(number, &file.bytes);
        file.bytes = Bytes::of(file.input.as_ref());
        if !file.again {
            self.copies.add(number, &file.bytes);
        }
    }

    /// Whether nothing new can be said of the examples of the file that was begun last.
    pub(crate) fn are_known(&self) -> bool {
        self.files.last().is_none_or(|file| file.again)
    }

    /// Adds an example of the file that was begun last, and says what it has to do with those before it.
    pub(crate) fn meet(&mut self, print: &Print, line: u64) -> Met<'_> {
        let Some(File { split, again: false, .. }) = self.files.last() else { return Met::New };
        let here = Spot { file: self.last(), line };
        if *split == Split::Training {
            return match self.training.add(print, here, true) {
                Known::Same(spot) => self.repeated(spot, false),
                Known::Answered(_) => Met::Disputed,
                Known::No => Met::New,
            };
        }
        // That an example is trained on is worse than that it stands twice among the validation examples.
        let trained = match self.training.find(print) {
            Known::Same(spot) => return self.repeated(spot, true),
            Known::Answered(spot) => Some(spot),
            Known::No => None,
        };
        match self.validation.add(print, here, trained.is_none()) {
            Known::Same(spot) => self.repeated(spot, false),
            Known::Answered(_) => Met::Disputed,
            Known::No => trained.map_or(Met::New, |spot| Met::Trained(self.name(spot), spot.line)),
        }
    }

    /// The prompts to which the last file has brought another answer: how many, and some of them, those with most
    /// answers first.
    pub(crate) fn disputed(&self, most: usize) -> (u64, Vec<Disputed>) {
        let Some(File { split, again: false, .. }) = self.files.last() else { return (0, Vec::new()) };
        let seen = if *split == Split::Training { &self.training } else { &self.validation };
        let (count, worst) = seen.disputed(self.last(), most);
        let disputed = |(spot, answers): (Spot, u64)| {
            let file = (spot.file != self.last()).then(|| self.name(spot).to_owned());
            Disputed { file, line: spot.line, answers }
        };
        (count, worst.into_iter().map(disputed).collect())
    }

    fn repeated(&self, spot: Spot, overlaps: bool) -> Met<'_> {
        let first_file = (spot.file != self.last()).then(|| self.name(spot));
        Met::Repeated(Repeated { overlaps, first_file, first_line: Some(spot.line) })
    }

    /// The number of the file that was begun last.
    fn last(&self) -> u32 {
        u32::try_from(self.files.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn name(&self, spot: Spot) -> &str {
        self.files.get(spot.file as usize).map_or("", |file| &file.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the example overlaps, the file and the line of the one before.
    fn meet(examples: &mut Examples, whole: u64, line: u64) -> Option<(bool, Option<String>, u64)> {
        match examples.meet(&Print { whole, ..Print::default() }, line) {
            Met::Repeated(Repeated { overlaps, first_file, first_line }) => {
                Some((overlaps, first_file.map(str::to_owned), first_line.unwrap_or(0)))
            }
            _ => None,
        }
    }

    #[test]
    fn the_first_of_the_same_examples_is_remembered() {
        let mut examples = Examples::default();
        assert_eq!(examples.begin("a", None, Split::Training), None);
        assert_eq!(meet(&mut examples, 1, 1), None);
        assert_eq!(meet(&mut examples, 2, 2), None);
        assert_eq!(meet(&mut examples, 1, 3), Some((false, None, 1)));
        // Both halves of a hash count.
        assert_eq!(meet(&mut examples, (1 << 40) + 1, 4), None);
        examples.begin("b", None, Split::Training);
        assert_eq!(meet(&mut examples, 2, 9), Some((false, Some("a".to_owned()), 2)));
        examples.begin("c", None, Split::Validation);
        assert_eq!(meet(&mut examples, 7, 1), None);
        assert_eq!(meet(&mut examples, 7, 2), Some((false, None, 1)));
        assert_eq!(meet(&mut examples, 2, 3), Some((true, Some("a".to_owned()), 2)));
        assert_eq!(meet(&mut examples, 2, 4), Some((true, Some("a".to_owned()), 2)));
    }

    #[test]
    fn a_prompt_that_is_trained_on_is_known_with_its_answers() {
        let print = |answer: u64| Print { whole: 100 + answer, prompt: 1, answer: answer << 32, is_long: true };
        let mut examples = Examples::default();
        examples.begin("a", None, Split::Training);
        assert!(matches!(examples.meet(&print(1), 1), Met::New));
        assert!(matches!(examples.meet(&print(2), 2), Met::Disputed));
        examples.begin("b", None, Split::Validation);
        assert!(matches!(examples.meet(&print(1), 1), Met::Repeated(Repeated { overlaps: true, .. })));
        // The answer is known, and something else differs.
        assert!(matches!(examples.meet(&Print { whole: 5, ..print(2) }, 2), Met::New));
        assert!(matches!(examples.meet(&print(3), 3), Met::Trained("a", 1)));
        // It is trained on, and so its answers here are no matter of their own, but it stands twice.
        assert!(matches!(
            examples.meet(&print(3), 4),
            Met::Repeated(Repeated { overlaps: false, first_line: Some(3), .. })
        ));
        assert_eq!(examples.disputed(3), (0, Vec::new()));
    }

    #[test]
    fn a_file_that_is_read_twice_is_told_once() {
        let path = Input::File(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml").into());
        let mut examples = Examples::default();
        assert_eq!(examples.begin("a", Some(&path), Split::Training), None);
        assert_eq!(meet(&mut examples, 1, 1), None);
        let same = |overlaps| Some(SameAs { name: "a".to_owned(), is_copy: false, overlaps });
        assert_eq!(examples.begin("b", Some(&path), Split::Validation), same(true));
        assert_eq!(meet(&mut examples, 1, 1), None);
        assert_eq!(examples.begin("c", Some(&path), Split::Training), same(false));
        assert_eq!(meet(&mut examples, 1, 1), None);
    }

    #[test]
    fn a_file_can_be_read_from_its_start_once_more() {
        let mut examples = Examples::default();
        examples.begin("a", None, Split::Training);
        assert_eq!(meet(&mut examples, 1, 1), None);
        examples.begin("b", None, Split::Training);
        for _ in 0..3 {
            assert_eq!(meet(&mut examples, 1, 1), Some((false, Some("a".to_owned()), 1)));
            assert_eq!(meet(&mut examples, 2, 2), None);
            assert_eq!(meet(&mut examples, 2, 3), Some((false, None, 2)));
            examples.restart();
        }
    }
}
