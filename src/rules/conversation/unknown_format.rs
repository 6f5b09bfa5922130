//! A line in no format that can be trained on.

use crate::dataset::FileFacts;
use crate::example::{Foreign, Format};
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, did_you_mean, list, quote};

/// FT101.
pub static RULE: Rule = Rule {
    code: "FT101",
    name: "unknown-format",
    level: Some(Severity::Error),
    summary: "A line in none of the formats: chat, completions, preference, reinforcement.",
    why: "The job fails: the provider finds neither `messages` nor `prompt` and `completion`.",
    help: "Give each line `messages`, or `prompt` and `completion`.",
    label: "no format has these keys",
    bad: Sample::Text(
        r#"{"instruction":"Add 2 and 2","output":"4"}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    for (keys, (format, group)) in &facts.lines.foreign {
        let keys: Vec<&str> = keys.lines().collect();
        let what = match format {
            Format::Unknown(Foreign::Alpaca) => "Alpaca data",
            Format::Unknown(Foreign::ShareGpt) => "ShareGPT data",
            Format::Unknown(Foreign::Gemini) => "Gemini data",
            Format::Unknown(Foreign::ChosenRejected) => "preference data in TRL's format",
            Format::Unknown(Foreign::BatchRequest) => "a request of the Batch API",
            _ => "no known format",
        };
        let found = match keys.as_slice() {
            [] => "no key at all".to_owned(),
            [first @ .., _] if first.len() >= 6 => {
                format!("{} and {} more", list(first[..6].iter().copied(), "and"), keys.len() - 6)
            }
            keys => list(keys.iter().copied(), "and"),
        };
        let more = match group.count {
            1 => String::new(),
            n => format!(" ({} like this)", count(n, "line")),
        };
        sink.report_with(Some(&group.first), format_args!("{what}: the line has {found}{more}"), help(*format, &keys));
    }
}

/// What to do about the lines of one shape, where that can be told.
fn help(format: Format, keys: &[&str]) -> Option<String> {
    let Format::Unknown(foreign) = format else { return None };
    let help = match foreign {
        Foreign::Alpaca => {
            "Turn `instruction` and `input` into a user message, and `output` into the assistant's answer"
        }
        Foreign::ShareGpt => {
            "Turn each turn of `conversations` into a message: `from` becomes `role` (human: user, gpt: assistant), \
             `value` becomes `content`"
        }
        Foreign::Gemini => "Turn `contents` into `messages`: the role `model` is `assistant`, `parts` become `content`",
        Foreign::ChosenRejected => {
            "Name the prompt's messages `input`, `chosen` `preferred_output`, and `rejected` `non_preferred_output`"
        }
        Foreign::BatchRequest => "Keep `messages` and `tools` of `body`, and add the answer as an assistant message",
        Foreign::QuestionAnswer => "Turn `question` into a user message, and `answer` into the assistant's answer",
        Foreign::PlainText => {
            "Split the text into a prompt and the answer to learn: `messages` or `prompt`, `completion`"
        }
        Foreign::Other => {
            let (found, known) = keys.iter().find_map(|key| {
                let known = did_you_mean(key, ["messages", "prompt", "completion", "preferred_output"])?;
                Some((*key, known))
            })?;
            return Some(format!("Did you mean {} instead of {}?", quote(known), quote(found)));
        }
    };
    Some(help.to_owned())
}
