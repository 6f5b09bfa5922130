//! A grader where its type cannot stand.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT732.
pub static RULE: Rule = Rule {
    code: "FT732",
    name: "misplaced-grader",
    level: Some(Severity::Error),
    summary: "A multi grader in another, or a label model that is not in one.",
    why: "The API takes label models only inside multi graders, and no multi grader inside another.",
    help: "Put a label model into a multi grader, and all graders into one multi grader.",
    label: "cannot stand here",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "label_model", "name": "tone", "model": "gpt-4.1", "input": [{"role": "user", "content": "Is this polite? {{sample.output_text}}"}], "labels": ["polite", "rude"], "passing_labels": ["polite"]}}}}
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
        let Field::Value(at, kind) = grader.kind else { continue };
        match (kind, grader.inside) {
            ("multi", true) => sink.report(at, format_args!("a multi grader inside another")),
            ("label_model", false) => sink.report(at, format_args!("a label model outside a multi grader")),
            _ => {}
        }
    }
}
