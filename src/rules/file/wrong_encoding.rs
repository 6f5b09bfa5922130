//! A file in UTF-16 or UTF-32.

use crate::finding::Severity;
use crate::rule::{At, Check, Fix, Record, Repair, Rule, Sample, Sink};
use crate::shape::Shape;

/// FT009.
pub static RULE: Rule = Rule {
    code: "FT009",
    name: "wrong-encoding",
    level: Some(Severity::Error),
    summary: "The file is UTF-16 or UTF-32 text.",
    why: "The upload is refused: the file must be UTF-8. PowerShell's `>` writes UTF-16.",
    help: "Convert it with `iconv`, or have the program that wrote it write UTF-8.",
    label: "not UTF-8",
    fix: Some(Fix::Safe),
    bad: Sample::Bytes(b"\xff\xfe{\0\"\0a\0\"\0:\x001\0}\0\n\0", "(UTF-16) {\"a\":1}"),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    let (encoding, little_endian, bom, whole) = match *record {
        Record::WholeFile(&Shape::Utf16 { little_endian, bom, whole }) => ("UTF-16", little_endian, bom, whole),
        Record::WholeFile(&Shape::Utf32 { little_endian, bom, whole }) => ("UTF-32", little_endian, bom, whole),
        _ => return,
    };
    sink.report_with(At::Line, format_args!("the file is {encoding}, not UTF-8"), || {
        // Without a byte order mark the order has to be said, and with one it must not.
        let order = match (bom, little_endian) {
            (true, _) => "",
            (false, true) => "LE",
            (false, false) => "BE",
        };
        Some(match whole {
            true => format!("Convert it: `iconv -f {encoding}{order} -t UTF-8 FILE`."),
            false => format!(
                "Some bytes are no part of it, so look whether the file is damaged. `iconv -c -f {encoding}{order} -t UTF-8 \
                 FILE` leaves them out."
            ),
        })
    });
    if whole {
        sink.mend(Fix::Safe, || Repair::Rewrite);
    }
}
