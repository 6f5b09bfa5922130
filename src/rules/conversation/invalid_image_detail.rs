//! A level of detail that images do not have.

use crate::example::{Example, Features, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT135.
pub static RULE: Rule = Rule {
    code: "FT135",
    name: "invalid-image-detail",
    level: Some(Severity::Error),
    summary: "An image's `detail` that is not auto, low or high.",
    why: "The job fails: these are the only levels of detail.",
    help: "Use `auto`, `low` or `high`, or leave the key out.",
    label: "no level of detail",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"medium"}}]},{"role":"assistant","content":"A cat."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}}]},{"role":"assistant","content":"A cat."}]}
"#,
    ),
    check: Check::MessageWith(Features::PARTS, check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    for part in message.parts() {
        if let (Some(at), Some(detail)) = (part.image_detail.at(), part.image_detail.value())
            && !matches!(detail, "auto" | "low" | "high")
        {
            sink.report(at, format_args!("the detail {} is not auto, low or high", quote(detail)));
        }
    }
}
