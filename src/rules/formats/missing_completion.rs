//! A completions line that lacks one of its two texts.

use crate::example::{Example, Field, Format};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::list;

/// FT301.
pub static RULE: Rule = Rule {
    code: "FT301",
    name: "missing-completion",
    level: Some(Severity::Error),
    summary: "`prompt` or `completion` is absent or no string.",
    why: "The job fails: a completions line is a prompt and a completion, both text.",
    help: "Give the line both `prompt` and `completion`, as strings.",
    label: "must be text",
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":4}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    if example.format != Format::Completion {
        return;
    }
    for (name, field) in [("prompt", example.prompt), ("completion", example.completion)] {
        match field {
            Field::Value(..) => {}
            Field::Absent => {
                let keys = list(example.keys.iter().map(|(key, _)| *key), "and");
                sink.report(NodeId::ROOT, format_args!("no `{name}`: the line has {keys}"));
            }
            Field::Null(at) | Field::Mistyped(at) => {
                let found = example.doc.kind(at).phrase();
                sink.report(at, format_args!("`{name}` is {found}, but must be a string"));
            }
        }
    }
}
