//! A name that the API does not take.

use crate::example::{Example, Features, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT124.
pub static RULE: Rule = Rule {
    code: "FT124",
    name: "invalid-name",
    level: Some(Severity::Warning),
    summary: "A message's `name` with characters or a length that the API refuses.",
    why: "The API takes names of up to 64 characters without white space and without < | \\ / >.",
    help: "Use up to 64 letters, digits, _ and -.",
    label: "not a name",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","name":"Jane Doe","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","name":"Jane_Doe","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::MessageWith(Features::NAMES, check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let (Some(at), Some(name)) = (message.name.at(), message.name.value()) else { return };
    let refused = |c: char| c.is_whitespace() || matches!(c, '<' | '|' | '\\' | '/' | '>');
    if name.is_empty() {
        sink.report(at, format_args!("`name` is empty"));
    } else if name.contains(refused) {
        sink.report(at, format_args!("{} is no name that the API takes", quote(name)));
    } else if name.chars().count() > 64 {
        sink.report(at, format_args!("`name` has {} characters; 64 are allowed", name.chars().count()));
    }
}
