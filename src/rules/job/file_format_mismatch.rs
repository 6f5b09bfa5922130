//! A file that the method cannot read.

use crate::example::Field;
use crate::finding::Severity;
use crate::json::NodeId;
use crate::request::{Request, method_name};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{list, quote};

/// FT712.
pub static RULE: Rule = Rule {
    code: "FT712",
    name: "file-format-mismatch",
    level: Some(Severity::Error),
    summary: "A file in a format that the method or the model does not train on.",
    why: "The job fails: it reads the files as the format of its method.",
    help: "Convert the file, or choose the method that fits it.",
    label: "another format",
    fix: None,
    bad: Sample::Described("(a `dpo` job with a file of chats)"),
    good: Sample::Described("(a `supervised` job with a file of chats)"),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let Some(method) = request.method() else { return };
    let model = request.base_model(sink.target());
    // That the model is not trained so is a fault of its own.
    if model.is_some_and(|model| !model.methods.contains(&method)) {
        return;
    }
    let wanted = request.formats(sink.target());
    let stated = if let Field::Value(_, stated) = request.method { stated.kind.at() } else { None };
    let files = [(request.training, request.training_file), (request.validation, request.validation_file)];
    for (file, field) in files {
        let Some((file, found)) = file.and_then(|file| Some((file, file.facts.lines.format()?))) else { continue };
        if wanted.is_empty() || wanted.contains(&found) {
            continue;
        }
        let at = stated.or(request.model.at()).or(field.at()).unwrap_or(NodeId::ROOT);
        let (name, found) = (file.quoted(), found.name());
        let wanted = list(wanted.iter().map(|format| format.name()), "or");
        match (stated, model) {
            (None, Some(model)) => {
                let model = quote(&model.name);
                let message = format_args!("{name} is in the {found} format; {model} trains on {wanted}");
                sink.report_with(at, message, || fitting(found));
            }
            _ => {
                let method = method_name(method);
                let message = format_args!("{name} is in the {found} format; `{method}` trains on {wanted}");
                sink.report_with(at, message, || fitting(found));
            }
        }
    }
}

/// The method for a format.
fn fitting(format: &str) -> Option<String> {
    let method = match format {
        "preference" => "dpo",
        "reinforcement" => "reinforcement",
        _ => return None,
    };
    Some(format!("Set the `type` of `method` to `{method}`, or convert the file."))
}
