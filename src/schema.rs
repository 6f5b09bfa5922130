//! The JSON Schemas of tools: whether they are any, and what arguments they take.
//!
//! Nothing is fetched, and no file is read: a schema that refers elsewhere takes everything. Patterns
//! run on the linear engine; those that it cannot run count as unknown, not as wrong.

mod effort;
mod plain;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use crate::json::{Doc, Memo, NodeId, Parser};
use crate::text::{list, quote};
use effort::Effort;

/// So many schemas are kept by a thread before it starts anew: each takes some kilobytes.
const KEPT: usize = 1024;
/// Bytes that the machine of one pattern may take.
const PATTERN_SIZE: usize = 1 << 20;
/// Longer lists of required names are not gone through for each property.
const FEW: usize = 32;

thread_local! {
    /// Building a schema takes several times as long as asking it, and one tool stands in many lines.
    static SCHEMAS: RefCell<Schemas> = RefCell::default();
    /// Whether a schema that stands in many lines is plainly sound.
    static SOUND: RefCell<Memo<bool>> = RefCell::default();
    /// For the text of arguments: that of the reader is in use when the next arguments are read.
    static ARGUMENTS: RefCell<Parser> = RefCell::default();
}

/// The schemas that were built.
#[derive(Default)]
struct Schemas {
    by_text: HashMap<u128, Rc<Schema>>,
    /// Those that are known without a look at their text.
    by_identity: Memo<Rc<Schema>>,
}

/// What is wrong, and where.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The JSON pointer of the value that is wrong, in its own text.
    pub pointer: String,
    /// The key of that value which should not be there.
    key: Option<String>,
    /// One phrase.
    pub sentence: String,
}

impl Fault {
    fn new(pointer: &str, sentence: String) -> Fault {
        Fault { pointer: pointer.to_owned(), key: None, sentence }
    }

    /// The bytes in the text of the arguments.
    pub(crate) fn range(&self, text: &str) -> Range<usize> {
        let mut parser = Parser::portable();
        let Ok(doc) = parser.parse(text.as_bytes()) else { return 0..text.len() };
        let at = doc.resolve(&self.pointer).unwrap_or(NodeId::ROOT);
        let key = self.key.as_ref().and_then(|key| doc.members(at).find(|member| member.key == key));
        doc.span(key.map_or(at, |member| member.key_at))
    }
}

/// What is known of a schema.
#[derive(Debug)]
pub(crate) struct Schema {
    /// Why it is no JSON Schema of an object.
    pub fault: Option<Fault>,
    /// Why it cannot be followed strictly.
    pub loose: Option<Fault>,
    /// What is asked about arguments, and how much that takes.
    validator: Option<(Validator, Effort)>,
}

/// What is wrong with the schema of a tool.
pub(crate) fn unsound(doc: &Doc<'_>, schema: NodeId) -> Option<Rc<Schema>> {
    let is_sound = SOUND.with_borrow_mut(|sound| sound.get(doc.identity(schema), || plain::is_sound(doc, schema)));
    (!is_sound).then(|| read(doc, schema)).filter(|schema| schema.fault.is_some())
}

/// The same for arguments in which the members that are null are left out before.
pub(crate) fn mismatch_without_nulls(doc: &Doc<'_>, schema: NodeId, arguments: NodeId) -> Option<Fault> {
    fn leave_out(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|_, value| !value.is_null());
                members.values_mut().for_each(leave_out);
            }
            Value::Array(elements) => elements.iter_mut().for_each(leave_out),
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_slice(doc.raw(arguments)).ok()?;
    leave_out(&mut value);
    mismatch(doc, schema, &value.to_string())
}

/// Why the schema at `schema` does not take these arguments, which are JSON.
pub(crate) fn mismatch(doc: &Doc<'_>, schema: NodeId, text: &str) -> Option<Fault> {
    let fits = ARGUMENTS.with_borrow_mut(|parser| {
        let arguments = parser.parse(text.as_bytes());
        arguments.is_ok_and(|arguments| plain::fits((doc, schema), (&arguments, NodeId::ROOT)))
    });
    if fits { None } else { read(doc, schema).mismatch(text) }
}

/// As [`mismatch`], for arguments that were not turned into text.
pub(crate) fn mismatch_at(doc: &Doc<'_>, schema: NodeId, arguments: NodeId) -> Option<Fault> {
    if plain::fits((doc, schema), (doc, arguments)) {
        return None;
    }
    read(doc, schema).mismatch(str::from_utf8(doc.raw(arguments)).ok()?)
}

