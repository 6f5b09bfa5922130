//! A job that trains on more tokens than the provider takes.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, number};
use crate::training::Training;

/// FT405.
pub static RULE: Rule = Rule {
    code: "FT405",
    name: "too-many-tokens",
    level: Some(Severity::Error),
    summary: "More tokens times epochs than the provider takes in a job.",
    why: "The job fails, or is never started.",
    help: "Ask for fewer epochs, or split the file.",
    label: "",
    fix: None,
    bad: Sample::Described("(a file whose tokens times its epochs are over the provider's limit)"),
    good: Sample::Described("(a file whose tokens times its epochs are within it)"),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let Some(limit) = sink.target().max_job_tokens else { return };
    let training = Training::of(&facts.lines.tokens, sink.settings());
    if training.billed > limit {
        let (found, limit) = (number(training.billed), number(limit));
        let (epochs, name) = (count(training.epochs, "epoch"), sink.target().name);
        sink.report(None, format_args!("{found} tokens in {epochs}; {name} takes {limit}"));
    }
}
