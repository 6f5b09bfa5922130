//! A comma with nothing behind it.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT015.
pub static RULE: Rule = Rule {
    code: "FT015",
    name: "trailing-comma",
    level: Some(Severity::Error),
    summary: "A comma before a closing bracket or behind the object.",
    why: "The upload is refused: JSON allows no comma there.",
    help: "Remove the comma.",
    label: "one comma too many",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4",}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Broken(broken) = record
        && let Slip::TrailingComma { .. } = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
        sink.undo(broken);
    }
}
