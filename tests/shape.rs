//! What a file is as a whole.

use ftlint::shape::{ArrayFault, HEAD, Shape, ShapeReport, sniff};
use proptest::prelude::*;

#[track_caller]
fn check(file: impl AsRef<[u8]>, shape: Shape) {
    let report = sniff(file.as_ref(), true);
    assert_eq!(report.shape, shape);
    assert_eq!(report.span.is_empty(), matches!(shape, Shape::JsonLines | Shape::Empty));
}

#[test]
fn json_lines() {
    check("{\"a\": 1}\n{\"a\": 2}\n", Shape::JsonLines);
    check("{\"a\": 1}", Shape::JsonLines);
    check("\u{FEFF}{\"a\": 1}\r\n", Shape::JsonLines);
    check("\n\n{\"a\": 1}\n", Shape::JsonLines);
}

#[test]
fn a_broken_first_line_makes_no_other_shape() {
    check("{\"a\": 1,}\n{\"a\": 2}\n", Shape::JsonLines);
    check("{\"a\": \"b\n{\"a\": 2}\n", Shape::JsonLines);
    check("{\"a\": \"raw\nbreak\"}\n{\"a\": 2}\n", Shape::JsonLines);
    check("{\"a\":\n 1}\n{\"a\": 2}\n{\"a\":,}\n", Shape::JsonLines);
    check("{'a': 1}\n{'a': 2}\n", Shape::JsonLines);
    check("# data\n{\"a\": 2}\n", Shape::JsonLines);
    check("<<<<<<< HEAD\n{\"a\": 2}\n=======\n", Shape::JsonLines);
    check("Section one\n{\"a\": 2}\n", Shape::JsonLines);
    check("\"a\": 1}\n{\"a\": 2}\n", Shape::JsonLines);
    check(b"\xFF{\"a\": 1}\n{\"a\": 2}\n", Shape::JsonLines);
}

#[test]
fn lines_of_json_that_are_no_objects() {
    check("[1, 2]\n[3, 4]\n", Shape::JsonLines);
    check("\"a\"\n\"b\"\n", Shape::JsonLines);
    check("[\n{\"a\": 1}\n{\"a\": 2}\n]\n", Shape::JsonLines);
}

#[test]
fn nothing() {
    check("", Shape::Empty);
    check("\u{FEFF}", Shape::Empty);
    check(" \r\n\n", Shape::Empty);
    assert_eq!(sniff(b"\n\n", false).shape, Shape::JsonLines);
}

#[test]
fn arrays() {
    check("[{\"a\": 1}, {\"a\": 2}]", Shape::JsonArray { elements: Some(2) });
    check("[\n{\"a\": 1},\n{\"a\": 2}\n]\n", Shape::JsonArray { elements: Some(2) });
    check("[\n  {\n    \"a\": 1\n  }\n]\n", Shape::JsonArray { elements: Some(1) });
    check("[]", Shape::JsonArray { elements: Some(0) });
    check("[{'a': None}, {'a': 1}]", Shape::Markup { what: "a Python list" });
    let report = sniff(b"\n [{\"a\": 1},", false);
    assert_eq!(report, ShapeReport { shape: Shape::JsonArray { elements: None }, span: 2..3 });
}

#[test]
fn torn_arrays() {
    let torn = |text: &str, fault| check(text, Shape::TornArray { fault });
    torn("[\n  {\n    \"a\": 1\n  },\n]\n", ArrayFault::TrailingComma { elements: 1 });
    torn("[{\"a\": 1},\n{\"a\": 2}\n", ArrayFault::Unclosed { elements: 2 });
    torn("[{\"a\": 1},\n{\"a\": 2},", ArrayFault::Unclosed { elements: 2 });
    let broken = |text: &str, reason: &str, line| {
        torn(text, ArrayFault::Broken { reason: reason.to_owned(), line });
    };
    broken("\n[\n{\"a\": 1},\n{\"a\":\n 2,}]\n", "a comma before a closing bracket", 5);
    broken("[{\"a\": 1} {\"a\": 2}]\n", "a comma is missing between two elements", 1);
    broken("[{\"a\": 1},\n{\"a\": \"b\" \"c\": 1}\n]\n", "a comma is missing", 2);
    broken("[{\"a\": 1},\n{\"a\": \"b", "the text ends in the middle of a string", 2);
    broken("[{\"a\": 1 0}]\n", "expected `,` or `}`", 1);
    broken("[\n", "nothing stands behind the bracket", 1);
    // What of a long file is broken is told, but not that its end is missing.
    let long = format!("[\n{}", "{\"a\": \"b\"},\n".repeat(HEAD));
    assert_eq!(sniff(&long.as_bytes()[..HEAD], false).shape, Shape::JsonArray { elements: None });
    let long = format!("[\n{{\"a\": }},\n{}", "{\"a\": \"b\"},\n".repeat(HEAD));
    assert!(matches!(sniff(&long.as_bytes()[..HEAD], false).shape, Shape::TornArray { .. }));
}

