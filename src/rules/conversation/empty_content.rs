//! A message whose content is empty.

use crate::example::{Content, Example, Features, Field, Message, Part};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};

/// FT111.
pub static RULE: Rule = Rule {
    code: "FT111",
    name: "empty-content",
    level: Some(Severity::Warning),
    summary: "Content that is empty or only white space.",
    why: "An empty answer teaches the model to say nothing; an empty question teaches it to answer nothing.",
    help: "Fill in the content, or remove the example.",
    label: "empty",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":""}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::MessageWith(Features::UNUSUAL, check),
};

fn check(_: &Example<'_>, message: &Message<'_>, sink: &mut Sink<'_>) {
    // What a tool gives back may be empty, and so may be what is said beside a call.
    if matches!(message.role(), Some("tool" | "function")) || message.calls().next().is_some() {
        return;
    }
    match message.content {
        Field::Value(at, Content::Text(text)) if is_blank(text) => {
            sink.report(at, format_args!("`content` is {}", blank(text.is_empty())));
        }
        // An image says something, and so may a text beside one that is blank.
        Field::Value(_, Content::Parts(parts)) => {
            let says_nothing = |part: &Part<'_>| part.is("text") && part.text.value().is_some_and(is_blank);
            if let Some(at) = parts.first().and_then(|part| part.text.at())
                && parts.iter().all(says_nothing)
            {
                let is_empty = parts.iter().filter_map(|part| part.text.value()).all(str::is_empty);
                sink.report(at, format_args!("the text of the content is {}", blank(is_empty)));
            }
        }
        _ => {}
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

fn blank(is_empty: bool) -> &'static str {
    if is_empty { "empty" } else { "only white space" }
}
