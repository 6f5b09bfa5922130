//! A file with so few examples that little will change.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::shape::Shape;
use crate::text::count;

/// FT407.
pub static RULE: Rule = Rule {
    code: "FT407",
    name: "few-examples",
    level: Some(Severity::Warning),
    summary: "Fewer than 50 examples.",
    why: "Improvements are mostly seen from 50 to 100 good examples on.",
    help: "Add examples, or expect little.",
    label: "",
    fix: None,
    bad: Sample::Made("(49 examples)", || crate::rules::examples(49)),
    good: Sample::Made("(50 examples)", || crate::rules::examples(50)),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let (found, target) = (facts.lines.records, sink.target());
    if facts.shape == Shape::JsonLines
        && found >= target.examples(facts.lines.format()).0
        && found < target.recommended_examples
    {
        let least = target.recommended_examples;
        sink.report(None, format_args!("{}; {least} or more are recommended", count(found, "example")));
    }
}
