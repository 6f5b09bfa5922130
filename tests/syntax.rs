//! Broken records: the cause, its bytes and the lines it takes.

use std::ops::Range;

use ftlint::json::syntax::{Missing, Open, PythonLiteral, Slip, diagnose};
use proptest::prelude::*;

/// A text in which `⟦` and `⟧` mark the expected span.
struct Marked {
    text: String,
    span: Range<usize>,
}

fn marked(text: &str) -> Marked {
    let start = text.find('⟦').expect("the text marks where the span begins");
    let end = text.find('⟧').expect("the text marks where the span ends") - '⟦'.len_utf8();
    Marked { text: text.replace(['⟦', '⟧'], ""), span: start..end }
}

#[track_caller]
fn check(text: &str, slip: Slip, lines: usize) {
    let Marked { text, span } = marked(text);
    let broken = diagnose(text.as_bytes());
    assert_eq!((broken.lines, broken.slip, broken.span), (lines, slip, span), "{text}");
}

#[track_caller]
fn check_missing(text: &str, missing: Missing) {
    check(text, Slip::MissingPunctuation { missing }, 1);
}

#[test]
fn trailing_commas() {
    let inside = Slip::TrailingComma { after_record: false };
    check("{\"prompt\": \"a\", \"completion\": \"b\"⟦,⟧}\n", inside.clone(), 1);
    check("{\"messages\": [{\"role\": \"user\"}⟦,⟧ ]}\n", inside, 1);
    check("{\"prompt\": \"a\"}⟦,⟧\r\n{}\n", Slip::TrailingComma { after_record: true }, 1);
}

#[test]
fn unescaped_quotes() {
    check("{\"content\": \"he said ⟦\"⟧hi\" to me\"}\n", Slip::UnescapedQuote { string: 12 }, 1);
    check("{\"a\": \"⟦\"⟧Hello there\", she said.\"}\n", Slip::UnescapedQuote { string: 6 }, 1);
    check("{\"a\": \"⟦\"⟧Hello\"\"}\n", Slip::UnescapedQuote { string: 6 }, 1);
    check("{\"a\": \"say ⟦\"⟧hi\"\"}\n", Slip::UnescapedQuote { string: 6 }, 1);
    check("{\"a\": \"Reply with {⟦\"⟧x\": 1, \"y\": 2}\", \"b\": \"c\"}\n", Slip::UnescapedQuote { string: 6 }, 1);
    check("{\"a\": \"Words: ⟦\"⟧one\", \"two\" and \"three\".\", \"b\": 1}\n", Slip::UnescapedQuote { string: 6 }, 1);
}

#[test]
fn doubled_quotes() {
    let doubled = |string| Slip::DoubledQuote { string };
    check("{\"prompt\": \"He said ⟦\"\"⟧hi\"\" to me\", \"completion\": \"y\"}\n", doubled(11), 1);
    check("{\"m\": [{\"content\": \"What is ⟦\"\"⟧RAG\"\"?\"}, {\"content\": \"x\"}]}\n", doubled(19), 1);
    check("{\"a\": \"⟦\"\"⟧b\"\"\", \"c\": 1}\n", doubled(6), 1);
    check("{\"a\": \"⟦\"\"⟧b\"\" and \"\"c\"\"\"}\n", doubled(6), 1);
    check("{\"a\": \"said:\\n⟦\"\"⟧No\"\"\\n\"}\n", doubled(6), 1);
    check("{\"a\": \"a 5⟦\"\"⟧ pipe\"}\n", doubled(6), 1);
    check("{\"a\": [\"He said ⟦\"\"⟧hi\"\" to me\", \"b\"]}\n", doubled(7), 1);
    check("{\"a ⟦\"\"⟧b\"\" c\": 1}\n", doubled(1), 1);
    check("{\"a\": \"say ⟦\"\"⟧one\ntwo\"\" now\"}\n", doubled(6), 2);
    // An empty string in code, and two strings without a comma.
    check("{\"a\": \"print(⟦\"⟧\") does nothing\"}\n", Slip::UnescapedQuote { string: 6 }, 1);
    check("{\"a\": \"f(⟦\"⟧\", \"\") is ok\"}\n", Slip::UnescapedQuote { string: 6 }, 1);
    check_missing("{\"a\": \"b\"⟦\"⟧c\": \"d\"\"e\": \"f\"}\n", Missing::Comma);
}

