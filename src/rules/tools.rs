//! Tools and their calls: FT2xx.

pub mod arguments_mismatch;
pub mod arguments_not_object;
pub mod arguments_not_string;
pub mod double_encoded_arguments;
pub mod duplicate_tool_call_id;
pub mod duplicate_tool_name;
pub mod empty_tool_calls;
pub mod inconsistent_tool;
pub mod invalid_arguments_json;
pub mod invalid_parameters_schema;
pub mod invalid_strict_schema;
pub mod invalid_tool_call_id;
pub mod invalid_tool_name;
pub mod missing_parameter_description;
pub mod missing_tool_call_id;
pub mod orphan_tool_message;
pub mod parallel_call_not_allowed;
pub mod too_many_tools;
pub mod tools_and_functions;
pub mod unanswered_tool_call;
pub mod undeclared_tool;
pub mod unknown_tool_type;
pub mod unused_tool;

use crate::example::{Example, Message};
use crate::target::Target;

/// Whether the calls of a message may have no id: those of the last one, which none answers.
fn may_lack_id(example: &Example<'_>, message: &Message<'_>, target: &Target) -> bool {
    let last = example.conversation.messages().last();
    target.last_calls_without_id && last.is_some_and(|last| last.at == message.at)
}
