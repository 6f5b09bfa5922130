//! Lines are judged at least as strictly as the published schema of their format judges them.
//!
//! Good lines are changed at random places. What the schema refuses must have a finding at level
//! error; what is refused beyond the schema must be for a reason that the schema cannot know.

use ftlint::example::Format;
use ftlint::finding::Severity;
use ftlint::lint::Linter;
use ftlint::rules;
use ftlint::selection::RuleSelection;
use ftlint::settings::Settings;
use serde_json::{Value, json};

/// Changed lines of each format. `FTLINT_MUTATIONS` asks for more.
const MUTATIONS: usize = 20_000;

/// Rules that know more than the schema: what the API's guide says, what its servers were seen to
/// refuse. All others must agree with the schema.
const BEYOND: &[&str] = &[
    "unknown-format",
    "missing-messages", // no key is required by the schema
    "unknown-key",
    "unknown-message-key",
    "invalid-parameters-schema", // any object is one there
    "invalid-strict-schema",
    "missing-content", // an assistant may be silent in the schema
    "missing-assistant",
    "untrained-example",
    "unknown-content-part", // audio and files
    "special-token",
    "invalid-arguments-json",
    "duplicate-tool-name",
    "invalid-tool-name",
    "too-many-tools",
    "orphan-tool-message",
    "unanswered-tool-call",
    "empty-tool-calls",
    "double-encoded-arguments",
    "missing-completion",
    "invalid-image-url", // a URL is any string in the schema
    "unsupported-image",
    "missing-preference-output",
    "preference-output-count", // none is enough for the schema
    "last-message-not-user",
];

/// A format, its schema and good lines of it.
struct Case {
    format: Format,
    schema: &'static str,
    lines: Vec<Value>,
}

impl Case {
    fn chat() -> Case {
        Case { format: Format::Chat, schema: include_str!("schemas/chat.json"), lines: chat_lines() }
    }

    fn preference() -> Case {
        Case { format: Format::Preference, schema: include_str!("schemas/preference.json"), lines: preference_lines() }
    }

    fn reinforcement() -> Case {
        let schema = include_str!("schemas/reinforcement.json");
        Case { format: Format::Reinforcement, schema, lines: reinforcement_lines() }
    }
}

/// A call of the tool of [`tool`].
fn call(id: &str, arguments: &str) -> Value {
    json!({"id": id, "type": "function", "function": {"name": "look_up", "arguments": arguments}})
}

fn tool() -> Value {
    json!({"type": "function", "function": {
        "name": "look_up", "description": "Looks a word up.", "strict": true,
        "parameters": {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"],
            "additionalProperties": false},
    }})
}

