//! Faults of the system under the real binary: outputs that are closed or full, limits, disks that fail, files that are
//! written anew while they are read, lines and archives beyond all measure. No panic, a clear error, memory that stays.
//!
//! Sizes are small here; `FTLINT_LINE_BYTES`, `FTLINT_WRONG_LINES` and `FTLINT_BOMB_BYTES` ask for more.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stderr, reason = "what was skipped, and times and memory, are for people")]

#[path = "common/disk.rs"]
mod disk;
#[path = "common/folder.rs"]
mod folder;

use disk::on_small_disk;
use folder::Folder;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const GOOD: &str = "{\"prompt\":\"2+2=\",\"completion\":\" 4\"}\n";
const BAD: &str = "{\"prompt\":\"2+2=\",\"completion\":\"\"}\n";
const FORMATS: [&str; 9] = ["full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson"];

impl Folder {
    fn prepare(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = self.program(program);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).args(arguments);
        command
    }

    fn command(&self, arguments: &[&str]) -> Command {
        self.prepare(env!("CARGO_BIN_EXE_ftlint"), arguments)
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::new(self.command(arguments).output().unwrap())
    }

    /// Runs a shell script in which `$ftlint` is the binary.
    fn shell(&self, script: &str) -> Run {
        Run::new(self.prepare("sh", &["-c", script]).env("ftlint", env!("CARGO_BIN_EXE_ftlint")).output().unwrap())
    }
}

impl Drop for Folder {
    /// Some files are large.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
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
        let run = Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        run
    }
}

/// Waits for a child, and tells how much memory it had at most that is no file, in MB.
fn watch(mut child: Child) -> (Run, u64) {
    let status = format!("/proc/{}/status", child.id());
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        text
    });
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let of = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0)
        };
        peak = peak.max(of("RssAnon:") / 1000);
        std::thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output().unwrap();
    let mut run = Run::new(output);
    run.stdout = reader.join().unwrap();
    (run, peak)
}

/// A size that may be asked for.
fn size(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect(name))
}

