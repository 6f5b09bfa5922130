//! What is read: patterns, lists, what is left out, compressed data, files that change meanwhile.

#[path = "common/folder.rs"]
mod folder;

use folder::Folder;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const GOOD: &str = "{\"prompt\":\"2+2=\",\"completion\":\" 4\"}\n";
const BAD: &str = "{\"prompt\":\"2+2=\",\"completion\":\"\"}\n";

impl Folder {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.ftlint();
        command.current_dir(&self.0).stdin(Stdio::null()).args(arguments);
        command.env_remove("FTLINT_OUTPUT_FORMAT").env_remove("FORCE_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    fn run(&self, arguments: &[&str], stdin: &[u8]) -> Run {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let stdin = stdin.to_vec();
        // The child may end without having read it all.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&stdin)));
        let run = Run::new(child.wait_with_output().unwrap());
        writer.join().unwrap();
        run
    }

    /// The names of the files that are linted with these arguments.
    fn linted(&self, arguments: &[&str]) -> Vec<String> {
        let run = self.run(&[&["--format", "json", "--no-tokens"], arguments].concat(), b"");
        let report: serde_json::Value = serde_json::from_str(&run.stdout).expect(&run.stderr);
        report["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect()
    }
}

struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    fn new(output: Output) -> Run {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    flate2::read::GzEncoder::new(text, flate2::Compression::fast()).read_to_end(&mut bytes).unwrap();
    bytes
}

fn zstd(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 1).unwrap()
}

