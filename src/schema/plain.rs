//! Everyday schemas, told on the tape of the line: nearly all tools have nothing else, and a line that is in order costs
//! neither memory nor a validator.
//!
//! What is said here is sure. Of anything else, down to a keyword that is not known, nothing is said, and the
//! validator is asked.

use crate::json::{Doc, Kind, NodeId};

/// Longer lists are left to the validator, which need not compare all with all.
const FEW: usize = 64;
/// So many values are looked at in one go: what takes longer is left to the validator.
const STEPS: usize = 10_000;

/// The dialects in which everyday keywords mean the same.
const DIALECTS: [&str; 3] = [
    "https://json-schema.org/draft/2020-12/schema",
    "http://json-schema.org/draft-07/schema#",
    "http://json-schema.org/draft-07/schema",
];

/// Whether the value is surely the schema of an object.
pub(super) fn is_sound(doc: &Doc<'_>, schema: NodeId) -> bool {
    let is_object = |value: NodeId| doc.str(value) == Some("object");
    doc.kind(schema) == Kind::Object
        && doc.members(schema).all(|member| member.key != "type" || is_object(member.value))
        && is_schema(doc, schema, true)
}

fn is_schema(doc: &Doc<'_>, schema: NodeId, is_root: bool) -> bool {
    if doc.kind(schema) == Kind::Bool {
        return true;
    }
    let is = |value: NodeId, kind: Kind| doc.kind(value) == kind;
    let is_schema = |value: NodeId| self::is_schema(doc, value, false);
    is(schema, Kind::Object)
        && doc.members(schema).all(|member| {
            let value = member.value;
            match member.key {
                "type" => is_types(doc, value),
                "description" | "title" | "format" | "$comment" => is(value, Kind::String),
                "default" | "const" | "example" => true,
                "examples" => is(value, Kind::Array),
                "enum" => is(value, Kind::Array) && doc.count(value) > 0,
                "required" => is(value, Kind::Array) && are_different_strings(doc, value),
                "properties" => is(value, Kind::Object) && doc.members(value).all(|inner| is_schema(inner.value)),
                "items" | "additionalProperties" => is_schema(value),
                "anyOf" | "oneOf" | "allOf" => {
                    is(value, Kind::Array) && doc.count(value) > 0 && doc.elements(value).all(is_schema)
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => doc.number(value).is_some(),
                "minLength" | "maxLength" | "minItems" | "maxItems" => {
                    is(value, Kind::Integer) && doc.number(value).is_some_and(|least| least >= 0.0)
                }
                "uniqueItems" | "deprecated" | "readOnly" | "writeOnly" => is(value, Kind::Bool),
                "$schema" => is_root && doc.str(value).is_some_and(|dialect| DIALECTS.contains(&dialect)),
                _ => false,
            }
        })
}

fn is_types(doc: &Doc<'_>, value: NodeId) -> bool {
    let is_type = |value: NodeId| doc.str(value).is_some_and(super::is_type);
    match doc.kind(value) {
        Kind::Array => doc.elements(value).all(is_type) && doc.count(value) > 0 && are_different_strings(doc, value),
        _ => is_type(value),
    }
}

fn are_different_strings(doc: &Doc<'_>, list: NodeId) -> bool {
    doc.count(list) <= FEW
        && doc.elements(list).enumerate().all(|(place, one)| {
            let one = doc.str(one);
            one.is_some() && doc.elements(list).take(place).all(|other| doc.str(other) != one)
        })
}

/// Whether the arguments surely fit the schema.
pub(super) fn fits(schema: (&Doc<'_>, NodeId), arguments: (&Doc<'_>, NodeId)) -> bool {
    Fit { schema: schema.0, arguments: arguments.0, left: STEPS }.all(schema.1, arguments.1, true)
}

/// An answer in the making. False says that nothing is sure.
struct Fit<'d, 's, 'a> {
    schema: &'d Doc<'s>,
    arguments: &'d Doc<'a>,
    left: usize,
}

