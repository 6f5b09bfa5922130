//! How prompts and completions begin and end.
//!
//! A model that completes text sees no roles: where a prompt ends and where an answer ends has to stand in the text,
//! the same way in every line.

use std::collections::HashSet;
use std::ops::Range;

use hashbrown::HashTable;

use super::Group;
use crate::example::{Example, Field, Format};
use crate::finding::Place;
use crate::json::digest_of_text;
use crate::rule::At;

/// How many different endings are told apart, in a chunk too. Texts that end in a separator have one; one that nearly all
/// texts have is not among the last.
const MAX_ENDINGS: usize = 1024;
/// How many different completions are told apart: answers of more kinds are no classes.
const MAX_CLASSES: usize = 1024;
/// The longest completion that may be the name of a class, in bytes.
const MAX_CLASS: usize = 64;
/// How much of a common start or end is kept, in bytes.
const MAX_COMMON: usize = 512;
/// The longest ending that is looked at, in characters.
const MAX_ENDING: usize = 16;

/// Facts of completions lines that have both texts.
#[derive(Debug, Default)]
pub struct CompletionFacts {
    /// How many.
    pub lines: u64,
    /// How prompts begin and end.
    pub prompts: Texts,
    /// How completions begin and end.
    pub completions: Texts,
    /// The completions that do not start with white space.
    pub unspaced: Option<Group>,
    /// The different completions, as hashes, while they are few and short.
    classes: HashSet<u64>,
    /// Whether they were too many.
    no_classes: bool,
}

/// How texts begin and end.
#[derive(Debug, Default)]
pub struct Texts {
    /// What all of them begin with; none if there is no text.
    start: Option<String>,
    /// What all of them end in.
    end: Option<String>,
    /// How many there are.
    count: u64,
    /// The different endings, by their digests.
    endings: HashTable<Ending>,
    /// How the first text ends, and where.
    first: Option<(String, Place)>,
    /// Where the first text ends that ends otherwise.
    other: Option<Place>,
}

/// Texts that end alike.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ending {
    /// How they end.
    text: String,
    /// How many.
    count: u64,
    /// How many texts come before the first of them.
    before: u64,
}

impl CompletionFacts {
    pub(super) fn add(&mut self, example: &Example<'_>, place: &impl Fn(At) -> Place) {
        let (Field::Value(prompt_at, prompt), Field::Value(completion_at, completion)) =
            (example.prompt, example.completion)
        else {
            return;
        };
        if example.format != Format::Completion {
            return;
        }
        self.lines += 1;
        self.prompts.add(prompt, |range| place(At::Inside(prompt_at, range)));
        self.completions.add(completion, |range| place(At::Inside(completion_at, range)));
        if !completion.starts_with(char::is_whitespace) {
            Group::count(&mut self.unspaced, || {
                let first = completion.chars().next().map_or(0, char::len_utf8);
                place(At::Inside(completion_at, 0..first))
            });
        }
        if !self.no_classes {
            self.classes.insert(digest_of_text(completion));
            self.no_classes = completion.len() > MAX_CLASS || self.classes.len() > MAX_CLASSES;
            self.forget_classes();
        }
    }

    /// Frees what is of no use once there are no classes.
    fn forget_classes(&mut self) {
        if self.no_classes {
            self.classes = HashSet::new();
        }
    }

    /// Adds the facts of the chunk that follows; `shift` moves its places to where they are in the file.
    pub(super) fn merge(&mut self, next: CompletionFacts, shift: &impl Fn(Place) -> Place) {
        self.lines += next.lines;
        self.prompts.merge(next.prompts, shift);
        self.completions.merge(next.completions, shift);
        Group::merge(&mut self.unspaced, next.unspaced, shift);
        self.no_classes |= next.no_classes;
        if !self.no_classes {
            self.classes.extend(next.classes);
            self.no_classes = self.classes.len() > MAX_CLASSES;
        }
        self.forget_classes();
    }

    /// Whether the completions are the names of classes: less than a third of them are different.
    #[must_use]
    pub fn is_classification(&self) -> bool {
        !self.no_classes && 3 * (self.classes.len() as u64) < self.lines
    }
}

