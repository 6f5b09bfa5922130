//! YAML as JSON: what a document says is written down as JSON, and for each node of that it is kept where it stands.
//!
//! Nodes come in the same order in both, so places are a list: one for each key and value.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

/// What a document says.
#[derive(Debug)]
pub(super) struct Translated {
    /// As JSON.
    pub json: Vec<u8>,
    /// Where the nodes stand, in bytes of the YAML, in the order of the text.
    pub spans: Vec<Range<usize>>,
}

/// What cannot be read, and at which byte.
#[derive(Debug)]
pub(super) struct Fault {
    pub at: usize,
    pub reason: String,
}

/// Aliases may stand for aliases: a request is never as large as this.
const MAX_NODES: usize = 100_000;
/// Nor does it have as many bytes of JSON: few nodes may be long ones.
const MAX_MIB: usize = 64;
/// Deeper nesting is not read.
const MAX_DEPTH: usize = 120;

/// An event that an alias may stand for.
#[derive(Clone, Debug)]
enum Step {
    Scalar(Rc<str>),
    Open(char),
    Close(char),
}

pub(super) fn translate(text: &str) -> Result<Translated, Fault> {
    let places = Places::new(text);
    let mut writer = Writer::default();
    // All steps, which of them each anchored node has, and the anchors that are open with the depth at which they end and
    // their first step. So a node costs the same however many anchors it stands under.
    let mut steps: Vec<Step> = Vec::new();
    let mut anchors: HashMap<usize, Range<usize>> = HashMap::new();
    let mut open: Vec<(usize, usize, usize)> = Vec::new();
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| fault(&places, &error))?;
        let range = places.range(&span);
        let at = range.start;
        let step = match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return Err(Fault { at, reason: "a second document begins here".to_owned() });
                }
                continue;
            }
            Event::Alias(id) => {
                // An anchor gets its steps where it ends.
                let Some(meant) = anchors.get(&id) else {
                    return Err(Fault { at, reason: "an alias to the node in which it stands".to_owned() });
                };
                for index in meant.clone() {
                    let step = steps[index].clone();
                    writer.step(&step, range.clone()).map_err(|reason| Fault { at, reason })?;
                    steps.push(step);
                }
                continue;
            }
            Event::Scalar(value, style, anchor, tag) => {
                let forced = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
                let plain = style == ScalarStyle::Plain && !forced;
                let json = if plain { scalar(&value) } else { string(&value) };
                if anchor > 0 {
                    anchors.insert(anchor, steps.len()..steps.len() + 1);
                }
                Step::Scalar(json.into())
            }
            Event::MappingStart(anchor, _) | Event::SequenceStart(anchor, _) if anchor > 0 => {
                open.push((anchor, writer.open.len(), steps.len()));
                Step::Open(if matches!(event, Event::MappingStart(..)) { '{' } else { '[' })
            }
            Event::MappingStart(..) => Step::Open('{'),
            Event::SequenceStart(..) => Step::Open('['),
            Event::MappingEnd => Step::Close('}'),
            Event::SequenceEnd => Step::Close(']'),
            _ => continue,
        };
        writer.step(&step, range).map_err(|reason| Fault { at, reason })?;
        let is_end = matches!(step, Step::Close(_));
        steps.push(step);
        // Of two anchors none ends with the other: a node has one.
        if is_end && let Some((anchor, _, first)) = open.pop_if(|(_, depth, _)| *depth >= writer.open.len()) {
            anchors.insert(anchor, first..steps.len());
        }
    }
    if writer.json.is_empty() {
        return Err(Fault { at: 0, reason: "the file is empty".to_owned() });
    }
    Ok(Translated { json: writer.json.into_bytes(), spans: writer.spans })
}

fn fault(places: &Places, error: &ScanError) -> Fault {
    Fault { at: places.byte(error.marker().index()), reason: error.info().to_owned() }
}

/// Writes JSON step by step.
#[derive(Default)]
struct Writer {
    json: String,
    spans: Vec<Range<usize>>,
    /// The brackets that are open: the place of each in `spans`, whether it is a mapping, and how many scalars or
    /// collections stand in it.
    open: Vec<(usize, bool, usize)>,
}

impl Writer {
    fn step(&mut self, step: &Step, range: Range<usize>) -> Result<(), String> {
        if self.spans.len() >= MAX_NODES {
            return Err(format!("more than {} nodes", crate::text::number(MAX_NODES as u64)));
        }
        match step {
            Step::Close(bracket) => {
                self.json.push(*bracket);
                if let Some((place, _, _)) = self.open.pop() {
                    let start = self.spans[place].start;
                    // The end of a block has no bytes of its own.
                    self.spans[place] = start..range.end.max(start);
                }
            }
            Step::Scalar(json) => {
                let is_key = self.before();
                self.spans.push(range);
                if self.json.len() + json.len() > MAX_MIB << 20 {
                    return Err(format!("more than {MAX_MIB} MiB"));
                }
                // A key of JSON is a string.
                if is_key && !json.starts_with('"') {
                    self.json.push_str(&string(json));
                } else {
                    self.json.push_str(json);
                }
            }
            Step::Open(bracket) => {
                if self.before() {
                    return Err("a key that is no scalar".to_owned());
                }
                if self.open.len() >= MAX_DEPTH {
                    return Err(format!("nesting more than {MAX_DEPTH} levels deep"));
                }
                self.open.push((self.spans.len(), *bracket == '{', 0));
                self.spans.push(range);
                self.json.push(*bracket);
            }
        }
        Ok(())
    }

    /// Writes what stands before a node, and tells whether that is a key.
    fn before(&mut self) -> bool {
        let Some((_, is_mapping, count)) = self.open.last_mut() else { return false };
        let is_value = *is_mapping && *count % 2 == 1;
        if is_value {
            self.json.push(':');
        } else if *count > 0 {
            self.json.push(',');
        }
        *count += 1;
        *is_mapping && !is_value
    }
}

fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A plain scalar by the core schema of YAML 1.2.
fn scalar(text: &str) -> String {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return "null".to_owned(),
        "true" | "True" | "TRUE" => return "true".to_owned(),
        "false" | "False" | "FALSE" => return "false".to_owned(),
        _ => {}
    }
    let radix = |digits: Option<&str>, radix| digits.and_then(|digits| u64::from_str_radix(digits, radix).ok());
    if let Some(number) = radix(text.strip_prefix("0x"), 16).or_else(|| radix(text.strip_prefix("0o"), 8)) {
        return number.to_string();
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if is_number {
        if let Ok(number) = text.parse::<i64>() {
            return number.to_string();
        }
        if let Some(number) = text.parse().ok().and_then(serde_json::Number::from_f64) {
            return number.to_string();
        }
    }
    string(text)
}

/// The bytes of characters.
struct Places<'t> {
    text: &'t str,
    /// Empty if each has one.
    bytes: Vec<usize>,
}

impl<'t> Places<'t> {
    fn new(text: &'t str) -> Self {
        let bytes = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(byte, _)| byte).collect() };
        Places { text, bytes }
    }

    fn byte(&self, index: usize) -> usize {
        let byte = if self.bytes.is_empty() { Some(&index) } else { self.bytes.get(index) };
        byte.copied().unwrap_or(self.text.len()).min(self.text.len())
    }

    /// The bytes of a node without the white space behind it.
    fn range(&self, span: &Span) -> Range<usize> {
        let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
        let end = end.max(start);
        start..start + self.text[start..end].trim_end().len()
    }
}
