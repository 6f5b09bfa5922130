//! The text of a token that only the service may use.

use crate::example::{Example, Features, Format};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT123.
pub static RULE: Rule = Rule {
    code: "FT123",
    name: "special-token",
    level: Some(Severity::Error),
    summary: "Text that is a special token, such as <|endoftext|>.",
    why: "The job fails with \"contains an invalid token\": such text would end the answer or forge a message.",
    help: "Remove it: the service adds these tokens itself.",
    label: "a special token",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!<|endoftext|>"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::ExampleWith(Features::SPECIAL_TOKENS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // Only messages are known to be refused; in completions these tokens have been used to end the answer.
    if example.format == Format::Completion {
        return;
    }
    for (at, text) in example.doc.strings() {
        let found = memchr::memmem::find_iter(text.as_bytes(), "<|").find_map(|place| {
            let token = sink.settings().special_tokens().find(|token| text[place..].starts_with(token))?;
            Some((place, token))
        });
        if let Some((place, token)) = found {
            sink.report(
                At::Inside(at, place..place + token.len()),
                format_args!("the special token {} in the text", quote(token)),
            );
        }
    }
}
