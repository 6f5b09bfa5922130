//! A file that is one JSON array.

use crate::finding::Severity;
use crate::rule::{At, Check, Fix, Record, Repair, Rule, Sample, Sink};
use crate::shape::{ArrayFault, Shape};
use crate::text::{count, number};

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
            if *n == 0 {
                return;
            }
        }
        Record::WholeFile(Shape::JsonArray { elements: None }) => {
            sink.report(At::Line, format_args!("the file is one JSON array, not JSON Lines"));
        }
        Record::WholeFile(Shape::TornArray { fault }) => return check_torn(fault, sink),
        _ => return,
    }
    sink.mend(Fix::Safe, || Repair::Rewrite);
}

/// An array that only a person can read, or we can.
fn check_torn(fault: &ArrayFault, sink: &mut Sink<'_>) {
    let (elements, what, help) = match fault {
        ArrayFault::Unclosed { elements } => (*elements, "without its closing bracket", UNCLOSED),
        ArrayFault::TrailingComma { elements } => (*elements, "with a comma before its end", TRAILING_COMMA),
        ArrayFault::Broken { reason, line } => {
            let line = number(*line);
            let message =
                format_args!("the file is one JSON array, not JSON Lines, and broken: {reason} in line {line}");
            let help = || Some(format!("Mend line {line} first. Then {ONE_A_LINE}"));
            return sink.report_with(At::Line, message, help);
        }
    };
    let elements = count(elements as u64, "element");
    let message = format_args!("the file is one JSON array of {elements} {what}, not JSON Lines");
    sink.report_with(At::Line, message, || Some(format!("{help} {ONE_A_LINE}")));
    // Of a file that was cut off the missing bracket is the last sign.
    let is_cut = matches!(fault, ArrayFault::Unclosed { .. });
    sink.mend(if is_cut { Fix::Unsafe } else { Fix::Safe }, || Repair::Rewrite);
}

const UNCLOSED: &str = "Look whether the end of the file is lost. If not, write `]` there. Then";
const TRAILING_COMMA: &str = "Remove the last comma. Then";
const ONE_A_LINE: &str = "write one element a line: `jq -c '.[]' FILE`.";
