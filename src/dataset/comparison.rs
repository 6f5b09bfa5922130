//! How the prompts and answers of a file compare with each other, and with those of other files.

use hashbrown::HashTable;

use super::{Disputed, Print};
use crate::finding::Place;

/// What came of comparing the prompts and answers of a file.
#[derive(Debug, Default)]
pub struct ComparisonFacts {
    /// Of a validation file, examples whose prompts are trained on with other answers.
    pub asked: Elsewhere,
    /// Examples that bring another answer to a prompt.
    pub disputing: Elsewhere,
    /// How many prompts they have.
    pub disputed: u64,
    /// Some of the prompts, those with most answers first.
    pub worst: Vec<Disputed>,
    /// What is answered.
    pub answers: AnswerFacts,
}

/// Examples that have something in common with one before them.
#[derive(Debug, Default)]
pub struct Elsewhere {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: Option<Place>,
    /// The lines of the first of them, each with the file and the line that it has something in common with.
    pub pairs: Vec<(u64, String, u64)>,
}

impl Elsewhere {
    /// How many pairs are kept.
    const PAIRS: usize = 3;

    /// Adds one, with the file and line that it has something in common with if there is one to name.
    pub(crate) fn add(&mut self, line: u64, other: Option<(&str, u64)>, place: impl FnOnce() -> Place) {
        self.count += 1;
        if self.first.is_none() {
            self.first = Some(place());
        }
        if let Some((file, at)) = other.filter(|_| self.pairs.len() < Self::PAIRS) {
            self.pairs.push((line, file.to_owned(), at));
        }
    }
}

/// How often the same answer was given. Only answers that are longer than a label count.
#[derive(Debug, Default)]
pub struct AnswerFacts {
    /// All of them.
    pub total: u64,
    /// Those that are frequent, as far as they were told apart.
    counters: HashTable<Counter>,
    /// How often all counters were lowered to make room.
    lowered: u64,
    /// The first different answers.
    first: HashTable<u64>,
    /// How many answers came until no more of them were kept.
    sampled: u64,
}

#[derive(Clone, Copy, Debug)]
struct Counter {
    /// The digest of the answer, which is its hash as well.
    answer: u64,
    left: u64,
    /// What [`AnswerFacts::lowered`] was when it was set up.
    since: u64,
    line: u64,
}

/// An answer that many examples have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dominant {
    /// How many have it.
    pub count: u64,
    /// Whether there may be more.
    pub at_least: bool,
    /// One of the lines that have it, the first if it did not go unnoticed there.
    pub line: u64,
}

/// How many answers are counted at once. What makes up more than one in so many is sure to be among them.
const COUNTERS: usize = 256;
/// How many different answers are looked at to tell classes from free text.
const SAMPLE: usize = 1024;

impl AnswerFacts {
    pub(crate) fn add(&mut self, print: &Print, line: u64) {
        if print.answer == 0 || !print.is_long {
            return;
        }
        self.total += 1;
        let answer = print.answer;
        if self.first.len() < SAMPLE {
            self.first.entry(answer, |known| *known == answer, |known| *known).or_insert(answer);
            self.sampled += 1;
        }
        if let Some(counter) = self.counters.find_mut(answer, |counter| counter.answer == answer) {
            counter.left += 1;
        } else if self.counters.len() < COUNTERS {
            let counter = Counter { answer, left: 1, since: self.lowered, line };
            self.counters.insert_unique(answer, counter, |counter| counter.answer);
        } else {
            // Misra and Gries: each answer that finds no room takes one from all others.
            self.lowered += 1;
            self.counters.retain(|counter| {
                counter.left -= 1;
                counter.left > 0
            });
        }
    }

    /// The most frequent answer.
    #[must_use]
    pub fn dominant(&self) -> Option<Dominant> {
        let dominant = |counter: &Counter| Dominant {
            count: counter.left + self.lowered - counter.since,
            at_least: counter.since > 0,
            line: counter.line,
        };
        self.counters.iter().map(dominant).max_by_key(|dominant| (dominant.count, std::cmp::Reverse(dominant.line)))
    }

    /// Whether the answers but the most frequent one are few that come again and again, as names of classes do.
    #[must_use]
    pub fn are_classes(&self) -> bool {
        let Some(dominant) = self.dominant().filter(|_| self.first.len() < SAMPLE) else { return false };
        let (others, different) = (self.sampled - dominant.count, self.first.len() as u64 - 1);
        different > 0 && others >= 3 * different
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(answers: impl IntoIterator<Item = u64>) -> AnswerFacts {
        let mut facts = AnswerFacts::default();
        for (line, answer) in (1..).zip(answers) {
            facts.add(&Print { answer, is_long: true, ..Print::default() }, line);
        }
        facts
    }

    #[test]
    fn the_frequent_answer_is_counted_exactly_among_very_many() {
        let facts = facts((0..300_000).map(|n| if n % 3 == 1 { 7 } else { 1000 + n }));
        assert_eq!(facts.dominant(), Some(Dominant { count: 100_000, at_least: false, line: 2 }));
        assert!(!facts.are_classes());
        assert!(facts.counters.len() <= COUNTERS && facts.first.len() <= SAMPLE);
    }

    #[test]
    fn an_answer_that_comes_late_is_seen_too() {
        let facts = facts((0..100_000).map(|n| if n > 60_000 { 7 } else { 1000 + n }));
        let dominant = facts.dominant().unwrap();
        assert_eq!((dominant.count, dominant.at_least, dominant.line), (39_999, true, 60_002));
    }

    #[test]
    fn a_few_answers_that_come_again_and_again_are_classes() {
        assert!(facts((0..100).map(|n| 1 + n % 2)).are_classes());
        assert!(facts((0..100).map(|n| 1 + n % 10)).are_classes());
        assert!(!facts((0..100).map(|n| if n % 2 == 0 { 1 } else { n })).are_classes());
        assert!(!facts([1; 100]).are_classes());
    }
}
