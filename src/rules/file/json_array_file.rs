//! A file that is one JSON array.

use crate::finding::Severity;
use crate::rule::{At, Check, Fix, Record, Repair, Rule, Sample, Sink};
use crate::shape::Shape;
use crate::text::count;

/// FT003.
pub static RULE: Rule = Rule {
    code: "FT003",
    name: "json-array-file",
    level: Some(Severity::Error),
    summary: "The whole file is one JSON array instead of one object a line.",
    why: "The upload is refused: a .jsonl file has one JSON object on each line and nothing between them.",
    help: "Write one element a line: `jq -c '.[]' FILE`.",
    label: "an array starts here",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"[
  {"prompt":"2+2=","completion":" 4"},
  {"prompt":"3+3=","completion":" 6"}
]
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
{"prompt":"3+3=","completion":" 6"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    match record {
        Record::WholeFile(Shape::JsonArray { elements: Some(n) }) => {
            let elements = count(*n as u64, "element");
            sink.report(At::Line, format_args!("the file is one JSON array of {elements}, not JSON Lines"));
        }
        Record::WholeFile(Shape::JsonArray { elements: None }) => {
            sink.report(At::Line, format_args!("the file is one JSON array, not JSON Lines"));
        }
        _ => return,
    }
    sink.mend(Fix::Safe, || Repair::Rewrite);
}
