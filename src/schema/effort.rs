//! How much a validator would do, told before it is built and before it is asked.
//!
//! A reference costs its text a few bytes, and the validator all that it refers to: thirty definitions that name the next
//! one twice are a billion schemas. The validator also goes as deep as references lead, until its stack ends. Both are
//! counted here, rather too high than too low; where too much comes together, nothing is known of the schema.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// So many schemas may be asked for one value, however short it is.
const STEPS: usize = 10_000;
/// So many more for each byte of the value.
const STEPS_A_BYTE: usize = 32;
/// So many at most: each of them may leave an error in memory.
const MOST_STEPS: usize = 1_000_000;
/// Schemas inside each other when a value is asked for: values are up to 128 levels deep, and at each stand a few.
const DEEPEST: usize = 512;
/// The same for what is built, where everything counts that the text has around it.
const DEEPEST_TEXT: usize = 1024;
/// What a reference counts there: each holds on to those on the way to it.
const REFERENCE: usize = 4;
/// So many schemas may be built besides those in the text.
const BUILT: usize = 10_000;
/// What asking a schema for schemas comes to for each value.
const METASCHEMA: usize = 64;
/// Where the schemas for schemas are, which validators know.
const METASCHEMAS: [&str; 2] = ["https://json-schema.org/", "http://json-schema.org/"];

static NULL: Value = Value::Null;

/// A schema, and what it takes to build its validator and to ask that.
#[derive(Debug)]
pub(super) struct Effort {
    pub(super) schema: Value,
    names: Names,
}

impl Effort {
    pub(super) fn new(schema: Value) -> Self {
        Effort { names: Names::of(&schema), schema }
    }

    /// Whether a validator of the schema, whose text has so many bytes, takes little enough to build.
    pub(super) fn is_little_to_build(&self, bytes: usize) -> bool {
        let names = &self.names;
        if !names.has_references {
            return true;
        }
        // Without these every target is built once.
        let everywhere = names.has_resources || names.has_unevaluated || names.has_dynamic;
        let left = if everywhere { BUILT + bytes } else { BUILT + 2 * bytes };
        let mut build = Build { names, root: &self.schema, everywhere, left, targets: HashMap::new() };
        build.height(&self.schema, 0).is_some()
    }

    /// Whether that takes little enough to ask for the value, whose text has so many bytes.
    pub(super) fn is_little(&self, value: &Value, bytes: usize) -> bool {
        let left = (STEPS + bytes.saturating_mul(STEPS_A_BYTE)).min(MOST_STEPS);
        let mut ask = Ask { effort: self, left, entered: Vec::new() };
        ask.all(&self.schema, value, 0).is_some()
    }
}

fn is_reference(keyword: &str) -> bool {
    matches!(keyword, "$ref" | "$dynamicRef" | "$recursiveRef")
}

/// What references may name, and what makes them multiply.
#[derive(Debug, Default)]
struct Names {
    has_references: bool,
    /// Whether schemas inside have names of their own: then it counts from where a reference is reached.
    has_resources: bool,
    /// Whether it is not told here what some name stands for.
    is_odd: bool,
    has_unevaluated: bool,
    has_dynamic: bool,
    /// The name of the whole schema.
    own: Option<String>,
    /// Pointers to the schemas inside that have names.
    pointers: HashMap<String, String>,
}

/// What a reference leads to.
enum Target<'s> {
    Here(&'s Value),
    Metaschema,
}

impl Names {
    fn of(schema: &Value) -> Names {
        let mut names = Names::default();
        let mut is_old = false;
        names.walk(schema, &mut String::new(), &mut is_old);
        let own = schema.get("$id").or_else(|| schema.get("id").filter(|_| is_old)).and_then(Value::as_str);
        if let Some(own) = own {
            let own = own.split('#').next().unwrap_or_default();
            names.is_odd |= names.pointers.keys().any(|name| own.ends_with(name));
            names.own = Some(own.to_owned());
        }
        names
    }