/// Both have findings of one rule, which must not be taken for those of the other; what was found is counted.
#[test]
fn a_file_that_ends_early_is_reported_with_what_was_found_in_it() {
    let folder = Folder::new("torn");
    let line = |n: usize| BAD.replace("2+2=", &format!("{:x}", (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    let packed = gzip((0..5_000).map(line).collect::<String>().as_bytes());
    folder.write("torn.jsonl.gz", &packed[..packed.len() / 2]).write("b.jsonl", BAD);
    let run = |format: &str, flags: &[&str]| {
        let fixed = ["--no-tokens", "--select", "FT302", "--output-format", format, "torn.jsonl.gz", "b.jsonl"];
        let run = folder.run(&[&fixed, flags].concat(), b"");
        assert_eq!(run.code, Some(2), "{format}");
        assert_eq!(run.stderr.matches("torn.jsonl.gz: ").count(), 1, "{format}: {}", run.stderr);
        run.stdout
    };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let report = json(&run("json", &[]));
    let found = report["findings"].as_array().unwrap().len() as u64;
    assert!((100..5_000).contains(&found), "{found}");
    assert_eq!(
        (&report["files"][0]["path"], &report["files"][0]["complete"]),
        (&"torn.jsonl.gz".into(), &false.into())
    );
    assert_eq!((&report["files"][0]["errors"], &report["files"][1]["errors"]), (&(found - 1).into(), &1.into()));
    assert!(report["files"][1].get("complete").is_none());
    assert_eq!((&report["summary"]["errors"], &report["summary"]["files"]), (&found.into(), &2.into()));
    assert_eq!(report["summary"]["failures"][0]["path"], "torn.jsonl.gz");
    let lines = run("json-lines", &[]);
    assert_eq!(lines.lines().filter(|line| json(line)["type"] == "file").count(), 2);
    let more = run("concise", &["--max-per-rule", "1"]);
    let more: Vec<&str> = more.lines().map(|line| line.split_once(": ").unwrap().1).collect();
    assert_eq!(more.len(), 3, "{more:?}");
    assert!(more[1].starts_with(&format!("… {},", (found - 2) / 1000)) || found < 1002, "{more:?}");
    let full = run("full", &[]);
    let end = ", as far as it could be read";
    assert_eq!(full.lines().filter(|line| line.starts_with("torn.jsonl.gz: ") && line.ends_with(end)).count(), 1);
    assert!(full.contains("\nb.jsonl: 1 error in 1 example") && full.contains("\n2 files: "), "{full}");
    let xml = run("junit", &[]);
    let suites = quick_junit::Report::deserialize_from_str(&xml).unwrap().test_suites;
    let cases = |n: usize| suites[n].test_cases.iter().map(|case| case.name.as_str()).collect::<Vec<_>>();
    assert_eq!(
        (suites.len(), cases(0), cases(1)),
        (2, vec!["failed", "FT302 empty-completion"], vec!["FT302 empty-completion"])
    );
    let notice = run("github", &[]);
    assert!(notice.lines().last().is_some_and(|last| last.starts_with("::notice")), "{notice}");
    for format in ["sarif", "gitlab", "rdjson"] {
        json(&run(format, &[]));
    }
    assert!(run("json", &["--statistics"]).contains(&format!("\"count\":{found}")));

    let page = folder.run(&["report", "--select", "FT302", "torn.jsonl.gz", "b.jsonl"], b"");
    assert_eq!(page.code, Some(2));
    let sections: Vec<&str> = page.stdout.split("<section").skip(1).collect();
    assert_eq!(sections.len(), 2, "{}", page.stdout);
    assert!(sections[0].contains("torn.jsonl.gz") && sections[0].contains("Not read to its end: "), "{}", sections[0]);
    assert_eq!([sections[0].matches("<pre").count(), sections[1].matches("<pre").count()], [5, 1]);
    let stats = folder.run(&["stats", "--output-format", "json", "torn.jsonl.gz", "b.jsonl"], b"");
    let stats = json(&stats.stdout);
    assert_eq!((&stats["files"][0]["complete"], &stats["files"][0]["jobs"]), (&false.into(), &serde_json::json!([])));
    let text = folder.run(&["stats", "torn.jsonl.gz"], b"").stdout;
    assert!(text.contains("all figures are of what was read") && !text.contains("per 1M"), "{text}");
    // Nor is the report of a job about a part of its data.
    let request = r#"{"model":"gpt-4.1-mini-2025-04-14","training_file":"torn.jsonl.gz"}"#;
    let job = folder.write("request.json", request).run(&["job", "--output-format", "json", "request.json"], b"");
    assert_eq!((job.code, &json(&job.stdout)["request"]["training"]), (Some(2), &serde_json::Value::Null));
}

/// What is inside is linted all the same.
#[test]
fn compressed_data_under_a_plain_name_is_refused() {
    let folder = Folder::new("disguised");
    let text = BAD.repeat(2).into_bytes();
    folder.write("a.jsonl", gzip(&text)).write("a.NDJSON", zstd(&text)).write("a.jsonl.gz", gzip(&text));
    let run = |name: &str, stdin: &[u8]| {
        let run = folder.run(&["--no-tokens", "--format", "concise", "--select", "FT028,FT302", name], stdin);
        (run.stdout.lines().filter(|line| line.contains("FT028")).map(str::to_owned).collect::<Vec<_>>(), run.stdout)
    };
    for (name, what) in [("a.jsonl", "gzip"), ("a.NDJSON", "zstd")] {
        let (found, all) = run(name, b"");
        let said = format!("FT028 binary-file the file is {what} data, not text");
        assert!(found.len() == 1 && found[0].ends_with(&said), "{all}");
        assert!(all.lines().count() > 1, "{all}");
    }
    assert!(run("a.jsonl.gz", b"").0.is_empty());
    assert!(run("-", &gzip(&text)).0.is_empty());
}

#[test]
fn patterns_stand_for_files() {
    let folder = Folder::new("patterns");
    folder.write("a.jsonl", GOOD).write("b.jsonl", GOOD).write("x/c.jsonl", GOOD).write("x/y/d.ndjson", GOOD);
    folder.write("[odd].jsonl", GOOD);
    assert_eq!(folder.linted(&["?.jsonl"]), ["a.jsonl", "b.jsonl"]);
    assert_eq!(folder.linted(&["**/*.ndjson", "a*"]), ["x/y/d.ndjson", "a.jsonl"]);
    assert_eq!(folder.linted(&["x*"]), ["x/c.jsonl", "x/y/d.ndjson"], "a folder that a pattern matches is walked");
    assert_eq!(folder.linted(&["[odd].jsonl"]), ["[odd].jsonl"], "a file of that very name is no pattern");
    let run = folder.run(&["*.json"], b"");
    assert_eq!((run.code, run.stderr.as_str()), (Some(2), "ftlint: *.json: no file matches this pattern\n"));
}

/// One syntax holds wherever files are named.
#[test]
fn patterns_have_braces_and_ask_for_hidden_names() {
    let folder = Folder::new("braces");
    folder.write("a.jsonl", GOOD).write("b.jsonl", GOOD).write("c.jsonl", GOOD).write("r[1].jsonl", GOOD);
    folder
        .write("d/one/x.jsonl", GOOD)
        .write("d/two/x.jsonl", GOOD)
        .write("d/.h/x.jsonl", GOOD)
        .write("e{1}.jsonl", GOOD);
    assert_eq!(folder.linted(&["{a,c}.jsonl"]), ["a.jsonl", "c.jsonl"]);
    assert_eq!(folder.linted(&["./{a,c}.jsonl"]), ["./a.jsonl", "./c.jsonl"]);
    assert_eq!(folder.linted(&["d/{one,two}/*.jsonl"]), ["d/one/x.jsonl", "d/two/x.jsonl"]);
    assert_eq!(folder.linted(&["d/*/x.jsonl"]), ["d/one/x.jsonl", "d/two/x.jsonl"]);
    assert_eq!(folder.linted(&["d/**"]), ["d/one/x.jsonl", "d/two/x.jsonl"]);
    assert_eq!(folder.linted(&["d/.h/*"]), ["d/.h/x.jsonl"]);
    assert_eq!(folder.linted(&["../braces/[ab].jsonl"]), ["../braces/a.jsonl", "../braces/b.jsonl"]);
    assert_eq!(folder.linted(&["r[1].jsonl", "e{1}.jsonl"]), ["r[1].jsonl", "e{1}.jsonl"]);
    folder.write("ftlint.toml", "data = [{ train = [\"{a,b}.jsonl\", \"r[1].jsonl\"], validation = \"c.jsonl\" }]");
    assert_eq!(folder.linted(&[]), ["a.jsonl", "b.jsonl", "r[1].jsonl", "c.jsonl"]);
    assert_eq!(folder.linted(&["*.jsonl", "--exclude", "{a,b}.jsonl,r*"]), ["c.jsonl", "e{1}.jsonl"]);
    for (pattern, reason) in [("a[", "this is no pattern: "), ("x{a,b}.jsonl", "no file matches this pattern")] {
        let run = folder.run(&[pattern], b"");
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.starts_with(&format!("ftlint: {pattern}: {reason}")), "{}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn names_need_not_be_utf_8() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let folder = Folder::new("bytes");
    folder.write("a.jsonl", GOOD).write("d/b.jsonl", GOOD);
    let odd = OsStr::from_bytes(b"\xff.jsonl");
    if fs::write(folder.0.join(odd), GOOD).is_err() {
        // Not every file system has such names.
        return;
    }
    assert_eq!(folder.linted(&["*.jsonl"]), ["a.jsonl", "\u{fffd}.jsonl"]);
    assert_eq!(folder.linted(&["a*"]), ["a.jsonl"]);
    assert_eq!(folder.linted(&["**/b.jsonl"]), ["d/b.jsonl"]);
    folder.write("list", b"a.jsonl\r\n\n\xff.jsonl");
    assert_eq!(folder.linted(&["--file-list", "list"]), ["a.jsonl", "\u{fffd}.jsonl"]);
    folder.write("ftlint.toml", "data = [{ train = \"*.jsonl\" }]");
    assert_eq!(folder.linted(&[]), ["a.jsonl", "\u{fffd}.jsonl"]);
}

#[cfg(unix)]
#[test]
fn patterns_look_through_links_to_folders_and_into_no_circle() {
    let folder = Folder::new("linked");
    folder.write("d/a.jsonl", GOOD);
    std::os::unix::fs::symlink("d", folder.0.join("link")).unwrap();
    std::os::unix::fs::symlink("..", folder.0.join("d/up")).unwrap();
    assert_eq!(folder.linted(&["l*/a.jsonl"]), ["link/a.jsonl"]);
    assert_eq!(folder.linted(&["**/*.jsonl"]), ["d/a.jsonl"]);
}

#[test]
fn what_is_excluded_is_not_read() {
    let folder = Folder::new("exclude");
    folder.write("data/a.jsonl", GOOD).write("data/old/b.jsonl", BAD).write("data/c.tmp.jsonl", BAD);
    assert_eq!(folder.linted(&["data", "--exclude", "old,*.tmp.jsonl"]), ["data/a.jsonl"]);
    assert_eq!(folder.linted(&["data", "--exclude", "data/old", "--exclude", "c.*"]), ["data/a.jsonl"]);
    // Named one by one a file is read, unless that is said as well.
    let named = ["data/old/b.jsonl", "data/a.jsonl", "--exclude", "old"];
    assert_eq!(folder.linted(&named).len(), 2);
    assert_eq!(folder.linted(&[&named[..], &["--force-exclude"]].concat()), ["data/a.jsonl"]);
    let run = folder.run(&["data/old/b.jsonl", "--exclude", "old", "--force-exclude"], b"");
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("all files are excluded"), "{}", run.stderr);
    assert_eq!(folder.run(&["missing.jsonl", "--exclude", "old", "--force-exclude"], b"").code, Some(2));
    let run = folder.run(&["data", "--exclude", "a["], b"");
    assert!(run.code == Some(2) && run.stderr.contains("'--exclude <GLOB>': `a[` is no pattern"), "{}", run.stderr);
}

#[test]
fn patterns_of_a_config_are_seen_from_its_folder() {
    let folder = Folder::new("exclude-config");
    folder.write("r[1]/data/a.jsonl", GOOD).write("r[1]/data/old/b.jsonl", BAD).write("r[1]/old/c.jsonl", GOOD);
    let linted = |pattern: &str| {
        folder.write("r[1]/ftlint.toml", format!("exclude = [\"{pattern}\"]\n"));
        let mut command = folder.command(&["--show-files", "."]);
        let run = Run::new(command.current_dir(folder.0.join("r[1]")).output().unwrap());
        run.stdout.lines().map(|line| line.trim_start_matches("./").replace('\\', "/")).collect::<Vec<_>>()
    };
    for pattern in ["data/old", "./data/old", "data/old/", "data/*/b.jsonl", "../r[[]1]/data/old"] {
        assert_eq!(linted(pattern), ["data/a.jsonl", "old/c.jsonl"], "{pattern}");
    }
    assert_eq!(linted("old"), ["data/a.jsonl"]);
    assert_eq!(linted("./old"), ["data/a.jsonl", "data/old/b.jsonl"], "that of this folder, and no other");
}

#[test]
fn of_each_file_its_own_config_says_whether_it_is_left_out() {
    let folder = Folder::new("exclude-nested");
    for name in ["x.jsonl", "sub/x.jsonl", "sub/y.jsonl", "sub/deep/z.jsonl", "top/deep/z.jsonl", "top/t.jsonl"] {
        folder.write(name, GOOD);
    }
    folder.write("ftlint.toml", "exclude = [\"deep\"]\n").write("sub/ftlint.toml", "exclude = [\"y.jsonl\"]\n");
    let all = ["./sub/deep/z.jsonl", "./sub/x.jsonl", "./top/t.jsonl", "./x.jsonl"];
    assert_eq!(folder.linted(&["."]), all);
    // A project of others is none of our business.
    folder.write("top/pyproject.toml", "[project]\n");
    assert_eq!(folder.linted(&["."]), all);
    assert_eq!(folder.linted(&["sub", "sub/*.jsonl"]), ["sub/deep/z.jsonl", "sub/x.jsonl"]);
    assert_eq!(folder.linted(&["sub/y.jsonl", "sub/x.jsonl", "--force-exclude"]), ["sub/x.jsonl"]);
    folder.write("sub/ftlint.toml", "extend = \"../ftlint.toml\"\n");
    assert_eq!(folder.linted(&["."]), ["./sub/x.jsonl", "./sub/y.jsonl", "./top/t.jsonl", "./x.jsonl"]);
    // Flags go over all of them.
    assert_eq!(folder.linted(&[".", "--exclude", "sub,top"]), ["./x.jsonl"]);
    folder.write("sub/ftlint.toml", "exclude = [\"a[\"]\n");
    let run = folder.run(&["."], b"");
    assert!(run.code == Some(2) && run.stderr.contains("exclude: `a[` is no pattern"), "{}", run.stderr);
    assert!(run.stderr.contains("[sub/ftlint.toml:1:12]"), "{}", run.stderr);
}

#[test]
fn extensions_are_read_in_any_case() {
    let folder = Folder::new("upper-case");
    folder.write("d/Train.JSONL", GOOD).write("d/b.Jsonl.GZ", gzip(GOOD.as_bytes()));
    assert_eq!(folder.linted(&["d"]), ["d/Train.JSONL", "d/b.Jsonl.GZ"]);
    let run = folder.run(&["d", "--select", "FT012,FT028"], b"");
    assert_eq!((run.code, run.stdout.contains("FT0")), (Some(0), false), "{}", run.stdout);
}

#[test]
fn folders_are_walked_without_what_is_hidden_or_ignored() {
    let folder = Folder::new("ignored");
    let names = [
        ".cache/h.jsonl",
        ".h.jsonl",
        ".venv/h.jsonl",
        "a.jsonl",
        "node_modules/p/b.jsonl",
        "out/c.jsonl",
        "raw/d.jsonl",
        "venv/lib/e.jsonl",
        "x/skip.jsonl",
    ]
    .map(|name| format!("d/{name}"));
    for name in &names {
        folder.write(name, GOOD);
    }
    fs::create_dir(folder.0.join("d/.git")).unwrap();
    // Git has no say: data are often kept out of it.
    folder.write("d/.gitignore", "*.jsonl\n").write("d/x/.ignore", "skip.*\n").write("d/.ignore", "raw\n");
    assert_eq!(folder.linted(&["d"]), ["d/a.jsonl", "d/out/c.jsonl"]);
    assert_eq!(folder.linted(&["d", "--no-ignore"]), names[3..]);
    // What is named is meant.
    let named: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(folder.linted(&named), names);
    assert_eq!(
        folder.linted(&["d/.cache", "d/out", "d/venv"]),
        ["d/.cache/h.jsonl", "d/out/c.jsonl", "d/venv/lib/e.jsonl"]
    );
    assert_eq!(folder.linted(&["d/**/*.jsonl"]), names[3..], "in shells too `*` matches nothing hidden");
    assert_eq!(folder.linted(&["d/.c*/*.jsonl"]), ["d/.cache/h.jsonl"]);
    let run = folder.run(&["d/x"], b"");
    let said = "ftlint: d/x: all .jsonl and .ndjson files in this folder are ignored; --no-ignore reads them\n";
    assert_eq!((run.code, run.stderr.as_str()), (Some(2), said));
    let run = folder.run(&["d", "--exclude", "a.jsonl", "--exclude", "out"], b"");
    assert!(run.code == Some(0) && run.stderr.contains("all files are excluded"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed_and_a_file_has_one_name() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    folder.write("outside.jsonl", GOOD).write("d/real/a.jsonl", GOOD).write("e/b.jsonl", GOOD);
    for (target, link) in
        [("..", "d/loop"), ("real", "d/linked"), ("../e/b.jsonl", "d/b.jsonl"), ("b.jsonl", "d/c.jsonl")]
    {
        symlink(target, folder.0.join(link)).unwrap();
    }
    assert_eq!(folder.linted(&["d"]), ["d/b.jsonl", "d/real/a.jsonl"]);
    assert_eq!(folder.linted(&["d/linked"]), ["d/linked/a.jsonl"], "one that is named is");
    assert_eq!(folder.linted(&["e", "d/linked/a.jsonl", "d"]), ["e/b.jsonl", "d/linked/a.jsonl"]);
}

#[test]
fn files_are_taken_from_a_list() {
    let folder = Folder::new("list");
    folder.write("a.jsonl", GOOD).write("b c.jsonl", GOOD).write("files.txt", "a.jsonl\r\n\nb c.jsonl\n");
    assert_eq!(folder.linted(&["--file-list", "files.txt"]), ["a.jsonl", "b c.jsonl"]);
    let run = folder.run(&["--file-list", "-", "--format", "concise"], b"b c.jsonl\n");
    assert!(run.stdout.contains("b c.jsonl"), "{}", run.stdout);
    let run = folder.run(&["--file-list", "none.txt"], b"");
    assert_eq!((run.code, run.stderr.as_str()), (Some(2), "ftlint: none.txt: no such file or directory\n"));
    let run = folder.run(&["stats", "--file-list", "files.txt"], b"");
    assert!(run.code == Some(0) && run.stdout.contains("b c.jsonl: 1 example"), "{}", run.stdout);
}

#[test]
fn standard_input_can_have_a_name() {
    let folder = Folder::new("stdin");
    let run = folder.run(&["-", "--stdin-filename", "data/train.json", "--format", "concise"], GOOD.as_bytes());
    assert!(run.stdout.contains("data/train.json:1:1: FT012 wrong-extension"), "{}", run.stdout);
    let exclude = ["-", "--stdin-filename", "data/train.jsonl", "--exclude", "data", "--force-exclude"];
    let run = folder.run(&exclude, BAD.as_bytes());
    assert!(run.code == Some(0) && run.stderr.contains("excluded"), "{}", run.stderr);
}

#[test]
fn compressed_data_is_read_like_plain_data() {
    let folder = Folder::new("compressed");
    let good =
        |numbers: std::ops::Range<u64>| -> String { numbers.map(|n| GOOD.replace("2+2", &format!("{n}+2"))).collect() };
    let text = (good(100..30_100) + BAD + &good(50_000..53_000)).into_bytes();
    folder.write("a.jsonl", &text).write("a.jsonl.gz", gzip(&text)).write("a.jsonl.zst", zstd(&text));
    folder.write("misnamed.jsonl", gzip(&text)).write("other.txt", &text);
    let report = |arguments: &[&str], stdin: &[u8]| {
        let run = folder.run(&[&["--format", "json"], arguments].concat(), stdin);
        assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
        let mut report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        for list in ["findings", "files"] {
            for item in report[list].as_array_mut().unwrap() {
                item["path"] = "a".into();
            }
        }
        report
    };
    let plain = report(&["a.jsonl"], b"");
    assert_eq!(plain["findings"][0]["line"], 30_001);
    assert_eq!(plain["files"][0]["bytes"], text.len());
    for name in ["a.jsonl.gz", "a.jsonl.zst"] {
        assert_eq!(report(&[name], b""), plain, "{name}");
        assert_eq!(report(&[name, "--no-mmap", "--threads", "1"], b""), plain, "{name}");
        assert_eq!(report(&["-", "--stdin-filename", "a.jsonl"], &fs::read(folder.0.join(name)).unwrap()), plain);
    }
    assert_eq!(folder.linted(&["."]), ["./a.jsonl", "./a.jsonl.gz", "./a.jsonl.zst", "./misnamed.jsonl"]);
}

#[test]
fn compressed_data_that_is_cut_off_is_an_error_after_what_was_found() {
    let folder = Folder::new("cut-off");
    // Numbers, so that it is not packed into next to nothing.
    let lines: String =
        (0..20_000).map(|n| format!("{{\"prompt\":\"{}\",\"completion\":\"\"}}\n", n * n % 7919)).collect();
    for (name, bytes) in [("a.jsonl.gz", gzip(lines.as_bytes())), ("a.jsonl.zst", zstd(lines.as_bytes()))] {
        folder.write(name, &bytes[..bytes.len() - 20]);
        let run = folder.run(&[name], b"");
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains(&format!("ftlint: {name}: the compressed data are cut off")), "{}", run.stderr);
        assert!(run.stdout.contains("FT302"), "{}", run.stdout);
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_read_kills_nothing() {
    let folder = Folder::new("shrinks");
    let text = GOOD.repeat(1_200_000); // 42 MB: some hundred milliseconds
    let mut cut_short = 0;
    for delay in [0, 2, 5, 10, 20, 40] {
        let path = folder.write("a.jsonl", &text).0.join("a.jsonl");
        let mut command = folder.command(&["a.jsonl", "--no-progress"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        File::options().write(true).open(&path).unwrap().set_len(1000).unwrap();
        let run = Run::new(child.wait_with_output().unwrap());
        match run.code {
            // It was done before, or began after.
            Some(0 | 1) => {
                assert!(!run.stdout.contains("FT001") || run.stdout.contains("28 examples"), "{}", run.stdout)
            }
            Some(2) => {
                cut_short += 1;
                assert!(run.stderr.contains("a.jsonl: the file was cut short while it was read"), "{}", run.stderr);
            }
            code => panic!("{code:?}: {}", run.stderr),
        }
        assert!(!run.stdout.contains("FT027") && !run.stdout.contains("FT019"), "{}", run.stdout);
    }
    assert!(cut_short > 0, "it was never cut short in time");
}

#[test]
fn a_file_that_grows_while_it_is_read_is_told() {
    let folder = Folder::new("grows");
    let path = folder.write("a.jsonl", GOOD.repeat(1_200_000)).0.join("a.jsonl");
    for flags in [&["a.jsonl"][..], &["a.jsonl", "--no-mmap"]] {
        let child = folder.command(flags).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        for _ in 0..100 {
            File::options().append(true).open(&path).unwrap().write_all(GOOD.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(1));
        }
        let run = Run::new(child.wait_with_output().unwrap());
        assert!(matches!(run.code, Some(0 | 1)), "{}", run.stderr);
        assert!(run.stderr.contains("a.jsonl: the file was changed while it was read"), "{}", run.stderr);
    }
}
