//! Tools over all lines and files of a call: definitions that differ, tools that nobody calls.

use std::fs;
use std::path::Path;
use std::process::Command;

use ftlint::finding::Finding;
use ftlint::lint::Linter;
use ftlint::rules;
use ftlint::selection::RuleSelection;
use ftlint::settings::Settings;
use serde_json::{Value, json};

const RULES: [&str; 3] = ["unused-tool", "missing-parameter-description", "inconsistent-tool"];

fn lint(lines: &[String], threads: Option<usize>) -> Vec<Finding> {
    let selection = RuleSelection::none().with(&RULES.map(|name| rules::find(name).unwrap()));
    let settings = Settings { selection, tokens: false, threads, ..Settings::default() };
    Linter::new(&settings).lint_bytes("train.jsonl", lines.concat().as_bytes()).1
}

fn said(findings: &[Finding]) -> Vec<(u64, String)> {
    let line = |finding: &Finding| finding.place.as_ref().map_or(0, |place| place.line);
    findings.iter().map(|finding| (line(finding), finding.message.clone())).collect()
}

fn tool(name: &str, description: &str, parameter: &str) -> Value {
    let about = json!({"type": "string", "description": "what it says"});
    let parameters = json!({"type": "object", "properties": {parameter: about}});
    json!({"type": "function", "function": {"name": name, "description": description, "parameters": parameters}})
}

fn line(tools: &[Value], calls: &[&str]) -> String {
    let calls: Vec<Value> = calls
        .iter()
        .enumerate()
        .map(|(n, name)| json!({"id": format!("c{n}"), "type": "function", "function": {"name": name, "arguments": "{}"}}))
        .collect();
    let mut messages = vec![json!({"role": "user", "content": "Do it."})];
    if !calls.is_empty() {
        messages.push(json!({"role": "assistant", "tool_calls": calls}));
        messages.extend(
            (0..calls.len()).map(|n| json!({"role": "tool", "tool_call_id": format!("c{n}"), "content": "done"})),
        );
    }
    messages.push(json!({"role": "assistant", "content": "Done. ".repeat(20)}));
    json!({"messages": messages, "tools": tools}).to_string() + "\n"
}

#[test]
fn a_definition_that_changes_is_told_once_for_any_number_of_threads() {
    // Several chunks, so that the first definition and the other are not in one.
    let padding: Vec<Value> = (0..8).map(|n| tool(&format!("t{n}"), &"What it is for. ".repeat(40), "x")).collect();
    let with = |one: Value| line(&[&[one], padding.as_slice()].concat(), &["find"]);
    let (old, new) = (with(tool("find", "Finds.", "what")), with(tool("find", "Finds.", "query")));
    let mut lines = vec![old; 1000];
    lines[900..].fill(new);
    for threads in [Some(1), Some(2), Some(8)] {
        let findings = said(&lint(&lines, threads));
        let about =
            "2 definitions of the tool `find`: its parameters differ from line 1, which 900 of 1,000 lines agree with";
        assert_eq!(findings[0].0, 901, "{threads:?}");
        assert_eq!(findings[0].1, about, "{threads:?}");
        // The padding is never called, and that is all.
        assert_eq!(findings.len(), 2);
        assert!(findings[1].1.starts_with("8 of 9 tools never called, in 8,000 definitions: `t0`, "), "{findings:?}");
    }
}

