//! Lines that are good by construction, in any spelling: no error is found.
#![no_main]

use std::cell::RefCell;

use arbitrary::{Result, Unstructured};
use ftlint::finding::Severity;
use ftlint::lint::Linter;
use ftlint::settings::Settings;
use ftlint_fuzz::example::{Kind, good};
use ftlint_fuzz::findings::{check, check_pointers};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Not a matter of one line, or one of a text that looks like a key.
const ALLOWED: &[&str] = &["too-few-examples", "secret"];

thread_local! {
    static LINTER: RefCell<Linter<'static>> = RefCell::new(Linter::new(Box::leak(Box::new(Settings {
        threads: Some(1),
        ..Settings::default()
    }))));
}

fuzz_target!(|data: &[u8]| -> Corpus {
    if run(&mut Unstructured::new(data)).is_ok() { Corpus::Keep } else { Corpus::Reject }
});

fn run(u: &mut Unstructured<'_>) -> Result<()> {
    let kind = *u.choose(&Kind::ALL)?;
    let mut text = String::new();
    for _ in 0..u.int_in_range(1..=4)? {
        let line = good(kind, u)?;
        text.push_str(&line.write(u.arbitrary()?, u)?);
        text.push('\n');
    }
    LINTER.with_borrow_mut(|linter| {
        let (report, findings) = linter.lint_bytes("data.jsonl", text.as_bytes());
        check(text.as_bytes(), &findings);
        check_pointers(text.as_bytes(), &findings);
        let is_error = |rule: &str, severity| severity == Severity::Error && !ALLOWED.contains(&rule);
        let error = findings.iter().find(|finding| is_error(finding.rule.name, finding.severity));
        assert!(error.is_none(), "{error:#?} in {text}");
        assert_eq!(report.facts.lines.examples, text.lines().count() as u64);
    });
    Ok(())
}
