//! What of an example is compared with others.

use crate::example::{Content, Example, Features, Field, Format, Message, Part};
use crate::json::{ArrayDigest, Digested, Doc, Kind, Member, NodeId, ObjectDigest, digest_of_text as of_text};

/// Hashes of an example: equal ones say the same.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Print {
    /// All of it.
    pub whole: u64,
    /// What is asked: everything before the answer, and the tools; 0 if nothing is.
    pub prompt: u64,
    /// The last answer; 0 if there is none, or if several answers to one prompt are in order.
    pub answer: u64,
    /// Whether the answer is more than a label of a class.
    pub is_long: bool,
}

/// Answers that are shorter, in bytes, may be labels: that many examples have the same one is in order. `I cannot answer
/// this` is none.
const LABEL: usize = 20;

impl Print {
    /// Each text is hashed once: what is asked and answered is taken from the hash of all in passing, and of what is
    /// `known` nothing is hashed again.
    pub(crate) fn of(example: &Example<'_>, mut known: &[Digested]) -> Print {
        let doc = example.doc;
        let mut print = Print::default();
        let is_chat = matches!(example.format, Format::Chat | Format::Reinforcement);
        let last = example.conversation.messages().last().filter(|_| is_chat);
        let messages = last.and(example.conversation.messages.at());
        let (tools, functions) = (example.conversation.tools.at(), example.conversation.functions.at());
        let input = if is_chat { None } else { example.input.at() };
        let (prompt, answer) = (example.prompt.at(), example.answer().1.at());
        let mut found = Found::default();
        let mut whole = ObjectDigest::new();
        for member in doc.members(NodeId::ROOT).filter(|member| doc.kind(member.value) != Kind::Null) {
            let at = Some(member.value);
            let value = match last {
                Some(last) if at == messages => print.messages(example, last, &mut found),
                _ => doc.digest_knowing(member.value, &mut known),
            };
            whole.add(member.key, value);
            if at == tools {
                found.tools = Some(value);
            } else if at == functions {
                found.functions = Some(value);
            } else if at == input {
                found.input = Some(value);
            } else if at == prompt {
                found.prompt = Some(value);
            } else if at == answer {
                found.answer = Some(value);
            }
        }
        print.whole = whole.finish();
        let asked = match example.format {
            Format::Chat | Format::Reinforcement => found.conversation(),
            Format::Preference => found.input,
            Format::Completion => print.completion(example, &found),
            Format::Unknown(_) => None,
        };
        match asked {
            Some(asked) => print.prompt = asked.max(1),
            None => print.answer = 0,
        }
        print
    }

    /// The digest of the messages. What they ask is found in passing: all but the answer.
    fn messages(&mut self, example: &Example<'_>, last: &Message<'_>, found: &mut Found) -> u64 {
        let doc = example.doc;
        let asks = |message: &Message<'_>| matches!(message.role(), Some("user" | "tool" | "function"));
        let answers = last.is("assistant") && example.format == Format::Chat;
        let mut messages = ArrayDigest::new();
        for message in example.conversation.messages() {
            if message.at != last.at {
                messages.add(of_message(doc, message));
                continue;
            }
            let mut asked = messages;
            if answers {
                messages.add(self.answer(last, doc, &mut asked));
            } else {
                // A grader may have other things to go by.
                messages.add(of_message(doc, last));
                asked = messages;
            }
            found.asked = Some(asked);
        }
        // What nobody asked for is no answer.
        if answers && !example.conversation.messages().iter().any(asks) {
            found.asked = None;
        }
        messages.finish()
    }

