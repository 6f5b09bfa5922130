//! Parameters that are no JSON Schema.

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::rule::{Check, Lookup, Rule, Sample, Sink};

/// FT209.
pub static RULE: Rule = Rule {
    code: "FT209",
    name: "invalid-parameters-schema",
    level: Some(Severity::Error),
    summary: "The `parameters` of a tool that are no JSON Schema of an object.",
    why: "The job fails: `parameters` must be a valid JSON Schema whose root is an object.",
    help: "Describe the parameters as JSON Schema: json-schema.org.",
    label: "no JSON Schema",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}],"tools":[{"type":"function","function":{"name":"set","parameters":{"type":"dict","properties":{"hour":{"type":"integer"}}}}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}],"tools":[{"type":"function","function":{"name":"set","parameters":{"type":"object","properties":{"hour":{"type":"integer"}}}}}]}
"#,
    ),
    check: Check::ExampleWith(Features::TOOLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for function in example.conversation.functions() {
        if let Some(at) = function.parameters.at()
            && let Some(schema) = example.unsound_schema(function)
            && let Some(fault) = &schema.fault
        {
            let at = Lookup(|| example.below(at, &fault.pointer));
            sink.report(at, format_args!("{}", fault.sentence));
        }
    }
}
