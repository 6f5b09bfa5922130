//! A content part that the role cannot have.

use crate::example::{Example, Features, Message, PartKind};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, quote};

/// FT118.
pub static RULE: Rule = Rule {
    code: "FT118",
    name: "unknown-content-part",
    level: Some(Severity::Error),
    summary: "A content part of a type that the role does not take.",
    why: "The job fails: only text and, from the user, images can be trained on.",
    help: "Use parts of the type `text`, in user messages also `image_url`.",
    label: "not a type for this message",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":"wav"}}]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::MessageWith(Features::PARTS, check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let types = sink.target().part_types;
    if types.is_empty() {
        if let Some(at) = message.content.at().filter(|_| !message.parts().is_empty()) {
            let message = format_args!("`content` is a list of parts, but must be a string");
            sink.report_with(at, message, || Some("Write the content as one string.".to_owned()));
        }
        return;
    }
    for part in message.parts() {
        let (Some(at), Some(name)) = (part.part_type.at(), part.part_type.value()) else { continue };
        match PartKind::from_name(name) {
            // From others than the user an image has a rule of its own.
            Some(PartKind::Text) => {}
            Some(PartKind::Image) if types.contains(&name) => {}
            Some(PartKind::Refusal) => {
                if let Some(role) = message.role().filter(|role| *role != "assistant") {
                    sink.report(at, format_args!("a refusal in a message of the role {}", quote(role)));
                }
            }
            _ if types.contains(&name) => {}
            _ if is_image(name) && !types.contains(&"image_url") => {
                let target = sink.target().name;
                sink.report_with(at, format_args!("{target} takes no images in such a message"), || {
                    Some("Describe the image in a part of the type `text`, or leave the example out.".to_owned())
                });
            }
            Some(PartKind::Audio | PartKind::File | PartKind::Image) => {
                sink.report(at, format_args!("content parts of the type {} cannot be trained on", quote(name)));
            }
            None => {
                let message = format_args!("there is no content part of the type {}", quote(name));
                sink.report_with(at, message, || help(name));
            }
        }
    }
}

/// Whether parts of this type are images, whoever calls them so.
fn is_image(name: &str) -> bool {
    matches!(name, "image" | "image_url" | "input_image")
}

/// What was meant by a type that does not exist, as far as that can be told.
fn help(name: &str) -> Option<String> {
    if is_image(name) {
        return Some("Write an image as {\"type\": \"image_url\", \"image_url\": {\"url\": …}}.".to_owned());
    }
    let meant = did_you_mean(name, ["text", "image_url", "refusal"])?;
    Some(format!("Did you mean {}?", quote(meant)))
}
