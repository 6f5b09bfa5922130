//! FT8xx: text that trains, but hardly as meant.

pub mod boilerplate_refusal;
pub mod garbled_text;
pub mod html_entity;
mod markup;
pub mod placeholder_text;
pub mod repeated_text;
pub mod surrounding_space;
pub mod unfinished_answer;

use crate::example::{Example, Features, Format, Message};
use crate::json::NodeId;

/// The texts that are trained on: of assistants, and completions.
fn answers<'a>(example: &Example<'a>) -> impl Iterator<Item = (NodeId, &'a str)> + use<'a> {
    let messages = example.messages().filter(|message| message.is("assistant")).flat_map(Message::texts);
    messages.chain(completion(example))
}

/// The completion of a line in that format.
fn completion<'a>(example: &Example<'a>) -> Option<(NodeId, &'a str)> {
    let completion = example.completion.at().zip(example.completion.value());
    completion.filter(|_| example.format == Format::Completion && example.features.intersects(Features::COMPLETION))
}
