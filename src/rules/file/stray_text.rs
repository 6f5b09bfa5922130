//! Text that is no record.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};
use crate::shape::Shape;

/// FT024.
pub static RULE: Rule = Rule {
    code: "FT024",
    name: "stray-text",
    level: Some(Severity::Error),
    summary: "Headings, prose, CSV or brackets instead of or between the examples.",
    why: "The upload is refused: every line must be a JSON object.",
    help: "Remove the text, or turn it into examples with a script.",
    label: "no JSON object",
    bad: Sample::Text(
        r#"Chapter one
The questions:
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
    let what = match record {
        Record::Broken(broken) if let Slip::StrayText | Slip::ArrayBracket = broken.slip => {
            sink.report(At::Line, format_args!("{}", broken.slip));
            return;
        }
        Record::WholeFile(Shape::Csv { delimiter: b'\t' }) => "a table (tab-separated)",
        Record::WholeFile(Shape::Csv { .. }) => "a table (CSV)",
        Record::WholeFile(Shape::Markup { what }) => what,
        Record::WholeFile(Shape::PlainText) => "plain text",
        _ => return,
    };
    sink.report(At::Line, format_args!("the file is {what}, not JSON Lines"));
}
