//! A method by which the model is not trained.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::{Request, method_name};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::target::State;
use crate::text::{list, quote};

/// FT711.
pub static RULE: Rule = Rule {
    code: "FT711",
    name: "model-method-mismatch",
    level: Some(Severity::Error),
    summary: "A method by which this model cannot be trained.",
    why: "The job is refused: each model is open to certain methods only.",
    help: "Take another model, or another method.",
    label: "not with this model",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4o-mini-2024-07-18", "training_file": "file-abc123", "method": {"type": "dpo"}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "method": {"type": "dpo"}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let (Some(model), Some(method)) = (request.base_model(sink.settings()), request.method()) else { return };
    if model.methods.contains(&method) {
        return;
    }
    let stated = if let Field::Value(_, stated) = request.method { stated.kind.at() } else { None };
    let Some(at) = stated.or(request.model.at()) else { return };
    let (wanted, settings) = (method_name(method), sink.settings());
    let message = format_args!("{} is not trained by the method `{wanted}`", quote(&model.name));
    sink.report_with(at, message, || {
        let methods = list(model.methods.iter().map(|method| method_name(*method)), "or");
        let others = settings.models().filter(|other| other.state == State::Open && other.methods.contains(&method));
        let others: Vec<&str> = others.map(|other| other.name.as_str()).collect();
        let others = if others.is_empty() {
            String::new()
        } else {
            format!("; `{wanted}` is open with {}", list(others, "and"))
        };
        Some(format!("It is trained by {methods}{others}."))
    });
}
