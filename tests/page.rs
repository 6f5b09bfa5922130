//! `ftlint report`: one page that loads nothing and runs nothing, whatever the data holds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const GOOD: &str =
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello!\"}]}\n";
const SCRIPT: &str = "<script>alert(1)</script>";

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn report(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ftlint"));
    command.current_dir(folder).stdin(Stdio::null()).env("SOURCE_DATE_EPOCH", "1780272000");
    command.arg("report").args(arguments).output().unwrap()
}

/// The names of all tags; fails if they are not balanced, or if something is left unescaped.
fn tags(page: &str) -> Vec<String> {
    let (mut open, mut seen): (Vec<String>, Vec<String>) = Default::default();
    for part in page.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(!text.contains('>') || open.last().is_some_and(|tag| tag == "style"), "{text}");
        let name = tag.split_whitespace().next().unwrap().to_owned();
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(closed));
        } else if !matches!(name.as_str(), "!DOCTYPE" | "meta") {
            seen.push(name.clone());
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    seen
}

#[test]
fn hostile_data_stays_text_and_secrets_stay_hidden() {
    let folder = folder("page-hostile");
    let secret = format!("ghp_{}", "x9Kd".repeat(9));
    let aws = ["AKIA", "Z7QNX3MRT5PWLK2V"].concat();
    let bad = GOOD.replace("\"user\"", &format!("\"{SCRIPT}\"")).replace("Hi", &format!("{SCRIPT} {aws} {secret}"));
    let tool = format!("{{\"type\":\"function\",\"function\":{{\"name\":\"{SCRIPT}{aws}\"}}}}");
    let tools = GOOD.replace("]}\n", &format!("],\"tools\":[{tool}]}}\n"));
    let name = "a&<b>\u{202e}.jsonl";
    fs::write(folder.join(name), bad + &tools + "{\"messages\":\n\u{1b}[31m<b>\n").unwrap();
    let run = report(&folder, &[name, "-o", "page.html"]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    assert!(run.stdout.is_empty());
    let page = fs::read_to_string(folder.join("page.html")).unwrap();
    let tags = tags(&page);
    for tag in ["script", "link", "img", "iframe", "b"] {
        assert!(!tags.iter().any(|seen| seen == tag), "{tag}");
    }
    assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains(" src=") && !page.contains("url(") && !page.contains("@import"));
    assert!(!page.chars().any(|c| c == '\u{1b}' || c == '\u{202e}'));
    assert!(!page.contains(&aws) && !page.contains("Z7QNX3") && !page.contains(&secret), "{page}");
}

#[test]
fn a_page_shows_each_part() {
    let folder = folder("page-parts");
    let asistant = GOOD.replace("assistant", "asistant");
    let lines: String = (0..40).map(|n| GOOD.replace("Hi", &format!("Привет {n}"))).collect();
    fs::write(folder.join("train.jsonl"), lines + &asistant.repeat(7)).unwrap();
    fs::write(folder.join("valid.jsonl"), GOOD.replace("Hi", "Привет 7")).unwrap();
    let run = report(&folder, &["train.jsonl", "--validation", "valid.jsonl", "--model", "gpt-4.1-mini"]);
    let page = String::from_utf8(run.stdout).unwrap();
    let tags = tags(&page);
    let page = page.replace("&quot;", "\"");
    let count = |tag: &str| tags.iter().filter(|seen| *seen == tag).count();
    assert_eq!((count("h1"), count("main"), count("section"), count("caption")), (1, 1, 2, count("table")));
    assert_eq!(count("svg"), page.matches("<svg role=\"img\" aria-labelledby=").count());
    assert_eq!(count("desc"), count("svg"));
    for part in [
        "href=\"#f1-FT104\"",
        "id=\"f1-FT104\"",
        "5 of 7 are shown",
        "<mark>\"asistant\"</mark>",
        "Refused: ",
        "Cyrillic",
        "gpt-4.1-mini-2025-04-14",
        "Also trained on</dt><dd>1</dd>",
        "A validation file",
        "All fit the ",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[test]
fn broken_and_missing_files_make_a_page_too() {
    let folder = folder("page-broken");
    fs::write(folder.join("empty.jsonl"), "").unwrap();
    fs::write(folder.join("binary.jsonl"), b"\x7fELF\x02\x01\x01\x00\x00\x00\xff\xfe").unwrap();
    fs::write(folder.join("list.jsonl"), "[\n{}\n]").unwrap();
    let run = report(&folder, &["empty.jsonl", "binary.jsonl", "list.jsonl", "missing.jsonl", "-o", "-"]);
    assert_eq!(run.status.code(), Some(2));
    let page = String::from_utf8(run.stdout).unwrap();
    assert_eq!(tags(&page).iter().filter(|tag| *tag == "section").count(), 4);
    assert!(page.contains("Not read to its end"));
}

#[test]
fn an_input_is_not_written_over() {
    let folder = folder("page-input");
    fs::write(folder.join("train.jsonl"), GOOD).unwrap();
    let run = report(&folder, &["train.jsonl", "-o", "train.jsonl"]);
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8(run.stderr).unwrap().contains("would overwrite this input"));
    assert_eq!(fs::read_to_string(folder.join("train.jsonl")).unwrap(), GOOD);
    assert_eq!(report(&folder, &["train.jsonl", "-o", "none/page.html"]).status.code(), Some(2));
}

#[test]
fn the_advice_of_a_finding_goes_before_that_of_its_rule() {
    let folder = folder("page-advice");
    fs::write(folder.join("a.jsonl"), GOOD.replace("\"assistant\"", "\"asistant\"")).unwrap();
    let run = report(&folder, &["a.jsonl", "-o", "page.html"]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    let page = fs::read_to_string(folder.join("page.html")).unwrap();
    tags(&page);
    assert!(page.contains("Did you mean `assistant`?") && !page.contains("Use one of the roles"), "{page}");
}
