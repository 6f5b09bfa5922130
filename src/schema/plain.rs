//! Schemas as nearly all tools have them, and arguments that plainly fit: told from the tapes of both, without building
//! anything. What is not told here is no fault yet: it is for the whole of JSON Schema to say.

use crate::json::{Doc, Kind, Member, NodeId};

/// Lists up to this length are looked through in pairs.
const SHORT: usize = 32;
/// Beyond it a double does not tell all integers apart.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whether the parameters of a tool, which stand at `at`, are certainly a sound schema of an object.
pub(super) fn is_sound(doc: &Doc<'_>, at: NodeId) -> bool {
    let types = doc.members(at).filter(|member| member.key == "type");
    types.into_iter().all(|member| doc.str(member.value) == Some("object")) && is_schema(doc, at)
}

fn is_schema(doc: &Doc<'_>, at: NodeId) -> bool {
    doc.kind(at) == Kind::Object && doc.members(at).all(|member| is_keyword(doc, member))
}

fn is_keyword(doc: &Doc<'_>, Member { key, value, .. }: Member<'_>) -> bool {
    let kind = doc.kind(value);
    match key {
        "type" => match doc.str(value) {
            Some(name) => super::is_type(name),
            None => is_list_of_names(doc, value) && doc.count(value) > 0 && strings(doc, value).all(super::is_type),
        },
        "description" | "title" | "format" | "$comment" => kind == Kind::String,
        "default" => true,
        // JSON Schema does not know these two: they say nothing.
        "optional" | "nullable" => kind == Kind::Bool,
        "properties" => kind == Kind::Object && doc.members(value).all(|property| is_schema(doc, property.value)),
        "required" => is_list_of_names(doc, value),
        "enum" => is_list_of_names(doc, value) && doc.count(value) > 0,
        "items" => is_schema(doc, value),
        "additionalProperties" => kind == Kind::Bool || is_schema(doc, value),
        "anyOf" | "allOf" => {
            kind == Kind::Array && doc.count(value) > 0 && doc.elements(value).all(|one| is_schema(doc, one))
        }
        "minimum" | "maximum" => matches!(kind, Kind::Integer | Kind::Number),
        "minLength" | "maxLength" | "minItems" | "maxItems" => kind == Kind::Integer && is_at_least(doc, value, 0.0),
        _ => false,
    }
}

/// Whether the value is a short list of strings, all of them different.
fn is_list_of_names(doc: &Doc<'_>, at: NodeId) -> bool {
    doc.kind(at) == Kind::Array
        && doc.count(at) <= SHORT
        && strings(doc, at).count() == doc.count(at)
        && strings(doc, at).enumerate().all(|(place, name)| strings(doc, at).take(place).all(|before| before != name))
}

fn strings<'d>(doc: &'d Doc<'_>, list: NodeId) -> impl Iterator<Item = &'d str> {
    doc.elements(list).filter_map(|element| doc.str(element))
}

/// Whether the schema at `at` certainly takes the arguments, if it is a sound one.
pub(super) fn takes(schema: &Doc<'_>, at: NodeId, arguments: &Doc<'_>) -> bool {
    fits(schema, at, arguments, NodeId::ROOT, &mut Patience(1000 + 10 * arguments.len()))
}

/// How many more comparisons are made: those of long lists with long lists are for others.
struct Patience(usize);

