//! A content part that the role cannot have.

use crate::example::{Example, Message, PartKind};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT118.
pub static RULE: Rule = Rule {
    code: "FT118",
    name: "unknown-content-part",
    level: Some(Severity::Error),
    summary: "A content part of a type that the role does not take.",
    why: "The job fails: only text and, from the user, images can be trained on.",
    help: "Use parts of the type `text`; images belong in user messages.",
    label: "not a part of this message",
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":"wav"}}]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::Message(check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let Some(role) = message.role() else { return };
    for part in message.parts() {
        let (Some(at), Some(name)) = (part.part_type.at(), part.part_type.value()) else { continue };
        let taken = match (PartKind::from_name(name), role) {
            (Some(PartKind::Text), _) => true,
            (Some(PartKind::Refusal), role) => role == "assistant",
            // From others than the user an image has a rule of its own.
            (Some(PartKind::Image), _) => true,
            (Some(PartKind::Audio | PartKind::File) | None, _) => false,
        };
        if !taken {
            sink.report(at, format_args!("a {role} message takes no content part of the type {}", quote(name)));
        }
    }
}
