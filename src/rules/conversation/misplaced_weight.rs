//! A weight on a message that is no answer.

use crate::example::{Example, Features, Message};
use crate::finding::Severity;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};

/// FT115.
pub static RULE: Rule = Rule {
    code: "FT115",
    name: "misplaced-weight",
    level: Some(Severity::Warning),
    summary: "A weight on a message that is not the assistant's.",
    why: "Only answers are trained, so it has no effect.",
    help: "Put the weight on an assistant message, or remove it.",
    label: "no effect here",
    fix: Some(Fix::Safe),
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi","weight":0},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::MessageWith(Features::WEIGHTS, check),
};

fn check(example: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    if let (Some(at), Some(role)) = (message.weight.at(), message.role())
        && sink.target().roles_of(example.format).contains(&role)
        // Where no message may have one that is a rule of its own.
        && sink.target().weighs("assistant")
    {
        if !sink.target().weighs(role) {
            sink.report(at, format_args!("`weight` on a message of the role `{role}`"));
        } else if role == "assistant" && example.is_output(message) {
            sink.report_with(at, format_args!("`weight` on an output of a preference line"), || {
                Some("Remove it: the two outputs are weighed against each other.".to_owned())
            });
        } else {
            return;
        }
        sink.mend(Fix::Safe, || Repair::Change(vec![Change::Remove(at)]));
    }
}
