//! A comma, colon, quote or bracket that is not there, or is there twice.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT022.
pub static RULE: Rule = Rule {
    code: "FT022",
    name: "missing-punctuation",
    level: Some(Severity::Error),
    summary: "A comma, colon, quote or bracket that is missing or stands twice.",
    why: "The upload is refused: the line is not JSON.",
    help: "Mend the line here, or write the file with a JSON library.",
    label: "not JSON from here",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{"prompt":"2+2=" "completion":" 4"}
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
        && let Slip::MissingPunctuation { .. } | Slip::ExtraPunctuation { .. } | Slip::UnquotedKey | Slip::CsvQuoted =
            &broken.slip
    {
        sink.report_with(At::Line, format_args!("{}", broken.slip), || match broken.slip {
            Slip::CsvQuoted => Some(CSV.to_owned()),
            _ => None,
        });
        sink.undo(broken);
    }
}

const CSV: &str = "Remove one level of CSV quoting: the quotes around the record, and one of each two that are left.";
