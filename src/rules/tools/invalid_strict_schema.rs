//! Strict tools whose schema leaves something open.

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::rule::{Check, Lookup, Rule, Sample, Sink};

/// FT219.
pub static RULE: Rule = Rule {
    code: "FT219",
    name: "invalid-strict-schema",
    level: Some(Severity::Error),
    summary: "A tool with `strict` whose schema leaves properties optional or allows more.",
    why: "The job fails: strict schemas require every property and allow no others.",
    help: "Require every property, set `additionalProperties` to false on every object, or leave out `strict`.",
    label: "not strict",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}],"tools":[{"type":"function","function":{"name":"set","strict":true,"parameters":{"type":"object","properties":{"hour":{"type":"integer"}},"additionalProperties":false}}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}],"tools":[{"type":"function","function":{"name":"set","strict":true,"parameters":{"type":"object","properties":{"hour":{"type":"integer"}},"required":["hour"],"additionalProperties":false}}}]}
"#,
    ),
    check: Check::ExampleWith(Features::TOOLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for function in example.conversation.functions() {
        if let (Some(true), Some(at)) = (function.strict.value(), function.parameters.at())
            && let Some(schema) = example.schema(function)
            && let Some(fault) = &schema.loose
        {
            let at = Lookup(|| example.below(at, &fault.pointer));
            sink.report(at, format_args!("{}", fault.sentence));
        }
    }
}
