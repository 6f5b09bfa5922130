//! A formula that cannot be worked out.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::{Request, formula};
use crate::rule::{At, Check, Rule, Sample, Sink};

/// FT736.
pub static RULE: Rule = Rule {
    code: "FT736",
    name: "invalid-formula",
    level: Some(Severity::Error),
    summary: "A `calculate_output` that cannot be worked out from the graders.",
    why: "The score of a multi grader is worked out by this formula over the names of its graders.",
    help: "Use the names of the graders, numbers, `+ - * / ^`, brackets and functions such as `min`.",
    label: "not part of a formula",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "multi", "name": "both", "graders": {"exact": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}, "similar": {"type": "text_similarity", "name": "similar", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "evaluation_metric": "fuzzy_match"}}, "calculate_output": "0.7 * exact + 0.3 * simlar"}}}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-5-2025-08-07", "training_file": "file-abc123", "validation_file": "file-def456", "method": {"type": "reinforcement", "reinforcement": {"grader": {"type": "multi", "name": "both", "graders": {"exact": {"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"}, "similar": {"type": "text_similarity", "name": "similar", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "evaluation_metric": "fuzzy_match"}}, "calculate_output": "0.7 * exact + 0.3 * similar"}}}}
"#,
    ),
    check: Check::Job(check),
};

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    for grader in request.graders {
        if let Field::Value(at, text) = grader.formula
            && let Err(fault) = formula::check(text, grader.names)
        {
            // Where something is missing there is nothing to mark.
            let place = if fault.span.is_empty() { At::Node(at) } else { At::Inside(at, fault.span) };
            sink.report_with(place, format_args!("{}", fault.what.message()), || fault.what.help(grader.names));
        }
    }
}
