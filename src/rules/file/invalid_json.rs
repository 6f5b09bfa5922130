//! A line that is not JSON, for a reason without a rule of its own.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};

/// FT001.
pub static RULE: Rule = Rule {
    code: "FT001",
    name: "invalid-json",
    level: Some(Severity::Error),
    summary: "A line that is not JSON.",
    why: "The upload is refused: every line must be a JSON object by itself.",
    help: "Write the file with a JSON library, one `json.dumps(example)` a line.",
    label: "not JSON from here",
    fix: None,
    bad: Sample::Text(r#"{"prompt":"a\d","completion":"b"}"#),
    good: Sample::Text(r#"{"prompt":"a\\d","completion":"b"}"#),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Broken(broken) = record
        && let Slip::Other { .. }
        | Slip::CutOff { .. }
        | Slip::NulBytes { .. }
        | Slip::BadEscape
        | Slip::EscapedRecord
        | Slip::Undefined
        | Slip::OddSpace { .. } = &broken.slip
    {
        sink.report_with(At::Line, format_args!("{}", broken.slip), || match broken.slip {
            Slip::Undefined => Some("Write null, or leave the key out, as `JSON.stringify(example)` does.".to_owned()),
            _ => None,
        });
    }
}
