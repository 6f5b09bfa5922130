//! Reinforcement without a grader.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::{Request, Section};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::target::Method;
use crate::text::did_you_mean;

/// FT730.
pub static RULE: Rule = Rule {
    code: "FT730",
    name: "missing-grader",
    level: Some(Severity::Error),
    summary: "Reinforcement training without a grader.",
    why: "Without a grader no answer is better than another: the API refuses the request.",
    help: "Add a `grader` under `reinforcement`.",
    label: "needs a grader",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let Field::Value(at, method) = request.method else { return };
    let section = method.sections.iter().find(|section| section.name == "reinforcement");
    match section {
        // The settings of a method must be complete even if they are not used.
        Some(section) if !section.has_grader && !is_misnamed(request, section) => {
            sink.report(section.at, format_args!("`reinforcement` has no `grader`"))
        }
        // What is there in their place is of the wrong type.
        None if request.doc.get(at, "reinforcement").is_some() => {}
        None if request.method() == Some(Method::Reinforcement) => {
            let at = method.kind.at().unwrap_or(at);
            sink.report(at, format_args!("the method `reinforcement` is chosen, but nothing is set for it"));
        }
        _ => {}
    }
}

/// Whether there is a grader under a key that looks like its own, which is reported.
fn is_misnamed(request: &Request<'_>, section: &Section) -> bool {
    let here = request.unknown.iter().filter(|unknown| unknown.owner_at == section.at);
    here.into_iter().any(|unknown| did_you_mean(unknown.key.text, ["grader"]).is_some())
}
