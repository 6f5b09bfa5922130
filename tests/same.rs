//! The report is the same with 1 and 8 threads, from a map, from reads and from a pipe.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file of several chunks in which everything happens, most of it at the edges of chunks.
fn messy(random: &mut fastrand::Rng) -> Vec<u8> {
    let mut text = String::new();
    while text.len() < 3_000_000 {
        let words = "lorem ipsum dolor ".repeat(random.usize(1..200));
        let _ = match random.u8(..40) {
            0 => writeln!(text),
            1 => writeln!(text, "# a heading\nand prose"),
            2 => writeln!(text, "{{\"prompt\":\"{words}\n more\",\"completion\":\"x\"}}"),
            3 => writeln!(text, "{{\n  \"prompt\": \"{words}\",\n  \"completion\": \"x\"\n}}"),
            4 => writeln!(text, "{{\"prompt\":\"{words}\",\"completion\":\"x\"}},"),
            5 => writeln!(text, "{{\"mesages\":[],\"n\":{}}}", random.u8(..)),
            6 => writeln!(text, "{{\"prompt\":\"{words}\",\"completion\":\"\"}}"),
            7 => writeln!(text, "{{\"messages\":[{{\"role\":\"asistant\",\"content\":\"{words}\"}}]}}\r"),
            8 => writeln!(text, "[1,2]"),
            _ => writeln!(
                text,
                "{{\"messages\":[{{\"role\":\"user\",\"content\":\"{words}\"}},{{\"role\":\"assistant\",\"content\":\"é😀\"}}]}}"
            ),
        };
    }
    text.into_bytes()
}

/// A run that finds errors.
fn ftlint(arguments: &[&str], stdin: Option<&[u8]>) -> String {
    ftlint_with(1, arguments, stdin)
}

fn ftlint_with(code: i32, arguments: &[&str], stdin: Option<&[u8]>) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ftlint"))
        .args(arguments)
        .stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let feeder = stdin.map(|bytes| {
        let (mut pipe, bytes) = (child.stdin.take().unwrap(), bytes.to_vec());
        std::thread::spawn(move || {
            // In odd pieces, so that reads end anywhere.
            bytes.chunks(4093).try_for_each(|piece| pipe.write_all(piece)).unwrap();
        })
    });
    let output = child.wait_with_output().unwrap();
    if let Some(feeder) = feeder {
        feeder.join().unwrap();
    }
    assert_eq!(output.status.code(), Some(code));
    String::from_utf8(output.stdout).unwrap()
}

fn write(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn threads_maps_and_pipes_give_one_report() {
    let bytes = messy(&mut fastrand::Rng::with_seed(7));
    let path = write("same.jsonl", &bytes);
    let path = path.to_str().unwrap();
    for format in ["full", "concise", "json", "json-lines"] {
        let run = |arguments: &[&str], stdin| {
            let common = ["--no-tokens", "--output-format", format];
            ftlint(&[common.as_slice(), arguments].concat(), stdin)
        };
        let one = run(&["--threads", "1", path], None);
        assert!(one.len() > 1000);
        assert!(one == run(&["--threads", "8", path], None), "{format}: threads");
        assert!(one == run(&["--threads", "8", "--no-mmap", path], None), "{format}: reads");
        let named = one.replace(path, "<stdin>");
        let piped = run(&["--threads", "3", "-"], Some(&bytes));
        // The drawing's frame does not depend on the length of the name.
        assert!(named == piped, "{format}: pipe");
    }
}

#[test]
fn statistics_are_the_same_however_they_are_read() {
    let bytes = messy(&mut fastrand::Rng::with_seed(9));
    let path = write("same-stats.jsonl", &bytes);
    let path = path.to_str().unwrap();
    for format in [&["text"][..], &["json"], &["json-lines", "--per-example"]] {
        let run = |arguments: &[&str], stdin| {
            let common = [&["stats", "--output-format"], format].concat();
            ftlint_with(0, &[common.as_slice(), arguments].concat(), stdin)
        };
        let one = run(&["--threads", "1", path], None);
        assert!(one.len() > 500);
        assert!(one == run(&["--threads", "8", path], None), "{format:?}: threads");
        assert!(one == run(&["--threads", "8", "--no-mmap", path], None), "{format:?}: reads");
        let named = one.replace(path, "<stdin>");
        assert!(named == run(&["--threads", "3", "-"], Some(&bytes)), "{format:?}: pipe");
    }
}

#[test]
fn rows_name_the_lines_of_the_file() {
    let bytes = messy(&mut fastrand::Rng::with_seed(10));
    let path = write("same-rows.jsonl", &bytes);
    let rows =
        ftlint_with(0, &["stats", "--per-example", "--output-format", "json-lines", path.to_str().unwrap()], None);
    let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    let mut last = 0;
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let line = usize::try_from(row["line"].as_u64().unwrap()).unwrap();
        assert!(line > last && serde_json::from_slice::<serde_json::Value>(lines[line - 1]).unwrap().is_object());
        last = line;
    }
    assert!(last > lines.len() / 2);
}

