//! More images than an example may have.

use crate::example::{Example, Features, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT130.
pub static RULE: Rule = Rule {
    code: "FT130",
    name: "too-many-images",
    level: Some(Severity::Error),
    summary: "More images in an example than the provider takes.",
    why: "The example is refused: the number of images in one example is limited.",
    help: "Leave images out, or divide the example.",
    label: "one image too many",
    fix: None,
    bad: Sample::Made("(a line with 11 images)", || many(11)),
    good: Sample::Made("(a line with 10 images)", || many(10)),
    check: Check::ExampleWith(Features::IMAGES, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let images = || example.messages().flat_map(Message::parts).filter(|part| part.is("image_url"));
    let Some(max) = sink.target().max_images else { return };
    if let Some(part) = images().nth(usize::try_from(max).unwrap_or(usize::MAX)) {
        let (found, name) = (images().count(), &sink.target().title);
        sink.report(part.at, format_args!("{found} images in an example; {name} takes {max}"));
    }
}

/// A line with so many images.
fn many(images: usize) -> Vec<u8> {
    let image = r#"{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}"#;
    let images = vec![image; images].join(",");
    format!(
        r#"{{"messages":[{{"role":"user","content":[{images}]}},{{"role":"assistant","content":"The third."}}]}}
"#
    )
    .into_bytes()
}
