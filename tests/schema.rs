//! Chat lines are judged at least as strictly as the published schema judges them.
//!
//! Good lines are changed at random places. What the schema refuses must have a finding at level
//! error; what is refused beyond the schema must be for a reason that the schema cannot know.

use ftlint::example::Format;
use ftlint::finding::Severity;
use ftlint::lint::Linter;
use ftlint::rules;
use ftlint::settings::Settings;
use serde_json::{Value, json};

/// Changed lines in all. `FTLINT_MUTATIONS` asks for more.
const MUTATIONS: usize = 20_000;

/// Rules that know more than the schema: what the API's guide says, what its servers were seen to
/// refuse. All others must agree with the schema.
const BEYOND: &[&str] = &[
    "unknown-format",
    "missing-messages", // no key is required by the schema
    "unknown-key",
    "unknown-message-key",
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
];

/// Good lines that use every key of the format.
fn lines() -> Vec<Value> {
    let call = |id: &str, arguments: &str| json!({"id": id, "type": "function", "function": {"name": "look_up", "arguments": arguments}});
    let tool = json!({"type": "function", "function": {
        "name": "look_up", "description": "Looks a word up.", "strict": true,
        "parameters": {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]},
    }});
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
        ], "tools": [tool], "parallel_tool_calls": true}),
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

const KEYS: [&str; 24] = [
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

#[test]
fn nothing_that_the_schema_refuses_passes() {
    let schema: Value = serde_json::from_str(include_str!("schemas/chat.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let ignore = ["too-few-examples", "few-examples"].map(|name| rules::find(name).unwrap()).to_vec();
    let settings = Settings { ignore, tokens: false, errors_only: true, ..Settings::default() };
    let mut linter = Linter::new(&settings);
    let mut random = fastrand::Rng::with_seed(20_240_803);
    let wanted = std::env::var("FTLINT_MUTATIONS").map_or(MUTATIONS, |n| n.parse().unwrap());
    let lines = lines();
    let (mut refused, mut beyond) = (0, 0);
    for _ in 0..wanted {
        let mut line = random.choice(&lines).unwrap().clone();
        for _ in 0..random.usize(1..=3) {
            mutate(&mut line, &mut random);
        }
        let text = line.to_string();
        let (report, findings) = linter.lint_bytes("mutated.jsonl", text.as_bytes());
        // Read as reinforcement data, which has another schema.
        if report.facts.lines.formats.contains_key(&Format::Reinforcement) {
            continue;
        }
        let valid = schema.is_valid(&line);
        refused += usize::from(!valid);
        assert!(valid || report.count(Severity::Error) > 0, "passed, but the schema refuses {text}");
        // A line without chat keys, or with those of another format, is not for this schema to judge.
        let chat = line.get("messages").is_some();
        if valid && chat && report.count(Severity::Error) > 0 {
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
fn the_lines_to_change_are_good() {
    let settings = Settings { errors_only: true, tokens: false, ..Settings::default() };
    for line in lines() {
        let (_, findings) = Linter::new(&settings).lint_bytes("line.jsonl", line.to_string().as_bytes());
        let names: Vec<&str> = findings.iter().map(|finding| finding.rule.name).collect();
        assert_eq!(names, ["too-few-examples"], "{line}");
    }
}
