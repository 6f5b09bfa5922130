//! Messages and what they say: FT1xx.

pub mod content_part_not_object;
pub mod deprecated_functions;
pub mod developer_role;
pub mod empty_content;
pub mod empty_messages;
pub mod first_message_not_user;
pub mod image_from_assistant;
pub mod invalid_image_detail;
pub mod invalid_image_url;
pub mod invalid_name;
pub mod invalid_weight;
pub mod last_message_not_assistant;
pub mod misplaced_weight;
pub mod missing_assistant;
pub mod missing_content;
pub mod missing_key;
pub mod missing_messages;
pub mod missing_role;
pub mod mixed_formats;
pub mod oversized_image;
pub mod repeated_role;
pub mod special_token;
pub mod system_not_first;
pub mod too_many_images;
pub mod unknown_content_part;
pub mod unknown_format;
pub mod unknown_key;
pub mod unknown_message_key;
pub mod unknown_role;
pub mod unsupported_image;
pub mod untrained_example;
pub mod wrong_type;

use crate::example::{Example, Field, Format, Message, Owner, UnknownKey};
use crate::finding::Severity;
use crate::json::{Kind, NodeId};
use crate::settings::Settings;
use crate::target::{Target, Unknown};
use crate::text::did_you_mean;

/// Whether a key that the format does not have is a fault at the target.
fn is_reported(unknown: &UnknownKey<'_>, target: &Target) -> bool {
    let known = known(unknown, target);
    // What other trainers keep beside an image's address is not known to be refused, unlike a slip in `url`.
    let passed_over = unknown.owner == Owner::ImageUrl || target.unknown_message_keys == Unknown::Ignored;
    !known.contains(&unknown.key) && (!passed_over || did_you_mean(unknown.key, known.iter().copied()).is_some())
}

/// Whether a key of a tool message that does not say which call it answers is meant to say that.
fn names_call(example: &Example<'_>, unknown: &UnknownKey<'_>) -> bool {
    let doc = example.doc;
    let is_id = |key: &str| ["id", "call_id", "tool_id", "tool_use_id", "toolCallId", "tool_call_id"].contains(&key);
    let mut ids = doc.members(unknown.owner_at).filter(|member| is_id(member.key));
    unknown.owner == Owner::Message
        && unknown.role == Some("tool")
        && ids.next().is_some_and(|id| id.key_at == unknown.at && doc.str(id.value).is_some())
        && ids.next().is_none()
}

/// Whether it is an error of a tool message that it says under another key which call it answers.
pub(super) fn has_misnamed_call(example: &Example<'_>, message: &Message<'_>, settings: &Settings) -> bool {
    let is_told = |unknown: &UnknownKey<'_>| names_call(example, unknown) && is_reported(unknown, settings.target);
    settings.severity(&unknown_message_key::RULE) == Some(Severity::Error)
        && example.unknown_keys_of(message).iter().any(is_told)
}

/// The keys that could stand there at the target.
fn known<'t>(unknown: &UnknownKey<'_>, target: &'t Target) -> &'t [&'static str] {
    match (unknown.owner, unknown.role) {
        (Owner::Message, Some(role)) if !target.keys_of(role).is_empty() => target.keys_of(role),
        (Owner::Input, _) => target.input_keys,
        _ => unknown.known,
    }
}

/// Where the line has `functions`, if the target has `tools` alone and reports other keys. What goes with them, such as
/// `function_call` and the role `function`, is the same mistake.
fn foreign_functions(example: &Example<'_>, target: &Target) -> Option<NodeId> {
    let is_reported = example.format == Format::Chat
        && target.unknown_keys != Unknown::Ignored
        && target.chat_keys.contains(&"tools")
        && !target.chat_keys.contains(&"functions");
    if is_reported { example.conversation.functions.at().and_then(|at| example.doc.key_of(at)) } else { None }
}

/// Whether the line is refused for its `functions`, so that what goes with them need not be.
fn has_refused_functions(example: &Example<'_>, target: &Target) -> bool {
    target.unknown_keys == Unknown::Refused && foreign_functions(example, target).is_some()
}

/// Whether all that a line of its format has to say is there. What lacks it may say it under a key that is not known,
/// so that none is dropped.
fn is_whole(example: &Example<'_>) -> bool {
    let says = |text: Field<&str>| text.value().is_some_and(|text| !text.trim_ascii().is_empty());
    let has_messages = !example.conversation.messages().is_empty();
    match example.format {
        Format::Chat | Format::Reinforcement => has_messages,
        Format::Completion => says(example.prompt) && says(example.answer().1),
        Format::Preference => has_messages && example.outputs().filter(|(_, output)| !output.is_empty()).count() == 2,
        Format::Unknown(_) => false,
    }
}

/// Whether a value is a conversation: a list of turns, whoever speaks in them.
fn is_conversation(example: &Example<'_>, value: NodeId) -> bool {
    let doc = example.doc;
    let is_turn = |turn: NodeId| ["role", "from", "speaker"].iter().any(|key| doc.get(turn, key).is_some());
    doc.kind(value) == Kind::Array && doc.elements(value).next().is_some_and(is_turn)
}
