//! A parameter that must be there.

use super::misspelt;
use crate::example::Field;
use crate::finding::Severity;
use crate::request::{Request, Slot};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT705.
pub static RULE: Rule = Rule {
    code: "FT705",
    name: "missing-parameter",
    level: Some(Severity::Error),
    summary: "A required parameter is not there, or is empty.",
    why: "The API refuses a request without it.",
    help: "Add it.",
    label: "is not complete",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14"}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for missing in request.missing {
        let message = format_args!("{} has no `{}`", missing.owner, missing.key);
        match misspelt(request, missing) {
            // The misspelt key is reported, with what was meant.
            Some(unknown) if unknown.slot != Slot::Grader => {}
            Some(unknown) => {
                let help = || Some(format!("Rename {} to it.", quote(unknown.key.text)));
                sink.report_with(unknown.key.at, message, help);
            }
            None => sink.report_with(missing.at, message, || {
                (missing.key == "wandb")
                    .then(|| "Write it as {\"type\": \"wandb\", \"wandb\": {\"project\": …}}.".to_owned())
            }),
        }
    }
    for (name, field) in [("model", request.model), ("training_file", request.training_file)] {
        if let Field::Value(at, text) = field
            && text.trim().is_empty()
        {
            sink.report(at, format_args!("`{name}` is empty"));
        }
    }
}
