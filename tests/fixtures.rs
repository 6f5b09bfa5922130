//! Every rule has a folder of fixtures: files that have its fault, with the report that people see, and the nearest
//! files that have not.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ftlint::finding::{Finding, Severity};
use ftlint::lint::{FileReport, Linter};
use ftlint::report::{Full, Reporter, Style};
use ftlint::rule::Rule;
use ftlint::rules::{RULES, find};
use ftlint::selection::RuleSelection;
use ftlint::settings::Settings;
use ftlint::target::Catalogue;

/// Files that every linter of training data should let pass.
const REAL_LIFE: &str = "real-life";

/// Rules whose fault takes too many bytes to keep, or is not a matter of bytes. Their samples are made, and what they
/// say of a job is tested with its settings.
const WITHOUT_FIXTURES: [&str; 7] = [
    "answer-cut-off",
    "example-too-long",
    "over-budget",
    "oversized-file",
    "oversized-image",
    "too-many-examples",
    "too-many-tokens",
];

/// Rules of which the fault is none at the default target.
const ELSEWHERE: [(&str, &str); 2] = [("first-message-not-user", "bedrock"), ("invalid-tool-call-id", "mistral")];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The names in a folder, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().expect("fixtures have plain names")).collect();
    names.sort_unstable();
    names
}

/// The folders of fixtures: of the rules, and of what is no fault.
fn folders() -> Vec<String> {
    names(&root()).into_iter().filter(|name| root().join(name).is_dir()).collect()
}

/// The fixtures of a folder whose names begin with `prefix`.
fn fixtures(folder: &Path, prefix: &str) -> Vec<String> {
    let mut names = names(folder);
    names.retain(|name| name.starts_with(prefix) && !name.ends_with(".snap") && !name.ends_with(".snap.new"));
    names
}

/// Fixtures are small: that they have few examples is no fault, unless it is the one that they show.
fn settings(shown: Option<&'static Rule>) -> Settings {
    let small = ["too-few-examples", "few-examples"].map(|name| find(name).expect("a rule of the catalogue"));
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| shown.is_some_and(|rule| rule.name == *name));
    let target = Catalogue::builtin().target(elsewhere.map_or("openai", |(_, target)| *target));
    let small: Vec<&Rule> = small.into_iter().filter(|rule| Some(*rule) != shown).collect();
    let shown = shown.and_then(|rule| find(rule.code));
    Settings {
        target: target.expect("a target of the table"),
        selection: RuleSelection::without(&small).with(shown.as_slice()),
        max_per_rule: Some(10),
        tokens: false,
        ..Settings::default()
    }
}

fn lint(settings: &Settings, folder: &Path, name: &str) -> (FileReport, Vec<Finding>) {
    let bytes = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    Linter::new(settings).lint_bytes(name, &bytes)
}

/// What people see.
fn full(report: &FileReport, findings: &[Finding]) -> String {
    let mut out = Vec::new();
    let mut reporter = Full::new(Box::new(&mut out), Style { color: false, width: 80 });
    for finding in findings {
        reporter.finding(&report.name, finding).expect("memory can be written");
    }
    reporter.file(report).expect("memory can be written");
    drop(reporter);
    String::from_utf8(out).expect("reports are text")
}

#[test]
fn every_rule_has_its_folder() {
    let rules = RULES.iter().map(|rule| rule.name).filter(|name| !WITHOUT_FIXTURES.contains(name));
    let expected: BTreeSet<String> = rules.chain([REAL_LIFE]).map(str::to_owned).collect();
    assert_eq!(folders().into_iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn bad_files_have_the_fault() {
    for name in folders() {
        let Some(rule) = find(&name) else { continue };
        let folder = root().join(&name);
        let files = fixtures(&folder, "bad");
        assert!(!files.is_empty(), "{name} has no bad file");
        let settings = settings(Some(rule));
        for file in files {
            let (report, findings) = lint(&settings, &folder, &file);
            assert!(findings.iter().any(|finding| finding.rule == rule), "{name}/{file} has not the fault");
            let mut insta = insta::Settings::clone_current();
            insta.set_snapshot_path(&folder);
            insta.set_prepend_module_to_snapshot(false);
            insta.set_omit_expression(true);
            let stem = file.split('.').next().unwrap_or(&file);
            insta.bind(|| insta::assert_snapshot!(stem, full(&report, &findings)));
        }
    }
}

#[test]
fn good_files_have_no_error() {
    for name in folders() {
        let rule = find(&name);
        let folder = root().join(&name);
        let files = fixtures(&folder, if rule.is_some() { "good" } else { "" });
        assert!(!files.is_empty(), "{name} has no good file");
        let settings = settings(rule);
        for file in files {
            let (report, findings) = lint(&settings, &folder, &file);
            let is_wrong = |finding: &&Finding| finding.severity == Severity::Error || Some(finding.rule) == rule;
            let wrong: Vec<Finding> = findings.iter().filter(is_wrong).cloned().collect();
            assert!(wrong.is_empty(), "{name}/{file}:\n{}", full(&report, &wrong));
        }
    }
}
