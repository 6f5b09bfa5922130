//! The formats for services, as the real binary writes them: held against schemas, a parser and the services' limits.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const GOOD: &str =
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello!\"}]}\n";
const BAD: &str =
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Grüße\"},{\"role\":\"asistant\",\"content\":\"Hello!\"}]}\n";
const SPLIT: &str = "{\"messages\": [\n  {\"role\": \"user\", \"content\": \"Hi\"},\n  {\"role\": \"assistant\", \"content\": \"Yo\"}\n]}\n";

/// The root of a repository, with the folder `data` that the command runs in.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Repository {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join(".git")).unwrap();
        fs::create_dir_all(path.join("data")).unwrap();
        Repository(path)
    }

    /// A few bad files, one of them with an odd name.
    fn bad(name: &str) -> Repository {
        let repository = Repository::new(name);
        repository.write("a, b 100%.jsonl", lines(10..13) + BAD + "\n" + &BAD.replace("Hello", "Salut") + SPLIT);
        repository.write("few.jsonl", lines(20..32));
        repository.write("good.jsonl", distinct());
        repository
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.0.join("data").join(name), text).unwrap();
    }

    fn run(&self, format: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ftlint"));
        command.current_dir(self.0.join("data")).stdin(Stdio::null());
        for name in ["NO_COLOR", "FORCE_COLOR", "FTLINT_OUTPUT_FORMAT", "CI", "CI_PROJECT_DIR", "GITHUB_WORKSPACE"] {
            command.env_remove(name);
        }
        command.env("SOURCE_DATE_EPOCH", "1780272000");
        let output = command.args(["--output-format", format]).args(arguments).output().unwrap();
        assert!(matches!(output.status.code(), Some(0..=2)), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, format: &str, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.run(format, arguments)).unwrap()
    }
}

/// Examples with tools, one of which is never called.
fn tools() -> String {
    let tool = |name: &str| format!("{{\"type\":\"function\",\"function\":{{\"name\":\"{name}\"}}}}");
    let call = "{\"id\":\"1\",\"type\":\"function\",\"function\":{\"name\":\"find\",\"arguments\":\"{}\"}}";
    let messages =
        format!("{{\"role\":\"user\",\"content\":\"Hi\"}},{{\"role\":\"assistant\",\"tool_calls\":[{call}]}}");
    format!("{{\"messages\":[{messages}],\"tools\":[{},{}]}}\n", tool("find"), tool("book")).repeat(12)
}

/// Enough good examples, of which no two are the same.
/// Lines of the same length of which no two say the same.
fn lines(numbers: std::ops::Range<u64>) -> String {
    numbers.map(|n| GOOD.replace("Hi", &n.to_string())).collect()
}

fn distinct() -> String {
    (0..60).map(|n| GOOD.replace("Hi", &format!("Hi {n}")).replace("Hello!", &format!("Hello, {n}!"))).collect()
}

