//! A content part that is no object.

use crate::example::{Example, Features, Message};
use crate::finding::Severity;
use crate::json::Kind;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT119.
pub static RULE: Rule = Rule {
    code: "FT119",
    name: "content-part-not-object",
    level: Some(Severity::Error),
    summary: "A content list that holds strings or other values instead of parts.",
    why: "The job fails with \"'str' object has no attribute 'get'\": each part is an object with a type.",
    help: "Write the content as one string, or each part as {\"type\": \"text\", \"text\": \"…\"}.",
    label: "not a part",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":["Hi"]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::MessageWith(Features::PARTS, check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    // A list of labels is one slip, however long it is.
    if let Some(part) = message.parts().iter().find(|part| part.kind != Kind::Object) {
        sink.report(part.at, format_args!("a content part is {}, not an object", part.kind.phrase()));
    }
}
