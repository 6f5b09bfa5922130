//! An image that the user did not send.

use crate::example::{Example, Features, Message, PartKind};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT133.
pub static RULE: Rule = Rule {
    code: "FT133",
    name: "image-from-assistant",
    level: Some(Severity::Error),
    summary: "An image in a message that is not the user's.",
    why: "The job fails: models are trained to see images, not to write them.",
    help: "Move the image to a user message.",
    label: "only users send images",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::MessageWith(Features::PARTS, check),
};

fn check(example: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    // Where no message has images that is the fault.
    if !sink.target().part_types.contains(&"image_url") {
        return;
    }
    // A role that is not known may have been the user: that is reported already.
    let is_other = |role: &&str| *role != "user" && sink.target().roles_of(example.format).contains(role);
    let Some(role) = message.role().filter(is_other) else { return };
    for part in message.parts() {
        if part.part_type.value().and_then(PartKind::from_name) == Some(PartKind::Image) {
            sink.report(part.at, format_args!("an image in a message of the role `{role}`"));
        }
    }
}
