//! A file that is not called .jsonl.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::shape::Shape;
use crate::text::{list, quote};

/// FT012.
pub static RULE: Rule = Rule {
    code: "FT012",
    name: "wrong-extension",
    level: Some(Severity::Warning),
    summary: "The name of the file does not end in .jsonl.",
    why: "The fine-tuning API takes .jsonl files only.",
    help: "Rename the file to end in .jsonl.",
    label: "",
    fix: None,
    bad: Sample::Described("train.txt"),
    good: Sample::Described("train.jsonl"),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let known = sink.target().extensions;
    if let Some(extension) = &facts.extension
        && !known.iter().any(|known| extension.eq_ignore_ascii_case(known))
        && facts.shape == Shape::JsonLines
        && facts.lines.records > 0
    {
        let dotted: Vec<String> = known.iter().map(|extension| format!(".{extension}")).collect();
        let expected = list(dotted.iter().map(String::as_str), "or");
        if extension.is_empty() {
            sink.report(None, format_args!("the file's name has no extension; it must end in {expected}"));
        } else {
            let found = format!(".{extension}");
            sink.report(None, format_args!("the file's name ends in {}, not in {expected}", quote(&found)));
        }
    }
}
