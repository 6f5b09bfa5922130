//! What a line *says*, field by field, unjudged.
//!
//! One walk over the tape reads a line into an [`Example`]: a lenient picture that holds for good
//! and bad lines alike. Whether a key is known, a role exists or a value is missing is a fact here;
//! whether that is a fault is for the rules to say.
//!
//! Facts that many rules would otherwise look for are collected in passing: [`Example::mistyped`],
//! [`Example::missing`] and [`Example::unknown_keys`] are empty slices for a clean line.

mod chat;
mod features;
mod field;
mod format;
mod image;
mod rare;
mod reader;
mod tools;

use std::ops::Range;
use std::rc::Rc;

use bumpalo::Bump;

use crate::json::{Doc, Kind, Memo, NodeId, Parser};
use crate::schema::{self, Fault, Schema};

pub use chat::{Content, Conversation, Message, Part, PartKind};
pub use features::Features;
pub use field::Field;
pub use format::{Foreign, Format};
pub use image::{BrokenData, DataUrl, Image, ImageData, PixelSize};
pub use tools::{Arguments, Function, FunctionCall, Parsed, Tool, ToolCall};

/// One line of a training file.
#[derive(Debug)]
pub struct Example<'a> {
    /// The line as JSON.
    pub doc: &'a Doc<'a>,
    /// Which format its keys speak.
    pub format: Format,
    /// `messages` and what stands beside it; of a preference line, what its `input` holds.
    pub conversation: Conversation<'a>,
    /// `input` of a preference line.
    pub input: Field<()>,
    /// The answer to prefer.
    pub preferred_output: Field<&'a [Message<'a>]>,
    /// The answer to avoid.
    pub non_preferred_output: Field<&'a [Message<'a>]>,
    /// `prompt` of a completions line.
    pub prompt: Field<&'a str>,
    /// `completion` of a completions line.
    pub completion: Field<&'a str>,
    /// `response` beside a prompt, which some trainers read in place of a completion.
    pub response: Field<&'a str>,
    /// See [`Example::messages`].
    messages: &'a [Message<'a>],
    /// See [`Example::calls`].
    calls: &'a [&'a FunctionCall<'a>],
    /// What the line makes use of.
    pub features: Features,
    /// The keys of the line in order, with their places.
    pub keys: &'a [(&'a str, NodeId)],
    /// Known fields that hold the wrong JSON type.
    pub mistyped: &'a [Mistyped],
    /// Required fields that are not there.
    pub missing: &'a [Missing],
    /// Keys that the thing they stand on does not have.
    pub unknown_keys: &'a [UnknownKey<'a>],
}

/// What is known of lines before they are read: keys alone do not always tell a format.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'t> {
    /// The keys that a chat line of the target may have: others may be for a grader.
    pub chat_keys: &'t [&'t str],
    /// The shapes that the target takes, by their names: what they share with other formats is theirs there.
    pub shapes: &'t [&'t str],
    /// Whether `image_url` may be the address itself.
    pub image_url_as_text: bool,
    /// Whether the job is one of reinforcement: a line of `messages` alone that await an answer is whole for that, and
    /// lacks its answer for any other.
    pub reinforcement: bool,
}

/// What reading takes, reused from line to line.
#[derive(Default)]
pub struct Memory {
    /// The parser for the JSON inside tool-call arguments.
    arguments: Parser,
    /// The rare characters that what stands in many lines may hold.
    suspected: Memo<Features>,
}

/// A known field with the wrong JSON type.
#[derive(Clone, Copy, Debug)]
pub struct Mistyped {
    /// The field, as it is called.
    pub field: &'static str,
    /// Its value.
    pub at: NodeId,
    /// The type it should have, with its article.
    pub expected: &'static str,
    /// The type it has.
    pub found: Kind,
}

/// A required field that is absent.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    /// The key.
    pub key: &'static str,
    /// What lacks it.
    pub owner: Owner,
    /// Where that stands.
    pub at: NodeId,
}

/// A key that is not known where it stands.
#[derive(Clone, Copy, Debug)]
pub struct UnknownKey<'a> {
    /// The key, decoded.
    pub key: &'a str,
    /// Its place.
    pub at: NodeId,
    /// What it stands on.
    pub owner: Owner,
    /// Where that stands.
    pub owner_at: NodeId,
    /// The role of that, if it is a message.
    pub role: Option<&'a str>,
    /// What could stand there instead.
    pub known: &'static [&'static str],
    /// If it is a text of a message that says nothing else, how many such texts that has; else 0.
    pub lone_texts: usize,
}

