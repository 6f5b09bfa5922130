//! Rules about the examples of all files together.

pub mod duplicate_example;
pub mod same_file_twice;
pub mod train_validation_overlap;
