//! Lines of the formats: good ones by construction, and such that only look like them.

use arbitrary::{Result, Unstructured};

use crate::json::{Json, object};

/// What keys and values of lines are made of.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "messages", "role", "content", "name", "weight", "tools", "type", "function", "functions", "parameters", "strict",
    "description", "tool_calls", "function_call", "arguments", "id", "tool_call_id", "parallel_tool_calls", "refusal",
    "audio", "text", "image_url", "url", "detail", "input_audio", "file", "prompt", "completion", "response", "input",
    "preferred_output", "non_preferred_output", "chosen", "rejected", "conversations", "from", "value", "system",
    "developer", "user", "assistant", "tool", "auto", "low", "high", "string", "integer", "object", "array",
    "properties", "required", "enum", "items", "additionalProperties", "$ref", "$defs", "anyOf", "<|endoftext|>",
    "data:image/png;base64,iVBORw0KGgo=", "https://example.com/a.png", "{\"hour\":9}", "{}", "[1,2", "\"{}\"", "call_1",
    "AKIAIOSFODNN7EXAMPLE", "jane@example.com", "As an AI language model, I cannot", "é", "\u{200b}", "&amp;", "\u{0}",
    "Ã©", " ", "\n", "TODO", "lorem ipsum dolor sit amet", "ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha ha",
];

/// The keys that are most likely to matter at some depth.
fn key(u: &mut Unstructured<'_>) -> Result<String> {
    if u.ratio(1, 16)? { text(u) } else { Ok((*u.choose(WORDS)?).to_owned()) }
}

/// A text: words, characters of all kinds, nothing.
///
/// # Errors
/// Never.
pub fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(0..=3)? {
        if u.arbitrary()? {
            text.push_str(u.choose(WORDS)?);
        } else {
            text.push_str(u.arbitrary()?);
        }
    }
    Ok(text)
}

/// Any value, in which no object has a key twice.
///
/// # Errors
/// Never.
pub fn any(u: &mut Unstructured<'_>, depth: usize) -> Result<Json> {
    Ok(match u.int_in_range(0..=if depth == 0 { 5 } else { 9 })? {
        0 => Json::Null,
        1 => Json::Bool(u.arbitrary()?),
        2 => Json::Number(number(u)?),
        3..=5 => Json::Text(text(u)?),
        6 => Json::Array((0..u.int_in_range(0..=4)?).map(|_| any(u, depth - 1)).collect::<Result<_>>()?),
        _ => {
            let mut members: Vec<(String, Json)> = Vec::new();
            for _ in 0..u.int_in_range(0..=5)? {
                let key = key(u)?;
                if members.iter().all(|(known, _)| *known != key) {
                    members.push((key, any(u, depth - 1)?));
                }
            }
            Json::Object(members)
        }
    })
}

fn number(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=3)? {
        0 => u.int_in_range(-1..=2)?.to_string(),
        1 => u.arbitrary::<i64>()?.to_string(),
        2 => (*u.choose(&["-0", "0.5", "1.0", "1e2", "1E-7", "18446744073709551616"])?).to_owned(),
        _ => {
            let number: f64 = u.arbitrary()?;
            if number.is_finite() { format!("{number:?}") } else { "0".to_owned() }
        }
    })
}

/// A line that is nearly good: some values of a good one are anything.
///
/// # Errors
/// Never.
pub fn nearly(u: &mut Unstructured<'_>) -> Result<Json> {
    let kind = *u.choose(&Kind::ALL)?;
    let mut line = good(kind, u)?;
    for _ in 0..u.int_in_range(0..=3)? {
        spoil(&mut line, u)?;
    }
    Ok(line)
}

/// Changes one value somewhere below.
fn spoil(at: &mut Json, u: &mut Unstructured<'_>) -> Result<()> {
    if u.ratio(4, 5)? {
        match at {
            Json::Array(elements) if !elements.is_empty() => {
                let index = u.choose_index(elements.len())?;
                return spoil(&mut elements[index], u);
            }
            Json::Object(members) if !members.is_empty() => {
                let index = u.choose_index(members.len())?;
                if u.ratio(1, 8)? {
                    members.remove(index);
                    return Ok(());
                }
                if u.ratio(1, 8)? {
                    let key = key(u)?;
                    if members.iter().all(|(known, _)| *known != key) {
                        members[index].0 = key;
                    }
                }
                return spoil(&mut members[index].1, u);
            }
            _ => {}
        }
    }
    *at = any(u, 3)?;
    Ok(())
}

/// The formats.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Chat,
    Completion,
    Preference,
    Reinforcement,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Chat, Kind::Completion, Kind::Preference, Kind::Reinforcement];
}

/// A line in which OpenAI finds no fault.
///
/// # Errors
/// Never.
pub fn good(kind: Kind, u: &mut Unstructured<'_>) -> Result<Json> {
    match kind {
        Kind::Chat => chat(u),
        Kind::Completion => Ok(object([("prompt", any_text(u)?), ("completion", some_text(u)?)])),
        Kind::Preference => {
            let input = object([("messages", Json::Array(question(u, "system")?))]);
            let mut outputs = [0; 2].map(|_| Json::Null);
            for output in &mut outputs {
                *output = Json::Array(vec![object([("role", "assistant".into()), ("content", some_text(u)?)])]);
            }
            let [preferred, other] = outputs;
            Ok(object([("input", input), ("preferred_output", preferred), ("non_preferred_output", other)]))
        }
        Kind::Reinforcement => {
            Ok(object([("messages", Json::Array(question(u, "developer")?)), ("reference", any_text(u)?)]))
        }
    }
}

