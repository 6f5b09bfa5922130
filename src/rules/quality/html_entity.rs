//! Characters as web pages write them.

use super::markup::{is_code, is_inline_code, prose_lines};
use crate::example::Example;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT807.
pub static RULE: Rule = Rule {
    code: "FT807",
    name: "html-entity",
    level: None,
    summary: "HTML entities in text that is no HTML: `&amp;`, `&#39;`.",
    why: "The text was taken from a web page and not decoded: the model learns to write it like that.",
    help: "Decode it when the file is written: `html.unescape` in Python.",
    label: "an entity",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Who are they?"},{"role":"assistant","content":"Marks &amp; Spencer, a shop."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Who are they?"},{"role":"assistant","content":"Marks & Spencer, a shop."}]}
"#,
    ),
    check: Check::Example(check),
};

const NAMES: &[&str] = &[
    "amp", "lt", "gt", "quot", "apos", "nbsp", "ndash", "mdash", "lsquo", "rsquo", "ldquo", "rdquo", "hellip", "bull",
    "copy", "reg", "trade", "eacute", "egrave", "auml", "ouml", "uuml", "szlig", "deg", "euro", "pound", "laquo",
    "raquo",
];

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let prompt = example.prompt.at().zip(example.prompt.value());
    let texts = example.messages().flat_map(|message| message.texts());
    for (at, text) in texts.chain(prompt).chain(super::completion(example)) {
        if memchr::memchr(b'&', text.as_bytes()).is_none() || is_about_html(text) || is_code(text) {
            continue;
        }
        let found = prose_lines(text).find_map(|(start, line)| {
            let place = memchr::memchr_iter(b'&', line.as_bytes()).find_map(|place| {
                let length = entity(&line[place + 1..])?;
                (!is_inline_code(line, place)).then_some((place, length))
            });
            place.map(|(place, length)| start + place..start + place + 1 + length)
        });
        if let Some(span) = found {
            sink.report(At::Inside(at, span.clone()), format_args!("the HTML entity {}", quote(&text[span])));
        }
    }
}

fn is_about_html(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["html", "xml", "entity", "entities", "escap"].iter().any(|word| lower.contains(word))
}

/// The length of the entity behind `&`, with its semicolon.
fn entity(text: &str) -> Option<usize> {
    let length = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[..length];
    let number = name.strip_prefix('#').is_some_and(|number| {
        let hex = number.strip_prefix(['x', 'X']);
        let digits = hex.unwrap_or(number);
        let is_digit = |c: char| if hex.is_some() { c.is_ascii_hexdigit() } else { c.is_ascii_digit() };
        (1..=6).contains(&digits.len()) && digits.chars().all(is_digit)
    });
    (number || NAMES.contains(&name)).then_some(length + 1)
}