/// The schema at `schema`.
pub(crate) fn read(doc: &Doc<'_>, schema: NodeId) -> Rc<Schema> {
    SCHEMAS.with_borrow_mut(|Schemas { by_text, by_identity }| {
        if by_text.len() >= KEPT {
            by_text.clear();
            by_identity.clear();
        }
        by_identity.get(doc.identity(schema), || {
            // By its bytes: what equal digests stand for may be spelt otherwise, and keys that stand twice in another order.
            let text = doc.raw(schema);
            Rc::clone(by_text.entry(xxh3_128(text)).or_insert_with(|| Rc::new(Schema::build(text))))
        })
    })
}

impl Schema {
    fn build(text: &[u8]) -> Schema {
        let Ok(schema) = serde_json::from_slice::<Value>(text) else {
            return Schema { fault: None, loose: None, validator: None };
        };
        let effort = Effort::new(schema);
        let schema = &effort.schema;
        let patterns = PatternOptions::regex().size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE);
        let built = jsonschema::options().offline().should_validate_formats(false).with_pattern_options(patterns);
        let (validator, mut fault) = match effort.is_little_to_build(text.len()).then(|| built.build(schema)) {
            Some(Ok(validator)) => (Some(validator), None),
            Some(Err(error)) => (None, refusal(schema, &error)),
            None => (None, None),
        };
        let found = match schema.get("type") {
            Some(Value::String(found)) if found != "object" => Some(quote(found).to_string()),
            Some(Value::Array(types)) if !types.iter().any(|found| found == "object") => {
                Some(list(types.iter().filter_map(Value::as_str), "or"))
            }
            _ => None,
        };
        if fault.is_none()
            && let Some(found) = found
        {
            fault = Some(Fault::new("/type", format!("the parameters must be of the type `object`, not {found}")));
        }
        let mut loose = None;
        if fault.is_none() {
            walk(schema, &mut String::new(), &mut |schema, pointer| {
                loose = looseness(schema, pointer);
                loose.is_some()
            });
        }
        Schema { fault, loose, validator: validator.map(|validator| (validator, effort)) }
    }

    /// Why the schema does not take these arguments, which are JSON.
    pub(crate) fn mismatch(&self, text: &str) -> Option<Fault> {
        let (validator, effort) = self.validator.as_ref().filter(|_| self.fault.is_none())?;
        let arguments = serde_json::from_str::<Value>(text).ok()?;
        if !effort.is_little(&arguments, text.len()) {
            return None;
        }
        validator.validate(&arguments).err().map(|error| {
            let key = match error.kind() {
                Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                    unexpected.first().cloned()
                }
                _ => None,
            };
            Fault { pointer: error.instance_path().as_str().to_owned(), key, sentence: sentence(&error) }
        })
    }
}

/// Why a schema was refused; `None` if it is only not known what it says.
fn refusal(schema: &Value, error: &ValidationError<'_>) -> Option<Fault> {
    match error.kind() {
        Kind::Referencing(_) | Kind::Format { .. } | Kind::Pattern { .. } | Kind::Custom { .. } => return None,
        _ => {}
    }
    let mut habit = None;
    walk(schema, &mut String::new(), &mut |schema, pointer| {
        habit = habits(schema, pointer);
        habit.is_some()
    });
    habit.or_else(|| Some(Fault::new(error.instance_path().as_str(), sentence(error))))
}

/// Calls `visit` with a schema and those inside it, outer ones first, until it returns true.
fn walk(schema: &Value, pointer: &mut String, visit: &mut dyn FnMut(&Value, &str) -> bool) -> bool {
    if !schema.is_object() {
        return false;
    }
    if visit(schema, pointer) {
        return true;
    }
    let mut into = |steps: &[&str], schema: &Value| {
        let length = pointer.len();
        for step in steps {
            pointer.push('/');
            pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        }
        let done = walk(schema, pointer, visit);
        pointer.truncate(length);
        done
    };
    for key in ["properties", "$defs", "definitions", "patternProperties"] {
        let members = schema.get(key).and_then(Value::as_object).into_iter().flatten();
        for (name, inner) in members {
            if into(&[key, name], inner) {
                return true;
            }
        }
    }
    for key in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        for (place, inner) in schema.get(key).and_then(Value::as_array).into_iter().flatten().enumerate() {
            if into(&[key, &place.to_string()], inner) {
                return true;
            }
        }
    }
    ["items", "additionalProperties"].iter().any(|key| schema.get(key).is_some_and(|inner| into(&[key], inner)))
}

