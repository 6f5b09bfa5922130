//! An image without an address that can be read.

use crate::example::{Example, Features, Image, Message};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::{list, quote};

/// FT134.
pub static RULE: Rule = Rule {
    code: "FT134",
    name: "invalid-image-url",
    level: Some(Severity::Error),
    summary: "An image at no http(s) or data URL, or at one that the target does not take.",
    why: "The provider cannot reach it: it knows neither the files of your machine nor your buckets.",
    help: "Give the image an https address, or put its bytes in: data:image/png;base64,…",
    label: "not a URL of an image",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"images/a.png"}}]},{"role":"assistant","content":"A cat."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/images/a.png"}}]},{"role":"assistant","content":"A cat."}]}
"#,
    ),
    check: Check::MessageWith(Features::IMAGES, check),
};

/// How much of a long address is marked, in bytes.
const SHOWN: usize = 32;

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    for part in message.parts() {
        let (Some(at), Some(url)) = (part.image_url.at(), part.image_url.value()) else { continue };
        match part.image {
            Some(Image::Bare(media_type)) => {
                let message = format_args!("base64 without `data:{media_type};base64,` in front");
                sink.report_with(At::Inside(at, 0..url.len().min(SHOWN)), message, || {
                    Some(format!("Write it as data:{media_type};base64,…"))
                });
            }
            Some(Image::Other) => {
                let place = if url.is_empty() { At::Node(at) } else { At::Inside(at, 0..url.floor_char_boundary(256)) };
                match scheme(url) {
                    _ if url.is_empty() => sink.report(place, format_args!("the URL of an image is empty")),
                    Some("data") => sink.report(place, format_args!("a data URL without a comma before its data")),
                    Some("http" | "https") => sink.report(place, format_args!("the URL of an image has no host")),
                    Some(scheme) => {
                        sink.report(
                            place,
                            format_args!("an image at {}, neither an http(s) nor a data URL", quote(scheme)),
                        );
                    }
                    None => sink.report(place, format_args!("{} is neither an http(s) nor a data URL", quote(url))),
                }
            }
            Some(Image::Link | Image::Data(_)) => {
                let target = sink.target();
                let schemes = target.image_schemes;
                let found = scheme(url).unwrap_or_default().to_ascii_lowercase();
                if !schemes.is_empty() && !schemes.contains(&&*found) {
                    let place = At::Inside(at, 0..found.len());
                    let message = format_args!("a URL of {}, at which {} takes no images", quote(&found), target.name);
                    sink.report_with(place, message, || match schemes {
                        ["data"] => Some("Put its bytes in: data:image/png;base64,…".to_owned()),
                        _ => Some(format!("Here images are at {}", list(schemes.iter().copied(), "or"))),
                    });
                }
            }
            None => {}
        }
    }
}

/// The scheme of a URL: `s3` of `s3://bucket/a.png`.
fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_at(url.bytes().take(16).position(|byte| byte == b':')?);
    // `C:\images` is a path.
    let is_scheme =
        scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then_some(scheme)
}
