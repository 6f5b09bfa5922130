//! Examples that are almost the same: planted ones are found and others are not, whatever the threads.

#[path = "common/folder.rs"]
mod folder;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use fastrand::Rng;
use folder::Folder;
use serde_json::{Value, json};

impl Folder {
    fn lines(&self, name: &str, lines: &[String]) -> &Self {
        self.write(
            name,
            lines.join(
                "
",
            ) + "
",
        )
    }

    fn run(&self, arguments: &[&str], stdin: Option<&[u8]>) -> (String, String, Option<i32>) {
        let mut command = self.ftlint();
        command.current_dir(&self.0).env_remove("FTLINT_OUTPUT_FORMAT");
        command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.args(["--no-tokens", "--isolated"]).args(arguments).spawn().unwrap();
        let feeder = stdin.map(|bytes| {
            let (mut pipe, bytes) = (child.stdin.take().unwrap(), bytes.to_vec());
            std::thread::spawn(move || pipe.write_all(&bytes).unwrap())
        });
        let output = child.wait_with_output().unwrap();
        feeder.into_iter().for_each(|feeder| feeder.join().unwrap());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (text(&output.stdout), text(&output.stderr), output.status.code())
    }

    /// The findings of a rule: their lines and messages.
    fn findings(&self, rule: &str, arguments: &[&str]) -> Vec<(u64, String)> {
        let (out, error, _) = self.run(&[&["--format", "json", "--select", rule], arguments].concat(), None);
        let report: Value = serde_json::from_str(&out).expect(&error);
        let findings = report["findings"].as_array().unwrap().iter();
        findings.map(|one| (one["line"].as_u64().unwrap_or(0), one["message"].as_str().unwrap().to_owned())).collect()
    }
}

/// Words that nobody knows.
fn vocabulary(random: &mut Rng) -> Vec<String> {
    let syllables = ["ka", "lo", "mi", "ter", "un", "sha", "vo", "pri", "é", "dun", "gre", "xi", "bal", "or", "sten"];
    let word = |random: &mut Rng| (0..random.usize(1..4)).map(|_| random.choice(syllables).unwrap()).collect();
    (0..3000).map(|_| word(random)).collect()
}

fn words(random: &mut Rng, vocabulary: &[String], count: usize) -> Vec<String> {
    (0..count).map(|_| vocabulary[random.usize(..vocabulary.len())].clone()).collect()
}

/// The words as people write them, in an example with the system prompt of all.
fn example(random: &mut Rng, words: &[String]) -> String {
    let mut text = String::new();
    for word in words {
        let word = if random.u8(..8) == 0 { word.to_uppercase() } else { word.clone() };
        text += &word;
        text += random.choice([" ", " ", " ", ", ", ". ", "\n"]).unwrap();
    }
    let system = "This is what all of them have in common, and it is longer than much of what they say. ".repeat(4);
    let half = text.char_indices().nth(text.chars().count() / 3).unwrap().0;
    // A message ends where a word does.
    let half = text[half..].find(' ').map_or(text.len(), |space| half + space);
    let (user, answer) = text.split_at(half);
    json!({"messages": [
        {"role": "system", "content": system},
        {"role": "user", "content": user},
        {"role": "assistant", "content": answer},
    ]})
    .to_string()
}

/// Changes a text in one of the ways in which people and scripts do.
fn edit(random: &mut Rng, vocabulary: &[String], text: &[String]) -> Vec<String> {
    let mut edited = text.to_vec();
    match random.u8(..6) {
        // Some words are others.
        0 => {
            for _ in 0..random.usize(1..=text.len().div_ceil(15)) {
                edited[random.usize(..text.len())] = random.choice(vocabulary).unwrap().clone();
            }
        }
        // A sentence more.
        1 => {
            let length = random.usize(2..=text.len().div_ceil(4) + 2);
            edited.extend(words(random, vocabulary, length));
        }
        // The end comes first.
        2 => edited.rotate_left(random.usize(1..text.len())),
        // Numbers.
        3 => {
            for _ in 0..random.usize(1..=3) {
                edited[random.usize(..text.len())] = random.u32(..).to_string();
            }
        }
        // Another end.
        4 => {
            edited.truncate(random.usize(text.len() / 3..text.len()));
            let rest = words(random, vocabulary, text.len() - edited.len());
            edited.extend(rest);
        }
        // Something is left out.
        _ => drop(edited.drain(..random.usize(1..=text.len() / 4))),
    }
    edited
}

/// The share of sequences of three words that two texts have in common.
fn jaccard(one: &[String], other: &[String]) -> f64 {
    let of = |text: &[String]| text.windows(3).map(<[String]>::to_vec).collect::<HashSet<_>>();
    let (one, other) = (of(one), of(other));
    let both = one.intersection(&other).count();
    both as f64 / (one.len() + other.len() - both) as f64
}

