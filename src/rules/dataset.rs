//! Rules about the examples of all files together.

pub mod conflicting_answers;
pub mod dominant_answer;
pub mod duplicate_example;
pub mod inconsistent_system_prompt;
pub mod near_duplicate;
pub mod same_file_twice;
pub mod train_validation_overlap;
pub mod validation_prompt_overlap;

use crate::text::{number, quote_file};

/// `line 12`, with its file if that is another one.
pub(super) fn line_of(file: Option<&str>, line: u64) -> String {
    match file {
        Some(file) => format!("line {} of {}", number(line), quote_file(file)),
        None => format!("line {}", number(line)),
    }
}

/// `a, b and c` of phrases.
fn join(phrases: &[String]) -> String {
    match phrases {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
