//! Half of a surrogate pair.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};

/// FT016.
pub static RULE: Rule = Rule {
    code: "FT016",
    name: "lone-surrogate",
    level: Some(Severity::Error),
    summary: "An escaped surrogate such as \\ud800 without its other half.",
    why: "It is no character, so the text cannot be written as UTF-8; most parsers refuse the line. A string was cut in the middle of an emoji.",
    help: "Remove the half, or restore the whole character.",
    label: "half a character",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"\ud83d","completion":" 4"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"\ud83d\ude00","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Broken(broken) = record
        && let Slip::LoneSurrogate = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
    }
}
