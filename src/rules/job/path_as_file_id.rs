//! A path instead of the id of a file.

use std::path::Path;

use crate::example::Field;
use crate::finding::Severity;
use crate::request::{Request, is_path};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote_file;

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
    let files = [
        ("training_file", request.training_file, request.training),
        ("validation_file", request.validation_file, request.validation),
    ];
    for (name, field, data) in files {
        let Field::Value(at, file) = field else { continue };
        if !is_path(file) {
            continue;
        }
        let quoted = quote_file(file);
        if data.is_some_and(|data| is_found(file, data.name)) {
            let help =
                || Some("Before the request is sent, upload the file and put the id that it gets here.".to_owned());
            let message = format_args!("`{name}` is the path {quoted}: its data were linted, but the API takes an id");
            sink.report_with(at, message, help);
        } else {
            sink.report(at, format_args!("`{name}` is the path {quoted}"));
        }
    }
}

/// Whether the data that were read are those of this path, and not of a flag.
fn is_found(file: &str, read: &str) -> bool {
    let file = file.trim_start_matches("./");
    !file.is_empty() && Path::new(read).ends_with(file)
}
