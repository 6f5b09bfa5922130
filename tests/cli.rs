//! The command as its users call it: the real binary, real files, wrong flags, broken input.

#[path = "common/folder.rs"]
mod folder;

use folder::Folder;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

const GOOD: &str =
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello!\"}]}\n";
const BAD: &str =
    "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"asistant\",\"content\":\"Hello!\"}]}\n";

/// What a run of the command came to.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn run(&self, arguments: &[&str]) -> Run {
        finish(self.ftlint().args(arguments))
    }
}

fn finish(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    Run {
        code: output.status.code().expect("the command ends by itself"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn many(line: &str) -> String {
    lines(line, 60)
}

/// So many lines like this one that no two say the same: the question `Hi` becomes a number of two digits or more.
fn lines(line: &str, count: usize) -> String {
    (10..10 + count).map(|n| line.replace("\"Hi\"", &format!("\"{n}\""))).collect()
}

#[test]
fn reports_agree_on_the_formats_of_a_file() {
    let folder = Folder::new("formats");
    let chats = r#"{"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Hello!"}]}"#;
    folder.write("a.jsonl", format!("{GOOD}{chats}\n{{\"a\":1}}\n"));
    let formats = |args: &[&str]| {
        let run = folder.run(&[args, &["--format", "json", "a.jsonl"]].concat());
        let report: serde_json::Value = serde_json::from_str(&run.stdout.replace("\"version\":1,", "")).unwrap();
        report["files"][0]["formats"].to_string()
    };
    assert_eq!(formats(&["--target", "axolotl"]), r#"["chat","sharegpt","unknown"]"#);
    assert_eq!(formats(&[]), r#"["chat","unknown"]"#);
    let stats = folder.run(&["stats", "--target", "axolotl", "--output-format", "json", "a.jsonl"]).stdout;
    assert!(stats.contains(r#""formats":["chat","sharegpt","unknown"]"#), "{stats}");
    let text = folder.run(&["--target", "axolotl", "a.jsonl"]).stdout.replace(" · ", ", ");
    assert!(text.contains("chat, sharegpt (not linted), unknown format"), "{text}");
    // It has a row for what is not linted.
    let text = folder.run(&["stats", "--target", "axolotl", "a.jsonl"]).stdout;
    assert!(text.contains("1 line of `sharegpt`, not counted") && text.contains("chat, unknown format"), "{text}");
    let page = folder.run(&["report", "--target", "axolotl", "a.jsonl"]).stdout;
    assert!(page.contains("chat, sharegpt (not linted), unknown format"), "{page}");
}

#[test]
fn what_forces_colours_forces_all_of_them() {
    let folder = Folder::new("forced");
    folder.write("a.jsonl", BAD);
    for args in [&["a.jsonl"][..], &["--help"], &["--no-such-flag"], &[]] {
        let run = |variables: &[(&str, &str)]| {
            let run = finish(folder.ftlint().args(args).envs(variables.iter().copied()));
            (run.stdout + &run.stderr).contains('\u{1b}')
        };
        assert!(run(&[("FORCE_COLOR", "1")]) && run(&[("CLICOLOR_FORCE", "1")]), "{args:?}");
        assert!(!run(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]) && !run(&[]), "{args:?}");
    }
}

#[test]
fn what_is_not_counted_is_told_from_what_cannot_be_read() {
    let folder = Folder::new("uncounted");
    folder.write("a.jsonl", "{\"instruction\":\"a\",\"output\":\"b\"}\n[1]\n[2]\n");
    let rows = |target: &str| {
        let run = folder.run(&["stats", "--target", target, "a.jsonl"]);
        let rows = run.stdout.lines().filter(|line| line.contains("counted")).map(|line| line.trim().to_owned());
        assert!(!run.stdout.contains("tokens"), "{}", run.stdout);
        rows.collect::<Vec<_>>()
    };
    let unread = |n| format!("unread    {n} lines that cannot be counted; `ftlint FILE` says why");
    assert_eq!(rows("axolotl"), ["unlinted  1 line of `alpaca`, not counted".to_owned(), unread(2)]);
    assert_eq!(rows("openai"), [unread(3)]);
}

#[test]
fn rules_are_explained_and_listed_by_group() {
    let folder = Folder::new("rule-selectors");
    let titles = |args: &[&str]| {
        let run = folder.run(args);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let titles = run.stdout.lines().filter(|line| line.starts_with("FT"));
        titles.map(|line| line.split_whitespace().next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let privacy = ["FT601", "FT602", "FT603", "FT604"];
    assert_eq!(titles(&["rule", "FT6"]), privacy);
    assert_eq!(titles(&["rules", "privacy", "FT602"]), privacy);
    assert_eq!(titles(&["rule", "FT1,FT104,FT602"]).len(), titles(&["rule", "FT1", "FT602"]).len());
    assert_eq!(titles(&["rules", "FT601,secret", "FT602"]), privacy[..2]);
    assert_eq!(titles(&["rule", "personal-data", "secret", "ft602"]), ["FT602", "FT601"]);
}

#[test]
fn a_good_file_is_said_to_be_good() {
    let folder = Folder::new("good");
    let run = folder.write("train.jsonl", many(GOOD)).run(&["train.jsonl"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.stdout, @r"
    train.jsonl: no problems in 60 examples (5.2 kB)
      chat · 660 tokens (o200k_base) · 360 of them in answers · longest example 11 (line 1)
    ");
    assert!(run.stderr.starts_with("checked 5.2 kB in "), "{}", run.stderr);
}

#[test]
fn a_bad_file_is_shown_where_it_is_bad() {
    let folder = Folder::new("bad");
    let run = folder.write("train.jsonl", many(GOOD) + "\n" + BAD).run(&["--no-tokens", "train.jsonl"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn what_repeats_is_capped_and_counted() {
    let folder = Folder::new("capped");
    folder.write("train.jsonl", many(BAD) + &"\n".repeat(3) + &many(GOOD));
    let run = folder.run(&["--format", "concise", "--max-per-rule", "2", "train.jsonl"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout);
    let all =
        folder.run(&["--format", "concise", "--max-per-rule", "none", "--max-diagnostics", "none", "train.jsonl"]);
    assert_eq!(all.stdout.lines().count(), 61);
    // Errors first: the one place goes to an error, although the file has a warning too.
    let one = folder.run(&["--format", "concise", "--max-diagnostics", "1", "train.jsonl"]);
    assert!(one.stdout.starts_with("train.jsonl:1:53: FT104"), "{}", one.stdout);
    assert!(one.stdout.contains("59 more FT104") && one.stdout.contains("1 more FT006"), "{}", one.stdout);
}

#[test]
fn json_is_complete_and_versioned() {
    let folder = Folder::new("json");
    folder.write("a.jsonl", many(GOOD) + BAD).write("b.jsonl", "{\"prompt\":\"é\",\"completion\":\"\"}\n");
    let run = folder.run(&["--output-format", "json", "a.jsonl", "b.jsonl", "missing.jsonl"]);
    assert_eq!(run.code, 2);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&report).unwrap());
    assert_eq!(run.stderr, "ftlint: missing.jsonl: no such file or directory\n");
    let lines = folder.run(&["--output-format", "json-lines", "a.jsonl", "b.jsonl"]);
    let types: Vec<String> = lines
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(types, ["finding", "file", "finding", "finding", "file", "summary"]);
}

#[test]
fn the_bytes_of_a_finding_are_in_the_file() {
    let folder = Folder::new("bytes");
    let text = "\u{feff}".to_owned() + &GOOD.repeat(9) + "\n\n" + &BAD.replace("Hi", "héllo😀");
    let run = folder.write("a.jsonl", &text).run(&["--output-format", "json", "a.jsonl"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let finding = report["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "FT104").unwrap();
    let byte = |name: &str| usize::try_from(finding[name].as_u64().unwrap()).unwrap();
    assert_eq!(&text[byte("byte_start")..byte("byte_end")], "\"asistant\"");
    let line = text.split('\n').nth(byte("line") - 1).unwrap();
    let before: String = line.chars().take(byte("column") - 1).collect();
    assert!(line[before.len()..].starts_with("\"asistant\""));
    assert_eq!((byte("line"), byte("example")), (12, 10));
    assert_eq!(finding["pointer"], "/messages/1/role");
}

#[test]
fn folders_stand_for_their_files_and_several_files_have_a_total() {
    let folder = Folder::new("folders");
    folder.write("data/b.jsonl", many(GOOD)).write("data/a/c.ndjson", many(BAD)).write("data/notes.txt", "no");
    let run = folder.run(&["--no-tokens", "--max-per-rule", "0", "data"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout.replace('\\', "/"));
    let empty = folder.write("none/notes.txt", "no").run(&["none"]);
    assert_eq!((empty.code, empty.stderr.as_str()), (2, "ftlint: none: no .jsonl or .ndjson file in this folder\n"));
}

#[test]
fn quiet_leaves_warnings_out() {
    let folder = Folder::new("quiet");
    folder.write("train.jsonl", lines(GOOD, 20));
    assert!(folder.run(&["--format", "concise", "train.jsonl"]).stdout.contains("few-examples"));
    let quiet = folder.run(&["-q", "--format", "concise", "train.jsonl"]);
    assert_eq!((quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()), (0, "", ""));
    // Warnings that are only counted are not shown; those that may not pass are.
    let run = |flags: &[&str]| {
        let run = folder.run(&[&["-q", "--format", "concise", "train.jsonl"], flags].concat());
        (run.code, run.stdout.contains("few-examples"), run.stderr)
    };
    assert_eq!(run(&["--max-warnings", "1"]), (0, false, String::new()));
    let over = "ftlint: 1 warning; --max-warnings allows 0\n".to_owned();
    assert_eq!(run(&["--max-warnings", "0"]), (1, false, over));
    let denied = "ftlint: 1 warning; none may pass with --deny-warnings\n".to_owned();
    assert_eq!(run(&["--deny-warnings"]), (1, true, denied.clone()));
    assert_eq!(run(&["--deny-warnings", "--max-warnings", "5"]), (1, true, denied));
    let full = folder.run(&["-q", "train.jsonl", "--max-warnings", "0"]);
    assert!(full.stdout.starts_with("train.jsonl: no errors in 20 examples"), "{}", full.stdout);
    folder.write("more.jsonl", lines(GOOD, 15));
    let both = folder.run(&["-q", "train.jsonl", "more.jsonl", "--max-warnings", "0"]);
    assert!(both.stdout.contains("2 files: no errors in 35 examples"), "{}", both.stdout);
    // Programs are told what has decided.
    let json = folder.run(&["-q", "train.jsonl", "--max-warnings", "0", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(
        (json.code, &report["summary"]["warnings"], report["findings"].as_array().unwrap().len()),
        (1, &1.into(), 0)
    );
    for format in ["github", "sarif"] {
        let run = folder.run(&["-q", "train.jsonl", "--max-warnings", "0", "--format", format]);
        assert!(!run.stdout.contains(" more") && !run.stdout.contains("left out"), "{}", run.stdout);
    }
}

#[test]
fn a_report_can_go_to_a_file() {
    let folder = Folder::new("output");
    folder.write("train.jsonl", many(BAD));
    let run = folder.run(&["--format", "json", "-o", "report.json", "train.jsonl"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    let report = fs::read_to_string(folder.0.join("report.json")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&report).is_ok());
    let run = folder.run(&["-o", "no/such/folder", "train.jsonl"]);
    assert_eq!((run.code, run.stderr.as_str()), (2, "ftlint: no/such/folder: no such file or directory\n"));
}

#[test]
fn a_report_does_not_overwrite_what_is_read() {
    let folder = Folder::new("overwrite");
    folder.write("data/train.jsonl", many(BAD));
    let refused = "ftlint: data/train.jsonl: the report would overwrite this input\n";
    let mut names = vec!["data/train.jsonl", "data/../data/train.jsonl"];
    if cfg!(unix) {
        fs::hard_link(folder.0.join("data/train.jsonl"), folder.0.join("other-name")).unwrap();
        names.push("other-name");
    }
    for name in names {
        for arguments in [&["-o", name, "data"][..], &["stats", "-o", name, "data/train.jsonl"]] {
            let run = folder.run(arguments);
            assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (2, "", refused), "{arguments:?}");
        }
    }
    assert_eq!(fs::read_to_string(folder.0.join("data/train.jsonl")).unwrap(), many(BAD));
    // Data that is no input is data: a shell makes `-o *.jsonl` into this.
    folder
        .write("other.jsonl", many(GOOD))
        .write("packed.gz", "x")
        .write("odd.txt", many(GOOD))
        .write("empty.jsonl", "");
    for name in ["other.jsonl", "packed.gz", "odd.txt"] {
        let before = fs::read(folder.0.join(name)).unwrap();
        for command in [&["-o", name][..], &["stats", "-o", name], &["report", "-o", name]] {
            let run = folder.run(&[command, &["data"]].concat());
            let refused = format!("ftlint: {name}: this is data, and the report would replace it\n");
            assert_eq!((run.code, run.stdout.as_str(), run.stderr), (2, "", refused), "{command:?}");
        }
        assert_eq!(fs::read(folder.0.join(name)).unwrap(), before);
    }
    for (command, name) in
        [(&["--format", "json-lines"][..], "new.jsonl"), (&["stats", "--format", "json-lines"], "empty.jsonl")]
    {
        for _ in 0..2 {
            assert_ne!(folder.run(&[command, &["-o", name, "data"]].concat()).code, 2, "an earlier report may go");
        }
    }
    // An older report is no input, and `-` is standard output here as well.
    assert_eq!(folder.write("report.txt", "old").run(&["-q", "-o", "report.txt", "data"]).code, 1);
    let run = folder.run(&["-q", "--format", "concise", "-o", "-", "data"]);
    assert!(run.stdout.starts_with("data/train.jsonl:1:53: FT104") && !folder.0.join("-").exists(), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn redirected_streams_do_not_overwrite_what_is_read() {
    let folder = Folder::new("redirected");
    folder.write("train.jsonl", many(GOOD));
    let path = folder.0.join("train.jsonl");
    let append = || fs::OpenOptions::new().append(true).open(&path).unwrap();
    let run = finish(folder.ftlint().arg("train.jsonl").stdout(append()));
    assert_eq!((run.code, run.stderr.as_str()), (2, "ftlint: train.jsonl: the report would overwrite this input\n"));
    let run = finish(folder.ftlint().args(["-", "-o", "train.jsonl"]).stdin(fs::File::open(&path).unwrap()));
    assert_eq!((run.code, run.stderr.as_str()), (2, "ftlint: <stdin>: the report would overwrite this input\n"));
    assert_eq!(fs::read_to_string(&path).unwrap(), many(GOOD));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_no_crash() {
    let folder = Folder::new("full");
    folder.write("train.jsonl", many(BAD));
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = finish(folder.ftlint().arg("train.jsonl").stdout(full()));
    let said = run.stderr.lines().last().unwrap();
    assert_eq!((run.code, said), (2, "ftlint: the output cannot be written: no space left on device"));
    // What cannot be said about the run does not change what it comes to.
    assert_eq!(finish(folder.ftlint().arg("train.jsonl").stderr(full())).code, 1);
    assert_eq!(finish(folder.ftlint().arg("missing.jsonl").stderr(full())).code, 2);
    assert_eq!(finish(folder.ftlint().arg("--no-such-flag").stderr(full())).code, 2);
    assert_eq!(finish(folder.ftlint().args(["rule", "no-such-rule"]).stderr(full())).code, 2);
}

#[test]
fn what_is_named_twice_is_read_once() {
    let folder = Folder::new("twice");
    folder.write("data/a.jsonl", many(GOOD));
    let run = folder.run(&["--format", "json", "data", "data/a.jsonl", "./data/a.jsonl", "-", "-"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let paths: Vec<&str> =
        report["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["data/a.jsonl", "<stdin>"]);
    let stats = folder.run(&["stats", "--format", "json", "data", "data/a.jsonl"]);
    assert!(stats.stdout.contains("\"total\":{\"files\":1,\"examples\":60,"), "{}", stats.stdout);
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_stop_no_folder() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    folder.write("data/in/train.jsonl", many(GOOD));
    symlink("nothing", folder.0.join("data/python")).unwrap();
    symlink(".", folder.0.join("data/in/up")).unwrap();
    let run = folder.run(&["--format", "concise", "data"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.starts_with("checked 5.2 kB"), "{}", run.stderr);
    // Data that is missing is told, and the rest is read.
    symlink("nothing", folder.0.join("data/lost.jsonl")).unwrap();
    let run = folder.run(&["--format", "concise", "data"]);
    assert_eq!(run.code, 2);
    let told = "ftlint: data/lost.jsonl: no such file or directory\nchecked 5.2 kB";
    assert!(run.stderr.starts_with(told), "{}", run.stderr);
}

#[test]
fn a_mistaken_command_is_told_before_anything_is_linted() {
    let folder = Folder::new("mistaken");
    folder.write("a.jsonl", many(BAD));
    for (arguments, hint) in [
        (&["stat", "a.jsonl"][..], "`stat` is neither a file nor a command; did you mean `stats`?"),
        (&["check", "a.jsonl"], "there is no command `check`; `ftlint FILE` lints"),
        (&["train"], "train: no such file or directory"),
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.stdout, run.stderr), (2, String::new(), format!("ftlint: {hint}\n")));
    }
    // A file may be called like that.
    assert_eq!(folder.write("stat", many(BAD)).run(&["stat"]).code, 1);
}

#[test]
fn colours_follow_flag_and_environment() {
    let folder = Folder::new("colour");
    folder.write("train.jsonl", many(BAD));
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let run = finish(folder.ftlint().args(arguments).arg("train.jsonl").envs(variables.iter().copied()));
        run.stdout.contains('\x1b')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!colored(&["--color", "never"], &[("FORCE_COLOR", "1")]));
    assert!(colored(&[], &[("FORCE_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(colored(&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "")]));
    // A file has colours only if the call says so.
    for (flags, expected) in [(&[][..], false), (&["--color", "always"], true)] {
        let arguments = [&["-o", "report.txt", "train.jsonl"], flags].concat();
        finish(folder.ftlint().args(arguments).env("FORCE_COLOR", "1"));
        let report = fs::read_to_string(folder.0.join("report.txt")).unwrap();
        assert_eq!(report.contains('\x1b'), expected, "{flags:?}");
    }
}

#[test]
fn a_rule_is_explained_and_a_wrong_name_is_guessed() {
    let folder = Folder::new("rule");
    let run = folder.run(&["rule", "ft104"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.stdout);
    let wrong = folder.run(&["rule", "unknown-rol"]);
    assert_eq!(wrong.code, 2);
    let hint = "there is no rule `unknown-rol`; did you mean `unknown-role`?\n";
    assert!(wrong.stderr.contains(hint), "{}", wrong.stderr);
    let all = folder.run(&["rule", "--all"]);
    let table = folder.run(&["rules"]);
    let json: Vec<serde_json::Value> =
        serde_json::from_str(&folder.run(&["rules", "--format", "json"]).stdout).unwrap();
    assert_eq!(table.stdout.lines().count(), json.len());
    for rule in &json {
        let (code, name) = (rule["code"].as_str().unwrap(), rule["name"].as_str().unwrap());
        assert!(all.stdout.contains(&format!("{code} {name} (")) && table.stdout.contains(code));
    }
}

#[test]
fn a_verbose_run_says_what_took_how_long_and_reports_the_same() {
    let folder = Folder::new("verbose");
    folder.write("a.jsonl", format!("{}{BAD}{{\n", GOOD.repeat(60)));
    let (plain, verbose) = (folder.run(&["a.jsonl"]), folder.run(&["a.jsonl", "-v"]));
    assert_eq!((verbose.code, &verbose.stdout), (plain.code, &plain.stdout));
    assert!(!plain.stderr.contains("parsing JSON"), "{}", plain.stderr);
    let stages = ["reading examples", "finding lines", "parsing JSON", "counting tokens", "locating", "merging chunks"];
    let rules = ["FT001 invalid-json", "FT104 unknown-role", "FT407 few-examples"];
    for name in stages.iter().chain(&rules) {
        assert!(verbose.stderr.contains(name), "{name}: {}", verbose.stderr);
    }
    // 61 examples with two messages each.
    let unknown_role = verbose.stderr.lines().find(|row| row.ends_with("FT104 unknown-role")).unwrap();
    assert!(unknown_role.split_whitespace().any(|cell| cell == "122"), "{unknown_role}");
    let long = folder.run(&["a.jsonl", "--verbose", "--no-tokens", "--threads", "1"]);
    assert!(long.stderr.contains("parsing JSON") && !long.stderr.contains("counting tokens"), "{}", long.stderr);
}

#[test]
fn the_help_fits_a_screen() {
    let folder = Folder::new("help");
    for (flag, lines) in [("-h", 54), ("--help", 105)] {
        let run = folder.run(&[flag]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.lines().count() <= lines, "{}", run.stdout);
    }
    insta::assert_snapshot!(folder.run(&["--help"]).stdout);
    insta::assert_snapshot!(folder.run(&["-h"]).stdout);
    let none = folder.run(&[]);
    assert_eq!((none.code, none.stdout.as_str()), (2, ""));
    assert!(none.stderr.starts_with("error: no file was named"), "{}", none.stderr);
    // The error stays in sight.
    assert!(none.stderr.lines().count() <= 12 && none.stderr.ends_with("try '--help'.\n"), "{}", none.stderr);
}

/// What is guessed is near to what was said, and not only alike in what all names share.
#[test]
fn guesses_are_near() {
    let folder = Folder::new("near");
    folder.write("twice.jsonl", many(GOOD)).write("big.jsonl", many(GOOD)).write("job.json", "{}");
    folder.write("ftlint.toml", "[models.llama-ours]\ntarget = \"together\"\n");
    for (arguments, guess) in [
        (&["nofile.jsonl"][..], None),
        (&["t.jsonl"], None),
        (&["twcie.jsonl"], Some("twice.jsonl")),
        (&["twice.json"], Some("twice.jsonl")),
        (&["twice.jsonl.gz"], Some("twice.jsonl")),
        (&["big.jsonl", "--validation", "twise.jsonl"], Some("twice.jsonl")),
        (&["job", "request.json"], None),
        (&["job", "job.jsn"], Some("job.json")),
        (&["big.jsonl", "--model", "ft:gpt-99:org"], None),
        (&["big.jsonl", "--model", "gpt-4.1-mni"], Some("gpt-4.1-mini")),
        (&["big.jsonl", "--model", "lama-ours"], Some("llama-ours` of together")),
        (&["big.jsonl", "--model", "Llama-3.3-70"], Some("Llama-3.3-70B")),
        (&["stats", "--no-tokens", "big.jsonl"], None),
        (&["help", "rul"], Some("rule")),
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        match guess {
            Some(guess) => assert!(run.stderr.contains(guess), "{arguments:?}: {}", run.stderr),
            None => assert!(
                !run.stderr.contains("mean") && !run.stderr.contains("similar"),
                "{arguments:?}: {}",
                run.stderr
            ),
        }
    }
}

/// So a wrapper can set what its user goes over.
#[test]
fn the_last_of_two_values_counts_and_flags_may_stand_before_a_command() {
    let folder = Folder::new("overriding");
    folder.write("t.jsonl", many(GOOD)).write("ftlint.toml", "threads = \"x\"\n");
    let run = folder.run(&["--isolated", "--format", "json", "-q", "--format", "concise", "-q", "t.jsonl"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert_eq!(folder.run(&["--isolated", "--ignore", "FT4", "--ignore", "FT1", "t.jsonl"]).code, 0);
    let run = folder.run(&["--isolated", "stats", "t.jsonl"]);
    assert!(run.code == 0 && run.stdout.starts_with("t.jsonl: 60 examples"), "{}{}", run.stdout, run.stderr);
    assert_eq!(
        folder.run(&["--isolated", "stats", "--format", "json", "--format", "text", "t.jsonl"]).stdout,
        run.stdout
    );
    let run = folder.run(&["--fix", "stats", "t.jsonl"]);
    assert!(run.code == 2 && run.stderr.contains("unexpected argument '--fix'"), "{}", run.stderr);
}

/// A flag that does nothing says so.
#[test]
fn flags_that_do_nothing_say_so() {
    let folder = Folder::new("in-vain");
    folder.write("t.jsonl", many(GOOD));
    for (arguments, said) in [
        (&["--unsafe-fixes", "t.jsonl"][..], "error: --unsafe-fixes is about --fix, which is not given"),
        (&["--exit-non-zero-on-fix", "t.jsonl"], "error: --exit-non-zero-on-fix is about --fix"),
        (&["--max-tokens", "99999999999999999999", "t.jsonl"], "the number is too large"),
        (&["rule", "--all", "FT1"], "cannot be used with"),
        (&["stats", "--no-tokens", "t.jsonl"], "error: `stats` counts tokens"),
    ] {
        let run = folder.run(arguments);
        assert!(run.code == 2 && run.stderr.contains(said), "{arguments:?}: {}", run.stderr);
    }
    for (flag, value) in [("--similarity", "0.9"), ("--sample", "10")] {
        let run = folder.run(&[flag, value, "t.jsonl"]);
        let said = format!("ftlint: {flag} is about near-duplicate (FT502), which is off\n");
        assert!(run.code == 0 && run.stderr.starts_with(&said), "{}", run.stderr);
        let run = folder.run(&[flag, value, "t.jsonl", "--extend-select", "FT502"]);
        assert!(!run.stderr.contains("FT502"), "{}", run.stderr);
    }
    folder.write(
        "ftlint.toml",
        "select = \"FT1\"\nper-file-ignores = { \"*\" = \"FT104\" }\ntargets.ours.extends = \"openai\"\n",
    );
    assert_eq!(folder.run(&["t.jsonl"]).code, 0);
    assert!(folder.run(&["targets", "ours"]).stdout.starts_with("ours\n"));
}

#[test]
fn a_file_that_is_not_there_is_guessed() {
    let folder = Folder::new("near-file");
    folder.write("train.jsonl", many(GOOD));
    for arguments in [&["trian.jsonl"][..], &["--fix", "trian.jsonl"], &["--diff", "trian.jsonl"]] {
        let run = folder.run(arguments);
        let said = "ftlint: trian.jsonl: no such file or directory; did you mean `train.jsonl`?\n";
        assert_eq!((run.code, run.stderr.as_str()), (2, said), "{arguments:?}");
    }
}

#[test]
fn numbers_below_zero_are_wrong_values_and_no_flags() {
    let folder = Folder::new("negative");
    for flag in ["threads", "max-warnings", "max-tokens", "max-per-rule", "max-diagnostics", "epochs", "sample"] {
        let run = folder.run(&[&format!("--{flag}"), "-1", "x.jsonl"]);
        let said = format!("error: invalid value '-1' for '--{flag} <N>': expected ");
        assert!(run.code == 2 && run.stderr.starts_with(&said), "{flag}: {}", run.stderr);
    }
}

#[test]
fn standard_input_is_read_once_and_only_if_it_is_meant() {
    let folder = Folder::new("stdin-once");
    folder.write("list.txt", "a.jsonl\n").write("a.jsonl", many(GOOD));
    let twice = "error: standard input can be read only once, but `-` is given more than once\n";
    let unread = "error: --stdin-filename names what comes from standard input, but `-` is not given\n";
    for (arguments, said) in [
        (&["-", "--validation", "-"][..], twice),
        (&["-", "--file-list", "-"], twice),
        (&["a.jsonl", "--file-list", "-", "--validation", "-"], twice),
        (&["--stdin-filename", "x.jsonl", "--validation", "-"], twice),
        (&["stats", "-", "--validation", "-"], twice),
        (&["report", "-", "--file-list", "-"], twice),
        (&["--stdin-filename", "x.jsonl", "a.jsonl"], unread),
        (&["stats", "--stdin-filename", "x.jsonl", "a.jsonl"], unread),
    ] {
        let run = folder.run(arguments);
        assert!(run.code == 2 && run.stderr.starts_with(said), "{arguments:?}: {}", run.stderr);
    }
    // Who names standard input means it.
    let run = folder.run(&["--stdin-filename", "x.jsonl", "--format", "concise"]);
    assert_eq!(run.stdout, "x.jsonl:1:1: FT011 empty-file the file is empty\n");
    assert_eq!(folder.run(&["a.jsonl", "--validation", "-", "--stdin-filename", "v.jsonl"]).code, 1);
}

#[test]
fn wrong_flags_say_what_is_right() {
    let folder = Folder::new("flags");
    for (arguments, hint) in [
        (["--no-token", "x.jsonl"], "'--no-tokens'"),
        (["--output-format=jsn", "x.jsonl"], "'json'"),
        (["--max-per-rule=all", "x.jsonl"], "expected a number or `none`"),
        (["--threads=x", "x.jsonl"], "expected a whole number from 0"),
        (["--max-tokens=100k", "x.jsonl"], "expected a whole number from 0"),
        (["--model=gpt-4.1-mni", "x.jsonl"], "did you mean `gpt-4.1-mini`?"),
        (["--model=llama", "x.jsonl"], "known are `gpt-4.1-2025-04-14`"),
        (["--epochs=0", "x.jsonl"], "expected `auto` or a number from 1 to 50"),
        (["--price=free", "x.jsonl"], "expected an amount of US dollars such as 2.50"),
        (["--select=unknown-rol", "x.jsonl"], "there is no rule `unknown-rol`; did you mean `unknown-role`?"),
        (["--per-file-ignores=FT104", "x.jsonl"], "expected GLOB:RULES such as `valid.jsonl:few-examples`"),
        (["--max-cost=2.50", "x.jsonl"], "--max-cost needs --model or --price"),
    ] {
        let run = folder.run(&arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains(hint), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn the_job_is_in_the_summary_and_in_the_json() {
    let folder = Folder::new("job");
    folder.write("train.jsonl", many(GOOD));
    let run = folder.run(&["--model", "ft:gpt-4.1-mini:acme::id", "train.jsonl"]);
    insta::assert_snapshot!(run.stdout);
    let run = folder.run(&["--price", "2.5", "--epochs", "2", "train.jsonl"]);
    assert!(
        run.stdout.ends_with("  2 epochs → 1,320 billed tokens → $0.0033 at $2.50 per 1M tokens\n"),
        "{}",
        run.stdout
    );
    let run = folder.run(&["--model", "o4-mini", "train.jsonl"]);
    assert!(run.stdout.contains("no price per token is known for o4-mini-2025-04-16"), "{}", run.stdout);
    let run = folder.run(&["--model", "gpt-4.1-mini", "--format", "json", "train.jsonl"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&report["files"][0]["job"]).unwrap());
}

#[test]
fn a_job_over_the_budget_is_an_error() {
    let folder = Folder::new("budget");
    folder.write("train.jsonl", many(GOOD));
    // 660 tokens, 3 epochs.
    for (arguments, found) in [
        (["--max-tokens", "1979", "--model", "gpt-4.1"], "1,980 billed tokens in 3 epochs; 1,979 are allowed"),
        (["--max-cost", "0.04", "--model", "gpt-4.1"], "the job costs $0.050 in 3 epochs; $0.040 is allowed"),
        (["--max-cost", "$1", "--price", "1000"], "the job costs $1.98 in 3 epochs; $1.00 is allowed"),
    ] {
        let run = folder.run(&[&arguments, ["--format", "concise", "train.jsonl", "-q"].as_slice()].concat());
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert_eq!(run.stdout, format!("train.jsonl:1:1: FT406 over-budget {found}\n"));
    }
    for arguments in [["--max-tokens", "1980", "--model", "gpt-4.1"], ["--max-cost", "0.05", "--model", "gpt-4.1"]] {
        assert_eq!(folder.run(&[&arguments, ["train.jsonl"].as_slice()].concat()).code, 0);
    }
    let run = folder.run(&["--max-cost", "1", "--model", "o4-mini", "train.jsonl"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("no price per token is known for o4-mini-2025-04-16"), "{}", run.stderr);
    assert_eq!(folder.run(&["--no-tokens", "--max-tokens", "1", "train.jsonl"]).code, 2);
}

/// A limit that nobody would look at is refused where it is asked for, and told where a config has it.
#[test]
fn a_limit_does_not_pass_unseen() {
    let folder = Folder::new("limits");
    folder.write("t.jsonl", many(GOOD)).write("job.json", "{\"model\":\"gpt-4.1\",\"training_file\":\"t.jsonl\"}");
    for arguments in [&["--select", "FT1"][..], &["--ignore", "FT406"]] {
        let run = folder.run(&[arguments, &["--max-tokens", "1", "t.jsonl"]].concat());
        assert_eq!(run.code, 2);
        assert!(
            run.stderr.starts_with("error: --max-tokens is checked by over-budget (FT406), which is off"),
            "{}",
            run.stderr
        );
        let run = folder.run(&[&["job", "job.json", "--max-cost", "1"], arguments].concat());
        assert!(run.code == 2 && run.stderr.contains("--max-cost is checked by over-budget"), "{}", run.stderr);
    }
    folder.write("ftlint.toml", "max-tokens = 1\n");
    assert_eq!(folder.run(&["t.jsonl"]).code, 1);
    for (arguments, note) in [
        (&["--no-tokens"][..], "ftlint: max-tokens of the config is not checked with --no-tokens\n"),
        (&["--ignore", "FT4"], "ftlint: max-tokens of the config is not checked: over-budget (FT406) is off\n"),
    ] {
        let run = folder.run(&[arguments, &["t.jsonl"]].concat());
        assert!(run.code == 0 && run.stderr.starts_with(note), "{}", run.stderr);
    }
}

/// Each file is a job of its own.
#[test]
fn the_jobs_of_several_files_have_a_total() {
    let folder = Folder::new("jobs");
    folder.write("a.jsonl", many(GOOD)).write("b.jsonl", lines(&GOOD.replace("Hello", "Bye"), 60));
    let run = folder.run(&["a.jsonl", "b.jsonl", "--model", "gpt-4.1", "--max-cost", "0.06"]);
    assert!(run.stdout.ends_with("\n  2 jobs, one for each file → 3,960 billed tokens → $0.099\n"), "{}", run.stdout);
    assert_eq!(run.code, 0);
    let run = folder.run(&["a.jsonl", "--validation", "b.jsonl", "--model", "gpt-4.1"]);
    assert!(!run.stdout.contains("jobs"), "{}", run.stdout);
}

#[test]
fn a_budget_of_the_config_is_not_the_fault_of_a_call() {
    let folder = Folder::new("budget-config");
    folder.write("train.jsonl", many(GOOD)).write("ftlint.toml", "max-cost = 0.04\n");
    for (arguments, note) in [
        (["train.jsonl"].as_slice(), "ftlint: max-cost of the config is not checked without model or price"),
        (
            &["train.jsonl", "--model", "o4-mini"],
            "ftlint: max-cost of the config is not checked: no price per token is known for o4-mini",
        ),
    ] {
        let run = folder.run(arguments);
        // That the data is in no format for the model is another matter.
        assert!(run.code != 2 && run.stderr.starts_with(note), "{}", run.stderr);
    }
    let run = folder.run(&["train.jsonl", "--model", "gpt-4.1"]);
    assert!(run.code == 1 && run.stdout.contains("FT406"), "{}{}", run.stdout, run.stderr);
    assert_eq!(folder.run(&["train.jsonl", "--max-cost", "1"]).code, 2, "a flag is meant for this call");
}

#[test]
fn statistics_are_for_people_and_for_programs() {
    let folder = Folder::new("stats");
    let long = GOOD.replace("Hello!", &"Hello! ".repeat(400));
    folder.write("train.jsonl", many(GOOD) + &GOOD.repeat(3) + &long + "no json\n").write("valid.jsonl", many(GOOD));
    let run = folder.run(&["stats", "train.jsonl", "--validation", "valid.jsonl"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
    let run = folder.run(&["stats", "train.jsonl", "--format", "json", "--model", "gpt-4.1-mini"]);
    let stats: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&stats).unwrap());
    let lines = folder.run(&["stats", "train.jsonl", "valid.jsonl", "--format", "json-lines"]);
    assert_eq!(lines.stdout.lines().count(), 2);
}

#[test]
fn statistics_tell_what_repeats_and_who_is_affected() {
    let folder = Folder::new("profile");
    let line = |ask: &str, answer: &str| GOOD.replace("Hi", ask).replace("Hello!", answer);
    let distinct: String = (0..50).map(|n| line(&format!("Привет {n}"), "Hello!")).collect();
    // Two duplicates, one of them written otherwise; a prompt with three answers; a wrong role and a broken line.
    let twice = "{\"messages\": [{\"content\":\"Привет 1\",\"role\":\"user\"}, {\"role\":\"assistant\",\"content\":\"Hello!\"}]}\n";
    let odd = line("Привет 2", "No.") + &line("Привет 2", "Yes.") + BAD + "{\"messages\"\n";
    folder.write("train.jsonl", distinct.clone() + twice + &line("Привет 3", "Hello!") + &odd);
    let other = line("Привет 5", "Hello!") + &line("Привет 6", "Never.") + &line("New", "Hello!");
    folder.write("valid.jsonl", other);
    let arguments = ["stats", "train.jsonl", "--validation", "valid.jsonl"];
    let run = folder.run(&[&arguments[..], &["--format", "json"]].concat());
    let stats: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let [train, valid] = [&stats["files"][0], &stats["files"][1]];
    let figures = |file: &serde_json::Value| {
        ["duplicates", "overlaps", "conflicting_prompts", "conflicting_overlaps", "examples_with_errors"]
            .map(|key| file[key].as_u64().unwrap())
    };
    assert_eq!(figures(train), [2, 0, 1, 0, 2]);
    assert_eq!(figures(valid), [0, 1, 0, 1, 0]);
    let rule = |code: &str| train["rules"].as_array().unwrap().iter().find(|rule| rule["code"] == code).unwrap();
    assert_eq!((&rule("FT104")["examples"], &rule("FT104")["share"]), (&1.into(), &0.017_857.into()));
    assert_eq!(rule("FT504")["examples"], 0);
    assert_eq!(train["turns"]["max"], 1);
    assert_eq!(train["scripts"][0]["script"], "Cyrillic");
    assert_eq!(train["scripts"][0]["letters"], 54 * 6);
    // A rule that is off finds nothing; what repeats is told all the same.
    let run = folder.run(&[&arguments[..], &["--select", "FT104", "--format", "json"]].concat());
    let stats: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(figures(&stats["files"][0]), [2, 0, 1, 0, 1]);
    assert_eq!(stats["files"][0]["rules"].as_array().unwrap().len(), 1);
    let text = folder.run(&arguments).stdout;
    assert!(text.lines().all(|row| row.contains("$") || row.chars().count() <= 80), "{text}");
    assert!(text.contains("2 duplicates (3.6 %) · 1 prompt with several answers"), "{text}");
    assert!(text.contains("1 also trained on · 1 prompt trained on with another answer"), "{text}");
}

#[test]
fn the_table_of_models_is_what_each_model_would_say() {
    let folder = Folder::new("models");
    let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    let image = |url: &str| format!("[{{\"type\":\"image_url\",\"image_url\":{{\"url\":\"{url}\"}}}}]");
    let with = |url: &str| GOOD.replace("\"Hi\"", &image(url));
    let text = many(GOOD) + &with(&format!("data:image/png;base64,{pixel}")) + &with("https://example.com/a.png");
    folder.write("train.jsonl", text);
    let jobs = |arguments: &[&str]| {
        let run = folder.run(&[&["stats", "train.jsonl", "--format", "json"], arguments].concat());
        let stats: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        stats["files"][0]["jobs"].as_array().unwrap().clone()
    };
    let table = jobs(&[]);
    assert!(table.len() >= 4);
    let mut billed = std::collections::HashSet::new();
    for row in &table {
        let [job] = &*jobs(&["--model", row["model"].as_str().unwrap()]) else { panic!("one model, one job") };
        assert_eq!((&row["billed_tokens"], &row["cost_usd"]), (&job["billed_tokens"], &job["cost_usd"]), "{row}");
        billed.insert(row["billed_tokens"].as_u64());
    }
    assert!(billed.len() > 2, "images count differently");
    let text = folder.run(&["stats", "train.jsonl"]).stdout;
    assert!(text.contains("so there are ") && text.matches("not trained on images").count() == 3, "{text}");
    let lint = folder.run(&["train.jsonl"]).stdout;
    assert!(lint.contains("chat · about "), "{lint}");
}

#[test]
fn what_cannot_be_counted_is_no_crash() {
    let folder = Folder::new("uncounted-files");
    folder.write("list.json", "[\n{}\n]").write("empty.jsonl", "").write("broken.jsonl", "{\"a\n");
    folder.write("pairs.jsonl", "{\"prompt\":\"a\",\"completion\":\"b\"}\n").write("free.jsonl", "{\"text\":\"a\"}\n");
    for file in ["list.json", "empty.jsonl", "broken.jsonl", "free.jsonl", "pairs.jsonl"] {
        let run = folder.run(&["stats", file]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{file}");
        assert!(run.stdout.starts_with(file), "{}", run.stdout);
        let run = folder.run(&["stats", "--format", "json", file]);
        assert!(serde_json::from_str::<serde_json::Value>(&run.stdout).is_ok(), "{}", run.stdout);
    }
    assert!(folder.run(&["stats", "list.json"]).stdout.contains("`ftlint FILE` says why"));
    assert!(folder.run(&["stats", "pairs.jsonl"]).stdout.contains("no model that takes such a file"));
}

#[test]
fn every_example_has_a_row() {
    let folder = Folder::new("rows");
    folder.write(
        "a.jsonl",
        format!("{GOOD}\nno json\n{{\"prompt\":\"{}\",\"completion\":\" yes\"}}\n", "no ".repeat(3000)),
    );
    let rows = folder.run(&["stats", "--per-example", "--format", "json-lines", "--model", "curie", "a.jsonl"]);
    assert_eq!(
        rows.stdout,
        "{\"path\":\"a.jsonl\",\"line\":1,\"tokens\":12,\"answer_tokens\":7,\"cut_off\":0}\n\
         {\"path\":\"a.jsonl\",\"line\":4,\"tokens\":3002,\"answer_tokens\":1,\"cut_off\":954}\n"
    );
    let wrong = folder.run(&["stats", "--per-example", "a.jsonl"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("--per-example needs --output-format json-lines"), "{}", wrong.stderr);
    let closed = folder.run(&["stats", "--model", "curie", "a.jsonl"]);
    assert!(closed.stdout.contains("closed to new jobs") && closed.stdout.contains("2023"), "{}", closed.stdout);
    let wrong = folder.run(&["stats", "--model", "gpt4.1", "a.jsonl"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("did you mean `gpt-4.1`?"), "{}", wrong.stderr);
    assert_eq!(folder.run(&["stats", "missing.jsonl"]).code, 2);
    assert_eq!(folder.run(&["stats"]).code, 2);
}

#[test]
fn a_cut_is_shown_where_it_is() {
    let folder = Folder::new("cut");
    let answer = GOOD.replace("Hi", "Yo").replace("Hello!", &" word".repeat(3000));
    let question = GOOD.replace("Hi", &" word".repeat(5000));
    folder.write("train.jsonl", many(GOOD) + &answer.replace("word\"", "word word word\"") + &question);
    let run = folder.run(&["--model", "gpt-3.5-turbo-0613", "--format", "json", "train.jsonl"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((&findings[0]["code"], &findings[0]["line"]), (&"FT402".into(), &62.into()));
    let start = 27 + usize::try_from(findings[0]["byte_start"].as_u64().unwrap()).unwrap();
    assert!(start > 27 + 4000 * 5, "{start}");
    let run = folder.run(&["--model", "curie", "--format", "concise", "train.jsonl"]);
    assert!(run.stdout.contains("train.jsonl:61:"), "{}", run.stdout);
    assert!(run.stdout.contains("FT401 example-too-long the example has "), "{}", run.stdout);
    // Without tokens nothing is known of them.
    assert_eq!(folder.run(&["--no-tokens", "--format", "concise", "train.jsonl"]).stdout, "");
}

#[test]
fn special_tokens_are_those_of_the_encoding() {
    let folder = Folder::new("special-tokens");
    folder.write(
        "train.jsonl",
        many(GOOD)
            + &GOOD.replace("Hi", "Yo").replace("Hello!", "<|fim_suffix|>")
            + &GOOD.replace("Hi", "Hey").replace("Hello!", "<|call|>"),
    );
    let run = folder.run(&["--format", "concise", "train.jsonl"]);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    assert!(run.stdout.contains("`<|fim_suffix|>`"), "{}", run.stdout);
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = include_str!("../README.md");
    let mut shown = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap();
        let Some((command, output)) = block.split_once('\n') else { continue };
        // Blocks of several commands show no output.
        if output.contains("\n$ ") || output.starts_with("$ ") {
            continue;
        }
        let arguments = command.strip_prefix("$ ftlint ").unwrap().split(' ');
        let run = finish(Folder::new("readme").ftlint().current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments));
        assert_eq!(run.stdout.trim_end(), output, "{command}");
        shown += 1;
    }
    assert_eq!(shown, 3);
}

// Bad input: a finding or a clear error, never a panic, a hang or a stack overflow.

#[test]
fn an_empty_file_is_a_finding() {
    let folder = Folder::new("empty");
    for bytes in ["", "\n", " \r\n\t\n", "\u{feff}"] {
        let run = folder.write("a.jsonl", bytes).run(&["--format", "concise", "a.jsonl"]);
        assert_eq!(run.code, 1);
        assert!(run.stdout.starts_with("a.jsonl:1:1: FT011 empty-file"), "{bytes:?}: {}", run.stdout);
    }
}

#[test]
fn files_that_cannot_be_read_are_named_with_the_cause_and_the_rest_is_linted() {
    let folder = Folder::new("unreadable");
    folder.write("good.jsonl", many(GOOD));
    let run = folder.run(&["--format", "concise", "missing.jsonl", "good.jsonl"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(
        run.stderr.starts_with("ftlint: missing.jsonl: no such file or directory\nchecked 5.2 kB"),
        "{}",
        run.stderr
    );
}

#[cfg(unix)]
#[test]
fn no_permission_is_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("permission");
    folder.write("secret.jsonl", many(GOOD));
    fs::set_permissions(folder.0.join("secret.jsonl"), fs::Permissions::from_mode(0o000)).unwrap();
    let run = folder.run(&["secret.jsonl"]);
    // The superuser may read everything.
    if run.code != 0 {
        assert_eq!((run.code, run.stderr.as_str()), (2, "ftlint: secret.jsonl: permission denied\n"));
    }
}

#[cfg(unix)]
#[test]
fn special_files_are_read_like_pipes() {
    let folder = Folder::new("special");
    let null = folder.run(&["--format", "concise", "/dev/null"]);
    assert_eq!((null.code, null.stdout.as_str()), (1, "/dev/null:1:1: FT011 empty-file the file is empty\n"));
    let made = Command::new("mkfifo").arg(folder.0.join("pipe.jsonl")).status().unwrap();
    assert!(made.success());
    let path = folder.0.join("pipe.jsonl");
    let writer = std::thread::spawn(move || fs::write(path, many(GOOD)).unwrap());
    let run = folder.run(&["--format", "json", "pipe.jsonl"]);
    writer.join().unwrap();
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("\"examples\":60"));
}

#[test]
fn deep_nesting_is_no_stack_overflow() {
    let folder = Folder::new("deep");
    for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000), "[".repeat(100_000) + &"]".repeat(100_000)] {
        let run = folder.write("a.jsonl", &text).run(&["--format", "concise", "a.jsonl"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        // The same inside a JSON Lines file, and inside of arguments.
        let nested = format!("{GOOD}{{\"metadata\":{text}}}\n");
        assert_eq!(folder.write("b.jsonl", nested).run(&["--format", "concise", "b.jsonl"]).code, 1);
        let arguments = serde_json::to_string(&text).unwrap();
        let call = format!(
            "{{\"messages\":[{{\"role\":\"assistant\",\"tool_calls\":[{{\"id\":\"a\",\"type\":\"function\",\"function\":{{\"name\":\"f\",\"arguments\":{arguments}}}}}]}}]}}\n"
        );
        let run = folder.write("c.jsonl", call).run(&["--format", "concise", "c.jsonl"]);
        assert!(run.stdout.contains("FT201"), "{}", run.stdout);
    }
}

#[test]
fn a_closed_pipe_changes_no_exit_code() {
    let folder = Folder::new("closed");
    folder.write("train.jsonl", BAD.repeat(20_000));
    let arguments = ["--no-tokens", "--format", "json-lines", "train.jsonl"];
    let mut child = folder.ftlint().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), ""));
    // Neither does it make a page of what cannot be read, or a wrong flag, a success.
    let mut child =
        folder.ftlint().args(["report", "missing.jsonl"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let mut child = folder.ftlint().arg("--no-such-flag").stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
}

#[test]
fn standard_input_is_linted() {
    let folder = Folder::new("stdin");
    let mut child = folder
        .ftlint()
        .args(["--format", "concise", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all((many(GOOD) + BAD).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("<stdin>:61:53: FT104"));
}

#[test]
fn nothing_in_the_data_reaches_the_terminal_unmasked() {
    let folder = Folder::new("masked");
    let evil = "\\u001b]0;owned\\u0007 \\u202e \u{202e}\u{200b}";
    let line = GOOD.replace("assistant", evil).replace("content", &format!("{evil}k"));
    folder.write("train.jsonl", line.clone() + &line.replace("user", "user\x1b[2J\x07") + "\x1b[31mred\n");
    for format in ["full", "concise"] {
        let run = folder.run(&["--format", format, "train.jsonl"]);
        let odd = run.stdout.chars().find(|&c| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{200b}'));
        assert_eq!(odd, None, "{}", run.stdout);
    }
}

#[test]
fn completions_and_a_man_page_are_printed() {
    let folder = Folder::new("generate");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = folder.run(&["completions", shell]);
        assert!(run.code == 0 && run.stdout.contains("output-format"), "{shell}: {}", run.stdout);
    }
    assert_eq!(folder.run(&["completions", "cmd"]).code, 2);
    let page = folder.run(&["man"]);
    assert!(page.code == 0 && page.stdout.contains(".TH ftlint 1") && page.stdout.contains("\\-\\-output\\-format"));
}

#[test]
fn a_target_is_named_and_described() {
    let folder = Folder::new("target");
    folder.write("train.jsonl", "{\"prompt\":\"2+2=\",\"response\":\" 4\"}\n".repeat(40));
    let run = folder.run(&["--format", "concise", "train.jsonl"]);
    assert_eq!((run.code, run.stdout.contains("FT301")), (1, true), "{}", run.stdout);
    let run = folder.run(&["--target", "databricks", "train.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert!(run.stdout.contains("completions · about "), "{}", run.stdout);
    let run = folder.run(&["stats", "--target", "databricks", "train.jsonl"]);
    assert!(run.stdout.contains("tokens    about ") && run.stdout.contains("tokenizer is not known"), "{}", run.stdout);
    assert!(run.stdout.contains("no model of databricks is known"), "{}", run.stdout);
    for (arguments, message) in [
        (vec!["--target=opnai", "train.jsonl"], "there is no such target; did you mean `openai`?"),
        (vec!["--target=mistral", "--model=gpt-4.1", "train.jsonl"], "is a model of openai, not of mistral"),
        (vec!["stats", "--target=x", "train.jsonl"], "there is no such target; known are `openai`, `azure`"),
        (vec!["targets", "trll"], "did you mean `trl`?"),
        (vec!["models", "--target", "mistrall"], "did you mean `mistral`?"),
    ] {
        let run = folder.run(&arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
    }
    let json =
        |arguments: &[&str]| -> Vec<serde_json::Value> { serde_json::from_str(&folder.run(arguments).stdout).unwrap() };
    let targets = json(&["targets", "--format", "json"]);
    let table = folder.run(&["targets"]).stdout;
    assert!(targets.iter().all(|target| table.contains(target["title"].as_str().unwrap())), "{table}");
    let one = folder.run(&["targets", "together", "trl"]).stdout;
    assert!(one.starts_with("together: Together AI\n") && one.contains("\ntrl: Hugging Face TRL\n"), "{one}");
    let azure = json(&["models", "--target", "azure", "--format", "json"]);
    assert!(azure.iter().all(|model| model["target"] == "azure") && azure.len() > 5);
    assert_eq!(folder.run(&["models"]).stdout.lines().count(), 1 + json(&["models", "--format", "json"]).len());
}

#[test]
fn a_word_is_said_where_something_closes() {
    let folder = Folder::new("notice");
    folder.write("train.jsonl", many(GOOD));
    let noted = |day: &str, arguments: &[&str]| {
        let run = finish(folder.ftlint().env("SOURCE_DATE_EPOCH", day).arg("train.jsonl").args(arguments));
        assert!(!run.stdout.contains("note:"));
        let notes: Vec<String> =
            run.stderr.lines().filter(|line| line.starts_with("note: ")).map(str::to_owned).collect();
        notes.join("\n")
    };
    // 2026-06-01, 2026-12-01, 2027-01-07
    let (early, late, after) = ("1780272000", "1796083200", "1799280000");
    assert_eq!(noted(early, &[]), "");
    assert!(
        noted(late, &[]).starts_with("note: OpenAI takes new jobs until 2027-01-06, which is in 36 days (OpenAI's")
    );
    assert_eq!(
        noted(late, &["--model", "gpt-4.1"]),
        "note: gpt-4.1-2025-04-14 takes new jobs until 2027-01-06, which is in 36 days"
    );
    assert!(noted(after, &[]).starts_with("note: OpenAI takes no new jobs since 2027-01-06"));
    assert_eq!(noted(late, &["--target", "azure"]), "");
    for quiet in [&["-q"][..], &["--format", "json"], &["--format", "json-lines"]] {
        assert_eq!(noted(late, quiet), "", "{quiet:?}");
    }
}

#[test]
fn rules_are_selected() {
    let folder = Folder::new("select");
    // Two errors, FT104 and FT302; two warnings, FT006 and FT407.
    folder
        .write("train.jsonl", BAD.to_owned() + "\n" + &lines(GOOD, 20) + "{\"prompt\":\"2+2=\",\"completion\":\"\"}\n");
    let found = |arguments: &[&str]| {
        let run = folder.run(&[&["--format", "json", "train.jsonl"], arguments].concat());
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
        let rules = report["files"][0]["rules"].as_array().unwrap().iter();
        let rules =
            rules.map(|rule| rule["code"].as_str().unwrap()[2..].to_owned() + &rule["level"].as_str().unwrap()[..1]);
        (rules.collect::<Vec<_>>().join(" "), run.code)
    };
    for (arguments, expected, code) in [
        (&[][..], "006w 102e 104e 302e 407w", 1),
        (&["--select", "FT1"], "102e 104e", 1),
        (&["--select", "conversation,file"], "006w 102e 104e", 1),
        (&["--select", "FT006", "--select", "few-examples"], "006w 407w", 0),
        (&["--ignore", "FT1,formats"], "006w 407w", 0),
        (&["--ignore", "ALL"], "", 0),
        (&["--ignore", "FT1", "--select", "ALL"], "006w 302e 407w", 1),
        (&["--ignore", "FT1", "--extend-select", "unknown-role"], "006w 104e 302e 407w", 1),
        (&["--select", "FT006", "--error", "FT006"], "006e", 1),
        (&["--warn", "ALL"], "006w 102w 104w 302w 407w", 0),
        (&["--warn", "ALL", "-q"], "", 0),
        (&["--error", "blank-line", "--warn", "FT1", "-q"], "006e 302e", 1),
        (&["--per-file-ignores", "*.jsonl:FT1,formats"], "006w 407w", 0),
        (&["--per-file-ignores", "{valid,train}.jsonl:FT1,other:ALL"], "006w 302e 407w", 1),
        (&["--per-file-ignores", "./train.jsonl:FT1,formats"], "006w 407w", 0),
        (&["--per-file-ignores", "valid.jsonl:ALL"], "006w 102e 104e 302e 407w", 1),
        (&["--select", "FT006,FT407", "--deny-warnings"], "006w 407w", 1),
        (&["--select", "FT006,FT407", "--deny-warnings", "-q"], "006w 407w", 1),
        (&["--select", "FT006,FT407", "--max-warnings", "1"], "006w 407w", 1),
        (&["--select", "FT006,FT407", "--max-warnings", "2"], "006w 407w", 0),
        (&["--exit-zero"], "006w 102e 104e 302e 407w", 0),
    ] {
        assert_eq!(found(arguments), (expected.to_owned(), code), "{arguments:?}");
    }
    let run = folder.run(&["--ignore", "FT1,formats", "--deny-warnings", "train.jsonl"]);
    assert!(run.stderr.ends_with("ftlint: 2 warnings; none may pass with --deny-warnings\n"), "{}", run.stderr);
    let run = folder.run(&["--ignore", "FT1,formats", "--max-warnings", "1", "train.jsonl"]);
    assert!(run.stderr.ends_with("ftlint: 2 warnings; --max-warnings allows 1\n"), "{}", run.stderr);
    // What cannot be read is no finding.
    assert_eq!(folder.run(&["--exit-zero", "missing.jsonl"]).code, 2);
}

#[test]
fn rules_are_left_out_file_by_file() {
    let folder = Folder::new("per-file");
    folder.write("data/a.jsonl", BAD).write("data/b.jsonl", BAD).write("data/c.jsonl", BAD);
    let run =
        folder.run(&["data", "--format", "concise", "--select", "FT104,FT4", "--per-file-ignores", "data/b*:tokens"]);
    let lines: Vec<&str> = run.stdout.lines().map(|line| line.split_at(27).0).collect();
    assert_eq!(
        lines,
        [
            "data/a.jsonl:1:53: FT104 un",
            "data/a.jsonl:1:1: FT403 too",
            "data/b.jsonl:1:53: FT104 un",
            "data/c.jsonl:1:53: FT104 un",
            "data/c.jsonl:1:1: FT403 too"
        ]
    );
}

/// What is left out in a file is off there for all who ask.
#[test]
fn a_rule_that_is_left_out_in_a_file_is_off_in_it() {
    let folder = Folder::new("left-out");
    let call = r#"{"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","id":"c","content":"a"},{"role":"assistant","content":"z"}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]}"#;
    folder
        .write("call.jsonl", many(&format!("{call}\n")))
        .write("job.json", "{\"model\":\"gpt-4.1\",\"training_file\":\"file-a\",\"epochs\":3}");
    let found = |arguments: &[&str]| {
        let run = folder.run(&[&["--format", "concise", "--no-tokens"], arguments].concat());
        run.stdout.lines().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned).collect::<Vec<_>>()
    };
    let ignored = found(&["--ignore", "FT109", "call.jsonl"]);
    assert!(ignored.contains(&"FT210".to_owned()), "{ignored:?}");
    assert_eq!(found(&["--per-file-ignores", "call.jsonl:FT109", "call.jsonl"]), ignored);
    let job =
        |arguments: &[&str]| folder.run(&[&["job", "job.json", "--format", "concise"], arguments].concat()).stdout;
    assert!(job(&[]).contains(" FT703 "), "{}", job(&[]));
    assert!(!job(&["--per-file-ignores", "job.json:FT703"]).contains(" FT703 "));
    assert!(job(&["--per-file-ignores", "other.json:FT703"]).contains(" FT703 "));
    folder.write("b.jsonl", many(&format!("{call}\n")));
    let shown =
        folder.run(&["--show-settings", "--per-file-ignores", "call.jsonl:FT104", "call.jsonl", "b.jsonl"]).stdout;
    let (call, b) = shown.split_once("\n\n").unwrap();
    assert!(call.starts_with("# for call.jsonl\n# from ") && call.contains("\n# FT104 unknown-role: off\n"), "{call}");
    // Who leaves rules out of one file has chosen none for all.
    assert!(!call.contains("\nselect = ") && call.contains("\nignore = []  # default\n"), "{call}");
    // One config is shown once, so that all of it can be read again.
    let same = "# the same, but for the rules that are left out";
    assert_eq!(b, format!("# for b.jsonl\n{same}\n# FT104 unknown-role: error\n"));
    let again = folder.write("again.toml", shown.as_bytes());
    assert_eq!(again.run(&["--config", "again.toml", "--exit-zero", "call.jsonl", "b.jsonl"]).code, 0);
}

/// What is shown of the rules asks for the same ones if it is read.
#[test]
fn the_rules_that_are_shown_are_those_that_hold() {
    let folder = Folder::new("shown");
    folder.write("t.jsonl", many(GOOD)).write("sub/t.jsonl", many(GOOD));
    folder.write("ftlint.toml", "ignore = [\"FT104\"]\nwarn = [\"FT105\"]\nextend-select = [\"FT105\"]\n");
    folder.write("sub/ftlint.toml", "extend = \"../ftlint.toml\"\nselect = [\"FT1\", \"FT404\"]\n");
    let rules =
        |shown: &str| shown.lines().filter(|line| line.starts_with("# FT")).map(str::to_owned).collect::<Vec<_>>();
    for (arguments, lines) in [
        (&["t.jsonl"][..], &["warn = [\"missing-role\"]  # ", "ignore = [\"unknown-role\""][..]),
        (
            &["t.jsonl", "--select", "FT1"],
            &["select = [\"FT1\"]  # command line, ", "ignore = []", "warn = [\"missing-role\"]"],
        ),
        (&["sub/t.jsonl"], &["select = [\"FT1\", \"too-many-examples\"]  # ", "ignore = []"]),
        (&["sub/t.jsonl", "--error", "FT502", "--ignore", "FT102"], &["error = [\"near-duplicate\"]"]),
        (&["t.jsonl", "--select", "FT1", "--ignore", "ALL,FT1"], &["select = []"]),
    ] {
        let shown = folder.run(&[&["--show-settings"], arguments].concat()).stdout;
        for line in lines {
            assert!(shown.lines().any(|shown| shown.starts_with(line)), "{line}\n{shown}");
        }
        folder.write("again/ftlint.toml", &shown).write("again/t.jsonl", many(GOOD));
        let again = folder.run(&["--show-settings", "again/t.jsonl"]).stdout;
        assert_eq!(rules(&again), rules(&shown), "{shown}");
        assert_eq!(rules(&shown).len(), ftlint::rules::RULES.len());
    }
}

#[test]
fn without_warnings_nothing_is_said_of_them() {
    let folder = Folder::new("no-errors");
    let run = folder.write("a.jsonl", lines(GOOD, 20)).write("b.jsonl", many(GOOD)).run(&["-q", "a.jsonl", "b.jsonl"]);
    assert!(run.stdout.starts_with("a.jsonl: no errors in 20 examples"), "{}", run.stdout);
    assert!(run.stdout.contains("\n2 files: no errors in 80 examples"), "{}", run.stdout);
}

#[test]
fn a_wrong_flag_of_a_command_shows_the_usage_of_the_command() {
    let folder = Folder::new("usage");
    let run = folder.run(&["stats", "--per-example", "a.jsonl"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(run.stderr, @r"
    error: --per-example needs --output-format json-lines

    Usage: ftlint stats [OPTIONS] [FILE]...

    For more information, try '--help'.
    ");
}

#[test]
fn the_closest_config_counts_and_flags_go_over_it() {
    let folder = Folder::new("config");
    folder
        .write("a/b/train.jsonl", many(BAD) + "\n" + GOOD)
        .write("ftlint.toml", "select = [\"FT006\"]\n")
        .write("a/pyproject.toml", "[project]\nname = \"x\"\n[tool.ftlint]\nselect = [\"FT104\"]\nmax-per-rule = 2\n");
    let found = |arguments: &[&str]| {
        let run = folder.run(&[&["--format", "concise", "a/b/train.jsonl"], arguments].concat());
        let rules = run
            .stdout
            .lines()
            .filter(|line| line.contains(".jsonl:") && !line.contains('…'))
            .map(|line| line.split(' ').nth(1).unwrap().to_owned());
        rules.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found(&[]), "FT104 FT104");
    // A project without a table for us is passed by.
    folder.write("a/b/pyproject.toml", "[project]\nname = \"y\"\n");
    assert_eq!(found(&[]), "FT104 FT104");
    assert_eq!(found(&["--max-per-rule", "1"]), "FT104");
    assert_eq!(found(&["--config", "max-per-rule=1"]), "FT104");
    assert_eq!(found(&["--config", "max-per-rule=1", "--max-per-rule", "3"]), "FT104 FT104 FT104");
    assert_eq!(found(&["--config", "select=['FT006']"]), "FT006");
    assert_eq!(found(&["--config", "ftlint.toml"]), "FT006");
    assert_eq!(found(&["--isolated", "--max-per-rule", "1", "--ignore", "FT1"]), "FT006");
    // The first name of a folder counts, and nothing is merged,
    folder.write("a/b/ftlint.toml", "ignore = [\"ALL\"]\n");
    assert_eq!(found(&[]), "");
    folder.write("a/b/.ftlint.toml", "ignore = [\"FT104\"]\nmax-per-rule = 1\n");
    assert_eq!(found(&[]), "FT006");
    // unless a file says so.
    folder.write("a/b/.ftlint.toml", "extend = \"../pyproject.toml\"\nextend-select = [\"FT006\"]\nmax-per-rule = 1\n");
    assert_eq!(found(&[]), "FT104 FT006");
    folder.write("a/b/.ftlint.toml", "per-file-ignores = { \"a/**\" = [\"ALL\"], \"*.jsonl\" = [\"FT1\"] }\n");
    assert_eq!(found(&[]), "FT006");
}

#[test]
fn what_is_about_the_run_is_asked_for_where_it_is_called_from() {
    let folder = Folder::new("config-run");
    folder
        .write("data/train.jsonl", lines(GOOD, 20))
        .write("data/ftlint.toml", "output-format = \"json\"\n")
        .write("ftlint.toml", "output-format = \"concise\"\ndeny-warnings = true\n");
    let run = folder.run(&["data"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (1, "data/train.jsonl:1:1: FT407 few-examples 20 examples; 50 or more are recommended\n")
    );
    let run = finish(folder.ftlint().arg("data").env("FTLINT_OUTPUT_FORMAT", "json"));
    assert!(run.stdout.starts_with("{\"version\":1"), "{}", run.stdout);
    // A variable that is not set is empty in many a CI.
    let run = finish(folder.ftlint().arg("data").env("FTLINT_OUTPUT_FORMAT", ""));
    assert!(run.code == 1 && run.stdout.starts_with("data/train.jsonl:1:1: "), "{}{}", run.stdout, run.stderr);
    let run = finish(folder.ftlint().args(["data", "--format", "json"]).env("FTLINT_OUTPUT_FORMAT", "github"));
    assert!(run.stdout.starts_with("{\"version\":1"), "{}", run.stdout);
    // A flag goes over it, whatever it is.
    let run = finish(folder.ftlint().args(["data", "--format", "json"]).env("FTLINT_OUTPUT_FORMAT", "githb"));
    assert!(run.stdout.starts_with("{\"version\":1"), "{}", run.stdout);
    let run = finish(folder.ftlint().arg("data").env("FTLINT_OUTPUT_FORMAT", "githb"));
    assert!(
        run.code == 2 && run.stderr.starts_with("ftlint: FTLINT_OUTPUT_FORMAT: `githb` is no format: expected `full`"),
        "{}",
        run.stderr
    );
    assert_eq!(folder.run(&["data", "--isolated"]).code, 0);
    folder
        .write("ftlint.toml", "max-cost = 0.0001\nmodel = \"gpt-4.1\"\n")
        .write("data/ftlint.toml", "extend = \"../ftlint.toml\"\nepochs = 2\n");
    let run = folder.run(&["data", "--format", "concise"]);
    assert!(run.stdout.contains("FT406 over-budget the job costs $0.011 in 2 epochs"), "{}", run.stdout);
    assert_eq!(folder.run(&["data", "--no-tokens"]).code, 0);
    let stats = folder.run(&["stats", "data"]);
    assert!(stats.stdout.contains("2 epochs") && stats.stdout.contains("gpt-4.1-2025-04-14"), "{}", stats.stdout);
}

#[test]
fn a_wrong_config_is_shown_where_it_is_wrong() {
    let folder = Folder::new("config-wrong");
    folder.write("train.jsonl", many(GOOD));
    let wrong = |text: &str| {
        let run = folder.write("ftlint.toml", text).run(&["train.jsonl"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{text}");
        run.stderr
    };
    insta::assert_snapshot!(wrong("max-warnings = 3\nslect = [\"FT1\"]\n"));
    insta::assert_snapshot!(wrong("select = [\n  \"FT1\",\n  \"unknown-rol\",\n]\n"));
    insta::assert_snapshot!(wrong("model = \"gpt-4.1-mni\"\n"));
    for (text, hint) in [
        ("select = 1", "expected a rule or a list of rules, not `1`"),
        ("select = \"FT9\"", "there is no rule `FT9`"),
        ("exclude = \"a\"", "expected a list, not \"a\""),
        ("data = [{ train = \"t\", valdation = \"v\" }]", "did you mean `validation`?"),
        ("data = [{ train = \"t\", zzz = \"v\" }]", "known are `train` and `validation`"),
        ("models.m.context = 0", "a context has 1 token or more"),
        ("targets.t.context = 0", "a context has 1 token or more"),
        ("targets.t.extends = \"t\"", "`t` extends itself"),
        ("threads = -1", "expected a whole number from 0, not `-1`"),
        ("max-tokens = 1.5", "expected a whole number from 0, not `1.5`"),
        ("no-mmap = 1", "expected true or false, not `1`"),
        ("models.m.price = -1", "expected a table such as { usd_per_million = 25.0 }, not `-1`"),
        ("exclude = [\"b\", \"a[\"]", "exclude: `a[` is no pattern: "),
        ("exclude = [\"b\", \"a[\"]", "ftlint.toml:1:17"),
        ("targets.ours.extends = \"nobody\"", "ftlint.toml:1:24"),
        ("[targets.ours]\nmin_examples = 1\n[models.\"m-4.1\"]\ncontext = 1\ntarget = \"nobody\"", "ftlint.toml:5:10"),
        ("threads = 1\nextend = \"missing.toml\"", "ftlint.toml:2:10"),
        ("data = [{ train = [] }]", "a set needs a file to train on"),
        ("data = [{ train = [] }]", "ftlint.toml:1:19"),
        ("tool.ftlint.threads = 1", "a table [tool.ftlint] is for pyproject.toml"),
        ("max-per-rule = \"all\"", "expected a number or `none`"),
        ("output-format = \"jsn\"", "expected `full`, `concise`, `json`, `json-lines`, `sarif`"),
        ("output-format = \"jsn\"", "did you mean `json`?"),
        ("epochs = 51", "expected `auto` or a number from 1 to 50"),
        ("price = -5", "expected an amount of US dollars such as 2.50"),
        ("max-cost = nan", "expected an amount of US dollars such as 2.50"),
        ("models.m.images.tiles = { base = 1000001, tile = 1 }", "expected at most 1,000,000 tokens"),
        ("targets.t.images.patches.per_hundred = 1000001", "expected at most 1,000,000 tokens"),
        ("required-version = \">=99\"", "ftlint >=99 is required, and this is ftlint 0.1.0"),
        ("per-file-ignores = { \"a[\" = [\"ALL\"] }", "`a[` is no pattern"),
        ("model = ", "ftlint.toml:1:"),
        ("extend = \"missing.toml\"", "missing.toml: there is no such file"),
        ("extend = \"ftlint.toml\"", "files extend each other in a circle"),
        ("zzz = 1", "`ftlint init` writes a file with all keys"),
    ] {
        let said = wrong(text);
        assert!(said.contains(hint), "{text}: {said}");
    }
    for required in ["0.1.0", "==0.1.0", ">=0.1, <0.2"] {
        assert_eq!(
            folder.write("ftlint.toml", format!("required-version = \"{required}\"")).run(&["train.jsonl"]).code,
            0
        );
    }
    fs::remove_file(folder.0.join("ftlint.toml")).unwrap();
    folder.write("pyproject.toml", "[tool.ftlint]\nthreds = 1\n");
    let run = folder.run(&["train.jsonl"]);
    assert!(
        run.stderr.contains("pyproject.toml:2:1") && run.stderr.contains("did you mean `threads`?"),
        "{}",
        run.stderr
    );
    // Of no interest to us while it does not speak of us.
    assert_eq!(folder.write("pyproject.toml", "[tool.other\n").run(&["train.jsonl"]).code, 0);
    for (argument, hint) in [
        ("missing.toml", "there is no such file"),
        ("word", "expected a file or KEY=VALUE"),
        ("slect=['FT1']", "did you mean `select`?"),
        ("max-warnings=many", "expected a whole number from 0, not \"many\""),
        ("pyproject.toml", "there is no table [tool.ftlint] in it"),
    ] {
        let run = folder.run(&["--config", argument, "train.jsonl"]);
        assert!(run.code == 2 && run.stderr.contains(hint), "{argument}: {}", run.stderr);
    }
    assert_eq!(folder.run(&["--config", "model=gpt-4.1-mini", "train.jsonl"]).code, 0);
    folder.write("other.toml", "");
    let run = folder.run(&["--config", "other.toml", "--isolated", "train.jsonl"]);
    assert!(run.code == 2 && run.stderr.contains("with --isolated no file counts"), "{}", run.stderr);
}

/// Models are looked for in another file than targets.
#[test]
fn the_file_that_is_wrong_is_blamed() {
    let folder = Folder::new("config-blame");
    folder.write("t.jsonl", many(GOOD)).write("base.toml", "[targets.ours]\nmin_examples = 1\n");
    folder.write("ftlint.toml", "extend = \"base.toml\"\n[models.m]\ntarget = \"nobody\"\n");
    let run = folder.run(&["t.jsonl"]);
    assert!(
        run.stderr.contains("ftlint.toml:3:10") && run.stderr.contains("there is no such target"),
        "{}",
        run.stderr
    );
    folder.write("base.toml", "[models.m]\ncontext = 1\ntarget = \"nobody\"\n");
    folder.write("ftlint.toml", "extend = \"base.toml\"\n[targets.ours]\nmin_examples = 1\n");
    let run = folder.run(&["t.jsonl"]);
    assert!(run.stderr.contains("base.toml:3:10"), "{}", run.stderr);
    fs::remove_file(folder.0.join("ftlint.toml")).unwrap();
    folder.write("pyproject.toml", "[tool.ftlint.targets.ours]\nextends = \"nobody\"\n");
    let run = folder.run(&["t.jsonl"]);
    assert!(run.stderr.contains("pyproject.toml:2:11"), "{}", run.stderr);
}

#[test]
fn settings_and_files_are_shown() {
    let folder = Folder::new("show");
    folder.write("data/a.jsonl", many(GOOD)).write("data/b.jsonl", many(GOOD)).write(
        "ftlint.toml",
        "max-warnings = 3\nselect = [\"FT104\", \"blank-line\"]\nper-file-ignores = { \"a*\" = [\"tools\"] }\n",
    );
    assert_eq!(folder.run(&["--show-files", "data"]).stdout.replace('\\', "/"), "data/a.jsonl\ndata/b.jsonl\n");
    let run = folder.run(&["--show-files", "data/a.jsonl", "data/c.jsonl"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, "data/a.jsonl\n"));
    assert!(run.stderr.starts_with("ftlint: data/c.jsonl: no such file or directory"), "{}", run.stderr);
    let run = folder.run(&["--show-settings", "data", "--max-per-rule", "none", "--error", "FT006"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for line in [
        "# for data/b.jsonl\n",
        "max-warnings = 3  # ftlint.toml\n",
        "max-per-rule = \"none\"  # command line\n",
        "max-diagnostics = 50  # default\n",
        "select = [\"blank-line\", \"unknown-role\"]  # command line, ftlint.toml\n",
        "per-file-ignores = { \"a*\" = [\"tools\"] }  # ftlint.toml\n",
        "# FT104 unknown-role: error\n",
        "# FT006 blank-line: error\n",
        "# FT105 missing-role: off\n",
    ] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
    // What is about the run as a whole is asked for where it is called from.
    folder.write("nested/c.jsonl", many(GOOD)).write(
        "nested/ftlint.toml",
        "max-warnings = 9\ndeny-warnings = true\nbaseline = \"b\"\noutput-format = \"json\"\nmax-per-rule = 2\n",
    );
    let nested = folder.run(&["--show-settings", "nested/c.jsonl"]).stdout.replace('\\', "/");
    for line in ["max-warnings = 3  # ftlint.toml\n", "deny-warnings = false", "output-format = \"full\"  # default\n"]
    {
        assert!(nested.contains(line), "{line}: {nested}");
    }
    assert!(nested.contains("max-per-rule = 2  # nested/ftlint.toml\n") && !nested.contains("baseline"), "{nested}");
    // It asks for the same.
    folder.write("again.toml", &run.stdout);
    assert_eq!(folder.run(&["--config", "again.toml", "data"]).code, 0);
}

#[cfg(unix)]
#[test]
fn a_config_that_may_not_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new("config-locked");
    folder.write("a/train.jsonl", many(GOOD)).write("a/ftlint.toml", "threads = 1\n");
    fs::set_permissions(folder.0.join("a/ftlint.toml"), fs::Permissions::from_mode(0o000)).unwrap();
    let run = folder.run(&["a/train.jsonl"]);
    // The superuser may read everything.
    if run.code != 0 {
        assert_eq!((run.code, run.stderr.contains("ftlint.toml: permission denied")), (2, true), "{}", run.stderr);
        // Where even the folder may not be entered nothing is known of a config in it.
        fs::set_permissions(folder.0.join("a"), fs::Permissions::from_mode(0o000)).unwrap();
        let run = folder.run(&["a/train.jsonl"]);
        fs::set_permissions(folder.0.join("a"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(run.stderr, "ftlint: a/train.jsonl: permission denied\n");
    }
}

#[test]
fn init_writes_a_config_once() {
    let folder = Folder::new("init");
    folder.write("train.jsonl", many(GOOD));
    let run = folder.run(&["init"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "wrote ftlint.toml: all keys, as comments\n")
    );
    assert_eq!(folder.run(&["train.jsonl"]).code, 0);
    folder.write("ftlint.toml", "mine = 1");
    assert_eq!(folder.run(&["init"]).code, 2);
    assert_eq!(fs::read_to_string(folder.0.join("ftlint.toml")).unwrap(), "mine = 1");
}

#[test]
fn known_findings_are_not_reported() {
    let folder = Folder::new("baseline");
    let other = BAD.replace("Hi", "Bye");
    // That lines stand twice is what it is about, and no finding here.
    let old = format!("{BAD}\n{BAD}{}{other}", many(GOOD));
    folder.write("train.jsonl", &old).write("ftlint.toml", "ignore = [\"FT501\"]\n");
    let run = folder.run(&["train.jsonl", "--write-baseline", "known.txt"]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.ends_with("wrote 4 findings to known.txt\n"), "{}", run.stderr);
    let known = fs::read_to_string(folder.0.join("known.txt")).unwrap();
    let entries: Vec<(&str, &str)> =
        known.lines().skip(1).map(|line| (&line[..5], line.rsplit(' ').next().unwrap())).collect();
    let mut sorted = entries.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [("FT006", "1"), ("FT104", "1"), ("FT104", "2")]);
    assert!(!known.contains("Hi") && known.lines().skip(1).is_sorted(), "{known}");
    let lint = |text: &str, arguments: &[&str]| {
        let arguments = [&["train.jsonl", "--format", "concise", "--baseline", "known.txt"], arguments].concat();
        let run = folder.write("train.jsonl", text).run(&arguments);
        let found: Vec<String> =
            run.stdout.lines().map(|line| line[..line.find(" FT").unwrap_or(0) + 6].to_owned()).collect();
        let notes = run.stderr.lines().filter(|line| line.starts_with("ftlint: "));
        (run.code, found.join(" "), notes.collect::<Vec<_>>().join("\n"))
    };
    let nothing = (0, String::new(), String::new());
    assert_eq!(lint(&old, &[]), nothing);
    let full = folder.run(&["train.jsonl", "--baseline", "known.txt"]);
    assert!(
        full.stdout.starts_with("train.jsonl: no problems in 63 examples (5.4 kB)\n  4 known findings not shown\n"),
        "{}",
        full.stdout
    );
    // Lines may move, and their ends may change.
    assert_eq!(lint(&format!("{other}{}{BAD}\n{BAD}", many(GOOD)).replace('\n', "\r\n"), &["--threads", "1"]), nothing);
    // A third line that is the same is one too many, and the last one is reported: in one thread and in two.
    let more = format!("{old}{}{BAD}", lines(GOOD, 12_000));
    for threads in ["1", "2"] {
        let expected = (1, format!("train.jsonl:{}:53: FT104", 12_065), String::new());
        assert_eq!(lint(&more, &["--threads", threads]), expected);
    }
    // A line that was edited is looked at anew, and what was mended is old.
    let stale =
        "ftlint: 1 entry of known.txt was not met in this run; to drop it, --write-baseline takes all files that \
                 known.txt is for"
            .to_owned();
    assert_eq!(lint(&old.replace("Bye", "Go"), &[]), (1, "train.jsonl:64:53: FT104".to_owned(), stale.clone()));
    assert_eq!(lint(&old.replace(&other, GOOD), &[]), (0, String::new(), stale));
    // A config file can name it, as seen from its folder.
    folder.write("ftlint.toml", "ignore = [\"FT501\"]\nbaseline = \"known.txt\"\n").write("train.jsonl", &old);
    assert_eq!(folder.run(&["train.jsonl"]).code, 0);
    let run = folder.run(&["train.jsonl", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((report["summary"]["known"].as_u64(), report["summary"]["errors"].as_u64()), (Some(4), Some(0)));
    assert_eq!(folder.run(&["train.jsonl", "--isolated"]).code, 1);
}

/// All that can be mended is; of what is left only what is new is reported.
#[test]
fn a_baseline_counts_where_files_are_fixed() {
    let folder = Folder::new("baseline-fix");
    let text = format!("{BAD}\n{}", many(GOOD));
    folder.write("train.jsonl", &text);
    assert_eq!(folder.run(&["train.jsonl", "--write-baseline", "k.txt"]).code, 0);
    let fixed =
        |arguments: &[&str]| folder.write("train.jsonl", &text).run(&[&["train.jsonl", "--fix"], arguments].concat());
    assert_eq!(fixed(&[]).code, 1);
    let run = fixed(&["--baseline", "k.txt"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("fixed 1: 1 FT006 blank-line") && !run.stdout.contains("FT104"), "{}", run.stdout);
    assert_eq!(fixed(&["--baseline", "k.txt", "--exit-non-zero-on-fix"]).code, 1);
    assert_eq!(fixed(&["--config", "baseline=k.txt"]).code, 0);
    for how in ["--fix", "--diff"] {
        let run = folder.write("train.jsonl", &text).run(&["train.jsonl", how, "--baseline", "no.txt"]);
        assert_eq!((run.code, run.stderr.as_str()), (2, "ftlint: no.txt: no such file or directory\n"));
        assert_eq!(fs::read_to_string(folder.0.join("train.jsonl")).unwrap(), text);
    }
    let run = fixed(&["--statistics", "-v", "--format", "json"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (1, "[{\"code\":\"FT104\",\"rule\":\"unknown-role\",\"level\":\"error\",\"count\":1}]\n")
    );
    assert!(run.stderr.contains("parsing JSON"), "{}", run.stderr);
    for flag in [&["--statistics"][..], &["-v"], &["--format", "json"], &["--max-tokens", "1"]] {
        let run = folder.run(&[&["train.jsonl", "--diff"], flag].concat());
        assert!(run.code == 2 && run.stderr.contains("cannot be used with"), "{}", run.stderr);
    }
    folder.write("ftlint.toml", "threads = 1\nbaseline = \"no.txt\"\n");
    let run = folder.run(&["train.jsonl"]);
    assert!(
        run.stderr.contains("ftlint.toml:2:12") && run.stderr.contains("baseline: no.txt: no such file"),
        "{}",
        run.stderr
    );
    assert!(folder.run(&["train.jsonl", "--write-baseline", "-"]).stderr.contains("a baseline is written to a file"));
}

/// As before a commit, where only what was changed is linted.
#[test]
fn a_baseline_for_more_files_than_are_linted_is_not_called_old() {
    let folder = Folder::new("baseline-part");
    folder.write("data/a.jsonl", many(BAD)).write("data/b.jsonl", many(&GOOD.replace("Hello!", "Hello.")));
    assert_eq!(folder.run(&["data", "--write-baseline", "known.txt"]).code, 0);
    let run = folder.run(&["data/b.jsonl", "--baseline", "known.txt"]);
    let said = "ftlint: 60 entries of known.txt were not met in this run; to drop them, --write-baseline takes all files \
                that known.txt is for\n";
    assert!(run.code == 0 && run.stderr.ends_with(said), "{}", run.stderr);
}

#[test]
fn rules_that_were_not_asked_make_no_entry_old() {
    let folder = Folder::new("baseline-rules");
    folder.write("train.jsonl", lines(BAD, 20));
    // All findings are known, those that would not have been shown as well.
    let run = folder.run(&["train.jsonl", "-q", "--write-baseline", "known.txt"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "wrote 21 findings to known.txt\n"));
    for flags in [&["--select", "FT104"][..], &["--ignore", "FT4"], &["-q"], &["--no-tokens"], &[]] {
        let run = folder.run(&[&["train.jsonl", "--baseline", "known.txt"], flags].concat());
        let notes: Vec<&str> = run.stderr.lines().filter(|line| line.contains("not met")).collect();
        assert_eq!((run.code, notes), (0, Vec::new()), "{flags:?}");
    }
    let run = folder.write("train.jsonl", many(GOOD)).run(&["train.jsonl", "--baseline", "known.txt", "-q"]);
    assert!(run.stderr.contains("20 entries of known.txt were not met"), "{}", run.stderr);
}

#[test]
fn the_baseline_is_asked_before_caps() {
    let folder = Folder::new("baseline-caps");
    folder.write("train.jsonl", many(BAD)).run(&["train.jsonl", "--write-baseline", "known.txt"]);
    folder.write("train.jsonl", many(BAD) + &BAD.replace("Hi", "Bye"));
    let run = folder.run(&["train.jsonl", "--baseline", "known.txt", "--format", "concise", "--max-per-rule", "1"]);
    assert_eq!(run.stdout, "train.jsonl:61:54: FT104 unknown-role unknown role `asistant`\n");
}

#[test]
fn whole_files_are_known_by_their_names() {
    let folder = Folder::new("baseline-files");
    folder.write("a/few.jsonl", lines(GOOD, 20)).run(&["a", "--write-baseline", "known.txt"]);
    let other = GOOD.replace("Hello!", "Hello.");
    folder
        .write("b/few.jsonl", lines(GOOD, 21))
        .write("b/other.jsonl", lines(&other, 20).replace("\"user\",\"content\":\"", "\"user\",\"content\":\"No. "));
    let run = folder.run(&["b", "--baseline", "known.txt", "--format", "concise"]);
    assert_eq!(run.stdout, "b/other.jsonl:1:1: FT407 few-examples 20 examples; 50 or more are recommended\n");
}

#[test]
fn a_baseline_overwrites_no_data() {
    let folder = Folder::new("baseline-data");
    folder.write("train.jsonl", many(BAD)).write("valid.jsonl", many(GOOD));
    for (arguments, said) in [
        (
            ["train.jsonl", "--write-baseline", "train.jsonl"],
            "ftlint: train.jsonl: the baseline would overwrite this input\n",
        ),
        (
            ["train.jsonl", "--write-baseline", "valid.jsonl"],
            "ftlint: valid.jsonl: the file is there and no baseline; it is left as it is\n",
        ),
        (
            ["train.jsonl", "--baseline", "valid.jsonl"],
            "ftlint: valid.jsonl: it is no baseline; --write-baseline FILE writes one\n",
        ),
        (["train.jsonl", "--baseline", "missing.txt"], "ftlint: missing.txt: no such file or directory\n"),
        (["train.jsonl", "--write-baseline", "no/such/folder"], "ftlint: no/such/folder: no such file or directory\n"),
    ] {
        let run = folder.run(&arguments);
        assert!(run.code == 2 && run.stderr.ends_with(said), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(fs::read_to_string(folder.0.join("train.jsonl")).unwrap(), many(BAD));
    assert_eq!(fs::read_to_string(folder.0.join("valid.jsonl")).unwrap(), many(GOOD));
}

#[test]
fn a_baseline_is_not_written_where_something_else_is_asked_for() {
    let folder = Folder::new("baseline-conflicts");
    folder.write("train.jsonl", many(GOOD)).write("known.txt", "");
    for other in [["--fix"].as_slice(), &["--diff"], &["--baseline", "known.txt"]] {
        let run = folder.run(&[&["train.jsonl", "--write-baseline", "b.txt"], other].concat());
        assert!(run.code == 2 && run.stderr.contains("cannot be used with"), "{other:?}: {}", run.stderr);
        assert!(!folder.0.join("b.txt").exists());
    }
}

#[test]
fn targets_and_models_of_the_config_are_listed() {
    let folder = Folder::new("own-targets");
    folder.write(
        "ftlint.toml",
        "[targets.ours]\nextends = \"together\"\ntitle = \"Our trainer\"\n[models.ours-7b]\ntarget = \"ours\"\n",
    );
    let list = folder.run(&["targets"]);
    assert!(list.code == 0 && list.stdout.contains("Our trainer"), "{}{}", list.stdout, list.stderr);
    assert!(folder.run(&["targets", "ours"]).stdout.starts_with("ours: Our trainer\n"));
    assert!(folder.run(&["models", "--target", "ours"]).stdout.contains("ours-7b"));
    assert_eq!(folder.run(&["targets", "ours", "--isolated"]).code, 2);
}

#[test]
fn findings_are_counted_by_rule() {
    let folder = Folder::new("statistics");
    folder.write("a.jsonl", lines(BAD, 20) + "\n" + BAD).write("b.jsonl", many(&BAD.replace("Hello!", "Hello?")));
    let run = folder.run(&["a.jsonl", "b.jsonl", "--statistics"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout, @r"
    81  error    FT104 unknown-role
     1  warning  FT006 blank-line
     1  warning  FT407 few-examples
    81 errors, 2 warnings in 81 examples of 2 files
    ");
    let json = folder.run(&["a.jsonl", "b.jsonl", "--statistics", "--format", "json"]);
    let rows: Vec<serde_json::Value> = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(rows[0].to_string(), r#"{"code":"FT104","count":81,"level":"error","rule":"unknown-role"}"#);
    let lines = folder.run(&["a.jsonl", "b.jsonl", "--statistics", "--format", "json-lines"]);
    assert_eq!(lines.stdout.lines().count(), 3);
    for format in ["sarif", "github", "gitlab", "junit", "rdjson"] {
        let run = folder.run(&["a.jsonl", "--statistics", "--format", format]);
        let said =
            format!("error: --statistics needs --output-format full, concise, json or json-lines, not {format}\n");
        assert!(run.code == 2 && run.stdout.is_empty() && run.stderr.starts_with(&said), "{format}: {}", run.stderr);
    }
}
