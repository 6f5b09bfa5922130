//! An object that is spread over several lines.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Repair, Rule, Sample, Sink};
use crate::shape::Shape;
use crate::text::count;

/// FT004.
pub static RULE: Rule = Rule {
    code: "FT004",
    name: "multi-line-json",
    level: Some(Severity::Error),
    summary: "A JSON object spread over several lines (pretty-printed).",
    why: "The upload is refused: each line is read by itself, and a part of an object is not JSON.",
    help: "Write each object on one line: `jq -c . FILE`.",
    label: "goes on in the next line",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"prompt":"2+2=",
 "completion":" 4"}
{"prompt":"3+3=","completion":" 6"}
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
        Record::WholeFile(Shape::PrettyJson { records: Some(1) }) => {
            sink.report(At::Line, format_args!("the file is one object spread over its lines, not JSON Lines"));
        }
        Record::WholeFile(Shape::PrettyJson { records: Some(n) }) => {
            let objects = count(*n as u64, "object");
            sink.report(At::Line, format_args!("{objects} spread over several lines each, not JSON Lines"));
        }
        Record::WholeFile(Shape::PrettyJson { records: None }) => {
            sink.report(At::Line, format_args!("objects are spread over several lines each: not JSON Lines"));
        }
        Record::Broken(broken) if let Slip::SpansLines { raw_break_in_string: false } = broken.slip => {
            sink.report(At::Line, format_args!("{}", broken.slip));
            sink.undo(broken);
        }
        _ => return,
    }
    if let Record::WholeFile(_) = record {
        sink.mend(Fix::Safe, || Repair::Rewrite);
    }
}
