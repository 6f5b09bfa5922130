//! A developer message in supervised data.

use crate::example::{Example, Features, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT122.
pub static RULE: Rule = Rule {
    code: "FT122",
    name: "developer-role",
    level: Some(Severity::Error),
    summary: "A developer message in data for supervised or preference tuning.",
    why: "The format of these methods knows `system`, not `developer`; only reinforcement data has it.",
    help: "Use the role `system`.",
    label: "use `system` here",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"developer","content":"Be kind."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::MessageWith(Features::UNUSUAL, check),
};

fn check(example: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    if message.is("developer")
        && !sink.target().roles_of(example.format).contains(&"developer")
        && let Some(at) = message.role.at()
    {
        sink.report(at, format_args!("the role `developer` in {} data", example.format.name()));
    }
}
