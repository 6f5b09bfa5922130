//! A parameter that the request does not have.

use super::{foreign_to, is_repository};
use crate::example::Field;
use crate::finding::Severity;
use crate::request::{Request, Slot, Unknown, is_hyperparameter};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, list, quote};

/// FT703.
pub static RULE: Rule = Rule {
    code: "FT703",
    name: "unknown-parameter",
    level: Some(Severity::Error),
    summary: "A key that a request does not have where it stands.",
    why: "The API refuses requests with keys that it does not know.",
    help: "Remove it.",
    label: "no parameter",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "n_epochs": 3}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 3}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for unknown in request.unknown.iter().filter(|unknown| unknown.slot != Slot::Grader) {
        if is_told(request, unknown) {
            continue;
        }
        // What some provider takes is no slip.
        if foreign_to(sink.target(), unknown).is_none_or(|others| !others.is_empty()) {
            continue;
        }
        let key = unknown.key.text;
        let message = format_args!("{} has no {}", unknown.owner, quote(key));
        sink.report_with(unknown.key.at, message, || help(key, unknown.known));
    }
}

/// Whether the key is what another fault is about: it stands in the settings of a method that is not the one in use, or
/// beside the object that it belongs in and that is missing.
fn is_told(request: &Request<'_>, unknown: &Unknown<'_>) -> bool {
    let is_of_other = || {
        let Field::Value(_, method) = request.method else { return false };
        let Some(kind) = method.kind.value() else { return false };
        let mut others = method.sections.iter().filter(|section| section.name != kind);
        others.any(|section| section.at == unknown.owner_at || request.doc.holds(section.at, unknown.owner_at))
    };
    let is_of_missing = || {
        let mut missing = request.missing.iter().filter(|missing| missing.at == unknown.owner_at);
        missing
            .any(|missing| missing.key == "wandb" && ["project", "name", "entity", "tags"].contains(&unknown.key.text))
    };
    // Whoever takes such a model takes other keys as well.
    is_of_other() || is_of_missing() || request.model.value().is_some_and(is_repository)
}

fn help(key: &str, known: &[&str]) -> Option<String> {
    if let Some(near) = did_you_mean(key, known.iter().copied()) {
        return Some(format!("Did you mean {}?", quote(near)));
    }
    if is_hyperparameter(key) {
        // Some hyperparameters belong to one method only.
        let methods = match key {
            "beta" => "dpo",
            "reasoning_effort" | "compute_multiplier" | "eval_interval" | "eval_samples" => "reinforcement",
            _ => "the method",
        };
        let method = if methods == "the method" { "its method".to_owned() } else { format!("`{methods}`") };
        return Some(format!("It belongs in the `hyperparameters` of {method}, under `method`."));
    }
    Some(format!("Remove it. Known here are {}.", list(known.iter().copied(), "and")))
}
