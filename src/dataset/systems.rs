//! The system prompts of a file, and which of them are meant to be the same.

use super::Group;
use crate::example::{Content, Example, Field};
use crate::finding::Place;
use crate::json::digest_of_text;
use crate::rule::At;

/// How many different ones are told apart. Where there are more they are made anew for each example.
const MOST: usize = 64;
/// Longer ones, in bytes, are not compared.
const LONGEST: usize = 32 * 1024;
/// Prompts differ by a few characters if so many edits make them the same, and no more than one in [`SPARSE`] characters.
const EDITS: usize = 10;
const SPARSE: usize = 16;
/// The longest part, in characters, in which edits are looked for.
const PART: usize = 256;
/// A prompt with other words is a slip if there are so many times as many examples without it.
const RARE: u64 = 4;

/// The different system prompts with which examples begin, while they are few.
#[derive(Debug, Default)]
pub struct SystemFacts {
    /// In the order of their first lines.
    prompts: Vec<SystemPrompt>,
    too_many: bool,
}

/// One of them.
#[derive(Debug)]
pub struct SystemPrompt {
    digest: u64,
    /// What it says; nothing if it is too long to be compared.
    text: String,
    /// The examples that have it.
    pub group: Group,
}

/// Prompts that say almost the same.
#[derive(Debug)]
pub struct Variants<'f> {
    /// The one that most examples have.
    pub usual: &'f SystemPrompt,
    /// The others, in the order of their first lines.
    pub others: Vec<(&'f SystemPrompt, Difference<'f>)>,
}

/// How a prompt differs from the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference<'f> {
    /// In nothing but white space.
    Space,
    /// In upper and lower case.
    Case,
    /// In punctuation.
    Punctuation,
    /// In some words.
    Words {
        /// What the usual one says there.
        usual: &'f str,
        /// What it says instead.
        other: &'f str,
    },
}

impl SystemFacts {
    pub(crate) fn add(&mut self, example: &Example<'_>, place: impl Fn(At) -> Place) {
        let Some(first) = example.conversation.messages().first() else { return };
        let Field::Value(at, Content::Text(text)) = first.content else { return };
        if self.too_many || !matches!(first.role(), Some("system" | "developer")) {
            return;
        }
        let digest = digest_of_text(text);
        if let Some(known) = self.prompts.iter_mut().find(|prompt| prompt.digest == digest) {
            known.group.count += 1;
            return;
        }
        let text = if text.len() <= LONGEST { text.to_owned() } else { String::new() };
        self.push(SystemPrompt { digest, text, group: Group::new(place(at.into())) });
    }

    /// Adds those of the chunk that follows.
    pub(super) fn merge(&mut self, next: SystemFacts, shifted: &impl Fn(Group) -> Group) {
        if next.too_many {
            self.give_up();
        }
        for prompt in next.prompts {
            match self.prompts.iter_mut().find(|known| known.digest == prompt.digest) {
                Some(known) => known.group.count += prompt.group.count,
                None => self.push(SystemPrompt { group: shifted(prompt.group), ..prompt }),
            }
        }
    }

    fn push(&mut self, prompt: SystemPrompt) {
        if self.prompts.len() == MOST {
            self.give_up();
        } else if !self.too_many {
            self.prompts.push(prompt);
        }
    }

    fn give_up(&mut self) {
        self.too_many = true;
        self.prompts = Vec::new();
    }

