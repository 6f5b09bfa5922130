//! A file that mixes formats.

use crate::dataset::FileFacts;
use crate::example::Format;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::count;

/// FT102.
pub static RULE: Rule = Rule {
    code: "FT102",
    name: "mixed-formats",
    level: Some(Severity::Error),
    summary: "Lines of different formats in one file.",
    why: "A file has one format; the job refuses lines in another.",
    help: "Write the lines of each format to a file of their own.",
    label: "another format than most of the file",
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
    let Some(main) = facts.lines.format() else { return };
    let first_main = facts.lines.formats[&main].first.line;
    for (format, group) in &facts.lines.formats {
        if *format == main {
            continue;
        }
        let lines = count(group.count, &format!("{} line", format.name()));
        let message = format_args!("{lines} among {} lines, the first of which is line {first_main}", main.name());
        let help = HELPS.iter().find(|(odd, other, _)| (odd, other) == (format, &main));
        sink.report_with(Some(&group.first), message, help.map(|(_, _, help)| (*help).to_owned()));
    }
}
