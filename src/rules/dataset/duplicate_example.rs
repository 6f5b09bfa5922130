//! An example that stood before.

use super::line_of;
use crate::dataset::Repeated;
use crate::finding::Severity;
use crate::rule::{Check, Fix, Rule, Sample};
use crate::text::quote_file;

/// FT501.
pub static RULE: Rule = Rule {
    code: "FT501",
    name: "duplicate-example",
    level: Some(Severity::Warning),
    summary: "An example that says the same as an earlier one.",
    why: "It is paid for twice and learned twice as hard as the others.",
    help: "Keep one of them; `--fix --unsafe-fixes` keeps the first. To weigh an example more is what epochs are for.",
    label: "stood before",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{"prompt":"Capital of Peru?","completion":"Lima."}
{"prompt":"Capital of Chile?","completion":"Santiago."}
{"completion": "Lima.", "prompt": "Capital of Peru?"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"Capital of Peru?","completion":"Lima."}
{"prompt":"Capital of Chile?","completion":"Santiago."}
"#,
    ),
    check: Check::Repeated(check),
};

fn check(repeated: &Repeated<'_>) -> String {
    match (repeated.first_file, repeated.first_line) {
        (file, Some(line)) => format!("the same example as on {}", line_of(file, line)),
        (file, None) => {
            format!("all its examples stood before: it has the bytes of {}", quote_file(file.unwrap_or_default()))
        }
    }
}
