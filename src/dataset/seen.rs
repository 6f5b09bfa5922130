//! The different examples of the files of one role: which prompts were asked, how they were answered, and where.
//!
//! They come in the order of the files and their lines, from the thread that merges. Each takes 16 bytes, and a table
//! that is between 7/16 and 7/8 full has 4 bytes and 1 beside them for each: 22 to 27 bytes, so 100 million different
//! examples take 2.2 to 2.7 GB. Where each stands is not written down: examples that follow each other stand on lines
//! that follow each other, so only where that ends costs another 16 bytes. Prompts, and examples with one prompt, are
//! told apart by 64 bits: of 100 million, any two that differ are taken for one with a chance of 1 in 3,700.

use std::collections::{BTreeMap, HashSet};

use hashbrown::HashTable;

use super::Print;

/// The different examples of a role, by the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Seen {
    entries: Vec<Entry>,
    table: HashTable<u32>,
    runs: Vec<Run>,
    /// The prompts with several answers, by their first example.
    disputes: BTreeMap<u32, Dispute>,
}

/// An example.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Of the first example with a prompt that prompt, of all others all of it.
    key: u64,
    /// A part of all of it.
    check: u32,
    /// The first answer to the prompt.
    answer: u32,
}

/// Examples on lines that follow each other.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// The number of the first of them.
    first: u32,
    file: u32,
    /// The line on which it stands.
    line: u64,
}

#[derive(Debug)]
struct Dispute {
    answers: HashSet<u32>,
    /// The last file that has brought a new one.
    file: u32,
}

/// Where an example stands: the number of its file, and the line there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub file: u32,
    pub line: u64,
}

/// What an example has to do with those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing, or the answer is the same.
    No,
    /// It is the same as the one there.
    Same(Spot),
    /// It answers the prompt of the one there in a new way.
    Answered(Spot),
}

