//! Limits, tokens and cost: FT4xx.

pub mod few_examples;
pub mod too_few_examples;
