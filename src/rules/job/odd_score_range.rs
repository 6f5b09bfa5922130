//! A range of scores that is none.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::count;

/// FT741.
pub static RULE: Rule = Rule {
    code: "FT741",
    name: "odd-score-range",
    level: Some(Severity::Warning),
    summary: "A range of scores that is not two numbers, the lower first.",
    why: "Scores are given within this range; without two different ends there is none.",
    help: "Write the lowest and the highest score, such as [0, 1].",
    label: "no range",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "score_model", "name": "score", "model": "gpt-4.1", "input": [{"role": "user", "content": "Rate it: {{sample.output_text}}"}], "range": [1, 0]}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "score_model", "name": "score", "model": "gpt-4.1", "input": [{"role": "user", "content": "Rate it: {{sample.output_text}}"}], "range": [0, 10]}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for grader in request.graders {
        let Field::Value(at, ends) = grader.range else { continue };
        let ends: Vec<Option<f64>> = ends.iter().map(|end| request.doc.number(*end)).collect();
        match ends.as_slice() {
            [Some(low), Some(high)] if low < high => {}
            [Some(_), Some(_)] => sink.report(at, format_args!("the range does not begin with its lower end")),
            // What is no number is a fault of its own.
            ends if ends.iter().any(Option::is_none) => {}
            ends => sink.report(at, format_args!("the range has {}", count(ends.len() as u64, "end"))),
        }
    }
}
