//! Fixes: what is mended is gone, what is not touched is as it was, and whatever happens no data is lost.

#![allow(clippy::print_stderr, reason = "what was skipped, and how often a kill came in time, is for people")]

#[path = "common/disk.rs"]
mod disk;
#[path = "common/folder.rs"]
mod folder;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use folder::Folder;
use ftlint::finding::Finding;
use ftlint::fix::{self, Fixer};
use ftlint::lint::Linter;
use ftlint::rule::{Fix, Rule};
use ftlint::rules::RULES;
use ftlint::settings::Settings;
use serde_json::Value;

const GOOD: &str =
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello!\"}]}\n";

/// Good lines of which no two say the same.
fn lines(count: usize) -> String {
    (10..10 + count).map(|n| GOOD.replace("Hi", &n.to_string())).collect()
}

/// What a run of the command came to.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let output = self.ftlint().args(arguments).output().unwrap();
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The program as a user without rights, if root runs the tests.
    #[cfg(unix)]
    fn as_nobody(&self, is_root: bool) -> Command {
        use std::os::unix::process::CommandExt as _;
        let mut command = self.ftlint();
        if is_root {
            command.gid(65534).uid(65534);
        }
        command
    }

    /// The names in the folder, hidden ones included.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }
}

fn mended(bytes: &[u8], allow: Fix) -> Vec<u8> {
    let settings = fix::settings(&Settings { threads: Some(1), ..Settings::default() });
    let fixer = Fixer::new(&settings, allow);
    let (mut file, _) = match fix::spool(&fixer, Box::new(std::io::Cursor::new(bytes.to_vec()))) {
        Ok(mended) => mended,
        // As for people: what cannot be written anew stays as it is.
        Err(fix::Error::Refused(_)) => return bytes.to_vec(),
        Err(error) => panic!("{error:?}"),
    };
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut out).unwrap();
    out
}

fn lint(bytes: &[u8]) -> Vec<Finding> {
    let settings = Settings { tokens: false, threads: Some(1), ..Settings::default() };
    Linter::new(&settings).lint_bytes("sample.jsonl", bytes).1
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.code).filter(|code| !code.starts_with("FT4")).collect()
}

/// The JSON values of the lines that can be read.
fn values(bytes: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = flate2::read::GzEncoder::new(text, flate2::Compression::fast());
    std::io::Read::read_to_end(&mut encoder, &mut bytes).unwrap();
    bytes
}

fn fixable() -> impl Iterator<Item = (&'static Rule, Fix)> {
    RULES.iter().filter_map(|rule| Some((*rule, rule.fix?)))
}

#[test]
fn every_bad_example_is_mended_for_good() {
    assert!(fixable().count() >= 19);
    for (rule, kind) in fixable() {
        let Some(bad) = rule.bad.bytes() else { continue };
        let found = lint(&bad);
        assert!(found.iter().any(|finding| finding.rule == rule && finding.fix == Some(kind)), "{}", rule.name);
        let once = mended(&bad, kind);
        let left = lint(&once);
        // The text that was in the wrong encoding has a fault of its own.
        let is_mended = codes(&left).is_empty() || rule.name == "wrong-encoding" && codes(&left) == ["FT101"];
        assert!(is_mended, "{}: {:?} in {}", rule.name, codes(&left), String::from_utf8_lossy(&once));
        assert_eq!(mended(&once, Fix::Unsafe), once, "{}", rule.name);
        if kind == Fix::Unsafe {
            assert_eq!(mended(&bad, Fix::Safe), bad, "{}", rule.name);
        }
    }
}

#[test]
fn fixtures_are_stable_once_they_are_mended() {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap() {
        for file in fs::read_dir(entry.unwrap().path()).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "snap") || path.is_dir() {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            for allow in [Fix::Safe, Fix::Unsafe] {
                let once = mended(&bytes, allow);
                let left = lint(&once);
                // What is the same only now that it is mended was no duplicate, and stays until it is asked for again.
                let may = |finding: &&Finding| finding.fix.is_some_and(|fix| fix <= allow);
                let (alike, left): (Vec<&Finding>, Vec<&Finding>) =
                    left.iter().filter(may).partition(|finding| finding.rule.code == "FT501");
                assert!(left.is_empty(), "{}: {left:?}", path.display());
                let twice = mended(&once, allow);
                let lines = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).count();
                assert!(lines(&once) == lines(&twice) + alike.len(), "{}", path.display());
                assert!(!alike.is_empty() || twice == once, "{}", path.display());
                assert!(mended(&twice, allow) == twice, "{}", path.display());
            }
        }
    }
}

#[test]
fn what_is_mended_says_the_same() {
    let cases = [
        // The white space, digits and escapes of what is not mended stay.
        (
            "{\"prompt\" : \"\\u0041\", \"completion\":\" 4\" ,}\n",
            "{\"prompt\" : \"\\u0041\", \"completion\":\" 4\" }\n",
        ),
        ("{\"prompt\":\"a\tb\",\"completion\":\" 4\",},\r\n", "{\"prompt\":\"a\\tb\",\"completion\":\" 4\"}\r\n"),
        ("\n\n{\"prompt\":\"a\",\"completion\":\" 4\"}\n \n", "{\"prompt\":\"a\",\"completion\":\" 4\"}\n \n"),
        ("{\"prompt\":\"a\nb\",\"completion\":\" 4\"}", "{\"prompt\":\"a\\nb\",\"completion\":\" 4\"}"),
        // Of a record over several lines only the line breaks change.
        (
            "{ \"prompt\": \"a\r\n\r\nb\" , \"completion\":  \" \n4\"}\r\n",
            "{ \"prompt\": \"a\\r\\n\\r\\nb\" , \"completion\":  \" \\n4\"}\r\n",
        ),
        (
            "{\"prompt\": \"a\", \"completion\" : \" 4\"}\n{\n  \"prompt\": \"a\",\n  \"completion\" : \" 5\"\n}\n",
            "{\"prompt\": \"a\", \"completion\" : \" 4\"}\n{\"prompt\": \"a\",\"completion\" : \" 5\"}\n",
        ),
        // A lone carriage return was meant to end a line.
        (
            "{\"prompt\":\"a\",\"completion\":\" 4\"}\r{\"prompt\":\"b\",\"completion\":\" 4\"}\r",
            "{\"prompt\":\"a\",\"completion\":\" 4\"}\n{\"prompt\":\"b\",\"completion\":\" 4\"}\n",
        ),
        // A line in a string that begins with a brace.
        (
            "{\"prompt\": \"a\", \"completion\": \" Use this:\n{\\\"a\\\": 1}\nDone.\"}\n{\"prompt\":\"b\",\"completion\":\" 4\"}\n",
            "{\"prompt\": \"a\", \"completion\": \" Use this:\\n{\\\"a\\\": 1}\\nDone.\"}\n{\"prompt\":\"b\",\"completion\":\" 4\"}\n",
        ),
        (r#""{\"prompt\": \"a \\n\", \"completion\": \"\\u00e9\"}""#, r#"{"prompt": "a \n", "completion": "\u00e9"}"#),
        (
            "{\"prompt\":\"a\",\"completion\":\" 4\"}{\"prompt\":\"a\",\"completion\":\" 4\"}\r\n",
            "{\"prompt\":\"a\",\"completion\":\" 4\"}\r\n{\"prompt\":\"a\",\"completion\":\" 4\"}\r\n",
        ),
        (
            r#"{"messages":[{"weight": 1, "role":"user","content":"Hi"},{"role":"assistant","content":"x","tool_calls":[]}]}"#,
            r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"x"}]}"#,
        ),
        (
            r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":{"n": 1.50,"s":"\u00e9\"", "t":[ ]}}}]}],"tools":[{"type":"function","function":{"name":"f"}}]}"#,
            r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"n\": 1.50,\"s\":\"\\u00e9\\\"\", \"t\":[ ]}"}}]}],"tools":[{"type":"function","function":{"name":"f"}}]}"#,
        ),
    ];
    for (bad, good) in cases {
        assert_eq!(String::from_utf8(mended(bad.as_bytes(), Fix::Safe)).unwrap(), good, "{bad}");
    }
    // Without its bracket the end of an array may be lost with it, also where that is seen only at the end.
    for count in [2, 5_000] {
        let lines: Vec<String> = (0..count).map(|n| format!("{{\"prompt\":\"{n}\",\"completion\":\" 4\"}}")).collect();
        let cut = format!("[{}", lines.join(",\n"));
        assert!(mended(cut.as_bytes(), Fix::Safe) == cut.as_bytes(), "{count}");
        assert_eq!(String::from_utf8(mended(cut.as_bytes(), Fix::Unsafe)).unwrap(), lines.join("\n") + "\n");
    }
}