/// Text that holds no special token.
fn any_text(u: &mut Unstructured<'_>) -> Result<Json> {
    Ok(text(u)?.replace('|', "").into())
}

/// As [`any_text`], with something to read in it.
fn some_text(u: &mut Unstructured<'_>) -> Result<Json> {
    let Json::Text(text) = any_text(u)? else { unreachable!("it is text") };
    Ok((text + "x").into())
}

/// Messages that end with one of the user.
fn question(u: &mut Unstructured<'_>, first: &str) -> Result<Vec<Json>> {
    let mut messages = Vec::new();
    if u.arbitrary()? {
        messages.push(object([("role", first.into()), ("content", some_text(u)?)]));
    }
    messages.push(object([("role", "user".into()), ("content", some_text(u)?)]));
    Ok(messages)
}

/// A conversation with tools, images and weights, as it may be.
fn chat(u: &mut Unstructured<'_>) -> Result<Json> {
    let mut messages = Vec::new();
    if u.arbitrary()? {
        messages.push(object([("role", "system".into()), ("content", some_text(u)?)]));
    }
    let tools = u.int_in_range(0..=3)?;
    let mut calls = 0;
    for _ in 0..u.int_in_range(1..=3)? {
        messages.push(user(u)?);
        // Where no bytes are left there are no calls, or they would go on forever.
        for _ in 0..if tools > 0 { u.int_in_range(0..=2)? } else { 0 } {
            let mut of_message = Vec::new();
            let mut results = Vec::new();
            for _ in 0..u.int_in_range(1..=3)? {
                calls += 1;
                let id = format!("call_{calls}");
                let function = object([
                    ("name", format!("tool_{}", u.int_in_range(1..=tools)?).into()),
                    ("arguments", arguments(u)?.into()),
                ]);
                of_message.push(object([
                    ("id", id.clone().into()),
                    ("type", "function".into()),
                    ("function", function),
                ]));
                results.push(object([
                    ("role", "tool".into()),
                    ("tool_call_id", id.into()),
                    ("content", some_text(u)?),
                ]));
            }
            let mut members =
                vec![("role".to_owned(), "assistant".into()), ("tool_calls".to_owned(), Json::Array(of_message))];
            if u.arbitrary()? {
                members.push(("content".to_owned(), Json::Null));
            }
            messages.push(Json::Object(members));
            messages.extend(results);
        }
        let mut members = vec![("role".to_owned(), "assistant".into()), ("content".to_owned(), some_text(u)?)];
        if u.ratio(1, 4)? {
            members.push(("weight".to_owned(), Json::Number("1".to_owned())));
        }
        if u.ratio(1, 4)? {
            members.push(("name".to_owned(), "Jane_Doe-1".into()));
        }
        messages.push(Json::Object(members));
    }
    let mut members = vec![("messages".to_owned(), Json::Array(messages))];
    if tools > 0 {
        let tool = |number: u32, u: &mut Unstructured<'_>| {
            let mut function = vec![("name".to_owned(), format!("tool_{number}").into())];
            if u.arbitrary()? {
                function.push(("description".to_owned(), any_text(u)?));
            }
            if u.arbitrary()? {
                function.push(("parameters".to_owned(), object([("type", "object".into())])));
            }
            Ok(object([("type", "function".into()), ("function", Json::Object(function))]))
        };
        let tools = (1..=tools).map(|number| tool(number, u)).collect::<Result<_>>()?;
        members.push(("tools".to_owned(), Json::Array(tools)));
        if u.arbitrary()? {
            members.push(("parallel_tool_calls".to_owned(), Json::Bool(true)));
        }
    }
    Ok(Json::Object(members))
}

fn user(u: &mut Unstructured<'_>) -> Result<Json> {
    if u.ratio(3, 4)? {
        return Ok(object([("role", "user".into()), ("content", some_text(u)?)]));
    }
    let mut parts = vec![object([("type", "text".into()), ("text", some_text(u)?)])];
    if u.arbitrary()? {
        let mut image = vec![("url".to_owned(), "https://example.com/a.png".into())];
        if u.arbitrary()? {
            image.push(("detail".to_owned(), (*u.choose(&["auto", "low", "high"])?).into()));
        }
        parts.push(object([("type", "image_url".into()), ("image_url", Json::Object(image))]));
    }
    Ok(object([("role", "user".into()), ("content", Json::Array(parts))]))
}

/// An object as text, in any spelling.
fn arguments(u: &mut Unstructured<'_>) -> Result<String> {
    let members = match any(u, 2)? {
        Json::Object(members) => members,
        other => vec![("value".to_owned(), other)],
    };
    let spelling = u.arbitrary()?;
    Ok(Json::Object(members).write(spelling, u)?.replace('|', ""))
}
