//! What fuzzing has found, and what must not come back. How it is done stands in `fuzz/README.md`.

use std::path::Path;

use ftlint::config::{Argument, Finder, Options, show};
use ftlint::finding::Place;
use ftlint::lint::Linter;
use ftlint::settings::Settings;

/// The rule of the only finding in a request, and where it is.
fn broken_request(name: &str, text: &str) -> (&'static str, Place) {
    let findings = Linter::new(&Settings::default()).lint_request_bytes(name, text.as_bytes()).1;
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    (finding.rule.name, finding.place.clone().expect("it has a place"))
}

#[test]
fn what_is_marked_in_a_broken_request_is_whole_characters() {
    for (text, marked) in [
        ("{\"model\": ╰── \"gpt-4.1\",\n \"training_file\": \"file-a\" \"b\"}\n{", "╰"),
        ("{\"model\": 😀,\n \"training_file\": é \"b\"}\n{", "😀"),
    ] {
        let (rule, place) = broken_request("job.json", text);
        assert_eq!((rule, &text[place.span.clone()]), ("invalid-json", marked));
        assert_eq!((place.column, place.end_column), (11, 12));
    }
}

#[test]
fn a_request_that_ends_too_early_is_shown_on_its_last_line() {
    for end in ["", "\n", "\n\n", "\r\n \n"] {
        let text = format!("{{\"tools\":\n [{{\"name\":\"a\"}}, [\"b\"}}]{end}");
        let (_, place) = broken_request("job.json", &text);
        assert!(place.line <= 2 && place.snippet.text != "↵", "{text:?}: {place:?}");
        let text = format!("model: gpt-4.1\nmethod: {{type: supervised{end}");
        let (rule, place) = broken_request("job.yaml", &text);
        assert_eq!((rule, place.line, place.column), ("invalid-yaml", 2, 26), "{text:?}: {place:?}");
        assert!(place.span.is_empty() && !place.snippet.text.starts_with('↵'), "{place:?}");
    }
}

#[test]
fn settings_that_are_shown_can_be_read_again() {
    for text in ["", "per-file-ignores = {}", "per-file-ignores = { \"a*\" = [\"FT1\"] }\nselect = [\"ALL\"]"] {
        let shown = |text: &str| {
            let mut finder = Finder::new(&[Argument::Inline(text.to_owned())], true, Options::default()).expect(text);
            let config = finder.find(Some(Path::new("data.jsonl"))).expect(text);
            let settings = config.settings().expect(text);
            show(&config, &config, &settings, &settings)
        };
        let values = |text: &str| -> Vec<String> {
            text.lines().map(|line| line.split("  # ").next().unwrap_or_default().to_owned()).collect()
        };
        let once = shown(text);
        assert_eq!(values(&shown(&once)), values(&once), "{text}");
    }
}

#[test]
fn no_fix_is_offered_for_text_before_what_cannot_be_read() {
    let fixable = |record: &str| {
        let file = format!("{{\"prompt\":\"a\",\"completion\":\" b\"}}\n> {record}\n");
        let findings = Linter::new(&Settings::default()).lint_bytes("data.jsonl", file.as_bytes()).1;
        let finding = findings.iter().find(|finding| finding.rule.name == "stray-text").expect(record);
        finding.fix.is_some()
    };
    assert!(fixable(r#"{"prompt":"a","completion":" c"}"#));
    assert!(!fixable(r#"{"prompt":"a","completion":" \ud83d"}"#));
    assert!(!fixable(r#"{"prompt":"a","completion":1e999}"#));
}