#[test]
fn a_guess_gives_back_what_was_meant() {
    let cases = [
        (
            r#"{"prompt": "He said ""hi"" to me", "completion": "y"}"#,
            r#"{"prompt": "He said \"hi\" to me", "completion": "y"}"#,
        ),
        (r#"{"prompt": "a 5"" pipe", "completion": "y"}"#, r#"{"prompt": "a 5\" pipe", "completion": "y"}"#),
        (r#"{"prompt": "print("")", "completion": "y"}"#, r#"{"prompt": "print(\"\")", "completion": "y"}"#),
        (r#"{""prompt"": ""a"", ""completion"": ""b""}"#, r#"{"prompt": "a", "completion": "b"}"#),
        (r#""{""prompt"": ""a \""b\"""", ""completion"": """"}""#, r#"{"prompt": "a \"b\"", "completion": ""}"#),
        (r#""prompt": "c", "completion": "d""#, r#"{"prompt": "c", "completion": "d"}"#),
        (r#""prompt": "c", "completion": "d"}"#, r#"{"prompt": "c", "completion": "d"}"#),
        ("{u'prompt': u'a', u'completion': u'b'}", r#"{"prompt": "a", "completion": "b"}"#),
        ("\"prompt\": \"a\",\n\"completion\": \"b\"\n}", "{\"prompt\": \"a\",\"completion\": \"b\"}"),
    ];
    for (bad, good) in cases {
        let bad = GOOD.to_owned() + bad + "\n";
        assert_eq!(
            String::from_utf8(mended(bad.as_bytes(), Fix::Unsafe)).unwrap(),
            GOOD.to_owned() + good + "\n",
            "{bad}"
        );
        assert_eq!(String::from_utf8(mended(bad.as_bytes(), Fix::Safe)).unwrap(), bad);
    }
}

#[test]
fn what_nobody_can_be_sure_of_stays_and_nothing_of_it_is_left_out() {
    let cases = [
        // Doubled quotes, or a string as Python has it.
        r#"{"prompt":"a","completion":"""b"""}"#,
        r#"{"prompt":"a","completion":""b""}"#,
        r#"{"prompt": "a", "completion": f"abc {x}"}"#,
        r#"{"prompt": "a", "completion": r"\d"}"#,
        r#"{"prompt": "a", "completion": undefined}"#,
        r#""{""prompt"": ""a"", ""completion"": ""b""#,
        r#""{'prompt': 'a', 'completion': 'b'}""#,
        r#"{"messages": "[{\"role\": \"user\"}]"}"#,
        // Quotes that are not escaped around what looks like members and objects.
        r#"{"prompt": "say "a", "b": "c" now", "completion": "y"}"#,
        r#"{"prompt": "a" "b" "c", "completion": "y"}"#,
        r#"{"messages": [{"role": "assistant", "content": ""Yes!" {"k": 1}"}]}"#,
        // Torn in a way that leaves doubt.
        "{\"prompt\": \"say \"x\"\n{\\\"a\\\": 1}\nDone.\", \"completion\": \"b\"}",
        "Done.\"}]}",
        "Heading\nDone.\"}]}",
        "\"prompt\": \"a\",\n\"completion\": \"b\"",
        // A cell of a table over several lines, with what would be a comment elsewhere.
        "\"{\"\"prompt\"\": \"\"a\"\", \"\"completion\"\": \"\"b\n# Heading\n\nc.\"\"}\"",
        // Code with empty strings, and a list of quotations.
        r#"{"prompt": "a", "completion": ""a", "b" "c""}"#,
        "Heading of \"prompt\": \"x",
        "# Heading\nmore\"}",
    ];
    for bad in cases {
        let bad = GOOD.to_owned() + bad + "\n" + GOOD;
        let once = String::from_utf8(mended(bad.as_bytes(), Fix::Unsafe)).unwrap();
        assert_eq!(once, bad.strip_suffix(GOOD).unwrap(), "{bad}");
    }
    // Nor is a record left out with the words before it.
    let text = GOOD.to_owned()
        + "Heading\n1. {\"prompt\":\"a\",\"completion\":\" 4\"}\n\"2.\" {\"prompt\":\"b\",\"completion\":\" 4\"}\n";
    let once = String::from_utf8(mended(text.as_bytes(), Fix::Unsafe)).unwrap();
    let rest = "{\"prompt\":\"a\",\"completion\":\" 4\"}\n{\"prompt\":\"b\",\"completion\":\" 4\"}\n";
    assert_eq!(once, GOOD.to_owned() + rest);
}

/// Records whose words are all different, written wrongly in all of one way: what is mended, and how, is not asked here,
/// only that no word is gone.
#[test]
fn no_word_of_a_record_is_lost() {
    let mut random = fastrand::Rng::with_seed(11);
    let mut count = 0;
    let mut word = || {
        count += 1;
        format!("zq{count}k")
    };
    let mut text = |random: &mut fastrand::Rng| {
        let form = random.u8(..9);
        let [a, b] = [word(), word()];
        match form {
            0 => format!("{a} {b}."),
            1 => format!("He said \"{a}\" to {b}."),
            2 => format!("def {a}():\n    return {{\"{b}\": 1}}\n"),
            3 => format!("if(\"\"=={a}||\"\"=={b})"),
            4 => format!("return \"\"+{a}+\"\"; {b}"),
            5 => format!("a: \"{a}\", {b}"),
            6 => format!("5\" {a} \"{b}\""),
            7 => format!("{a}\n# {b}\nend"),
            _ => format!("it's {a} \n\n {b}"),
        }
    };
    for _ in 0..3_000 {
        let [prompt, completion] = [text(&mut random), text(&mut random)];
        let whole = serde_json::json!({"prompt": prompt, "completion": completion}).to_string();
        let (kind, torn) = match random.u8(..8) {
            0 => ("raw line breaks", whole.replace("\\n", "\n")),
            1 => ("raw quotes", whole.replace("\\\"", "\"")),
            2 => ("doubled quotes", whole.replace("\\\"", "\"\"")),
            3 => ("a cell", format!("\"{}\"", whole.replace('"', "\"\""))),
            4 => ("a cell without its quotes", whole.replace('"', "\"\"")),
            5 => ("a cell over lines", format!("\"{}\"", whole.replace('"', "\"\"").replace("\\n", "\n"))),
            6 => ("no braces", whole[1..whole.len() - 1].to_owned()),
            _ => ("encoded twice", serde_json::json!(whole).to_string()),
        };
        let file = GOOD.to_owned() + &torn + "\n" + GOOD;
        let fixed = String::from_utf8(mended(file.as_bytes(), Fix::Unsafe)).unwrap();
        for word in whole.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.starts_with("zq")) {
            assert!(fixed.contains(word), "{kind}: {word} of\n{torn}\nis not in\n{fixed}");
        }
    }
}

/// JSON in a string that is torn before it, wherever the file is cut for the threads.
#[test]
fn a_line_with_a_brace_in_a_string_is_one_finding_at_the_end_of_a_chunk() {
    let torn = "{\"prompt\":\"a\",\"completion\":\" Use:\n{\\\"a\\\": 1}\nDone.\"}\n";
    let filler = lines(12_500);
    let filler = &filler[..filler[..1024 * 1024 - 2 * GOOD.len()].rfind('\n').unwrap() + 1];
    for pad in (0..3 * GOOD.len()).step_by(5) {
        let padded = GOOD.replace("Hello!", &"x".repeat(pad));
        let text = [filler, &padded, torn, GOOD].concat();
        let findings = lint(text.as_bytes());
        let found: Vec<&Finding> = findings.iter().filter(|finding| finding.rule.code < "FT1").collect();
        assert!(matches!(found.as_slice(), [one] if one.rule.code == "FT019"), "{pad}: {found:?}");
    }
}

/// What a line that lacks its content says under keys that are not known may be that content.
#[test]
fn no_key_is_dropped_that_may_be_what_is_missing() {
    for line in [
        r#"{"prompt":[{"role":"user","content":"a"}],"chosen":[{"role":"assistant","content":"b"}],"rejected":[{"role":"assistant","content":"c"}],"tools":[{"type":"function","function":{"name":"f"}}]}"#,
        r#"{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}],"tools":[]}"#,
        r#"{"tools":[{"lang":"A"}],"desc":"one"}"#,
        r#"{"tools":[{"type":"function","function":{"name":"f"}}],"desc":"one"}"#,
        r#"{"messages":[],"conversation":[{"role":"user","content":"x"}]}"#,
        r#"{"messages":[{"role":"system","content":"a"}],"history":[{"role":"user","content":"x"}]}"#,
        r#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"tools":[{"lang":"A"}]}"#,
        r#"{"messages":[{"role":"user","content":"","txt":"x"},{"role":"assistant","content":"b"}]}"#,
        r#"{"prompt":"","instruction":"x","completion":"q"}"#,
        r#"{"input":{"messages":[]},"preferred_output":[{"role":"assistant","content":"b"}],"non_preferred_output":[{"role":"assistant","content":"c"}],"question":"x"}"#,
    ] {
        let other = line.replace("\"x\"", "\"y\"").replace("\"one\"", "\"two\"").replace("\"a\"", "\"z\"");
        let lines = format!("{line}\n{other}\n");
        assert_eq!(String::from_utf8_lossy(&mended(lines.as_bytes(), Fix::Unsafe)), lines);
    }
    let whole = GOOD.replace("{\"messages\"", "{\"id\":7,\"messages\"");
    assert_eq!(String::from_utf8_lossy(&mended(whole.as_bytes(), Fix::Unsafe)), GOOD);
}

#[test]
fn tools_of_a_preference_line_move_into_its_input() {
    let line = r#"{"input":{"messages":[{"role":"user","content":"a"}]},"tools":[{"type":"function","function":{"name":"f"}}],"preferred_output":[{"role":"assistant","content":"b"}],"non_preferred_output":[{"role":"assistant","content":"c"}]}"#;
    let moved = r#"{"input":{"messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"f"}}]},"preferred_output":[{"role":"assistant","content":"b"}],"non_preferred_output":[{"role":"assistant","content":"c"}]}"#;
    let mended = mended(format!("{line}\n").as_bytes(), Fix::Unsafe);
    assert_eq!(String::from_utf8_lossy(&mended), format!("{moved}\n"));
}

#[test]
fn functions_become_tools_where_results_are_certain() {
    let bad = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"function_call":{"name":"now","arguments":"{}"}},{"role":"function","name":"now","content":"9:41"},{"role":"assistant","content":"9:41","function_call":null}],"functions":[{"name":"now"},{"name":"then"}]}
"#;
    let good = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"9:41"}],"tools":[{"type":"function","function":{"name":"now"}},{"type":"function","function":{"name":"then"}}]}
"#;
    assert_eq!(String::from_utf8(mended(bad.as_bytes(), Fix::Unsafe)).unwrap(), good);
    assert_eq!(codes(&lint(good.as_bytes())), [""; 0]);
    // The result of another function.
    let unclear = bad.replace("\"name\":\"now\",\"content\"", "\"name\":\"then\",\"content\"");
    assert_eq!(String::from_utf8(mended(unclear.as_bytes(), Fix::Unsafe)).unwrap(), unclear);
}