    /// The digest of a message that answers. What it answers is its text and its calls, whose ids are chance.
    fn answer(&mut self, message: &Message<'_>, doc: &Doc<'_>, asked: &mut ArrayDigest) -> u64 {
        let (content, name, weight) = (message.content.at(), message.name.at(), message.weight.at());
        let mut whole = ObjectDigest::new();
        let mut answer = ArrayDigest::new();
        let mut length = 0;
        let [mut of_content, mut of_name, mut of_weight] = [None; 3];
        for member in doc.members(message.at).filter(|member| says_something(doc, member)) {
            let value = of_member(doc, message, &member);
            whole.add(member.key, value);
            let at = Some(member.value);
            let known = [(content, &mut of_content), (name, &mut of_name), (weight, &mut of_weight)];
            known.into_iter().filter(|(field, _)| *field == at).for_each(|(_, found)| *found = Some(value));
        }
        // Who answers and how much that weighs is no answer.
        [of_name, of_weight].into_iter().flatten().for_each(|value| asked.add(value));
        match (message.content, of_content) {
            (Field::Value(_, Content::Text(text)), Some(value)) => {
                let trimmed = text.trim();
                length += trimmed.len();
                answer.add(if trimmed.len() == text.len() { value } else { of_text(trimmed) });
            }
            (Field::Value(_, Content::Parts(parts)), Some(value)) => match lone_text(doc, parts) {
                Some(text) => {
                    length += text.trim().len();
                    answer.add(of_text(text.trim()));
                }
                None => {
                    length += LABEL;
                    answer.add(value);
                }
            },
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
            self.answer = answer.finish().max(1);
            self.is_long = length >= LABEL;
        }
        whole.finish()
    }

    fn completion(&mut self, example: &Example<'_>, found: &Found) -> Option<u64> {
        let prompt = example.prompt.value()?;
        let text = example.answer().1.value()?;
        let answer = text.trim();
        if prompt.trim().is_empty() || answer.is_empty() {
            return None;
        }
        self.answer = if answer.len() == text.len() { found.answer? } else { of_text(answer) }.max(1);
        self.is_long = answer.len() >= LABEL;
        found.prompt
    }
}

/// The digest of what a message says.
fn of_message(doc: &Doc<'_>, message: &Message<'_>) -> u64 {
    // Of most there is one way to write them.
    if message.kind != Kind::Object || !message.features.intersects(Features::UNUSUAL) {
        return doc.digest(message.at);
    }
    let mut whole = ObjectDigest::new();
    for member in doc.members(message.at).filter(|member| says_something(doc, member)) {
        whole.add(member.key, of_member(doc, message, &member));
    }
    whole.finish()
}

/// Whether a member of a message says what would not hold without it: null is nothing, and a weight of 1 is the usual one.
fn says_something(doc: &Doc<'_>, member: &Member<'_>) -> bool {
    match member.key {
        "weight" if doc.number(member.value) == Some(1.0) => false,
        _ => doc.kind(member.value) != Kind::Null,
    }
}

/// The digest of the value of a member of a message. A text is the same as a list that holds it alone.
fn of_member(doc: &Doc<'_>, message: &Message<'_>, member: &Member<'_>) -> u64 {
    match message.content {
        Field::Value(at, Content::Parts(parts)) if at == member.value => {
            lone_text(doc, parts).map_or_else(|| doc.digest(at), of_text)
        }
        _ => doc.digest(member.value),
    }
}

/// The text of a content that is nothing else.
fn lone_text<'a>(doc: &Doc<'_>, parts: &[Part<'a>]) -> Option<&'a str> {
    let [part] = parts else { return None };
    part.text.value().filter(|_| part.is("text") && doc.count(part.at) == 2)
}

/// Digests of parts of an example.
#[derive(Debug, Default)]
struct Found {
    /// The messages but the answer.
    asked: Option<ArrayDigest>,
    tools: Option<u64>,
    functions: Option<u64>,
    input: Option<u64>,
    prompt: Option<u64>,
    answer: Option<u64>,
}

impl Found {
    /// What the messages ask, with the tools.
    fn conversation(&self) -> Option<u64> {
        let mut asked = self.asked?;
        [self.tools, self.functions].into_iter().flatten().for_each(|value| asked.add(value));
        Some(asked.finish())
    }
}
