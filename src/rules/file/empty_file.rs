//! A file without an example.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::shape::Shape;

/// FT011.
pub static RULE: Rule = Rule {
    code: "FT011",
    name: "empty-file",
    level: Some(Severity::Error),
    summary: "The file has no example at all.",
    why: "There is nothing to train on, and the upload is refused.",
    help: "Check the script that wrote the file.",
    label: "",
    fix: None,
    bad: Sample::Text(
        r#"
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let lines = &facts.lines;
    let empty = match facts.shape {
        Shape::Empty => true,
        Shape::JsonLines => lines.records == 0 && lines.stray == 0,
        _ => false,
    };
    if empty {
        let what = if facts.size == 0 { "is empty" } else { "holds nothing but white space" };
        sink.report(None, format_args!("the file {what}"));
    }
}