/// Good lines with faults strewn in.
fn messy(random: &mut fastrand::Rng, lines: usize) -> String {
    let mut text = String::new();
    for number in 0..lines {
        let word = ["a", "é😀", "x \\n \\u00e9", "lorem ipsum"][random.usize(..4)].repeat(random.usize(1..40));
        let end = if random.u8(..8) == 0 { "\r\n" } else { "\n" };
        text += &match random.u8(..20) {
            0 => end.to_owned(),
            1 => format!("{{\"prompt\":\"{word}\",\"completion\":\"{number}\",}}{end}"),
            2 => format!("{{\"prompt\":\"{word}\n\",\"completion\":\"{number}\"}}{end}"),
            3 => format!("{{\"prompt\": \"{word}\",\n  \"completion\": \"{number}\"\n}}{end}"),
            4 => format!(
                "{{\"prompt\":\"{word}\",\"completion\":\"{number}\"}} {{\"prompt\":\"\",\"completion\":\"1e5\"}}{end}"
            ),
            5 => format!("// {word}{end}"),
            6 => format!("{{'prompt': '{word}', 'completion': None}}{end}"),
            7 => format!("{{\"prompt\":\"a\tb\",\"completion\":\"{number}\"}}{end}"),
            8 => format!("{{\"prompt\":\"{word}\",\"completion\":{end}"),
            9 => format!("Chapter {number}{end}"),
            10 => format!(
                "{{\"messages\":[{{\"role\":\"user\",\"content\":\"{word}\",\"weight\":0}},{{\"role\":\"assistant\",\"content\":\"{number}\"}}]}}{end}"
            ),
            _ => format!("{{\"prompt\": \"{word}\" , \"completion\":\" {number}.50\"}}{end}"),
        };
    }
    text
}

