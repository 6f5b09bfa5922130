//! A request that should be YAML and is not.

use crate::finding::Severity;
use crate::rule::{At, Check, Record, Rule, Sample, Sink};
use crate::text::mask;

/// FT702.
pub static RULE: Rule = Rule {
    code: "FT702",
    name: "invalid-yaml",
    level: Some(Severity::Error),
    summary: "A request in YAML that cannot be read.",
    why: "What a broken request asks for is anybody's guess.",
    help: "Mend the YAML here; indentation and quotes are the usual suspects.",
    label: "not YAML from here",
    fix: None,
    bad: Sample::Text(
        r#"model: "gpt-4.1-mini-2025-04-14
training_file: file-abc123
"#,
    ),
    good: Sample::Text(
        r#"model: gpt-4.1-mini-2025-04-14
training_file: file-abc123
"#,
    ),
    check: Check::Record(check),
};

fn check(record: &Record<'_>, sink: &mut Sink<'_>) {
    if let Record::Yaml(reason) = record {
        sink.report(At::Line, format_args!("{}", mask(reason.as_bytes())));
    }
}
