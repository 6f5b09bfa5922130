//! Arguments that the tool would refuse.

use std::collections::HashMap;

use crate::example::{Arguments, Example, Features, Function};
use crate::finding::Severity;
use crate::rule::{At, Check, Lookup, Rule, Sample, Sink};
use crate::target::ArgumentsForm;

/// FT204.
pub static RULE: Rule = Rule {
    code: "FT204",
    name: "arguments-mismatch",
    level: Some(Severity::Warning),
    summary: "Tool-call arguments that do not fit the tool's `parameters`.",
    why: "The model learns to call the tool in a way that it would refuse.",
    help: "Correct the arguments, or the schema of the tool.",
    label: "does not fit the schema",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Wake me at nine."},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"{\"hour\": \"nine\"}"}}]}],"tools":[{"type":"function","function":{"name":"set","parameters":{"type":"object","properties":{"hour":{"type":"integer"}}}}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Wake me at nine."},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"set","arguments":"{\"hour\": 9}"}}]}],"tools":[{"type":"function","function":{"name":"set","parameters":{"type":"object","properties":{"hour":{"type":"integer"}}}}}]}
"#,
    ),
    check: Check::ExampleWith(Features::CALLS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    if !example.features.intersects(Features::TOOLS) {
        return;
    }
    let form = sink.target().arguments;
    let functions = Functions::of(example);
    for call in example.calls() {
        let Some(function) = call.name.value().and_then(|name| functions.get(name)) else { continue };
        match call.arguments {
            Arguments::Text(at, text, _) if form != ArgumentsForm::Object => {
                if let Some(fault) = example.misfit(function, call) {
                    let at = Lookup(|| At::Inside(at, fault.range(text)));
                    sink.report(at, format_args!("{}", fault.sentence));
                }
            }
            Arguments::Object(at) if form != ArgumentsForm::String => {
                let fault = match example.misfit(function, call) {
                    // What a table fills in where a row has no such key fits nothing, and is left out again.
                    Some(_) if sink.target().nulls_as_absent => example.misfit_without_nulls(function, at),
                    fault => fault,
                };
                if let Some(fault) = fault {
                    let at = Lookup(|| example.below(at, &fault.pointer));
                    sink.report(at, format_args!("{}", fault.sentence));
                }
            }
            _ => {}
        }
    }
}

/// The functions of a line, by their names. Few are compared one by one, many are hashed: a line may have 100,000 of
/// them, and as many calls.
enum Functions<'a> {
    Few(&'a Example<'a>),
    Many(HashMap<&'a str, Option<&'a Function<'a>>>),
}

impl<'a> Functions<'a> {
    const FEW: usize = 32;

    fn of(example: &'a Example<'a>) -> Self {
        if example.conversation.functions().nth(Self::FEW).is_none() {
            return Functions::Few(example);
        }
        let mut many = HashMap::new();
        for function in example.conversation.functions() {
            if let Some(name) = function.name.value() {
                many.entry(name).and_modify(|known| *known = None).or_insert(Some(function));
            }
        }
        Functions::Many(many)
    }

    /// The function of this name; `None` if there is none, or several: then it is not known which is meant.
    fn get(&self, name: &str) -> Option<&'a Function<'a>> {
        match self {
            Functions::Few(example) => {
                let called = |function: &&Function<'_>| function.name.value() == Some(name);
                let mut functions = example.conversation.functions().filter(called);
                functions.next().filter(|_| functions.next().is_none())
            }
            Functions::Many(many) => many.get(name).copied().flatten(),
        }
    }
}