/// Good lines that use every key of the format.
fn preference_lines() -> Vec<Value> {
    vec![
        json!({
            "input": {"messages": [{"role": "user", "content": "Hi"}]},
            "preferred_output": [{"role": "assistant", "content": "Hello!"}],
            "non_preferred_output": [{"role": "assistant", "content": "What?"}],
        }),
        json!({
            "input": {
                "messages": [
                    {"role": "system", "content": "Be brief.", "name": "rules"},
                    {"role": "user", "content": [{"type": "text", "text": "Define two words."}], "name": "Ada"},
                    {"role": "assistant", "tool_calls": [call("call_1", r#"{"word":"lint"}"#)], "weight": 0},
                    {"role": "tool", "tool_call_id": "call_1", "content": "loose fibres"},
                    {"role": "assistant", "content": "Loose fibres. And the other?", "weight": 1},
                    {"role": "user", "content": "Fuzz."},
                ],
                "tools": [tool()],
                "parallel_tool_calls": true,
            },
            "preferred_output": [{"role": "assistant", "content": [{"type": "text", "text": "Fine fibres."}], "name": "bot"}],
            "non_preferred_output": [{"role": "assistant", "content": null, "refusal": "No.", "audio": null}],
        }),
        json!({
            "input": {"messages": [
                {"role": "user", "content": "Define lint."},
                {"role": "assistant", "content": null, "function_call": {"name": "look_up", "arguments": "{}"}},
                {"role": "function", "name": "look_up", "content": "loose fibres"},
            ]},
            "preferred_output": [{"role": "assistant", "content": "Loose fibres.", "function_call": null}],
            "non_preferred_output": [{"role": "assistant", "tool_calls": [call("call_2", "{}")]}],
        }),
    ]
}

/// Good lines that use every key of the format.
fn reinforcement_lines() -> Vec<Value> {
    vec![
        json!({"messages": [{"role": "user", "content": "2+2?"}], "reference_answer": "4"}),
        json!({
            "messages": [
                {"role": "developer", "content": "Be brief.", "name": "rules"},
                {"role": "user", "content": [{"type": "text", "text": "What is this?"},
                    {"type": "image_url", "image_url": {"url": "https://example.com/cat.png", "detail": "high"}}]},
                {"role": "assistant", "content": [{"type": "text", "text": "A cat."}], "weight": 1},
                {"role": "user", "content": "Sure?", "name": "Ada"},
            ],
            "answer": {"animal": "cat", "sure": true}, "difficulty": 3, "prompt": null,
        }),
        json!({
            "messages": [
                {"role": "developer", "content": [{"type": "text", "text": "Look words up."}]},
                {"role": "user", "content": "Define lint."},
                {"role": "assistant", "content": null, "tool_calls": [call("call_1", r#"{"word":"lint"}"#)]},
                {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "loose fibres"}]},
                {"role": "assistant", "content": "Loose fibres.", "refusal": null},
                {"role": "user", "content": "And fuzz?"},
            ],
            "tools": [tool()], "functions": "free", "parallel_tool_calls": "free", "item": [1, 2],
        }),
    ]
}

/// Good lines that use every key of the format.
fn chat_lines() -> Vec<Value> {
    vec![
        json!({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]}),
        json!({"messages": [
            {"role": "system", "content": "Be brief.", "name": "rules"},
            {"role": "user", "content": [{"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "https://example.com/cat.png", "detail": "low"}}]},
            {"role": "assistant", "content": [{"type": "text", "text": "A cat."}], "weight": 0},
            {"role": "user", "content": "Sure?", "name": "Ada"},
            {"role": "assistant", "content": null, "refusal": "I would rather not say.", "weight": 1},
        ]}),
        json!({"messages": [
            {"role": "user", "content": "Define two words."},
            {"role": "assistant", "tool_calls": [call("call_1", r#"{"word":"lint"}"#), call("call_2", r#"{"word":"fuzz"}"#)]},
            {"role": "tool", "tool_call_id": "call_1", "content": "loose fibres"},
            {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "fine fibres"}]},
            {"role": "assistant", "content": "Both are fibres.", "audio": null, "function_call": null},
        ], "tools": [tool()], "parallel_tool_calls": true}),
        json!({"messages": [
            {"role": "user", "content": "Define lint."},
            {"role": "assistant", "content": null, "function_call": {"name": "look_up", "arguments": "{\"word\":\"lint\"}"}},
            {"role": "function", "name": "look_up", "content": "loose fibres"},
            {"role": "assistant", "content": "Loose fibres.", "audio": {"id": "audio_1"}},
        ], "functions": [{"name": "look_up", "description": "Looks a word up.", "parameters": {"type": "object"}}]}),
        json!({"messages": [
            {"role": "user", "content": "No."},
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "Then not."}], "name": "bot"},
        ], "tools": []}),
    ]
}

/// The pointers of all values of `value`, itself included.
fn pointers(value: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut below = |key: &str, child: &Value| {
        all.extend(pointers(child).into_iter().map(|pointer| format!("/{key}{pointer}")));
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, child)| below(key, child)),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(n, child)| below(&n.to_string(), child)),
        _ => {}
    }
    all
}

fn some_value(random: &mut fastrand::Rng) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(0.5),
        json!(-1),
        json!(""),
        json!("x"),
        json!("user"),
        json!("assistant"),
        json!("tool"),
        json!("system"),
        json!("function"),
        json!("developer"),
        json!("text"),
        json!("refusal"),
        json!("image_url"),
        json!("auto"),
        json!([]),
        json!({}),
        json!(["x"]),
        json!([{}]),
        json!({"type": "text", "text": "x"}),
        json!([{"type": "text", "text": "x"}]),
        json!([{"role": "user", "content": "x"}]),
        json!({"name": "look_up", "arguments": "{}"}),
    ];
    random.choice(values).unwrap()
}

const KEYS: [&str; 28] = [
    "role",
    "content",
    "name",
    "weight",
    "refusal",
    "audio",
    "tool_calls",
    "function_call",
    "tool_call_id",
    "id",
    "type",
    "function",
    "arguments",
    "text",
    "image_url",
    "url",
    "detail",
    "tools",
    "functions",
    "messages",
    "parallel_tool_calls",
    "strict",
    "description",
    "extra",
    "input",
    "preferred_output",
    "non_preferred_output",
    "answer",
];