#[test]
fn records_in_csv_quoting() {
    check("⟦\"⟧{\"\"a\"\": \"\"b\"\"}\"\n{}\n", Slip::CsvQuoted, 1);
    check(" {⟦\"\"⟧a\"\": \"\"b\"\", \"\"c\"\":[\"\"\"\"]} \n{}\n", Slip::CsvQuoted, 1);
    check("⟦\"⟧{\"\"a\"\": \"\"say \\\"\"x\\\"\"\"\"}\"\n", Slip::CsvQuoted, 1);
    // It is no prose, even if it cannot be undone.
    check("⟦\"⟧{\"\"a\"\": \"\"b}\"\n", Slip::CsvQuoted, 1);
    // Here only a key has quotes too many.
    check("{\"⟦\"⟧a\"\": \"b\"}\n", Slip::ExtraPunctuation { found: '"' }, 1);
}

#[test]
fn a_string_may_be_torn_before_a_line_with_a_brace() {
    let raw = Slip::SpansLines { raw_break_in_string: true };
    check("{\"a\": \"Use:⟦\n⟧{\\\"b\\\": 1}\nDone.\"}\n{\"c\": 1}\n", raw.clone(), 3);
    check("{\"a\": \"class A⟦\r\n⟧{\r\n}\r\n\", \"b\": 2}\r\n{\"c\": 1}\n", raw.clone(), 4);
    check("{\"a\": [\"{x}⟦\n⟧{}\n{y}\"]}\n", raw, 3);
    // A record that follows is never taken for text, even if it is broken itself.
    for next in ["{\"b\": 2}", "{\"b\": \"c\",}", "{'b': 'c'}", "{\n\"b\": \"c\"\n}", "{b: \"c\"}"] {
        let cut_off = Slip::CutOff { open: Open::String { start: 6 } };
        check(&format!("{{\"a\": \"one⟦⟧\n{next}\n"), cut_off, 1);
    }
}

#[test]
fn parts_of_records() {
    check("⟦Done.\"}]}⟧\n{}\n", Slip::Fragment, 1);
    check("⟦one⟧\ntwo\"}\n{}\n", Slip::Fragment, 2);
    check("⟦\"role\": \"user\",⟧\nprose\n{}\n", Slip::Fragment, 2);
    check("⟦Done.\"}]}⟧{\"a\": 1}\n", Slip::Fragment, 1);
    check("⟦\"note\"⟧ {\"a\": 1}\n", Slip::StrayText, 1);
    check("⟦Heading⟧\n1. {\"a\": 1}\n", Slip::StrayText, 1);
}