#[test]
fn an_output_that_is_closed_changes_no_exit_code() {
    let folder = Folder::new("closed");
    folder.file("train.jsonl", BAD.repeat(20));
    for format in FORMATS {
        let run = folder.shell(&format!("exec $ftlint --output-format {format} train.jsonl >&-"));
        assert_eq!((run.code, run.stderr.contains("cannot be written")), (Some(1), false), "{format}: {}", run.stderr);
    }
    assert_eq!(folder.shell("exec $ftlint train.jsonl >&- 2>&- <&-").code, Some(1));
    // What is opened next has the number of what was closed: no report must end up there.
    let run = folder.shell("exec $ftlint --output-format json -o report.json train.jsonl >&- 2>&- <&-");
    assert_eq!(run.code, Some(1));
    let report: serde_json::Value = serde_json::from_slice(&fs::read(folder.0.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["summary"]["errors"], 20);
    assert_eq!(fs::read_to_string(folder.0.join("train.jsonl")).unwrap(), BAD.repeat(20));
}

#[test]
fn an_output_that_is_full_fails_in_every_format() {
    let folder = Folder::new("full");
    folder.file("train.jsonl", BAD.repeat(20));
    folder.file("fixable.jsonl", GOOD.repeat(20).replacen('}', ",}", 3));
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let said = "ftlint: the output cannot be written: no space left on device";
    let mut commands: Vec<Vec<&str>> =
        FORMATS.iter().map(|format| vec!["--output-format", *format, "train.jsonl"]).collect();
    commands.push(vec!["--statistics", "train.jsonl"]);
    commands.push(vec!["--diff", "fixable.jsonl"]);
    commands.push(vec!["--show-files", "train.jsonl"]);
    commands.push(vec!["--show-settings", "train.jsonl"]);
    commands.push(vec!["stats", "train.jsonl"]);
    commands.push(vec!["stats", "--per-example", "--output-format", "json-lines", "train.jsonl"]);
    for arguments in ["rules", "models", "targets", "man", "--help", "--version"] {
        commands.push(vec![arguments]);
    }
    for arguments in commands {
        let run = Run::new(folder.command(&arguments).stdout(full()).output().unwrap());
        assert_eq!((run.code, run.stderr.lines().last()), (Some(2), Some(said)), "{arguments:?}: {}", run.stderr);
    }
    for format in FORMATS {
        let run = folder.run(&["--output-format", format, "-o", "/dev/full", "train.jsonl"]);
        assert_eq!((run.code, run.stderr.lines().last()), (Some(2), Some(said)), "{format}");
    }
}

#[test]
fn a_report_on_a_disk_that_is_full_fails() {
    let folder = Folder::new("full-disk");
    on_small_disk(&folder.0, "256k", || {
        folder.file("train.jsonl", BAD.repeat(3_000));
        for format in ["json", "json-lines", "sarif", "gitlab", "rdjson"] {
            let run = folder.run(&["--no-tokens", "--output-format", format, "-o", "report", "train.jsonl"]);
            let said = "ftlint: the output cannot be written: no space left on device\n";
            assert_eq!((run.code, run.stderr.as_str()), (Some(2), said), "{format}");
        }
    });
}

#[test]
fn a_pipe_that_closes_early_changes_no_exit_code() {
    let folder = Folder::new("head");
    folder.file("train.jsonl", BAD.repeat(30_000));
    for format in FORMATS {
        for caps in [&[][..], &["--max-per-rule", "none", "--max-diagnostics", "none"]] {
            let mut command = folder.command(&["--no-tokens", "--output-format", format, "train.jsonl"]);
            let mut child = command.args(caps).spawn().unwrap();
            let mut line = String::new();
            BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let run = Run::new(child.wait_with_output().unwrap());
            assert!(!line.is_empty() && run.code == Some(1), "{format}: {:?}", run.code);
            assert!(!run.stderr.contains("cannot be written"), "{format}: {}", run.stderr);
        }
    }
}

#[test]
fn few_file_handles_are_enough_and_too_few_are_named() {
    let folder = Folder::new("handles");
    let deep = format!("data{}", "/x".repeat(30));
    fs::create_dir_all(folder.0.join(&deep)).unwrap();
    folder.file(&format!("{deep}/deep.jsonl"), BAD);
    for number in 0..100 {
        folder.file(&format!("data/{number:03}.jsonl"), BAD);
    }
    let lint = "exec $ftlint --no-tokens -q --output-format concise --ignore few-examples,too-few-examples data";
    let run = folder.shell(&format!("ulimit -n 8; {lint}"));
    assert_eq!((run.code, run.stdout.lines().count(), run.stderr.as_str()), (Some(1), 101, ""), "{}", run.stdout);
    let run = folder.shell(&format!("ulimit -n 4; {lint}"));
    assert_eq!((run.code, run.stderr.lines().count()), (Some(2), 101), "{}", run.stderr);
    assert!(run.stderr.lines().all(|line| line.ends_with(".jsonl: too many open files")), "{}", run.stderr);
}

#[test]
fn what_does_not_fit_into_the_address_space_is_read() {
    let folder = Folder::new("address-space");
    let line = format!("{{\"prompt\":\"2+2=\",\"completion\":\" {}\"}}\n", "four ".repeat(4_000));
    let mut file = File::create(folder.0.join("train.jsonl")).unwrap();
    for _ in 0..200 {
        file.write_all(line.repeat(50).as_bytes()).unwrap();
    }
    file.write_all(BAD.as_bytes()).unwrap();
    let bytes = file.stream_position().unwrap();
    let lint = "exec $ftlint --no-tokens -q --output-format concise train.jsonl";
    let run = folder.shell(&format!("ulimit -v {}; {lint}", bytes / 1024));
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    assert!(run.stdout.starts_with("train.jsonl:10001:"), "{}", run.stdout);
}

#[test]
fn memory_that_is_not_there_is_named() {
    let folder = Folder::new("memory");
    folder.file("train.jsonl", GOOD.repeat(100_000));
    let mut refused = 0;
    for megabytes in (20..200).step_by(10) {
        let kilobytes = megabytes * 1000;
        let run =
            folder.shell(&format!("ulimit -v {kilobytes}; exec $ftlint -q -j 2 --output-format concise train.jsonl"));
        match run.code {
            Some(0 | 1) => assert_eq!(run.stderr, "", "{megabytes} MB"),
            Some(2) => {
                refused += 1;
                assert_eq!(run.stderr, "ftlint: out of memory\n", "{megabytes} MB");
            }
            // The program could not even be loaded.
            Some(126 | 127) => {}
            _ if run.stderr.is_empty() => assert!(megabytes < 100, "{megabytes} MB: killed while it was loaded"),
            code => panic!("{megabytes} MB: {code:?}: {}", run.stderr),
        }
    }
    assert!(refused > 0, "there was always enough");
    assert_eq!(folder.run(&["-q", "train.jsonl"]).code, Some(0));
}

/// A terminal of its own, whose other end cannot be read any more once this end is closed: the system says that it is
/// an error of the device.
#[allow(unsafe_code)]
fn terminal() -> (File, File) {
    use std::os::fd::FromRawFd as _;
    let (mut ours, mut theirs) = (0, 0);
    // SAFETY: the pointers are to integers and to flags, none of which is set: bytes pass as they are. The system gives
    // two descriptors that belong to nobody else. The children must not have them, or the other end stays open.
    unsafe {
        let mut flags: libc::termios = std::mem::zeroed();
        flags.c_cflag = libc::CS8 | libc::CREAD;
        let none = std::ptr::null_mut();
        assert_eq!(libc::openpty(&raw mut ours, &raw mut theirs, none, &raw const flags, std::ptr::null()), 0);
        for descriptor in [ours, theirs] {
            assert_eq!(libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC), 0);
        }
        (File::from_raw_fd(ours), File::from_raw_fd(theirs))
    }
}