#[test]
fn names_that_mean_many_tools_are_left_alone() {
    // As in collections of many people's tools: `search` is another one in each of its lines.
    let mut lines: Vec<String> = (0..100).map(|n| line(&[tool(&format!("own{n}"), "Its own.", "x")], &[])).collect();
    for (n, text) in lines.iter_mut().step_by(10).enumerate() {
        *text = line(&[tool("search", &format!("Searches the catalogue {n}."), "query")], &["search"]);
    }
    let inconsistent = |lines: &[String]| {
        let mut findings = lint(lines, None);
        findings.retain(|finding| finding.rule.name == "inconsistent-tool");
        said(&findings)
    };
    assert_eq!(inconsistent(&lines), []);
    // One that is nearly always the same is a slip.
    for text in lines.iter_mut().step_by(10) {
        *text = line(&[tool("search", "Searches.", "query")], &["search"]);
    }
    assert_eq!(inconsistent(&lines), []);
    lines[50] = line(&[tool("search", "Searches all.", "text")], &["search"]);
    let message = "2 definitions of the tool `search`: its description and parameters differ from line 1, which 9 of 10 lines agree with";
    assert_eq!(inconsistent(&lines), [(51, message.to_owned())]);
    // A tool of one's own that changed half way.
    let half: Vec<String> =
        (0..10).map(|n| line(&[tool("find", if n < 5 { "Finds." } else { "Finds all." }, "x")], &["find"])).collect();
    assert_eq!(inconsistent(&half).len(), 1);
}

#[test]
fn to_say_that_there_are_no_parameters_is_to_say_nothing() {
    let without = json!({"type": "function", "function": {"name": "now", "description": "The time."}});
    let with = |parameters: Value| {
        let mut tool = without.clone();
        tool["function"]["parameters"] = parameters;
        tool
    };
    let found = |other: &Value| {
        let lines: Vec<String> =
            (0..40).map(|n| line(&[if n == 30 { other } else { &without }.clone()], &[])).collect();
        lint(&lines, None).iter().filter(|finding| finding.rule.name == "inconsistent-tool").count()
    };
    assert_eq!(found(&with(json!({"type": "object", "properties": {}}))), 0);
    assert_eq!(found(&with(json!({"type": "object", "properties": {}, "required": []}))), 0);
    assert_eq!(found(&with(json!({"type": "object", "properties": {"zone": {"type": "string"}}}))), 1);
    assert_eq!(found(&with(json!({"type": "object", "additionalProperties": false}))), 1);
}

#[test]
fn parameters_are_asked_for_where_the_tool_stands_first() {
    let bare = json!({"type": "function", "function": {"name": "go", "parameters": {"type": "object", "properties": {
        "to": {"type": "object", "properties": {"city": {"type": "string"}}, "description": "Where to"}, "when": {"type": "string"},
    }}}});
    let lines = vec![line(&[tool("find", "Finds.", "what"), bare], &["go", "find"]); 20_000];
    for threads in [Some(1), Some(4)] {
        let findings = said(&lint(&lines, threads));
        let message = "`to.city` and `when` of the tool `go` have no description";
        assert_eq!(findings, [(1, message.to_owned())]);
    }
}

#[test]
fn files_of_one_call_are_compared() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tools");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, parameter: &str| {
        fs::write(folder.join(name), line(&[tool("find", "Finds.", parameter)], &["find"]).repeat(20)).unwrap();
    };
    write("a.jsonl", "what");
    write("b.jsonl", "query");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ftlint"));
        command.current_dir(&folder).args(["--no-tokens", "--format", "concise", "--select", "FT221"]);
        String::from_utf8(command.args(arguments).output().unwrap().stdout).unwrap()
    };
    let found = run(&["a.jsonl", "b.jsonl"]);
    let about = "b.jsonl:1:";
    assert!(found.starts_with(about) && found.lines().count() == 1, "{found}");
    assert!(
        found.contains("its parameters differ from line 1 of `a.jsonl`, which 20 of 40 lines agree with"),
        "{found}"
    );
    assert_eq!(run(&["a.jsonl", "--validation", "b.jsonl"]), found);
    assert_eq!(run(&["a.jsonl"]) + &run(&["b.jsonl"]), "");
}