#[test]
fn lines_without_a_fault_stay_byte_by_byte() {
    let mut random = fastrand::Rng::with_seed(5);
    for round in 0..30 {
        let text = messy(&mut random, 200);
        for allow in [Fix::Safe, Fix::Unsafe] {
            let once = String::from_utf8(mended(text.as_bytes(), allow)).unwrap();
            // Every good line is there, in the same order.
            let is_good =
                |line: &&str| codes(&lint(line.as_bytes())).is_empty() && serde_json::from_str::<Value>(line).is_ok();
            let mut rest = once.split_inclusive('\n');
            for line in text.split_inclusive('\n').filter(is_good) {
                assert!(rest.any(|kept| kept == line), "round {round}: {line:?} is lost or out of place");
            }
            let left = lint(once.as_bytes());
            if let Some(finding) = left.iter().find(|finding| finding.fix.is_some_and(|fix| fix <= allow)) {
                let line = finding.place.as_ref().map_or(0, |place| usize::try_from(place.line).unwrap());
                let lines: Vec<&str> = once.lines().skip(line - 1).take(2).collect();
                panic!("round {round}: {} {} {lines:?}", finding.rule.name, finding.message);
            }
            assert!(mended(once.as_bytes(), allow) == once.as_bytes(), "round {round}");
            // What could be read reads the same; only the weights are gone.
            let weightless = |text: &str| {
                let values = values(text.replace(",\"weight\":0", "").as_bytes());
                values.into_iter().filter(|value| value["completion"] != "1e5").collect::<Vec<_>>()
            };
            let (before, after) = (weightless(&text), weightless(&once));
            let mut rest = after.iter();
            assert!(before.iter().all(|value| rest.any(|kept| kept == value)), "round {round}");
        }
    }
}

#[test]
fn large_files_are_mended_alike_with_one_thread_and_with_many() {
    let folder = Folder::new("large");
    let text = messy(&mut fastrand::Rng::with_seed(6), 20_000);
    folder.file("one.jsonl", &text);
    folder.file("many.jsonl", &text);
    folder.run(&["--fix", "--no-tokens", "--threads", "1", "one.jsonl"]);
    folder.run(&["--fix", "--no-tokens", "--threads", "8", "many.jsonl"]);
    assert!(folder.read("one.jsonl") == folder.read("many.jsonl"));
    assert!(folder.read("one.jsonl") != text);
    assert_eq!(folder.names(), ["many.jsonl", "one.jsonl"]);
}

