//! The one walk over a line's tape.
//!
//! Of a key that stands twice the last value counts, as in Python.

use std::collections::HashMap;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::chat::{Content, Conversation, Message, Part};
use super::rare;
use super::tools::{Arguments, Function, FunctionCall, Parsed, Tool, ToolCall};
use super::{
    DataUrl, Example, Expected, Features, Field, Foreign, Format, Image, Memory, Missing, Mistyped, Owner, UnknownKey,
};
use crate::json::{Doc, Extent, Kind, Member, NodeId, syntax};

/// From this many bytes on it pays to know where an image is.
const BIG: usize = 64 * 1024;
/// More unknown keys than this are not each looked for among all keys of a message.
const FEW: usize = 16;

const CHAT_KEYS: &[&str] = &["messages", "tools", "parallel_tool_calls", "functions"];
const COMPLETION_KEYS: &[&str] = &["prompt", "completion"];
const PREFERENCE_KEYS: &[&str] = &["input", "preferred_output", "non_preferred_output"];
const INPUT_KEYS: &[&str] = &["messages", "tools", "parallel_tool_calls"];
const TEXT_MESSAGE_KEYS: &[&str] = &["role", "content", "name"];
const ASSISTANT_KEYS: &[&str] =
    &["role", "content", "refusal", "name", "audio", "tool_calls", "function_call", "weight"];
/// `name` is not in the schema, but stood in the API's own examples of tool messages.
const TOOL_MESSAGE_KEYS: &[&str] = &["role", "content", "tool_call_id", "name"];
const TOOL_KEYS: &[&str] = &["type", "function"];
const FUNCTION_KEYS: &[&str] = &["name", "description", "parameters"];
const TOOL_FUNCTION_KEYS: &[&str] = &["name", "description", "parameters", "strict"];
const TOOL_CALL_KEYS: &[&str] = &["id", "type", "function"];
const FUNCTION_CALL_KEYS: &[&str] = &["name", "arguments"];

pub(super) struct Reader<'a, 'm> {
    doc: &'a Doc<'a>,
    arena: &'a Bump,
    memory: &'m mut Memory,
    /// Whether `image_url` may be the address itself.
    image_url_as_text: bool,
    mistyped: BumpVec<'a, Mistyped>,
    missing: BumpVec<'a, Missing>,
    unknown_keys: BumpVec<'a, UnknownKey<'a>>,
}

impl<'a, 'm> Reader<'a, 'm> {
    pub(super) fn new(doc: &'a Doc<'a>, arena: &'a Bump, memory: &'m mut Memory) -> Self {
        Reader {
            doc,
            arena,
            memory,
            image_url_as_text: false,
            mistyped: BumpVec::new_in(arena),
            missing: BumpVec::new_in(arena),
            unknown_keys: BumpVec::new_in(arena),
        }
    }

