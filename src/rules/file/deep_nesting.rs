//! Brackets nested too deeply.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};

/// FT020.
pub static RULE: Rule = Rule {
    code: "FT020",
    name: "deep-nesting",
    level: Some(Severity::Error),
    summary: "Arrays or objects nested more than 128 levels deep.",
    why: "Parsers give up on it, and no training format needs it.",
    help: "Flatten the data.",
    label: "one level too many",
    fix: None,
    bad: Sample::Made(r#"{"metadata":[[[… 129 deep …]]]}"#, || {
        [b"{\"metadata\":".to_vec(), b"[".repeat(129), b"]".repeat(129), b"}\n".to_vec()].concat()
    }),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Broken(broken) = record
        && let Slip::DeepNesting { .. } = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
    }
}
