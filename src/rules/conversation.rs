//! Messages and what they say: FT1xx.

pub mod content_part_not_object;
pub mod deprecated_functions;
pub mod developer_role;
pub mod empty_content;
pub mod empty_messages;
pub mod image_from_assistant;
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
pub mod repeated_role;
pub mod special_token;
pub mod system_not_first;
pub mod unknown_content_part;
pub mod unknown_format;
pub mod unknown_key;
pub mod unknown_message_key;
pub mod unknown_role;
pub mod untrained_example;
pub mod wrong_type;
