//! Several objects on one line.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT005.
pub static RULE: Rule = Rule {
    code: "FT005",
    name: "joined-lines",
    level: Some(Severity::Error),
    summary: "Several JSON objects on one line.",
    why: "The upload is refused: a line holds one object.",
    help: "Put a line break between the objects.",
    label: "another object starts here",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}{"prompt":"3+3=","completion":" 6"}
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
    if let Record::Broken(broken) = record
        && let Slip::JoinedRecords { .. } = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
        sink.undo(broken);
    }
}
