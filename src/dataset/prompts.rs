//! Which prompts were asked, and how they were answered, over all files of a run.
//!
//! Prompts come in the order of the files and their lines, from the thread that merges. Each that is new takes 20 bytes
//! and 4 bytes of a table that is between 7/16 and 7/8 full, with 1 byte beside each: 26 to 31 bytes, so 100 million
//! different prompts take about 3 GB. Prompts are told apart by 64 bits: of so many, two that differ are taken for one
//! with a chance of 1 in 4,000.

use std::collections::{BTreeMap, HashSet};

use hashbrown::HashTable;

use super::{Print, Role};

/// The prompts of a run.
#[derive(Debug, Default)]
pub struct Prompts {
    training: Part,
    validation: Part,
    files: Vec<String>,
}

/// The prompts of the files of one role, by the order in which they came.
#[derive(Debug, Default)]
struct Part {
    asked: Vec<Asked>,
    table: HashTable<u32>,
    /// Those with several answers.
    disputes: BTreeMap<u32, Dispute>,
}

/// A prompt, its first answer and where that stands.
#[derive(Clone, Copy, Debug)]
#[repr(C, packed(4))]
struct Asked {
    prompt: u64,
    answer: u32,
    file: u16,
    /// The line, in 48 bits.
    line: [u16; 3],
}

#[derive(Debug)]
struct Dispute {
    answers: HashSet<u32>,
    /// The last file that has brought a new one.
    file: usize,
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

/// What the prompt of an example has to do with those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met<'p> {
    /// Nothing, or the answer is the same.
    New,
    /// It is trained on with another answer: the file, and the line there.
    Trained(&'p str, u64),
    /// It has another answer, in the files of its role.
    Disputed,
}

impl Prompts {
    /// Begins a file.
    pub(crate) fn begin(&mut self, name: &str) {
        self.files.push(name.to_owned());
    }

    /// Adds an example of the file that was begun last.
    pub(crate) fn add(&mut self, print: &Print, line: u64, role: Role) -> Met<'_> {
        let file = self.files.len().saturating_sub(1);
        let answer = fingerprint(print.answer);
        if role == Role::Training {
            return self.training.add(print.prompt, answer, file, line);
        }
        if let Some(first) = self.training.find(print.prompt) {
            let asked = self.training.asked[first as usize];
            let known = self.training.disputes.get(&first).is_some_and(|dispute| dispute.answers.contains(&answer));
            if asked.answer != answer && !known {
                let name = self.files.get(usize::from(asked.file)).map_or("", String::as_str);
                return Met::Trained(name, asked.line());
            }
            return Met::New;
        }
        self.validation.add(print.prompt, answer, file, line)
    }

    /// The prompts to which the last file has brought another answer: how many, and some of them, those with most
    /// answers first.
    pub(crate) fn disputed(&self, role: Role, most: usize) -> (u64, Vec<Disputed>) {
        let part = if role == Role::Training { &self.training } else { &self.validation };
        let file = self.files.len().saturating_sub(1);
        let here = part.disputes.iter().filter(|(_, dispute)| dispute.file == file);
        let mut worst: Vec<(usize, u32)> = here.map(|(first, dispute)| (dispute.answers.len(), *first)).collect();
        let count = worst.len() as u64;
        worst.sort_by_key(|(answers, first)| (std::cmp::Reverse(*answers), *first));
        let disputed = |(answers, first): &(usize, u32)| {
            let asked = part.asked[*first as usize];
            let other = usize::from(asked.file) != file;
            let name = self.files.get(usize::from(asked.file)).filter(|_| other);
            Disputed { file: name.cloned(), line: asked.line(), answers: *answers as u64 }
        };
        (count, worst.iter().take(most).map(disputed).collect())
    }
}

impl Part {
    fn find(&self, prompt: u64) -> Option<u32> {
        if prompt == 0 {
            return None;
        }
        self.table.find(prompt, |&known| self.asked[known as usize].prompt == prompt).copied()
    }