    /// Those that were meant to be the same, as far as can be told.
    #[must_use]
    pub fn variants(&self) -> Vec<Variants<'_>> {
        let mut by_count: Vec<&SystemPrompt> = self.prompts.iter().filter(|prompt| !prompt.text.is_empty()).collect();
        by_count.sort_by_key(|prompt| (std::cmp::Reverse(prompt.group.count), prompt.group.first.line));
        let mut all = Vec::new();
        while !by_count.is_empty() {
            let usual = by_count.remove(0);
            let mut others: Vec<_> =
                by_count.iter().filter_map(|other| Some((*other, usual.differs(other)?))).collect();
            let filled: Vec<Difference<'_>> = others.iter().map(|(_, difference)| *difference).collect();
            others.retain(|(_, difference)| !difference.fills_a_blank(&filled));
            by_count.retain(|prompt| others.iter().all(|(other, _)| other.digest != prompt.digest));
            others.sort_by_key(|(other, _)| other.group.first.line);
            if !others.is_empty() {
                all.push(Variants { usual, others });
            }
        }
        all
    }
}

impl SystemPrompt {
    /// How a prompt that is not more frequent differs from this one, if by a few characters and hardly on purpose.
    fn differs<'f>(&'f self, other: &'f SystemPrompt) -> Option<Difference<'f>> {
        let same = |keep: fn(&char) -> bool, lower: bool| {
            let of = |text: &'f str| text.chars().filter(keep).flat_map(move |c| folded(c, lower));
            of(&self.text).eq(of(&other.text))
        };
        let is_seen = |c: &char| !c.is_whitespace();
        if same(is_seen, false) {
            return Some(Difference::Space);
        }
        if same(is_seen, true) {
            return Some(Difference::Case);
        }
        if self.text.contains(char::is_alphanumeric) && same(|c| c.is_alphanumeric(), true) {
            return Some(Difference::Punctuation);
        }
        if other.group.count * RARE > self.group.count {
            return None;
        }
        let (usual, other) = changed(&self.text, &other.text)?;
        Some(Difference::Words { usual, other })
    }
}

/// A character, in lower case if it is asked for.
fn folded(c: char, lower: bool) -> impl Iterator<Item = char> {
    let (as_it_is, lowered) = if lower { (None, Some(c.to_lowercase())) } else { (Some(c), None) };
    as_it_is.into_iter().chain(lowered.into_iter().flatten())
}

impl Difference<'_> {
    /// Whether other prompts have other words in the same place: then it was left blank on purpose.
    fn fills_a_blank(&self, all: &[Difference<'_>]) -> bool {
        let Difference::Words { usual, other } = *self else { return false };
        let is_slip = |word: &str| word.is_empty() || is_misspelt(usual, word);
        !is_slip(other)
            && all.iter().any(|difference| match *difference {
                Difference::Words { usual: same, other: word } => {
                    std::ptr::eq(same, usual) && word != other && !is_slip(word)
                }
                _ => false,
            })
    }
}

fn is_misspelt(right: &str, word: &str) -> bool {
    right.chars().count() >= 5 && strsim::levenshtein(right, word) <= 2
}

/// The words in which two texts differ, if they are few and have no numbers.
fn changed<'t>(one: &'t str, other: &'t str) -> Option<(&'t str, &'t str)> {
    let longest = one.chars().count().max(other.chars().count());
    let most = EDITS.min(longest / SPARSE);
    let same = |(a, b): &(char, char)| a == b;
    let pairs = one.chars().zip(other.chars());
    let start: usize = pairs.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let pairs = one[start..].chars().rev().zip(other[start..].chars().rev());
    let end: usize = pairs.take_while(same).map(|(c, _)| c.len_utf8()).sum();
    // Whole words are told.
    let (a, b) = (&one[start..one.len() - end], &other[start..other.len() - end]);
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = match inside(a.chars().next()) || inside(b.chars().next()) {
        true => part_of_word(one[..start].chars().rev()),
        false => 0,
    };
    let behind = match inside(a.chars().next_back()) || inside(b.chars().next_back()) {
        true => part_of_word(one[one.len() - end..].chars()),
        false => 0,
    };
    let part = |text: &'t str| &text[start - before..text.len() - end + behind];
    let (one, other) = (part(one), part(other));
    let is_long = |text: &str| text.chars().count() > PART;
    let has_number = |text: &str| text.contains(char::is_numeric);
    if is_long(one) || is_long(other) || has_number(one) || has_number(other) {
        return None;
    }
    (strsim::levenshtein(one, other) <= most).then_some((one, other))
}