#[test]
fn a_definition_in_a_long_line_has_its_place_too() {
    let long = |one: Value| {
        let padding: Vec<Value> =
            (0..100).map(|n| tool(&format!("t{n}"), &"What it is for. ".repeat(60), "x")).collect();
        line(&[padding.as_slice(), &[one]].concat(), &["find"])
    };
    let lines = [long(tool("find", "Finds.", "what")), long(tool("find", "Finds.", "query"))];
    assert!(lines[1].len() > 64 * 1024);
    let findings: Vec<Finding> =
        lint(&lines, None).into_iter().filter(|finding| finding.rule.name == "inconsistent-tool").collect();
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    let place = finding.place.as_ref().unwrap();
    assert_eq!((place.line, place.example), (2, 2));
    assert_eq!(&lines[1][place.span.clone()], "\"find\"");
    assert_eq!(place.bytes.start as usize, lines[0].len() + place.span.start);
}

#[test]
fn a_definition_that_is_wrong_in_itself_is_not_called_another() {
    let mut wrong = tool("find", "Finds.", "what");
    wrong["function"]["parameters"]["type"] = json!("objekt");
    let mut lines = vec![line(&[tool("find", "Finds.", "what")], &["find"]); 10];
    lines[7] = line(&[wrong], &["find"]);
    assert_eq!(said(&lint(&lines, None)), []);
}

/// Many tools of which some are called, over several lines.
fn many_tools(count: usize) -> Vec<String> {
    let all: Vec<usize> = (0..count).collect();
    let of_line = |numbers: &[usize]| {
        let names: Vec<String> = numbers.iter().map(|n| format!("tool_{n}")).collect();
        let about = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        let tools: Vec<Value> = names
            .iter()
            .map(|name| json!({"type": "function", "function": {"name": name, "parameters": about}}))
            .collect();
        let called: Vec<&str> = names.iter().step_by(4).map(String::as_str).collect();
        line(&tools, &called)
    };
    all.chunks(1000).map(of_line).collect()
}

#[test]
fn many_tools_are_counted_exactly_or_told_to_be_more() {
    for (count, kept, unused) in [(16_000, 16_000, Some(12_000)), (70_000, 65_536, None)] {
        let lines = many_tools(count);
        for threads in [Some(1), Some(2)] {
            let selection = RuleSelection::none().with(&RULES.map(|name| rules::find(name).unwrap()));
            let settings = Settings { selection, tokens: false, threads, max_per_rule: Some(1), ..Settings::default() };
            let (report, _) = Linter::new(&settings).lint_bytes("train.jsonl", lines.concat().as_bytes());
            let tools = &report.facts.lines.tools;
            let told = (tools.len(), tools.has_further(), tools.calls(), tools.unused_count());
            assert_eq!(told, (kept, kept < count, count as u64 / 4, unused));
            let found = |code| report.counts.iter().find(|count| count.rule.code == code).map(|count| count.found);
            // That there are more is one more finding.
            assert_eq!(found("FT220"), Some(kept as u64 + u64::from(kept < count)));
            assert_eq!(found("FT216"), unused.map(|_| 1));
        }
    }
}

#[test]
fn statistics_say_that_there_are_more_tools() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("many-tools");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("train.jsonl");
    let stats = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ftlint"));
        let output = command.args(["stats", "--isolated", "--output-format", format]).arg(&path).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for (count, said, unused) in [
        (16_000, "16,000 tools in 16 examples, 4,000 calls; 12,000 never called", json!(12_000)),
        (66_000, "65,536 or more tools in 66 examples, 16,500 calls\n", Value::Null),
    ] {
        fs::write(&path, many_tools(count).concat()).unwrap();
        let text = stats("text");
        assert!(text.contains(said), "{text}");
        let tools: Value = serde_json::from_str(&stats("json")).unwrap();
        let tools = &tools["files"][0]["tools"];
        let told = (&tools["unused"], &tools["further"], &tools["calls"]);
        assert_eq!(told, (&unused, &json!(unused.is_null()), &json!(count / 4)));
    }
}
