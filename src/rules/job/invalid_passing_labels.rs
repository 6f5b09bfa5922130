//! A label that passes and is none.

use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, quote};

/// FT735.
pub static RULE: Rule = Rule {
    code: "FT735",
    name: "invalid-passing-labels",
    level: Some(Severity::Error),
    summary: "A passing label that is not among the labels.",
    why: "Passing labels must be a part of the labels: others can never be chosen.",
    help: "Add it to `labels`, or correct it.",
    label: "not among the labels",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "multi", "name": "both", "graders": {"exact": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}, "similar": {"type": "label_model", "name": "tone", "model": "gpt-4.1", "input": [{"role": "user", "content": "Is this polite? {{sample.output_text}}"}], "labels": ["polite", "rude"], "passing_labels": ["kind"]}}, "calculate_output": "0.7 * exact + 0.3 * similar"}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "multi", "name": "both", "graders": {"exact": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}, "similar": {"type": "label_model", "name": "tone", "model": "gpt-4.1", "input": [{"role": "user", "content": "Is this polite? {{sample.output_text}}"}], "labels": ["polite", "rude"], "passing_labels": ["polite"]}}, "calculate_output": "0.7 * exact + 0.3 * similar"}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for grader in request.graders {
        let (Some(labels), Some(passing)) = (grader.labels.value(), grader.passing_labels.value()) else { continue };
        for label in passing.iter().filter(|label| labels.iter().all(|known| known.text != label.text)) {
            sink.report_with(label.at, format_args!("{} is not among the labels", quote(label.text)), || {
                let near = did_you_mean(label.text, labels.iter().map(|known| known.text))?;
                Some(format!("Did you mean {}?", quote(near)))
            });
        }
    }
}
