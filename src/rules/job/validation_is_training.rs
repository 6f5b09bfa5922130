//! One file for training and for validation.

use crate::example::Field;
use crate::finding::Severity;
use crate::json::NodeId;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote_file;

/// FT720.
pub static RULE: Rule = Rule {
    code: "FT720",
    name: "validation-is-training",
    level: Some(Severity::Error),
    summary: "The training file is the validation file too.",
    why: "The same data should not be in both: validation then says nothing about new questions.",
    help: "Hold some examples back and validate with those.",
    label: "the file that is trained on",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "validation_file": "file-abc123"}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "validation_file": "file-def456"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    if let Field::Value(at, file) = request.validation_file
        && !file.is_empty()
        && request.training_file.value() == Some(file)
    {
        sink.report(at, format_args!("{} is trained on and validated with", quote_file(file)));
    } else if let (Some(training), Some(validation)) = (request.training, request.validation)
        && std::ptr::eq(training.facts, validation.facts)
    {
        // Whatever the request calls them, what was read for both is one file.
        let at = request.validation_file.at().or(request.training_file.at()).unwrap_or(NodeId::ROOT);
        sink.report(at, format_args!("{} is trained on and validated with", training.quoted()));
    }
}
