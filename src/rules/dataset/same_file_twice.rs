//! One file for training and for validation.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::quote_file;

/// FT506.
pub static RULE: Rule = Rule {
    code: "FT506",
    name: "same-file-twice",
    level: Some(Severity::Error),
    summary: "The validation file is the training file, or a copy of it.",
    why: "What the model has seen tells nothing about how it does otherwise.",
    help: "Hold back some examples for a file of their own, and name it only after --validation.",
    label: "trained on",
    fix: None,
    bad: Sample::Described("ftlint train.jsonl --validation train.jsonl"),
    good: Sample::Described("ftlint train.jsonl --validation valid.jsonl"),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let Some(same) = facts.same_as.as_ref().filter(|same| same.overlaps) else { return };
    let other = quote_file(&same.name);
    if !same.is_copy {
        sink.report(None, format_args!("the validation file is {other}, which is trained on"));
    } else if facts.lines.examples > 0 {
        sink.report(None, format_args!("the validation file is a copy of {other}, which is trained on"));
    }
}