impl<'a> UnknownKey<'a> {
    /// A key and its place, on what stands where, and what could stand there instead.
    fn new((key, at): (&'a str, NodeId), (owner, owner_at): (Owner, NodeId), known: &'static [&'static str]) -> Self {
        UnknownKey { key, at, owner, owner_at, role: None, known, lone_texts: 0 }
    }
}

/// What a key stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The line itself.
    Line,
    /// The `input` of a preference line.
    Input,
    /// A message.
    Message,
    /// A content part.
    Part,
    /// The `image_url` of a part.
    ImageUrl,
    /// The `audio` of a message.
    Audio,
    /// An entry of `tools`.
    Tool,
    /// The `function` of a tool, or an entry of `functions`.
    Function,
    /// An entry of `tool_calls`.
    ToolCall,
    /// The `function` of a tool call, or a `function_call`.
    FunctionCall,
}

impl Owner {
    /// With its article, for messages.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Owner::Line => "a line",
            Owner::Input => "an `input`",
            Owner::Message => "a message",
            Owner::Part => "a content part",
            Owner::ImageUrl => "an `image_url`",
            Owner::Audio => "an `audio` reference",
            Owner::Tool => "a tool",
            Owner::Function => "a function",
            Owner::ToolCall => "a tool call",
            Owner::FunctionCall => "a function call",
        }
    }
}

impl<'a> Example<'a> {
    /// Reads the line that `doc` holds; `None` if it is no object. `arena` keeps the lists, and `expected` is what is known
    /// before.
    pub fn read(doc: &'a Doc<'a>, arena: &'a Bump, memory: &mut Memory, expected: Expected<'_>) -> Option<Example<'a>> {
        (doc.kind(NodeId::ROOT) == Kind::Object).then(|| reader::Reader::new(doc, arena, memory).example(expected))
    }

    /// All messages of the line: of the conversation, then of the preferred and the other output.
    pub fn messages(&self) -> std::slice::Iter<'a, Message<'a>> {
        self.messages.iter()
    }

    /// The outputs of a preference line that are lists, with the name of their key.
    pub fn outputs(&self) -> impl Iterator<Item = (&'static str, &'a [Message<'a>])> + use<'a> {
        [("preferred_output", self.preferred_output), ("non_preferred_output", self.non_preferred_output)]
            .into_iter()
            .filter_map(|(name, field)| Some((name, field.value()?)))
    }

    /// Whether the message stands in an output of a preference line.
    #[must_use]
    pub fn is_output(&self, message: &Message<'_>) -> bool {
        let outputs = [self.preferred_output.at(), self.non_preferred_output.at()];
        outputs.into_iter().flatten().any(|output| self.doc.holds(output, message.at))
    }

    /// The keys of this message, and of what it holds, that are not known there.
    #[must_use]
    pub fn unknown_keys_of(&self, message: &Message<'_>) -> &'a [UnknownKey<'a>] {
        self.unknown_keys.get(Range::from(message.unknown_keys)).unwrap_or_default()
    }

    /// What answers the prompt of a completions line, and the key that it stands under.
    #[must_use]
    pub fn answer(&self) -> (&'static str, Field<&'a str>) {
        match (self.completion, self.response) {
            (Field::Absent, response @ (Field::Value(..) | Field::Null(_) | Field::Mistyped(_))) => {
                ("response", response)
            }
            (completion, _) => ("completion", completion),
        }
    }

    /// All calls of tools in the line, deprecated ones included.
    pub fn calls(&self) -> impl Iterator<Item = &'a FunctionCall<'a>> + use<'a> {
        self.calls.iter().copied()
    }

    /// What is known of the `parameters` of a function; `None` if it has none.
    pub(crate) fn schema(&self, function: &Function<'_>) -> Option<Rc<Schema>> {
        let Field::Value(at, ()) = function.parameters else { return None };
        Some(schema::read(self.doc, at))
    }

    /// The same, if it is no JSON Schema of an object.
    pub(crate) fn unsound_schema(&self, function: &Function<'_>) -> Option<Rc<Schema>> {
        let Field::Value(at, ()) = function.parameters else { return None };
        schema::unsound(self.doc, at)
    }

    /// Why the `parameters` of a function do not take the arguments of a call; arguments that are no object fit nothing,
    /// and are no matter of schemas.
    pub(crate) fn misfit(&self, function: &Function<'_>, call: &FunctionCall<'_>) -> Option<Fault> {
        let Field::Value(schema, ()) = function.parameters else { return None };
        match call.arguments {
            Arguments::Text(_, text, Parsed::Object(_)) => schema::mismatch(self.doc, schema, text),
            Arguments::Object(at) => schema::mismatch_at(self.doc, schema, at),
            _ => None,
        }
    }

    /// The same for arguments that are an object, in which `null` stands for what is not there.
    pub(crate) fn misfit_without_nulls(&self, function: &Function<'_>, arguments: NodeId) -> Option<Fault> {
        let Field::Value(schema, ()) = function.parameters else { return None };
        schema::mismatch_without_nulls(self.doc, schema, arguments)
    }

    /// The value that a pointer names below `at`; `at` itself if there is none.
    pub(crate) fn below(&self, at: NodeId, pointer: &str) -> NodeId {
        self.doc.resolve(&(self.doc.pointer(at) + pointer)).unwrap_or(at)
    }
}
