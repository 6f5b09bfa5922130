//! What of an example is compared with others.

use crate::example::{Content, Example, Field, Format, Message};
use crate::json::{ArrayDigest, Doc, digest_of_text as of_text};

/// Hashes of an example: equal ones say the same.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Print {
    /// What is asked: everything before the answer, and the tools; 0 if nothing is.
    pub prompt: u64,
    /// The last answer; 0 if there is none, or if several answers to one prompt are in order.
    pub answer: u64,
    /// Whether the answer is more than a label of a class.
    pub is_long: bool,
}

/// Answers that are shorter, in bytes, may be labels: that many examples have the same one is in order.
const LABEL: usize = 24;

impl Print {
    pub(crate) fn of(example: &Example<'_>) -> Print {
        let mut print = Print::default();
        let prompt = match example.format {
            Format::Chat | Format::Reinforcement => print.conversation(example),
            Format::Preference => example.input.at().map(|input| example.doc.digest(input)),
            Format::Completion => print.completion(example),
            Format::Unknown(_) => None,
        };
        match prompt {
            Some(prompt) => print.prompt = short(prompt),
            None => print.answer = 0,
        }
        print
    }

    /// The digest of what the messages before the answer ask, with the tools.
    fn conversation(&mut self, example: &Example<'_>) -> Option<u128> {
        let doc = example.doc;
        let (last, before) = example.conversation.messages().split_last()?;
        let asks = |message: &Message<'_>| matches!(message.role(), Some("user" | "tool" | "function"));
        let mut prompt = ArrayDigest::new();
        before.iter().for_each(|message| prompt.add(doc.digest(message.at)));
        if last.is("assistant") && example.format == Format::Chat {
            if !before.iter().any(asks) {
                return None;
            }
            // Who answers and how much that weighs is no answer.
            for field in [last.name.at(), last.weight.at()].into_iter().flatten() {
                prompt.add(doc.digest(field));
            }
            self.answer(last, doc);
        } else {
            // A grader may have other things to go by.
            prompt.add(doc.digest(last.at));
        }
        for tools in [example.conversation.tools.at(), example.conversation.functions.at()].into_iter().flatten() {
            prompt.add(doc.digest(tools));
        }
        Some(prompt.finish())
    }

    /// What a message answers: its text and its calls, whose ids are chance.
    fn answer(&mut self, message: &Message<'_>, doc: &Doc<'_>) {
        let mut answer = ArrayDigest::new();
        let mut length = 0;
        match message.content {
            Field::Value(_, Content::Text(text)) => {
                length += text.trim().len();
                answer.add(of_text(text.trim()));
            }
            Field::Value(at, Content::Parts(_)) => {
                length += LABEL;
                answer.add(doc.digest(at));
            }
            _ => {}
        }
        for call in message.calls() {
            length += LABEL;
            answer.add(doc.digest(call.at));
        }
        if let Some(refusal) = message.refusal.value() {
            length += refusal.len();
            answer.add(of_text(refusal));
        }
        if length > 0 {
            self.answer = short(answer.finish());
            self.is_long = length >= LABEL;
        }
    }

    fn completion(&mut self, example: &Example<'_>) -> Option<u128> {
        let prompt = example.prompt.value()?;
        let answer = example.answer().1.value()?.trim();
        if prompt.trim().is_empty() || answer.is_empty() {
            return None;
        }
        self.answer = short(of_text(answer));
        self.is_long = answer.len() >= LABEL;
        Some(of_text(prompt))
    }
}

/// Half of a digest, and never 0.
#[expect(clippy::cast_possible_truncation, reason = "that is what it is for")]
fn short(digest: u128) -> u64 {
    (digest as u64).max(1)
}
