//! A file that is no text.

use crate::finding::Severity;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};
use crate::shape::Shape;

/// FT028.
pub static RULE: Rule = Rule {
    code: "FT028",
    name: "binary-file",
    level: Some(Severity::Error),
    summary: "The file is compressed, packed or otherwise no text.",
    why: "The upload is refused: the file must be plain JSON Lines.",
    help: "Unpack or convert it first.",
    label: "not text",
    fix: None,
    bad: Sample::Bytes(b"PAR1\x15\x04\x15\x10", "(a Parquet file)"),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::WholeFile(Shape::Binary { what }) = record {
        sink.report(At::Line, format_args!("the file is {what}, not text"));
    }
}