#[test]
fn missing_punctuation() {
    check_missing("{\"role\": \"user\"⟦\"⟧content\": \"hi\"}\n", Missing::Comma);
    check_missing("[{\"a\": 1} ⟦{⟧\"b\": 2}]\n", Missing::Comma);
    check_missing("{\"a\": \"b\"⟦;⟧ \"c\": \"d\"}\n", Missing::Comma);
    check_missing("{\"a\": \"b\"⟦，⟧ \"c\": \"d\"}\n", Missing::Comma);
    check_missing("{\"role\" ⟦\"⟧user\", \"content\": \"hi\"}\n", Missing::Colon);
    check_missing("{\"a\"⟦：⟧ \"b\"}\n", Missing::Colon);
    check_missing("{\"a\" ⟦=⟧ 1}\n", Missing::Colon);
    check_missing("{\"prompt⟦:⟧\" \"x\", \"completion\": \"y\"}\n", Missing::ColonOutsideKey);
    check_missing("{\"role\": \"assistant\"⟦:⟧ \"Hello, you.\"}\n", Missing::Key);
    check_missing("{\"role\": ⟦,⟧ \"content\": \"hi\"}\n", Missing::Value);
    check_missing("{\"role\": ⟦u⟧ser\", \"content\": \"hi\"}\n", Missing::OpeningQuote);
    check_missing("{⟦r⟧ole\": \"user\", \"content\": \"hi\"}\n", Missing::OpeningQuote);
    check_missing("{\"role\": \"user⟦,⟧ \"content\": \"hi\"}\n", Missing::ClosingQuote);
    check_missing("{\"role⟦:⟧ \"user\", \"content\": \"hi\"}\n", Missing::ClosingQuote);
    check_missing("{\"messages\": [{\"content\": \"hi⟦}⟧]}\n", Missing::ClosingQuote);
    check_missing("{\"a\": \"C:\\\\dir⟦\\\"⟧}\n", Missing::ClosingQuote);
    check_missing("{\"role\": ⟦user⟧, \"content\": \"hi\"}\n", Missing::Quotes);
    check_missing("⟦\"⟧prompt\": \"x\", \"completion\": \"y\"}\n", Missing::OpeningBrace);
    check_missing("{\"a\": [{\"b\": \"c\"}, ⟦\"⟧b\": \"d\", \"e\": 1}]}\n", Missing::OpeningBrace);
    check_missing("{\"a\": [⟦\"⟧b\": \"c\"}, {\"b\": \"d\"}]}\n", Missing::OpeningBrace);
    check_missing("⟦\"⟧a\": \"b\"]\n", Missing::OpeningBrace);
    check_missing("⟦\"⟧prompt\": \"x\", \"completion\": \"y\"\n\"prompt\": 1\n", Missing::Braces);
    check_missing(" ⟦\"⟧a\": [{\"b\": 1}]", Missing::Braces);
    check("⟦\"⟧a\": 1,\n\"b\": [\n]\n}\n{}\n", Slip::MissingPunctuation { missing: Missing::OpeningBrace }, 4);
    check_missing("{\"messages\": [{\"role\": \"user\"⟦]⟧}\n", Missing::ClosingBrace);
    check_missing("{\"a\": [{\"b\": 1⟦,⟧ {\"b\": 2}]}\n", Missing::ClosingBrace);
    check_missing("{\"messages\": [{\"role\": \"user\"}⟦}⟧\n", Missing::ClosingBracket);
    check_missing("{\"prompt\": \"x\", \"completion\": \"y\"⟦⟧\n{}\n", Missing::ClosingBrace);
}

#[test]
fn extra_punctuation() {
    let extra = |found| Slip::ExtraPunctuation { found };
    check("{\"a\": 1}⟦}⟧\n", extra('}'), 1);
    check("{\"a\": [1]⟦]⟧}\n", extra(']'), 1);
    check("{\"a\": 1,⟦,⟧ \"b\": 2}\n", extra(','), 1);
    check("{\"a\":⟦:⟧ 1}\n", extra(':'), 1);
    check("{⟦{⟧\"a\": 1}}\n", extra('{'), 1);
    check("{\"a\"⟦\"⟧: \"b\"}\n", extra('"'), 1);
    check("{\"a\": \"b\"⟦\"⟧}\n", extra('"'), 1);
    check("{\"a\": \"\"⟦\"⟧, \"b\": 1}\n", extra('"'), 1);
    check("{\"a\": [\"b\"⟦\"⟧, \"c\"]}\n", extra('"'), 1);
    check("{\"a\": \"b\", \"⟦\"⟧c\": \"d\"}\n", extra('"'), 1);
    check("{\"a\": \"⟦\"⟧b \\\" c\", \"d\": 1}\n", extra('"'), 1);
    check("⟦,⟧{\"a\": 1}\n", extra(','), 1);
    check("{\"a\": 1}⟦;⟧\n", extra(';'), 1);
    check("  ⟦]}⟧\n}\n{\"a\": 1}\n", Slip::ArrayBracket, 2);
    check("⟦}⟧\n", extra('}'), 1);
}

#[test]
fn python() {
    let python = |what| Slip::PythonLiteral { what };
    check("{⟦'⟧role': 'user', 'content': \"it's\"}\n", python(PythonLiteral::SingleQuotes), 1);
    check("{\"a\": ⟦'⟧don't worry, it's fine'}\n", python(PythonLiteral::SingleQuotes), 1);
    check("{\"a\": ⟦None⟧}\n", python(PythonLiteral::None), 1);
    check("{\"a\": [⟦True⟧, False]}\n", python(PythonLiteral::True), 1);
    check("{\"a\": ⟦False⟧, \"b\": 'c'}\n", python(PythonLiteral::False), 1);
    check("{\"a\": ⟦f⟧\"abc {x}\", \"b\": 1}\n", python(PythonLiteral::StringPrefix), 1);
    check("{\"a\": [⟦rb⟧'abc\\d']}\n", python(PythonLiteral::StringPrefix), 1);
    check("{⟦u⟧'role': u'user', u'content': [u'a', u'b']}\n", python(PythonLiteral::StringPrefix), 1);
}

