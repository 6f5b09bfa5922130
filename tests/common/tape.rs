//! A tape beside what serde_json has read; for tests and fuzz targets.

use ftlint::json::{Doc, Kind, NodeId};
use serde_json::Value;

/// Whether simd-json has read what serde_json has, and each number as the standard library does, bit by bit.
pub(crate) fn is_same(doc: &Doc<'_>, id: NodeId, value: &Value) -> bool {
    match value {
        Value::Null => doc.kind(id) == Kind::Null,
        Value::Bool(value) => doc.bool(id) == Some(*value),
        Value::String(text) => doc.str(id) == Some(text),
        Value::Number(_) => is_same_number(doc, id),
        Value::Array(elements) => {
            doc.kind(id) == Kind::Array
                && doc.count(id) == elements.len()
                && doc.elements(id).zip(elements).all(|(id, value)| is_same(doc, id, value))
        }
        // Of a key that stands twice the last value counts.
        Value::Object(members) => {
            doc.kind(id) == Kind::Object
                && doc.members(id).all(|member| members.contains_key(member.key))
                && members.iter().all(|(key, value)| doc.get(id, key).is_some_and(|id| is_same(doc, id, value)))
        }
    }
}

fn is_same_number(doc: &Doc<'_>, id: NodeId) -> bool {
    let text = std::str::from_utf8(doc.raw(id)).expect("numbers are ASCII");
    let exact: f64 = text.parse().expect("Rust reads all numbers of JSON");
    let is_integer = text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok();
    // The integer -0 has no sign.
    let exact = if is_integer && exact == 0.0 { 0.0 } else { exact };
    doc.number(id).map(f64::to_bits) == Some(exact.to_bits()) && (doc.kind(id) == Kind::Integer) == is_integer
}
