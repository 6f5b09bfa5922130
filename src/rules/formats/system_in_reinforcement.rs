//! A system message in reinforcement data.

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT313.
pub static RULE: Rule = Rule {
    code: "FT313",
    name: "system-in-reinforcement",
    level: Some(Severity::Error),
    summary: "A system message in a reinforcement line.",
    why: "The job fails: the models that are tuned by graders take instructions from the role `developer`.",
    help: "Use the role `developer`, or put the instruction into the user's message.",
    label: "use `developer` here",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"system","content":"Answer with a number."},{"role":"user","content":"2+2?"}],"reference_answer":"4"}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"developer","content":"Answer with a number."},{"role":"user","content":"2+2?"}],"reference_answer":"4"}
"#,
    ),
    check: Check::ExampleWith(Features::REINFORCEMENT, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // That the target takes no such lines is one fault of the file.
    let target = sink.target();
    if target.reinforcement_roles.contains(&"system") || !target.takes(example.format) {
        return;
    }
    for message in example.messages() {
        if let Some(at) = message.role.at()
            && message.is("system")
        {
            sink.report(at, format_args!("the role `system` in reinforcement data"));
        }
    }
}