#[test]
fn what_was_read_before_a_disk_failed_is_reported() {
    const LINES: usize = 60_000;
    let folder = Folder::new("disk");
    for (format, threads) in [("full", "1"), ("json-lines", "1"), ("full", "2"), ("json-lines", "2")] {
        let (ours, mut theirs) = terminal();
        let writer = std::thread::spawn(move || {
            // A little more than a chunk, and a part of a line.
            theirs.write_all(BAD.repeat(LINES).as_bytes()).unwrap();
            theirs.write_all(&BAD.as_bytes()[..20]).unwrap();
        });
        let arguments = ["-", "--no-tokens", "--output-format", format, "--threads", threads];
        let run = Run::new(folder.command(&arguments).stdin(ours).output().unwrap());
        writer.join().unwrap();
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains("ftlint: <stdin>: input/output error"), "{}", run.stderr);
        match format {
            "full" => {
                assert_eq!(run.stdout.lines().filter(|line| line.starts_with("FT302 ")).count(), 5, "{}", run.stdout);
                assert!(run.stdout.contains("… 59,995 more FT302"), "{}", run.stdout);
            }
            _ => {
                let found =
                    run.stdout.lines().filter(|line| line.contains("\"path\":\"<stdin>\",\"code\":\"FT302\"")).count();
                assert_eq!(found, LINES);
                assert!(!run.stdout.contains("invalid-json") && !run.stdout.contains("truncated"));
                assert!(
                    run.stdout.lines().last().unwrap().contains("input/output error"),
                    "the failure is in the report"
                );
            }
        }
    }
    let run = folder.run(&["/proc/self/mem"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(2), "ftlint: /proc/self/mem: input/output error\n"));
}