/// How many bytes belong to the word at hand.
fn part_of_word(chars: impl Iterator<Item = char>) -> usize {
    chars.take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(prompts: &[(&str, u64)]) -> SystemFacts {
        let mut facts = SystemFacts::default();
        for (line, (text, count)) in (1..).zip(prompts) {
            let snippet = crate::text::snippet(b"", &(0..0), 10);
            let (pointer, bytes) = (None, 0..0);
            let [example, last_line] = [line; 2];
            let first = Place {
                line,
                last_line,
                end_line: line,
                example,
                column: 1,
                end_column: 1,
                bytes,
                span: 0..0,
                pointer,
                line_hash: 0,
                snippet,
            };
            let group = Group { count: *count, first };
            facts.push(SystemPrompt { digest: digest_of_text(text), text: (*text).to_owned(), group });
        }
        facts
    }

    /// How the prompts differ from the most frequent one, by line.
    fn differences(prompts: &[(&str, u64)]) -> Vec<(u64, String)> {
        let facts = facts(prompts);
        let all = facts.variants();
        let others = all.iter().flat_map(|variants| &variants.others);
        let mut told: Vec<(u64, String)> = others
            .map(|(other, difference)| {
                let difference = match difference {
                    Difference::Words { usual, other } => format!("{usual}>{other}"),
                    plain => format!("{plain:?}"),
                };
                (other.group.first.line, difference)
            })
            .collect();
        told.sort();
        told
    }

    #[test]
    fn slips_are_told_by_what_they_are() {
        let usual = "You are a patient teacher of mathematics. Explain each step, and ask if it was clear.";
        let told = differences(&[
            (usual, 90),
            ("You are a patient teacher of mathematics. Explain each step, and ask if it was clear. ", 40),
            ("You are a patient teacher of Mathematics. Explain each step, and ask if it was clear.", 40),
            ("You are a patient teacher of mathematics. Explain each step and ask if it was clear", 1),
            ("You are a patient teacher of mathemathics. Explain each step, and ask if it was clear.", 1),
            ("I am a patient teacher of mathematics. Explain each step, and ask if it was clear.", 1),
            ("You are a teacher of history. Explain each step, and ask if it was clear, but briefly.", 1),
        ]);
        let told: Vec<(u64, &str)> = told.iter().map(|(line, difference)| (*line, &**difference)).collect();
        let expected =
            [(2, "Space"), (3, "Case"), (4, "Punctuation"), (5, "mathematics>mathemathics"), (6, "You are>I am")];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_differs_on_purpose_is_left_alone() {
        let prompt = |customer: &str| format!("You answer the letters of {customer} to a bank, briefly and politely.");
        let [a, b, c] = ["Ms Miller", "Mr Olsen", "Dr Young"].map(prompt);
        // As often as the other; as rare as a third one; a number.
        assert_eq!(differences(&[(&a, 20), (&b, 20)]), []);
        assert_eq!(differences(&[(&a, 90), (&b, 2), (&c, 1)]), []);
        let dated = |day: u8| format!("You answer letters to a bank, briefly and politely. Today is May {day}.");
        assert_eq!(differences(&[(&dated(1), 90), (&dated(2), 1)]), []);
        assert_eq!(differences(&[("Say yes.", 90), ("Say no.", 1)]), []);
    }

    #[test]
    fn of_very_many_nothing_is_kept() {
        let texts: Vec<String> = (0..=MOST).map(|n| format!("You are a guide through room {n}.")).collect();
        let prompts: Vec<(&str, u64)> = texts.iter().map(|text| (&**text, 1)).collect();
        assert!(!facts(&prompts[1..]).too_many);
        assert!(facts(&prompts).too_many && facts(&prompts).prompts.is_empty());
    }
}