impl Patience {
    fn has(&mut self, comparisons: usize) -> bool {
        let left = self.0.checked_sub(comparisons);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

fn fits(schema: &Doc<'_>, at: NodeId, doc: &Doc<'_>, value: NodeId, patience: &mut Patience) -> bool {
    let is_object = doc.kind(value) == Kind::Object;
    // With the same key twice the last schema counts, and that cannot be told here.
    let mut properties = None;
    let mut more = None;
    if schema.kind(at) != Kind::Object || !patience.has(schema.count(at)) {
        return false;
    }
    for member in schema.members(at) {
        let rule = member.value;
        let holds = match member.key {
            "type" => match schema.str(rule) {
                Some(name) => is_of_type(doc, value, name),
                None => {
                    patience.has(schema.count(rule)) && strings(schema, rule).any(|name| is_of_type(doc, value, name))
                }
            },
            "description" | "title" | "format" | "$comment" | "default" | "optional" | "nullable" => true,
            "properties" => properties.replace(rule).is_none(),
            "additionalProperties" => more.replace(rule).is_none(),
            "required" if is_object && !patience.has(schema.count(rule) * doc.count(value)) => false,
            "required" => !is_object || strings(schema, rule).all(|key| doc.members(value).any(|own| own.key == key)),
            "enum" => {
                patience.has(schema.count(rule))
                    && doc.str(value).is_some_and(|text| strings(schema, rule).any(|option| option == text))
            }
            "items" => {
                doc.kind(value) != Kind::Array
                    || doc.elements(value).all(|element| fits(schema, rule, doc, element, patience))
            }
            "anyOf" => schema.elements(rule).any(|option| fits(schema, option, doc, value, patience)),
            "allOf" => schema.elements(rule).all(|option| fits(schema, option, doc, value, patience)),
            "minimum" => {
                doc.number(value).is_none() || schema.number(rule).is_some_and(|least| is_at_least(doc, value, least))
            }
            "maximum" => {
                doc.number(value).is_none() || doc.number(value).is_some_and(|own| is_at_least(schema, rule, own))
            }
            _ => false,
        };
        if !holds {
            return false;
        }
    }
    if !is_object || properties.is_none() && more.is_none() {
        return true;
    }
    let known = properties.map_or(0, |at| schema.count(at));
    if !patience.has(known * doc.count(value)) {
        return false;
    }
    doc.members(value).all(|own| {
        let mut known = properties.into_iter().flat_map(|at| schema.members(at)).filter(|known| known.key == own.key);
        match (known.next(), known.next(), more) {
            (Some(property), None, _) => fits(schema, property.value, doc, own.value, patience),
            (Some(_), Some(_), _) => false,
            (None, _, None) => true,
            (None, _, Some(more)) => {
                schema.bool(more) == Some(true)
                    || schema.kind(more) == Kind::Object && fits(schema, more, doc, own.value, patience)
            }
        }
    })
}

fn is_of_type(doc: &Doc<'_>, value: NodeId, name: &str) -> bool {
    match (doc.kind(value), name) {
        // What is written as a float may be an integer too: that is for others to say.
        (Kind::Integer, "integer" | "number")
        | (Kind::Number, "number")
        | (Kind::String, "string")
        | (Kind::Object, "object")
        | (Kind::Array, "array")
        | (Kind::Bool, "boolean")
        | (Kind::Null, "null") => true,
        _ => false,
    }
}

/// Whether the number is certainly not below `least`.
fn is_at_least(doc: &Doc<'_>, value: NodeId, least: f64) -> bool {
    doc.number(value).is_some_and(|number| number.abs() < EXACT && least.abs() < EXACT && number >= least)
}

#[cfg(test)]
mod tests {
    use super::super::{Schema, read};
    use super::*;
    use crate::json::Parser;

    /// A value that a schema may have somewhere, right or wrong.
    fn schema(random: &mut fastrand::Rng, depth: u32) -> String {
        let names = ["a", "b", "string", "object", "integer", "number", "array", "boolean", "null", "str"];
        let name = |random: &mut fastrand::Rng| format!("\"{}\"", names[random.usize(..names.len())]);
        let list = |random: &mut fastrand::Rng| {
            let names: Vec<String> = (0..random.usize(..4)).map(|_| name(random)).collect();
            format!("[{}]", names.join(","))
        };
        let odd = ["1", "-1", "1.5", "null", "true", "{}", "[]", "\"a\"", "[1,1]", "1e30"];
        let mut members = Vec::new();
        let count = if depth == 0 { 1 } else { random.usize(..4) };
        for _ in 0..count {
            let keys = [
                "type",
                "type",
                "properties",
                "properties",
                "required",
                "enum",
                "items",
                "additionalProperties",
                "anyOf",
                "allOf",
                "minimum",
                "maximum",
                "minLength",
                "maxItems",
                "description",
                "default",
                "format",
                "title",
                "optional",
                "oneOf",
                "const",
            ];
            let key = keys[random.usize(..keys.len())];
            let value = match key {
                _ if random.u8(..12) == 0 => odd[random.usize(..odd.len())].to_owned(),
                "type" if random.bool() => name(random),
                "type" | "required" | "enum" => list(random),
                "properties" => format!(
                    "{{\"a\":{},\"{}\":{}}}",
                    schema(random, depth.saturating_sub(1)),
                    ["a", "b"][random.usize(..2)],
                    schema(random, depth.saturating_sub(1))
                ),
                "items" | "additionalProperties" => schema(random, depth.saturating_sub(1)),
                "anyOf" | "allOf" | "oneOf" => {
                    let inner = [(); 2].map(|()| schema(random, depth.saturating_sub(1)));
                    format!("[{}]", inner.join(","))
                }
                "description" | "format" | "title" => name(random),
                "optional" => "true".to_owned(),
                _ => random.i32(-1..3).to_string(),
            };
            members.push(format!("\"{key}\":{value}"));
        }
        format!("{{{}}}", members.join(","))
    }

    fn value(random: &mut fastrand::Rng, depth: u32) -> String {
        match random.u8(..if depth == 0 { 8 } else { 11 }) {
            0 => "null".to_owned(),
            1 => "true".to_owned(),
            2 => random.i32(-2..4).to_string(),
            3 => "1.0".to_owned(),
            4 => "1.5".to_owned(),
            5 => "\"b\"".to_owned(),
            6 => "9007199254740993".to_owned(),
            7 => "\"a\"".to_owned(),
            8 => format!("[{},{}]", value(random, depth - 1), value(random, depth - 1)),
            _ => format!(
                "{{\"a\":{},\"{}\":{}}}",
                value(random, depth - 1),
                ["a", "b", "c"][random.usize(..3)],
                value(random, depth - 1)
            ),
        }
    }

    #[test]
    fn what_is_told_here_is_what_json_schema_says() {
        let mut random = fastrand::Rng::with_seed(3);
        let (mut one, mut other) = (Parser::default(), Parser::default());
        let (mut sound, mut taken) = (0, 0);
        for _ in 0..30_000 {
            let text = schema(&mut random, 3);
            let doc = one.parse(text.as_bytes()).unwrap();
            let is_plain = is_sound(&doc, NodeId::ROOT);
            sound += u32::from(is_plain);
            let whole = Schema::build(text.as_bytes());
            assert!(!is_plain || whole.fault.is_none(), "{text}: {:?}", whole.fault);
            for _ in 0..4 {
                let arguments = value(&mut random, 3);
                if takes(&doc, NodeId::ROOT, &other.parse(arguments.as_bytes()).unwrap()) {
                    taken += 1;
                    let fault = whole.mismatch(&arguments);
                    assert!(fault.is_none(), "{text} takes {arguments}: {fault:?}");
                }
            }
        }
        assert!(sound > 3000 && taken > 3000, "{sound}, {taken}");
    }

    #[test]
    fn what_tools_write_is_told() {
        let text = r#"{"type":"object","properties":{"city":{"type":"string","description":"Where"},
            "days":{"type":["array","null"],"items":{"type":"integer","minimum":1},"default":[1]},
            "unit":{"type":"string","enum":["C","F"]}},"required":["city"],"additionalProperties":false}"#;
        let (mut one, mut other) = (Parser::default(), Parser::default());
        let doc = one.parse(text.as_bytes()).unwrap();
        assert!(is_sound(&doc, NodeId::ROOT));
        for (arguments, expected) in [
            (r#"{"city":"Porto","days":[1,2],"unit":"C"}"#, true),
            (r#"{"city":"Porto","days":null}"#, true),
            (r#"{"days":[1]}"#, false),
            (r#"{"city":"Porto","unit":"K"}"#, false),
            (r#"{"city":"Porto","days":[0]}"#, false),
            (r#"{"city":"Porto","more":1}"#, false),
        ] {
            assert_eq!(takes(&doc, NodeId::ROOT, &other.parse(arguments.as_bytes()).unwrap()), expected, "{arguments}");
            assert_eq!(read(text.as_bytes()).mismatch(arguments).is_none(), expected, "{arguments}");
        }
    }
}