#[test]
fn records_in_quotes_are_lines() {
    check("\"{\"\"prompt\"\": \"\"a\"\"}\"\n", Shape::JsonLines);
    check("\"prompt\": \"a\", \"completion\": \"b\"}\n", Shape::JsonLines);
    // A config, a dialogue.
    check("\"prompt\": \"a\", \"completion\": \"b\"\n", Shape::PlainText);
    check("# config\nmodel: gpt\n\"name\": \"x\"\nepochs: 3\n", Shape::PlainText);
    check("id,data\n1,\"{\"\"prompt\"\": \"\"a\"\"}\"\n2,b\n", Shape::Csv { delimiter: b',' });
    check("\"one\": two\nthree\n", Shape::PlainText);
}

#[test]
fn pretty_printed_objects() {
    check("{\n  \"a\": 1\n}\n", Shape::PrettyJson { records: Some(1) });
    check("{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n", Shape::PrettyJson { records: Some(2) });
    check("{\"a\": [\n  1\n]}\n\n{\"a\": 2}\n", Shape::PrettyJson { records: Some(2) });
    check("{\n  \"a\": 1\n},\n{\n  \"a\": 2\n},\n", Shape::PrettyJson { records: Some(2) });
    let long = format!("{{\n  \"data\": [\n{}", "    {\"a\": \"b\"},\n".repeat(HEAD));
    let report = sniff(&long.as_bytes()[..HEAD], false);
    assert_eq!(report.shape, Shape::PrettyJson { records: None });
}

#[test]
fn requests_for_jobs() {
    check("{\"model\": \"m\", \"training_file\": \"file-a\", \"seed\": 1}\n", Shape::JobRequest);
    check("{\n  \"training_file\": \"file-a\",\n  \"model\": \"m\"\n}\n", Shape::JobRequest);
    // Of two it is not said which one is meant.
    check("{\"model\": \"m\", \"training_file\": \"file-a\"}\n".repeat(2), Shape::JsonLines);
    check("{\"model\": \"m\", \"messages\": []}\n", Shape::JsonLines);
    check("{\"model\": \"m\", \"training_file\": \"a\", \"messages\": []}\n", Shape::JsonLines);
}

#[test]
fn other_encodings() {
    let text = "{\"prompt\": \"a\"}\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&little, Shape::Utf16 { little_endian: true, bom: false, whole: true });
    let marked = [b"\xFF\xFE", little.as_slice()].concat();
    check(marked, Shape::Utf16 { little_endian: true, bom: true, whole: true });
    let big: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
    check(big, Shape::Utf32 { little_endian: false, bom: false, whole: true });
}

#[test]
fn pointers_and_tables() {
    check(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 4096\n",
        Shape::LfsPointer { size: Some(4096) },
    );
    check("prompt,completion\nhello,world\n", Shape::Csv { delimiter: b',' });
    check("\u{FEFF}word\tmeaning\r\na\tb\r\nc\td\r\n", Shape::Csv { delimiter: b'\t' });
}

#[test]
fn other_texts() {
    check("<!DOCTYPE html>\n<html>\n", Shape::Markup { what: "an HTML page" });
    check("<?xml version=\"1.0\"?>\n", Shape::Markup { what: "XML" });
    check("- role: user\n  content: hi\n", Shape::Markup { what: "YAML" });
    check("---\nrole: user\n", Shape::Markup { what: "YAML" });
    check("Once upon a time,\nthere was a file.\n", Shape::PlainText);
    check("[Chorus]\nla la la\n", Shape::PlainText);
    check("import json\nfor line in data:\n    print(line)\n", Shape::PlainText);
}

#[test]
fn no_text_at_all() {
    check(b"\x1F\x8B\x08\0\0\0\0\0", Shape::Binary { what: "gzip data" });
    check(b"{\\rtf1\\ansi {\\fonttbl}}\n", Shape::Binary { what: "an RTF document" });
    check(b"\0\0\0\0\0\0\0\0", Shape::Binary { what: "nothing but zero bytes" });
    check(b"\x01\x02\xFE\0\xFD\xFC\0\0\0", Shape::Binary { what: "binary data" });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_have_a_shape(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\n", "\n  ", " ", "1", "é", "\0", "\u{FEFF}",
                "prompt,completion", "- ", "a: ", "{\"a\": 1}", "version https://git-lfs.github.com/spec/",
            ]),
            0..40,
        ),
        cut in 0usize..4,
        complete: bool,
    ) {
        let text = pieces.concat();
        let head = &text.as_bytes()[..text.len().saturating_sub(cut)];
        let ShapeReport { span, .. } = sniff(head, complete);
        prop_assert!(span.start <= span.end && span.end <= head.len());
        if let Ok(text) = str::from_utf8(head) {
            prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
        }
    }
}

#[test]
fn a_few_records_over_several_lines_do_not_make_a_file_of_them() {
    let spread = "{\n  \"prompt\": \"a\",\n  \"completion\": \"b\"\n}\n";
    let line = "{\"prompt\": \"a\", \"completion\": \"b\"}\n";
    let shape = |text: &str| sniff(text.as_bytes(), true).shape;
    assert_eq!(shape(&(spread.to_owned() + line + line)), Shape::JsonLines);
    assert_eq!(shape(&(spread.repeat(3) + line)), Shape::PrettyJson { records: Some(4) });
}
