//! A blank line between examples.

use crate::finding::Severity;
use crate::rule::{At, Check, Fix, Record, Repair, Rule, Sample, Sink};
use crate::text::count;

/// FT006.
pub static RULE: Rule = Rule {
    code: "FT006",
    name: "blank-line",
    level: Some(Severity::Warning),
    summary: "An empty line, or one of white space, between examples.",
    why: "Some providers refuse the file, and the number that a server gives an example is not the number of its line.",
    help: "Remove what is blank between the examples.",
    label: "blank",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}

{"prompt":"3+3=","completion":" 6"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
{"prompt":"3+3=","completion":" 6"}

"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Blank { lines } = record {
        sink.report(At::Line, format_args!("{}", count(*lines, "blank line")));
        sink.mend(Fix::Safe, || Repair::Drop);
    }
}
