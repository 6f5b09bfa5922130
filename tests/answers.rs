//! Prompts that are asked twice and answers that come too often, in one file or in several.

#[path = "common/folder.rs"]
mod folder;

use std::process::Stdio;

use folder::Folder;
use serde_json::{Value, json};

impl Folder {
    /// The file, code, line and message of each finding of these rules.
    fn lint(&self, rules: &str, arguments: &[&str]) -> Vec<(String, String, u64, String)> {
        let mut command = self.ftlint();
        command.current_dir(&self.0).stdin(Stdio::null()).env_remove("FTLINT_OUTPUT_FORMAT");
        let output =
            command.args(["--format", "json", "--no-tokens", "--select", rules]).args(arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        let report: Value = serde_json::from_slice(&output.stdout).expect(&error);
        let finding = |finding: &Value| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            (text("path"), text("code"), finding["line"].as_u64().unwrap_or(0), text("message"))
        };
        report["findings"].as_array().unwrap().iter().map(finding).collect()
    }
}

fn chat(question: &str, answer: &str) -> String {
    let messages = json!([
        {"role": "system", "content": "Answer in short."},
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer},
    ]);
    json!({ "messages": messages }).to_string() + "\n"
}

fn question(n: usize) -> String {
    format!("What is {n} times {n}? {}", "Think of it. ".repeat(10))
}

fn answer(n: usize) -> String {
    format!("It comes to {}, if I am not mistaken.", n * n)
}

#[test]
fn prompts_with_several_answers_are_one_finding_however_they_are_read() {
    let folder = Folder::new("conflicts");
    // More than a chunk, so that threads have something to disagree about.
    let mut lines: Vec<String> = (0..6000).map(|n| chat(&question(n), &answer(n))).collect();
    // Line 10 gets three answers, line 11 two; that of line 12 is given twice, and that of line 13 with other spaces.
    lines[2000] = chat(&question(9), "No.");
    lines[5500] = chat(&question(9), "Maybe.").replace("times", "t\\u0069mes");
    lines[5999] = chat(&question(10), "No.");
    lines[3000] = chat(&question(11), &answer(11));
    lines[3001] = chat(&question(12), &format!(" {}\\n", answer(12)).replace("\\n", "\n"));
    let text = lines.concat();
    assert!(text.len() > 1_500_000);
    folder.write("train.jsonl", &text);
    let message = "2 prompts with several answers: that of line 10 (3 answers) and that of line 11 (2 answers)";
    let expected = [("train.jsonl".to_owned(), "FT504".to_owned(), 2001, message.to_owned())];
    for flags in [&["--threads", "1"][..], &["--threads", "3"], &["--threads", "8", "--no-mmap"]] {
        assert_eq!(folder.lint("FT504", &[&["train.jsonl"], flags].concat()), expected, "{flags:?}");
    }
}

#[test]
fn what_differs_but_in_the_answer_is_another_prompt() {
    let folder = Folder::new("others");
    let lines = [
        chat("2+2?", "4"),
        chat("2+2?", "Four.").replace("Answer in short.", "Answer in words."),
        chat("2+2?", "four").replace("\"role\":\"assistant\"", "\"role\":\"assistant\",\"weight\":0"),
        chat("2+2?", "IV").replace("}]}", "}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"add\"}}]}"),
        // No question at all, and so no wrong answer.
        json!({"messages": [{"role": "assistant", "content": "One."}]}).to_string() + "\n",
        json!({"messages": [{"role": "assistant", "content": "Two."}]}).to_string() + "\n",
        json!({"prompt": "", "completion": "Once upon a time"}).to_string() + "\n",
        json!({"prompt": "", "completion": "There was a king"}).to_string() + "\n",
    ];
    assert_eq!(folder.write("train.jsonl", lines.concat()).lint("FT504", &["train.jsonl"]), []);
    // Calls are answers, and their ids are chance.
    let call = |id: &str, city: &str| {
        let function = json!({"name": "weather", "arguments": json!({"city": city}).to_string()});
        let call = json!({"id": id, "type": "function", "function": function});
        let messages = json!([{"role": "user", "content": "Rain?"}, {"role": "assistant", "tool_calls": [call]}]);
        json!({ "messages": messages }).to_string() + "\n"
    };
    let same = call("call_1", "Rome") + &call("call_2", "Rome");
    assert_eq!(folder.write("calls.jsonl", &same).lint("FT504", &["calls.jsonl"]), []);
    folder.write("calls.jsonl", &(same + &call("call_3", "Oslo")));
    let found = folder.lint("FT504", &["calls.jsonl"]);
    assert_eq!((found.len(), found[0].2), (1, 3));
}