#[test]
fn smart_quotes() {
    let smart = |found| Slip::SmartQuote { found };
    check("{⟦“⟧role”: “user”, “content”: “a \"b\" c”}\n", smart('“'), 1);
    check("{\"role\": \"user⟦”⟧, \"content\": \"hi\"}\n", smart('”'), 1);
    check("{\"ideal\": ⟦“⟧C”}\n", smart('“'), 1);
}

#[test]
fn strings() {
    check("{\"a\": \"one⟦\t⟧two\"}\n", Slip::RawControl { byte: b'\t' }, 1);
    check("{\"re\": \"⟦\\d⟧+\\s\"}\n", Slip::BadEscape, 1);
    check("{\"a\": \"⟦\\é⟧\"}\n", Slip::BadEscape, 1);
    check("{\"a\": \"⟦\\u⟧12g4\"}\n", Slip::BadEscape, 1);
    check("{\"a\": \"x⟦\\ud83d⟧ y\"}\n", Slip::LoneSurrogate, 1);
    check("{\"a\": \"⟦\\udc00⟧\\ud83d\\ude00\"}\n", Slip::LoneSurrogate, 1);
}

#[test]
fn values() {
    check("{\"a\": ⟦NaN⟧}\n", Slip::NonFiniteNumber, 1);
    check("{\"a\": [1, ⟦-Infinity⟧]}\n", Slip::NonFiniteNumber, 1);
    check("{\"a\": ⟦1e999⟧}\n", Slip::NonFiniteNumber, 1);
    check("{\"a\": ⟦undefined⟧}\n", Slip::Undefined, 1);
    check("{⟦role⟧: \"user\", content: \"hi\"}\n", Slip::UnquotedKey, 1);
    check("{\"a\":⟦\u{A0}⟧1}\n", Slip::OddSpace { found: '\u{A0}' }, 1);
}

#[test]
fn comments() {
    check("⟦// one⟧\n// two\n{}\n", Slip::Comment, 2);
    check("⟦# note⟧\r\n{}\n", Slip::Comment, 1);
    check("⟦/* one⟧\n two */\n{}\n", Slip::Comment, 2);
    check("{\"a\": 1} ⟦// why⟧\n", Slip::Comment, 1);
    check("{\"a\": ⟦/* why */⟧ 1}\n", Slip::Comment, 1);
    check("{\n  \"a\": \"b\", ⟦// why⟧\n  \"c\": 1\n}\n", Slip::Comment, 4);
}

#[test]
fn stray_text() {
    check("⟦## Section 1: greetings⟧\n{}\n", Slip::Comment, 1);
    check("⟦Section 1⟧\n\nmore\n\n{}\n", Slip::StrayText, 3);
    check("⟦[Chorus]⟧\nla la\n{\"a\": 1}\n", Slip::StrayText, 2);
    check("⟦1.⟧ {\"a\": 1}\n", Slip::StrayText, 1);
    check("{\"a\": 1} ⟦and so on⟧\n", Slip::StrayText, 1);
    check("⟦{name}, welcome⟧\nto {place}\n{\"a\": 1}\n", Slip::StrayText, 2);
    check("⟦prose⟧\n<<<<<<< HEAD\n", Slip::StrayText, 1);
}

#[test]
fn lines_of_their_own() {
    check("⟦[⟧\n{}\n", Slip::ArrayBracket, 1);
    check("⟦],⟧\n", Slip::ArrayBracket, 1);
    check("⟦[⟧{\"a\": 1}\n", Slip::ArrayBracket, 1);
    check("⟦<<<<<<< HEAD⟧\n{}\n", Slip::MergeConflict, 1);
    check("⟦=======⟧\n", Slip::MergeConflict, 1);
    check("⟦>>>>>>> topic⟧\r\n", Slip::MergeConflict, 1);
    check("⟦\0\0\0⟧\n", Slip::NulBytes { count: 3 }, 1);
    check("{\"a\": 1}⟦\0\0⟧", Slip::NulBytes { count: 2 }, 1);
}

