//! Examples that stand twice, in one file or in several.

#[path = "common/folder.rs"]
mod folder;

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use folder::Folder;
use serde_json::{Value, json};

impl Folder {
    /// The report as JSON, and the exit code.
    fn lint(&self, arguments: &[&str]) -> (Value, Option<i32>) {
        let mut command = self.ftlint();
        command.current_dir(&self.0).stdin(Stdio::null()).env_remove("FTLINT_OUTPUT_FORMAT");
        let output = command.args(["--format", "json", "--no-tokens"]).args(arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        (serde_json::from_slice(&output.stdout).expect(&error), output.status.code())
    }
}

/// The lines on which rules found something, by code and file.
fn lines(report: &Value) -> BTreeMap<(String, String), Vec<u64>> {
    let mut found = BTreeMap::<_, Vec<u64>>::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        found.entry((text("code"), text("path"))).or_default().push(finding["line"].as_u64().unwrap_or(0));
    }
    found
}

fn example(n: u64) -> Value {
    json!({"messages": [
        {"role": "user", "content": format!("What is {n} times {n}? Write “x = …”.")},
        {"role": "assistant", "content": format!("x = {}", n * n)},
    ]})
}

/// The example, written another way.
fn rewritten(n: u64) -> String {
    let text: String = example(n).to_string().chars().fold(String::new(), |mut text, c| {
        if c.is_ascii() {
            text.push(c)
        } else {
            text.push_str(&format!("\\u{:04x}", u32::from(c)))
        }
        text
    });
    // Keys the other way round, and more white space.
    text.replace("{\"content\":", "{ \"content\" : ").replacen("\"role\":\"user\"", "\"ro\\u006ce\" :\"user\"", 1)
}

#[test]
fn all_that_was_planted_is_found_and_nothing_else() {
    let folder = Folder::new("planted");
    // More than a chunk, so that threads have something to disagree about.
    let mut text: Vec<String> = (0..12_000).map(|n| example(n).to_string()).collect();
    let planted = [(500, 3), (7000, 6999), (7001, 3), (11_999, 0)];
    for (place, copied) in planted {
        text[place] = if place % 2 == 0 { rewritten(copied) } else { example(copied).to_string() };
    }
    let text = text.join("\n") + "\n";
    assert!(text.len() > 1_500_000);
    folder.write("train.jsonl", &text);
    let run = |flags: &[&str]| folder.lint(&[&["train.jsonl", "--select", "FT501"], flags].concat());
    let (report, code) = run(&["--threads", "1"]);
    assert_eq!((lines(&report).len(), code), (1, Some(0)));
    let found = &lines(&report)[&("FT501".to_owned(), "train.jsonl".to_owned())];
    assert_eq!(*found, planted.map(|(place, _)| place as u64 + 1));
    let messages: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    let expected = ["4", "7,000", "4", "1"].map(|line| format!("the same example as on line {line}"));
    assert_eq!(messages, expected);
    // What is marked is the line.
    let first = &report["findings"][0];
    let bytes = first["byte_start"].as_u64().unwrap() as usize..first["byte_end"].as_u64().unwrap() as usize;
    assert_eq!(text[bytes], rewritten(3));
    for flags in [&["--threads", "3"][..], &["--threads", "8", "--no-mmap"]] {
        assert_eq!(run(flags).0, report, "{flags:?}");
    }
    // It is a warning by default.
    assert_eq!(lines(&folder.lint(&["train.jsonl"]).0), lines(&report));
    assert_eq!(folder.lint(&["train.jsonl", "-q"]).0["findings"], json!([]));
}

#[test]
fn what_is_trained_on_is_not_to_validate_with() {
    let folder = Folder::new("overlap");
    let text = |examples: &[u64]| examples.iter().map(|n| example(*n).to_string() + "\n").collect::<String>();
    let train: Vec<u64> = (0..60).collect();
    folder.write("train.jsonl", text(&train)).write("more.jsonl", text(&[100, 101, 102, 103, 104]));
    folder.write("valid.jsonl", &(text(&[200, 201]) + &rewritten(7) + "\n" + &text(&[202, 102, 7])));
    let (report, code) = folder.lint(&["train.jsonl", "--validation", "valid.jsonl"]);
    let overlap = ("FT503".to_owned(), "valid.jsonl".to_owned());
    assert_eq!((lines(&report), code), ([(overlap.clone(), vec![3, 6])].into(), Some(1)));
    assert_eq!(report["findings"][0]["message"], "the example is trained on: line 8 of `train.jsonl`");
    // Few validation examples are no fault, few training examples are.
    let (report, _) = folder.lint(&["train.jsonl", "more.jsonl", "--validation", "valid.jsonl"]);
    assert_eq!(lines(&report)[&overlap], [3, 5, 6]);
    assert!(
        report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|finding| { finding["path"] != "valid.jsonl" || finding["code"] == "FT503" })
    );
    // Told apart from what stands twice among the validation examples.
    let arguments = ["train.jsonl", "--validation", "valid.jsonl", "--extend-select", "FT501"];
    assert_eq!(lines(&folder.lint(&arguments).0), [(overlap, vec![3, 6])].into());
    let (report, code) = folder.lint(&["train.jsonl", "--validation", "more.jsonl"]);
    assert_eq!((report["findings"].clone(), code), (json!([]), Some(0)));
}

