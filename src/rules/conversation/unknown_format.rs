//! A line in no format that can be trained on.

use crate::dataset::FileFacts;
use crate::example::{Foreign, Format};
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::settings::Settings;
use crate::shape::Shape;
use crate::text::{count, did_you_mean, list, list_some, number, quote};

/// FT101.
pub static RULE: Rule = Rule {
    code: "FT101",
    name: "unknown-format",
    level: Some(Severity::Error),
    summary: "A line in none of the formats: chat, completions, preference, reinforcement.",
    why: "The job fails: the provider finds neither `messages` nor `prompt` and `completion`.",
    help: "Give each line `messages`, or `prompt` and `completion`.",
    label: "no format that is taken here",
    fix: None,
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
    if facts.shape == Shape::JobRequest {
        let message = format_args!("the file is the request for a job, and no data");
        sink.report_with(None, message, Some("Lint it with `ftlint job FILE`.".to_owned()));
    }
    // Lines that are in the minority are those that do not fit the others: that is a rule of its own.
    if let Some(format) = facts.lines.format()
        && let Some((fault, help)) = refusal(format, sink.settings())
    {
        let lines = &facts.lines.formats[&format];
        let found = count(lines.count, &format!("{} line", format.name()));
        sink.report_with(Some(&lines.first), format_args!("{found}: {fault}"), Some(help));
    }
    for (foreign, lines) in &facts.lines.foreign {
        if sink.target().takes_shape(*foreign) {
            continue;
        }
        let what = name(*foreign);
        let keys = if lines.keys.is_empty() { "no key at all".to_owned() } else { list_some(&lines.keys) };
        let place = Some(&lines.group.first);
        let help = help(*foreign, &lines.keys);
        match lines.group.count {
            1 => sink.report_with(place, format_args!("{what}: the line has {keys}"), help),
            n => {
                let n = number(n);
                sink.report_with(place, format_args!("{n} lines of {what}: the first has {keys}"), help);
            }
        }
    }
}

/// Why lines of a format cannot be trained on, and what to do about it: the target does not take them, or not for the
/// model. Of a request the latter is a fault of its own.
pub(super) fn refusal(format: Format, settings: &Settings) -> Option<(String, String)> {
    let target = settings.target;
    // Shapes that are taken are not in the table of any model.
    if matches!(format, Format::Unknown(_)) {
        return None;
    }
    if !target.takes(format) {
        let (name, known) = (target.name, list(target.formats.iter().copied(), "and"));
        let help = format!("Write the lines in a format that {name} takes: {known}.");
        return Some((format!("{name} does not take this format"), help));
    }
    let model = settings.model.filter(|_| settings.file_jobs)?;
    if model.formats.is_empty() || model.accepts(format) {
        return None;
    }
    let known = list(model.formats.iter().map(String::as_str), "and");
    let help = format!("Choose another model, or write the lines in a format that it is trained on: {known}.");
    Some((format!("{} is not trained on this format", quote(&model.name)), help))
}

fn name(foreign: Foreign) -> &'static str {
    match foreign {
        Foreign::Alpaca => "Alpaca data",
        Foreign::ShareGpt => "ShareGPT data",
        Foreign::Conversations => "conversations of messages",
        Foreign::Gemini => "Gemini data",
        Foreign::ChosenRejected => "preference data in TRL's format",
        Foreign::BatchRequest => "requests of the Batch API",
        Foreign::EvalSample => "samples of OpenAI Evals",
        Foreign::Interactions => "data of Mistral's trainer",
        Foreign::BedrockConversation => "conversations for Amazon Nova",
        Foreign::PromptParts => "prompts and completions of content parts",
        Foreign::Stepwise => "answers in steps, in TRL's format",
        Foreign::Classification => "data of Mistral's classifiers",
        Foreign::PlainText
        | Foreign::QuestionAnswer
        | Foreign::InputOutput
        | Foreign::PromptMessages
        | Foreign::LabelledText
        | Foreign::Other => "no known format",
    }
}

/// What to do about the lines of one shape, where that can be told.
fn help(foreign: Foreign, keys: &[String]) -> Option<String> {
    let help = match foreign {
        Foreign::Alpaca => {
            "Turn `instruction` and `input` into a user message, and `output` into the assistant's answer."
        }
        Foreign::ShareGpt => {
            "Turn each turn of `conversations` into a message: `from` becomes `role` (human: user, gpt: assistant), \
             `value` becomes `content`."
        }
        Foreign::Conversations => "Rename `conversations` to `messages`.",
        Foreign::Gemini => {
            "Turn `contents` into `messages`: the role `model` is `assistant`, `parts` become `content`."
        }
        Foreign::ChosenRejected => {
            "Put the prompt's messages under `input`, and rename `chosen` to `preferred_output` and `rejected` to \
             `non_preferred_output`."
        }
        Foreign::Interactions => "Rename `interactions` to `messages`.",
        Foreign::BatchRequest => "Keep `messages` and `tools` of `body`, and add the answer as an assistant message.",
        Foreign::EvalSample => "Rename `input` to `messages`, and add `ideal` as the assistant's answer.",
        Foreign::QuestionAnswer => "Turn `question` into a user message, and `answer` into the assistant's answer.",
        Foreign::InputOutput => "Turn `input` into a user message, and `output` into the assistant's answer.",
        Foreign::PromptMessages => "Put the messages of the prompt and the answer to learn into one list `messages`.",
        Foreign::PromptParts => {
            "Put the parts of `prompt` into a message of the user, and those of `completion` into the answer."
        }
        Foreign::Stepwise => "Join the steps that are right into one `completion`, and leave `labels` out.",
        Foreign::LabelledText | Foreign::Classification => {
            "Turn the text into a user message, and its label into the assistant's answer."
        }
        Foreign::BedrockConversation => {
            "Turn `system` into a message, give each content part a `type`, and leave `schemaVersion` out."
        }
        Foreign::PlainText => {
            "Split the text into a prompt and the answer to learn: `messages`, or `prompt` and `completion`."
        }
        Foreign::Other => {
            if let Some(help) = lone_answer(keys) {
                return Some(help);
            }
            let (found, known) = keys.iter().find_map(|key| {
                let known = did_you_mean(key, ["messages", "prompt", "completion", "preferred_output"])?;
                Some((key, known))
            })?;
            return Some(format!("Did you mean {} instead of {}?", quote(known), quote(found)));
        }
    };
    Some(help.to_owned())
}

/// What to do about a preference line of TRL's that has one of its two answers.
fn lone_answer(keys: &[String]) -> Option<String> {
    let has = |key: &&str| keys.iter().any(|known| known == key);
    let answers = [("chosen", "rejected"), ("rejected", "chosen")];
    let (there, missing) = answers.into_iter().find(|(there, missing)| has(there) && !has(missing))?;
    let meant = keys.iter().find(|key| key.as_str() != there && did_you_mean(key, [missing]).is_some());
    Some(match meant {
        Some(key) => format!("Did you mean {} instead of {}?", quote(missing), quote(key)),
        None => format!("`{missing}` is missing beside `{there}`: give the line both answers."),
    })
}
