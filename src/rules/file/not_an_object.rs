//! A line that is JSON, but no object.

use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Check, Record, Rule, Sample, Sink};

/// FT002.
pub static RULE: Rule = Rule {
    code: "FT002",
    name: "not-an-object",
    level: Some(Severity::Error),
    summary: "A line that is JSON but not an object.",
    why: "The upload is refused: every line must be a JSON object.",
    help: "Wrap the value in an object of the format, such as {\"messages\": […]}.",
    label: "not an object",
    fix: None,
    bad: Sample::Text(
        r#"["prompt","completion"]
{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Value(doc) = record {
        let found = doc.kind(NodeId::ROOT).phrase();
        sink.report(NodeId::ROOT, format_args!("the line is {found}, not an object"));
    }
}