#[test]
fn answers_are_held_against_those_of_other_files() {
    let folder = Folder::new("files");
    folder.write("a.jsonl", chat("2+2?", "4")).write("b.jsonl", &(chat("2+3?", "5") + &chat("2+2?", "5")));
    let message = "1 prompt with several answers: that of line 1 of `a.jsonl` (2 answers)";
    let expected = [("b.jsonl".to_owned(), "FT504".to_owned(), 2, message.to_owned())];
    assert_eq!(folder.lint("FT504", &["a.jsonl", "b.jsonl"]), expected);
    // Validation files are not trained on: that is another rule.
    assert_eq!(folder.lint("FT504", &["a.jsonl", "--validation", "b.jsonl"]), []);
}

#[test]
fn prompts_that_are_trained_on_are_told_apart_from_examples_that_are() {
    let folder = Folder::new("validation");
    let train: String = (0..60).map(|n| chat(&question(n), &answer(n))).collect();
    let valid = [
        chat(&question(100), &answer(100)),
        chat(&question(3), &answer(3)),
        chat(&question(4), "No."),
        chat(&question(5), "No."),
    ];
    folder.write("train.jsonl", &train).write("valid.jsonl", valid.concat());
    let valid = |code: &str, line, message: &str| ("valid.jsonl".to_owned(), code.to_owned(), line, message.to_owned());
    let found = folder.lint("FT503,FT508", &["train.jsonl", "--validation", "valid.jsonl"]);
    let overlap = valid("FT503", 2, "the example is trained on: line 4 of `train.jsonl`");
    let message = "2 examples with a prompt that is trained on with another answer: line 3 has that of line 5 of \
                   `train.jsonl` and line 4 has that of line 6 of `train.jsonl`";
    assert_eq!(found, [overlap, valid("FT508", 3, message)]);
    assert_eq!(folder.lint("FT508", &["train.jsonl", "valid.jsonl"]), []);
    // One file for both is another fault, and the only one.
    assert_eq!(folder.lint("FT508", &["train.jsonl", "--validation", "train.jsonl"]), []);
}

#[test]
fn an_answer_to_very_many_prompts_is_told_unless_it_is_a_label() {
    let folder = Folder::new("dominant");
    let refused = "I am sorry, but I cannot help with that.";
    let lines = |count: usize, answer: &dyn Fn(usize) -> String| -> String {
        (0..count).map(|n| chat(&question(n), &answer(n))).collect()
    };
    let one_in = |nth: usize| move |n: usize| if n.is_multiple_of(nth) { refused.to_owned() } else { answer(n) };
    let found = |text: &str| {
        let found = folder.write("train.jsonl", text).lint("FT505", &["train.jsonl"]);
        found.into_iter().map(|(.., message)| message).collect::<Vec<_>>()
    };
    let expected = "the answer of line 1 is that of 2,000 of 6,000 examples (33.3 %)";
    assert_eq!(found(&lines(6000, &one_in(3))), [expected]);
    assert_eq!(found(&lines(6000, &one_in(4))), [""; 0]);
    assert_eq!(found(&lines(19, &one_in(1))), [""; 0]);
    assert_eq!(found(&lines(20, &one_in(1))), ["the answer of line 1 is that of 20 of 20 examples (100.0 %)"]);
    let brief = |n: usize| if n % 5 < 3 { "I cannot answer this".to_owned() } else { answer(n) };
    assert_eq!(found(&lines(40, &brief)), ["the answer of line 1 is that of 24 of 40 examples (60.0 %)"]);
    // Classes, short and long.
    assert_eq!(found(&lines(100, &|n| ["good", "bad"][n % 2].to_owned())), [""; 0]);
    let long =
        |n: usize| format!("{{\"sentiment\": \"{}\"}}", ["positive", "negative"][usize::from(n.is_multiple_of(10))]);
    assert_eq!(found(&lines(100, &long)), [""; 0]);
}