#[test]
fn joined_records() {
    check("{\"a\": 1}⟦{⟧\"a\": 2}\n", Slip::JoinedRecords { count: 2 }, 1);
    check("{\"a\": 1}, ⟦{⟧\"a\": \"}{\"} {\"a\": 3}\n", Slip::JoinedRecords { count: 3 }, 1);
}

#[test]
fn pretty_printed_records_are_one() {
    let pretty = Slip::SpansLines { raw_break_in_string: false };
    check("{⟦\n⟧  \"a\": [\n    1\n  ]\n}\n{\"b\": 2}\n", pretty.clone(), 5);
    check("{⟦\r\n⟧\"a\": {\r\n  \"b\": 1}\r\n}\r\n", pretty.clone(), 4);
    check("{\"messages\": [⟦\n⟧{\"role\": \"user\"},\n  {\"role\": \"assistant\"}\n]}\n{}\n", pretty, 4);
}

#[test]
fn raw_line_breaks_join_the_lines_of_a_string() {
    let raw = Slip::SpansLines { raw_break_in_string: true };
    check("{\"a\": \"one⟦\n⟧## two\n\n- \"b\": three\nfour\", \"c\": 1}\n{}\n", raw.clone(), 5);
    check("{\"a\": \"one⟦\r\n⟧two\"}\r\n", raw, 2);
}

#[test]
fn a_record_ends_where_the_next_begins() {
    check("{\"a\": \"one⟦⟧\n{\"b\": 2}\n", Slip::CutOff { open: Open::String { start: 6 } }, 1);
    check("{\"messages\": [⟦⟧\n{\"a\": 1}\n]}\n", Slip::CutOff { open: Open::Array { start: 13 } }, 1);
    check("{\"a\": \"b\"⟦⟧\n<<<<<<< HEAD\n", Slip::MissingPunctuation { missing: Missing::ClosingBrace }, 1);
}

#[test]
fn prose_does_not_continue_a_record() {
    let missing = Slip::MissingPunctuation { missing: Missing::ClosingBrace };
    check("{\"a\": \"b\"⟦⟧\nprose\n{}\n", missing, 1);
}

#[test]
fn a_file_may_be_cut_off() {
    check("{\"a\": {\"b\": \"c⟦⟧", Slip::CutOff { open: Open::String { start: 12 } }, 1);
    check("{\"a\": {\"b\":⟦⟧", Slip::CutOff { open: Open::Object { start: 6 } }, 1);
    check("{\"a\": \"b\"⟦⟧", Slip::CutOff { open: Open::Object { start: 0 } }, 1);
    check("{\"a\": tr⟦⟧", Slip::CutOff { open: Open::Object { start: 0 } }, 1);
}

#[test]
fn not_utf8() {
    let broken = diagnose(b"{\"a\": \"caf\xE9\"}\n");
    assert_eq!((broken.lines, broken.slip, broken.span), (1, Slip::InvalidUtf8, 10..11));
}

#[test]
fn what_has_no_name_keeps_the_words_of_the_parser() {
    let other = |reason: &str| Slip::Other { reason: reason.to_owned() };
    check("{\"a\": 0⟦1⟧}\n", other("invalid number"), 1);
    check("{\"a\": \"b\" ⟦1⟧}\n{}\n", other("expected `,` or `}`"), 1);
}

#[test]
fn a_record_without_a_name_takes_its_lines() {
    let other = |reason: &str| Slip::Other { reason: reason.to_owned() };
    check("{\n  \"a\": 0⟦1⟧,\n  \"b\": {\n  }\n}\nprose\n{}\n", other("invalid number"), 5);
    check("{\"a\": 0⟦1⟧,\n  \"b\": 2\n}\n{}\n", other("invalid number"), 3);
    check("{\"a\": 0⟦1⟧}\nprose\n{}\n", other("invalid number"), 1);
}

