//! What is JSON is accepted, and what is not is refused (RFC 8259).

use std::fs;

use ftlint::finding::Finding;
use ftlint::lint::Linter;
use ftlint::settings::Settings;

/// Findings on a line that is JSON, whatever it holds.
const ON_JSON: &[&str] =
    &["not-an-object", "unknown-format", "duplicate-key", "nul-character", "few-examples", "too-few-examples"];

/// Lints `text` as the second line of a file whose first line is good.
fn lint(text: &[u8]) -> Vec<Finding> {
    let settings = Settings { tokens: false, ..Settings::default() };
    let good = br#"{"prompt":"2+2=","completion":" 4"}"#;
    let other = br#"{"prompt":"3+3=","completion":" 6"}"#;
    let file = [good.as_slice(), b"\n", text, b"\n", other, b"\n"].concat();
    Linter::new(&settings).lint_bytes("line.jsonl", &file).1
}

fn is_json(text: &[u8]) -> bool {
    lint(text).iter().all(|finding| ON_JSON.contains(&finding.rule.name))
}

#[test]
fn json_is_accepted() {
    let texts = [
        "{}",
        "[]",
        "\"\"",
        "0",
        "-0",
        "-0.0",
        "1E+2",
        "1e-2",
        "0.5e0",
        "true",
        "null",
        " {} ",
        "\t[ ]\r",
        "{\"a\" : [ 1 , 2 ] }",
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u0041\u00e9\uD834\uDD1E""#,
        "\"\u{7f}\u{2028}\u{10ffff}\"",
        r#"{"":{"":[[]]}}"#,
        r#"{"a":1,"a":2}"#,
        "123456789012345678901234567890",
        "1.7976931348623157e308",
        "5e-324",
        "1e-999",
        "[[[[[[]]]]]]",
        "\"\u{feff}\"",
        "\"é😀\"",
    ];
    for text in texts {
        assert!(is_json(text.as_bytes()), "{text}: {:?}", lint(text.as_bytes()));
    }
}

#[test]
fn what_is_not_json_is_refused() {
    let texts: &[&[u8]] = &[
        b"{",
        b"}",
        b"[1,]",
        b"{\"a\":1,}",
        b"{,}",
        b"{\"a\"}",
        b"{\"a\":}",
        b"{a:1}",
        b"{'a':1}",
        b"[1 2]",
        b"{\"a\" 1}",
        b"01",
        b"+1",
        b".5",
        b"1.",
        b"1e",
        b"0x10",
        b"- 1",
        b"NaN",
        b"-Infinity",
        b"True",
        b"nul",
        b"\"",
        b"\"\\\"",
        b"\"\\x41\"",
        b"\"\\u12\"",
        b"\"\\u12g4\"",
        b"\"a\tb\"",
        b"\"\x00\"",
        b"\"\\ud800\"",
        b"\"\\udc00\\ud800\"",
        b"\"\xff\"",
        b"\"\xc0\x80\"",
        b"\"\xed\xa0\x80\"",
        b"\"\xe2\x82\"",
        b"{}{}",
        b"{} {}",
        b"{},",
        b"{}x",
        b"// {}",
        b"{/**/}",
        b"\xef\xbb\xbf{}",
        b"1e999",
        b"-",
        b"[",
        b"{\"a\":[}",
        b"\"a\"b",
        b"{\"a\":1}]",
        b"\x00",
        b"{\"a\":\"b\"",
        b"\xc2\xa0{}",
    ];
    for text in texts {
        assert!(!is_json(text), "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn one_broken_line_is_one_finding() {
    for text in [
        "{\"prompt\":\"a\" \"completion\":\"b\"}",
        "{'prompt': 'a'}",
        "{\"prompt\":\"a\nb\",\"completion\":\"c\"}",
        "// note",
    ] {
        let findings = lint(text.as_bytes());
        let broken = findings.iter().filter(|finding| !ON_JSON.contains(&finding.rule.name)).count();
        assert_eq!(broken, 1, "{text}: {findings:?}");
    }
}

/// A folder with files called `y_….json` (to be accepted) and `n_….json` (to be refused).
#[test]
#[ignore = "needs a conformance suite: FTLINT_JSON_SUITE=FOLDER"]
fn a_suite_is_judged_as_its_names_say() {
    let folder = std::env::var("FTLINT_JSON_SUITE").expect("FTLINT_JSON_SUITE names the folder");
    let (mut judged, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read(&path).unwrap();
        // White space alone is a blank line, and a line break inside of a text makes lines of it.
        let trimmed = text.trim_ascii();
        if trimmed.is_empty() {
            continue;
        }
        let accepted = match name.as_bytes() {
            [b'y', b'_', ..] => true,
            [b'n', b'_', ..] => false,
            _ => continue,
        };
        let one_line: Vec<u8> = if accepted {
            trimmed.iter().map(|&b| if b == b'\n' { b' ' } else { b }).collect()
        } else {
            trimmed.to_vec()
        };
        judged += 1;
        if is_json(&one_line) != accepted {
            wrong.push(name);
        }
    }
    assert!(judged > 200, "only {judged} files");
    assert_eq!(wrong, [""; 0], "of {judged}");
}
