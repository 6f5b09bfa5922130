//! NaN, Infinity and numbers beyond a double.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};

/// FT017.
pub static RULE: Rule = Rule {
    code: "FT017",
    name: "non-finite-number",
    level: Some(Severity::Error),
    summary: "NaN, Infinity, or a number that is too large.",
    why: "None of them is JSON. Python writes NaN for the empty cells of a data frame.",
    help: "Drop such rows before writing (`df.dropna()`), or write null where the format allows it.",
    label: "not a JSON number",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":NaN}
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
        && let Slip::NonFiniteNumber = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
    }
}
