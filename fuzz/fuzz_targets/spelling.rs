//! What is equal as JSON is judged alike: white space, escapes and the order of keys change no finding and no count,
//! and an example that is only spelled otherwise is known again. In another order of keys another fault may come
//! first: then only the rules have to be the same. Rules about the quality of texts and about secrets are
//! asked about lines that look like it, and how they look is known for the escapes that programs write.
#![no_main]

use std::cell::RefCell;

use arbitrary::{Result, Unstructured};
use ftlint::finding::Finding;
use ftlint::lint::Linter;
use ftlint::selection::{Layer, RuleSelection, Selector};
use ftlint::settings::Settings;
use ftlint_fuzz::example::{any, nearly};
use ftlint_fuzz::findings::{check, check_pointers};
use ftlint_fuzz::json::{Escapes, Json, Spelling};
use libfuzzer_sys::{Corpus, fuzz_target};

thread_local! {
    static LINTER: RefCell<Linter<'static>> = RefCell::new(Linter::new(Box::leak(Box::new(settings()))));
}

fn settings() -> Settings {
    let all = Layer { select: Some(vec![Selector::All]), ..Layer::default() };
    Settings { selection: RuleSelection::new(&[all]), threads: Some(1), ..Settings::default() }
}

fuzz_target!(|data: &[u8]| -> Corpus {
    if run(&mut Unstructured::new(data)).is_ok() { Corpus::Keep } else { Corpus::Reject }
});

fn run(u: &mut Unstructured<'_>) -> Result<()> {
    let line = if u.ratio(1, 4)? { any(u, 5)? } else { nearly(u)? };
    let spelling = u.arbitrary()?;
    let plain = line.write(Spelling::PLAIN, u)?;
    let other = line.write(spelling, u)?;
    let (of_plain, tokens) = judge(&plain, spelling);
    let (of_other, other_tokens) = judge(&other, spelling);
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

type Said = (&'static str, Option<String>);

/// Which rules speak of a line, and where, and how many tokens it has. What they say may quote the line as it is written.
fn judge(line: &str, spelling: Spelling) -> (Vec<Said>, (u64, u64)) {
    LINTER.with_borrow_mut(|linter| {
        let (report, findings) = linter.lint_bytes("data.jsonl", line.as_bytes());
        check(line.as_bytes(), &findings);
        check_pointers(line.as_bytes(), &findings);
        let said = |finding: Finding| {
            let pointer = finding.place.and_then(|place| place.pointer);
            (finding.rule.code, pointer.filter(|_| !spelling.shuffle))
        };
        let is_expected = |finding: &Finding| {
            spelling.escapes != Escapes::Any || !matches!(finding.rule.group(), "quality" | "privacy")
        };
        let mut said: Vec<Said> = findings.into_iter().filter(is_expected).map(said).collect();
        if spelling.shuffle {
            said.sort();
        }
        let tokens = &report.facts.lines.tokens;
        (said, (tokens.total, tokens.answers))
    })
}
