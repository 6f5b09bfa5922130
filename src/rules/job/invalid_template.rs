//! A template that names nothing.

use crate::finding::Severity;
use crate::request::Request;
use crate::request::template::{Fault, steps, templates};
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, quote};

/// FT739.
pub static RULE: Rule = Rule {
    code: "FT739",
    name: "invalid-template",
    level: Some(Severity::Warning),
    summary: "A template that is not closed, or names neither `item` nor `sample`.",
    why: "It is not filled in, or grading fails.",
    help: "Write `{{ item.KEY }}` for a key of the line, `{{ sample.output_text }}` for the answer.",
    label: "names nothing",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{answer}}", "operation": "eq"}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for text in request.graders.iter().flat_map(|grader| grader.templates) {
        for template in templates(text.text) {
            let place = At::Inside(text.at, template.span);
            match template.path {
                Err(Fault::Open) => sink.report(place, format_args!("a template that is not closed by `}}}}`")),
                Err(Fault::NoPath) => sink.report(place, format_args!("a template without a path")),
                Err(Fault::Single) => {
                    let help =
                        || Some("Write two braces: `{{item.answer}}`. Between single ones it is text.".to_owned());
                    sink.report_with(place, format_args!("a template in single braces"), help);
                }
                Ok(path) => {
                    let mut steps = steps(path);
                    match (steps.next(), steps.next()) {
                        (Some("item"), _) => {}
                        (Some("sample"), None) => {}
                        (Some("sample"), Some(key)) if OUTPUTS.contains(&key) => {}
                        (Some("sample"), Some(key)) => {
                            // There may be more of them than are known here.
                            if let Some(near) = did_you_mean(key, OUTPUTS.iter().copied()) {
                                let help = || Some(format!("Did you mean {}?", quote(near)));
                                sink.report_with(place, format_args!("a sample has no {}", quote(key)), help);
                            }
                        }
                        _ => sink.report(place, format_args!("{} is neither `item` nor `sample`", quote(path))),
                    }
                }
            }
        }
    }
}

const OUTPUTS: &[&str] = &["output_text", "output_json", "output_tools", "output_audio", "choices"];
