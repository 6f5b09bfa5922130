//! A key that a message, part, tool or call does not have.

use crate::example::{Example, Features, Owner, UnknownKey};
use crate::finding::Severity;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};
use crate::text::{did_you_mean, list, quote};

/// FT109.
pub static RULE: Rule = Rule {
    code: "FT109",
    name: "unknown-message-key",
    level: Some(Severity::Error),
    summary: "A key that a message, part, tool or call does not have.",
    why: "The job fails, or what stands under the key is not trained.",
    help: "Remove the key.",
    label: "not known here",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!","id":7}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}
"#,
    ),
    check: Check::ExampleWith(Features::UNKNOWN_KEYS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for unknown in example.unknown_keys.iter().filter(|unknown| unknown.owner != Owner::Line) {
        // What other trainers keep beside an image's address is not known to be refused, unlike a slip in `url`.
        if unknown.owner == Owner::ImageUrl && did_you_mean(unknown.key, unknown.known.iter().copied()).is_none() {
            continue;
        }
        let (owner, key) = (owner(unknown), quote(unknown.key));
        sink.report_with(unknown.at, format_args!("{owner} has no key {key}"), || {
            let known = list(unknown.known.iter().copied(), "and");
            Some(match meant(unknown) {
                Some(meant) => format!("Did you mean {}? Here the format knows {known}", quote(meant)),
                None => format!("Remove it; here the format knows {known}"),
            })
        });
        // What was meant to be another key is not dropped.
        if meant(unknown).is_none() {
            sink.mend(Fix::Unsafe, || Repair::Change(vec![Change::Remove(unknown.at)]));
        }
    }
}

/// The key that was probably meant.
fn meant<'a>(unknown: &UnknownKey<'a>) -> Option<&'a str> {
    match (unknown.owner, unknown.key) {
        (Owner::Part, "content" | "value") => unknown.known.contains(&"text").then_some("text"),
        (_, key) => did_you_mean(key, unknown.known.iter().copied()),
    }
}

/// What the key stands on, as exactly as its other keys depend on that.
fn owner(unknown: &UnknownKey<'_>) -> String {
    match unknown.owner {
        Owner::Message => match unknown.role {
            Some(role) => format!("a message of the role {}", quote(role)),
            None => Owner::Message.phrase().to_owned(),
        },
        Owner::Part => "a content part of this type".to_owned(),
        other => other.phrase().to_owned(),
    }
}
