//! An integration that is not taken.

use crate::example::Field;
use crate::finding::Severity;
use crate::request::Request;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::text::{count, number, quote};

/// FT718.
pub static RULE: Rule = Rule {
    code: "FT718",
    name: "invalid-integration",
    level: Some(Severity::Error),
    summary: "An integration of an unknown type, or more of them or of their tags than are taken.",
    why: "The API refuses the request.",
    help: "The only type is `wandb`; it takes 50 tags of up to 64 characters.",
    label: "not taken",
    fix: None,
    bad: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "integrations": [{"type": "mlflow"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-abc123", "integrations": [{"type": "wandb", "wandb": {"project": "support"}}]}
"#,
    ),
    check: Check::Job(check),
};

const MAX_INTEGRATIONS: usize = 5;
const MAX_TAGS: usize = 50;
/// In characters.
const MAX_TAG: usize = 64;

fn check(request: &Request<'_>, sink: &mut Sink<'_>) {
    let Field::Value(at, integrations) = request.integrations else { return };
    if integrations.len() > MAX_INTEGRATIONS {
        let found = count(integrations.len() as u64, "integration");
        sink.report(at, format_args!("{found}; {MAX_INTEGRATIONS} are taken"));
    }
    for integration in integrations {
        if let Field::Value(at, kind) = integration.kind
            && kind != "wandb"
        {
            sink.report(at, format_args!("there is no integration {}", quote(kind)));
        }
        let Field::Value(at, tags) = integration.tags else { continue };
        if tags.len() > MAX_TAGS {
            sink.report(at, format_args!("{}; {MAX_TAGS} are taken", count(tags.len() as u64, "tag")));
        }
        for tag in tags {
            let length = tag.text.chars().count();
            if length > MAX_TAG {
                let length = number(length as u64);
                sink.report(tag.at, format_args!("the tag has {length} characters; {MAX_TAG} are taken"));
            }
        }
    }
}