    pub(super) fn example(mut self, expected: Expected<'_>) -> Example<'a> {
        self.image_url_as_text = expected.image_url_as_text;
        let mut conversation = Conversation::default();
        let mut input = Field::Absent;
        let mut outputs = [Field::Absent; 2];
        let (mut prompt, mut completion, mut response) = (Field::Absent, Field::Absent, Field::Absent);
        let mut keys = BumpVec::new_in(self.arena);
        for member in self.doc.members(NodeId::ROOT) {
            keys.push((member.key, member.key_at));
        }
        let format = self.format(&keys, expected);
        for member in self.doc.members(NodeId::ROOT) {
            match (format, member.key) {
                (Format::Chat | Format::Reinforcement, "messages") => {
                    conversation.messages = self.messages(member.value);
                }
                (Format::Chat | Format::Reinforcement, "tools") => conversation.tools = self.tools(member.value),
                // In reinforcement lines these are free for the grader.
                (Format::Chat, "functions") => conversation.functions = self.functions(member.value),
                (Format::Chat, "parallel_tool_calls") => {
                    conversation.parallel_tool_calls = self.bool("parallel_tool_calls", member.value);
                }
                // Where the line has such a key it is text.
                (Format::Chat, "system") if expected.chat_keys.contains(&"system") => {
                    self.string("system", member.value);
                }
                (Format::Chat, "system_prompt") if expected.chat_keys.contains(&"system_prompt") => {
                    self.string("system_prompt", member.value);
                }
                (Format::Completion | Format::Unknown(_), "prompt") => prompt = self.own_string(member.value),
                (Format::Completion | Format::Unknown(_), "completion") => completion = self.own_string(member.value),
                (Format::Completion, "response") => response = self.own_string(member.value),
                (Format::Preference, "input") => input = self.input(member.value, &mut conversation),
                (Format::Preference, "preferred_output") => outputs[0] = self.messages(member.value),
                (Format::Preference, "non_preferred_output") => outputs[1] = self.messages(member.value),
                _ => {}
            }
        }
        let known = match format {
            Format::Chat => CHAT_KEYS,
            Format::Completion => COMPLETION_KEYS,
            Format::Preference => PREFERENCE_KEYS,
            Format::Reinforcement | Format::Unknown(_) => &[],
        };
        if !known.is_empty() {
            for &(key, at) in &keys {
                if !known.contains(&key) {
                    self.unknown_keys.push(UnknownKey::new((key, at), (Owner::Line, NodeId::ROOT), known));
                }
            }
        }
        let mut all_messages = conversation.messages();
        if format == Format::Preference {
            let outputs = outputs.iter().filter_map(|output: &Field<&'a [Message<'a>]>| output.value());
            let lists = std::iter::once(all_messages).chain(outputs);
            all_messages = BumpVec::from_iter_in(lists.flatten().copied(), self.arena).into_bump_slice();
        }
        let of_line = [
            self.suspected(all_messages),
            Features::MISTYPED.when(!self.mistyped.is_empty()),
            Features::MISSING.when(!self.missing.is_empty()),
            Features::UNKNOWN_KEYS.when(!self.unknown_keys.is_empty()),
            Features::TOOLS.when(conversation.tools.at().is_some()),
            Features::TOOLS.or(Features::DEPRECATED).when(conversation.functions.at().is_some()),
            Features::COMPLETION.when(format == Format::Completion),
            Features::PREFERENCE.when(format == Format::Preference),
            Features::REINFORCEMENT.when(format == Format::Reinforcement),
        ];
        let features = all_messages.iter().map(|message| message.features).chain(of_line).collect();
        let calls = BumpVec::from_iter_in(all_messages.iter().flat_map(Message::calls), self.arena);
        Example {
            doc: self.doc,
            format,
            messages: all_messages,
            calls: calls.into_bump_slice(),
            features,
            conversation,
            input,
            preferred_output: outputs[0],
            non_preferred_output: outputs[1],
            prompt,
            completion,
            response,
            keys: keys.into_bump_slice(),
            mistyped: self.mistyped.into_bump_slice(),
            missing: self.missing.into_bump_slice(),
            unknown_keys: self.unknown_keys.into_bump_slice(),
        }
    }

