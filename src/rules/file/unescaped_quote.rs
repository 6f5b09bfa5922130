//! A quote inside a string without a backslash.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT021.
pub static RULE: Rule = Rule {
    code: "FT021",
    name: "unescaped-quote",
    level: Some(Severity::Error),
    summary: "A double quote inside a string that is not escaped.",
    why: "The upload is refused: the string ends at that quote.",
    help: "Write it as \\\" or write the file with a JSON library.",
    label: "ends the string",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{"prompt":"say "hi" to me","completion":" hi"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"say \"hi\" to me","completion":" hi"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Broken(broken) = record
        && let Slip::UnescapedQuote { .. } | Slip::DoubledQuote { .. } = &broken.slip
    {
        sink.report_with(At::Line, format_args!("{}", broken.slip), || match broken.slip {
            Slip::DoubledQuote { .. } => {
                Some("Write each two as one \\\", or write the file with a JSON library.".to_owned())
            }
            _ => None,
        });
        sink.undo(broken);
    }
}