/// What tools write that is no JSON Schema.
fn habits(schema: &Value, pointer: &str) -> Option<Fault> {
    let fault = |key: &str, sentence: String| Some(Fault::new(&format!("{pointer}/{key}"), sentence));
    if let Some(Value::Bool(_)) = schema.get("required") {
        let sentence = "`required` is a list of names on the object, not a boolean on a property";
        return fault("required", sentence.to_owned());
    }
    match schema.get("type") {
        Some(Value::String(name)) if !is_type(name) => {
            let meant = meant(name).map(|meant| format!("; did you mean {}?", quote(meant))).unwrap_or_default();
            return fault("type", format!("{} is no type of JSON Schema{meant}", quote(name)));
        }
        Some(Value::Array(types)) if types.contains(&Value::Null) => {
            return fault("type", "the type `null` is written as a string: `\"null\"`".to_owned());
        }
        _ => {}
    }
    match (schema.get("enum"), schema.get("properties")) {
        (Some(found), _) if !found.is_array() => fault("enum", "`enum` must be a list of values".to_owned()),
        (_, Some(found)) if !found.is_object() => {
            fault("properties", "`properties` must be an object that has a schema under each name".to_owned())
        }
        _ => None,
    }
}

fn is_type(name: &str) -> bool {
    ["string", "number", "integer", "object", "array", "boolean", "null"].contains(&name)
}

/// The type that people mean who write that of their own language.
fn meant(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "str" | "string" | "text" => "string",
        "float" | "double" | "decimal" | "number" => "number",
        "int" | "long" | "integer" => "integer",
        "dict" | "map" | "object" => "object",
        "list" | "tuple" | "set" | "array" => "array",
        "bool" | "boolean" => "boolean",
        "none" | "null" => "null",
        _ => return None,
    })
}

/// What keeps an object from being followed strictly.
fn looseness(schema: &Value, pointer: &str) -> Option<Fault> {
    let properties = schema.get("properties").and_then(Value::as_object);
    if properties.is_none() && schema.get("type").and_then(Value::as_str) != Some("object") {
        return None;
    }
    let required = schema.get("required").and_then(Value::as_array);
    let many = required.filter(|names| names.len() > FEW);
    let many: Option<HashSet<&str>> = many.map(|names| names.iter().filter_map(Value::as_str).collect());
    let is_required = |name: &str| match (&many, required) {
        (Some(names), _) => names.contains(name),
        (None, names) => names.is_some_and(|names| names.iter().any(|known| known == name)),
    };
    if let Some(name) = properties.into_iter().flatten().map(|(name, _)| name).find(|name| !is_required(name)) {
        let sentence = format!("in strict schemas every property is required, and {} is not", quote(name));
        let name = name.replace('~', "~0").replace('/', "~1");
        return Some(Fault::new(&format!("{pointer}/properties/{name}"), sentence));
    }
    let more = schema.get("additionalProperties");
    (more != Some(&Value::Bool(false))).then(|| {
        let key = if more.is_some() { "/additionalProperties" } else { "" };
        let sentence = "in strict schemas `additionalProperties` must be false on every object".to_owned();
        Fault::new(&format!("{pointer}{key}"), sentence)
    })
}

/// What a value is refused for, in one phrase.
fn sentence(error: &ValidationError<'_>) -> String {
    let path = error.instance_path().as_str();
    let steps = path.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~");
    let what = if path.is_empty() { "the object".to_owned() } else { quote(&steps).to_string() };
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match error.kind() {
        Kind::Required { property } => format!("{what} lacks the required {}", quote(&plain(property))),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let key = unexpected.first().map(String::as_str).unwrap_or_default();
            format!("the key {} is not allowed in {what}", quote(key))
        }
        Kind::Type { kind } => {
            let expected = match kind {
                TypeKind::Single(one) => phrase(&one.to_string()).to_owned(),
                TypeKind::Multiple(set) => {
                    let names: Vec<String> = set.iter().map(|one| one.to_string()).collect();
                    list(names.iter().map(|name| phrase(name)), "or")
                }
            };
            format!("{what} must be {expected}, but is {}", phrase(kind_of(error.instance())))
        }
        Kind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().take(6).map(plain).collect();
            let options: Vec<String> = options.iter().map(|option| quote(option).to_string()).collect();
            let found = plain(error.instance());
            format!("{what} is {}, which is not one of {}", quote(&found), options.join(", "))
        }
        Kind::Constant { expected_value } => format!("{what} must be {}", quote(&plain(expected_value))),
        Kind::Minimum { limit } => format!("{what} must be at least {limit}"),
        Kind::Maximum { limit } => format!("{what} must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("{what} must be more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("{what} must be less than {limit}"),
        Kind::Pattern { pattern } => format!("{what} does not match the pattern {}", quote(pattern)),
        kind => format!("{what} does not fit the keyword `{}` of its schema", kind.keyword()),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A type with its article.
fn phrase(name: &str) -> &'static str {
    match name {
        "boolean" => "a boolean",
        "integer" => "an integer",
        "number" => "a number",
        "string" => "a string",
        "array" => "an array",
        "object" => "an object",
        _ => "null",
    }
}
