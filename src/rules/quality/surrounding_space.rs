//! White space around an answer.

use crate::example::{Example, Message};
use crate::rule::{At, Check, Rule, Sample, Sink};

/// FT806.
pub static RULE: Rule = Rule {
    code: "FT806",
    name: "surrounding-space",
    level: None,
    summary: "Answers of a chat that start or end with white space.",
    why: "The model learns to write it, and a line break at the end costs a token each time.",
    help: "Strip the answers when the file is written.",
    label: "white space",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":" Hello!\n"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Message(check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    if !message.is("assistant") {
        return;
    }
    for (at, text) in message.texts() {
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len();
        // That there is nothing else is another rule's.
        if end == 0 || start == 0 && end == text.len() {
            continue;
        }
        let (span, place) = match (start > 0, end < text.len()) {
            (true, true) => (0..start, "around"),
            (true, false) => (0..start, "before"),
            _ => (end..text.len(), "behind"),
        };
        sink.report(At::Inside(at, span), format_args!("white space {place} the answer"));
    }
}
