//! A preference line whose two answers are the same.

use crate::example::{Example, Features, Field};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT312.
pub static RULE: Rule = Rule {
    code: "FT312",
    name: "identical-outputs",
    level: Some(Severity::Warning),
    summary: "The preferred output equals the other one.",
    why: "There is no difference to learn, but the example is paid for.",
    help: "Remove the line, or give it two different answers.",
    label: "the same as the preferred output",
    fix: None,
    bad: Sample::Text(
        r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello!"}],"non_preferred_output":[{"content":"Hello!","role":"assistant"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello!"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}
"#,
    ),
    check: Check::ExampleWith(Features::PREFERENCE, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // Empty ones are a fault of their own.
    if let (Field::Value(preferred, [_, ..]), Field::Value(other, [_, ..])) =
        (example.preferred_output, example.non_preferred_output)
        && example.doc.is_same(preferred, other)
    {
        sink.report(other, format_args!("both outputs are the same"));
    }
}
