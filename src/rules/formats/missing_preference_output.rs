//! A preference line that lacks one of its two answers.

use crate::example::{Example, Features, Field};
use crate::finding::Severity;
use crate::json::{Kind, NodeId};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, quote};

/// FT310.
pub static RULE: Rule = Rule {
    code: "FT310",
    name: "missing-preference-output",
    level: Some(Severity::Error),
    summary: "`preferred_output` or `non_preferred_output` is absent or no list.",
    why: "The job fails: a preference line holds two answers to one input, each in a list.",
    help: "Give the line both `preferred_output` and `non_preferred_output`, each a list of one assistant message.",
    label: "both outputs must be lists",
    fix: None,
    bad: Sample::Text(
        r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello!"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}
"#,
    ),
    check: Check::ExampleWith(Features::PREFERENCE, check),
};

const PREFERRED: &str = "preferred_output";
const NON_PREFERRED: &str = "non_preferred_output";

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let outputs = [(PREFERRED, example.preferred_output), (NON_PREFERRED, example.non_preferred_output)];
    let kinds = outputs.map(|(_, output)| match output {
        Field::Null(at) | Field::Mistyped(at) => Some((at, example.doc.kind(at))),
        Field::Absent | Field::Value(..) => None,
    });
    // Both written in one wrong way are one slip.
    if let [Some((at, kind)), Some((_, other))] = kinds
        && kind == other
    {
        let message = format_args!("`{PREFERRED}` and `{NON_PREFERRED}` are each {}, not a list", kind.phrase());
        sink.report_with(at, message, || help_for(kind));
        return;
    }
    for ((name, output), kind) in outputs.into_iter().zip(kinds) {
        if let Some((at, kind)) = kind {
            sink.report_with(at, format_args!("`{name}` is {}, not a list", kind.phrase()), || help_for(kind));
        } else if matches!(output, Field::Absent) {
            let other = other_name(example, name);
            let at = other.map_or(NodeId::ROOT, |(_, at)| at);
            sink.report_with(at, format_args!("no `{name}`"), || {
                Some(format!("Rename {} to `{name}`.", quote(other?.0)))
            });
        }
    }
}

/// What to do about an output that is no list.
fn help_for(found: Kind) -> Option<String> {
    match found {
        Kind::Object => Some("Put the message into a list: [{…}].".to_owned()),
        Kind::String => Some("Write it as [{\"role\": \"assistant\", \"content\": …}].".to_owned()),
        _ => None,
    }
}

/// The key that most likely holds what is missing.
fn other_name<'a>(example: &Example<'a>, missing: &str) -> Option<(&'a str, NodeId)> {
    let others: &[&str] = match missing {
        PREFERRED => &["chosen", "preferred", "accepted"],
        _ => &["rejected", "non_preferred", "not_preferred_output", "dispreferred_output", "unpreferred_output"],
    };
    let is_meant = |key: &str| {
        let used = key == PREFERRED || key == NON_PREFERRED;
        !used && (others.contains(&key) || did_you_mean(key, [PREFERRED, NON_PREFERRED]) == Some(missing))
    };
    example.keys.iter().copied().find(|(key, _)| is_meant(key))
}