impl Texts {
    fn add(&mut self, text: &str, place: impl FnOnce(Range<usize>) -> Place) {
        shorten(&mut self.start, &text[..text.floor_char_boundary(MAX_COMMON)], common_start);
        shorten(&mut self.end, &text[text.ceil_char_boundary(text.len().saturating_sub(MAX_COMMON))..], common_end);
        let ending = ending(text);
        self.add_ending(ending, 1, self.count);
        self.count += 1;
        let end = || {
            let last = text.chars().next_back().map_or(0, char::len_utf8);
            place(text.len() - last..text.len())
        };
        match &self.first {
            None => self.first = Some((ending.to_owned(), end())),
            Some((first, _)) if self.other.is_none() && first != ending => self.other = Some(end()),
            Some(_) => {}
        }
    }

    fn add_ending(&mut self, text: &str, count: u64, before: u64) {
        let digest = digest_of_text(text);
        if let Some(known) = self.endings.find_mut(digest, |known| known.text == text) {
            known.count += count;
        } else if self.endings.len() < MAX_ENDINGS {
            let ending = Ending { text: text.to_owned(), count, before };
            self.endings.insert_unique(digest, ending, |known| digest_of_text(&known.text));
        }
    }

    fn merge(&mut self, next: Texts, shift: &impl Fn(Place) -> Place) {
        if let Some(start) = &next.start {
            shorten(&mut self.start, start, common_start);
        }
        if let Some(end) = &next.end {
            shorten(&mut self.end, end, common_end);
        }
        // In the order of the file, or which endings are kept would be chance.
        let mut endings: Vec<&Ending> = next.endings.iter().collect();
        endings.sort_by_key(|ending| ending.before);
        for Ending { text, count, before } in endings {
            self.add_ending(text, *count, self.count + before);
        }
        self.count += next.count;
        match (&self.first, next.first) {
            (None, first) => {
                self.first = first.map(|(ending, place)| (ending, shift(place)));
                self.other = next.other.map(shift);
            }
            (Some((first, _)), Some((ending, place))) if self.other.is_none() => {
                self.other = if *first == ending { next.other } else { Some(place) }.map(shift);
            }
            _ => {}
        }
    }

    /// What all texts begin with, up to 512 bytes of it.
    #[must_use]
    pub fn common_start(&self) -> &str {
        self.start.as_deref().unwrap_or_default()
    }

    /// What all texts end in, up to 512 bytes of it.
    #[must_use]
    pub fn common_end(&self) -> &str {
        self.end.as_deref().unwrap_or_default()
    }

    /// Whether no text has a character.
    #[must_use]
    pub fn are_empty(&self) -> bool {
        self.endings.iter().all(|ending| ending.text.is_empty())
    }

    /// The ending of most texts, and how many have it.
    #[must_use]
    pub fn usual_ending(&self) -> Option<(&str, u64)> {
        let most = self.endings.iter().max_by_key(|ending| (ending.count, std::cmp::Reverse(ending.before)));
        most.map(|ending| (ending.text.as_str(), ending.count))
    }

    /// The end of the first text that does not have this ending.
    #[must_use]
    pub fn first_without(&self, ending: &str) -> Option<&Place> {
        match &self.first {
            Some((first, place)) if first != ending => Some(place),
            _ => self.other.as_ref(),
        }
    }
}

/// What a text ends in: its last signs and spaces, or else its last word.
fn ending(text: &str) -> &str {
    let mut start = text.len();
    let mut wanted = None;
    for (at, c) in text.char_indices().rev().take(MAX_ENDING) {
        let is_word = c.is_alphanumeric();
        if *wanted.get_or_insert(is_word) != is_word {
            break;
        }
        start = at;
    }
    &text[start..]
}

/// Shortens what is common so far to what it has in common with `text`.
fn shorten(common: &mut Option<String>, text: &str, of: impl Fn(&str, &str) -> Range<usize>) {
    match common {
        Some(common) if common.is_empty() => {}
        Some(common) => {
            let range = of(common, text);
            if range.len() < common.len() {
                *common = common[range].to_owned();
            }
        }
        none => *none = Some(text.to_owned()),
    }
}

fn common_start(common: &str, text: &str) -> Range<usize> {
    let same = common.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    0..common.floor_char_boundary(same)
}