#[test]
fn a_file_that_is_written_anew_is_told_or_read_as_it_was() {
    let folder = Folder::new("anew");
    let text = GOOD.repeat(1_200_000); // 42 MB: some hundred milliseconds
    let mut told = 0;
    for delay in [0, 2, 5, 10, 20, 40, 60, 80] {
        let path = folder.file("a.jsonl", &text);
        let child = folder.command(&["a.jsonl", "--no-progress"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        // As `cp` does it: the old file is emptied, and the new one is written into it.
        fs::write(&path, &text).unwrap();
        let run = Run::new(child.wait_with_output().unwrap());
        match run.code {
            Some(0 | 1) => {}
            Some(2) => {
                told += 1;
                let anew = "a.jsonl: the file was written anew while it was read";
                let short = "a.jsonl: the file was cut short while it was read";
                assert!(run.stderr.contains(anew) || run.stderr.contains(short), "{}", run.stderr);
            }
            code => panic!("{code:?}: {}", run.stderr),
        }
        // Pages that are not there are zeros.
        assert!(!run.stdout.contains("nul-character"), "{}", run.stdout);
        // Only who opened it when it was written in part finds half a line at its end, and is told why.
        let is_half = run.stderr.contains("a.jsonl: the file was changed while it was read");
        assert!(is_half || !run.stdout.contains("invalid-json"), "{}{}", run.stderr, run.stdout);
    }
    assert!(told > 0, "it was never written in time");
}

#[test]
fn a_file_in_whose_place_another_is_put_is_read_to_its_end() {
    let folder = Folder::new("replaced");
    for flags in [&[][..], &["--no-mmap"]] {
        for delay in [0, 5, 20, 50] {
            folder.file("a.jsonl", GOOD.repeat(600_000));
            folder.file("b.jsonl", BAD);
            let mut command = folder.command(&["a.jsonl", "--no-tokens", "--output-format", "json"]);
            let child = command.args(flags).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(delay));
            fs::rename(folder.0.join("b.jsonl"), folder.0.join("a.jsonl")).unwrap();
            let run = Run::new(child.wait_with_output().unwrap());
            let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
            let examples = report["summary"]["examples"].as_u64().unwrap();
            assert!(examples == 600_000 || examples == 1, "{examples} examples");
            assert_eq!(run.stderr, "");
        }
    }
}

#[test]
fn a_line_as_long_as_a_disk() {
    let folder = Folder::new("long-line");
    let bytes = size("FTLINT_LINE_BYTES", 64_000_000);
    let text = "lorem ipsum dolor sit amet, consectetur. ".repeat(bytes / 41);
    let user = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"";
    let lines = [
        ("good", format!("{user}{text}\"}}]}}\n"), None),
        ("wrong role", format!("{user}{text}\"}},{{\"role\":\"asistant\",\"content\":\"x\"}}]}}\n"), Some("FT104")),
        ("no quote at its end", format!("{user}{text}}}]}}\n"), Some("FT")),
        ("no brace at its end", format!("{user}{text}\"}}]\n"), Some("FT")),
    ];
    for (what, line, code) in lines {
        let path = folder.file("a.jsonl", line.clone() + GOOD);
        drop(line);
        for (arguments, stdin) in [(&["a.jsonl"][..], None), (&["-"][..], Some(&path))] {
            let mut command = folder.command(&["--no-tokens", "-q", "--output-format", "concise"]);
            let mut feeder = None;
            if let Some(path) = stdin {
                // Through a pipe, so that it has no size.
                let mut cat = Command::new("cat").arg(path).stdout(Stdio::piped()).spawn().unwrap();
                command.stdin(cat.stdout.take().unwrap());
                feeder = Some(cat);
            }
            let start = Instant::now();
            let (run, peak) = watch(command.args(arguments).spawn().unwrap());
            feeder.into_iter().for_each(|mut cat| drop(cat.wait()));
            let seconds = start.elapsed().as_secs_f64();
            eprintln!("{bytes} bytes in a line, {what}, {arguments:?}: {seconds:.1} s, {peak} MB");
            assert!(run.stdout.len() < 4_000, "what is shown is a part of the line");
            assert!(code.is_none_or(|code| run.stdout.contains(code)), "{what}: {}", run.stdout);
            assert_eq!(run.stderr, "");
            let most = 5 * bytes as u64 / 1_000_000 + 100;
            assert!(peak < most, "{what}, {arguments:?}: {peak} MB for {bytes} bytes");
        }
    }
}

#[test]
#[ignore = "needs 3 GB of memory, and as much of disk"]
fn a_line_without_an_end_is_given_up() {
    let folder = Folder::new("endless-line");
    let text = GOOD.repeat(20_000);
    let packed = [zstd(text.as_bytes()), zstd(&vec![b'{'; 64 << 20]).repeat(32)].concat();
    folder.file("a.jsonl.zst", packed);
    for threads in ["1", "2"] {
        let command = folder.command(&["a.jsonl.zst", "--no-tokens", "--threads", threads]).spawn().unwrap();
        let (run, peak) = watch(command);
        let said = "ftlint: a.jsonl.zst: line 20,001: a line is longer than 1 GiB, and no further was read\n";
        assert_eq!((run.code, run.stderr.split_inclusive('\n').next()), (Some(2), Some(said)), "{}", run.stderr);
        eprintln!("a line without an end: {peak} MB");
    }
}

#[test]
fn a_file_in_which_all_is_wrong_takes_no_more_memory_the_longer_it_is() {
    let folder = Folder::new("all-wrong");
    let lines = size("FTLINT_WRONG_LINES", 300_000);
    let wrong = |count: usize| {
        let mut file = std::io::BufWriter::new(File::create(folder.0.join("a.jsonl")).unwrap());
        for number in 0..count {
            // A wrong role, a missing answer, a slip in the JSON, no JSON at all.
            match number % 4 {
                0 => writeln!(file, r#"{{"messages":[{{"role":"asistant","content":"Case {number}"}}]}}"#),
                1 => writeln!(file, r#"{{"messages":[{{"role":"user","content":"Case {number}"}}]}}"#),
                2 => writeln!(file, r#"{{"messages":[{{"role":"assistant","content":"Case {number}"}}]"#),
                _ => writeln!(file, "Case {number}"),
            }
            .unwrap();
        }
        file.into_inner().unwrap();
    };
    // What is known of each line for the rules about duplicates is measured apart.
    let ignore = "--ignore=FT501,FT504,FT505";
    for format in ["full", "json-lines", "junit", "github"] {
        let mut peaks = Vec::new();
        for count in [lines / 4, lines] {
            wrong(count);
            let start = Instant::now();
            let command = folder.command(&["a.jsonl", ignore, "--no-tokens", "--output-format", format]).spawn();
            let (run, peak) = watch(command.unwrap());
            eprintln!("{count} lines, {format}: {:.1} s, {peak} MB", start.elapsed().as_secs_f64());
            assert_eq!(run.code, Some(1), "{}", run.stderr);
            peaks.push(peak);
            match format {
                "json-lines" => {
                    let of =
                        |code: &str| run.stdout.matches(&format!("\"path\":\"a.jsonl\",\"code\":\"{code}\"")).count();
                    assert_eq!(of("FT104"), count / 4);
                }
                _ => assert!(run.stdout.len() < 100_000, "{format}: {} bytes", run.stdout.len()),
            }
        }
        // Eight chunks of 1 MiB are out at most, and what was found in them.
        assert!(peaks[1] <= peaks[0] + peaks[0] / 3 + 60, "{format}: {peaks:?} MB");
    }
}

#[test]
fn very_many_findings_in_a_line_are_all_reported_in_time() {
    let folder = Folder::new("many-findings");
    for count in [25_000, 100_000] {
        let message = |number: usize| format!(r#"{{"role":"asistant","content":"é {number}"}}"#);
        let messages = (0..count).map(message).collect::<Vec<_>>().join(",");
        folder.file("a.jsonl", format!("{{\"messages\":[{messages}]}}\n"));
        let start = Instant::now();
        let run = folder.run(&["a.jsonl", "--no-tokens", "--output-format", "json-lines"]);
        let seconds = start.elapsed().as_secs_f64();
        eprintln!("{count} findings in a line: {seconds:.1} s");
        assert_eq!(run.stdout.matches("\"path\":\"a.jsonl\",\"code\":\"FT104\"").count(), count);
        // All pairs of them would take minutes.
        assert!(seconds < 60.0, "{seconds} s");
        let run = folder.run(&["a.jsonl", "--no-tokens"]);
        let more = if count == 100_000 { "99,995 more FT104" } else { "24,995 more FT104" };
        assert!(run.stdout.len() < 20_000 && run.stdout.contains(more), "{}", run.stdout);
    }
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    flate2::read::GzEncoder::new(bytes, flate2::Compression::default()).read_to_end(&mut packed).unwrap();
    packed
}

#[test]
fn what_unpacks_to_a_thousand_times_as_much_takes_no_more_memory() {
    let folder = Folder::new("bombs");
    let bytes = size("FTLINT_BOMB_BYTES", 300_000_000);
    let good = format!("{{\"prompt\":\"2+2=\",\"completion\":\" {}\"}}\n", "four ".repeat(2_000)).repeat(1_000);
    // Wrong, blank, and nothing but spaces.
    let texts = [("good", good), ("bad", BAD.repeat(300_000)), ("blank", "\n".repeat(10_000_000))];
    for (what, text) in texts {
        for (name, packed) in [("a.jsonl.gz", gzip(text.as_bytes())), ("a.jsonl.zst", zstd(text.as_bytes()))] {
            // Streams one after the other are one.
            let times = bytes.div_ceil(text.len());
            let packed_size = packed.len() * times;
            folder.file(name, packed.repeat(times));
            let ignore = "--ignore=FT501,FT504,FT505";
            let start = Instant::now();
            let (run, peak) = watch(folder.command(&[name, "--no-tokens", ignore]).spawn().unwrap());
            let seconds = start.elapsed().as_secs_f64();
            eprintln!("{what}, {name}: {packed_size} → {} bytes: {seconds:.1} s, {peak} MB", text.len() * times);
            assert!(matches!(run.code, Some(0 | 1)), "{}", run.stderr);
            assert!(run.stdout.len() < 50_000);
            assert!(peak < 100, "{what}, {name}: {peak} MB");
        }
    }
}

/// A zstd frame that asks for a window of this many bytes, as a power of two.
fn frame(window: u8, text: &[u8]) -> Vec<u8> {
    let block = u32::try_from(text.len()).unwrap() << 3 | 1; // stored as it is, and the last
    [&[0x28, 0xB5, 0x2F, 0xFD, 0, (window - 10) << 3][..], &block.to_le_bytes()[..3], text].concat()
}

#[test]
fn a_window_that_is_too_large_is_named() {
    let folder = Folder::new("window");
    let text = GOOD.repeat(60);
    folder.file("a.jsonl.zst", frame(27, text.as_bytes()));
    assert_eq!(folder.run(&["a.jsonl.zst"]).code, Some(0));
    for window in [28, 31, 41] {
        folder.file("a.jsonl.zst", frame(window, text.as_bytes()));
        let (run, peak) = watch(folder.command(&["a.jsonl.zst"]).spawn().unwrap());
        let said = "ftlint: a.jsonl.zst: the compressed data need more than 128 MiB of memory at once; unpack them with \
                    `zstd -d --long=31`\n";
        assert_eq!((run.code, run.stderr.as_str()), (Some(2), said));
        assert!(peak < 50);
    }
}

#[test]
fn an_interrupt_ends_the_run_at_once() {
    let folder = Folder::new("interrupt");
    let mut child = folder.command(&["-", "--no-tokens"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let lines = GOOD.repeat(10_000);
    // Without an end, until nobody reads any more.
    let writer = std::thread::spawn(move || while pipe.write_all(lines.as_bytes()).is_ok() {});
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it reads on");
    let start = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.signal(), Some(2));
    assert!(start.elapsed() < Duration::from_secs(5));
    writer.join().unwrap();
}
