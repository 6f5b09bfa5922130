//! Settings of a method that is not used.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::{METHODS, Request};
use crate::rule::{Check, Rule, Sample, Sink};

/// FT713.
pub static RULE: Rule = Rule {
    code: "FT713",
    name: "method-section-mismatch",
    level: Some(Severity::Warning),
    summary: "Settings of another method than the one that `type` names.",
    why: "They are read for the method that `type` names; those of others come to nothing.",
    help: "Change the `type`, or put the settings under its name.",
    label: "not the method of the job",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "supervised", "dpo": {"hyperparameters": {"n_epochs": 3}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 3}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let Field::Value(_, method) = request.method else { return };
    let Some(kind) = method.kind.value().filter(|kind| METHODS.contains(kind)) else { return };
    for section in method.sections.iter().filter(|section| section.name != kind) {
        sink.report(section.key_at, format_args!("`{}` is set, but the method is `{kind}`", section.name));
    }
}