#[test]
fn what_was_planted_is_found_and_nothing_else() {
    let mut random = Rng::with_seed(11);
    let vocabulary = vocabulary(&mut random);
    let mut texts: Vec<Vec<String>> = Vec::new();
    // By the two lines: how alike they are.
    let mut planted = BTreeMap::new();
    for _ in 0..2000 {
        let length = random.usize(20..250);
        let text = words(&mut random, &vocabulary, length);
        let place = texts.len() as u64 + 1;
        if random.u8(..2) == 0 {
            let edited = edit(&mut random, &vocabulary, &text);
            planted.insert((place, place + 1), jaccard(&text, &edited));
            texts.push(text);
            texts.push(edited);
        } else {
            texts.push(text);
        }
    }
    let lines: Vec<String> = texts.iter().map(|text| example(&mut random, text)).collect();
    let folder = Folder::new("planted");
    folder.lines("train.jsonl", &lines);
    assert!(lines.iter().map(String::len).sum::<usize>() > 2_000_000, "several chunks");
    for (asked, arguments) in [(0.8, &["train.jsonl"][..]), (0.6, &["train.jsonl", "--similarity", "0.6"])] {
        let mut found = HashSet::new();
        for (line, message) in folder.findings("near-duplicate", arguments) {
            let pair =
                format!("2 examples are almost the same: lines {} and {} (", thousands(line - 1), thousands(line));
            assert!(message.starts_with(&pair), "{message}");
            assert!(planted[&(line - 1, line)] > asked - 0.12, "{message}: {}", planted[&(line - 1, line)]);
            found.insert((line - 1, line));
        }
        let share = |from: f64, to: f64| {
            let here: Vec<_> = planted.iter().filter(|(_, alike)| (from..to).contains(*alike)).collect();
            let hits = here.iter().filter(|(pair, _)| found.contains(pair)).count();
            (here.len() > 20, hits as f64 / here.len() as f64)
        };
        // Of what is clearly more alike than asked for all but very few are found, of what is clearly less nearly none;
        // at the border it is a matter of luck.
        let (many, recall) = share(asked + 0.05, 1.1);
        assert!(many && recall > 0.99, "{asked}: {recall}");
        let (many, border) = share(asked, asked + 0.05);
        assert!(many && border > 0.75, "{asked}: {border}");
        let (many, wrong) = share(0.0, asked - 0.05);
        assert!(many && wrong < 0.05, "{asked}: {wrong}");
    }
    // Neither threads nor the way in which bytes come make a difference.
    let run = |arguments: &[&str], stdin| {
        folder.run(&[&["--select", "FT502", "--max-per-rule", "none", "--format", "full"], arguments].concat(), stdin).0
    };
    let one = run(&["train.jsonl", "--threads", "1"], None);
    assert!(one.len() > 1000);
    assert!(one == run(&["train.jsonl", "--threads", "8"], None));
    assert!(one == run(&["train.jsonl", "--threads", "8", "--no-mmap"], None));
    let bytes = fs::read(folder.0.join("train.jsonl")).unwrap();
    assert!(one == run(&["-", "--stdin-filename", "train.jsonl"], Some(&bytes)));
    // By default nobody looks.
    assert_eq!(folder.run(&["train.jsonl", "--format", "concise"], None).0, "");
}

fn thousands(n: u64) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", n / 1000, n % 1000) }
}

/// Texts without anything in common, each as an example.
fn different(count: usize) -> Vec<Vec<String>> {
    let mut random = Rng::with_seed(5);
    let vocabulary = vocabulary(&mut random);
    (0..count).map(|_| words(&mut random, &vocabulary, 40)).collect()
}

fn completion(words: &[String]) -> String {
    json!({"prompt": words[..10].join(" "), "completion": words[10..].join(" ")}).to_string()
}

#[test]
fn groups_are_told_once_with_their_lines() {
    let texts = different(6);
    let mut lines: Vec<String> = texts.iter().map(|text| completion(text)).collect();
    // A group of 14 around the second text, and exact copies, which are another rule's.
    for n in 0..13 {
        let mut text = texts[1].clone();
        text[39] = format!("w{n}");
        lines.push(completion(&text));
    }
    lines.push(lines[1].clone());
    lines.push(lines[7].replace("\"prompt\":", " \"prompt\" : "));
    let folder = Folder::new("groups");
    folder.lines("train.jsonl", &lines);
    let found = folder.findings("FT502", &["train.jsonl"]);
    let expected =
        "14 examples are almost the same: lines 2, 7, 8, 9, 10, 11, 12, 13, 14 and 5 more (95 to 97 % alike)";
    assert_eq!(found, [(7, expected.to_owned())]);
    let both = folder.run(&["train.jsonl", "--select", "FT501,FT502", "--format", "concise"], None).0;
    assert!(both.contains("train.jsonl:20:1") && both.contains("train.jsonl:21:1"), "{both}");

    // What a second file adds, and what it has of its own.
    let mut text = texts[1].clone();
    text[0] = "other".to_owned();
    let mut other = texts[4].clone();
    other[20] = "other".to_owned();
    folder.lines("more.jsonl", &[completion(&text), completion(&other)]);
    for flag in ["more.jsonl", "--validation=more.jsonl"] {
        let found = folder.findings("FT502", &["train.jsonl", flag]);
        assert_eq!(found.len(), 3, "{found:?}");
        let message =
            "15 examples are almost the same: line 2 of `train.jsonl`, and lines 1 and 13 more (95 to 97 % alike)";
        assert_eq!(found[1], (1, message.replace("lines 1", "line 1")));
        let message = "2 examples are almost the same: line 5 of `train.jsonl`, and line 2 (86 % alike)";
        assert_eq!(found[2], (2, message.to_owned()));
    }
}

