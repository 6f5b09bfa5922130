//! A parameter that another provider knows.

use super::foreign_to;
use crate::finding::Severity;
use crate::request::{Request, Slot, is_hyperparameter};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{list, quote};

/// FT704.
pub static RULE: Rule = Rule {
    code: "FT704",
    name: "foreign-parameter",
    level: Some(Severity::Warning),
    summary: "A parameter that only another provider's API knows.",
    why: "Other providers, and so the one that the job is for, may refuse the request.",
    help: "Remove it, or say with --target whom the job is for.",
    label: "of another provider",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "trainingType": "Standard"}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for unknown in request.unknown {
        let Some(others) = foreign_to(sink.target(), unknown).filter(|others| !others.is_empty()) else { continue };
        let key = unknown.key.text;
        if unknown.slot == Slot::Dpo && is_hyperparameter(key) {
            let help = || Some(format!("Put {} into the `hyperparameters` of the method.", quote(key)));
            let message = format_args!("{} stands beside `hyperparameters`, not in them", quote(key));
            sink.report_with(unknown.key.at, message, help);
        } else {
            let others = list(others.iter().copied(), "and");
            sink.report_with(unknown.key.at, format_args!("{} is a parameter of {others}", quote(key)), || {
                Some(format!("Remove it, or say with --target that the job is for {others}."))
            });
        }
    }
}