impl Fit<'_, '_, '_> {
    /// Whether the value at `at` keeps to all keywords of the schema.
    fn all(&mut self, schema: NodeId, at: NodeId, is_root: bool) -> bool {
        if !self.step(1) {
            return false;
        }
        let (doc, arguments) = (self.schema, self.arguments);
        if doc.kind(schema) == Kind::Bool {
            return doc.bool(schema) == Some(true);
        }
        doc.kind(schema) == Kind::Object
            && doc.count(schema) <= FEW
            && doc.members(schema).all(|member| {
                let value = member.value;
                let bound = |keeps: fn(&f64, &f64) -> bool| match arguments.kind(at) {
                    Kind::Integer | Kind::Number => match (exact(arguments, at), exact(doc, value)) {
                        (Some(number), Some(bound)) => keeps(&number, &bound),
                        _ => false,
                    },
                    _ => true,
                };
                match member.key {
                    "type" if doc.kind(value) == Kind::Array => {
                        self.step(doc.count(value)) && doc.elements(value).any(|name| is_of(arguments, at, doc, name))
                    }
                    "type" => is_of(arguments, at, doc, value),
                    "description" | "title" | "format" | "$comment" | "default" | "example" | "examples"
                    | "deprecated" | "readOnly" | "writeOnly" => true,
                    "enum" => self.step(doc.count(value)) && doc.elements(value).any(|one| self.is_same(one, at)),
                    "required" => {
                        arguments.kind(at) != Kind::Object
                            || self.step(doc.count(value) * (1 + arguments.count(at)))
                                && doc.elements(value).all(|name| {
                                    let name = doc.str(name);
                                    name.is_some() && arguments.members(at).any(|member| Some(member.key) == name)
                                })
                    }
                    "properties" => self.members(schema, value, at),
                    // What `properties` names was seen there.
                    "additionalProperties" if doc.get(schema, "properties").is_some() => {
                        doc.kind(value) == Kind::Object || doc.kind(value) == Kind::Bool
                    }
                    "additionalProperties" => arguments.members(at).all(|member| self.all(value, member.value, false)),
                    "items" => {
                        arguments.kind(at) != Kind::Array
                            || arguments.elements(at).all(|element| self.all(value, element, false))
                    }
                    "anyOf" => doc.elements(value).any(|one| self.all(one, at, false)),
                    "allOf" => {
                        doc.kind(value) == Kind::Array && doc.elements(value).all(|one| self.all(one, at, false))
                    }
                    "minimum" => bound(f64::ge),
                    "maximum" => bound(f64::le),
                    "exclusiveMinimum" => bound(f64::gt),
                    "exclusiveMaximum" => bound(f64::lt),
                    "$schema" => is_root && doc.str(value).is_some_and(|dialect| DIALECTS.contains(&dialect)),
                    _ => false,
                }
            })
    }

    /// Whether each member of an object keeps to its schema in `properties`, or else to that of additional ones.
    fn members(&mut self, schema: NodeId, properties: NodeId, at: NodeId) -> bool {
        let (doc, arguments) = (self.schema, self.arguments);
        let additional = doc.get(schema, "additionalProperties");
        // Of a key that stands twice the last counts: that is left to the validator.
        let once = doc.members(schema).filter(|member| member.key == "properties").count() == 1;
        once && doc.kind(properties) == Kind::Object
            && arguments.members(at).all(|member| {
                self.step(doc.count(properties))
                    && match (doc.get(properties, member.key), additional) {
                        (Some(schema), _) | (None, Some(schema)) => self.all(schema, member.value, false),
                        (None, None) => true,
                    }
            })
    }

    fn is_same(&self, option: NodeId, at: NodeId) -> bool {
        let (doc, arguments) = (self.schema, self.arguments);
        match (doc.kind(option), arguments.kind(at)) {
            (Kind::String, Kind::String) => doc.str(option) == arguments.str(at),
            (Kind::Bool, Kind::Bool) => doc.bool(option) == arguments.bool(at),
            (Kind::Null, Kind::Null) => true,
            (Kind::Integer, Kind::Integer) => {
                exact(doc, option).is_some() && exact(doc, option) == exact(arguments, at)
            }
            _ => false,
        }
    }

    fn step(&mut self, steps: usize) -> bool {
        self.left = self.left.saturating_sub(steps);
        self.left > 0
    }
}

