//! Completions, preference and reinforcement lines: FT3xx.

pub mod empty_completion;
pub mod identical_outputs;
pub mod inconsistent_item_keys;
pub mod last_message_not_user;
pub mod missing_completion;
pub mod missing_leading_space;
pub mod missing_preference_output;
pub mod missing_separator;
pub mod missing_stop_sequence;
pub mod preference_output_count;
pub mod repeated_prefix;
pub mod system_in_reinforcement;
