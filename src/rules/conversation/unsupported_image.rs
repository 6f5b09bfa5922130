//! Bytes that are no image that can be trained on.

use crate::example::{BrokenData, DataUrl, Example, Features, Image, ImageData, Message, PixelSize};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::target::Target;
use crate::text::{list, quote};

/// FT131.
pub static RULE: Rule = Rule {
    code: "FT131",
    name: "unsupported-image",
    level: Some(Severity::Error),
    summary: "A data URL whose bytes are broken or no JPEG, PNG or WEBP image.",
    why: "The image is refused or, worse, skipped without a word: the model then trains on an answer about nothing.",
    help: "Encode the file of the image itself, and name its true type: data:image/png;base64,…",
    label: "not a usable image",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"}}]},{"role":"assistant","content":"One pixel."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="}}]},{"role":"assistant","content":"One pixel."}]}
"#,
    ),
    check: Check::MessageWith(Features::IMAGES, check),
};

/// What is wrong with the data of an image.
enum Fault<'a> {
    Broken(BrokenData),
    NoImage(&'a str),
    Unknown,
    Unsupported(&'static str),
    Another(&'a str, &'static str),
    CutOff(&'static str),
}

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    for part in message.parts() {
        let (Some(at), Some(Image::Data(url))) = (part.image_url.at(), part.image) else { continue };
        let Some(fault) = fault(url, sink.target()) else { continue };
        let head = At::Inside(at, url.head.into());
        let text = part.image_url.value().unwrap_or_default();
        match fault {
            Fault::Broken(BrokenData::NotBase64) => {
                let message = format_args!("the data URL does not say that its data is base64");
                sink.report_with(head, message, || Some("Write it as data:image/png;base64,…".to_owned()));
            }
            Fault::Broken(BrokenData::Empty) => sink.report(head, format_args!("the data URL holds no data")),
            Fault::Broken(BrokenData::Character(byte)) => {
                let found = text[byte..].chars().next().unwrap_or_default();
                let found = &text[byte..byte + found.len_utf8()];
                let place = At::Inside(at, byte..byte + found.len());
                sink.report_with(place, format_args!("{} is no character of base64", quote(found)), || match found {
                    "-" | "_" => Some("Use the standard alphabet of base64: `+` and `/`, not `-` and `_`.".to_owned()),
                    "%" => Some("Write the base64 as it is, without percent-encoding.".to_owned()),
                    _ => None,
                });
            }
            Fault::Broken(BrokenData::AfterPadding(byte)) => {
                sink.report(At::Inside(at, byte..byte + 1), format_args!("base64 goes on behind its padding"));
            }
            Fault::Broken(BrokenData::CutOff) => {
                let message = format_args!("the base64 is cut off, or its padding is wrong");
                let last = text.len().saturating_sub(1)..text.len();
                sink.report_with(At::Inside(at, last), message, || {
                    Some("Encode the whole file: base64 comes in groups of four, with `=` to fill the last.".to_owned())
                });
            }
            Fault::NoImage("") => sink.report(head, format_args!("the data URL names no media type")),
            Fault::NoImage(named) => {
                sink.report(head, format_args!("the media type {} is not an image's", quote(named)));
            }
            Fault::Unknown => sink.report(head, format_args!("the data is no image of a known format")),
            Fault::Unsupported(found) => {
                let kinds: Vec<String> = sink.target().image_types.iter().map(|kind| kind.to_uppercase()).collect();
                let types = list(kinds.iter().map(String::as_str), "or");
                sink.report_with(head, format_args!("the data is {}", quote(found)), || {
                    Some(format!("Convert it to {types}"))
                });
            }
            Fault::Another(named, found) => {
                let message = format_args!("the media type is {}, but the data is {}", quote(named), quote(found));
                sink.report_with(head, message, || Some(format!("Write it as data:{found};base64,…")));
            }
            Fault::CutOff(found) => {
                sink.report(head, format_args!("the data is {}, but ends within its header", quote(found)));
            }
        }
    }
}

/// Whether the data of an image is at fault; the first thing that is.
pub(super) fn is_unsupported(url: &DataUrl<'_>, target: &Target) -> bool {
    fault(url, target).is_some()
}

fn fault<'a>(url: &DataUrl<'a>, target: &Target) -> Option<Fault<'a>> {
    let named = url.media_type;
    let ImageData { media_type: found, size, .. } = match url.data {
        Ok(data) => data,
        Err(broken) => return Some(Fault::Broken(broken)),
    };
    let is_image = named.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("image/"));
    match found {
        Some(found) if !takes(target, found) => Some(Fault::Unsupported(found)),
        _ if !is_image => Some(Fault::NoImage(named)),
        None => Some(Fault::Unknown),
        Some(found) if !is_same(named, found) => Some(Fault::Another(named, found)),
        Some(found) if size == PixelSize::CutOff => Some(Fault::CutOff(found)),
        Some(_) => None,
    }
}

/// Whether images of this media type are taken; all are where it is not known which.
fn takes(target: &Target, media_type: &str) -> bool {
    let kind = media_type.strip_prefix("image/").unwrap_or(media_type);
    target.image_types.is_empty() || target.image_types.contains(&kind)
}

/// Whether a media type is this one, by any of the names it goes by.
fn is_same(named: &str, found: &str) -> bool {
    let is = |name: &str| named.eq_ignore_ascii_case(name);
    is(found)
        || found == "image/jpeg" && (is("image/jpg") || is("image/pjpeg"))
        || found == "image/png" && is("image/x-png")
}
