//! Messages and their content.

use super::{Features, Field, Function, FunctionCall, Image, Tool, ToolCall};
use crate::json::{Extent, Kind, NodeId};

/// A list of messages and the tools they may call.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conversation<'a> {
    /// `messages`
    pub messages: Field<&'a [Message<'a>]>,
    /// `tools`
    pub tools: Field<&'a [Tool<'a>]>,
    /// `parallel_tool_calls`
    pub parallel_tool_calls: Field<bool>,
    /// `functions`, deprecated
    pub functions: Field<&'a [Function<'a>]>,
}

impl<'a> Conversation<'a> {
    /// The messages; none if there is no such list.
    #[must_use]
    pub fn messages(&self) -> &'a [Message<'a>] {
        self.messages.value().unwrap_or_default()
    }

    /// The definitions of all callable functions, from `tools` and from `functions`.
    pub fn functions(&self) -> impl Iterator<Item = &'a Function<'a>> + use<'a> {
        let tools = self.tools.value().unwrap_or_default().iter().filter_map(|tool| tool.function.value());
        tools.chain(self.functions.value().unwrap_or_default())
    }
}

/// One message. If it is no object, every field is absent.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// Where the message stands.
    pub at: NodeId,
    /// What the message is: an object, if all is well.
    pub kind: Kind,
    /// What the message makes use of.
    pub features: Features,
    /// `role`
    pub role: Field<&'a str>,
    /// `content`
    pub content: Field<Content<'a>>,
    /// `refusal`
    pub refusal: Field<&'a str>,
    /// `name`
    pub name: Field<&'a str>,
    /// `weight`: any value is kept, as its place.
    pub weight: Field<()>,
    /// `tool_calls`
    pub tool_calls: Field<&'a [ToolCall<'a>]>,
    /// `function_call`, deprecated
    pub function_call: Field<&'a FunctionCall<'a>>,
    /// `tool_call_id`
    pub tool_call_id: Field<&'a str>,
    /// `audio`
    pub audio: Field<()>,
    /// Where its unknown keys, and those of what it holds, are among all of the example.
    pub unknown_keys: Extent,
}

impl<'a> Message<'a> {
    /// A message of which nothing is known but what it is.
    pub(super) fn new(at: NodeId, kind: Kind) -> Self {
        Message {
            at,
            kind,
            features: Features::NONE,
            role: Field::Absent,
            content: Field::Absent,
            refusal: Field::Absent,
            name: Field::Absent,
            weight: Field::Absent,
            tool_calls: Field::Absent,
            function_call: Field::Absent,
            tool_call_id: Field::Absent,
            audio: Field::Absent,
            unknown_keys: Extent { start: 0, end: 0 },
        }
    }

    /// The role, if there is one.
    #[must_use]
    pub fn role(&self) -> Option<&'a str> {
        self.role.value()
    }

    /// Whether the role is exactly this one.
    #[must_use]
    pub fn is(&self, role: &str) -> bool {
        self.role() == Some(role)
    }

    /// Whether there is nothing of what it could say.
    pub(super) fn says_nothing(&self) -> bool {
        let fields = [self.content.at(), self.refusal.at(), self.audio.at()];
        let calls = [self.tool_calls.at(), self.function_call.at()];
        fields.into_iter().chain(calls).all(|field| field.is_none())
    }

    /// `tool_calls`; none if there is no such list.
    #[must_use]
    pub fn tool_calls(&self) -> &'a [ToolCall<'a>] {
        self.tool_calls.value().unwrap_or_default()
    }

    /// The functions that the message calls, the deprecated call last.
    pub fn calls(&self) -> impl Iterator<Item = &'a FunctionCall<'a>> + use<'a> {
        let calls = self.tool_calls().iter().filter_map(|call| call.function.value());
        calls.chain(self.function_call.value())
    }

    /// The content parts; none if the content is a string or nothing.
    #[must_use]
    pub fn parts(&self) -> &'a [Part<'a>] {
        if let Some(Content::Parts(parts)) = self.content.value() { parts } else { &[] }
    }

    /// The texts of the content, with their places.
    pub fn texts(&self) -> impl Iterator<Item = (NodeId, &'a str)> + use<'a> {
        let whole = match self.content {
            Field::Value(at, Content::Text(text)) => Some((at, text)),
            _ => None,
        };
        let parts = self.parts().iter().filter_map(|part| match part.text {
            Field::Value(at, text) => Some((at, text)),
            _ => None,
        });
        whole.into_iter().chain(parts)
    }
}

/// The content of a message.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// A string
    Text(&'a str),
    /// A list of parts
    Parts(&'a [Part<'a>]),
}

/// One content part. If it is no object, every field is absent.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// Where the part stands.
    pub at: NodeId,
    /// What the part is: an object, if all is well.
    pub kind: Kind,
    /// `type`
    pub part_type: Field<&'a str>,
    /// The text of a text or refusal part.
    pub text: Field<&'a str>,
    /// `image_url.url`
    pub image_url: Field<&'a str>,
    /// What `image_url.url` says and holds, if it is a string.
    pub image: Option<&'a Image<'a>>,
    /// `image_url.detail`
    pub image_detail: Field<&'a str>,
}

impl Part<'_> {
    /// Whether the type is exactly this one.
    #[must_use]
    pub fn is(&self, part_type: &str) -> bool {
        self.part_type.value() == Some(part_type)
    }
}

/// The part types of the chat format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// `text`
    Text,
    /// `refusal`
    Refusal,
    /// `image_url`
    Image,
    /// `input_audio`
    Audio,
    /// `file`
    File,
}

impl PartKind {
    /// The part type of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<PartKind> {
        Some(match name {
            "text" => PartKind::Text,
            "refusal" => PartKind::Refusal,
            "image_url" => PartKind::Image,
            "input_audio" => PartKind::Audio,
            "file" => PartKind::File,
            _ => return None,
        })
    }
}
