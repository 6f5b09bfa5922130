//! What Python prints instead of JSON.

use crate::finding::Severity;
use crate::json::syntax::Slip;
use crate::rule::{At, Check, Fix, Record, Rule, Sample, Sink};

/// FT014.
pub static RULE: Rule = Rule {
    code: "FT014",
    name: "python-literal",
    level: Some(Severity::Error),
    summary: "Python's notation instead of JSON: single quotes, None, True, False.",
    why: "The upload is refused: `str(example)` or `print(example)` is not JSON.",
    help: "Write the line with `json.dumps(example)`.",
    label: "Python, not JSON",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{'prompt': '2+2=', 'completion': ' 4'}
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
        && let Slip::PythonLiteral { .. } = &broken.slip
    {
        sink.report(At::Line, format_args!("{}", broken.slip));
        sink.undo(broken);
    }
}