    /// The rare characters that the line may hold.
    fn suspected(&mut self, messages: &[Message<'_>]) -> Features {
        let source = self.doc.source();
        let mut from = 0;
        let mut features = Features::NONE;
        if source.len() < BIG {
            // What stands in many lines is walked through in one of them.
            for repeat in self.doc.repeats() {
                let here = || rare::suspected(&source[repeat.start..repeat.end]);
                features = features.or(self.memory.suspected.get(Some(repeat.identity()), here));
                // Between two elements of a list there is a comma.
                if repeat.start > from + 2 {
                    features = features.or(rare::suspected(&source[from..repeat.start]));
                }
                from = repeat.end;
            }
            return features.or(rare::suspected(&source[from..]));
        }
        // What was seen to be base64 need not be walked through again.
        for part in messages.iter().flat_map(Message::parts) {
            if let (Field::Value(_, url), Some(Image::Data(DataUrl { head, data: Ok(_), .. }))) =
                (part.image_url, part.image)
                && url.len() >= BIG
                && head.end <= START
            {
                // As it stands in the line: without escapes, in which signs could hide. One that has some, or that
                // stands before another that was found, is looked for to the end of the line, so it is the last.
                let Some(place) = place_of(url.as_bytes(), &source[from..]) else { break };
                features = features.or(rare::suspected(&source[from..from + place + head.end]));
                from += place + url.len();
            }
        }
        features.or(rare::suspected(&source[from..]))
    }

    /// Which format the keys of the line speak.
    fn format(&self, keys: &[(&str, NodeId)], expected: Expected<'_>) -> Format {
        let has = |key: &str| keys.iter().any(|(known, _)| *known == key);
        // As lists of messages, prompt and completion are not text of the wrong type, but another trainer's format.
        let is_list = |key| self.doc.get(NodeId::ROOT, key).is_some_and(|at| self.doc.kind(at) == Kind::Array);
        // One of the two answers of a preference line is no prompt that awaits its completion.
        let is_foreign = || {
            has("chosen")
                || has("rejected") && !has("completion")
                || is_list("prompt") && (!has("completion") || is_list("completion"))
        };
        let takes = |foreign: Foreign| expected.shapes.contains(&foreign.name());
        let version = || self.doc.str(self.doc.get(NodeId::ROOT, "schemaVersion")?);
        let says_nova = || version().is_some_and(|version| version.starts_with("bedrock-conversation"));
        // The version need not be said, nor be that one: its parts tell the format as well.
        let may_be_nova = || has("schemaVersion") || takes(Foreign::BedrockConversation);
        if has("schemaVersion") && says_nova() || has("messages") && may_be_nova() && self.has_untyped_parts() {
            Format::Unknown(Foreign::BedrockConversation)
        } else if has("preferred_output") || has("non_preferred_output") {
            Format::Preference
        } else if takes(Foreign::Classification)
            && has("labels")
            && (has("text") || has("messages") && !self.is_answered())
        {
            Format::Unknown(Foreign::Classification)
        } else if has("messages") {
            // Reinforcement lines end before the answer, and carry what the grader needs: if that is anything.
            let is_of_chat =
                |key: &str| CHAT_KEYS.contains(&key) || expected.chat_keys.contains(&key) || key == "weight";
            let more = || keys.iter().any(|(key, _)| !is_of_chat(key));
            let awaits = if expected.reinforcement { !self.is_answered() || more() } else { more() && self.is_open() };
            if awaits { Format::Reinforcement } else { Format::Chat }
        } else if has("prompt") && has("labels") && is_list("completions") {
            Format::Unknown(Foreign::Stepwise)
        } else if !has("prompt") && has("completion") && has("instruction") && takes(Foreign::Alpaca) {
            Format::Unknown(Foreign::Alpaca)
        } else if !has("prompt") && has("completion") && has("question") && takes(Foreign::QuestionAnswer) {
            Format::Unknown(Foreign::QuestionAnswer)
        } else if (has("prompt") || has("completion")) && !is_foreign() {
            Format::Completion
        } else {
            match Foreign::of(has) {
                Foreign::ShareGpt if self.has_roles("conversations") => Format::Unknown(Foreign::Conversations),
                Foreign::PromptMessages if self.has_parts("prompt") => Format::Unknown(Foreign::PromptParts),
                // What stands beside messages says only of a line that says nothing else that these are missing.
                Foreign::Other if has("functions") || has("parallel_tool_calls") || self.has_tools() => Format::Chat,
                foreign => Format::Unknown(foreign),
            }
        }
    }

    /// Whether the content of a message is made of parts that are told by their keys, without a type. What Claude is
    /// given has a text as `system`.
    fn has_untyped_parts(&self) -> bool {
        let doc = self.doc;
        if doc.get(NodeId::ROOT, "system").is_some_and(|system| doc.kind(system) == Kind::String) {
            return false;
        }
        let Some(messages) = doc.get(NodeId::ROOT, "messages") else { return false };
        let contents = doc.elements(messages).filter_map(|message| doc.get(message, "content"));
        let part = contents.filter(|&content| doc.kind(content) == Kind::Array).find_map(|at| doc.elements(at).next());
        part.is_some_and(|part| {
            let has = |key: &&str| doc.get(part, key).is_some();
            ["text", "image", "video", "document"].iter().any(has) && !has(&"type")
        })
    }

    /// Whether the list under a key begins with a content part.
    fn has_parts(&self, key: &str) -> bool {
        let first = self.doc.get(NodeId::ROOT, key).and_then(|list| self.doc.elements(list).next());
        first.is_some_and(|first| self.doc.get(first, "type").is_some() && self.doc.get(first, "role").is_none())
    }

    /// Whether `tools` are definitions of functions, or none.
    fn has_tools(&self) -> bool {
        let doc = self.doc;
        let Some(tools) = doc.get(NodeId::ROOT, "tools") else { return false };
        let is_tool = |tool: NodeId| {
            let has = |key: &str| doc.get(tool, key).is_some();
            has("function") || has("name") && (has("parameters") || has("description") || has("input_schema"))
        };
        doc.kind(tools) == Kind::Array && doc.elements(tools).next().is_none_or(is_tool)
    }

    /// Whether the list under a key begins with a message of the chat format.
    fn has_roles(&self, key: &str) -> bool {
        let first = self.doc.get(NodeId::ROOT, key).and_then(|list| self.doc.elements(list).next());
        first.and_then(|first| self.role_of(first)).is_some()
    }

    /// Whether the last message is an answer.
    fn is_answered(&self) -> bool {
        let messages = self.doc.get(NodeId::ROOT, "messages");
        messages.and_then(|list| self.role_of(self.doc.elements(list).last()?)) == Some("assistant")
    }

    /// Whether the messages await an answer.
    fn is_open(&self) -> bool {
        let Some(messages) = self.doc.get(NodeId::ROOT, "messages") else { return false };
        let mut roles = self.doc.elements(messages).map(|message| self.role_of(message));
        match self.doc.elements(messages).last().and_then(|last| self.role_of(last)) {
            Some("user") => true,
            Some("system" | "developer") => !roles.any(|role| role == Some("assistant")),
            _ => false,
        }
    }

    /// The role of a message that was not read yet.
    fn role_of(&self, message: NodeId) -> Option<&'a str> {
        self.doc.get(message, "role").and_then(|role| self.doc.str(role))
    }

