//! A file that the method cannot read.

use crate::example::{Field, Format};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::request::{Request, method_name};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::target::Method;
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
    let model = request.base_model(sink.settings());
    // That the model is not trained so is a fault of its own.
    if model.is_some_and(|model| !model.methods.contains(&method)) {
        return;
    }
    let wanted = request.formats(sink.settings());
    let stated = if let Field::Value(_, stated) = request.method { stated.kind.at() } else { None };
    let files = [(request.training, request.training_file), (request.validation, request.validation_file)];
    for (file, field) in files {
        let Some((file, found)) = file.and_then(|file| Some((file, file.facts.lines.format()?))) else { continue };
        if wanted.is_empty() || wanted.contains(&found) {
            continue;
        }
        let name = file.quoted();
        let of_file = field.at().unwrap_or(NodeId::ROOT);
        // What the method reads, but not this model.
        if let Some(model) = model.filter(|model| fitting(found) == method && !model.accepts(found)) {
            let at = request.model.at().unwrap_or(of_file);
            let (found, model, known) = (found.name(), quote(&model.name), list(wanted_names(&wanted), "or"));
            let message = format_args!("{name} is in the {found} format; {model} trains on {known} with this method");
            sink.report_with(at, message, || Some("Convert the file, or choose another model.".to_owned()));
            continue;
        }
        let method = method_name(method);
        let (format, known) = (found.name(), list(wanted_names(&wanted), "or"));
        // A method that the model is not trained by is no advice.
        let fits = model.is_none_or(|model| model.methods.contains(&fitting(found)));
        let help = || {
            let method = method_name(fitting(found));
            fits.then(|| format!("Set the `type` of `method` to `{method}`, or convert the file."))
        };
        match stated {
            Some(at) => {
                let message = format_args!("{name} is in the {format} format; `{method}` trains on {known}");
                sink.report_with(at, message, help);
            }
            None => {
                let message = format_args!(
                    "{name} is in the {format} format; without a `method` the job is `{method}`, which trains on {known}"
                );
                sink.report_with(of_file, message, help);
            }
        }
    }
}

fn wanted_names(formats: &[Format]) -> impl Iterator<Item = &'static str> {
    formats.iter().map(|format| format.name())
}

/// The method for a format.
fn fitting(format: Format) -> Method {
    match format {
        Format::Preference => Method::Dpo,
        Format::Reinforcement => Method::Reinforcement,
        Format::Chat | Format::Completion | Format::Unknown(_) => Method::Supervised,
    }
}
