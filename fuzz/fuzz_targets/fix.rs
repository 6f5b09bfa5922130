//! Fixes on any bytes: what is mended is gone, a second run changes nothing, a line without a fixable finding stays as
//! it is, and what is JSON stays JSON.
#![no_main]

use std::cell::RefCell;
use std::io::{Cursor, Read as _};

use ftlint::finding::Finding;
use ftlint::fix::{self, Error, Fixer};
use ftlint::lint::Linter;
use ftlint::rule::Fix;
use ftlint::selection::{Layer, RuleSelection, Selector};
use ftlint::settings::Settings;
use ftlint::shape::Shape;
use ftlint_fuzz::findings::lines;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

thread_local! {
    static FIXERS: [Fixer<'static>; 2] = [Fix::Safe, Fix::Unsafe].map(|allow| {
        Fixer::new(Box::leak(Box::new(fix::settings(&settings()))), allow)
    });
    static LINTER: RefCell<Linter<'static>> = RefCell::new(Linter::new(Box::leak(Box::new(settings()))));
    /// Knows what is written where.
    static REPAIRS: RefCell<Linter<'static>> =
        RefCell::new(Linter::new(Box::leak(Box::new(fix::settings(&settings())))));
}

fn settings() -> Settings {
    // An input of another run is no earlier part of the file; `tests/fix.rs` drops duplicates.
    let repeated = ftlint::rules::find("duplicate-example").map(Selector::Rule);
    let all = Layer { select: Some(vec![Selector::All]), ignore: repeated.into_iter().collect(), ..Layer::default() };
    Settings { selection: RuleSelection::new(&[all]), tokens: false, threads: Some(1), ..Settings::default() }
}

fuzz_target!(|data: &[u8]| {
    for allow in [Fix::Safe, Fix::Unsafe] {
        let Some(once) = mend(data, allow) else { continue };
        let (_, left) = LINTER.with_borrow_mut(|linter| lint(linter, &once));
        let left: Vec<&Finding> = left.iter().filter(|finding| is_fixable(finding, allow)).collect();
        assert!(left.is_empty(), "{allow:?}: {left:#?} in {:?}", String::from_utf8_lossy(&once));
        let twice = mend(&once, allow).expect("what was mended can be read");
        assert!(twice == once, "{:?} becomes {:?}", String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice));
        check_untouched(data, &once, allow);
    }
});

fn mend(data: &[u8], allow: Fix) -> Option<Vec<u8>> {
    FIXERS.with(|fixers| {
        let fixer = &fixers[usize::from(allow == Fix::Unsafe)];
        let mut out = Vec::new();
        match fix::spool(fixer, Box::new(Cursor::new(data.to_vec()))) {
            Ok((mut file, _)) => file.read_to_end(&mut out).expect("the file can be read"),
            // What cannot be written anew stays as it is.
            Err(Error::Refused(_)) => return None,
            Err(error) => panic!("{error:?}"),
        };
        Some(out)
    })
}

fn lint(linter: &mut Linter<'_>, data: &[u8]) -> (Shape, Vec<Finding>) {
    let (report, findings) = linter.lint_bytes("data.jsonl", data);
    (report.facts.shape, findings)
}

fn is_fixable(finding: &Finding, allow: Fix) -> bool {
    finding.fix.is_some_and(|fix| fix <= allow)
}

/// Objects in which nothing can be mended are there afterwards, in their order. What else stands on a line may become a
/// part of a record that was torn apart.
fn check_untouched(data: &[u8], mended: &[u8], allow: Fix) {
    let (shape, findings) = REPAIRS.with_borrow_mut(|linter| lint(linter, data));
    if shape != Shape::JsonLines {
        return;
    }
    let touched: Vec<_> = findings
        .iter()
        .filter(|finding| is_fixable(finding, allow))
        .filter_map(|finding| Some(finding.mend.as_ref()?.record.clone()))
        .collect();
    let mut rest = lines(mended).into_iter().map(|line| &mended[line]);
    for line in lines(data) {
        let is_touched =
            touched.iter().any(|record| record.start <= line.end as u64 && line.start as u64 <= record.end);
        let text = &data[line];
        if !is_touched && text.starts_with(b"{") && serde_json::from_slice::<Value>(text).is_ok() {
            assert!(rest.any(|kept| kept == text), "{allow:?} changes {:?}", String::from_utf8_lossy(text));
        }
    }
}