impl Seen {
    /// How many different examples there are.
    pub(super) fn len(&self) -> u32 {
        // No more are ever kept.
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// What is known of an example. Nothing is added.
    pub(super) fn find(&self, print: &Print) -> Known {
        let Some(first) = self.asked(print) else { return self.find_whole(print) };
        let entry = &self.entries[first as usize];
        if entry.check == check(print) {
            return Known::Same(self.spot(first));
        }
        let same = self.find_whole(print);
        let answer = fingerprint(print.answer);
        let is_new =
            || answer != entry.answer && !self.disputes.get(&first).is_some_and(|d| d.answers.contains(&answer));
        if same == Known::No && is_new() { Known::Answered(self.spot(first)) } else { same }
    }

    /// Adds an example, and says what was known of it. `disputes` says whether it may answer a prompt in a new way.
    pub(super) fn add(&mut self, print: &Print, spot: Spot, disputes: bool) -> Known {
        let Some(first) = self.asked(print) else {
            if print.prompt > 0 {
                self.insert(print.prompt, print, spot);
                return Known::No;
            }
            return self.add_whole(print, spot);
        };
        if self.entries[first as usize].check == check(print) {
            return Known::Same(self.spot(first));
        }
        match self.add_whole(print, spot) {
            Known::No if disputes && self.dispute(first, fingerprint(print.answer), spot.file) => {
                Known::Answered(self.spot(first))
            }
            known => known,
        }
    }

    /// The prompts to which this file was the last to bring a new answer: how many, and some of them, those with most
    /// answers first, with how many they have.
    pub(super) fn disputed(&self, file: u32, most: usize) -> (u64, Vec<(Spot, u64)>) {
        let here = self.disputes.iter().filter(|(_, dispute)| dispute.file == file);
        let mut worst: Vec<(usize, u32)> = here.map(|(first, dispute)| (dispute.answers.len(), *first)).collect();
        let count = worst.len() as u64;
        worst.sort_by_key(|(answers, first)| (std::cmp::Reverse(*answers), *first));
        (count, worst.iter().take(most).map(|(answers, first)| (self.spot(*first), *answers as u64)).collect())
    }

    /// Forgets all examples from this one on. Answers that they brought to earlier prompts stay.
    pub(super) fn truncate(&mut self, length: u32) {
        if length == self.len() {
            return;
        }
        self.entries.truncate(length as usize);
        self.table.retain(|number| *number < length);
        self.runs.retain(|run| run.first < length);
        self.disputes.retain(|first, _| *first < length);
    }

    /// The first example with the same prompt.
    fn asked(&self, print: &Print) -> Option<u32> {
        if print.prompt == 0 { None } else { self.number(print.prompt) }
    }

    fn number(&self, key: u64) -> Option<u32> {
        self.table.find(key, |&number| self.entries[number as usize].key == key).copied()
    }

    fn find_whole(&self, print: &Print) -> Known {
        let same = |number: &u32| self.entries[*number as usize].check == check(print);
        self.number(print.whole).filter(same).map_or(Known::No, |number| Known::Same(self.spot(number)))
    }

    fn add_whole(&mut self, print: &Print, spot: Spot) -> Known {
        let known = self.find_whole(print);
        if known == Known::No {
            self.insert(print.whole, print, spot);
        }
        known
    }

    fn insert(&mut self, key: u64, print: &Print, spot: Spot) {
        // Beyond 4 billion different examples no further ones are kept.
        let Some(number) = u32::try_from(self.entries.len()).ok().filter(|number| *number < u32::MAX) else { return };
        let is_next = self
            .runs
            .last()
            .is_some_and(|run| run.file == spot.file && run.line + u64::from(number - run.first) == spot.line);
        if !is_next {
            self.runs.push(Run { first: number, file: spot.file, line: spot.line });
        }
        let Seen { entries, table, .. } = self;
        entries.push(Entry { key, check: check(print), answer: fingerprint(print.answer) });
        table.insert_unique(key, number, |&number| entries[number as usize].key);
    }

    /// Whether this answer is a new one to a prompt that has another.
    fn dispute(&mut self, first: u32, answer: u32, file: u32) -> bool {
        let known = self.entries[first as usize].answer;
        if answer == 0 || known == 0 {
            return false;
        }
        match self.disputes.get_mut(&first) {
            Some(dispute) => {
                let is_new = dispute.answers.insert(answer);
                if is_new {
                    dispute.file = file;
                }
                is_new
            }
            None if known == answer => false,
            None => {
                self.disputes.insert(first, Dispute { answers: HashSet::from([known, answer]), file });
                true
            }
        }
    }

    fn spot(&self, number: u32) -> Spot {
        let run = self.runs.partition_point(|run| run.first <= number).checked_sub(1).map(|place| self.runs[place]);
        run.map_or(Spot { file: 0, line: 0 }, |run| Spot {
            file: run.file,
            line: run.line + u64::from(number - run.first),
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "half of it")]
fn check(print: &Print) -> u32 {
    print.whole as u32
}

/// Enough of an answer to tell it from others; 0 only for none. Answers that differ here differ for sure.
fn fingerprint(answer: u64) -> u32 {
    if answer == 0 { 0 } else { u32::try_from(answer >> 32).unwrap_or(0).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(prompt: u64, answer: u64) -> Print {
        let whole = (prompt << 32 | answer).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Print { whole, prompt, answer: answer << 32, ..Print::default() }
    }

    fn spot(file: u32, line: u64) -> Spot {
        Spot { file, line }
    }

    #[test]
    fn prompts_with_several_answers_are_told_with_how_many() {
        let mut seen = Seen::default();
        let add =
            |seen: &mut Seen, prompt, answer, file, line| seen.add(&print(prompt, answer), spot(file, line), true);
        assert_eq!(add(&mut seen, 1, 1, 0, 1), Known::No);
        assert_eq!(add(&mut seen, 1, 1, 0, 2), Known::Same(spot(0, 1)));
        assert_eq!(add(&mut seen, 1, 2, 0, 3), Known::Answered(spot(0, 1)));
        assert_eq!(add(&mut seen, 1, 2, 0, 4), Known::Same(spot(0, 3)));
        // The same answer in an example that is another: with other calls, or other keys.
        let other = Print { whole: 99, ..print(1, 2) };
        assert_eq!(seen.add(&other, spot(0, 5), true), Known::No);
        assert_eq!(add(&mut seen, 2, 1, 0, 1 << 60), Known::No);
        // No answer is none that could differ.
        assert_eq!(add(&mut seen, 3, 0, 0, 7), Known::No);
        assert_eq!(add(&mut seen, 3, 1, 0, 8), Known::No);
        assert_eq!(seen.disputed(0, 3), (1, vec![(spot(0, 1), 2)]));
        assert_eq!(seen.disputed(1, 3), (0, Vec::new()));
        assert_eq!(add(&mut seen, 2, 9, 1, 1), Known::Answered(spot(0, 1 << 60)));
        assert_eq!(add(&mut seen, 1, 3, 1, 2), Known::Answered(spot(0, 1)));
        let worst = vec![(spot(0, 1), 3), (spot(0, 1 << 60), 2)];
        assert_eq!(seen.disputed(1, 1), (2, worst[..1].to_vec()));
        assert_eq!(seen.disputed(1, 3), (2, worst));
    }

    #[test]
    fn what_is_found_is_not_added() {
        let mut seen = Seen::default();
        seen.add(&print(1, 1), spot(0, 1), true);
        seen.add(&print(1, 2), spot(0, 2), true);
        seen.add(&print(0, 5), spot(0, 3), true);
        assert_eq!(seen.find(&print(1, 1)), Known::Same(spot(0, 1)));
        assert_eq!(seen.find(&print(1, 2)), Known::Same(spot(0, 2)));
        assert_eq!(seen.find(&print(1, 3)), Known::Answered(spot(0, 1)));
        assert_eq!(seen.find(&Print { whole: 99, ..print(1, 2) }), Known::No);
        assert_eq!(seen.find(&print(0, 5)), Known::Same(spot(0, 3)));
        assert_eq!((seen.find(&print(0, 6)), seen.len()), (Known::No, 3));
    }

    #[test]
    fn every_place_is_known_and_few_are_kept() {
        let mut seen = Seen::default();
        let places: Vec<Spot> = (0..3000_u64)
            .filter(|n| n % 100 > 2)
            .map(|n| if n < 1700 { spot(0, n + 1) } else { spot(1, n - 1699) })
            .collect();
        for (number, place) in (1..).zip(&places) {
            // Prompts with two answers each, and examples without a prompt.
            assert!(!matches!(seen.add(&print(number % 7 * (number / 2), number), *place, true), Known::Same(_)));
        }
        assert_eq!((seen.len() as usize, seen.runs.len()), (places.len(), 30));
        for (number, place) in (1..).zip(&places) {
            assert_eq!(seen.find(&print(number % 7 * (number / 2), number)), Known::Same(*place), "{number}");
        }
        seen.truncate(100);
        assert_eq!((seen.len(), seen.table.len(), seen.runs.len()), (100, 100, 2));
        for (number, place) in (1..).zip(&places) {
            let known = seen.find(&print(number % 7 * (number / 2), number)) == Known::Same(*place);
            assert_eq!(known, number <= 100, "{number}");
        }
    }

    #[test]
    fn an_example_takes_16_bytes() {
        assert_eq!((size_of::<Entry>(), size_of::<Run>()), (16, 16));
    }
}
