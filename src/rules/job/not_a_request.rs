//! What is no request.

use crate::finding::Severity;
use crate::json::NodeId;
use crate::request::{Other, Request};
use crate::rule::{Check, Rule, Sample, Sink};

/// FT701.
pub static RULE: Rule = Rule {
    code: "FT701",
    name: "not-a-request",
    level: Some(Severity::Error),
    summary: "JSON that is no request for a job.",
    why: "The API takes one JSON object with `model` and `training_file`.",
    help: "Give the body of the request that creates the job.",
    label: "no request",
    fix: None,
    bad: Sample::Text(
        r#"[{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}]
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    match request.other {
        None => {}
        Some(Other::Value(kind)) => {
            sink.report(NodeId::ROOT, format_args!("the request is {}, not an object", kind.phrase()));
        }
        Some(Other::Answer) => {
            let help = || Some("Read it with `ftlint job --from FILE`.".to_owned());
            sink.report_with(NodeId::ROOT, format_args!("this is what the API returned, not a request"), help);
        }
        Some(Other::Example) => {
            let help = || Some("Lint it with `ftlint FILE`; `ftlint job` reads the request for a job.".to_owned());
            sink.report_with(NodeId::ROOT, format_args!("this is a line of training data, not a request"), help);
        }
    }
}
