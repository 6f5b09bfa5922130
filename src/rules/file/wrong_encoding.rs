//! A file in UTF-16 or UTF-32.

use crate::finding::Severity;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};
use crate::shape::Shape;

/// FT009.
pub static RULE: Rule = Rule {
    code: "FT009",
    name: "wrong-encoding",
    level: Some(Severity::Error),
    summary: "The file is UTF-16 or UTF-32 text.",
    why: "The upload is refused: the file must be UTF-8. PowerShell's `>` writes UTF-16.",
    help: "Convert it: `iconv -f UTF-16 -t UTF-8 FILE`, or in PowerShell `Out-File -Encoding utf8`.",
    label: "",
    bad: Sample::Bytes(b"\xff\xfe{\0\"\0a\0\"\0:\x001\0}\0\n\0", "(UTF-16) {\"a\":1}"),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    let encoding = match record {
        Record::WholeFile(Shape::Utf16 { .. }) => "UTF-16",
        Record::WholeFile(Shape::Utf32 { .. }) => "UTF-32",
        _ => return,
    };
    sink.report(At::Line, format_args!("the file is {encoding}, not UTF-8"));
}
