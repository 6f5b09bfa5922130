//! Two answers in a row.

use crate::example::Example;
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT121.
pub static RULE: Rule = Rule {
    code: "FT121",
    name: "repeated-role",
    level: Some(Severity::Warning),
    summary: "Two messages in a row of a role that should wait for an answer.",
    why: "It is mostly one answer torn in two, and some providers refuse it.",
    help: "Join the messages, or add what was said between them.",
    label: "the same role again",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let (roles, repeatable) = (sink.target().roles_of(example.format), sink.target().repeatable_roles);
    for pair in example.conversation.messages().windows(2) {
        let [first, second] = pair else { continue };
        // What is no role is a fault of its own.
        let Some(role) = second.role().filter(|role| roles.contains(role)) else { continue };
        // After a call there should have been its result: that is reported already.
        if first.is(role) && !repeatable.contains(&role) && first.calls().next().is_none() {
            sink.report(second.at, format_args!("two messages of the role `{role}` in a row"));
        }
    }
}