#[test]
fn a_sample_keeps_what_is_alike_together() {
    let mut random = Rng::with_seed(3);
    let mut lines = Vec::new();
    for text in different(2000) {
        lines.push(completion(&text));
        let mut edited = text.clone();
        edited[random.usize(..40)] = "edited".to_owned();
        lines.push(completion(&edited));
    }
    let folder = Folder::new("sample");
    folder.lines("train.jsonl", &lines);
    let all = folder.findings("FT502", &["train.jsonl", "--sample", "none"]);
    assert!(all.len() > 1900, "{}", all.len());
    assert_eq!(all, folder.findings("FT502", &["train.jsonl", "--sample", "4000"]));
    let some = folder.findings("FT502", &["train.jsonl", "--sample", "400", "--threads", "1"]);
    // Of 2,000 pairs a tenth or a twentieth is in the sample to its end, and more were at first.
    assert!((80..1000).contains(&some.len()), "{}", some.len());
    assert!(some.iter().all(|(_, message)| message.contains(" of 4,000 examples was compared)")), "{:?}", some[0]);
    assert_eq!(some, folder.findings("FT502", &["train.jsonl", "--sample", "400", "--threads", "8"]));
}

#[test]
fn wrong_shares_say_what_is_right() {
    let folder = Folder::new("flags");
    folder.lines("x.jsonl", &[]);
    for (argument, hint) in [
        ("--similarity=80", "expected a number from 0.5 to 1; did you mean 0.8?"),
        ("--similarity=85%", "did you mean 0.85?"),
        ("--similarity=0.3", "expected a number from 0.5 to 1, such as 0.8"),
        ("--similarity=much", "expected a number from 0.5 to 1, such as 0.8"),
        ("--config=similarity=90", "did you mean 0.9?"),
        ("--sample=1", "expected a number of examples, 2 or more, or `none` for all"),
        ("--config=sample='all'", "2 or more, or `none` for all"),
    ] {
        let (_, error, code) = folder.run(&["x.jsonl", argument], None);
        assert!(code == Some(2) && error.contains(hint), "{argument}: {error}");
    }
    let shown = folder.run(&["x.jsonl", "--similarity=1", "--config=sample='none'", "--show-settings"], None).0;
    assert!(shown.contains("similarity = 1") && shown.contains("sample = \"none\""), "{shown}");
}

#[test]
fn a_system_prompt_has_one_spelling() {
    let usual = "You are a patient teacher of mathematics. Explain each step, and ask if it was clear.";
    let example = |system: &str, n: usize| {
        json!({"messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": format!("What is {n} plus {n}?")},
            {"role": "assistant", "content": format!("It is {}. Is that clear?", n + n)},
        ]})
        .to_string()
    };
    // More than a chunk, and each variant in another one.
    let mut lines: Vec<String> = (0..12_000).map(|n| example(usual, n)).collect();
    lines[3000] = example(&usual.replace("patient", "pateint"), 3000);
    lines[7000] = example(&format!("{usual}\n"), 7000);
    lines[11_999] = example(&usual.replace("each step", "each single step"), 11_999);
    let folder = Folder::new("system");
    folder.lines("train.jsonl", &lines);
    // Seven letters more are too many for so short a prompt.
    let expected = "2 system prompts differ a little from that of line 1 (11,997 examples): line 3,001 (1 example) has \
                    `pateint` for `patient` and line 7,001 (1 example) has other white space";
    for threads in ["1", "8"] {
        let found = folder.findings("FT507", &["train.jsonl", "--threads", threads]);
        assert_eq!(found, [(3001, expected.to_owned())]);
    }
    // Prompts that are made for each example are not compared.
    let lines: Vec<String> = (0..200).map(|n| example(&format!("{usual} {}", "x".repeat(n)), n)).collect();
    folder.lines("made.jsonl", &lines);
    assert_eq!(folder.findings("FT507", &["made.jsonl"]), []);
}
