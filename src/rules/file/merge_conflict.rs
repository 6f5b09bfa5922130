//! A line that git left in an unresolved merge.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};

/// FT025.
pub static RULE: Rule = Rule {
    code: "FT025",
    name: "merge-conflict",
    level: Some(Severity::Error),
    summary: "The markers of an unresolved merge: <<<<<<<, =======, >>>>>>>.",
    why: "The upload is refused, and both versions of the examples are in the file.",
    help: "Resolve the conflict in git, and keep one side.",
    label: "left by a merge",
    bad: Sample::Text(
        r#"<<<<<<< HEAD
{"prompt":"2+2=","completion":" 4"}
=======
{"prompt":"2+2=","completion":" 4"}
>>>>>>> main
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
        && let Slip::MergeConflict = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
    }
}
