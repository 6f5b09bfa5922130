//! What is equal as JSON is judged alike: white space, escapes and the order of keys change no finding and no count,
//! and an example that is only spelled otherwise is known again. In another order of keys another fault may come
//! first: then only the rules have to be the same.
#![no_main]

use std::cell::RefCell;

use arbitrary::{Result, Unstructured};
use ftlint::lint::Linter;
use ftlint::selection::{Layer, RuleSelection, Selector};
use ftlint::settings::Settings;
use ftlint_fuzz::example::{any, nearly};
use ftlint_fuzz::findings::check;
use ftlint_fuzz::json::{Json, Spelling};
use libfuzzer_sys::{Corpus, fuzz_target};

thread_local! {
    static LINTER: RefCell<Linter<'static>> = RefCell::new(Linter::new(Box::leak(Box::new(settings()))));
}

fn settings() -> Settings {
    let all = Layer { select: Some(vec![Selector::All]), ..Layer::default() };
    Settings { selection: RuleSelection::new(&[all]), threads: Some(1), ..Settings::default() }
}

fuzz_target!(|data: &[u8]| -> Corpus { if run(&mut Unstructured::new(data)).is_ok() { Corpus::Keep } else { Corpus::Reject } });

fn run(u: &mut Unstructured<'_>) -> Result<()> {
    let line = if u.ratio(1, 4)? { any(u, 5)? } else { nearly(u)? };
    let spelling = u.arbitrary()?;
    let plain = line.write(Spelling::PLAIN, u)?;
    let other = line.write(spelling, u)?;
    let (of_plain, tokens) = judge(&plain, spelling.shuffle);
    let (of_other, other_tokens) = judge(&other, spelling.shuffle);
    assert_eq!(of_plain, of_other, "{plain}\n{other}");
    assert_eq!(tokens, other_tokens, "{plain}\n{other}");
    if let Json::Object(_) = line {
        LINTER.with_borrow_mut(|linter| {
            let (report, _) = linter.lint_bytes("data.jsonl", format!("{plain}\n{other}\n").as_bytes());
            let known = report.counts.iter().find(|count| count.rule.name == "duplicate-example");
            assert_eq!(known.map(|count| count.found), Some(1), "{plain}\n{other}");
        });
    }
    Ok(())
}

type Said = (&'static str, Option<String>, String);

/// What is said of a line, and where, and how many tokens it has.
fn judge(line: &str, shuffled: bool) -> (Vec<Said>, (u64, u64)) {
    LINTER.with_borrow_mut(|linter| {
        let (report, findings) = linter.lint_bytes("data.jsonl", line.as_bytes());
        check(line.as_bytes(), &findings);
        let said = |finding: ftlint::finding::Finding| {
            let pointer = finding.place.and_then(|place| place.pointer);
            if shuffled { (finding.rule.code, None, String::new()) } else { (finding.rule.code, pointer, finding.message) }
        };
        let mut said: Vec<Said> = findings.into_iter().map(said).collect();
        if shuffled {
            said.sort();
        }
        let tokens = &report.facts.lines.tokens;
        (said, (tokens.total, tokens.answers))
    })
}