    fn add(&mut self, prompt: u64, answer: u32, file: usize, line: u64) -> Met<'static> {
        if prompt == 0 {
            return Met::New;
        }
        let Some(first) = self.find(prompt) else {
            // Beyond 4 billion different prompts no further ones are kept.
            if let Ok(number) = u32::try_from(self.asked.len()) {
                let Part { asked, table, .. } = self;
                asked.push(Asked::new(prompt, answer, file, line));
                table.insert_unique(prompt, number, |&known| asked[known as usize].prompt);
            }
            return Met::New;
        };
        let Asked { answer: known, .. } = self.asked[first as usize];
        if answer == 0 || known == 0 {
            return Met::New;
        }
        let is_new = match self.disputes.get_mut(&first) {
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
        };
        if is_new { Met::Disputed } else { Met::New }
    }
}

impl Asked {
    #[expect(clippy::cast_possible_truncation, reason = "16 bits of each")]
    fn new(prompt: u64, answer: u32, file: usize, line: u64) -> Asked {
        let line = [line as u16, (line >> 16) as u16, (line >> 32) as u16];
        // The names of files beyond 65,534 are not told.
        Asked { prompt, answer, file: u16::try_from(file).unwrap_or(u16::MAX), line }
    }

    fn line(self) -> u64 {
        let [low, middle, high] = self.line.map(u64::from);
        low | middle << 16 | high << 32
    }
}

/// Enough of an answer to tell it from others; 0 only for none. Answers that differ here differ for sure.
fn fingerprint(answer: u64) -> u32 {
    if answer == 0 { 0 } else { u32::try_from(answer >> 32).unwrap_or(0).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(prompts: &mut Prompts, prompt: u64, answer: u64, line: u64) -> bool {
        let print = Print { prompt, answer: answer << 32, ..Print::default() };
        prompts.add(&print, line, Role::Training) == Met::Disputed
    }

    #[test]
    fn prompts_with_several_answers_are_told_with_how_many() {
        let mut prompts = Prompts::default();
        prompts.begin("a");
        assert!(!add(&mut prompts, 1, 1, 1) && !add(&mut prompts, 1, 1, 2) && add(&mut prompts, 1, 2, 3));
        // An answer that was given before disputes nothing new.
        assert!(!add(&mut prompts, 1, 1, 4) && !add(&mut prompts, 1, 2, 5));
        assert!(!add(&mut prompts, 2, 1, 1 << 40) && !add(&mut prompts, 3, 0, 7) && !add(&mut prompts, 3, 1, 8));
        assert_eq!(prompts.disputed(Role::Training, 3), (1, vec![Disputed { file: None, line: 1, answers: 2 }]));
        prompts.begin("b");
        assert_eq!(prompts.disputed(Role::Training, 3), (0, Vec::new()));
        assert!(add(&mut prompts, 2, 9, 1) && add(&mut prompts, 1, 3, 2));
        let a = || Some("a".to_owned());
        let worst = [Disputed { file: a(), line: 1, answers: 3 }, Disputed { file: a(), line: 1 << 40, answers: 2 }];
        assert_eq!(prompts.disputed(Role::Training, 3), (2, worst.to_vec()));
        assert_eq!(prompts.disputed(Role::Training, 1), (2, worst[..1].to_vec()));
    }

    #[test]
    fn a_prompt_that_is_trained_on_is_known_with_its_answers() {
        let mut prompts = Prompts::default();
        prompts.begin("a");
        add(&mut prompts, 1, 1, 1);
        add(&mut prompts, 1, 2, 2);
        prompts.begin("b");
        let mut valid = |answer: u64| {
            let print = Print { prompt: 1, answer: answer << 32, ..Print::default() };
            matches!(prompts.add(&print, 1, Role::Validation), Met::Trained("a", 1))
        };
        assert!(!valid(1) && !valid(2) && valid(3));
    }

    #[test]
    fn a_prompt_takes_20_bytes() {
        assert_eq!(size_of::<Asked>(), 20);
    }
}
