//! Metadata over the limits.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{count, number};

/// FT719.
pub static RULE: Rule = Rule {
    code: "FT719",
    name: "invalid-metadata",
    level: Some(Severity::Error),
    summary: "More metadata than is taken: 16 pairs, keys of 64 and values of 512 characters.",
    why: "The API refuses the request.",
    help: "Shorten it.",
    label: "too much",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "metadata": {"k0": "v", "k1": "v", "k2": "v", "k3": "v", "k4": "v", "k5": "v", "k6": "v", "k7": "v", "k8": "v", "k9": "v", "k10": "v", "k11": "v", "k12": "v", "k13": "v", "k14": "v", "k15": "v", "k16": "v"}}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "metadata": {"commit": "3080cc9"}}
"#,
    ),
    check: Check::Job(check),
};

const MAX_PAIRS: usize = 16;
/// In characters.
const MAX_KEY: usize = 64;
/// In characters.
const MAX_VALUE: usize = 512;

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let Field::Value(at, pairs) = request.metadata else { return };
    let all = request.doc.count(at);
    if all > MAX_PAIRS {
        sink.report(at, format_args!("{} of metadata; {MAX_PAIRS} are taken", count(all as u64, "pair")));
    }
    for pair in pairs {
        for (what, text, most) in [("key", pair.key, MAX_KEY), ("value", pair.value, MAX_VALUE)] {
            let length = text.text.chars().count();
            if length > most {
                let length = number(length as u64);
                sink.report(text.at, format_args!("the {what} has {length} characters; {most} are taken"));
            }
        }
    }
}