fn common_end(common: &str, text: &str) -> Range<usize> {
    let same = common.bytes().rev().zip(text.bytes().rev()).take_while(|(a, b)| a == b).count();
    common.ceil_char_boundary(common.len() - same)..common.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Snippet;

    fn place(line: u64) -> Place {
        let snippet = Snippet { start: 0, text: String::new(), mark: 0..0 };
        Place {
            line,
            last_line: line,
            end_line: line,
            example: line,
            column: 1,
            end_column: 1,
            bytes: 0..0,
            span: 0..0,
            pointer: None,
            line_hash: 0,
            snippet,
        }
    }

    fn texts(all: &[&str]) -> Texts {
        let mut texts = Texts::default();
        for (line, text) in (1..).zip(all) {
            texts.add(text, |_| place(line));
        }
        texts
    }

    #[test]
    fn what_is_common_is_found_in_whole_characters() {
        let common = |all: &[&str]| (texts(all).common_start().to_owned(), texts(all).common_end().to_owned());
        assert_eq!(common(&["Say: a ->", "Say: b ->", "Say: ab ->"]), ("Say: ".to_owned(), " ->".to_owned()));
        // é and è begin with the same byte, é and ũ end in the same.
        assert_eq!(common(&["xé", "xè"]), ("x".to_owned(), String::new()));
        assert_eq!(common(&["éx", "ũx"]), (String::new(), "x".to_owned()));
        assert_eq!(common(&["same", "same"]), ("same".to_owned(), "same".to_owned()));
        assert_eq!(common(&["a", ""]), (String::new(), String::new()));
        let long = "ä".repeat(1000);
        assert_eq!(texts(&[&long]).common_start().len(), MAX_COMMON);
    }

    #[test]
    fn what_are_no_classes_is_not_kept() {
        let of_chunk = |classes: Range<u64>, no_classes| CompletionFacts {
            lines: 10_000,
            classes: classes.collect(),
            no_classes,
            ..CompletionFacts::default()
        };
        let mut facts = of_chunk(0..10, false);
        facts.merge(of_chunk(5..15, false), &|place| place);
        assert_eq!((facts.classes.len(), facts.is_classification()), (15, true));
        for next in [of_chunk(0..1, true), of_chunk(0..1000, false), of_chunk(1000..2000, false)] {
            facts.merge(next, &|place| place);
            assert_eq!((facts.classes.len(), facts.is_classification()), (0, false));
        }
    }

    #[test]
    fn an_ending_is_signs_or_a_word() {
        let cases = [("dog ->", " ->"), ("dog\n\n###\n\n", "\n\n###\n\n"), ("a b END", "END"), ("", ""), ("?", "?")];
        for (text, expected) in cases {
            assert_eq!(ending(text), expected, "{text:?}");
        }
        assert_eq!(ending(&"-".repeat(100)).len(), MAX_ENDING);
    }

    #[test]
    fn merging_is_what_adding_would_have_been() {
        let all = (0..40).map(|n| format!("What is {n}{}", ["?", ".", " ->", "!"][n * n % 4]));
        let all: Vec<String> = all.chain((0..500).map(|n| format!("What is {n}"))).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let shown = |texts: &Texts| {
            let (usual, _) = texts.usual_ending().unwrap();
            let without = |ending| texts.first_without(ending).map(|place| place.line);
            let (start, end) = (texts.common_start().to_owned(), texts.common_end().to_owned());
            let mut endings: Vec<Ending> = texts.endings.iter().cloned().collect();
            endings.sort_by_key(|ending| ending.before);
            (start, end, endings, without(usual), without("?"), without("no such"))
        };
        let whole = shown(&texts(&all));
        for cut in [0, 1, 7, 39, 40, 300, 540] {
            let mut merged = texts(&all[..cut]);
            merged.merge(texts(&all[cut..]), &|place| place.shifted(cut as u64, cut as u64, 0));
            assert_eq!(shown(&merged), whole, "{cut}");
        }
    }

    #[test]
    fn a_word_may_be_followed_by_many_endings() {
        let all: Vec<String> = (0..2 * MAX_ENDINGS).map(|n| format!("word{n}")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let texts = texts(&all);
        assert_eq!((texts.endings.len(), texts.count), (MAX_ENDINGS, 2 * MAX_ENDINGS as u64));
    }

    #[test]
    fn the_first_text_that_ends_otherwise_is_found() {
        let cases: [(&[&str], &str, Option<u64>); 5] = [
            (&["a?", "b?", "c!", "d."], "?", Some(3)),
            (&["a!", "b?", "c?"], "?", Some(1)),
            (&["a?", "b?"], "?", None),
            (&["a?"], "!", Some(1)),
            (&[], "?", None),
        ];
        for (all, ending, expected) in cases {
            assert_eq!(texts(all).first_without(ending).map(|place| place.line), expected, "{all:?}");
        }
    }
}
