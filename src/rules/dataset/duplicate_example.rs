//! An example that stood before.

use crate::dataset::Repeated;
use crate::rule::{Check, Rule, Sample};
use crate::text::{number, quote};

/// FT501.
pub static RULE: Rule = Rule {
    code: "FT501",
    name: "duplicate-example",
    level: None,
    summary: "An example that says the same as an earlier one.",
    why: "It is paid for twice and learned twice as hard as the others.",
    help: "Keep one of them.",
    label: "stood before",
    fix: None,
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
    let line = number(repeated.first_line);
    match repeated.first_file {
        Some(file) => format!("the same example as on line {line} of {}", quote(file)),
        None => format!("the same example as on line {line}"),
    }
}
