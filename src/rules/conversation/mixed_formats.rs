//! A file that mixes formats.

use super::unknown_format::refusal;
use crate::dataset::{FileFacts, Group};
use crate::example::Format;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
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
    let target = sink.target();
    let kinds: Vec<(Format, &Group)> = facts.lines.kinds(target).collect();
    let Some(main) = facts.lines.kind(target) else { return };
    let Some((_, of_main)) = kinds.iter().find(|(kind, _)| *kind == main) else { return };
    let first_main = of_main.first.line;
    // That lines of the commonest format are not taken is told, and where the others are not linted, all that these are
    // told follows from the one slip that they stand there.
    let is_told = |kind: Format, group: &Group| {
        facts.lines.format() == Some(kind) && refusal(kind, sink.settings()).is_some()
            || matches!(main, Format::Unknown(_)) && facts.lines.erring.get(&kind) == Some(&group.count)
    };
    let odd: Vec<_> = kinds.iter().filter(|(kind, group)| *kind != main && !is_told(*kind, group)).collect();
    for (kind, group) in odd {
        let lines = count(group.count, &format!("{} line", name(*kind)));
        let message = format_args!("{lines} among {} lines, the first of which is line {first_main}", name(main));
        let help = HELPS.iter().find(|(odd, other, _)| (*odd, *other) == (*kind, main));
        sink.report_with(Some(&group.first), message, help.map(|(_, _, help)| (*help).to_owned()));
    }
    // Of a format that is not taken at all that is the fault, and of a request its method is held against its files.
    if let [(trained, file), ..] = facts.trained.as_slice()
        && facts.trained.iter().all(|(trained, _)| *trained != main)
        && sink.settings().file_jobs
        && refusal(main, sink.settings()).is_none()
    {
        let lines = count(of_main.count, &format!("{} line", name(main)));
        let message = format_args!("the validation file has {lines}, and {} has {} lines", quote(file), name(*trained));
        let help = "Write the lines of the validation file in the format of the training file.".to_owned();
        sink.report_with(Some(&of_main.first), message, Some(help));
    }
}

/// What lines are called.
fn name(kind: Format) -> &'static str {
    if let Format::Unknown(foreign) = kind { foreign.name() } else { kind.name() }
}
