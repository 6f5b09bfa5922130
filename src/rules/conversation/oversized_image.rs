//! An image of too many bytes.

use crate::example::{Example, Features, Image, Message};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::number;

use super::unsupported_image::is_unsupported;

/// FT132.
pub static RULE: Rule = Rule {
    code: "FT132",
    name: "oversized-image",
    level: Some(Severity::Error),
    summary: "An image that is larger than the provider takes.",
    why: "The image is skipped without a word: the model then trains on an answer about nothing.",
    help: "Scale the image down: models see no more than 2,048 by 2,048 pixels of it.",
    label: "too large",
    fix: None,
    bad: Sample::Made("(an image of 10 MB and a byte)", || image(10_000_001)),
    good: Sample::Made("(an image of 10 MB)", || image(10_000_000)),
    check: Check::MessageWith(Features::IMAGES, check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    let Some(max) = sink.target().max_image_bytes else { return };
    for part in message.parts() {
        if let (Some(at), Some(Image::Data(url))) = (part.image_url.at(), part.image)
            && let Ok(data) = url.data
            && data.bytes > max
            && !is_unsupported(url, sink.target())
        {
            let (found, max, name) = (number(data.bytes), number(max), &sink.target().title);
            // Its name and not its megabytes.
            sink.report(At::Inside(at, url.head.into()), format_args!("an image of {found} bytes; {name} takes {max}"));
        }
    }
}

/// A line with a PNG image of so many bytes.
fn image(bytes: usize) -> Vec<u8> {
    use base64::Engine as _;

    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x0f\0\0\0\x0a\0\x08\x02\0\0\0".to_vec();
    png.resize(bytes, 0);
    let png = base64::engine::general_purpose::STANDARD.encode(png);
    let url = format!("data:image/png;base64,{png}");
    format!(
        r#"{{"messages":[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"{url}"}}}}]}},{{"role":"assistant","content":"A map."}}]}}
"#
    )
    .into_bytes()
}
