//! Credentials.

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::secrets::{self, SHOWN};

/// FT601.
pub static RULE: Rule = Rule {
    code: "FT601",
    name: "secret",
    level: Some(Severity::Error),
    summary: "API keys, tokens, private keys and database passwords.",
    why: "A model that was trained on a key can be made to say it, and the file lies with the provider.",
    help: "Revoke it: it has left its place. Then put a stand-in such as `YOUR_API_KEY` there.",
    label: "a secret",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"How do I connect?"},{"role":"assistant","content":"Use postgres://shop:vK3-mQ8tzR@db.shop.nl/orders"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"How do I connect?"},{"role":"assistant","content":"Use postgres://shop:PASSWORD@db.shop.nl/orders"}]}
"#,
    ),
    check: Check::ExampleWith(Features::SECRETS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for (at, text) in example.doc.strings() {
        for secret in secrets::find(text.as_bytes()) {
            let start = text.get(secret.span.start..secret.span.start + SHOWN).unwrap_or_default();
            let message = format_args!("{}, `{start}…`", secret.kind.name);
            sink.report(At::Inside(at, secret.span), message);
        }
    }
}
