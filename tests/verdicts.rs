//! One slip, one finding: what follows from a fault that is reported is not reported again, and what no provider is
//! known to refuse is no error.

use ftlint::lint::Linter;
use ftlint::rules::find;
use ftlint::selection::RuleSelection;
use ftlint::settings::Settings;

/// The names of the rules that find something in a file, in the order of the report.
fn found(lines: &[&str]) -> Vec<&'static str> {
    let small = ["too-few-examples", "few-examples"].map(|name| find(name).expect("a rule of the catalogue"));
    let settings = Settings { selection: RuleSelection::without(&small), tokens: false, ..Settings::default() };
    let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", lines.join("\n").as_bytes());
    findings.iter().map(|finding| finding.rule.name).collect()
}

/// The messages of what is found in a file, in the order of the report.
fn messages(lines: &[&str]) -> Vec<String> {
    let settings = Settings { tokens: false, ..Settings::default() };
    let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", lines.join("\n").as_bytes());
    findings.into_iter().map(|finding| finding.message).collect()
}

const CHAT: &str = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}"#;

#[test]
fn a_merge_is_one_finding() {
    assert_eq!(found(&["<<<<<<< HEAD", CHAT, "=======", CHAT, ">>>>>>> main"]), ["merge-conflict"]);
}

#[test]
fn joined_lines_count_as_the_examples_they_hold() {
    let joined = CHAT.repeat(50);
    assert_eq!(messages(&[&joined]), ["50 objects on one line"]);
}

#[test]
fn one_foreign_format_is_one_finding() {
    let alpaca = [
        r#"{"instruction":"Add 2 and 2","output":"4"}"#,
        r#"{"instruction":"Add","input":"3 and 3","output":"6"}"#,
        r#"{"instruction":"Add","input":"4 and 4","output":"8","history":[]}"#,
    ];
    assert_eq!(found(&alpaca), ["unknown-format"]);
    let log: Vec<String> = (0..200).map(|n| format!(r#"{{"key_{n}":1}}"#)).collect();
    let log: Vec<&str> = log.iter().map(String::as_str).collect();
    assert_eq!(messages(&log), ["200 lines of no known format: the first has `key_0`"]);
}

#[test]
fn prompts_as_messages_are_a_format_of_their_own() {
    assert_eq!(found(&[r#"{"prompt":[{"role":"user","content":"2+2?"}],"ability":"math"}"#]), ["unknown-format"]);
    assert_eq!(found(&[r#"{"prompt":["2+2=","2 + 2 ="],"completion":["4","4"]}"#]), ["unknown-format"]);
    assert_eq!(found(&[r#"{"prompt":["2+2="],"completion":" 4"}"#]), ["missing-completion"]);
}

#[test]
fn what_a_script_left_beside_the_data_is_one_finding() {
    let line = CHAT.replace(r#"{"messages""#, r#"{"id":7,"split":"train","score":0.9,"messages""#);
    assert_eq!(messages(&[&line])[0], "the keys `id`, `split` and `score` are not part of the chat format");
    assert_eq!(found(&[&line]), ["unknown-key"]);
    let misspelt = CHAT.replace(r#"{"messages""#, r#"{"id":7,"tool":[],"messages""#);
    assert_eq!(found(&[&misspelt]), ["unknown-key", "unknown-key"]);
}

#[test]
fn two_records_in_one_object_are_one_finding() {
    assert_eq!(found(&[r#"{"prompt":"a","completion":"b","prompt":"c","completion":"d"}"#]), ["duplicate-key"]);
}

#[test]
fn an_unknown_role_is_not_blamed_for_what_it_says() {
    let image = r#"[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]"#;
    let line = format!(r#"{{"messages":[{{"role":"human","content":{image}}},{{"role":"assistant","content":"A"}}]}}"#);
    assert_eq!(found(&[&line]), ["unknown-role"]);
}

#[test]
fn a_key_under_another_name_is_one_finding() {
    let line = CHAT.replace(r#""Hi""#, r#"[{"type":"text","content":"Hi"}]"#);
    assert_eq!(found(&[&line]), ["unknown-message-key"]);
}

#[test]
fn an_empty_list_of_functions_is_one_finding() {
    let with = |keys: &str| CHAT.replace("}]}", &format!("}}],{keys}}}"));
    assert_eq!(found(&[&with(r#""functions":[]"#)]), ["empty-tool-calls"]);
    assert_eq!(found(&[&with(r#""functions":[{"name":"f"}],"tools":[]"#)]), ["tools-and-functions"]);
}

#[test]
fn a_last_word_of_the_system_is_one_finding() {
    let line = CHAT.replace("}]}", r#"},{"role":"system","content":"Be kind."}]}"#);
    assert_eq!(found(&[&line]), ["last-message-not-assistant"]);
}

#[test]
fn what_is_not_known_to_be_refused_is_no_error() {
    assert!(found(&[r#"{"prompt":"a","completion":" b<|endoftext|>"}"#]).is_empty());
    let image = r#"[{"type":"image_url","image_url":{"url":"https://example.com/a.png","size":[640,480]}}]"#;
    assert!(found(&[&CHAT.replace(r#""Hi""#, image)]).is_empty());
}

#[test]
fn the_name_of_a_file_counts() {
    let settings = Settings { tokens: false, ..Settings::default() };
    let rules = |name: &str| -> Vec<&str> {
        let lines = [CHAT; 50].join("\n");
        let (_, findings) = Linter::new(&settings).lint_bytes(name, lines.as_bytes());
        findings.iter().map(|finding| finding.rule.name).collect()
    };
    assert!(rules("train.jsonl").is_empty());
    assert_eq!(rules("train.json"), ["wrong-extension"]);
    assert_eq!(rules("train"), ["wrong-extension"]);
}

#[test]
fn a_bracket_in_the_wrong_place_is_one_finding() {
    let content = r#"[{"type":"text","text":"Hi"},{"role":"assistant","content":"A"},{"role":"user","content":"B"}]"#;
    assert_eq!(messages_of_errors(content), ["a message stands among the content parts of another"]);
}

/// The messages of what is found in a line whose question is `content`.
fn messages_of_errors(content: &str) -> Vec<String> {
    let mut all = messages(&[&CHAT.replace(r#""Hi""#, content)]);
    all.retain(|message| !message.starts_with("1 example"));
    all
}
