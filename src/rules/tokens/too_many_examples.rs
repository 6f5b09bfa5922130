//! A file with too many examples.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::shape::Shape;
use crate::text::{count, number};

/// FT404.
pub static RULE: Rule = Rule {
    code: "FT404",
    name: "too-many-examples",
    level: Some(Severity::Error),
    summary: "More examples than the provider takes.",
    why: "The job fails: neither training files nor validation files may have more.",
    help: "Leave examples out, or split the file into several jobs.",
    label: "",
    fix: None,
    bad: Sample::Described("(50,001 lines for reinforcement)"),
    good: Sample::Described("(50,000 lines for reinforcement)"),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let (found, target) = (facts.lines.records, sink.target());
    let format = facts.lines.format();
    let validates = sink.settings().validation;
    let most = if validates { target.most_to_validate(format) } else { target.examples(format).1 };
    if facts.shape == Shape::JsonLines
        && let Some(most) = most.filter(|&most| found > most)
    {
        let (name, most) = (target.name, number(most));
        let purpose = if validates { " for validation" } else { "" };
        sink.report(None, format_args!("{}; {name} takes up to {most}{purpose}", count(found, "example")));
    }
}
