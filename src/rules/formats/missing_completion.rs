//! A completions line that lacks one of its two texts.

use crate::example::{Example, Features, Field, Foreign, Format};
use crate::finding::Severity;
use crate::json::{Kind, NodeId};
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{did_you_mean, list_some, quote};

/// FT301.
pub static RULE: Rule = Rule {
    code: "FT301",
    name: "missing-completion",
    level: Some(Severity::Error),
    summary: "`prompt` or `completion` is absent or no string.",
    why: "The job fails: a completions line is a prompt and a completion, both text.",
    help: "Give the line both `prompt` and `completion`, as strings.",
    label: "`prompt` and `completion` must be text",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":4}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::ExampleWith(Features::COMPLETION, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // That the target takes no such lines is one fault of the file.
    if example.format != Format::Completion || !sink.target().takes(example.format) {
        return;
    }
    let (completion, answer) = match example.answer() {
        (key, answer) if sink.target().answer_keys.contains(&key) => (key, answer),
        _ => ("completion", example.completion),
    };
    // Where messages may be a prompt, it is the completion that does not go with them.
    if let (Field::Mistyped(prompt), Some(at)) = (example.prompt, answer.at())
        && sink.target().takes_shape(Foreign::PromptMessages)
        && example.doc.kind(prompt) == Kind::Array
    {
        let found = example.doc.kind(at).phrase();
        let message = format_args!("`{completion}` is {found}, but must be a list of messages as `prompt` is");
        sink.report_with(at, message, || Some("Write it as [{\"role\": \"assistant\", \"content\": …}].".to_owned()));
        return;
    }
    for (name, field, others) in [("prompt", example.prompt, PROMPTS), (completion, answer, COMPLETIONS)] {
        match field {
            Field::Value(..) => {}
            // Prompts alone are data as well where lists of messages may be prompts.
            Field::Absent if name == completion && sink.target().takes_shape(Foreign::PromptMessages) => {
                let keys: Vec<&str> = example.keys.iter().map(|(key, _)| *key).collect();
                if let Some(help) = help(name, &keys, others) {
                    let message = format_args!("no `{name}`: the line has {}", list_some(&keys));
                    sink.report_with(NodeId::ROOT, message, || Some(help));
                }
            }
            Field::Absent => {
                let keys: Vec<&str> = example.keys.iter().map(|(key, _)| *key).collect();
                let message = format_args!("no `{name}`: the line has {}", list_some(&keys));
                sink.report_with(NodeId::ROOT, message, || help(name, &keys, others));
            }
            Field::Null(at) | Field::Mistyped(at) => {
                let found = example.doc.kind(at).phrase();
                sink.report(at, format_args!("`{name}` is {found}, but must be a string"));
            }
        }
    }
}

/// What other tools call a prompt.
const PROMPTS: &[&str] = &["input", "question", "query", "instruction", "text"];
/// What other tools call a completion.
const COMPLETIONS: &[&str] = &["response", "output", "answer", "ideal", "target", "label"];

/// The key that most likely holds what is missing.
fn help(missing: &str, keys: &[&str], others: &[&str]) -> Option<String> {
    let is_meant = |key: &&&str| others.contains(*key) || did_you_mean(key, [missing]).is_some();
    let key = keys.iter().find(is_meant)?;
    Some(format!("Rename the key {} to `{missing}`.", quote(key)))
}
