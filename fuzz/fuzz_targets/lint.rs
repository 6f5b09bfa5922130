//! The whole linter on any bytes, with all rules and for each target: nothing panics, findings are in order and at
//! home in the file, counts are exact whatever is shown, and a map and a pipe, one thread and two give one report.
#![no_main]

use std::cell::RefCell;

use ftlint::finding::Finding;
use ftlint::lint::Linter;
use ftlint::outcome::{FileReport, Total};
use ftlint::report::{Format, Style};
use ftlint::selection::{Layer, RuleSelection, Selector};
use ftlint::settings::Settings;
use ftlint::target::Catalogue;
use ftlint_fuzz::findings::{check, check_counts, check_pointers, counted, has_control, lines, said};
use ftlint_fuzz::{Trickle, choice, forget};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// With the extension that all targets want: a pipe has none to judge.
const NAME: &str = "data.jsonl";

const FORMATS: [Format; 9] = [
    Format::Full,
    Format::Concise,
    Format::Json,
    Format::JsonLines,
    Format::Sarif,
    Format::Github,
    Format::Gitlab,
    Format::Junit,
    Format::Rdjson,
];

/// As people see them: so many findings a rule at most, and so many in all.
const PER_RULE: u64 = 2;
const IN_ALL: u64 = 5;

/// The linters of one target.
struct Linters {
    /// One thread, bytes in memory, all findings.
    mapped: Linter<'static>,
    /// Two threads, a slow pipe.
    piped: Linter<'static>,
    /// Not all findings are shown.
    capped: Linter<'static>,
}

thread_local! {
    static LINTERS: RefCell<Vec<Linters>> = RefCell::new(Catalogue::builtin().targets().map(|target| {
        let all = Layer { select: Some(vec![Selector::All]), ..Layer::default() };
        let selection = RuleSelection::new(&[all]);
        let model = Catalogue::builtin().models().find(|model| target.has(model));
        let max_tokens = Some(1000);
        let all = Settings { target, model, selection, max_tokens, threads: Some(1), ..Settings::default() };
        let linter = |settings: Settings| Linter::new(Box::leak(Box::new(settings)));
        Linters {
            piped: linter(Settings { threads: Some(2), ..all.clone() }),
            capped: linter(Settings { max_per_rule: Some(PER_RULE), max_findings: Some(IN_ALL), ..all.clone() }),
            mapped: linter(all),
        }
    }).collect());
}

fuzz_target!(|data: &[u8]| {
    LINTERS.with_borrow_mut(|linters| {
        let chosen = choice(data, linters.len());
        let Linters { mapped, piped, capped } = &mut linters[chosen];
        let (report, findings) = mapped.lint_bytes(NAME, data);
        check(data, &findings);
        check_pointers(data, &findings);
        check_counts(&report, &findings);
        assert!(report.counts.iter().all(|count| count.shown == count.found));
        if report.facts.lines.lines > 0 {
            assert_eq!(report.facts.lines.lines, lines(data).len() as u64);
        }

        let (again, shown) = stream(piped, data);
        assert_eq!(findings.iter().map(said).collect::<Vec<_>>(), shown.iter().map(said).collect::<Vec<_>>());
        assert_eq!(counted(&report), counted(&again));
        assert_eq!(report.facts.lines.tokens, again.facts.lines.tokens);

        let (few, shown) = capped.lint_bytes(NAME, data);
        check_counts(&few, &shown);
        assert_eq!(counted(&report), counted(&few));
        assert!(few.counts.iter().all(|count| count.shown <= PER_RULE) && shown.len() as u64 <= IN_ALL);

        draw(FORMATS[data.len() % FORMATS.len()], &report, &findings);
    });
});

/// Lints a pipe.
fn stream(linter: &mut Linter<'static>, data: &[u8]) -> (FileReport, Vec<Finding>) {
    forget(linter);
    let mut findings = Vec::new();
    let reader = Box::new(Trickle::new(data));
    let report = linter.lint_stream(NAME.to_owned(), reader, &mut findings).expect("memory can be read");
    (report, findings)
}

/// Writes the report: it moves no terminal, and what should be JSON is.
fn draw(format: Format, report: &FileReport, findings: &[Finding]) {
    let mut out = Vec::new();
    let mut reporter = format.reporter(Box::new(&mut out), Style { color: false, width: 80, wraps: false });
    for finding in findings {
        reporter.finding(NAME, finding).expect("memory can be written");
    }
    reporter.file(report).expect("memory can be written");
    let mut total = Total::default();
    total.add(report);
    reporter.finish(&total).expect("memory can be written");
    drop(reporter);
    let text = std::str::from_utf8(&out).expect("reports are UTF-8");
    assert!(!has_control(&text.replace('\n', "")), "{format:?}: {text:?}");
    let is_json = |text: &str| serde_json::from_str::<Value>(text).is_ok();
    match format {
        Format::Json | Format::Sarif | Format::Gitlab | Format::Rdjson => assert!(is_json(text), "{format:?}: {text}"),
        Format::JsonLines => assert!(text.lines().all(is_json), "{text}"),
        Format::Full | Format::Concise | Format::Github | Format::Junit => {}
    }
}
