//! The tokens of an example: its texts and what the chat format adds to them.

use super::Counter;
use crate::example::{Arguments, Example, Field, FunctionCall, Message};

/// The tokens of one example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExampleTokens {
    /// All of them, as they are billed.
    pub total: u64,
    /// Those of the answers that are trained.
    pub answers: u64,
}

/// What every message costs besides its texts.
const PER_MESSAGE: u64 = 3;
/// What a name costs besides its text.
const PER_NAME: u64 = 1;
/// What a call costs besides the function's name and arguments.
const PER_CALL: u64 = 3;

/// Counts the tokens of an example.
pub fn count(example: &Example<'_>, counter: &mut Counter) -> ExampleTokens {
    let mut tokens = ExampleTokens::default();
    let mut text = |text: &str| counter.count(text) as u64;
    for prompt in [example.prompt, example.completion] {
        tokens.total += prompt.value().map_or(0, &mut text);
    }
    tokens.answers += example.completion.value().map_or(0, &mut text);
    for message in example.messages() {
        let message_tokens = count_message(message, counter);
        tokens.total += message_tokens;
        if message.is("assistant") && !has_weight_zero(example, message) {
            tokens.answers += message_tokens;
        }
    }
    tokens
}

fn has_weight_zero(example: &Example<'_>, message: &Message<'_>) -> bool {
    message.weight.at().and_then(|at| example.doc.number(at)) == Some(0.0)
}

fn count_message(message: &Message<'_>, counter: &mut Counter) -> u64 {
    let mut text = |text: &str| counter.count(text) as u64;
    let mut tokens = PER_MESSAGE + message.role().map_or(0, &mut text);
    tokens += message.texts().map(|(_, part)| text(part)).sum::<u64>();
    for field in [message.refusal, message.name] {
        tokens += field.value().map_or(0, &mut text);
    }
    if message.name.value().is_some() {
        tokens += PER_NAME;
    }
    tokens + message.calls().map(|call| count_call(call, counter)).sum::<u64>()
}

fn count_call(call: &FunctionCall<'_>, counter: &mut Counter) -> u64 {
    let name = if let Field::Value(_, name) = call.name { name } else { "" };
    let arguments = if let Arguments::Text(_, text, _) = call.arguments { text } else { "" };
    PER_CALL + counter.count(name) as u64 + counter.count(arguments) as u64
}
