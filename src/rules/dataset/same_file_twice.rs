//! One file to train on and to validate with.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::quote;

/// FT506.
pub static RULE: Rule = Rule {
    code: "FT506",
    name: "same-file-twice",
    level: Some(Severity::Error),
    summary: "The validation file is the training file.",
    why: "What the model has seen tells nothing about how it does otherwise.",
    help: "Hold back some examples for a file of their own.",
    label: "trained on",
    fix: None,
    bad: Sample::Described("ftlint train.jsonl --validation train.jsonl"),
    good: Sample::Described("ftlint train.jsonl --validation valid.jsonl"),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    if let Some(other) = &facts.same_as {
        sink.report(None, format_args!("the file to validate with is {}, which is trained on", quote(other)));
    }
}
