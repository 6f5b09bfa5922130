//! A line that git left in an unresolved merge.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::count;

/// FT025.
pub static RULE: Rule = Rule {
    code: "FT025",
    name: "merge-conflict",
    level: Some(Severity::Error),
    summary: "The markers of an unresolved merge: <<<<<<<, =======, >>>>>>>.",
    why: "The upload is refused, and both versions of the examples are in the file.",
    help: "Resolve the conflict in git, and keep one side.",
    label: "left by a merge",
    fix: None,
    bad: Sample::Text(
        r#"<<<<<<< HEAD
{"prompt":"2+2=","completion":" 4"}
=======
{"prompt":"3+3=","completion":" 6"}
>>>>>>> main
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    // A merge leaves three markers or more, and a file is mostly resolved as a whole.
    if let Some(markers) = &facts.lines.merge_markers {
        let found = count(markers.count, "marker");
        sink.report(Some(&markers.first), format_args!("{found} of an unresolved merge"));
    }
}
