//! A file that mixes formats.

use super::unknown_format::refusal;
use crate::dataset::{FileFacts, Group};
use crate::example::Format;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::target::Target;
use crate::text::{count, quote};

/// FT102.
pub static RULE: Rule = Rule {
    code: "FT102",
    name: "mixed-formats",
    level: Some(Severity::Error),
    summary: "Lines of different formats in one file, or in training and validation files.",
    why: "A file has one format; the job refuses lines in another.",
    help: "Write the lines of each format to a file of their own.",
    label: "another format",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
{"messages":[{"role":"user","content":"Bye"},{"role":"assistant","content":"See you!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
{"messages":[{"role":"user","content":"Bye"},{"role":"assistant","content":"See you!"}]}
"#,
    ),
    check: Check::File(check),
};

/// What to do about lines of one format in a file of another, where a slip makes the one look like the other.
const HELPS: &[(Format, Format, &str)] = &[
    (
        Format::Reinforcement,
        Format::Chat,
        "Add the answer at the end of the line and remove the keys beside `messages`.",
    ),
    (
        Format::Chat,
        Format::Reinforcement,
        "End the line with a message of the user, and give it the keys of the others.",
    ),
];

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let kinds = kinds(facts, sink.target());
    let most = kinds.iter().max_by_key(|(_, group)| (group.count, std::cmp::Reverse(group.first.line)));
    let Some((main, of_main)) = most else { return };
    let first_main = of_main.first.line;
    for (kind, group) in kinds.iter().filter(|(kind, _)| kind != main) {
        let lines = count(group.count, &format!("{} line", kind.name()));
        let message = format_args!("{lines} among {} lines, the first of which is line {first_main}", main.name());
        let help = HELPS.iter().find(|(odd, other, _)| (odd, other) == (kind, main));
        sink.report_with(Some(&group.first), message, help.map(|(_, _, help)| (*help).to_owned()));
    }
    // Of a format that is not taken at all that is the fault, and of a request its method is held against its files.
    if let Some((trained, file)) = &facts.trained
        && sink.settings().file_jobs
        && trained != main
        && refusal(*main, sink.settings()).is_none()
    {
        let lines = count(of_main.count, &format!("{} line", main.name()));
        let message = format_args!("the validation file has {lines}, and {} has {} lines", quote(file), trained.name());
        let help = "Write the lines of the validation file in the format of the training file.".to_owned();
        sink.report_with(Some(&of_main.first), message, Some(help));
    }
}

/// The lines of each format, and of each shape that the target takes besides.
fn kinds<'f>(facts: &'f FileFacts, target: &Target) -> Vec<(Format, &'f Group)> {
    let formats = facts.lines.formats.iter().map(|(format, group)| (*format, group));
    let taken = facts.lines.foreign.iter().filter(|(foreign, _)| target.takes_shape(**foreign));
    formats.chain(taken.map(|(foreign, lines)| (Format::Unknown(*foreign), &lines.group))).collect()
}
