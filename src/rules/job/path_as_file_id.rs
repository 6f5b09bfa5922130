//! A path instead of the id of a file.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT722.
pub static RULE: Rule = Rule {
    code: "FT722",
    name: "path-as-file-id",
    level: Some(Severity::Warning),
    summary: "A path where the API wants the id of an uploaded file.",
    why: "The API knows files by the ids that they got when they were uploaded.",
    help: "Upload the file, and put its id here before the request is sent.",
    label: "a path, not an id",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "data/train.jsonl"}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for (name, field) in [("training_file", request.training_file), ("validation_file", request.validation_file)] {
        if let Field::Value(at, file) = field
            && (file.contains(['/', '\\']) || ENDINGS.iter().any(|ending| file.ends_with(ending)))
        {
            sink.report(at, format_args!("`{name}` is the path {}", quote(file)));
        }
    }
}

const ENDINGS: &[&str] = &[".jsonl", ".json", ".ndjson", ".csv", ".txt", ".parquet"];
