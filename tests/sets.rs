//! Sets of files in the config: what is linted if no file is named, and what is held against what.

#[path = "common/folder.rs"]
mod folder;

use std::fs;
use std::process::{Output, Stdio};

use folder::Folder;
use serde_json::{Value, json};

impl Folder {
    /// Examples with these numbers.
    fn examples(&self, name: &str, numbers: impl IntoIterator<Item = u64>) -> &Self {
        let line = |n| {
            let messages = json!([
                {"role": "user", "content": format!("What is {n} times {n}?")},
                {"role": "assistant", "content": format!("{n} times {n} is {}.", n * n)},
            ]);
            json!({ "messages": messages }).to_string() + "\n"
        };
        self.write(name, numbers.into_iter().map(line).collect::<String>())
    }

    fn run(&self, from: &str, arguments: &[&str]) -> Output {
        let mut command = self.ftlint();
        command.current_dir(self.0.join(from)).stdin(Stdio::null()).env_remove("FTLINT_OUTPUT_FORMAT");
        command.args(arguments).output().unwrap()
    }

    /// The files that were linted, the findings as `code path:line`, and the exit code.
    fn lint(&self, arguments: &[&str]) -> (Vec<String>, Vec<String>, Option<i32>) {
        let output = self.run(".", &[&["--format", "json", "--no-tokens"], arguments].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let report: Value = serde_json::from_slice(&output.stdout).expect(&error);
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let files = report["files"].as_array().unwrap().iter().map(|file| text(file, "path")).collect();
        let findings = report["findings"].as_array().unwrap().iter();
        let findings = findings.map(|finding| {
            format!("{} {}:{}", text(finding, "code"), text(finding, "path"), finding["line"].as_u64().unwrap_or(0))
        });
        (files, findings.collect(), output.status.code())
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Two sets: the first has an example in both of its parts, and shares others with the second.
fn two_sets(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.examples("chat/train-1.jsonl", 0..60).examples("chat/train-2.jsonl", 60..120);
    folder.examples("chat/valid.jsonl", [200, 61, 201]);
    folder.examples("other.jsonl", [200, 201, 0].into_iter().chain(300..360)).examples("held-out.jsonl", [60, 5, 400]);
    folder.write(
        "ftlint.toml",
        "[[data]]\ntrain = [\"chat/*.jsonl\"]\nvalidation = \"chat/valid.jsonl\"\n\n[[data]]\ntrain = \"other.jsonl\"\nvalidation = [\"held-out.jsonl\"]\n",
    );
    folder
}

#[test]
fn without_a_file_all_sets_are_linted_each_by_itself() {
    let folder = two_sets("all");
    let files = ["chat/train-1.jsonl", "chat/train-2.jsonl", "chat/valid.jsonl", "other.jsonl", "held-out.jsonl"];
    let found = texts(&["FT503 chat/valid.jsonl:2"]);
    assert_eq!(folder.lint(&[]), (texts(&files), found.clone(), Some(1)));
    assert_eq!(folder.lint(&["--threads", "1"]), (texts(&files), found, Some(1)));
    let shown = folder.run(".", &["--show-files"]);
    assert_eq!(String::from_utf8(shown.stdout).unwrap().lines().collect::<Vec<_>>(), files);
    // Paths are seen from the folder of the config, wherever ftlint is called.
    let below = folder.run("chat", &["--format", "concise", "--no-tokens"]);
    let below = String::from_utf8(below.stdout).unwrap();
    assert!(below.contains("chat/valid.jsonl:2:1: FT503") && below.contains("line 2 of `"), "{below}");
    assert_eq!(folder.lint(&["--exclude", "chat"]), (texts(&files[3..]), Vec::new(), Some(0)));
}

#[test]
fn a_file_that_is_named_takes_along_what_it_is_held_against() {
    let folder = two_sets("named");
    let overlap = || texts(&["FT503 chat/valid.jsonl:2"]);
    let two = texts(&["chat/train-2.jsonl", "chat/valid.jsonl"]);
    assert_eq!(folder.lint(&["chat/train-2.jsonl"]), (two.clone(), overlap(), Some(1)));
    assert_eq!(folder.lint(&["./chat/train-2.jsonl"]).1, overlap());
    // Named or not, it is read once.
    assert_eq!(folder.lint(&["chat/train-2.jsonl", "chat/valid.jsonl"]), (two, overlap(), Some(1)));
    let one = ["chat/train-1.jsonl", "chat/valid.jsonl"];
    assert_eq!(folder.lint(&one[..1]), (texts(&one), Vec::new(), Some(0)));
    // By itself it is no file to train on, so that it is small is no fault. With --isolated nobody says so.
    assert_eq!(folder.lint(&one[1..]), (texts(&one[1..]), Vec::new(), Some(0)));
    let (_, found, code) = folder.lint(&["--isolated", "chat/valid.jsonl"]);
    assert_eq!((found, code), (texts(&["FT403 chat/valid.jsonl:0"]), Some(1)));
    // What the sets do not know is linted as ever.
    folder.examples("more.jsonl", 500..560);
    let (files, found, code) = folder.lint(&["more.jsonl", "other.jsonl"]);
    assert_eq!((files, found, code), (texts(&["other.jsonl", "held-out.jsonl", "more.jsonl"]), Vec::new(), Some(0)));
    // --validation goes over the config.
    let (files, found, _) = folder.lint(&["other.jsonl", "--validation", "chat/valid.jsonl"]);
    assert_eq!(files, ["other.jsonl", "chat/valid.jsonl"]);
    assert_eq!(found, ["FT503 chat/valid.jsonl:1", "FT503 chat/valid.jsonl:3"]);
}

#[test]
fn a_file_in_two_sets_is_judged_once_and_held_against_both() {
    let folder = Folder::new("shared");
    let broken = "{\"messages\":[]}\n";
    folder.examples("a.jsonl", 0..60).examples("b.jsonl", 100..160).examples("valid.jsonl", [3, 107]);
    let text = fs::read_to_string(folder.0.join("valid.jsonl")).unwrap() + broken;
    folder.write("valid.jsonl", &text);
    folder.write(
        ".ftlint.toml",
        "data = [{ train = \"a.jsonl\", validation = \"valid.jsonl\" }, { train = \"b.jsonl\", validation = \"valid.jsonl\" }]\n",
    );
    let (files, found, code) = folder.lint(&[]);
    assert_eq!((files, code), (texts(&["a.jsonl", "valid.jsonl", "b.jsonl", "valid.jsonl"]), Some(1)));
    assert_eq!(found, ["FT503 valid.jsonl:1", "FT106 valid.jsonl:3", "FT503 valid.jsonl:2"]);
}

#[test]
fn a_file_in_two_sets_is_reported_once_and_the_others_are_held_against_it() {
    let folder = Folder::new("twice");
    folder.examples("a.jsonl", (0..60).chain([7])).examples("b.jsonl", (0..59).chain(100..160));
    folder.write("ftlint.toml", "data = [{ train = \"a.jsonl\" }, { train = [\"b.jsonl\", \"a.jsonl\"] }]\n");
    let (files, found, code) = folder.lint(&[]);
    assert_eq!((files, code), (texts(&["a.jsonl", "b.jsonl"]), Some(0)));
    let expected = (1..60).map(|line| format!("FT501 b.jsonl:{line}"));
    assert_eq!(found, [texts(&["FT501 a.jsonl:61"]), expected.collect()].concat());
    let output = folder.run(".", &["--format", "json", "--no-tokens"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let summary = &report["summary"];
    assert_eq!((&summary["files"], &summary["examples"], &summary["warnings"]), (&2.into(), &180.into(), &60.into()));
    for arguments in [&["--show-files"][..], &["stats", "--output-format", "json-lines"]] {
        let output = folder.run(".", arguments);
        assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2, "{arguments:?}");
    }
    let junit = String::from_utf8(folder.run(".", &["--format", "junit"]).stdout).unwrap();
    assert_eq!(junit.matches("<testsuite ").count(), 2, "{junit}");
    // What stands in the other file too is dropped once.
    let output = folder.run(".", &["--diff", "--unsafe-fixes"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().filter(|line| line.contains("would fix")).count(), 2, "{said}");
    let output = folder.run(".", &["--fix", "--unsafe-fixes", "--no-tokens"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("fixed 1: 1 FT501") && said.contains("fixed 59: 59 FT501"), "{said}");
    assert!(said.contains("\n2 files: no problems in 120 examples"), "{said}");
}

#[test]
fn a_folder_that_holds_the_validation_file_is_not_trained_on_it() {
    let folder = Folder::new("within");
    folder.examples("data/train.jsonl", 0..60).examples("data/valid.jsonl", 60..64);
    let both = texts(&["data/train.jsonl", "data/valid.jsonl"]);
    assert_eq!(folder.lint(&["data", "--validation", "data/valid.jsonl"]), (both.clone(), Vec::new(), Some(0)));
    // Who names it for both is told.
    let (_, found, code) = folder.lint(&["data", "data/valid.jsonl", "--validation", "data/valid.jsonl"]);
    assert_eq!((found, code), (texts(&["FT403 data/valid.jsonl:0", "FT506 data/valid.jsonl:0"]), Some(1)));
    folder.write("ftlint.toml", "data = [{ train = \"data\", validation = [\"data/v*.jsonl\"] }]");
    assert_eq!(folder.lint(&[]), (both, Vec::new(), Some(0)));
}

#[test]
fn what_is_wrong_with_a_set_is_said() {
    let folder = Folder::new("wrong");
    folder.examples("train.jsonl", 0..60);
    let said = |config: &str, arguments: &[&str]| {
        folder.write("ftlint.toml", config);
        let output = folder.run(".", arguments);
        (String::from_utf8(output.stderr).unwrap(), output.status.code())
    };
    for (config, reason) in [
        ("data = [{ validation = \"a\" }]", "the key `train` is missing"),
        ("data = [{ train = 1 }]", "expected a path or a list of paths"),
        ("data = [{ train = \"train.jsonl\", valid = \"a\" }]", "did you mean `validation`?"),
        ("data = [{ train = \"t*.json\" }]", "ftlint: ftlint.toml: data: t*.json: no file matches this pattern"),
        (
            "data = [{ train = \"train.jsonl\", validation = \"gone.jsonl\" }]",
            "ftlint: ftlint.toml: data: gone.jsonl: no such file",
        ),
        ("data = []", "no file was named"),
        ("", "no file was named"),
    ] {
        let (error, code) = said(config, &[]);
        assert!(error.contains(reason) && code == Some(2), "{config}: {error}");
    }
    let pair = "data = [{ train = \"train.jsonl\", validation = \"gone.jsonl\" }]";
    assert!(said(pair, &["--validation", "train.jsonl"]).0.contains("no file was named"));
    let (_, code) = said("data = [{ train = \"gone*.jsonl\" }]", &["train.jsonl", "--no-tokens"]);
    assert_eq!(code, Some(0), "what is not named need not be there");
    let shown = folder.run(".", &["--show-settings", "train.jsonl"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(
        shown.contains("data = [{ \"train\" = [\"gone*.jsonl\"], \"validation\" = [] }]  # ftlint.toml"),
        "{shown}"
    );
}

#[test]
fn nobody_trains_on_files_to_validate_with() {
    let folder = Folder::new("priced");
    folder.examples("train.jsonl", 0..60).examples("valid.jsonl", 60..80);
    let arguments = ["train.jsonl", "--validation", "valid.jsonl", "--model", "gpt-4.1-mini", "--format", "json"];
    let report: Value = serde_json::from_slice(&folder.run(".", &arguments).stdout).unwrap();
    let jobs: Vec<bool> = report["files"].as_array().unwrap().iter().map(|file| !file["job"].is_null()).collect();
    assert_eq!(jobs, [true, false]);
}

#[test]
fn statistics_and_the_page_know_the_sets_too() {
    let folder = two_sets("stats");
    let output = folder.run(".", &["stats", "--output-format", "json"]);
    let stats: Value = serde_json::from_slice(&output.stdout).unwrap();
    let files = stats["files"].as_array().unwrap().iter();
    let files: Vec<_> = files.map(|file| (file["path"].as_str().unwrap(), file["validation"] == true)).collect();
    let expected = [
        ("chat/train-1.jsonl", false),
        ("chat/train-2.jsonl", false),
        ("chat/valid.jsonl", true),
        ("other.jsonl", false),
        ("held-out.jsonl", true),
    ];
    assert_eq!(files, expected);
    // What is named is counted, and nothing with it.
    let output = folder.run(".", &["stats", "other.jsonl", "--output-format", "json"]);
    let stats: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(stats["files"].as_array().unwrap().len(), 1);
    let output = folder.run(".", &["stats", "chat", "--validation", "chat/valid.jsonl", "--output-format", "json"]);
    let stats: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(stats["files"].as_array().unwrap().len(), 3, "a validation file is counted once");
    let page = folder.run(".", &["report", "-o", "-"]);
    let page = String::from_utf8(page.stdout).unwrap();
    assert!(page.contains("held-out.jsonl") && page.contains("A validation file"));
    let nothing = Folder::new("stats-nothing").run(".", &["stats"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("no file was named"));
}

/// However a file is named, it is in its sets.
#[cfg(unix)]
#[test]
fn files_are_known_in_their_sets_under_any_path() {
    let folder = Folder::new("paths");
    folder.examples("train.jsonl", 0..60).examples("valid.jsonl", 59..120).examples("sub/x.jsonl", 200..260);
    folder.write("ftlint.toml", "data = [{ train = \"train.jsonl\", validation = \"valid.jsonl\" }]");
    std::os::unix::fs::symlink("../train.jsonl", folder.0.join("sub/link.jsonl")).unwrap();
    for (from, name) in [("sub", "../train.jsonl"), ("sub", ".."), ("sub", "link.jsonl"), (".", "sub/../train.jsonl")] {
        let output = folder.run(from, &["--format", "concise", "--no-tokens", name]);
        let found = String::from_utf8(output.stdout).unwrap();
        assert!(found.contains(" FT503 "), "{from} {name}: {found}{}", String::from_utf8_lossy(&output.stderr));
    }
}
