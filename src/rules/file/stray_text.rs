//! Text that is no record.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};
use crate::shape::Shape;

/// FT024.
pub static RULE: Rule = Rule {
    code: "FT024",
    name: "stray-text",
    level: Some(Severity::Error),
    summary: "Headings, prose, CSV or brackets instead of or between the examples.",
    why: "The upload is refused: every line must be a JSON object.",
    help: "Remove it, or turn it into examples, each an object on a line of its own.",
    label: "no JSON object",
    fix: Some(Fix::Unsafe),
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
    let (what, help) = match record {
        Record::Broken(broken) if let Slip::StrayText | Slip::ArrayBracket = broken.slip => {
            sink.report(At::Line, format_args!("{}", broken.slip));
            sink.undo(broken);
            return;
        }
        Record::Broken(broken) if broken.slip == Slip::Fragment => {
            sink.report_with(At::Line, format_args!("{}", broken.slip), || Some(FRAGMENT.to_owned()));
            return;
        }
        Record::WholeFile(Shape::Csv { delimiter: b'\t' }) => ("a table (tab-separated)", Some(TABLE)),
        Record::WholeFile(Shape::Csv { .. }) => ("a table (CSV)", Some(TABLE)),
        Record::WholeFile(Shape::Markup { what }) => (*what, None),
        Record::WholeFile(Shape::PlainText) => ("plain text", None),
        _ => return,
    };
    let message = format_args!("the file is {what}, not JSON Lines");
    sink.report_with(At::Line, message, || help.map(str::to_owned));
}

const FRAGMENT: &str = "Put the record together again, or write the file with a JSON library.";

const TABLE: &str = "Turn each row into an object of the format, and write one a line.";
