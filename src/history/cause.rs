//! What the texts of failed jobs mean: which rule, which line, what to do.
//!
//! The texts are those that servers were seen to send, without the parts that change.

use super::JobError;
use crate::rule::Rule;
use crate::rules;

/// What an error means.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The rules that find such a fault before the upload, the likeliest first; often there is one.
    pub rules: Vec<&'static Rule>,
    /// The examples or lines that the text names.
    pub spots: Vec<Spot>,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// A place that an error names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// The number of an example, from 1, without blank lines.
    Example(u64),
    /// A physical line, from 1.
    Line(u64),
}

struct Known {
    /// Parts of the text in lower case, all of which are in it.
    parts: &'static [&'static str],
    /// Names of rules; one that is not in the catalogue is left out.
    rules: &'static [&'static str],
    meaning: &'static str,
    advice: &'static str,
}

const NOT_JSON: &[&str] = &[
    "multi-line-json",
    "json-array-file",
    "not-an-object",
    "invalid-json",
    "byte-order-mark",
    "wrong-encoding",
    "joined-lines",
    "unescaped-quote",
    "missing-punctuation",
    "trailing-comma",
    "python-literal",
    "smart-quote",
    "raw-control-character",
    "invalid-utf8",
    "stray-text",
    "comment",
];

