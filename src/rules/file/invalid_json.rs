//! A line that is not JSON, for a reason without a rule of its own.

use crate::finding::Severity;
use crate::json::syntax::{BYTE_ORDER_MARK, Slip};
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT001.
pub static RULE: Rule = Rule {
    code: "FT001",
    name: "invalid-json",
    level: Some(Severity::Error),
    summary: "A line that is not JSON.",
    why: "The upload is refused: every line must be a JSON object by itself.",
    help: "Write the file with a JSON library, one `json.dumps(example)` a line.",
    label: "not JSON from here",
    fix: Some(Fix::Safe),
    bad: Sample::Bytes(
        b"{\"prompt\":\"2+2=\",\xc2\xa0\"completion\":\" 4\"}",
        "{\"prompt\":\"2+2=\",(no-break space)\"completion\":\" 4\"}",
    ),
    good: Sample::Text(r#"{"prompt":"2+2=","completion":" 4"}"#),
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
            Slip::OddSpace { found: BYTE_ORDER_MARK } => Some(MARK.to_owned()),
            Slip::OddSpace { .. } => Some("Write a plain space in its place, or nothing.".to_owned()),
            Slip::Undefined => Some("Write null, or leave the key out, as `JSON.stringify(example)` does.".to_owned()),
            _ => None,
        });
        sink.undo(broken);
    }
}

const MARK: &str =
    "Remove it: each of the files that were put together had one at its start. Save them as UTF-8 without BOM.";