/// Changes one thing at a random place.
fn mutate(line: &mut Value, random: &mut fastrand::Rng) {
    let place = random.choice(pointers(line)).unwrap();
    let value = line.pointer_mut(&place).unwrap();
    match (value, random.u8(..6)) {
        (Value::Object(members), 0 | 1) if !members.is_empty() => {
            let key = random.choice(members.keys().cloned().collect::<Vec<_>>()).unwrap();
            members.remove(&key);
        }
        (Value::Object(members), 2 | 3) => {
            members.insert(random.choice(KEYS).unwrap().to_owned(), some_value(random));
        }
        (Value::Array(elements), 0 | 1) if !elements.is_empty() => {
            elements.remove(random.usize(..elements.len()));
        }
        (Value::Array(elements), 2) if !elements.is_empty() => {
            let copy = elements[random.usize(..elements.len())].clone();
            elements.insert(random.usize(..=elements.len()), copy);
        }
        (Value::Array(elements), 3) => elements.insert(random.usize(..=elements.len()), some_value(random)),
        (value, _) if !place.is_empty() => *value = some_value(random),
        _ => {}
    }
}

/// Changes good lines and compares the verdicts.
fn compare(case: &Case) {
    let schema: Value = serde_json::from_str(case.schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let small = ["too-few-examples", "few-examples"].map(|name| rules::find(name).unwrap());
    let settings =
        Settings { selection: RuleSelection::without(&small), tokens: false, errors_only: true, ..Settings::default() };
    let mut linter = Linter::new(&settings);
    let mut random = fastrand::Rng::with_seed(20_240_803);
    let wanted = std::env::var("FTLINT_MUTATIONS").map_or(MUTATIONS, |n| n.parse().unwrap());
    let (mut refused, mut beyond) = (0, 0);
    for _ in 0..wanted {
        let mut line = random.choice(&case.lines).unwrap().clone();
        for _ in 0..random.usize(1..=3) {
            mutate(&mut line, &mut random);
        }
        let text = line.to_string();
        let (report, findings) = linter.lint_bytes("mutated.jsonl", text.as_bytes());
        // Read as another format, which has another schema.
        let formats = &report.facts.lines.formats;
        if Format::KNOWN.iter().any(|format| *format != case.format && formats.contains_key(format)) {
            continue;
        }
        let valid = schema.is_valid(&line);
        refused += usize::from(!valid);
        assert!(valid || report.count(Severity::Error) > 0, "passed, but the schema refuses {text}");
        // A line without the keys of the format is not for this schema to judge.
        let is_meant = line.get("messages").is_some() || case.format == Format::Preference;
        if valid && is_meant && formats.contains_key(&case.format) && report.count(Severity::Error) > 0 {
            beyond += 1;
            for finding in &findings {
                assert!(BEYOND.contains(&finding.rule.name), "{}: {} in {text}", finding.rule.name, finding.message);
            }
        }
    }
    // Random changes must hit both sides often, or nothing was tested.
    assert!(refused > wanted / 4 && beyond > wanted / 20, "{refused} refused, {beyond} beyond");
}

#[test]
fn nothing_that_the_schema_refuses_passes() {
    compare(&Case::chat());
}

#[test]
fn no_preference_line_that_the_schema_refuses_passes() {
    compare(&Case::preference());
}

#[test]
fn no_reinforcement_line_that_the_schema_refuses_passes() {
    compare(&Case::reinforcement());
}

#[test]
fn the_lines_to_change_are_good() {
    let settings = Settings { errors_only: true, tokens: false, ..Settings::default() };
    for case in [Case::chat(), Case::preference(), Case::reinforcement()] {
        let schema = jsonschema::validator_for(&serde_json::from_str(case.schema).unwrap()).unwrap();
        for line in case.lines {
            assert!(schema.is_valid(&line), "{line}");
            let (report, findings) = Linter::new(&settings).lint_bytes("line.jsonl", line.to_string().as_bytes());
            let names: Vec<&str> = findings.iter().map(|finding| finding.rule.name).collect();
            assert_eq!(names, ["too-few-examples"], "{line}");
            assert_eq!(report.facts.lines.format(), Some(case.format), "{line}");
        }
    }
}