    /// Whether names stand under the key that they have in the oldest drafts is told by `is_old`, which comes first where
    /// it matters.
    fn walk(&mut self, value: &Value, pointer: &mut String, is_old: &mut bool) {
        let length = pointer.len();
        match value {
            Value::Object(members) => {
                let draft = members.get("$schema").and_then(Value::as_str);
                *is_old |= draft.is_some_and(|draft| draft.contains("draft-04"));
                for (key, inner) in members {
                    match (key.as_str(), inner) {
                        (key, Value::String(_)) if is_reference(key) => {
                            self.has_references = true;
                            self.has_dynamic |= key != "$ref";
                        }
                        ("$id", Value::String(name)) if length > 0 => {
                            self.has_resources = true;
                            let is_known = self.pointers.insert(name.clone(), pointer.clone()).is_some();
                            self.is_odd |= is_known || !is_word(name);
                        }
                        ("id", Value::String(_)) if length > 0 && *is_old => self.is_odd = true,
                        ("unevaluatedProperties" | "unevaluatedItems", _) => self.has_unevaluated = true,
                        _ => {}
                    }
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                    self.walk(inner, pointer, is_old);
                    pointer.truncate(length);
                }
            }
            Value::Array(elements) => {
                for (place, inner) in elements.iter().enumerate() {
                    pointer.push('/');
                    pointer.push_str(&place.to_string());
                    self.walk(inner, pointer, is_old);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// What a reference leads to in the schema that has these names; `None` if that is not known.
    fn target<'s>(&self, root: &'s Value, reference: &str) -> Option<Target<'s>> {
        if self.is_odd {
            return None;
        }
        let (name, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let resource = match (self.pointers.get(name), &self.own) {
            (Some(pointer), _) => root.pointer(pointer)?,
            (None, Some(own)) if own == name => root,
            // It names what it stands in: with several of them that is not told here.
            (None, _) if name.is_empty() && !self.has_resources => root,
            (None, None) if !self.has_resources && METASCHEMAS.iter().any(|start| name.starts_with(start)) => {
                return Some(Target::Metaschema);
            }
            _ => return None,
        };
        resource.pointer(&unescaped(fragment)?).map(Target::Here)
    }
}

/// Names that are words are resolved in one way only.
fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// What a fragment says, in which some bytes are written as `%41`.
fn unescaped(fragment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            u8::from_str_radix(str::from_utf8(&digits).ok()?, 16).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

/// The building of a validator.
struct Build<'s> {
    names: &'s Names,
    root: &'s Value,
    /// Whether what is referred to is built wherever it is.
    everywhere: bool,
    left: usize,
    /// What was referred to, and how deep it is; while that is not known, 0: there the circle ends.
    targets: HashMap<*const Value, usize>,
}

impl<'s> Build<'s> {
    /// How deep the value goes, at this depth; `None` if that is too deep, or there is too much.
    fn height(&mut self, value: &'s Value, depth: usize) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let mut height = 0;
        match value {
            Value::Object(members) => {
                for (key, inner) in members {
                    height = height.max(
                        1 + match inner {
                            Value::String(reference) if is_reference(key) => self.target(reference, depth + 1)?,
                            Value::Object(_) | Value::Array(_) => self.height(inner, depth + 1)?,
                            _ => 0,
                        },
                    );
                }
            }
            Value::Array(elements) => {
                for inner in elements {
                    height = height.max(1 + self.height(inner, depth + 1)?);
                }
            }
            _ => {}
        }
        (depth + height <= DEEPEST_TEXT).then_some(height)
    }

    fn target(&mut self, reference: &str, depth: usize) -> Option<usize> {
        let target = match self.names.target(self.root, reference)? {
            Target::Here(target) => target,
            Target::Metaschema => return Some(REFERENCE),
        };
        if let Some(height) = self.targets.get(&std::ptr::from_ref(target)) {
            return Some(*height);
        }
        if depth > DEEPEST_TEXT {
            return None;
        }
        self.targets.insert(target, 0);
        let height = REFERENCE + self.height(target, depth + REFERENCE)?;
        if self.everywhere {
            self.targets.remove(&std::ptr::from_ref(target));
        } else {
            self.targets.insert(target, height);
        }
        Some(height)
    }
}

/// The asking of a validator.
struct Ask<'s, 'v> {
    effort: &'s Effort,
    left: usize,
    /// The targets and values on the way, at which a circle ends.
    entered: Vec<(&'s Value, &'v Value)>,
}

/// What was asked.
#[derive(Clone, Copy, Default)]
struct Asked {
    /// For a value and what is inside it.
    all: usize,
    /// For a value itself.
    here: usize,
}

impl<'s, 'v> Ask<'s, 'v> {
    fn spend(&mut self, steps: usize) -> Option<usize> {
        self.left = self.left.checked_sub(steps)?;
        Some(steps)
    }

    /// What is asked of a schema for a value; `None` if it is too much.
    fn all(&mut self, schema: &'s Value, value: &'v Value, depth: usize) -> Option<Asked> {
        let mut asked = Asked { all: self.spend(1)?, here: 1 };
        let Value::Object(keywords) = schema else { return Some(asked) };
        if depth > DEEPEST {
            return None;
        }
        let depth = depth + 1;
        asked.all += self.spend(keywords.len() / 8)?;
        let mut is_asked_again = false;
        for (keyword, inner) in keywords {
            match (keyword.as_str(), inner) {
                (keyword, Value::String(reference)) if is_reference(keyword) => {
                    asked.add(self.reference(reference, value, depth)?);
                }
                ("allOf", Value::Array(schemas)) => {
                    for schema in schemas {
                        asked.add(self.all(schema, value, depth)?);
                    }
                }
                ("anyOf" | "oneOf", Value::Array(schemas)) => {
                    for schema in schemas {
                        let of_one = self.all(schema, value, depth)?;
                        // If none takes the value, all are asked again for what is wrong.
                        self.spend(of_one.all)?;
                        asked.add(of_one);
                    }
                }
                ("if" | "then" | "else" | "not", schema) => asked.add(self.all(schema, value, depth)?),
                ("dependentSchemas" | "dependencies" | "dependentRequired", Value::Object(keys)) => {
                    asked.all += self.spend(keys.len())?;
                    for (_, inner) in keys.iter().filter(|(key, _)| value.get(key).is_some()) {
                        match inner {
                            Value::Array(names) => asked.all += self.spend(names.len())?,
                            schema => asked.add(self.all(schema, value, depth)?),
                        }
                    }
                }
                ("required", Value::Array(names)) => asked.all += self.spend(names.len())?,
                ("enum", Value::Array(options)) => asked.all += self.spend(options.len() / 4)?,
                (keyword, inner) => match value {
                    Value::Object(members) => {
                        is_asked_again |= keyword == "unevaluatedProperties";
                        asked.all += self.members(keywords, (keyword, inner), members, depth)?;
                    }
                    Value::Array(elements) => {
                        is_asked_again |= keyword == "unevaluatedItems";
                        asked.all += self.elements((keyword, inner), elements, depth)?;
                    }
                    _ => {}
                },
            }
        }
        if is_asked_again {
            let inside = value.as_object().map_or_else(|| value.as_array().map_or(0, Vec::len), Map::len);
            asked.all += self.spend(asked.all)?;
            asked.all += self.spend(asked.here.saturating_mul(inside))?;
        }
        Some(asked)
    }

    fn reference(&mut self, reference: &str, value: &'v Value, depth: usize) -> Option<Asked> {
        let target = match self.effort.names.target(&self.effort.schema, reference)? {
            Target::Here(target) => target,
            Target::Metaschema => {
                let steps = self.spend(METASCHEMA.saturating_mul(size(value)))?;
                return Some(Asked { all: steps, here: METASCHEMA });
            }
        };
        // What stands before belongs to values around this one.
        let here = self.entered.iter().rev().take_while(|(_, entered)| std::ptr::eq(*entered, value));
        let (mut looked_at, mut is_circle) = (0, false);
        for (entered, _) in here {
            looked_at += 1;
            is_circle |= std::ptr::eq(*entered, target);
        }
        self.spend(looked_at)?;
        if is_circle {
            return Some(Asked::default());
        }
        self.entered.push((target, value));
        let asked = self.all(target, value, depth)?;
        self.entered.pop();
        Some(asked)
    }

    /// What a keyword asks for the members of an object.
    fn members(
        &mut self,
        keywords: &'s Map<String, Value>,
        (keyword, inner): (&str, &'s Value),
        members: &'v Map<String, Value>,
        depth: usize,
    ) -> Option<usize> {
        let mut steps = 0;
        match (keyword, inner) {
            ("properties", Value::Object(schemas)) => {
                let fewer = if schemas.len() < members.len() { schemas } else { members };
                steps += self.spend(fewer.len())?;
                for key in fewer.keys() {
                    if let (Some(schema), Some(value)) = (schemas.get(key), members.get(key)) {
                        steps += self.all(schema, value, depth)?.all;
                    }
                }
            }
            ("patternProperties", Value::Object(schemas)) => {
                for value in members.values() {
                    for schema in schemas.values() {
                        steps += self.all(schema, value, depth)?.all;
                    }
                }
            }
            ("additionalProperties" | "unevaluatedProperties", schema) => {
                let properties = keywords.get("properties").and_then(Value::as_object);
                steps += self.spend(members.len())?;
                for (key, value) in members {
                    if !properties.is_some_and(|properties| properties.contains_key(key)) {
                        steps += self.all(schema, value, depth)?.all;
                    }
                }
            }
            ("propertyNames", schema) => {
                for _ in members {
                    steps += self.all(schema, &NULL, depth)?.all;
                }
            }
            _ => {}
        }
        Some(steps)
    }

    /// What a keyword asks for the elements of an array.
    fn elements(&mut self, (keyword, inner): (&str, &'s Value), elements: &'v [Value], depth: usize) -> Option<usize> {
        let mut steps = 0;
        match (keyword, inner) {
            ("prefixItems" | "items", Value::Array(schemas)) => {
                for (schema, value) in schemas.iter().zip(elements) {
                    steps += self.all(schema, value, depth)?.all;
                }
            }
            ("items" | "additionalItems" | "unevaluatedItems" | "contains", schema) => {
                for value in elements {
                    steps += self.all(schema, value, depth)?.all;
                }
            }
            ("uniqueItems", _) => steps += self.spend(elements.len())?,
            _ => {}
        }
        Some(steps)
    }
}

impl Asked {
    /// Adds what is asked for the same value.
    fn add(&mut self, other: Asked) {
        self.all += other.all;
        self.here += other.here;
    }
}

/// How many values there are, with those inside.
fn size(value: &Value) -> usize {
    match value {
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        Value::Array(elements) => 1 + elements.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Definitions of which each is made from references to the next.
    fn definitions(count: usize, one: impl Fn(Value) -> Value) -> Value {
        let mut definitions = Map::new();
        for place in 0..count {
            let next = json!({"$ref": format!("#/$defs/d{}", place + 1)});
            definitions.insert(format!("d{place}"), one(next));
        }
        definitions.insert(format!("d{count}"), json!({"type": "object"}));
        json!({"type": "object", "allOf": [{"$ref": "#/$defs/d0"}], "$defs": definitions})
    }

    /// Whether it is little to build, and to ask for this value.
    fn is_little(schema: Value, value: &Value) -> (bool, bool) {
        let bytes = schema.to_string().len();
        let effort = Effort::new(schema);
        (effort.is_little_to_build(bytes), effort.is_little(value, value.to_string().len()))
    }

    #[test]
    fn what_references_multiply_is_too_much() {
        let value = json!({"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}}});
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for (count, little) in [(5, true), (30, false)] {
                let schema = definitions(count, |next| json!({keyword: [next, next]}));
                assert_eq!(is_little(schema, &value), (true, little), "{keyword} {count}");
            }
        }
        let schema = definitions(30, |next| json!({"properties": {"a": next}, "additionalProperties": next}));
        assert_eq!(is_little(schema, &value), (true, true));
        let twice = json!({"properties": {"a": {"$ref": "#"}}});
        let schema = json!({"anyOf": [twice, twice, twice]});
        assert_eq!(is_little(schema.clone(), &value), (true, false));
        assert_eq!(is_little(schema, &json!({"a": {"a": 1}})), (true, true));
        // Where names count from where they are reached, and where it is asked what was asked, all is built.
        for (count, little) in [(5, true), (30, false)] {
            let mut schema = definitions(count, |next| json!({"allOf": [next, next]}));
            schema["unevaluatedProperties"] = json!(false);
            assert_eq!(is_little(schema, &json!({})), (little, little), "{count}");
        }
        let all: Vec<Value> = (0..12).map(|other| json!({"$ref": format!("n{other}")})).collect();
        let named = |place: usize| (format!("n{place}"), json!({"$id": format!("n{place}"), "anyOf": all}));
        let named: Map<String, Value> = (0..12).map(named).collect();
        assert!(!is_little(json!({"$defs": named, "$ref": "n0"}), &json!({})).0);
    }

    #[test]
    fn what_is_deep_is_too_much() {
        let chain = |count| definitions(count, |next| json!({"allOf": [next]}));
        assert_eq!(is_little(chain(100), &json!({})), (true, true));
        assert_eq!(is_little(chain(1000), &json!({})), (false, false));
        // Also if the last ones stand first.
        let mut schema = json!({"$ref": "#/$defs/d9999"});
        schema["$defs"]["d0000"] = json!({});
        for place in 1..10_000 {
            schema["$defs"][format!("d{place:04}")] = json!({"$ref": format!("#/$defs/d{:04}", place - 1)});
        }
        assert_eq!(is_little(schema, &json!({})), (false, false));
    }

    #[test]
    fn everyday_references_are_little() {
        let value = json!({"name": "a", "children": [{"name": "b", "children": []}, {"name": "c"}]});
        let node = |name: &str| {
            json!({"type": "object", "properties": {"name": {"type": "string"},
                "children": {"type": "array", "items": {"$ref": name}}}, "required": ["name"]})
        };
        let with = |mut schema: Value, key: &str, value: Value| {
            schema[key] = value;
            schema
        };
        for schema in [
            node("#"),
            with(node("T0"), "$id", json!("T0")),
            with(node("https://example.com/node#"), "$id", json!("https://example.com/node")),
            json!({"$ref": "#/definitions/a%20%3Cb%3E~1c", "definitions": {"a <b>/c": node("#/definitions/a%20<b>~1c")}}),
            json!({"properties": {"node": with(node("T0"), "$id", json!("T0"))}, "$ref": "T0"}),
            json!({"$schema": "http://json-schema.org/draft-04/schema#", "id": "x", "allOf": [node("x#")]}),
            with(node("#"), "unevaluatedProperties", json!(false)),
            json!({"properties": {"children": {"$ref": "http://json-schema.org/draft-07/schema#"}}}),
        ] {
            assert_eq!(is_little(schema.clone(), &value), (true, true), "{schema}");
        }
    }

    #[test]
    fn of_what_is_not_known_nothing_is_said() {
        for schema in [
            json!({"$ref": "#name", "$defs": {"a": {"$anchor": "name"}}}),
            json!({"$ref": "other.json"}),
            json!({"$ref": "#/$defs/a%"}),
            json!({"$ref": "a", "$defs": {"a": {"$id": "x/../a"}}}),
            json!({"$ref": "a", "$defs": {"a": {"$id": "a"}, "b": {"$id": "a"}}}),
            json!({"$id": "http://json-schema.org/a", "$ref": "http://json-schema.org/b", "$defs": {"b": {"$id": "b"}}}),
            json!({"$ref": "#/a", "a": {"id": "b"}, "$schema": "http://json-schema.org/draft-04/schema#"}),
        ] {
            assert_eq!(is_little(schema.clone(), &json!({})), (false, false), "{schema}");
        }
    }

    #[test]
    fn long_lists_cost_what_they_hold() {
        let many: Vec<Value> = (0..4000).map(|n| json!({"const": n.to_string()})).collect();
        let elements: Vec<Value> = (0..4000).map(|_| json!("x")).collect();
        let value = json!({"a": elements});
        assert!(is_little(json!({"properties": {"a": {"items": {"type": "string"}}}}), &value).1);
        assert!(!is_little(json!({"properties": {"a": {"items": {"anyOf": many}}}}), &value).1);
        assert!(!is_little(json!({"properties": {"a": {"items": {"enum": many}}}}), &value).1);
        assert!(is_little(json!({"properties": {"a": {"items": {"anyOf": many[..8]}}}}), &value).1);
    }
}
