//! Refusals in the words of another model.

use crate::example::Example;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT803.
pub static RULE: Rule = Rule {
    code: "FT803",
    name: "boilerplate-refusal",
    level: None,
    summary: "Answers that say \"as an AI language model\" or refuse in such words.",
    why: "They come from the model that wrote the data: the new one learns to refuse, and what to call itself.",
    help: "Write the answer that you want, or a refusal in your own words.",
    label: "another model's words",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Your favourite film?"},{"role":"assistant","content":"As an AI language model, I have no favourites."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Your favourite film?"},{"role":"assistant","content":"I keep coming back to Stalker."}]}
"#,
    ),
    check: Check::Example(check),
};

/// In lower case, with straight apostrophes.
const PHRASES: &[&str] = &[
    "as an ai language model",
    "as a language model",
    "as a large language model",
    "as an ai assistant",
    "as an ai model",
    "as an artificial intelligence",
    "as an ai,",
    "i'm just an ai",
    "i am just an ai",
    "my knowledge cutoff",
    "my training data only goes",
    "i'm sorry, but i cannot",
    "i'm sorry, but i can't",
    "i'm sorry, but as an ai",
    "i cannot fulfill this request",
    "i can't fulfill this request",
    "i cannot fulfill your request",
    "i can't assist with that",
    "i cannot assist with that",
    "i'm unable to assist with that",
    "trained by openai",
    "developed by openai",
    "made by anthropic",
    "created by anthropic",
];

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for (at, text) in super::answers(example) {
        // The curly apostrophe takes three bytes: places in the copy are mapped back below.
        let lower = text.to_ascii_lowercase();
        let straight = lower.replace('’', "'");
        let Some((start, phrase)) = PHRASES.iter().filter_map(|phrase| Some((straight.find(phrase)?, *phrase))).min()
        else {
            continue;
        };
        let back = |place: usize| {
            let mut left = place;
            lower.char_indices().find_map(|(at, c)| {
                if left == 0 {
                    return Some(at);
                }
                left -= if c == '’' { 1 } else { c.len_utf8() };
                None
            })
        };
        let span = back(start).unwrap_or(0)..back(start + phrase.len()).unwrap_or(text.len());
        sink.report(At::Inside(at, span.clone()), format_args!("{} in an answer", quote(&text[span])));
    }
}