#[test]
fn nesting_takes_no_stack() {
    let depth = 100_000;
    for text in ["[".repeat(depth), "{\"a\":".repeat(depth), "[{\"a\":".repeat(depth / 2)] {
        assert_eq!(diagnose(text.as_bytes()).slip, Slip::DeepNesting { depth });
    }
    let closed = format!("{}1{}\n", "[".repeat(129), "]".repeat(129));
    let broken = diagnose(closed.as_bytes());
    assert_eq!((broken.slip, broken.span), (Slip::DeepNesting { depth: 129 }, 128..129));
}

/// Texts that made the walk, or the calls one after the other, take more than
/// linear time at some point.
#[test]
fn long_texts_take_linear_time() {
    let units = [
        "\"",
        "{\"a\": \"x\n",
        " {\"b\":\"x\n",
        "  {\"b\":\"x }\n}\n",
        "{\"a\":[\n",
        "\" //",
        "{\"a\":\"b”, ",
        "\"}]",
        " \" ",
        "\"x\":",
        "\0",
        "{/*\n",
        "  {\"b\":\"x\n# c\n",
        "\\",
        "{\"a\":1},",
        "\r\n",
        "\"x\"\"",
        "x \"\"y\"\" \n",
        "\"x\": 1,\n",
        "\"x\": \"\n",
        "\"x\": 1\n",
        "{\"a\": \"x\n{\\\"\n",
        "{\"a\": \"x\n{\n",
        "\"{\"\"a\"\"\n",
        "x {\n",
    ];
    for unit in units {
        for prefix in ["", "{\"a\": \"", "{\"a\": [\n"] {
            let text = format!("{prefix}{}", unit.repeat(64 * 1024 / unit.len()));
            walk(text.as_bytes());
        }
    }
}

/// Diagnoses record after record, as a linter does, and checks what must hold
/// for each.
fn walk(text: &[u8]) {
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let broken = diagnose(rest);
        let lines = rest.split_inclusive(|byte| *byte == b'\n');
        assert!((1..=lines.clone().count()).contains(&broken.lines), "{broken:?}");
        let taken: usize = lines.take(broken.lines).map(<[u8]>::len).sum();
        let Range { start: from, end } = broken.span.clone();
        assert!(from <= end && end <= taken, "{broken:?} in {taken} bytes");
        if let Ok(rest) = str::from_utf8(rest) {
            assert!(rest.is_char_boundary(from) && rest.is_char_boundary(end), "{broken:?}");
        }
        start += taken;
    }
}

/// Bytes that mean something to the scanner, much more often than chance.
fn json_like() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "'",
        "\\",
        "\n",
        "\r\n",
        " ",
        "\t",
        "\0",
        "\"role\"",
        "\"user\"",
        "true",
        "None",
        "NaN",
        "1e999",
        "\\ud800",
        "\\u00",
        "“",
        "”",
        "//",
        "/*",
        "*/",
        "#",
        "é",
        "😀",
        "x",
        "\u{A0}",
        "=======",
        "<<<<<<<",
        "{\"a\": \"b\"}",
        "{\"a\": [",
        "text",
        ";",
        "=",
        "，",
    ];
    let piece = prop_oneof![
        20 => proptest::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    proptest::collection::vec(piece, 1..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_diagnosed(text in json_like()) {
        walk(&text);
    }
}

#[test]
fn python_is_named_even_where_it_cannot_be_undone() {
    let broken = diagnose(b"{'a': ('x', 'y'), 'b': datetime(2024, 1, 2)}\n");
    assert_eq!(broken.slip, Slip::PythonLiteral { what: PythonLiteral::SingleQuotes });
}

#[test]
fn the_words_of_the_parser_are_whole() {
    let broken = diagnose(b"{\"a\": \"b\" {\"c\": \"d\"}\n");
    assert_eq!(broken.slip.to_string(), "expected `,` or `}`");
}

#[test]
fn an_escaped_record_is_named() {
    let broken = diagnose(b"{\\\"prompt\\\": \\\"a\\\"}\n");
    assert_eq!((broken.slip, broken.span), (Slip::EscapedRecord, 1..3));
}

#[test]
fn a_mark_before_a_record_ends_the_one_before_it() {
    let broken = diagnose("{\"prompt\": \"a\n\u{feff}{\"prompt\": \"b\"}\n".as_bytes());
    assert_eq!((broken.lines, broken.records), (1, 1), "{broken:?}");
}