/// The first that fits holds.
const CATALOGUE: &[Known] = &[
    Known {
        parts: &["is not a dictionary"],
        rules: NOT_JSON,
        meaning: "a line of the file is no JSON object",
        advice: "Write one JSON object on each line, in UTF-8 without a byte order mark.",
    },
    Known {
        parts: &["jsonl format", "dictionary"],
        rules: NOT_JSON,
        meaning: "a line of the file is no JSON object",
        advice: "Write one JSON object on each line, in UTF-8 without a byte order mark.",
    },
    Known {
        parts: &["cannot be parsed"],
        rules: NOT_JSON,
        meaning: "an example is not JSON",
        advice: "Mend the line, or write the file with a JSON library.",
    },
    Known {
        parts: &["example(s), but must have at least"],
        rules: &["too-few-examples"],
        meaning: "the file has too few examples",
        advice: "Add examples: at least 10, better 50.",
    },
    Known {
        parts: &["discriminator 'role' is missing"],
        rules: &["missing-role"],
        meaning: "a message has no `role`",
        advice: "Give each message a `role`.",
    },
    Known {
        parts: &["contains an extra"],
        rules: &["unknown-key", "unknown-message-key"],
        meaning: "an example has a key that the format does not have",
        advice: "Remove the key from every line.",
    },
    Known {
        parts: &["contains an invalid token"],
        rules: &["special-token"],
        meaning: "a text contains a special token of the model",
        advice: "Take the token out of the text, or write it otherwise.",
    },
    Known {
        parts: &["model reasoning extraction"],
        rules: &["reasoning-extraction"],
        meaning: "the file was screened and seems to ask for the reasoning of a model",
        advice: "Take out what asks for chains of thought.",
    },
    Known {
        parts: &["flagged lines"],
        rules: &[],
        meaning: "lines were flagged by moderation",
        advice: "Take the flagged lines out and upload the file again.",
    },
    Known {
        parts: &["moderation"],
        rules: &[],
        meaning: "too many examples were flagged by moderation",
        advice: "Send the texts to the provider's moderation endpoint, and take out what it flags.",
    },
    Known {
        parts: &["format, but the specified fine-tuning job is not using"],
        rules: &["file-format-mismatch"],
        meaning: "the file is in the format of another method",
        advice: "Set the `type` of `method` to the one that fits the file, or convert the file.",
    },
    Known {
        parts: &["format, but the specified model"],
        rules: &["unknown-format", "mixed-formats"],
        meaning: "the model is not trained on the format of the file",
        advice: "Convert the file, or choose a model that is trained on it: `ftlint models`.",
    },
    Known {
        parts: &["is missing key 'messages'"],
        rules: &["missing-messages", "unknown-format", "mixed-formats", "file-format-mismatch"],
        meaning: "an example has no `messages`",
        advice: "Write every example in the format that the method and the model train on.",
    },
    Known {
        parts: &["is missing key 'input'"],
        rules: &["file-format-mismatch", "mixed-formats"],
        meaning: "preference data was expected, and an example has no `input`",
        advice: "Use the method `supervised`, or write preference lines.",
    },
    Known {
        parts: &["is missing key"],
        rules: &["missing-key", "missing-completion", "mixed-formats", "missing-content", "missing-messages"],
        meaning: "an example lacks a key that its format must have",
        advice: "Add the key.",
    },
    Known {
        parts: &["unexpected file format"],
        rules: &["unknown-format", "mixed-formats"],
        meaning: "the lines are neither chats nor pairs of prompt and completion",
        advice: "Convert the file: each line needs `messages`, or `prompt` and `completion`.",
    },
    Known {
        parts: &["'str' object has no attribute 'get'"],
        rules: &["content-part-not-object"],
        meaning: "the content of a message is a list of strings",
        advice: "Write each part as {\"type\": \"text\", \"text\": …}, or the content as one string.",
    },
    Known {
        parts: &["role must be either"],
        rules: &["unknown-role", "developer-role", "deprecated-functions"],
        meaning: "a message has a role that the service does not take",
        advice: "Use the roles that the text names.",
    },
    Known {
        parts: &["no valid json line found"],
        rules: &["missing-completion", "empty-completion", "unknown-format", "invalid-json"],
        meaning: "no line is a pair of prompt and completion",
        advice: "Write `prompt` and `completion` on every line, and no other keys.",
    },
    Known {
        parts: &["contains invalid schema"],
        rules: &["repeated-role", "unknown-key", "wrong-type"],
        meaning: "examples are not built as the service wants them; it was seen with two assistant messages in a row",
        advice: "Join assistant messages that follow each other.",
    },
    Known {
        parts: &["system messages are not supported"],
        rules: &["system-in-reinforcement"],
        meaning: "reinforcement lines cannot have system messages",
        advice: "Use the role `developer`, or put the text into the first user message.",
    },
    Known {
        parts: &["requires the", "method of finetuning"],
        rules: &["model-method-mismatch"],
        meaning: "the model is trained by another method",
        advice: "Set the `method` that the text names, or take another model.",
    },
    Known {
        parts: &["messages with role 'tool' must be a response"],
        rules: &["orphan-tool-message"],
        meaning: "a tool message answers no call before it",
        advice: "Put the call in front of it, with the same id.",
    },
    Known {
        parts: &["must be followed by tool messages"],
        rules: &["unanswered-tool-call"],
        meaning: "a tool call is not answered",
        advice: "Add a tool message with its id right behind the call.",
    },
    Known {
        parts: &["winding down"],
        rules: &["retired-model"],
        meaning: "the provider takes no new jobs from this organisation",
        advice: "Train elsewhere: other providers read the same files.",
    },
    Known {
        parts: &["explore plan"],
        rules: &[],
        meaning: "the account has no paid plan",
        advice: "Add a means of payment.",
    },
    Known {
        parts: &["is still being processed"],
        rules: &[],
        meaning: "the file was not ready yet",
        advice: "Wait until its status is `processed`, then create the job again.",
    },
    Known {
        parts: &["must point to a completed file import"],
        rules: &[],
        meaning: "the file was not ready yet",
        advice: "Wait until its status is `processed`, then create the job again.",
    },
    Known {
        parts: &["is not available for fine-tuning or does not exist"],
        rules: &["unknown-model", "retired-model"],
        meaning: "the model cannot be fine-tuned",
        advice: "Name a snapshot that can be fine-tuned.",
    },
    Known {
        parts: &["base model does not support fine-tuning"],
        rules: &["unknown-model", "retired-model"],
        meaning: "the model cannot be fine-tuned",
        advice: "Name a model that can be fine-tuned.",
    },
    Known {
        parts: &["extra fields not permitted"],
        rules: &["unknown-parameter"],
        meaning: "the request has a key that the API does not know",
        advice: "Lint the request with `ftlint job REQUEST`.",
    },
    Known {
        parts: &["is not of type"],
        rules: &["wrong-parameter-type"],
        meaning: "a parameter of the request has the wrong type",
        advice: "Lint the request with `ftlint job REQUEST`.",
    },
    Known {
        parts: &["internal error"],
        rules: &[],
        meaning: "the service failed, for a reason that it does not tell",
        advice: "Lint the file, then try again; it was seen with lines that had `functions`.",
    },
];

/// What an error means, if that is known.
#[must_use]
pub fn explain(error: &JobError) -> Option<Cause> {
    let text = error.message.to_lowercase();
    let known = CATALOGUE.iter().find(|known| known.parts.iter().all(|part| text.contains(part)))?;
    Some(Cause {
        rules: known.rules.iter().filter_map(|name| rules::find(name)).collect(),
        spots: spots(&text),
        meaning: known.meaning,
        advice: known.advice,
    })
}

/// The places that a text in lower case names.
fn spots(text: &str) -> Vec<Spot> {
    if let Some((_, flagged)) = text.split_once("flagged lines:") {
        let numbers = flagged.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
        return numbers.map(Spot::Line).collect();
    }
    if let Some(example) = number_after(text, "example ") {
        return vec![Spot::Example(example)];
    }
    // That server counts from 0. A number that has none behind it is no line either way.
    if let Some(line) = number_after(text, "unexpected value encountered on line ") {
        return vec![Spot::Line(line.saturating_add(1))];
    }
    // The line of a text inside brackets is that of what was parsed: always 1.
    number_after(text, "line ").map(Spot::Line).into_iter().collect()
}

