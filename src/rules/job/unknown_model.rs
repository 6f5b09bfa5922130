//! A model that is not known.

use super::is_repository;
use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::target::{Model, State};
use crate::text::{did_you_mean, list, quote};

/// FT708.
pub static RULE: Rule = Rule {
    code: "FT708",
    name: "unknown-model",
    level: Some(Severity::Error),
    summary: "A model that cannot be fine-tuned, or does not exist.",
    why: "The job is refused: only certain snapshots can be fine-tuned.",
    help: "Name a model that can be fine-tuned.",
    label: "not known",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mni", "training_file": "file-abc123"}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123"}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let Field::Value(at, name) = request.model else { return };
    let settings = sink.settings();
    let models = || settings.models();
    // Of some targets no model is known here.
    if name.trim().is_empty() || models().next().is_none() || request.base_model(settings).is_some() {
        return;
    }
    sink.report_with(at, format_args!("no model {} is known that can be fine-tuned", quote(name)), || {
        if let Some(near) = did_you_mean(name, models().flat_map(Model::names)) {
            return Some(format!("Did you mean {}?", quote(near)));
        }
        if is_repository(name) {
            return Some("It is named as other providers name theirs: --target says for whom the job is.".to_owned());
        }
        let open = models().filter(|model| model.state == State::Open);
        Some(format!("Known are {}.", list(open.map(|model| model.name.as_str()), "and")))
    });
}
