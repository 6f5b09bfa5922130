//! Lines with very many of one thing take time that grows with their length, not with its square, and lines with few
//! things that multiply take none.

use std::time::{Duration, Instant};

use ftlint::lint::Linter;
use ftlint::rules;
use ftlint::selection::RuleSelection;
use ftlint::settings::Settings;
use serde_json::{Map, Value, json};

const MANY: usize = 20_000;
/// How much longer than a quarter a whole may take: four times is what it should, sixteen times where all are compared.
const RATIO: u32 = 8;
/// What takes less tells nothing of how it grows.
const FLOOR: Duration = Duration::from_millis(150);
/// So often it is tried whether only something else slowed the machine down.
const RUNS: usize = 6;
/// What multiplies takes milliseconds, or longer than anybody waits.
const PATIENCE: Duration = Duration::from_secs(10);

const USER: &str = r#"{"role":"user","content":"Hi"}"#;
const ANSWER: &str = r#"{"role":"assistant","content":"Hello"}"#;

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}

fn chat(messages: &str, rest: &str) -> String {
    format!(r#"{{"messages":[{USER},{messages},{USER}]{rest}}}"#)
}

/// The calls `c0`, `c1`, … of the functions `f0`, `f1`, ….
fn calls(count: usize) -> String {
    let call = |n| format!(r#"{{"id":"c{n}","type":"function","function":{{"name":"f{n}","arguments":"{{}}"}}}}"#);
    format!(r#"{{"role":"assistant","tool_calls":[{}]}}"#, many(count, call))
}

fn tools(count: usize, one: impl Fn(usize) -> String) -> String {
    format!(r#","tools":[{}]"#, many(count, one))
}

/// A tool with these parameters, and a call of it.
fn called(parameters: &str, arguments: &str) -> String {
    let arguments = Value::from(arguments);
    let call = format!(r#"{{"id":"c","type":"function","function":{{"name":"f","arguments":{arguments}}}}}"#);
    let messages = format!(
        r#"{{"role":"assistant","tool_calls":[{call}]}},{{"role":"tool","tool_call_id":"c","content":"x"}},{ANSWER}"#
    );
    let tool = format!(r#"{{"type":"function","function":{{"name":"f","strict":true,"parameters":{parameters}}}}}"#);
    format!(r#"{{"messages":[{USER},{messages}],"tools":[{tool}]}}"#)
}

fn objects(count: usize, rest: &str) -> String {
    let properties = many(count, |n| format!(r#""k{n}":{{"type":"null"}}"#));
    let names = many(count, |n| format!(r#""k{n}""#));
    format!(r#"{{"type":"object","properties":{{{properties}}},"required":[{names}]{rest}}}"#)
}

/// How long it takes to lint the line, of which something is said.
fn time(what: &str, line: &str) -> Duration {
    let asked = ["missing-parameter-description", "unused-tool"].map(|name| rules::find(name).unwrap());
    let settings = Settings { selection: RuleSelection::default().with(&asked), ..Settings::default() };
    let start = Instant::now();
    let (_, findings) = Linter::new(&settings).lint_bytes("a.jsonl", line.as_bytes());
    let taken = start.elapsed();
    assert!(!findings.is_empty(), "{what}");
    taken
}

/// What there is much of, and a line with so much of it.
type Case<'a> = (&'a str, &'a dyn Fn(usize) -> String);

/// Asserts that of each four times as many take less than [`RATIO`] times as long.
fn assert_linear(cases: &[Case<'_>]) {
    let slow = |&(what, line): &Case<'_>| {
        let (quarter, whole) = (line(MANY / 4), line(MANY));
        let [mut shorter, mut longer] = [Duration::MAX; 2];
        for _ in 0..RUNS {
            longer = longer.min(time(what, &whole));
            if longer < FLOOR {
                return None;
            }
            shorter = shorter.min(time(what, &quarter));
            if longer < shorter * RATIO {
                return None;
            }
        }
        Some(format!("{what}: a quarter takes {shorter:?}, the whole {longer:?}"))
    };
    let slow: Vec<String> = cases.iter().filter_map(slow).collect();
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn very_many_of_one_thing_are_linted_in_linear_time() {
    let tool = |n| format!(r#"{{"role":"tool","tool_call_id":"{n}","content":"x"}}"#);
    let cases: [Case<'_>; 14] = [
        ("tool messages without calls", &|count| chat(&many(count, tool), "")),
        ("tool messages that answer no call", &|count| chat(&format!("{},{}", calls(count), many(count, tool)), "")),
        ("calls of undeclared tools", &|count| {
            let declared = |n| format!(r#"{{"type":"function","function":{{"name":"g{n}"}}}}"#);
            chat(&calls(count), &tools(count, declared))
        }),
        ("tools with parameters that are not described", &|count| {
            let parameters = r#"{"type":"object","properties":{"a":{"type":"string"}}}"#;
            let tool = |n| format!(r#"{{"type":"function","function":{{"name":"f{n}","parameters":{parameters}}}}}"#);
            chat(USER, &tools(count, tool))
        }),
        ("tools without keys", &|count| chat(USER, &tools(count, |_| r#"{"a":1,"a":2}"#.to_owned()))),
        ("unknown keys of messages", &|count| chat(&many(count, |_| r#"{"role":"user","txt":"Hi"}"#.to_owned()), "")),
        ("unknown keys of the line", &|count| {
            chat(USER, &format!(r#","tools":[],{}"#, many(count, |n| format!(r#""mesages{n}":1"#))))
        }),
        ("unknown keys of a message that says nothing", &|count| {
            chat(&format!(r#"{{"role":"assistant",{}}}"#, many(count, |n| format!(r#""k{n}":"x""#))), "")
        }),
        ("texts under two wrong keys", &|count| {
            chat(&many(count, |_| r#"{"role":"user","text":"Hi","body":"Hi"}"#.to_owned()), "")
        }),
        ("braces that are not closed", &|count| {
            chat(&format!(r#"{{"role":"usr","content":"{}"}}"#, "{{a ".repeat(count * 4)), "")
        }),
        ("messages in outputs", &|count| {
            let output = many(count, |_| r#"{"role":"assistant","content":"x","weight":1}"#.to_owned());
            let input = format!(r#"{{"messages":[{USER}]}}"#);
            format!(r#"{{"input":{input},"preferred_output":[{output}],"non_preferred_output":[{output}]}}"#)
        }),
        ("required properties", &|count| called(&objects(count, ""), "{}")),
        ("required properties of a strict schema", &|count| {
            called(&objects(count, r#","additionalProperties":false"#), r#"{"k0":null}"#)
        }),
        ("references", &|count| {
            let definitions = many(count, |n| format!(r#""d{n}":{{}}"#));
            let references = many(count, |n| format!(r##"{{"$ref":"#/$defs/d{n}"}}"##));
            called(&format!(r#"{{"type":"object","$defs":{{{definitions}}},"allOf":[{references}]}}"#), "{}")
        }),
    ];
    assert_linear(&cases);
}

#[test]
fn very_many_tools_with_faults_are_linted_in_time() {
    // Not in linear time: each place in a schema is looked up from the start of the line, past all tools before it.
    let parameters = r#"{"type":"array"}"#;
    let tool = |n| format!(r#"{{"type":"function","function":{{"name":"f{n}","parameters":{parameters}}}}}"#);
    let taken = time("calls of declared tools", &chat(&calls(MANY), &tools(MANY, tool)));
    assert!(taken < PATIENCE, "{taken:?}");
}

#[test]
fn very_much_that_begins_as_a_secret_is_searched_in_linear_time() {
    let key = concat!("-----BEGIN RSA ", "PRIVATE KEY-----");
    let alike = ["sk-", r"\u0073k-", "eyJ-", "eyJ-.", "~Q", "hf_", "AccountKey=", "postgres://a:b", "-----BEGIN ", key];
    for secret in alike {
        // What is shown of a line is searched for what must not be.
        let line = |count: usize| {
            let text = secret.repeat(count * 30 / secret.len());
            format!(r#"{{"messages":[{{"role":"usr","content":"{text}"}},{USER}]}}"#)
        };
        assert_linear(&[(secret, &line)]);
    }
}

#[test]
fn options_and_elements_are_not_all_held_against_each_other() {
    let options = |count| many(count, |n| format!(r#"{{"const":"{n}"}}"#));
    // `false` is no everyday schema, so that a validator is asked.
    let line = |count: usize, keyword: &str, options: String| {
        let schema = format!(r#"{{"type":"array","items":{{"{keyword}":[{options}],"not":false}}}}"#);
        let elements = many(count, |_| format!("\"{}\"", count - 1));
        let parameters = format!(r#"{{"type":"object","properties":{{"a":{schema}}}}}"#);
        called(&parameters, &format!(r#"{{"a":[{elements}]}}"#))
    };
    let cases: [Case<'_>; 3] = [
        ("options", &|count| line(count, "anyOf", options(count))),
        ("values", &|count| line(count, "enum", many(count, |n| format!("[{n}]")))),
        ("objects", &|count| {
            let objects = many(count, |n| format!(r#"{{"properties":{{"k{n}":{{}}}}}}"#));
            let arguments = many(count, |n| format!(r#""k{n}":1"#));
            let parameters = format!(r#"{{"type":"object","anyOf":[{objects}],"unevaluatedProperties":false}}"#);
            called(&parameters, &format!("{{{arguments}}}"))
        }),
    ];
    assert_linear(&cases);
}

#[test]
fn types_that_stand_twice_do_not_double_the_text_of_a_tool() {
    let nested = |levels: usize, types: &str, key: &str| {
        let leaf = r#"{"type":"string"}"#;
        let (open, close) = match key {
            "items" => (r#","items":"#, "}"),
            _ => (r#","properties":{"a":"#, "}}"),
        };
        let schema = format!(r#"{{"type":[{types}]{open}"#).repeat(levels) + leaf + &close.repeat(levels);
        called(&format!(r#"{{"type":"object","properties":{{"p":{schema}}}}}"#), "{}")
    };
    for (levels, types, key) in [
        (26, r#""array","array""#, "items"),
        (12, r#""array","string","array","array","array""#, "items"),
        (26, r#""object","null","object""#, "properties"),
    ] {
        let taken = time(types, &nested(levels, types, key));
        assert!(taken < PATIENCE, "{types}: {taken:?}");
    }
}

/// Definitions of which each is made from a reference to the next.
fn definitions(count: usize, rest: &Value, one: impl Fn(Value) -> Value) -> String {
    let mut definitions = Map::new();
    for place in 0..count {
        definitions.insert(format!("d{place}"), one(json!({"$ref": format!("#/$defs/d{}", place + 1)})));
    }
    definitions.insert(format!("d{count}"), json!({"required": ["b"]}));
    let mut schema = json!({"type": "object", "allOf": [{"$ref": "#/$defs/d0"}], "$defs": definitions});
    for (key, value) in rest.as_object().into_iter().flatten() {
        schema[key] = value.clone();
    }
    schema.to_string()
}

#[test]
fn references_do_not_multiply() {
    let recursive = json!({"properties": {"a": {"$ref": "#"}}});
    let recursive = json!({"type": "object", "oneOf": [recursive, recursive]}).to_string();
    let resources: Map<String, Value> = (0..24)
        .flat_map(|n| ["a", "b"].map(|one| (n, one)))
        .map(|(n, one)| {
            let next = ["a", "b"].map(|one| json!({"$ref": format!("d{}{one}", n + 1)}));
            let schema = if n < 23 {
                json!({"$id": format!("d{n}{one}"), "allOf": next})
            } else {
                json!({"$id": format!("d{n}{one}")})
            };
            (format!("d{n}{one}"), schema)
        })
        .collect();
    let resources = json!({"$id": "https://example.com/d", "type": "object", "$ref": "d0a", "$defs": resources});
    let twice = |keyword: &'static str| move |next: Value| json!({keyword: [next, next]});
    let unevaluated = json!({"unevaluatedProperties": false});
    let deep = "{\"a\":".repeat(24) + "1" + &"}".repeat(24);
    for (what, schema, arguments) in [
        ("all", definitions(30, &json!({}), twice("allOf")), r#"{"a":1}"#),
        ("any", definitions(22, &json!({}), twice("anyOf")), r#"{"a":1}"#),
        ("one", definitions(22, &json!({}), twice("oneOf")), r#"{"a":1}"#),
        ("what was not evaluated", definitions(30, &unevaluated, twice("allOf")), r#"{"a":1}"#),
        ("itself", recursive, &deep),
        ("resources", resources.to_string(), "{}"),
        // These go deep: to build them takes their square, and to ask them a stack.
        ("a chain", definitions(40_000, &json!({}), |next| json!({"allOf": [next]})), "{}"),
        ("a plain chain", definitions(40_000, &json!({}), |next| next), "{}"),
        ("as much as is followed", definitions(110, &json!({}), |next| json!({"allOf": [next]})), "{}"),
    ] {
        let taken = time(what, &called(&schema, arguments));
        assert!(taken < PATIENCE, "{what}: {taken:?}");
    }
}

#[test]
fn arguments_are_followed_as_deep_as_they_go() {
    // All the way down something is wanted that the last one lacks.
    for (next, levels) in [
        (json!({"$ref": "#"}), 120),
        (json!({"allOf": [{"allOf": [{"$ref": "#"}]}]}), 120),
        (json!({"anyOf": [{"oneOf": [{"$ref": "#"}]}]}), 40),
    ] {
        let schema = json!({"type": "object", "properties": {"a": next}, "required": ["a"]}).to_string();
        let deep = "{\"a\":".repeat(levels) + "{}" + &"}".repeat(levels);
        let settings = Settings::default();
        let line = called(&schema, &deep);
        let (_, findings) = Linter::new(&settings).lint_bytes("a.jsonl", line.as_bytes());
        assert!(findings.iter().any(|finding| finding.rule.code == "FT204"), "{schema}");
    }
}
