//! A control character inside a string that is not escaped.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT019.
pub static RULE: Rule = Rule {
    code: "FT019",
    name: "raw-control-character",
    level: Some(Severity::Error),
    summary: "An unescaped tab, line break or other control character inside a string.",
    why: "The upload is refused: in JSON they must be written as \\t, \\n or \\u00XX. A raw line break also tears the record into lines that mean nothing.",
    help: "Remove the character, or write the file with a JSON library, which escapes it.",
    label: "not escaped",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"prompt":"2+2=	","completion":" 4"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=\t","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Broken(broken) = record
        && let Slip::RawControl { .. } | Slip::SpansLines { raw_break_in_string: true } = &broken.slip
    {
        sink.report_with(At::Line, format_args!("{}", broken.slip), || match broken.slip {
            Slip::SpansLines { .. } => {
                Some("Join the lines and write the break as \\n, or write the file with a JSON library.".to_owned())
            }
            Slip::RawControl { byte: b'\t' } => {
                Some("Write it as \\t, or write the file with a JSON library.".to_owned())
            }
            _ => None,
        });
        sink.undo(broken);
    }
}
