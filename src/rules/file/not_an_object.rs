//! A line that is JSON, but no object.

use crate::finding::Severity;
use crate::json::encoded::{Encoded, encoded, on_one_line};
use crate::json::{Doc, Kind, NodeId};
use crate::rule::{Change, Check, Fix, Record, Repair, Rule, Sample, Sink};

/// FT002.
pub static RULE: Rule = Rule {
    code: "FT002",
    name: "not-an-object",
    level: Some(Severity::Error),
    summary: "A line that is JSON but not an object.",
    why: "The upload is refused: every line must be a JSON object.",
    help: "Remove the line, or write an example in its place: an object such as {\"messages\": […]}.",
    label: "not an object",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#""{\"prompt\":\"2+2=\",\"completion\":\" 4\"}"
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
        match doc.str(NodeId::ROOT).and_then(|text| Some((text, encoded(text)?))) {
            Some((text, Encoded::Object)) => check_twice(text, sink),
            Some((_, Encoded::Python)) => {
                let message = format_args!("the line is a string that holds a Python object, not an object");
                sink.report_with(NodeId::ROOT, message, || Some(PYTHON.to_owned()));
            }
            _ => check_other(doc, sink),
        }
    }
}

/// `json.dumps(json.dumps(example))`
fn check_twice(text: &str, sink: &mut Sink<'_>) {
    let message = format_args!("the line is encoded twice: a JSON string that holds the object");
    sink.report_with(NodeId::ROOT, message, || Some(TWICE.to_owned()));
    sink.mend(Fix::Safe, || Repair::Change(vec![Change::Replace(NodeId::ROOT, on_one_line(text))]));
}

fn check_other(doc: &Doc<'_>, sink: &mut Sink<'_>) {
    let found = doc.kind(NodeId::ROOT).phrase();
    sink.report_with(NodeId::ROOT, format_args!("the line is {found}, not an object"), || help(doc).map(str::to_owned));
}

/// What to do with what is no object; `None` if the rule's own help fits.
fn help(doc: &Doc<'_>) -> Option<&'static str> {
    match doc.kind(NodeId::ROOT) {
        Kind::Array => match doc.elements(NodeId::ROOT).next() {
            Some(first) if doc.kind(first) != Kind::Object => None,
            Some(first) if doc.get(first, "role").is_some() => Some(MESSAGES),
            Some(_) => Some(LIST),
            None => Some(NOTHING),
        },
        Kind::Null => Some(NOTHING),
        _ => None,
    }
}

const TWICE: &str = "Write what the string holds: `json.dumps(example)`, not `json.dumps(json.dumps(example))`.";
const MESSAGES: &str = "Wrap the messages in an object: {\"messages\": […]}.";
const LIST: &str = "Write each object of the list on a line of its own, without the brackets around them.";
const NOTHING: &str = "Remove the line: there is nothing in it.";
const PYTHON: &str = "Write the line with `json.dumps(example)`, not `json.dumps(str(example))`.";
