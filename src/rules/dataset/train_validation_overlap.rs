//! A validation example that is trained on.

use crate::dataset::Repeated;
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample};
use crate::text::{number, quote_file};

/// FT503.
pub static RULE: Rule = Rule {
    code: "FT503",
    name: "train-validation-overlap",
    level: Some(Severity::Error),
    summary: "An example of the validation file that stands in the training file as well.",
    why: "The same data must not be in both: what the model has seen tells nothing about how it does otherwise.",
    help: "Take it out of one of the two files.",
    label: "trained on",
    fix: None,
    bad: Sample::Described("a line of --validation FILE that stands in the training file"),
    good: Sample::Described("a line of --validation FILE that stands there alone"),
    check: Check::Overlap(check),
};

fn check(repeated: &Repeated<'_>) -> String {
    let line = number(repeated.first_line.unwrap_or(1));
    let file = repeated.first_file.map_or_else(|| "the same file".to_owned(), |file| quote_file(file).to_string());
    format!("the example is trained on: line {line} of {file}")
}