/// The number behind the first place where a word is followed by one.
fn number_after(text: &str, word: &str) -> Option<u64> {
    text.match_indices(word).find_map(|(at, _)| {
        let rest = &text[at + word.len()..];
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_are_named_exist() {
        let named = CATALOGUE.iter().flat_map(|known| known.rules);
        assert_eq!(named.clone().find(|name| rules::find(name).is_none()), None);
        assert!(named.count() > 30);
    }

    /// Texts as servers send them, with the rule and the place that they mean.
    const SEEN: &[(&str, Option<&str>, &[Spot])] = &[
        (
            "Expected file to have JSONL format, where every line is a JSON dictionary. Line 1 is not a dictionary (HINT: line starts with: \"{...\").",
            Some("multi-line-json"),
            &[Spot::Line(1)],
        ),
        (
            "Expected file to have JSONL format, where every line is a valid JSON dictionary. Line 7 is not.",
            Some("multi-line-json"),
            &[Spot::Line(7)],
        ),
        (
            "Invalid file format. Example 1273 cannot be parsed. Error: line contains invalid json: Expecting ',' delimiter: line 1 column 79 (char 78) (line 1273)",
            Some("multi-line-json"),
            &[Spot::Example(1273)],
        ),
        ("Training file has 7 example(s), but must have at least 10 examples", Some("too-few-examples"), &[]),
        (
            "The job failed due to an invalid training file. Invalid file format. Example 100, message 2 Discriminator 'role' is missing in value",
            Some("missing-role"),
            &[Spot::Example(100)],
        ),
        ("Invalid file format. Example 536 contains an extra \"tools\".", Some("unknown-key"), &[Spot::Example(536)]),
        (
            "The job failed due to a file format error in the training file. Invalid file format. Example 6174 message contains an invalid token: <|fim_suffix|>.",
            Some("special-token"),
            &[Spot::Example(6174)],
        ),
        (
            "This training file was blocked because too many examples were flagged by our moderation API for containing content that violates the usage policies in the following categories: hate.",
            None,
            &[],
        ),
        (
            "This file failed moderation safety checks. Please try removing the flagged lines and uploading the file again. Flagged lines: 4, 13, 14 …",
            None,
            &[Spot::Line(4), Spot::Line(13), Spot::Line(14)],
        ),
        (
            "Invalid file format. Input file file-abc is in the fine-tune-chat format, but the specified fine-tuning job is not using 'supervised' as the training method (provided method=dpo).",
            Some("file-format-mismatch"),
            &[],
        ),
        ("Invalid file format. Example 1 is missing key 'input'.", Some("file-format-mismatch"), &[Spot::Example(1)]),
        ("Example 3 is missing key 'messages'", Some("missing-messages"), &[Spot::Example(3)]),
        (
            "The job failed due to an invalid training file. Unexpected file format, expected either prompt/completion pairs or chat messages.",
            Some("unknown-format"),
            &[],
        ),
        (
            "The job failed due to an invalid training file. 'str' object has no attribute 'get'",
            Some("content-part-not-object"),
            &[],
        ),
        (
            "Validation of jsonl file failed: Role must be either 'user', 'assistant', or 'system'. Unexpected value encountered on line 0. Please fix the data and try again.",
            Some("unknown-role"),
            &[Spot::Line(1)],
        ),
        ("contains invalid schema (20)", Some("repeated-role"), &[]),
        (
            "Finetuning with o4-mini-2025-04-16 requires the reinforcement method of finetuning.",
            Some("model-method-mismatch"),
            &[],
        ),
        (
            "OpenAI is winding down the fine-tuning platform and your organization is no longer able to create new fine-tuning training jobs.",
            Some("retired-model"),
            &[],
        ),
        ("File 'file-abc' is still being processed and is not ready to be used for fine-tuning.", None, &[]),
        ("Model gpt-9 is not available for fine-tuning or does not exist.", Some("unknown-model"), &[]),
        ("The job failed due to an internal error", None, &[]),
        (
            "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
            Some("orphan-tool-message"),
            &[],
        ),
        ("The specified base model does not support fine-tuning.", Some("unknown-model"), &[]),
    ];

    #[test]
    fn texts_of_servers_are_understood() {
        for (message, rule, spots) in SEEN {
            let error = JobError { message: (*message).to_owned(), ..JobError::default() };
            let cause = explain(&error).expect(message);
            assert_eq!(cause.rules.first().map(|rule| rule.name), *rule, "{message}");
            assert_eq!(cause.spots, *spots, "{message}");
        }
        assert!(explain(&JobError { message: "Something new".to_owned(), ..JobError::default() }).is_none());
    }

    #[test]
    fn numbers_of_lines_may_be_any() {
        let of = |line: &str| spots(&format!("unexpected value encountered on line {line}. please fix the data"));
        assert_eq!(of("18446744073709551614"), [Spot::Line(u64::MAX)]);
        assert_eq!(of("18446744073709551615"), [Spot::Line(u64::MAX)]);
        assert_eq!(of("18446744073709551616"), []);
    }
}
