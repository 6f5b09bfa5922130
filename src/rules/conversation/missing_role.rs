//! A message without a role.

use crate::example::{Example, Features, Field, Message};
use crate::finding::Severity;
use crate::json::Kind;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT105.
pub static RULE: Rule = Rule {
    code: "FT105",
    name: "missing-role",
    level: Some(Severity::Error),
    summary: "A message without a role.",
    why: "The job fails: the provider cannot tell who is speaking.",
    help: "Give the message a `role`: `system`, `user`, `assistant` or `tool`.",
    label: "has no role",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::ExampleWith(Features::UNUSUAL, check),
};

/// What to do about turns of ShareGPT.
const SHAREGPT: &str =
    "`from` becomes `role` (human: user, gpt: assistant, system: system), and `value` becomes `content`.";

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // All turns of a line are written so: the first tells it.
    let mut is_told = false;
    for message in example.messages() {
        match message.role {
            Field::Absent if is_turn(example, message) => {
                if std::mem::replace(&mut is_told, true) {
                    continue;
                }
                let said = format_args!("a turn of ShareGPT, with `from` and `value` in place of `role` and `content`");
                sink.report_with(message.at, said, || Some(SHAREGPT.to_owned()));
            }
            Field::Absent if message.kind == Kind::Object => {
                sink.report(message.at, format_args!("the message has no `role`"))
            }
            Field::Null(at) => sink.report(at, format_args!("`role` is null")),
            _ => {}
        }
    }
}

/// Whether an object without a role is a turn as ShareGPT has them.
fn is_turn(example: &Example<'_>, message: &Message<'_>) -> bool {
    let has = |key: &str| example.doc.get(message.at, key).is_some();
    message.kind == Kind::Object && has("from") && has("value")
}
