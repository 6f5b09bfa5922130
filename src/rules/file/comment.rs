//! A comment.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT023.
pub static RULE: Rule = Rule {
    code: "FT023",
    name: "comment",
    level: Some(Severity::Error),
    summary: "A comment: //, # or /* */.",
    why: "The upload is refused: JSON has no comments.",
    help: "Remove the comment.",
    label: "JSON has no comments",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"// greetings
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
    if let Record::Broken(broken) = record
        && let Slip::Comment = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
        sink.undo(broken);
    }
}
