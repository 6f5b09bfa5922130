//! Curly quotes around keys and values.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT018.
pub static RULE: Rule = Rule {
    code: "FT018",
    name: "smart-quote",
    level: Some(Severity::Error),
    summary: "Curly quotes where JSON wants straight ones.",
    why: "The upload is refused. Word processors and chat programs turn straight quotes into curly ones; inside of text they are fine.",
    help: "Replace the quotes around keys and values by straight ones (\").",
    label: "a curly quote",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{“prompt”:“2+2=”,“completion”:“ 4”}
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
        && let Slip::SmartQuote { .. } = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
        sink.undo(broken);
    }
}
