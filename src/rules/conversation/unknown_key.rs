//! A key that a line of this format does not have.

use crate::example::{Example, Features, Format, Owner, UnknownKey};
use crate::finding::Severity;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};
use crate::text::{Patience, list, list_some, quote};

/// FT108.
pub static RULE: Rule = Rule {
    code: "FT108",
    name: "unknown-key",
    level: Some(Severity::Error),
    summary: "A key that the line's format does not have.",
    why: "The job fails with 'contains an extra \"…\"': the provider refuses top-level keys it does not know.",
    help: "Remove the key from every line before the upload.",
    label: "not a key of this format",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{"id":7,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::ExampleWith(Features::UNKNOWN_KEYS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // A completions line that lacks a key has it under another name: that is one slip, not two.
    if example.format == Format::Completion && (example.prompt.is_none() || example.completion.is_none()) {
        return;
    }
    let format = example.format.name();
    let mut extra = Vec::new();
    let of_line = || example.unknown_keys.iter().filter(|unknown| unknown.owner == Owner::Line);
    let known = of_line().next().map_or(&[][..], |unknown| unknown.known);
    let is_unused = |key: &&str| example.keys.iter().all(|(used, _)| used != key);
    let unused: Vec<&str> = known.iter().copied().filter(is_unused).collect();
    let mut patience = Patience::default();
    for unknown in of_line() {
        match help(unknown, &unused, &mut patience) {
            Some(help) => {
                let message = format_args!("the key {} is not part of the {format} format", quote(unknown.key));
                sink.report_with(unknown.at, message, || Some(help));
            }
            None => extra.push(unknown),
        }
    }
    // Notes that a script has left beside the data are one slip, however many they are.
    match extra.as_slice() {
        [] => return,
        [one] => {
            sink.report(one.at, format_args!("the key {} is not part of the {format} format", quote(one.key)));
        }
        [first, ..] => {
            let keys: Vec<&str> = extra.iter().map(|unknown| unknown.key).collect();
            let help = || Some("Remove these keys from every line before the upload.".to_owned());
            let message = format_args!("the keys {} are not part of the {format} format", list_some(&keys));
            sink.report_with(first.at, message, help);
        }
    }
    sink.mend(Fix::Unsafe, || Repair::Change(extra.iter().map(|unknown| Change::Remove(unknown.at)).collect()));
}

/// What to do about a key that was meant to be another, or to stand elsewhere.
fn help(unknown: &UnknownKey<'_>, unused: &[&str], patience: &mut Patience) -> Option<String> {
    if unknown.key == "weight" {
        return Some("`weight` belongs on an assistant message, not on the line.".to_owned());
    }
    let meant = patience.did_you_mean(unknown.key, unused.iter().copied())?;
    Some(format!("Did you mean {}? The format has {}.", quote(meant), list(unknown.known.iter().copied(), "and")))
}
