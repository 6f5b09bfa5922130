//! A file that is too large for the provider.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::size;

/// FT013.
pub static RULE: Rule = Rule {
    code: "FT013",
    name: "oversized-file",
    level: Some(Severity::Error),
    summary: "The file is larger than the provider takes.",
    why: "The upload is refused.",
    help: "Leave out examples, split the file into several jobs, or use the provider's upload in parts.",
    label: "",
    fix: None,
    bad: Sample::Described("a file of 513 MiB"),
    good: Sample::Described("a file of 512 MiB"),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let Some(max) = sink.target().max_file_bytes else { return };
    if facts.size > max {
        let name = sink.target().name;
        // Powers of two are known by their names: 512 MiB, not 537 MB.
        let max = if max % (1 << 20) == 0 { format!("{} MiB", max >> 20) } else { size(max) };
        sink.report(None, format_args!("the file has {}; {name} takes up to {max}", size(facts.size)));
    }
}
