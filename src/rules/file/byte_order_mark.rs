//! A byte order mark.

use crate::finding::Severity;
use crate::rule::{At, Check, Fix, Record, Repair, Rule, Sample, Sink};

/// FT007.
pub static RULE: Rule = Rule {
    code: "FT007",
    name: "byte-order-mark",
    level: Some(Severity::Warning),
    summary: "A UTF-8 byte order mark at the start of the file.",
    why: "Python reads it as a part of the first line, which then is not JSON.",
    help: "Save the file as UTF-8 without BOM (in Python: encoding=\"utf-8\").",
    label: "byte order mark",
    fix: Some(Fix::Safe),
    bad: Sample::Bytes(
        b"\xef\xbb\xbf{\"prompt\":\"2+2=\",\"completion\":\" 4\"}\n",
        "(bytes EF BB BF){\"prompt\":\"2+2=\",\"completion\":\" 4\"}",
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::ByteOrderMark = record {
        sink.report(At::Line, format_args!("the file starts with a byte order mark"));
        sink.mend(Fix::Safe, || Repair::Drop);
    }
}