#[test]
fn one_file_for_both_is_one_finding() {
    let folder = Folder::new("same");
    let text: String = (0..60).map(|n| example(n).to_string() + "\n").collect();
    folder.write("train.jsonl", &text);
    for name in ["train.jsonl", "./train.jsonl"] {
        let (report, code) = folder.lint(&["train.jsonl", "--validation", name]);
        assert_eq!(lines(&report), [(("FT506".to_owned(), name.to_owned()), vec![0])].into());
        assert_eq!(code, Some(1));
    }
    // A copy of it is no other file.
    folder.write("copy.jsonl", &text);
    let (report, _) = folder.lint(&["train.jsonl", "--validation", "copy.jsonl"]);
    assert_eq!(lines(&report), [(("FT506".to_owned(), "copy.jsonl".to_owned()), vec![0])].into());
    let message = "the validation file is a copy of `train.jsonl`, which is trained on";
    assert_eq!(report["findings"][0]["message"], message);
    let (report, code) = folder.lint(&["train.jsonl", "copy.jsonl"]);
    assert_eq!(lines(&report), [(("FT501".to_owned(), "copy.jsonl".to_owned()), vec![0])].into());
    let message = "all its examples stood before: it has the bytes of `train.jsonl`";
    assert_eq!((&report["findings"][0]["message"], code), (&message.into(), Some(0)));
    // As long, but not the same.
    folder.write("copy.jsonl", text.replacen("x = 0", "y = 0", 1));
    let (report, _) = folder.lint(&["train.jsonl", "--validation", "copy.jsonl"]);
    assert_eq!(lines(&report)[&("FT503".to_owned(), "copy.jsonl".to_owned())].len(), 59);
}

#[test]
fn a_folder_is_trained_on_without_the_file_to_validate_with() {
    let folder = Folder::new("folder");
    let text = |from: u64| (from..from + 60).map(|n| example(n).to_string() + "\n").collect::<String>();
    fs::create_dir_all(folder.0.join("data/more")).unwrap();
    folder.write("data/train.jsonl", text(0)).write("data/more/valid.jsonl", text(100));
    for named in ["data", "data/**/*.jsonl", "./data/../data"] {
        let (report, code) = folder.lint(&[named, "--validation", "data/more/valid.jsonl"]);
        assert_eq!((&report["findings"], code), (&json!([]), Some(0)), "{named}");
        assert_eq!(report["files"].as_array().unwrap().len(), 2, "{named}");
    }
    // Who names it for both, or has nothing else, has made a slip.
    let both = ["data/train.jsonl", "data/more/valid.jsonl", "--validation", "data/more/valid.jsonl"];
    for arguments in [&both[..], &["data/more", "--validation", "data/more/valid.jsonl"]] {
        let found = [(("FT506".to_owned(), "data/more/valid.jsonl".to_owned()), vec![0])].into();
        assert_eq!(lines(&folder.lint(arguments).0), found, "{arguments:?}");
    }
}

