//! A suffix of the wrong length.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::number;

/// FT716.
pub static RULE: Rule = Rule {
    code: "FT716",
    name: "invalid-suffix",
    level: Some(Severity::Error),
    summary: "A suffix that is empty or longer than 64 characters.",
    why: "The API refuses the request.",
    help: "Shorten it, or leave it out.",
    label: "1 to 64 characters",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "suffix": ""}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "suffix": "support-2026-11"}
"#,
    ),
    check: Check::Job(check),
};

/// In characters.
const MAX: usize = 64;

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let Field::Value(at, suffix) = request.suffix else { return };
    match suffix.chars().count() {
        0 => {
            let help = || Some("Leave `suffix` out, or set it to null.".to_owned());
            sink.report_with(at, format_args!("the suffix is empty"), help);
        }
        length if length > MAX => {
            sink.report(at, format_args!("the suffix has {} characters; {MAX} are taken", number(length as u64)));
        }
        _ if suffix.contains('.') && !sink.target().suffix_dots => {
            let title = &sink.target().title;
            sink.report(at, format_args!("the suffix has a dot, which {title} does not take"));
        }
        _ => {}
    }
}