    fn input(&mut self, at: NodeId, conversation: &mut Conversation<'a>) -> Field<()> {
        match self.doc.kind(at) {
            Kind::Null => return Field::Null(at),
            Kind::Object => {}
            _ => return Field::Mistyped(at),
        }
        *conversation = Conversation::default();
        for member in self.doc.members(at) {
            match member.key {
                "messages" => conversation.messages = self.messages(member.value),
                "tools" => conversation.tools = self.tools(member.value),
                "parallel_tool_calls" => {
                    conversation.parallel_tool_calls = self.bool("parallel_tool_calls", member.value)
                }
                _ => self.unknown(member, Owner::Input, at, INPUT_KEYS),
            }
        }
        Field::Value(at, ())
    }

    /// A list of messages. That it is no list is for a rule of its own.
    fn messages(&mut self, at: NodeId) -> Field<&'a [Message<'a>]> {
        match self.doc.kind(at) {
            Kind::Null => return Field::Null(at),
            Kind::Array => {}
            _ => return Field::Mistyped(at),
        }
        let mut messages = BumpVec::with_capacity_in(self.doc.count(at), self.arena);
        for element in self.doc.elements(at) {
            messages.push(self.message(element));
        }
        Field::Value(at, messages.into_bump_slice())
    }

    /// A message that has a role and a text and nothing else, as most do: one without [`Features::UNUSUAL`].
    fn plain_message(&self, at: NodeId) -> Option<Message<'a>> {
        let mut members = self.doc.members(at);
        let (role, content) = (members.next()?, members.next()?);
        if role.key != "role" || content.key != "content" || self.doc.count(at) != 2 {
            return None;
        }
        let (role_at, content_at) = (role.value, content.value);
        let role = self.doc.str(role_at).filter(|role| matches!(*role, "system" | "user" | "assistant"))?;
        let text = self.doc.str(content_at).filter(|text| !text.trim_start().is_empty())?;
        let mut message = Message::new(at, Kind::Object);
        message.role = Field::Value(role_at, role);
        message.content = Field::Value(content_at, Content::Text(text));
        Some(message)
    }

    fn message(&mut self, at: NodeId) -> Message<'a> {
        if let Some(message) = self.plain_message(at) {
            return message;
        }
        let mut message = Message { features: Features::UNUSUAL, ..Message::new(at, self.doc.kind(at)) };
        if !self.is_object("a message", at) {
            return message;
        }
        for member in self.doc.members(at) {
            if member.key == "role" {
                message.role = self.nullable_string("role", member.value);
            }
        }
        let before = self.unknown_keys.len();
        let (known, answers) = match message.role() {
            Some("system" | "developer" | "user" | "function") => (TEXT_MESSAGE_KEYS, false),
            Some("tool") => (TOOL_MESSAGE_KEYS, false),
            _ => (ASSISTANT_KEYS, true),
        };
        for member in self.doc.members(at) {
            let value = member.value;
            match member.key {
                "role" => {}
                "content" => message.content = self.content(value, message.is("function")),
                // Not in the schema of tool messages, so its type is not either.
                "name" if message.is("tool") => message.name = self.own_string(value),
                "name" => message.name = self.string("name", value),
                // On any role: where it does not belong is for a rule of its own.
                "weight" => message.weight = Field::Value(value, ()),
                "tool_call_id" if message.is("tool") => {
                    message.tool_call_id = self.nullable_string("tool_call_id", value)
                }
                "refusal" if answers => message.refusal = self.nullable_string("refusal", value),
                "audio" if answers => message.audio = self.audio(value),
                "tool_calls" if answers => message.tool_calls = self.tool_calls(value),
                "function_call" if answers => message.function_call = self.deprecated_call(value),
                // Without a role that is known, what belongs there is not known either.
                _ if !message.role().is_some_and(is_role) => {}
                _ => {
                    self.unknown(member, Owner::Message, at, known);
                    if let Some(unknown) = self.unknown_keys.last_mut() {
                        unknown.role = message.role();
                    }
                    message.features = message.features.or(Features::UNKNOWN_KEYS);
                }
            }
        }
        message.features = Features::from_iter([
            message.features,
            Features::WEIGHTS.when(message.weight.at().is_some()),
            Features::NAMES.when(message.name.at().is_some()),
            Features::PARTS.when(!message.parts().is_empty()),
            Features::IMAGES.when(message.parts().iter().any(|part| part.is("image_url"))),
            Features::CALLS.when(message.tool_calls.at().is_some()),
            Features::CALLS.or(Features::DEPRECATED).when(message.function_call.at().is_some()),
            Features::TOOL_MESSAGES.when(message.is("tool")),
            Features::DEPRECATED.when(message.is("function")),
        ]);
        message.unknown_keys = (before..self.unknown_keys.len()).into();
        if message.says_nothing() {
            self.count_lone_texts(at, before);
        }
        if message.is("function") && matches!(message.name, Field::Absent) {
            self.missing.push(Missing { key: "name", owner: Owner::Message, at });
        }
        message
    }

    /// Says of the unknown keys from `before` on, which stand in the message at `at`, which are its only texts.
    fn count_lone_texts(&mut self, at: NodeId, before: usize) {
        let doc = self.doc;
        let unknown_keys = &mut self.unknown_keys[before..];
        // To look for each key among all takes no longer only if they are few.
        let values: Option<HashMap<&str, NodeId>> =
            (unknown_keys.len() > FEW).then(|| doc.members(at).map(|member| (member.key, member.value)).collect());
        let value = |key: &str| match &values {
            Some(values) => values.get(key).copied(),
            None => doc.get(at, key),
        };
        let is_text = |unknown: &&mut UnknownKey<'a>| {
            unknown.owner_at == at && value(unknown.key).is_some_and(|value| doc.str(value).is_some())
        };
        let texts = unknown_keys.iter_mut().filter(is_text).count();
        unknown_keys.iter_mut().filter(is_text).for_each(|unknown| unknown.lone_texts = texts);
    }

    fn content(&mut self, at: NodeId, text_only: bool) -> Field<Content<'a>> {
        match self.doc.kind(at) {
            Kind::Null => Field::Null(at),
            Kind::String => Field::Value(at, Content::Text(self.doc.str(at).unwrap_or_default())),
            Kind::Array if !text_only => {
                let mut parts = BumpVec::with_capacity_in(self.doc.count(at), self.arena);
                for element in self.doc.elements(at) {
                    parts.push(self.part(element));
                }
                Field::Value(at, Content::Parts(parts.into_bump_slice()))
            }
            found => {
                let expected = if text_only { "a string" } else { "a string or a list of parts" };
                self.mistyped.push(Mistyped { field: "content", at, expected, found });
                Field::Mistyped(at)
            }
        }
    }

    fn part(&mut self, at: NodeId) -> Part<'a> {
        let kind = self.doc.kind(at);
        let mut part = Part {
            at,
            kind,
            part_type: Field::Absent,
            text: Field::Absent,
            image_url: Field::Absent,
            image: None,
            image_detail: Field::Absent,
        };
        if kind != Kind::Object {
            return part; // a rule of its own
        }
        let mut payload = Field::Absent;
        for member in self.doc.members(at) {
            if member.key == "type" {
                part.part_type = self.string("type", member.value);
            }
        }
        let type_name = part.part_type.value();
        for member in self.doc.members(at) {
            match (member.key, type_name) {
                ("type", _) | ("prompt_cache_breakpoint", _) => {}
                // Without a type its key tells what it is: that is how some providers write parts.
                ("text", Some("text") | None) => part.text = self.string("text", member.value),
                ("refusal", Some("refusal")) => part.text = self.string("refusal", member.value),
                ("image_url", Some("image_url")) => {
                    payload = Field::Value(member.value, ());
                    self.image(member.value, &mut part);
                }
                ("input_audio", Some("input_audio")) | ("file", Some("file")) => {
                    payload = Field::Value(member.value, ());
                }
                (_, Some("text")) => self.unknown(member, Owner::Part, at, &["type", "text"]),
                (_, Some("refusal")) => self.unknown(member, Owner::Part, at, &["type", "refusal"]),
                (_, Some("image_url")) => self.unknown(member, Owner::Part, at, &["type", "image_url"]),
                _ => {}
            }
        }
        let missing = match type_name {
            None if matches!(part.part_type, Field::Absent) => Some("type"),
            Some("text") if matches!(part.text, Field::Absent) => Some("text"),
            Some("refusal") if matches!(part.text, Field::Absent) => Some("refusal"),
            Some("image_url") if matches!(payload, Field::Absent) => Some("image_url"),
            _ => None,
        };
        if let Some(key) = missing {
            self.missing.push(Missing { key, owner: Owner::Part, at });
        }
        part
    }

    fn image(&mut self, at: NodeId, part: &mut Part<'a>) {
        if self.image_url_as_text && self.doc.kind(at) == Kind::String {
            self.address(at, part);
            return;
        }
        if !self.is_object("image_url", at) {
            return;
        }
        for member in self.doc.members(at) {
            match member.key {
                "url" => self.address(member.value, part),
                "detail" => part.image_detail = self.string("detail", member.value),
                _ => self.unknown(member, Owner::ImageUrl, at, &["url", "detail"]),
            }
        }
        if matches!(part.image_url, Field::Absent) {
            self.missing.push(Missing { key: "url", owner: Owner::ImageUrl, at });
        }
    }

    /// The address of an image.
    fn address(&mut self, at: NodeId, part: &mut Part<'a>) {
        part.image_url = self.string("url", at);
        part.image = part.image_url.value().map(|url| &*self.arena.alloc(Image::read(url)));
    }

    fn audio(&mut self, at: NodeId) -> Field<()> {
        if self.doc.kind(at) == Kind::Null {
            return Field::Null(at);
        }
        if !self.is_object("audio", at) {
            return Field::Mistyped(at);
        }
        match self.doc.get(at, "id") {
            Some(id) => {
                self.string("id", id);
            }
            None => self.missing.push(Missing { key: "id", owner: Owner::Audio, at }),
        }
        Field::Value(at, ())
    }

    fn tools(&mut self, at: NodeId) -> Field<&'a [Tool<'a>]> {
        if !self.is_array("tools", at) {
            return Field::Mistyped(at);
        }
        let mut tools = BumpVec::with_capacity_in(self.doc.count(at), self.arena);
        for element in self.doc.elements(at) {
            tools.push(self.tool(element));
        }
        Field::Value(at, tools.into_bump_slice())
    }

    fn tool(&mut self, at: NodeId) -> Tool<'a> {
        let mut tool = Tool { at, tool_type: Field::Absent, function: Field::Absent };
        if !self.is_object("a tool", at) {
            return tool;
        }
        // A function that was not wrapped is named as that; what it holds is not a second fault.
        let bare = self.doc.get(at, "function").is_none() && self.doc.get(at, "name").is_some();
        for member in self.doc.members(at) {
            match member.key {
                "type" => tool.tool_type = self.string("type", member.value),
                "function" => {
                    if self.is_object("function", member.value) {
                        let function = self.arena.alloc(self.function(member.value, TOOL_FUNCTION_KEYS));
                        tool.function = Field::Value(member.value, function);
                    } else {
                        tool.function = Field::Mistyped(member.value);
                    }
                }
                _ if bare => {}
                _ if tool.tool_type.value().is_some_and(|name| name != "function") => {}
                _ => self.unknown(member, Owner::Tool, at, TOOL_KEYS),
            }
        }
        if matches!(tool.tool_type, Field::Absent) && !bare {
            self.missing.push(Missing { key: "type", owner: Owner::Tool, at });
        }
        let other = tool.tool_type.value().is_some_and(|name| name != "function");
        if matches!(tool.function, Field::Absent) && !other {
            self.missing.push(Missing { key: "function", owner: Owner::Tool, at });
        }
        tool
    }

    fn functions(&mut self, at: NodeId) -> Field<&'a [Function<'a>]> {
        if !self.is_array("functions", at) {
            return Field::Mistyped(at);
        }
        let mut functions = BumpVec::with_capacity_in(self.doc.count(at), self.arena);
        for element in self.doc.elements(at) {
            if !self.is_object("a function", element) {
                continue;
            }
            let is = |key, kind| self.doc.get(element, key).is_some_and(|at| self.doc.kind(at) == kind);
            if is("function", Kind::Object) && !is("name", Kind::String) {
                // One that is wrapped as in `tools` lacks a name of its own; what it holds is no further fault.
                self.missing.push(Missing { key: "name", owner: Owner::Function, at: element });
                functions.push(Function::new(element));
                continue;
            }
            functions.push(self.function(element, FUNCTION_KEYS));
        }
        Field::Value(at, functions.into_bump_slice())
    }

    fn function(&mut self, at: NodeId, known: &'static [&'static str]) -> Function<'a> {
        let mut function = Function::new(at);
        for member in self.doc.members(at) {
            match member.key {
                key if !known.contains(&key) => self.unknown(member, Owner::Function, at, known),
                "name" => function.name = self.string("name", member.value),
                "description" => function.description = self.string("description", member.value),
                "parameters" => {
                    function.parameters = if self.is_object("parameters", member.value) {
                        Field::Value(member.value, ())
                    } else {
                        Field::Mistyped(member.value)
                    };
                }
                "strict" => {
                    function.strict = if self.doc.kind(member.value) == Kind::Null {
                        Field::Null(member.value)
                    } else {
                        self.bool("strict", member.value)
                    };
                }
                _ => {}
            }
        }
        if matches!(function.name, Field::Absent) {
            self.missing.push(Missing { key: "name", owner: Owner::Function, at });
        }
        function
    }

    fn tool_calls(&mut self, at: NodeId) -> Field<&'a [ToolCall<'a>]> {
        if !self.is_array("tool_calls", at) {
            return Field::Mistyped(at);
        }
        let mut calls = BumpVec::with_capacity_in(self.doc.count(at), self.arena);
        for element in self.doc.elements(at) {
            calls.push(self.tool_call(element));
        }
        Field::Value(at, calls.into_bump_slice())
    }

    fn tool_call(&mut self, at: NodeId) -> ToolCall<'a> {
        let kind = self.doc.kind(at);
        let mut call = ToolCall { at, kind, id: Field::Absent, call_type: Field::Absent, function: Field::Absent };
        if !self.is_object("a tool call", at) {
            return call;
        }
        let bare = self.doc.get(at, "function").is_none() && self.doc.get(at, "name").is_some();
        for member in self.doc.members(at) {
            match member.key {
                "id" => call.id = self.nullable_string("id", member.value),
                "type" => call.call_type = self.string("type", member.value),
                "function" => {
                    call.function = if self.is_object("function", member.value) {
                        Field::Value(member.value, self.function_call(member.value))
                    } else {
                        Field::Mistyped(member.value)
                    };
                }
                _ if bare => {}
                _ if call.call_type.value().is_some_and(|name| name != "function") => {}
                _ => self.unknown(member, Owner::ToolCall, at, TOOL_CALL_KEYS),
            }
        }
        if matches!(call.call_type, Field::Absent) && !bare {
            self.missing.push(Missing { key: "type", owner: Owner::ToolCall, at });
        }
        let other = call.call_type.value().is_some_and(|name| name != "function");
        if matches!(call.function, Field::Absent) && !other {
            self.missing.push(Missing { key: "function", owner: Owner::ToolCall, at });
        }
        call
    }

    fn deprecated_call(&mut self, at: NodeId) -> Field<&'a FunctionCall<'a>> {
        if self.doc.kind(at) == Kind::Null {
            Field::Null(at)
        } else if self.is_object("function_call", at) {
            Field::Value(at, self.function_call(at))
        } else {
            Field::Mistyped(at)
        }
    }

    fn function_call(&mut self, at: NodeId) -> &'a FunctionCall<'a> {
        let mut call = FunctionCall { at, name: Field::Absent, arguments: Arguments::Absent };
        for member in self.doc.members(at) {
            match member.key {
                "name" => call.name = self.string("name", member.value),
                "arguments" => call.arguments = self.arguments(member.value),
                _ => self.unknown(member, Owner::FunctionCall, at, FUNCTION_CALL_KEYS),
            }
        }
        if matches!(call.name, Field::Absent) {
            self.missing.push(Missing { key: "name", owner: Owner::FunctionCall, at });
        }
        if matches!(call.arguments, Arguments::Absent) {
            self.missing.push(Missing { key: "arguments", owner: Owner::FunctionCall, at });
        }
        self.arena.alloc(call)
    }

    fn arguments(&mut self, at: NodeId) -> Arguments<'a> {
        match (self.doc.kind(at), self.doc.str(at)) {
            (_, Some(text)) => Arguments::Text(at, text, self.parse_arguments(text)),
            (Kind::Object, _) => Arguments::Object(at),
            (found, _) => {
                self.mistyped.push(Mistyped { field: "arguments", at, expected: "a string", found });
                Arguments::Mistyped(at)
            }
        }
    }

    fn parse_arguments(&mut self, text: &'a str) -> Parsed<'a> {
        if text.trim_ascii().is_empty() {
            return Parsed::Invalid("the text is empty", (0..text.len()).into());
        }
        let twice = {
            let Ok(doc) = self.memory.arguments.parse(text.as_bytes()) else { return self.explain(text) };
            match doc.kind(NodeId::ROOT) {
                Kind::Object => {
                    let mut repeated: BumpVec<'a, (&'a str, Extent)> = BumpVec::new_in(self.arena);
                    doc.repeated_keys(|_, second| {
                        let key = self.arena.alloc_str(doc.str(second).unwrap_or_default());
                        repeated.push((key, doc.span(second).into()));
                    });
                    return Parsed::Object(repeated.into_bump_slice());
                }
                Kind::String => self.arena.alloc_str(doc.str(NodeId::ROOT).unwrap_or_default()),
                other => return Parsed::Other(other),
            }
        };
        match self.memory.arguments.parse(twice.as_bytes()) {
            Ok(inner) if inner.kind(NodeId::ROOT) == Kind::Object => Parsed::Twice,
            _ => Parsed::Other(Kind::String),
        }
    }

    fn explain(&self, text: &'a str) -> Parsed<'a> {
        let broken = syntax::diagnose(text.as_bytes());
        let reason = self.arena.alloc_str(&broken.slip.to_string());
        Parsed::Invalid(reason, broken.span.into())
    }

    fn unknown(&mut self, member: Member<'a>, owner: Owner, owner_at: NodeId, known: &'static [&'static str]) {
        self.unknown_keys.push(UnknownKey::new((member.key, member.key_at), (owner, owner_at), known));
    }

    /// A string whose wrong type is for a rule of its own.
    fn own_string(&self, at: NodeId) -> Field<&'a str> {
        match (self.doc.str(at), self.doc.kind(at)) {
            (Some(text), _) => Field::Value(at, text),
            (None, Kind::Null) => Field::Null(at),
            (None, _) => Field::Mistyped(at),
        }
    }

    /// A string or `null`, which is legal or for a rule of its own.
    fn nullable_string(&mut self, field: &'static str, at: NodeId) -> Field<&'a str> {
        if self.doc.kind(at) == Kind::Null { Field::Null(at) } else { self.string(field, at) }
    }

    fn string(&mut self, field: &'static str, at: NodeId) -> Field<&'a str> {
        if let Some(text) = self.doc.str(at) {
            return Field::Value(at, text);
        }
        self.mistyped.push(Mistyped { field, at, expected: "a string", found: self.doc.kind(at) });
        Field::Mistyped(at)
    }

    fn bool(&mut self, field: &'static str, at: NodeId) -> Field<bool> {
        if let Some(value) = self.doc.bool(at) {
            return Field::Value(at, value);
        }
        self.mistyped.push(Mistyped { field, at, expected: "a boolean", found: self.doc.kind(at) });
        Field::Mistyped(at)
    }

    fn is_object(&mut self, field: &'static str, at: NodeId) -> bool {
        self.is_kind(field, at, Kind::Object)
    }

    fn is_array(&mut self, field: &'static str, at: NodeId) -> bool {
        self.is_kind(field, at, Kind::Array)
    }

    fn is_kind(&mut self, field: &'static str, at: NodeId, expected: Kind) -> bool {
        let found = self.doc.kind(at);
        if found != expected {
            self.mistyped.push(Mistyped { field, at, expected: expected.phrase(), found });
        }
        found == expected
    }
}

/// The roles of the chat format, whoever accepts them.
fn is_role(role: &str) -> bool {
    matches!(role, "system" | "developer" | "user" | "assistant" | "tool" | "function")
}

/// So many bytes of an image's URL tell where it stands: all that is before its base64, and some of that.
const START: usize = 128;

/// Where the URL of an image stands in a line. It is looked for by its start, since to prepare a search for all of it
/// takes as long as to read it several times. Its colon stands in that start alone, so no two places of the start
/// overlap, and what is compared behind each adds up to no more than the line.
fn place_of(url: &[u8], line: &[u8]) -> Option<usize> {
    let start = url.first_chunk::<START>()?;
    memchr::memmem::find_iter(line, start).find(|&at| line[at..].starts_with(url))
}
