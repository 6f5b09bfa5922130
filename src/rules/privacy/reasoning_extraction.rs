//! Prompts that ask for the model's reasoning, which screening of reinforcement data blocks.

use crate::example::{Example, Format};
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT604.
pub static RULE: Rule = Rule {
    code: "FT604",
    name: "reasoning-extraction",
    level: None,
    summary: "Prompts of reinforcement data that ask for reasoning, which Azure's screening blocks.",
    why: "The file is refused as unsafe: it would teach a reasoning model to tell its hidden reasoning.",
    help: "Ask for the answer, or for an explanation of it, without speaking of thoughts.",
    label: "asks for reasoning",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Let me think along: show your chain of thought. 17*23?"}],"answer":"391"}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What is 17*23? Answer with the number."}],"answer":"391"}
"#,
    ),
    check: Check::Example(check),
};

/// Phrases that Azure's own checks look for, in lower case.
const PHRASES: &[&str] = &[
    "chain of thought",
    "chain-of-thought",
    "step by step reasoning",
    "step-by-step reasoning",
    "let me think",
    "think carefully",
    "reason through",
];

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    if example.format != Format::Reinforcement {
        return;
    }
    for (at, text) in example.messages().flat_map(|message| message.texts()) {
        // Of ASCII alone: places stay the same.
        let lower = text.to_ascii_lowercase();
        let found = PHRASES.iter().filter_map(|phrase| Some((lower.find(phrase)?, phrase.len()))).min();
        if let Some((start, length)) = found {
            let span = start..start + length;
            sink.report(
                At::Inside(at, span.clone()),
                format_args!("{} asks for the model's reasoning", quote(&text[span])),
            );
        }
    }
}