#[test]
fn a_job_has_no_example_in_both_files() {
    let folder = Folder::new("job");
    let text = |from: u64| (from..from + 60).map(|n| example(n).to_string() + "\n").collect::<String>();
    folder.write("train.jsonl", text(0)).write("valid.jsonl", text(58));
    let request = json!({"model": "gpt-4.1-mini-2025-04-14", "training_file": "file-a", "validation_file": "file-b"});
    folder.write("request.json", request.to_string());
    let mut command = Command::new(env!("CARGO_BIN_EXE_ftlint"));
    command.current_dir(&folder.0).env("SOURCE_DATE_EPOCH", "1795305600").env_remove("FTLINT_OUTPUT_FORMAT");
    let files = ["--training-file", "train.jsonl", "--validation-file", "valid.jsonl"];
    let output = command.args(["job", "request.json", "--format", "json"]).args(files).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(lines(&report), [(("FT503".to_owned(), "valid.jsonl".to_owned()), vec![1, 2])].into());
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_says_the_same_is_the_same_however_it_is_written() {
    let folder = Folder::new("said");
    let written = |n: u64, user: Value, extra: Value| {
        let mut answer = json!({"role": "assistant", "content": format!("x = {}", n * n)});
        answer.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"messages": [{"role": "user", "content": user}, answer]}).to_string()
    };
    let text = |n: u64| json!(format!("What is {n} times {n}? Write “x = …”."));
    let part = |n: u64| json!([{"type": "text", "text": text(n)}]);
    let trained: Vec<String> = (0..60).map(|n| example(n).to_string()).collect();
    let validation = [
        written(1, text(1), json!({"weight": 1})),
        written(2, part(2), json!({})),
        written(3, text(3), json!({"refusal": null})),
        written(4, text(4), json!({"weight": 0})),
        written(99, text(99), json!({})),
        example(5).to_string().replace("]}", "],\"tools\":null}"),
        written(6, text(6), json!({"weight": null})),
    ];
    folder.write("train.jsonl", trained.join("\n")).write("valid.jsonl", validation.join("\n"));
    let (report, _) = folder.lint(&["--select", "FT503", "train.jsonl", "--validation", "valid.jsonl"]);
    let key = ("FT503".to_owned(), "valid.jsonl".to_owned());
    assert_eq!(lines(&report).get(&key), Some(&vec![1, 2, 3, 6, 7]));
}

#[test]
fn a_validation_file_has_the_format_of_the_training_file() {
    let folder = Folder::new("formats");
    let chats: Vec<String> = (0..60).map(|n| example(n).to_string()).collect();
    let completions = (0..20).map(|n| json!({"prompt": format!("{n}+1="), "completion": " 2"}).to_string() + "\n");
    folder.write("train.jsonl", chats.join("\n")).write("valid.jsonl", completions.collect::<String>());
    let (report, code) = folder.lint(&["--select", "FT101,FT102", "train.jsonl", "--validation", "valid.jsonl"]);
    let key = ("FT102".to_owned(), "valid.jsonl".to_owned());
    assert_eq!((lines(&report), code), (BTreeMap::from([(key, vec![1])]), Some(1)));
    // Files of one role are for jobs of their own.
    let (report, _) = folder.lint(&["--select", "FT101,FT102", "train.jsonl", "valid.jsonl"]);
    assert_eq!(lines(&report), BTreeMap::new());
    // With training files of both formats each validation file has one to go with.
    let all: Vec<String> =
        (0..60).map(|n| json!({"prompt": format!("{n}-1="), "completion": " 2"}).to_string()).collect();
    folder.write("completions.jsonl", all.join("\n"));
    let both = ["--select", "FT102", "train.jsonl", "completions.jsonl", "--validation", "valid.jsonl"];
    assert_eq!(lines(&folder.lint(&both).0), BTreeMap::new());
    // Shapes that are taken count as well.
    let alpaca = |n: u64| json!({"instruction": format!("Add {n}."), "output": "4"}).to_string();
    folder.write("alpaca.jsonl", (0..60).map(alpaca).chain([example(1).to_string()]).collect::<Vec<_>>().join("\n"));
    folder.write("held-out.jsonl", (60..70).map(alpaca).collect::<Vec<_>>().join("\n"));
    let shapes = ["--select", "FT102", "--target", "axolotl", "alpaca.jsonl", "--validation", "held-out.jsonl"];
    let (report, _) = folder.lint(&shapes);
    assert_eq!(report["findings"][0]["message"], "1 chat line among alpaca lines, the first of which is line 1");
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    // What the model is not trained on at all is that.
    let model = ["--select", "FT101,FT102", "--validation", "valid.jsonl", "train.jsonl", "--model", "gpt-4.1-mini"];
    let mut command = folder.ftlint();
    command.current_dir(&folder.0).stdin(Stdio::null()).env_remove("FTLINT_OUTPUT_FORMAT");
    let output = command.args(["--format", "json"]).args(model).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let key = ("FT101".to_owned(), "valid.jsonl".to_owned());
    assert_eq!(lines(&report), BTreeMap::from([(key, vec![1])]));
}
