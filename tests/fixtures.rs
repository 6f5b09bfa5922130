//! Every rule has a folder of fixtures: files that have its fault, with the report that people see, and the nearest
//! files that have not.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ftlint::finding::{Finding, Severity};
use ftlint::lint::{JobInputs, Linter, Wanted, lint_job};
use ftlint::outcome::{FileReport, JobFile, Reporter, RequestReport, Total};
use ftlint::report::{Full, Style};
use ftlint::request::Source;
use ftlint::rule::Rule;
use ftlint::rules::{RULES, find};
use ftlint::selection::{PerFileIgnore, RuleSelection, Selector};
use ftlint::settings::Settings;
use ftlint::target::Catalogue;

/// Files that every linter of training data should let pass.
const REAL_LIFE: &str = "real-life";

/// Rules whose fault takes too many bytes to keep, or is not a matter of bytes. Their samples are made, and what they
/// say of a job is tested with its settings.
const WITHOUT_FIXTURES: [&str; 12] = [
    "answer-cut-off",
    "dominant-answer",
    "example-too-long",
    "over-budget",
    "oversized-file",
    "oversized-grader-source",
    "oversized-image",
    "same-file-twice",
    "too-many-examples",
    "too-many-tokens",
    "train-validation-overlap",
    "validation-prompt-overlap",
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

/// Fixtures are small: some answer one prompt or define one tool in many ways, and some show a fault in the same line
/// twice. That is no fault, unless it is the one that they show.
fn settings(shown: Option<&'static Rule>) -> Settings {
    let small = ["too-few-examples", "few-examples", "conflicting-answers", "duplicate-example", "inconsistent-tool"];
    let small = small.map(|name| find(name).expect("a rule of the catalogue"));
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

/// What people see, and the findings.
fn full(settings: &Settings, folder: &Path, name: &str) -> (String, Vec<Finding>) {
    let mut out = Vec::new();
    let findings = write_full(settings, folder, name, &mut out);
    (String::from_utf8(out).expect("reports are text"), findings)
}

fn write_full(settings: &Settings, folder: &Path, name: &str, out: &mut Vec<u8>) -> Vec<Finding> {
    let mut both =
        Both { full: Full::new(Box::new(out), Style { color: false, width: 80, wraps: false }), findings: Vec::new() };
    if name.ends_with(".jsonl") || folder.ends_with(REAL_LIFE) || !is_request(folder) {
        let (report, findings) = lint(settings, folder, name);
        for finding in &findings {
            both.finding(&report.name, finding).expect("memory can be written");
        }
        both.file(&report).expect("memory can be written");
    } else {
        request(settings, folder, name, &mut both);
    }
    both.findings
}

/// Whether the fixtures of a folder are requests.
fn is_request(folder: &Path) -> bool {
    let name = folder.file_name().expect("a folder has a name").to_string_lossy();
    find(&name).is_some_and(|rule| rule.group() == "job")
}

/// Lints a request with the files that it names.
fn request(settings: &Settings, folder: &Path, name: &str, reporter: &mut dyn Reporter) {
    let bytes = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    // Tests run in the root of the package, and paths are shown.
    let near = Path::new("fixtures").join(folder.file_name().expect("a folder has a name"));
    let root = format!("{}/", near.display());
    let job = JobInputs {
        name: name.to_owned(),
        source: Source::new(bytes, Source::syntax_of(extension)),
        folder: Some(near),
        training: None,
        validation: None,
    };
    let settings = Settings { tokens: true, ..settings.clone() };
    let mut named = Named { reporter, root };
    let wanted = Wanted::of(&job, &settings);
    let total = lint_job(&settings, &job, wanted, None, &mut named, &|_| {}).expect("memory can be written");
    named.finish(&total).expect("memory can be written");
}

/// A reporter for people that keeps what it was told.
struct Both<'w> {
    full: Full<'w>,
    findings: Vec<Finding>,
}

impl Reporter for Both<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        self.findings.push(finding.clone());
        self.full.finding(file, finding)
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        self.full.request(report)
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        self.full.file(report)
    }

    fn finish(&mut self, _: &Total) -> io::Result<()> {
        Ok(())
    }
}

/// Takes the folder out of what is told.
struct Named<'r> {
    reporter: &'r mut dyn Reporter,
    root: String,
}

