//! The parser and the places of values, against serde_json: both take the same texts and read the same values, the
//! bytes of each value are that value, pointers lead to what serde_json finds there, and every part of a string is
//! mapped back to bytes that decode to that part.
#![no_main]

#[path = "../../tests/common/tape.rs"]
mod tape;

use std::cell::RefCell;

use ftlint::json::{Doc, MAX_DEPTH, NodeId, Parser};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize as _;
use serde_json::Value;
use tape::is_same;

thread_local! {
    /// As this processor has it, and simd-json alone.
    static PARSERS: RefCell<[Parser; 2]> = RefCell::new([Parser::default(), Parser::portable()]);
}

fuzz_target!(|data: &[u8]| {
    PARSERS.with_borrow_mut(|parsers| {
        parsers.iter_mut().for_each(|parser| read(parser, data));
        // What stands in lists of tools is known from the second time on.
        if depth(data) < MAX_DEPTH - 2 && value(data).is_some() {
            let tools = [b"{\"tools\":[", data, b" , ", data, b",", data, b"],\"more\":[", data, b"]}"].concat();
            read(&mut parsers[0], &tools);
        }
    });
});

fn read(parser: &mut Parser, text: &[u8]) {
    let depth = depth(text);
    match parser.parse(text) {
        Ok(doc) => {
            let whole = value(text).expect("what is accepted is JSON");
            assert!(depth <= MAX_DEPTH);
            check(&doc, &whole);
        }
        Err(_) => assert!(depth > MAX_DEPTH || value(text).is_none(), "JSON is refused"),
    }
}

/// What serde_json makes of a text of any depth.
fn value(text: &[u8]) -> Option<Value> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    // The stack of a fuzzer is no larger than others.
    if depth(text) < 1000 {
        deserializer.disable_recursion_limit();
    }
    let value = Value::deserialize(&mut deserializer).ok()?;
    deserializer.end().ok().map(|()| value)
}

/// How deep a text is nested, if it is JSON.
fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest, mut inside, mut escaped) = (0usize, 0, false, false);
    for &byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' | b'{' if !inside => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !inside => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn check(doc: &Doc<'_>, whole: &Value) {
    let source = doc.source();
    for id in doc.ids() {
        let span = doc.span(id);
        let here = value(&source[span.clone()]).expect("a span is a value");
        assert!(is_same(doc, id, &here), "{span:?}");
        assert!(doc.is_same(id, id));
        let parent = doc.span(doc.parent(id));
        assert!(parent.start <= span.start && span.end <= parent.end);
        let pointer = doc.pointer(id);
        // What stands behind the first of two equal keys has no pointer.
        match (whole.pointer(&pointer), doc.resolve(&pointer)) {
            (Some(there), Some(resolved)) => assert!(is_same(doc, resolved, there), "{pointer}"),
            (there, resolved) => assert!(there.is_none() && resolved.is_none(), "{pointer}"),
        }
        if let Some(text) = doc.str(id) {
            check_parts(doc, id, text);
        }
    }
    check_keys(doc);
}

/// Every part of a string, up to a length, and those from the start and to the end.
fn check_parts(doc: &Doc<'_>, id: NodeId, text: &str) {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let last = bounds.len() - 1;
    let near = (0..=last).flat_map(|from| (from..=last.min(from + 3)).map(move |to| (from, to)));
    let far = (0..=last).flat_map(|at| [(0, at), (at, last)]);
    for (from, to) in near.chain(far).take(2000) {
        let part = bounds[from]..bounds[to];
        let raw = &doc.source()[doc.span_inside(id, part.clone())];
        let decoded = value(&[b"\"", raw, b"\""].concat());
        assert_eq!(decoded.as_ref().and_then(Value::as_str), Some(&text[part]), "{:?}", String::from_utf8_lossy(raw));
    }
}

/// Which keys stand twice.
fn check_keys(doc: &Doc<'_>) {
    let mut repeated = Vec::new();
    doc.repeated_keys(|_, key| repeated.push(key));
    repeated.sort_unstable();
    let mut expected = Vec::new();
    for id in doc.ids() {
        let mut seen = std::collections::HashSet::new();
        expected.extend(doc.members(id).filter(|member| !seen.insert(member.key)).map(|member| member.key_at));
    }
    expected.sort_unstable();
    assert_eq!(repeated, expected);
}
