//! In which scripts text is written, which says more than a guess at languages would and is exact.

use std::collections::BTreeMap;

use unicode_script::{Script, UnicodeScript};

use crate::example::Example;

/// How many letters there are of each script, in what was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScriptFacts {
    letters: BTreeMap<&'static str, u64>,
    /// Whether only the beginnings of some texts were looked at.
    pub sampled: bool,
}

/// How much is looked at, in bytes: of a text, and of an example. A text seldom changes its script behind that.
const OF_TEXT: usize = 4096;
const OF_EXAMPLE: usize = 65_536;

impl ScriptFacts {
    pub(crate) fn add(&mut self, example: &Example<'_>) {
        let mut room = OF_EXAMPLE;
        for message in example.messages() {
            for (_, text) in message.texts() {
                self.add_text(text, &mut room);
            }
        }
        for text in [example.prompt.value(), example.answer().1.value()].into_iter().flatten() {
            self.add_text(text, &mut room);
        }
    }

    fn add_text(&mut self, text: &str, room: &mut usize) {
        let sample = &text[..text.floor_char_boundary(OF_TEXT.min(*room))];
        *room -= sample.len();
        self.sampled |= sample.len() < text.len();
        let latin = sample.bytes().filter(u8::is_ascii_alphabetic).count() as u64;
        self.count(Script::Latin, latin);
        if sample.is_ascii() {
            return;
        }
        // Letters of one script come in runs.
        let (mut script, mut run) = (Script::Latin, 0);
        for c in sample.chars().filter(|c| !c.is_ascii()) {
            let next = c.script();
            if next != script {
                self.count(script, run);
                (script, run) = (next, 0);
            }
            run += 1;
        }
        self.count(script, run);
    }

    fn count(&mut self, script: Script, letters: u64) {
        // Digits, punctuation and emoji are of no script.
        let none = matches!(script, Script::Common | Script::Inherited | Script::Unknown);
        if letters > 0 && !none {
            *self.letters.entry(script.full_name()).or_default() += letters;
        }
    }

    pub(crate) fn merge(&mut self, next: &ScriptFacts) {
        for (script, letters) in &next.letters {
            *self.letters.entry(script).or_default() += letters;
        }
        self.sampled |= next.sampled;
    }

    /// All letters.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.letters.values().sum()
    }

    /// The scripts and how many letters each has, the most frequent first.
    #[must_use]
    pub fn by_share(&self) -> Vec<(&'static str, u64)> {
        let mut scripts: Vec<_> = self.letters.iter().map(|(script, letters)| (*script, *letters)).collect();
        scripts.sort_by_key(|(_, letters)| std::cmp::Reverse(*letters));
        scripts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripts(text: &str) -> Vec<(&'static str, u64)> {
        let mut facts = ScriptFacts::default();
        facts.add_text(text, &mut OF_EXAMPLE.clone());
        facts.by_share()
    }

    #[test]
    fn letters_are_counted_by_their_script() {
        assert_eq!(scripts("12 + 3 = 15 😀 …"), []);
        assert_eq!(scripts("naïve Café"), [("Latin", 9)]);
        assert_eq!(scripts("Привет, world!"), [("Cyrillic", 6), ("Latin", 5)]);
        assert_eq!(scripts("東京タワーは333m"), [("Han", 2), ("Katakana", 2), ("Hiragana", 1), ("Latin", 1)]);
        assert_eq!(scripts("שלום سلام"), [("Arabic", 4), ("Hebrew", 4)]);
    }

    #[test]
    fn of_long_texts_the_beginning_counts() {
        assert_eq!(scripts(&"é".repeat(10_000)), [("Latin", OF_TEXT as u64 / 2)]);
        let (mut facts, mut room) = (ScriptFacts::default(), OF_EXAMPLE);
        for _ in 0..1000 {
            facts.add_text(&"a".repeat(1000), &mut room);
        }
        assert_eq!((facts.total(), facts.sampled), (OF_EXAMPLE as u64, true));
    }
}