impl Reporter for Named<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        let mut finding = finding.clone();
        finding.message = finding.message.replace(&self.root, "");
        self.reporter.finding(&file.replace(&self.root, ""), &finding)
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        let short = |file: &Option<JobFile>| {
            file.clone().map(|file| JobFile { name: file.name.replace(&self.root, ""), ..file })
        };
        let (training, validation) = (short(&report.training), short(&report.validation));
        self.reporter.request(&RequestReport { training, validation, ..report.clone() })
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        self.reporter.finish(total)
    }
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
            let (text, findings) = full(&settings, &folder, &file);
            assert!(findings.iter().any(|finding| finding.rule == rule), "{name}/{file} has not the fault");
            let mut insta = insta::Settings::clone_current();
            insta.set_snapshot_path(&folder);
            insta.set_prepend_module_to_snapshot(false);
            insta.set_omit_expression(true);
            let stem = file.split('.').next().unwrap_or(&file);
            insta.bind(|| insta::assert_snapshot!(stem, text));
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
            let (text, findings) = full(&settings, &folder, &file);
            let is_wrong = |finding: &Finding| finding.severity == Severity::Error || Some(finding.rule) == rule;
            assert!(!findings.iter().any(is_wrong), "{name}/{file}:\n{text}");
        }
    }
}

/// The byte at which a column of a line begins; both count from 1, columns in code points.
fn byte_of(text: &[u8], line: u64, column: u64) -> u64 {
    let start: usize = text.split_inclusive(|byte| *byte == b'\n').take(line as usize - 1).map(<[u8]>::len).sum();
    let starts = (start..text.len()).filter(|at| text[*at] & 0xC0 != 0x80).chain([text.len()]);
    starts.take(column as usize).last().unwrap() as u64
}

#[test]
fn lines_and_columns_are_those_of_the_bytes() {
    let settings = Settings { tokens: false, threads: Some(1), ..Settings::default() };
    let (mut seen, mut over_lines) = (0, 0);
    for folder in folders() {
        for name in fixtures(&root().join(&folder), "") {
            // A mark at the start is no column of the first line.
            let Ok(text) = fs::read_to_string(root().join(&folder).join(&name)) else { continue };
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text).as_bytes();
            for finding in Linter::new(&settings).lint_bytes("train.jsonl", text).1 {
                let Some(place) = &finding.place else { continue };
                let told = [(place.line, place.column), (place.end_line, place.end_column)];
                let bytes = told.map(|(line, column)| byte_of(text, line, column));
                assert_eq!(bytes, [place.bytes.start, place.bytes.end], "{folder}/{name}: {finding:?}");
                seen += 1;
                over_lines += u64::from(place.last_line > place.line);
            }
        }
    }
    assert!(seen > 400 && over_lines > 5, "{seen}, {over_lines}");
}

#[test]
fn a_span_over_several_lines_ends_where_it_ends() {
    let settings = Settings { tokens: false, threads: Some(1), ..Settings::default() };
    let cases = [
        // A line break is the last character of its line.
        ("{\"prompt\":\"a\nb\",\"completion\":\" c\"}\n", (1, 13), (1, 14), 2),
        ("{\n\"prompt\":\"ä\",/* one\ntwo ä */\"completion\":\" c\"}\n", (2, 14), (3, 9), 3),
    ];
    for (text, start, end, last) in cases {
        let text = format!("{{\"prompt\":\"a\",\"completion\":\" b\"}}\n{text}");
        let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", text.as_bytes());
        let place = findings.iter().find_map(|finding| finding.place.as_ref()).unwrap();
        let told = ((place.line - 1, place.column), (place.end_line - 1, place.end_column), place.last_line - 1);
        assert_eq!(told, (start, end, last), "{findings:?}");
        let bytes = [(place.line, place.column), (place.end_line, place.end_column)];
        let bytes = bytes.map(|(line, column)| byte_of(text.as_bytes(), line, column));
        assert_eq!(bytes, [place.bytes.start, place.bytes.end]);
    }
}

/// What is left out in a file is as if it were ignored, also where other rules ask about it.
#[test]
fn a_rule_that_is_left_out_in_a_file_is_ignored() {
    let base = std::path::absolute(".").unwrap();
    for folder in folders() {
        let path = root().join(&folder);
        let all = settings(find(&folder));
        for name in fixtures(&path, "") {
            let bytes = fs::read(path.join(&name)).unwrap();
            let lint = |selection: RuleSelection| {
                let settings = Settings { selection, ..all.clone() };
                let (report, findings) = Linter::new(&settings).lint_bytes(&name, &bytes);
                let counts: Vec<_> = report.counts.iter().map(|count| (count.rule.code, count.found)).collect();
                let found: Vec<_> = findings.into_iter().map(|finding| (finding.rule.code, finding.message)).collect();
                (counts, found)
            };
            let found: BTreeSet<&str> = lint(all.selection.clone()).0.into_iter().map(|(code, _)| code).collect();
            for code in found {
                let rule = find(code).unwrap();
                let left_out = PerFileIgnore::new("*", &base, vec![Selector::Rule(rule)]).unwrap();
                let left_out = lint(all.selection.clone().with_per_file(vec![left_out]));
                assert_eq!(left_out, lint(all.selection.clone().except(&[rule])), "{folder}/{name} without {code}");
            }
        }
    }
}
