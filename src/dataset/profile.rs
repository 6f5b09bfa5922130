//! What statistics tell of examples beyond what rules ask for. Gathered only in a run that is asked for it.

use std::collections::BTreeMap;

use super::ScriptFacts;
use crate::example::{Example, Format};
use crate::finding::Severity;

/// Facts about the conversations of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileFacts {
    /// Messages of the examples that have such a list.
    pub messages: Spread,
    /// How often somebody asks and is answered, in the same examples.
    pub turns: Spread,
    /// In which scripts they are written.
    pub scripts: ScriptFacts,
    /// Examples that stood before.
    pub repeats: Repeats,
    /// Examples of which something was found.
    pub affected: Affected,
}

/// Examples that stood before, in this file or in those that were read before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repeats {
    /// Those that stood in a file of the same role.
    pub duplicates: u64,
    /// Validation examples that are trained on.
    pub overlaps: u64,
}

/// How many examples have findings in their lines. What repeats an earlier example is counted in [`Repeats`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    /// Those with a finding.
    pub any: u64,
    /// Those with an error.
    pub errors: u64,
}

/// How many examples have how many of something. An example with n of it takes more than n bytes, so a file has no
/// more than about the square root of its length of different figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread(BTreeMap<u64, u64>);

impl Affected {
    /// Adds an example, with how grave the gravest is of what was found in it.
    pub(crate) fn add(&mut self, worst: Option<Severity>) {
        self.any += u64::from(worst.is_some());
        self.errors += u64::from(worst == Some(Severity::Error));
    }
}

impl ProfileFacts {
    /// Adds an example.
    pub(crate) fn add(&mut self, example: &Example<'_>) {
        let count = example.messages().len() as u64;
        if count > 0 {
            self.messages.add(count);
            self.turns.add(turns(example));
        }
        self.scripts.add(example);
    }

    /// Adds the facts of what follows.
    pub(crate) fn merge(&mut self, next: ProfileFacts) {
        self.messages.merge(&next.messages);
        self.turns.merge(&next.turns);
        self.scripts.merge(&next.scripts);
        self.repeats.duplicates += next.repeats.duplicates;
        self.repeats.overlaps += next.repeats.overlaps;
        self.affected.any += next.affected.any;
        self.affected.errors += next.affected.errors;
    }
}

impl Repeats {
    pub(crate) fn add(&mut self, overlaps: bool) {
        if overlaps {
            self.overlaps += 1;
        } else {
            self.duplicates += 1;
        }
    }
}

/// Runs of user messages that are answered, however many calls of tools that takes. What a reinforcement line asks last
/// is answered while it trains.
fn turns(example: &Example<'_>) -> u64 {
    let (mut turns, mut asked) = (0, false);
    for message in example.messages() {
        match message.role() {
            Some("user") => asked = true,
            Some("assistant") if asked => {
                turns += 1;
                asked = false;
            }
            _ => {}
        }
    }
    turns + u64::from(asked && example.format == Format::Reinforcement)
}

impl Spread {
    fn add(&mut self, figure: u64) {
        *self.0.entry(figure).or_default() += 1;
    }

    fn merge(&mut self, next: &Spread) {
        for (figure, examples) in &next.0 {
            *self.0.entry(*figure).or_default() += examples;
        }
    }

    /// How many examples there are.
    #[must_use]
    pub fn examples(&self) -> u64 {
        self.0.values().sum()
    }

    /// Of how many examples each figure is, the lowest first.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().map(|(figure, examples)| (*figure, *examples))
    }

    /// The figure that `percent` of the examples do not exceed (the nearest rank); 0 if there are none.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> u64 {
        let rank = (self.examples() * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let found = self.iter().find(|(_, examples)| {
            seen += examples;
            seen >= rank
        });
        found.map_or(0, |(figure, _)| figure)
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::*;
    use crate::example::{Expected, Memory};
    use crate::json::Parser;

    fn facts<'l>(lines: impl IntoIterator<Item = &'l str>) -> ProfileFacts {
        let mut facts = ProfileFacts::default();
        for line in lines {
            let (mut parser, mut memory, arena) = (Parser::default(), Memory::default(), Bump::new());
            let doc = parser.parse(line.as_bytes()).unwrap();
            facts.add(&Example::read(&doc, &arena, &mut memory, Expected::default()).unwrap());
        }
        facts
    }

    fn chat(roles: &str) -> String {
        let role = |letter: char| match letter {
            's' => "system",
            'u' => "user",
            'a' => "assistant",
            _ => "tool",
        };
        let messages = roles.chars().map(|letter| format!(r#"{{"role":"{}","content":"Да, yes"}}"#, role(letter)));
        format!(r#"{{"messages":[{}]}}"#, messages.collect::<Vec<_>>().join(","))
    }

    #[test]
    fn a_turn_is_a_question_with_its_answer() {
        for (roles, turns) in [("sua", 1), ("uuaa", 1), ("suataua", 2), ("sa", 0), ("uau", 1), ("s", 0), ("u", 0)] {
            let facts = facts([chat(roles).as_str()]);
            assert_eq!(facts.turns.iter().collect::<Vec<_>>(), [(turns, 1)], "{roles}");
            assert_eq!(facts.messages.percentile(100), roles.len() as u64);
        }
        let prompt = r#"{"messages":[{"role":"user","content":"2+2?"}],"answer":"4"}"#;
        assert_eq!(facts([prompt]).turns.percentile(50), 1);
        let pair = r#"{"prompt":"a","completion":"b"}"#;
        assert_eq!(facts([pair]).turns.examples(), 0);
    }

    #[test]
    fn merging_is_what_adding_would_have_been() {
        let tools = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"b","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}]}"#;
        let lines: Vec<String> = ["sua", "uaua", "u"].map(chat).into_iter().chain([tools.to_owned()]).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).cycle().take(30).collect();
        let whole = facts(lines.iter().copied());
        for cut in [0, 1, 13, 29, 30] {
            let mut merged = facts(lines[..cut].iter().copied());
            merged.merge(facts(lines[cut..].iter().copied()));
            assert_eq!(merged, whole, "{cut}");
        }
    }
}
