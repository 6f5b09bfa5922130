//! Bytes that are not UTF-8.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};

/// FT008.
pub static RULE: Rule = Rule {
    code: "FT008",
    name: "invalid-utf8",
    level: Some(Severity::Error),
    summary: "Bytes that are not UTF-8.",
    why: "The upload is refused: the file must be UTF-8. Such bytes are mostly Latin-1 or Windows-1252 text, or a character cut in half.",
    help: "Write the file as UTF-8; of text from Windows: `iconv -f WINDOWS-1252 -t UTF-8`.",
    label: "not UTF-8",
    fix: None,
    bad: Sample::Bytes(
        b"{\"prompt\":\"caf\xe9\",\"completion\":\" 4\"}\n",
        "{\"prompt\":\"caf(byte E9)\",\"completion\":\" 4\"}",
    ),
    good: Sample::Text(
        r#"{"prompt":"café","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Broken(broken) = record
        && let Slip::InvalidUtf8 = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
    }
}