#[test]
fn the_report_says_what_was_mended_and_what_is_left() {
    let folder = Folder::new("report");
    folder.file(
        "train.jsonl",
        "\u{feff}".to_owned() + &lines(60) + "\n{'prompt': 'a', 'completion': 'b'},\n{\"messages\":[],}\n",
    );
    let run = folder.run(&["--no-tokens", "train.jsonl"]);
    assert!(run.stdout.contains("[*] 3 fixable with --fix, 1 more with --fix --unsafe-fixes"), "{}", run.stdout);
    let run = folder.run(&["--no-tokens", "--fix", "train.jsonl"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    assert!(
        run.stdout.contains("fixed 3: 1 FT006 blank-line, 1 FT007 byte-order-mark, 1 FT015 trailing-comma"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("[*] 1 fixable with --fix --unsafe-fixes"), "{}", run.stdout);
    let run = folder.run(&["--no-tokens", "--fix", "--unsafe-fixes", "--format", "json", "train.jsonl"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["files"][0]["fixed"][0]["code"], "FT014");
    assert!(report["findings"].as_array().unwrap().iter().all(|finding| finding["fix"].is_null()));
    // Nothing is left to mend: nothing is written.
    let before = fs::metadata(folder.0.join("train.jsonl")).unwrap().modified().unwrap();
    let run = folder.run(&["--no-tokens", "--fix", "--unsafe-fixes", "train.jsonl"]);
    assert!(!run.stdout.contains("fixed "), "{}", run.stdout);
    assert_eq!(fs::metadata(folder.0.join("train.jsonl")).unwrap().modified().unwrap(), before);
}

#[test]
fn examples_that_stood_before_are_left_out_if_that_is_asked_for() {
    let folder = Folder::new("repeated");
    let same = "{ \"messages\" : [{\"content\":\"10\", \"role\":\"user\"},{\"role\":\"assistant\",\"content\":\"Hell\\u006f!\"}]}";
    // Written otherwise, once it is mended, in an array of its own, on the last line without an end.
    let bad = lines(60) + same + "\r\n" + &same.replace("]}", "],}") + "\n" + GOOD + same;
    folder.file("train.jsonl", &bad);
    let run = folder.run(&["--no-tokens", "train.jsonl"]);
    assert!(run.stdout.contains("1 fixable with --fix, 2 more with --fix --unsafe-fixes"), "{}", run.stdout);
    let run = folder.run(&["--no-tokens", "--diff", "--unsafe-fixes", "train.jsonl"]);
    assert!(run.stdout.contains("@@ line 62 · FT015 trailing-comma, FT501 duplicate-example @@"), "{}", run.stdout);
    assert!(run.stderr.contains("would fix 4: 1 FT015 trailing-comma, 3 FT501 duplicate-example"), "{}", run.stderr);
    assert_eq!(folder.read("train.jsonl"), bad);
    folder.run(&["--no-tokens", "--fix", "train.jsonl"]);
    assert_eq!(folder.read("train.jsonl"), bad.replace("],}", "]}"));
    let run = folder.run(&["--no-tokens", "--fix", "--unsafe-fixes", "train.jsonl"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.contains("fixed 3: 3 FT501 duplicate-example"), "{}", run.stdout);
    assert_eq!(folder.read("train.jsonl"), lines(60) + GOOD);
    let run = folder.run(&["--no-tokens", "--fix", "--unsafe-fixes", "train.jsonl"]);
    assert!(!run.stdout.contains("fixed"), "{}", run.stdout);
    // Who wants to keep them says so.
    folder.file("train.jsonl", &bad);
    folder.run(&["--no-tokens", "--fix", "--unsafe-fixes", "--per-file-ignores", "train.*:FT501", "train.jsonl"]);
    assert_eq!(folder.read("train.jsonl"), bad.replace("],}", "]}"));
    // Only what is left out makes a broken record whole.
    let torn = "{\"prompt\":\"a\",\n".to_owned() + "\"completion\":\"b\"}\n" + &lines(3) + &lines(4);
    folder.file("train.jsonl", torn);
    folder.run(&["--no-tokens", "--fix", "--unsafe-fixes", "train.jsonl"]);
    assert!(folder.read("train.jsonl").ends_with(&lines(4)) && folder.read("train.jsonl").lines().count() == 5);
}

#[test]
fn repeated_examples_are_dropped_over_chunks_by_any_number_of_threads() {
    let folder = Folder::new("repeated-large");
    let mut random = fastrand::Rng::with_seed(3);
    let (mut text, mut once, mut seen) = (String::new(), String::new(), std::collections::HashSet::new());
    while text.len() < 3_000_000 {
        let n = random.usize(10..20_000);
        let line =
            GOOD.replace("Hi", &n.to_string()).replace("Hello!", &format!("{n} it is! {}", "So! ".repeat(n % 9)));
        text += &line;
        if seen.insert(n) {
            once += &line;
        }
    }
    for threads in ["1", "8"] {
        folder.file("train.jsonl", &text);
        folder.run(&["--no-tokens", "--fix", "--unsafe-fixes", "--threads", threads, "train.jsonl"]);
        assert!(folder.read("train.jsonl") == once, "{threads}");
    }
}

#[test]
fn copies_in_other_files_are_dropped_but_never_a_whole_file() {
    let folder = Folder::new("repeated-files");
    let fix = |arguments: &[&str]| folder.run(&[&["--no-tokens", "--fix", "--unsafe-fixes"], arguments].concat());
    let write = || {
        folder.file("a.jsonl", lines(60) + &lines(1));
        folder.file("b.jsonl", lines(2) + GOOD + GOOD);
        folder.file("c.jsonl", lines(5));
        folder.file("valid.jsonl", lines(1) + &GOOD.replace("Hi", "Yo").repeat(2));
    };
    write();
    let diff = folder.run(&["--no-tokens", "--diff", "--unsafe-fixes", "a.jsonl", "b.jsonl", "c.jsonl"]);
    assert!(
        diff.stderr.contains("a.jsonl: would fix 1:") && diff.stderr.contains("b.jsonl: would fix 3:"),
        "{}",
        diff.stderr
    );
    assert!(!diff.stderr.contains("c.jsonl"), "{}", diff.stderr);
    let run = fix(&["a.jsonl", "b.jsonl", "c.jsonl", "--validation", "valid.jsonl"]);
    assert_eq!((folder.read("a.jsonl"), folder.read("b.jsonl")), (lines(60), GOOD.to_owned()));
    // All of it stood before; a validation file has only copies of its own taken out.
    assert_eq!(folder.read("c.jsonl"), lines(5));
    assert_eq!(folder.read("valid.jsonl"), lines(1) + &GOOD.replace("Hi", "Yo"));
    assert!(run.stdout.contains("FT503") && run.stdout.contains("FT501"), "{}", run.stdout);
    // One file under two names is one file, also once it was replaced.
    #[cfg(unix)]
    {
        write();
        std::os::unix::fs::symlink("a.jsonl", folder.0.join("link.jsonl")).unwrap();
        std::fs::hard_link(folder.0.join("a.jsonl"), folder.0.join("hard.jsonl")).unwrap();
        fix(&["a.jsonl", "link.jsonl", "hard.jsonl"]);
        assert_eq!((folder.read("a.jsonl"), folder.read("link.jsonl")), (lines(60), lines(60)));
        assert!(folder.read("hard.jsonl").starts_with(&lines(60)));
    }
    // A copy of a file that loses lines itself.
    write();
    folder.file("copy.jsonl", folder.read("a.jsonl"));
    fix(&["a.jsonl", "copy.jsonl"]);
    assert!(folder.read("copy.jsonl").starts_with(&lines(60)));
}

#[test]
fn exit_codes_after_a_fix() {
    let folder = Folder::new("exit");
    folder.file("train.jsonl", GOOD.repeat(60) + "\n" + GOOD);
    assert_eq!(folder.run(&["--no-tokens", "--diff", "train.jsonl"]).code, Some(1));
    assert_eq!(folder.run(&["--no-tokens", "--fix", "train.jsonl"]).code, Some(0));
    assert_eq!(folder.run(&["--no-tokens", "--diff", "train.jsonl"]).code, Some(0));
    folder.file("train.jsonl", GOOD.repeat(60) + "\n" + GOOD);
    assert_eq!(folder.run(&["--no-tokens", "--fix", "--exit-non-zero-on-fix", "train.jsonl"]).code, Some(1));
    assert_eq!(folder.run(&["--no-tokens", "--fix", "--exit-non-zero-on-fix", "train.jsonl"]).code, Some(0));
    assert_eq!(folder.run(&["--fix", "missing.jsonl"]).code, Some(2));
}

#[test]
fn a_diff_shows_windows_and_changes_nothing() {
    let folder = Folder::new("diff");
    let long = "lorem ipsum ".repeat(1000);
    let text = format!(
        "\u{feff}{{\"prompt\":\"{long}\",\"completion\":\" 4\",}}\n\n\n\n\n\n// a note \u{1b}[31m\n{{\"a\":1}}{{\"a\":2}}\n{{\"prompt\": \"a\nb\",\"completion\":\" 4\"}}\n"
    );
    folder.file("train.jsonl", &text);
    let run = folder.run(&["--diff", "train.jsonl"]);
    assert_eq!(run.code, Some(1));
    insta::assert_snapshot!(run.stdout);
    assert_eq!(
        run.stderr,
        "train.jsonl: would fix 6: 1 FT005 joined-lines, 1 FT006 blank-line, 1 FT007 byte-order-mark, 1 FT015 trailing-comma, 1 FT019 raw-control-character, 1 FT023 comment\n"
    );
    assert_eq!(folder.read("train.jsonl"), text);
    assert_eq!(folder.run(&["--diff", "-o", "x.jsonl", "train.jsonl"]).code, Some(2));
    let capped = folder.run(&["--diff", "--max-diagnostics", "2", "train.jsonl"]);
    assert!(capped.stdout.contains("… 4 more changes"), "{}", capped.stdout);
    folder.file(
        "array.json",
        "[\n {\"prompt\": \"a\", \"completion\": \"b\"},\n {\"prompt\": \"c\", \"completion\": \"d\"}\n]\n",
    );
    insta::assert_snapshot!(folder.run(&["--diff", "array.json"]).stdout);
}

#[test]
fn a_diff_shows_every_place_of_a_line() {
    let folder = Folder::new("diff-places");
    let long = "lorem ipsum ".repeat(20);
    folder.file("train.jsonl", format!("{{\"prompt\": \"{long}\", , \"completion\": \" {long}\",}}\n"));
    let run = folder.run(&["--diff", "--unsafe-fixes", "train.jsonl"]);
    let shown = |sign: &str| run.stdout.lines().filter(|line| line.starts_with(sign)).count();
    assert_eq!((shown("- "), shown("+ ")), (2, 2), "{}", run.stdout);
}

#[test]
fn a_copy_leaves_the_original() {
    let folder = Folder::new("copy");
    let text = GOOD.repeat(3) + "\n" + GOOD;
    folder.file("train.jsonl", &text);
    let run = folder.run(&["--no-tokens", "--fix", "-o", "fixed.jsonl", "train.jsonl"]);
    assert!(run.stdout.contains("fixed.jsonl: fixed 1") || run.stdout.contains("fixed 1: 1 FT006"), "{}", run.stdout);
    assert_eq!((folder.read("train.jsonl"), folder.read("fixed.jsonl")), (text.clone(), GOOD.repeat(4)));
    // Without anything to mend the copy is a copy.
    folder.run(&["--no-tokens", "--fix", "-o", "again.jsonl", "fixed.jsonl"]);
    assert_eq!(folder.read("again.jsonl"), GOOD.repeat(4));
    let run = folder.run(&["--fix", "-o", "./train.jsonl", "train.jsonl"]);
    assert_eq!((run.code, folder.read("train.jsonl")), (Some(2), text));
    assert!(run.stderr.contains("would overwrite the original"), "{}", run.stderr);
    assert_eq!(folder.run(&["--fix", "-o", "x.jsonl", "train.jsonl", "fixed.jsonl"]).code, Some(2));
    assert_eq!(folder.run(&["--fix", "-o", "no/such/folder.jsonl", "train.jsonl"]).code, Some(2));
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::new("stdin");
    let mut child = folder
        .ftlint()
        .args(["--no-tokens", "--fix", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all((lines(60) + "\n" + GOOD).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), lines(60) + GOOD);
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(report.starts_with("<stdin>: no problems") && report.contains("fixed 1: 1 FT006 blank-line"), "{report}");
}

#[test]
fn what_cannot_be_fixed_is_left_and_said() {
    let folder = Folder::new("refused");
    // By the first bytes or by the name alone.
    let text = lines(60) + "\n" + GOOD;
    let compressed = [
        ("a.jsonl.gz", gzip(text.as_bytes())),
        ("b.jsonl.gzip", text.clone().into_bytes()),
        ("c.jsonl.zst", zstd::encode_all(text.as_bytes(), 1).unwrap()),
        ("d.jsonl", gzip(text.as_bytes())),
    ];
    for (name, bytes) in compressed {
        folder.file(name, &bytes);
        for (flag, said) in [("--fix", "not fixed: compressed files"), ("--diff", "cannot be fixed: compressed files")]
        {
            let run = folder.run(&[flag, name]);
            assert_eq!(run.code, Some(2), "{name}");
            assert!(run.stderr.contains(said), "{name}: {}", run.stderr);
        }
        assert_eq!(fs::read(folder.0.join(name)).unwrap(), bytes);
        fs::remove_file(folder.0.join(name)).unwrap();
    }
    // An array that is torn, far behind what is seen of it first: no fix is offered where it is seen.
    let torn = "  {\"prompt\": \"b\" \"completion\": 1}\n]\n";
    let good = "  {\"prompt\": \"a\"},\n";
    let text = format!("[\n{}{torn}", good.repeat(5_000));
    folder.file("array.json", &text);
    let run = folder.run(&["--fix", "--no-tokens", "array.json"]);
    assert_eq!((run.code, folder.read("array.json") == text), (Some(2), true));
    assert!(run.stderr.contains("not fixed: a value is not JSON in line 5,002"), "{}", run.stderr);
    assert_eq!(folder.names(), ["array.json"]);
    let text = format!("[\n{good}{torn}");
    folder.file("array.json", &text);
    let run = folder.run(&["--fix", "--no-tokens", "--format", "concise", "array.json"]);
    assert_eq!((run.code, folder.read("array.json") == text), (Some(1), true));
    assert!(run.stdout.contains("broken: a comma is missing in line 3"), "{}", run.stdout);
    assert!(!run.stdout.contains("fixable"), "{}", run.stdout);
}

#[test]
fn what_need_not_be_fixed_is_no_failure() {
    let folder = Folder::new("whole");
    let names = ["a.jsonl.gz", "b.jsonl.gzip", "c.jsonl.xz", "kept.jsonl"];
    folder.file("a.jsonl.gz", gzip(lines(60).as_bytes()));
    folder.file("b.jsonl.gzip", lines(60));
    folder.file("c.jsonl.xz", b"\xfd7zXZ\0 of a kind that is not read");
    let path = folder.file("kept.jsonl", lines(60));
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    for name in names {
        // What is no JSON Lines is an error, as without --fix.
        let expected = if name == "c.jsonl.xz" { 1 } else { 0 };
        let run = folder.run(&["--fix", "--no-tokens", name]);
        assert_eq!((run.code, run.stderr.contains("not fixed")), (Some(expected), false), "{name}: {}", run.stderr);
        let run = folder.run(&["--diff", "--no-tokens", name]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{name}");
    }
}

#[test]
fn a_copy_of_a_compressed_file_is_not_compressed() {
    let folder = Folder::new("unpacked");
    let packed = gzip((lines(60) + "\n" + GOOD).as_bytes());
    folder.file("train.jsonl.gz", &packed);
    let run = folder.run(&["--fix", "--no-tokens", "-o", "fixed.jsonl", "train.jsonl.gz"]);
    assert_eq!((run.code, folder.read("fixed.jsonl")), (Some(0), lines(60) + GOOD), "{}", run.stderr);
    let run = folder.run(&["--fix", "--no-tokens", "-o", "-", "train.jsonl.gz"]);
    assert_eq!((run.code, run.stdout), (Some(0), lines(60) + GOOD), "{}", run.stderr);
    let run = folder.run(&["--fix", "-o", "fixed.jsonl.gz", "train.jsonl.gz"]);
    assert!(run.code == Some(2) && run.stderr.contains("the copy is not compressed"), "{}", run.stderr);
    assert_eq!(fs::read(folder.0.join("train.jsonl.gz")).unwrap(), packed);
    assert_eq!(folder.names(), ["fixed.jsonl", "train.jsonl.gz"]);
}

#[test]
fn whoever_stops_reading_the_report_stops_no_fix() {
    let folder = Folder::new("closed");
    let names: Vec<String> = (0..60).map(|n| format!("data/{n}.jsonl")).collect();
    for name in &names {
        folder.file(name, lines(20) + "\n" + GOOD);
    }
    // Many findings, so that more is written than is kept back.
    let closed = |arguments: &[&str], stdin: &str| {
        let mut command = folder.ftlint();
        command.args(["--no-tokens"]).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(closed(&["--diff", "data"], "").0, Some(1));
    assert_eq!(closed(&["--fix", "--exit-non-zero-on-fix", "data"], ""), (Some(1), String::new()));
    for name in &names {
        assert_eq!(folder.read(name), lines(20) + GOOD, "{name}");
    }
    // Of data all is wanted.
    let (code, said) = closed(&["--fix", "-"], &(lines(60) + "\n" + GOOD));
    assert_eq!((code, said.contains("not all of it was read")), (Some(2), true), "{said}");
}

#[test]
fn with_exit_zero_nothing_that_is_found_counts() {
    let folder = Folder::new("exit-zero");
    folder.file("train.jsonl", lines(60) + "\n" + GOOD);
    assert_eq!(folder.run(&["--diff", "--exit-zero", "train.jsonl"]).code, Some(0));
    assert_eq!(folder.run(&["--diff", "--exit-zero", "missing.jsonl"]).code, Some(2));
    assert_eq!(folder.run(&["--fix", "--exit-non-zero-on-fix", "--exit-zero", "train.jsonl"]).code, Some(0));
    assert_eq!(folder.read("train.jsonl"), lines(60) + GOOD);
}

#[cfg(unix)]
#[test]
fn links_stay_and_permissions_are_kept() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let folder = Folder::new("links");
    fs::create_dir(folder.0.join("data")).unwrap();
    let path = folder.file("data/real.jsonl", GOOD.repeat(3) + "\n" + GOOD);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("data/real.jsonl", folder.0.join("train.jsonl")).unwrap();
    let owner = fs::metadata(&path).map(|data| (data.uid(), data.gid())).unwrap();
    let run = folder.run(&["--fix", "--no-tokens", "train.jsonl"]);
    assert!(run.stdout.contains("fixed 1"), "{}{}", run.stdout, run.stderr);
    assert!(fs::symlink_metadata(folder.0.join("train.jsonl")).unwrap().file_type().is_symlink());
    assert_eq!(fs::read_to_string(&path).unwrap(), GOOD.repeat(4));
    let after = fs::metadata(&path).unwrap();
    assert_eq!((after.mode() & 0o7777, after.uid(), after.gid()), (0o640, owner.0, owner.1));
    // Other names keep the old file, and the run says so.
    folder.file("a.jsonl", GOOD.to_owned() + "\n" + GOOD);
    fs::hard_link(folder.0.join("a.jsonl"), folder.0.join("b.jsonl")).unwrap();
    assert!(folder.run(&["--fix", "a.jsonl"]).stderr.contains("hard links"));
    // A read-only file is not replaced.
    let path = folder.file("kept.jsonl", GOOD.to_owned() + "\n" + GOOD);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let run = folder.run(&["--fix", "kept.jsonl"]);
    assert_eq!((run.code, folder.read("kept.jsonl")), (Some(2), GOOD.to_owned() + "\n" + GOOD));
    assert!(run.stderr.contains("read-only"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_keeps_its_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("read-only");
    let text = GOOD.to_owned() + "\n" + GOOD;
    folder.file("train.jsonl", &text);
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o555)).unwrap();
    let is_root = fs::write(folder.0.join("probe"), "").is_ok();
    let output = folder.as_nobody(is_root).args(["--fix", "--no-tokens", "train.jsonl"]).output();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).unwrap();
    let stderr = match output {
        Ok(output) if output.status.code() == Some(2) => String::from_utf8(output.stderr).unwrap(),
        // Nobody may not even run the program, or read what it is to read.
        output if is_root => {
            return skipped(&format!("root may write anywhere, and nobody else can be asked: {output:?}"));
        }
        output => panic!("{output:?}"),
    };
    assert_eq!(folder.read("train.jsonl"), text);
    if is_root && !stderr.contains("not fixed:") {
        return skipped(&format!("root may write anywhere, and nobody else may read the file: {stderr}"));
    }
    assert!(stderr.contains("not fixed: no copy can be made beside the file: permission denied"), "{stderr}");
}

/// Says why a test is skipped, also where the output of tests is not shown.
#[cfg(unix)]
fn skipped(why: &str) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(std::io::stderr(), "skipped {name}: {why}");
}

/// Rounds of the tests that kill and disturb: few by default, as many as `FTLINT_KILLS` says by hand.
fn rounds() -> u64 {
    std::env::var("FTLINT_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(40)
}

#[test]
fn a_kill_leaves_the_original_or_the_result() {
    let folder = Folder::new("kill");
    let text = messy(&mut fastrand::Rng::with_seed(7), 3_000);
    let result = mended(text.as_bytes(), Fix::Safe);
    folder.file("train.jsonl", &text);
    let start = std::time::Instant::now();
    folder.run(&["--fix", "-q", "--no-tokens", "train.jsonl"]);
    let takes = u64::try_from(start.elapsed().as_micros()).unwrap();
    let (mut originals, mut results) = (0, 0);
    for round in 0..rounds() {
        let path = folder.file("train.jsonl", &text);
        let mut child = folder
            .ftlint()
            .args(["--fix", "-q", "--no-tokens", "train.jsonl"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Some of them when it has ended.
        std::thread::sleep(Duration::from_micros(takes * 3 * (2 * round + 1) / (4 * rounds())));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = fs::read(path).unwrap();
        if now == text.as_bytes() {
            originals += 1;
        } else {
            assert!(now == result, "round {round}: neither the original nor the result");
            results += 1;
        }
        // What a kill leaves is hidden, and no data.
        for name in folder.names() {
            assert!(name == "train.jsonl" || name.starts_with(".ftlint-") && name.ends_with(".tmp"), "{name}");
            if name != "train.jsonl" {
                fs::remove_file(folder.0.join(name)).unwrap();
            }
        }
    }
    assert!(originals > 0 && results > 0, "{originals} times the original, {results} times the result");
    eprintln!("{originals} times the original, {results} times the result");
}

#[test]
fn what_is_appended_while_fixing_is_not_lost() {
    let folder = Folder::new("append");
    let text = messy(&mut fastrand::Rng::with_seed(8), 3_000);
    for round in 0..rounds() / 4 {
        let path = folder.file("train.jsonl", &text);
        let child = folder
            .ftlint()
            .args(["--fix", "-q", "--no-tokens", "train.jsonl"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(3 * round));
        // As a log would be written: opened by its name, one line.
        let mut log = fs::OpenOptions::new().append(true).open(&path).unwrap();
        log.write_all(GOOD.as_bytes()).unwrap();
        drop(log);
        let output = child.wait_with_output().unwrap();
        let now = fs::read_to_string(&path).unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        // Either nothing was replaced, and that was said, or the line was seen or came later. Only a line that was
        // written to the old file in the moment of its replacement can be missed.
        if now.starts_with(&text) {
            assert!(
                now.ends_with(GOOD)
                    && (said.contains("was changed while it was being fixed") || said.contains("shorter")),
                "{said}"
            );
        }
        assert!(now.ends_with(GOOD), "round {round}: {said}");
        assert_eq!(folder.names(), ["train.jsonl"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_original() {
    let folder = Folder::new("full");
    disk::on_small_disk(&folder.0, "1m", || {
        let text = messy(&mut fastrand::Rng::with_seed(9), 2_000)[..].repeat(3);
        let text = &text[..text.char_indices().map(|(at, _)| at).take_while(|at| *at < 700_000).last().unwrap()];
        folder.file("train.jsonl", text);
        let run = folder.run(&["--fix", "--no-tokens", "train.jsonl"]);
        assert!(folder.read("train.jsonl") == text);
        assert_eq!((run.code, folder.names()), (Some(2), vec!["train.jsonl".to_owned()]));
        assert!(run.stderr.contains("not fixed: no space left on device"), "{}", run.stderr);
    });
}

/// A record that no other one is like.
fn record(n: usize) -> String {
    format!(
        "{{\"messages\":[{{\"role\":\"user\",\"content\":\"{n}?\"}},{{\"role\":\"assistant\",\"content\":\"It is {n}.\"}}]}}"
    )
}

/// The lines of a file from good records and broken ones, and how many examples somebody counts in them.
fn with_slips(state: &mut u64) -> (String, u64) {
    let mut below = |limit: u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % limit
    };
    let (mut text, mut examples) = (record(0) + "\n", 1);
    for n in 1..=4 + below(8) as usize {
        let (one, two) = (record(10 * n), record(10 * n + 1));
        let quoted = one.replace('"', "\"\"");
        let (lines, count) = match below(24) {
            0 => (format!("{one} // note"), 1),
            1 => (format!("{one} /* note */ # note"), 1),
            2 => (format!("{one} so good"), 1),
            3 => (format!("{n}. {one}"), 1),
            4 => (format!("[{one}"), 1),
            5 => (format!("\u{feff}{one} // note"), 1),
            6 => (format!("{one},"), 1),
            7 => (format!("{one}, {two},"), 2),
            8 => (format!("{one}{two} // both"), 2),
            9 => (format!("\u{feff}{one}"), 1),
            10 => (format!("{one}\u{feff}{two}"), 2),
            11 => (one.replace(",\"content\"", ",\u{a0}\"content\""), 1),
            12 => (format!("{one}}}"), 1),
            13 => (one.replace("\"user\"", "'user'"), 1),
            14 => (one.replace(",\"content\"", ",\n  \"content\""), 1),
            15 => (format!("\"{quoted}\""), 1),
            16 => ("# Part one\n// the first".to_owned(), 0),
            17 => ("}".to_owned(), 0),
            18 => ("]\n}".to_owned(), 0),
            19 => ("[".to_owned(), 0),
            20 => ("Some words\nand others".to_owned(), 0),
            21 => (" \n".to_owned(), 0),
            22 => (one.replace("},{", "}{"), 1),
            _ => (one, 1),
        };
        text += &lines;
        text += "\n";
        examples += count;
    }
    // What is wrong with it shows whether it is told which example it is.
    text += &(record(1000).replace("assistant", "robot") + "\n");
    (text, examples + 1)
}

#[test]
fn there_are_as_many_examples_before_a_fix_as_behind_it() {
    let (mut state, mut left) = (7, 0);
    for _ in 0..600 {
        let (text, expected) = with_slips(&mut state);
        let settings = Settings { tokens: false, threads: Some(1), ..Settings::default() };
        let count = |bytes: &[u8]| {
            let (report, findings) = Linter::new(&settings).lint_bytes("train.jsonl", bytes);
            let last = findings.iter().filter_map(|finding| finding.place.as_ref()).next_back();
            (report.facts.lines.records, last.map(|place| place.example))
        };
        let fixed = mended(text.as_bytes(), Fix::Unsafe);
        let is_mended = |line: &&str| line.trim().is_empty() || serde_json::from_str::<Value>(line).is_ok();
        // An array that seems to go on, and a fragment, are left to a person.
        if !std::str::from_utf8(&fixed).unwrap().lines().all(|line| is_mended(&line)) {
            left += 1;
            continue;
        }
        assert!(values(&fixed).len() as u64 == expected, "{text}{}", String::from_utf8_lossy(&fixed));
        assert_eq!(count(text.as_bytes()), (expected, Some(expected)), "{text}");
        assert_eq!(count(&fixed), (expected, Some(expected)), "{text}");
    }
    assert!(left < 60, "{left} files are not mended");
}

#[test]
fn what_is_no_record_is_no_example() {
    let settings = Settings { tokens: false, threads: Some(1), ..Settings::default() };
    let few = |text: &str| {
        let (report, findings) = Linter::new(&settings).lint_bytes("train.jsonl", text.as_bytes());
        let is_few = findings.iter().any(|finding| finding.rule.code == "FT403");
        (report.facts.lines.records, is_few)
    };
    let noted: String = lines(12).lines().map(|line| format!("{line} // note\n")).collect();
    assert_eq!(few(&noted), (12, false));
    assert_eq!(few(&(lines(9) + "}\n")), (9, true));
    assert_eq!(few(&(lines(9) + "\0\0\0\0\n")), (9, true));
    // What stands between two examples does not make one of them two.
    let bad = GOOD.replace("assistant", "asistant");
    let (report, _) = Linter::new(&settings).lint_bytes("train.jsonl", (lines(2) + "1.\n2.\n" + &bad).as_bytes());
    let stray = report.counts.iter().find(|count| count.rule.code == "FT024").unwrap();
    assert_eq!(stray.examples, 0);
}

#[test]
fn marks_and_odd_spaces_between_tokens_are_mended_safely() {
    let (one, two) = (record(1), record(2));
    let cases = [
        (format!("{one}\n\u{feff}{two}\n"), format!("{one}\n{two}\n"), "a byte order mark in the middle of the file"),
        (format!("{one}\u{feff}{two}\n"), format!("{one}\n{two}\n"), "a byte order mark in the middle of the file"),
        (
            format!("{one}\n{}\n", two.replace(':', ":\u{a0}")),
            format!("{one}\n{}\n", two.replace(':', ": ")),
            "U+00A0, which is no white space in JSON",
        ),
    ];
    for (text, expected, message) in cases {
        let found = lint(text.as_bytes());
        let found: Vec<_> = found.iter().filter(|finding| finding.rule.code == "FT001").collect();
        let [finding] = found.as_slice() else { panic!("{text}: {found:?}") };
        assert_eq!((finding.message.as_str(), finding.fix), (message, Some(Fix::Safe)));
        assert_eq!(String::from_utf8(mended(text.as_bytes(), Fix::Safe)).unwrap(), expected);
    }
}

#[test]
fn examples_are_the_same_by_what_they_said_before() {
    const RULES_AT_HAND: &str = "unknown-key,duplicate-example,trailing-comma";
    let folder = Folder::new("said-before");
    let line = |n: usize, context: &str| {
        format!("{{\"prompt\":\"{n} + 1 ->\",\"completion\":\" {}\",\"context\":\"{context}\"}}\n", n + 1)
    };
    let text: String = (0..10).map(|n| line(n / 2, &n.to_string())).collect();
    let arguments = ["--no-tokens", "--format", "json", "--select", RULES_AT_HAND, "train.jsonl"];
    let json = |more: &[&str]| -> Value {
        let run = folder.run(&[arguments.as_slice(), more].concat());
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", run.stdout, run.stderr))
    };
    folder.file("train.jsonl", &text);
    let promised = json(&[])["findings"].as_array().unwrap().iter().filter(|finding| !finding["fix"].is_null()).count();
    let after = json(&["--fix", "--unsafe-fixes"]);
    let done: u64 =
        after["files"][0]["fixed"].as_array().unwrap().iter().map(|fixed| fixed["count"].as_u64().unwrap()).sum();
    assert_eq!((promised, done), (10, 10));
    assert_eq!(folder.read("train.jsonl").lines().count(), 10);
    assert!(!folder.read("train.jsonl").contains("context"));
    // Those that were the same before go, and what was written otherwise is compared once it can be read.
    let same = line(1, "a") + &line(1, "a") + &line(2, "b").replace("}", ",}") + &line(2, "b") + &line(2, "c");
    folder.file("train.jsonl", &same);
    json(&["--fix", "--unsafe-fixes"]);
    let left = folder.read("train.jsonl");
    let prompts: Vec<&str> = left.lines().map(|line| &line[11..12]).collect();
    assert_eq!(prompts, ["1", "2", "2"], "{left}");
}

#[test]
fn no_fix_is_promised_that_is_none() {
    let folder = Folder::new("promised");
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let text = wide(&format!("\u{feff}{}", lines(12)));
    folder.file("whole.jsonl", &text);
    assert!(folder.run(&["--no-tokens", "whole.jsonl"]).stdout.contains("fixable"));
    // More than is looked at first, so that only the size tells it.
    let long = wide(&format!("\u{feff}{}", lines(1000)));
    let half = wide("\u{feff}{\"prompt\":\"😀\"}");
    let half = [&half[..half.len() - 8], &half[half.len() - 6..]].concat();
    for torn in [&text[..text.len() - 1], &long[..long.len() - 1], &half] {
        folder.file("torn.jsonl", torn);
        let run = folder.run(&["--no-tokens", "torn.jsonl"]);
        assert!(run.stdout.contains("no part of it") && !run.stdout.contains("fixable"), "{}", run.stdout);
        let run = folder.run(&["--no-tokens", "--fix", "torn.jsonl"]);
        assert_eq!(run.code, Some(if torn.len() > 65_536 { 2 } else { 1 }), "{}", run.stderr);
        assert_eq!(fs::read(folder.0.join("torn.jsonl")).unwrap(), torn);
    }
    folder.file("a.jsonl", lines(12));
    folder.file("b.jsonl", lines(12));
    let run = folder.run(&["--no-tokens", "a.jsonl", "b.jsonl"]);
    assert!(run.stdout.contains("Leave one of the two files out") && !run.stdout.contains("--fix"), "{}", run.stdout);
}

#[test]
fn a_copy_replaces_no_file_that_is_read_only() {
    let folder = Folder::new("copy-read-only");
    folder.write("in.jsonl", "\n".to_owned() + &lines(12)).write("kept.jsonl", "old\n");
    let path = folder.0.join("kept.jsonl");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let run = folder.run(&["--fix", "in.jsonl", "-o", "kept.jsonl"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("not fixed: the file that -o names is read-only"), "{}", run.stderr);
    assert_eq!(folder.read("kept.jsonl"), "old\n");
}
