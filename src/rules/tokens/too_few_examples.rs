//! A file with too few examples.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::shape::Shape;
use crate::text::count;

/// FT403.
pub static RULE: Rule = Rule {
    code: "FT403",
    name: "too-few-examples",
    level: Some(Severity::Error),
    summary: "Fewer examples than the provider needs.",
    why: "The job fails: a training file must have a minimum of examples.",
    help: "Add examples.",
    label: "",
    fix: None,
    bad: Sample::Made("(9 examples)", || crate::rules::examples(9)),
    good: Sample::Made("(50 examples)", || crate::rules::examples(50)),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let (found, target) = (facts.lines.records, sink.target());
    // A file that is not JSON Lines, or in no format, has one fault, and that is not the number of its examples. Nor is it
    // known of shapes that are not linted how many are needed.
    let Some(format) = facts.lines.format() else { return };
    let (least, _) = target.examples(Some(format));
    if facts.shape == Shape::JsonLines && found < least {
        let name = target.name;
        sink.report(None, format_args!("{}; {name} needs at least {least}", count(found, "example")));
    }
}
