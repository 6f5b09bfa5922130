//! A git-lfs pointer instead of the data.

use crate::finding::Severity;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};
use crate::shape::Shape;
use crate::text::size;

/// FT026.
pub static RULE: Rule = Rule {
    code: "FT026",
    name: "lfs-pointer",
    level: Some(Severity::Error),
    summary: "A git-lfs pointer instead of the data.",
    why: "The data was never downloaded: the file holds only its address.",
    help: "Run `git lfs pull`.",
    label: "the address of the data",
    fix: None,
    bad: Sample::Text(
        r#"version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    match record {
        Record::WholeFile(Shape::LfsPointer { size: Some(bytes) }) => {
            sink.report(At::Line, format_args!("a git-lfs pointer to {} of data, not the data", size(*bytes)));
        }
        Record::WholeFile(Shape::LfsPointer { size: None }) => {
            sink.report(At::Line, format_args!("a git-lfs pointer, not the data"));
        }
        _ => {}
    }
}