#[test]
fn line_ends_change_no_finding() {
    let text = String::from_utf8(messy(&mut fastrand::Rng::with_seed(8))).unwrap();
    let places = |name: &str, text: &str| {
        let path = write(name, text.as_bytes());
        let report = ftlint(&["--no-tokens", "--output-format", "json-lines", path.to_str().unwrap()], None);
        report
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .filter(|line| line["type"] == "finding")
            .map(|line| (line["line"].clone(), line["column"].clone(), line["code"].clone(), line["message"].clone()))
            .collect::<Vec<_>>()
    };
    let unix = text.replace("\r\n", "\n");
    let found = places("lf.jsonl", &unix);
    assert!(found.len() > 100);
    assert!(found == places("crlf.jsonl", &unix.replace('\n', "\r\n")));
}

#[test]
fn schemas_that_are_spelt_otherwise_are_told_apart() {
    let line = |parameters: &str, arguments: &str| {
        let tool = format!(r#"{{"type":"function","function":{{"name":"f","parameters":{parameters}}}}}"#);
        let call = format!(r#"{{"id":"a","type":"function","function":{{"name":"f","arguments":{arguments:?}}}}}"#);
        format!(
            r#"{{"tools":[{tool}],"messages":[{{"role":"user","content":"{}"}},{{"role":"assistant","tool_calls":[{call}]}}]}}"#,
            "much text ".repeat(2000)
        ) + "\n"
    };
    let object = |a: &str| format!(r#"{{"type":"object","properties":{{"a":{a}}}}}"#);
    // Of a key that stands twice the last one counts; a message quotes a number as it is written.
    let [first, second] =
        [r#"{"type":"string","type":"integer"}"#, r#"{"type":"integer","type":"string"}"#].map(object);
    let [whole, fraction] = [r#"{"type":"integer","minimum":1}"#, r#"{"type":"integer","minimum":1.0}"#].map(object);
    let mut text = String::new();
    for n in 0..60 {
        text += &line(&first, r#"{"a":"x"}"#);
        text += &line(&second, r#"{"a":"x"}"#);
        text += &line(if n % 20 < 10 { &whole } else { &fraction }, r#"{"a":0}"#);
    }
    let path = write("spelt.jsonl", text.as_bytes());
    let path = path.to_str().unwrap();
    let arguments = ["--no-tokens", "--select", "FT204", "--output-format", "concise"];
    let report = |threads: &str| {
        let found = ftlint_with(
            0,
            &[&arguments[..], &["--max-per-rule", "none", "--max-diagnostics", "none", "--threads", threads, path]]
                .concat(),
            None,
        );
        found.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let one = report("1");
    let lines: Vec<usize> = one.iter().filter_map(|line| line.split(':').nth(1)?.parse().ok()).collect();
    assert_eq!(lines, (1..=180).filter(|line| line % 3 != 2).collect::<Vec<_>>());
    assert_eq!(one, report("8"));
}
