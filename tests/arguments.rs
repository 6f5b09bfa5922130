//! Arguments of tool calls that were changed so that their tool would refuse them.

use std::collections::BTreeMap;

use ftlint::lint::Linter;
use ftlint::settings::Settings;
use serde_json::{Value, json};

/// The parameters of a tool that has something of everything.
fn schema() -> Value {
    json!({"type": "object", "properties": {
        "city": {"type": "string"},
        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        "place": {"type": "object", "properties": {"lat": {"type": "number"}}, "required": ["lat"]},
        "days": {"type": "array", "items": {"type": "integer"}}
    }, "required": ["city", "place"], "additionalProperties": false})
}

fn line(arguments: &str) -> String {
    let call = json!({"id": "call_1", "type": "function", "function": {"name": "forecast", "arguments": arguments}});
    json!({
        "messages": [{"role": "user", "content": "Rain?"}, {"role": "assistant", "tool_calls": [call]}],
        "tools": [{"type": "function", "function": {"name": "forecast", "parameters": schema()}}]
    })
    .to_string()
}

#[test]
fn each_change_is_reported_at_its_bytes() {
    let mut random = fastrand::Rng::with_seed(204);
    let (mut lines, mut expected) = (Vec::new(), Vec::new());
    for number in 0..1500 {
        let city = ["Porto", "São \"João\"", "Łódź\n", "東京\t😀", "a\\b"][number % 5];
        let lat = f64::from(random.i32(-900..900)) / 10.0;
        let mut arguments =
            json!({"city": city, "unit": "celsius", "place": {"lat": lat}, "days": [1, 2, random.i32(0..9)]});
        // What the marked bytes must hold: the value at fault, or the key.
        let marked = match random.u32(0..6) {
            0 => {
                arguments["city"] = json!(number);
                Some(json!(number))
            }
            1 => {
                arguments.as_object_mut().unwrap().remove("place");
                Some(arguments.clone())
            }
            2 => {
                let key = format!("extra \"{number}\" ü");
                arguments[key.as_str()] = json!(1);
                Some(json!(key))
            }
            3 => {
                let unit = format!("kelvin\n{number}");
                arguments["unit"] = json!(unit);
                Some(json!(unit))
            }
            4 => {
                arguments["days"][2] = json!(city);
                Some(json!(city))
            }
            _ => None,
        };
        let text =
            if random.bool() { arguments.to_string() } else { serde_json::to_string_pretty(&arguments).unwrap() };
        let valid = jsonschema::is_valid(&schema(), &arguments);
        assert_eq!(valid, marked.is_none(), "{text}");
        expected.push(marked);
        lines.push(line(&text));
    }
    assert!(expected.iter().flatten().count() >= 1000);

    let settings = Settings::default();
    let file = lines.join("\n") + "\n";
    let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", file.as_bytes());
    let mut found = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.rule.code == "FT204") {
        let place = finding.place.as_ref().unwrap();
        // Inside a string the bytes are those of the line, escapes and all.
        let bytes = &file[place.bytes.start as usize..place.bytes.end as usize];
        let text: String = serde_json::from_str(&format!("\"{bytes}\"")).unwrap();
        assert!(found.insert(place.line as usize, serde_json::from_str::<Value>(&text).unwrap()).is_none());
    }
    for (place, marked) in expected.iter().enumerate() {
        assert_eq!(found.get(&(place + 1)), marked.as_ref(), "line {}: {}", place + 1, lines[place]);
    }
}

#[test]
fn schemas_that_name_themselves_come_to_an_end() {
    let settings = Settings::default();
    for parameters in [
        json!({"$ref": "#"}),
        json!({"type": "object", "properties": {"city": {"$ref": "#/properties/city"}}}),
        json!({"allOf": [{"$ref": "#"}]}),
    ] {
        let mut value: Value = serde_json::from_str(&line(r#"{"city":1,"place":{"lat":1}}"#)).unwrap();
        value["tools"][0]["function"]["parameters"] = parameters;
        let (report, _) = Linter::new(&settings).lint_bytes("train.jsonl", value.to_string().as_bytes());
        assert_eq!(report.facts.lines.records, 1);
    }
}
