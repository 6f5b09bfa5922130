//! Completions, preference and reinforcement lines: FT3xx.

pub mod empty_completion;
pub mod missing_completion;