fn assert_valid(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn assert_sarif(value: &Value) {
    assert_valid(include_str!("schemas/sarif.json"), value);
    let run = &value["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[test]
fn github_shows_annotations() {
    insta::assert_snapshot!(Repository::bad("reports-github").run("github", &["."]));
}

#[test]
fn github_shows_errors_first_and_says_how_many_more() {
    let repository = Repository::new("reports-github-many");
    repository.write("a.jsonl", (GOOD.to_owned() + "\n").repeat(30) + &BAD.repeat(25));
    let report = repository.run("github", &["--select", "FT104,FT006", "a.jsonl"]);
    let levels: Vec<&str> = report.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(levels.len(), 21);
    assert!(levels[..10].iter().all(|level| *level == "::error"), "{levels:?}");
    assert!(levels[10..20].iter().all(|level| *level == "::warning"), "{levels:?}");
    assert_eq!(report.lines().last(), Some("::notice title=ftlint::and 35 more"));
}

#[test]
fn gitlab_has_issues() {
    insta::assert_snapshot!(Repository::bad("reports-gitlab").run("gitlab", &["."]));
}

#[test]
fn fingerprints_are_unique_and_outlive_new_lines() {
    let repository = Repository::new("reports-fingerprints");
    let fingerprints = |text: String| -> Vec<String> {
        repository.write("a.jsonl", text);
        let report = repository.json("gitlab", &["a.jsonl"]);
        let issues = report.as_array().unwrap().iter();
        issues.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let before = fingerprints(GOOD.to_owned() + BAD + BAD + SPLIT);
    assert!(before.len() > 3);
    assert_eq!(before.iter().collect::<HashSet<_>>().len(), before.len(), "{before:?}");
    let other = GOOD.replace("Hi", "Good morning");
    assert_eq!(before, fingerprints(other + GOOD + BAD + BAD + SPLIT));
}

#[test]
fn sarif_is_valid_and_complete() {
    let repository = Repository::bad("reports-sarif");
    let report = repository.json("sarif", &["."]);
    assert_sarif(&report);
    let results = report["runs"][0]["results"].as_array().unwrap();
    let uris: HashSet<_> =
        results.iter().map(|r| &r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).collect();
    assert!(uris.iter().any(|uri| *uri == "data/a%2C%20b%20100%25.jsonl"), "{uris:?}");
    insta::assert_snapshot!(serde_json::to_string_pretty(results).unwrap());
}

#[test]
fn sarif_is_cut_and_says_so() {
    let repository = Repository::new("reports-sarif-many");
    repository.write("a.jsonl", (GOOD.to_owned() + "\n").repeat(5_000) + &BAD.repeat(100));
    let report = repository.json("sarif", &["--no-tokens", "--select", "FT104,FT006", "a.jsonl", "missing.jsonl"]);
    assert_sarif(&report);
    let run = &report["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 5_000);
    assert!((0..100).all(|n| run["results"][n]["level"] == "error"));
    let invocation = &run["invocations"][0];
    let notes = invocation["toolExecutionNotifications"].to_string();
    assert_eq!(invocation["executionSuccessful"], false);
    assert!(notes.contains("data/missing.jsonl"), "{notes}");
    assert!(notes.contains("5,000 of 5,100 findings are in this report"), "{notes}");
}

/// Elsewhere no file can have such a name.
#[cfg(unix)]
#[test]
fn junit_is_xml() {
    let repository = Repository::bad("reports-junit");
    repository.write("odd \u{1}<&>.jsonl", BAD);
    let report = repository.run("junit", &["."]);
    let parsed = quick_junit::Report::deserialize_from_str(&report).unwrap();
    assert_eq!(parsed.test_suites.len(), 4);
    assert!(!report.contains('\u{1}'));
    insta::assert_snapshot!(report);
}

#[test]
fn junit_and_the_page_say_the_advice_of_each_finding() {
    let repository = Repository::bad("reports-advice");
    repository.write("role.jsonl", BAD);
    let junit = repository.run("junit", &["role.jsonl"]);
    assert!(junit.contains("unknown role `asistant`\n    Did you mean `assistant`?"), "{junit}");
    assert!(!junit.contains("Use one of the roles"), "{junit}");
}

#[test]
fn rdjson_counts_bytes() {
    let repository = Repository::bad("reports-rdjson");
    let report = repository.json("rdjson", &["."]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
    let diagnostics = report["diagnostics"].as_array().unwrap();
    let role = diagnostics.iter().find(|diagnostic| diagnostic["code"]["value"] == "FT104").unwrap();
    let column = |end: &str| usize::try_from(role["location"]["range"][end]["column"].as_u64().unwrap()).unwrap();
    assert_eq!(&BAD[column("start") - 1..column("end") - 1], "\"asistant\"");
}

#[test]
fn clean_runs_are_valid_too() {
    let repository = Repository::new("reports-clean");
    repository.write("good.jsonl", distinct());
    assert_eq!(repository.run("github", &["good.jsonl"]), "");
    assert_eq!(repository.run("gitlab", &["good.jsonl"]), "[]\n");
    assert_eq!(repository.json("rdjson", &["good.jsonl"])["diagnostics"], serde_json::json!([]));
    assert_sarif(&repository.json("sarif", &["good.jsonl"]));
    assert!(repository.run("junit", &["good.jsonl"]).contains("no problems"));
}

#[test]
fn json_keeps_to_its_schema() {
    let schema = include_str!("../schemas/report.json");
    let repository = Repository::bad("reports-json");
    let request = r#"{"model":"gpt-4.1-mini","training_file":"few.jsonl","suffix":"a"}"#;
    repository.write("request.json", request);
    repository.write("tools.jsonl", tools());
    let job = r#"{"object":"fine_tuning.job","id":"ftjob-1","status":"failed","model":"gpt-4.1-mini-2025-04-14",
        "trained_tokens":5000,"hyperparameters":{"n_epochs":3,"batch_size":"auto"},"training_file":"file-1",
        "error":{"code":"invalid_training_file","message":"Example 1 has no assistant message","param":"training_file"}}"#;
    repository.write("job.json", job);
    let events = r#"[{"object":"fine_tuning.job.event","created_at":1,"level":"warn","message":"m","data":{}},
        {"object":"fine_tuning.job.event","level":"info","message":"s","data":{"step":1,"train_loss":0.5}}]"#;
    repository.write("events.json", events);
    repository.write("none.json", "[]");
    let runs: [&[&str]; 12] = [
        &["."],
        &["good.jsonl"],
        &["--model", "gpt-4.1-mini", "."],
        &["--no-tokens", "few.jsonl", "missing.jsonl"],
        &["job", "request.json"],
        &["stats", "."],
        &["stats", "few.jsonl", "--validation", "good.jsonl"],
        &["stats", "tools.jsonl"],
        &["--statistics", "."],
        &["--statistics", "--select", "FT104", "good.jsonl"],
        &["job", "--from", "job.json", "--events", "events.json", "--training-file", "few.jsonl"],
        &["job", "--from", "none.json"],
    ];
    for arguments in runs {
        let of = |format: &str| {
            let command = matches!(arguments[0], "job" | "stats");
            let (job, rest) = arguments.split_at(usize::from(command));
            let mut command = Command::new(env!("CARGO_BIN_EXE_ftlint"));
            command.current_dir(repository.0.join("data")).stdin(Stdio::null());
            let output = command.args(job).args(["--output-format", format]).args(rest).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let whole = of("json");
        if !whole.is_empty() {
            assert_valid(schema, &serde_json::from_str(&whole).unwrap());
        }
        for line in of("json-lines").lines() {
            assert_valid(schema, &serde_json::from_str(line).unwrap());
        }
        assert!(arguments.contains(&"missing.jsonl") || !whole.is_empty(), "{arguments:?}");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_ftlint"));
    command.current_dir(repository.0.join("data")).stdin(Stdio::null());
    command.args(["stats", "--per-example", "--output-format", "json-lines", "few.jsonl"]);
    let rows = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert_eq!(rows.lines().map(|row| assert_valid(schema, &serde_json::from_str(row).unwrap())).count(), 12);
    let invalid: Value = serde_json::from_str(r#"{"type":"finding","path":"a"}"#).unwrap();
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    assert!(!validator.is_valid(&invalid));
}
