//! Any bytes as the request of a job, in JSON and in YAML, and as what the API says of a job: nothing panics, findings
//! are in order and at home in the text, and JSON that is read as YAML is judged alike.
#![no_main]

use std::cell::RefCell;

use ftlint::finding::Finding;
use ftlint::history::History;
use ftlint::lint::{Linter, look_up};
use ftlint::report::{Format, Style, write_history};
use ftlint::settings::Settings;
use ftlint::target::Catalogue;
use ftlint_fuzz::choice;
use ftlint_fuzz::findings::check;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

thread_local! {
    static LINTERS: RefCell<Vec<(&'static Settings, Linter<'static>)>> = RefCell::new(Catalogue::builtin().targets().map(|target| {
        let settings: &Settings = Box::leak(Box::new(Settings { target, tokens: false, ..Settings::default() }));
        (settings, Linter::new(settings))
    }).collect());
}

fuzz_target!(|data: &[u8]| {
    LINTERS.with_borrow_mut(|linters| {
        let chosen = choice(data, linters.len());
        let (settings, linter) = &mut linters[chosen];
        let mut judge = |name: &str| {
            let (report, findings) = linter.lint_request_bytes(name, data);
            check(data, &findings);
            assert_eq!(report.counts.iter().map(|count| count.shown).sum::<u64>(), findings.len() as u64);
            findings
        };
        let (json, yaml, _) = (judge("job.json"), judge("job.yaml"), judge("job"));
        if let Ok(value) = serde_json::from_slice::<Value>(data) {
            if is_yaml(data) {
                assert_eq!(said(&json), said(&yaml));
            }
            let mut history = History::default();
            if history.add(&value).is_ok() {
                let report = look_up(settings, "job.json", history, None, None).expect("there is no file to be read");
                let style = Style { color: false, width: 80, wraps: false };
                for format in [Format::Full, Format::Concise, Format::Json, Format::Sarif] {
                    write_history(&report, format, style, &mut std::io::sink()).expect("nothing is written");
                }
            }
        }
    });
});

/// What is said, and of what. Messages quote numbers as they are written.
fn said(findings: &[Finding]) -> Vec<(&'static str, Option<&str>)> {
    let mut said = Vec::new();
    for finding in findings {
        said.push((finding.rule.code, finding.place.as_ref().and_then(|place| place.pointer.as_deref())));
    }
    said
}

/// Whether a text of JSON means the same as YAML: but for some escapes, tabs and numbers it does.
fn is_yaml(data: &[u8]) -> bool {
    !data.contains(&b'\\') && !data.contains(&b'\t')
}