/// Whether the value is surely of the type of this name.
fn is_of(arguments: &Doc<'_>, at: NodeId, doc: &Doc<'_>, name: NodeId) -> bool {
    let kind = arguments.kind(at);
    match doc.str(name) {
        Some("string") => kind == Kind::String,
        Some("number") => matches!(kind, Kind::Integer | Kind::Number),
        Some("integer") => kind == Kind::Integer,
        Some("object") => kind == Kind::Object,
        Some("array") => kind == Kind::Array,
        Some("boolean") => kind == Kind::Bool,
        Some("null") => kind == Kind::Null,
        _ => false,
    }
}

/// A number that a double holds for sure.
fn exact(doc: &Doc<'_>, at: NodeId) -> Option<f64> {
    doc.number(at).filter(|number| number.abs() < 9e15)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Schema;
    use super::*;
    use crate::json::Parser;

    /// Schemas and values made of the same few words, so that they often meet.
    struct Random(fastrand::Rng);

    impl Random {
        fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
            texts[self.0.usize(..texts.len())]
        }

        fn value(&mut self, depth: usize) -> Value {
            match self.0.u8(..if depth == 0 { 9 } else { 13 }) {
                0 => Value::Null,
                1 => json!(self.0.bool()),
                2 | 3 => json!(self.0.i32(-2..4)),
                4 => json!(f64::from(self.0.i32(-4..8)) / 2.0),
                5 => json!([9_007_199_254_740_993_u64, u64::MAX, 1 << 60][self.0.usize(..3)]),
                6..9 => json!(self.pick(&["a", "b", "", "object"])),
                9 | 10 => (0..self.0.usize(..3)).map(|_| self.value(depth - 1)).collect(),
                _ => {
                    let members = 0..self.0.usize(..4);
                    let members = members.map(|_| (self.pick(&["a", "b", "c", "d"]).to_owned(), self.value(depth - 1)));
                    Value::Object(members.collect())
                }
            }
        }

        fn schema(&mut self, depth: usize) -> Value {
            if self.0.u8(..12) == 0 {
                return json!(self.0.bool());
            }
            let mut schema = serde_json::Map::new();
            for _ in 0..self.0.usize(..4) {
                let key = self.pick(&[
                    "type",
                    "type",
                    "type",
                    "description",
                    "enum",
                    "required",
                    "properties",
                    "properties",
                    "items",
                    "additionalProperties",
                    "anyOf",
                    "oneOf",
                    "allOf",
                    "minimum",
                    "exclusiveMaximum",
                    "maxLength",
                    "default",
                    "const",
                    "uniqueItems",
                    "$schema",
                    "format",
                    "not",
                    "nullable",
                ]);
                let inner = depth.saturating_sub(1);
                let types = ["object", "object", "string", "integer", "number", "array", "boolean", "null", "dict"];
                let value = match key {
                    _ if self.0.u8(..40) == 0 => self.value(1),
                    "type" if self.0.bool() => json!(self.pick(&types)),
                    "type" => json!([self.pick(&types), self.pick(&types)]),
                    "description" | "format" => json!(self.pick(&["date", "a"])),
                    "enum" => (0..self.0.usize(..4)).map(|_| self.value(1)).collect(),
                    "required" => (0..self.0.usize(..3)).map(|_| json!(self.pick(&["a", "b", "c"]))).collect(),
                    "properties" => {
                        let names = 0..self.0.usize(..4);
                        let names = names.map(|_| (self.pick(&["a", "b", "c"]).to_owned(), self.schema(inner)));
                        Value::Object(names.collect())
                    }
                    "items" | "additionalProperties" | "not" => self.schema(inner),
                    "anyOf" | "oneOf" | "allOf" => (0..self.0.usize(..3)).map(|_| self.schema(inner)).collect(),
                    "minimum" | "exclusiveMaximum" => json!(self.0.i32(-1..3)),
                    "maxLength" => json!(self.0.i32(-1..3)),
                    "uniqueItems" | "nullable" => json!(self.0.bool()),
                    "$schema" => json!(self.pick(&DIALECTS)),
                    _ => self.value(1),
                };
                schema.insert(key.to_owned(), value);
            }
            Value::Object(schema)
        }
    }

    #[test]
    fn what_is_sure_is_what_the_validator_says() {
        let mut random = Random(fastrand::Rng::with_seed(7));
        let (mut parser, mut other) = (Parser::default(), Parser::default());
        let [mut sound, mut fitting, mut wrong] = [0; 3];
        for _ in 0..6_000 {
            let mut schema = random.schema(3);
            if random.0.u8(..3) > 0 && schema.is_object() {
                schema["type"] = json!("object");
            }
            let text = schema.to_string();
            let doc = parser.parse(text.as_bytes()).unwrap();
            let built = Schema::build(text.as_bytes());
            if is_sound(&doc, NodeId::ROOT) {
                sound += 1;
                assert!(built.fault.is_none(), "{text}: {:?}", built.fault);
            }
            for _ in 0..8 {
                let arguments = random.value(3).to_string();
                let value = other.parse(arguments.as_bytes()).unwrap();
                let fault = built.mismatch(&arguments);
                if fits((&doc, NodeId::ROOT), (&value, NodeId::ROOT)) {
                    fitting += 1;
                    assert!(fault.is_none(), "{text} {arguments}: {fault:?}");
                }
                wrong += u32::from(fault.is_some());
            }
        }
        assert!(sound > 1_000 && fitting > 2_000 && wrong > 5_000, "{sound} {fitting} {wrong}");
    }

    #[test]
    fn of_a_key_that_stands_twice_nothing_wrong_is_sure() {
        let (mut parser, mut other) = (Parser::default(), Parser::default());
        let schemas = [
            r#"{"properties":{"a":true},"properties":{"b":true},"additionalProperties":false}"#,
            r#"{"properties":{"a":{"type":"string"},"a":{"type":"null"}}}"#,
            r#"{"additionalProperties":{"type":"null"},"additionalProperties":{"type":"string"}}"#,
            r#"{"properties":{},"additionalProperties":true,"additionalProperties":false}"#,
            r#"{"type":"string","type":"object","required":["b"],"required":["a"]}"#,
        ];
        for schema in schemas {
            let doc = parser.parse(schema.as_bytes()).unwrap();
            let built = Schema::build(schema.as_bytes());
            for arguments in [r#"{"a":"x"}"#, r#"{"a":null}"#, r#"{"b":1}"#, r#"{"a":1,"a":"x"}"#, "{}"] {
                let value = other.parse(arguments.as_bytes()).unwrap();
                if fits((&doc, NodeId::ROOT), (&value, NodeId::ROOT)) {
                    assert!(built.mismatch(arguments).is_none(), "{schema} {arguments}");
                }
            }
        }
    }

    #[test]
    fn everyday_schemas_and_arguments_are_sure() {
        let schema = r#"{"type":"object","description":"x","properties":{"city":{"type":"string","description":"x"},
            "days":{"type":["integer","null"],"minimum":1,"maximum":14},"unit":{"type":"string","enum":["c","f"]},
            "tags":{"type":"array","items":{"type":"string"}}},"required":["city"],"additionalProperties":false}"#;
        let (mut parser, mut other) = (Parser::default(), Parser::default());
        let doc = parser.parse(schema.as_bytes()).unwrap();
        assert!(is_sound(&doc, NodeId::ROOT));
        for (arguments, sure) in [
            (r#"{"city":"Porto","days":14,"unit":"f","tags":["a"]}"#, true),
            (r#"{"city":"Porto","days":null}"#, true),
            (r#"{"days":1}"#, false),
            (r#"{"city":"Porto","days":15}"#, false),
            (r#"{"city":"Porto","unit":"k"}"#, false),
            (r#"{"city":"Porto","place":1}"#, false),
            (r#"{"city":"Porto","tags":[1]}"#, false),
        ] {
            let value = other.parse(arguments.as_bytes()).unwrap();
            assert_eq!(fits((&doc, NodeId::ROOT), (&value, NodeId::ROOT)), sure, "{arguments}");
        }
    }
}
