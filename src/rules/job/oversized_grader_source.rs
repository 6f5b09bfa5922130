//! The source of a grader that is too long.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::size;

/// FT737.
pub static RULE: Rule = Rule {
    code: "FT737",
    name: "oversized-grader-source",
    level: Some(Severity::Error),
    summary: "The source of a python grader of 256 kB or more.",
    why: "The service takes less than 256 kB of source.",
    help: "Shorten it: data does not belong in the source.",
    label: "too long",
    fix: None,
    bad: Sample::Made("(a request with a python grader whose source has 300,000 bytes)", || source(300_000)),
    good: Sample::Made("(the same with a short source)", || source(300)),
    check: Check::Job(check),
};

/// In bytes.
const MAX: usize = 256_000;

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for grader in request.graders {
        if let Field::Value(at, source) = grader.source
            && source.len() >= MAX
        {
            sink.report(
                at,
                format_args!("the source has {}; less than {} are taken", size(source.len() as u64), size(MAX as u64)),
            );
        }
    }
}

/// A request with a python grader of so many bytes.
fn source(bytes: usize) -> Vec<u8> {
    let source = "#".repeat(bytes);
    format!(
        r#"{{"model":"gpt-5-2025-08-07","training_file":"file-abc123","validation_file":"file-def456","method":{{"type":"reinforcement","reinforcement":{{"grader":{{"type":"python","name":"own","source":"{source}"}}}}}}}}
"#
    )
    .into_bytes()
}
