//! Whole files of JSON that are not JSON Lines.

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::{ArrayFault, Shape};
use crate::json::elements::{Elements, Fault};
use crate::json::syntax::{Slip, diagnose};

/// A file that begins with `[`, behind so many lines; none if it is JSON Lines after all.
pub(super) fn array(text: &str, complete: bool, lines_before: u64) -> Option<Shape> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let is_json = |line: &str| serde_json::from_str::<IgnoredAny>(line).is_ok();
    let second = lines.next();
    match second {
        // Every line is an array of its own.
        Some(_) if first.len() > 1 && is_json(first) => return None,
        // A bracket line above lines that are JSON already.
        Some(second) if first == "[" && is_json(second) && lines.next().is_some_and(is_json) => {
            return None;
        }
        _ => {}
    }
    let inside = text[1..].trim_start();
    if inside.starts_with('{') && inside[1..].trim_start().starts_with('\'') {
        return Some(Shape::Markup { what: "a Python list" });
    }
    let elements = if complete { count_elements(text) } else { None };
    if elements.is_none() && !begins_like_element(inside) {
        return super::other_text(text);
    }
    let fault = if elements.is_none() { array_fault(text, complete, lines_before) } else { None };
    Some(fault.map_or(Shape::JsonArray { elements }, |fault| Shape::TornArray { fault }))
}

/// What is wrong with an array, as far as it is seen.
fn array_fault(text: &str, complete: bool, lines_before: u64) -> Option<ArrayFault> {
    let mut elements = Elements::of_array();
    let mut taken = text.bytes().try_for_each(|byte| elements.byte(byte).map(|_| ()));
    if complete && taken.is_ok() {
        taken = elements.end().map(|_| ());
    }
    let count = elements.count();
    match taken {
        Err(fault) => Some(broken_array(text, fault, lines_before)),
        Ok(()) if !complete => None,
        Ok(()) if !elements.is_unclosed() => Some(ArrayFault::TrailingComma { elements: count }),
        Ok(()) if count > 0 => Some(ArrayFault::Unclosed { elements: count }),
        Ok(()) => {
            Some(ArrayFault::Broken { reason: "nothing stands behind the bracket".to_owned(), line: lines_before + 1 })
        }
    }
}

/// Why an array cannot be taken apart.
fn broken_array(text: &str, fault: Fault, lines_before: u64) -> ArrayFault {
    if let Some((reason, line)) = fault.value.and_then(|start| slip_of_element(text, start)) {
        return ArrayFault::Broken { reason, line: lines_before + line };
    }
    ArrayFault::Broken { reason: fault.what.to_owned(), line: lines_before + fault.line }
}

/// What is wrong with the object that begins at `start`, and in which line of the text.
fn slip_of_element(text: &str, start: usize) -> Option<(String, u64)> {
    let element = &text.as_bytes()[start..];
    let broken = if element.starts_with(b"{") { diagnose(element) } else { return None };
    match broken.slip {
        // That is how elements stand in an array.
        Slip::TrailingComma { after_record: true } | Slip::SpansLines { raw_break_in_string: false } => None,
        slip => Some((slip.to_string(), 1 + super::lines_of(&text.as_bytes()[..start + broken.span.start]))),
    }
}

/// Whether an element of an array stands at the start of `text`, not a word as
/// in `[Chorus]`.
fn begins_like_element(text: &str) -> bool {
    match text.bytes().next() {
        None | Some(b'{' | b'"' | b'[' | b']') => true,
        Some(b'0'..=b'9' | b'-' | b't' | b'f' | b'n') => {
            let end = text.find([',', ']', '\n']).unwrap_or(text.len());
            let follows = text[end..].starts_with(',');
            follows && serde_json::from_str::<IgnoredAny>(text[..end].trim()).is_ok()
        }
        Some(_) => false,
    }
}

/// How many elements the array has, none if it is broken or something follows it.
fn count_elements(text: &str) -> Option<usize> {
    struct Count;
    impl<'de> Visitor<'de> for Count {
        type Value = usize;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("an array")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<usize, A::Error> {
            let mut count = 0;
            while elements.next_element::<IgnoredAny>()?.is_some() {
                count += 1;
            }
            Ok(count)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let count = deserializer.deserialize_seq(Count).ok()?;
    deserializer.end().ok().map(|()| count)
}

/// A file that begins with `{` if it is a request, or if its records take several lines; none if it is
/// JSON Lines.
///
/// One broken line does not make a file pretty-printed: every record must be
/// whole, or if the end of the file was not seen, the first two. A few may be
/// lines of their own, but not most.
pub(super) fn pretty(text: &str, complete: bool) -> Option<Shape> {
    if complete && is_job_request(text) {
        return Some(Shape::JobRequest);
    }
    let mut rest = text;
    let (mut records, mut single) = (0, 0);
    while !rest.is_empty() && (complete || records < 2) {
        match pretty_record(rest) {
            Record::Whole { length } => rest = rest[length..].trim_start(),
            Record::Endless if complete => return None,
            Record::Endless => break,
            Record::Line if records == 0 => return None,
            Record::Line if complete => {
                let length = rest.find('\n').unwrap_or(rest.len());
                rest = rest[length..].trim_start();
                single += 1;
            }
            Record::Line | Record::Broken => return None,
        }
        records += 1;
    }
    (2 * single <= records).then_some(Shape::PrettyJson { records: complete.then_some(records) })
}

/// Whether a file is one object that has what the request for a job must have, and nothing of an example.
fn is_job_request(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Keys {
        model: Option<IgnoredAny>,
        training_file: Option<IgnoredAny>,
        messages: Option<IgnoredAny>,
        prompt: Option<IgnoredAny>,
    }
    serde_json::from_str::<Keys>(text)
        .is_ok_and(|keys| keys.model.and(keys.training_file).is_some() && keys.messages.or(keys.prompt).is_none())
}

/// What stands at the start of a text.
enum Record {
    /// An object over several lines.
    Whole {
        length: usize,
    },
    /// An object over several lines that the text does not hold the end of.
    Endless,
    /// A line that is JSON by itself.
    Line,
    Broken,
}

fn pretty_record(text: &str) -> Record {
    let line = text.lines().next().unwrap_or_default();
    if serde_json::from_str::<IgnoredAny>(line).is_ok() {
        return Record::Line;
    }
    let broken = diagnose(text.as_bytes());
    match broken.slip {
        Slip::SpansLines { raw_break_in_string: false } => {}
        Slip::TrailingComma { after_record: true } if broken.lines > 1 => {}
        Slip::CutOff { .. } if looks_indented(text) => return Record::Endless,
        _ => return Record::Broken,
    }
    Record::Whole { length: text.split_inclusive('\n').take(broken.lines).map(str::len).sum() }
}

/// A first line that opens something, and a second one that is indented or
/// begins with a key.
fn looks_indented(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let opens = lines.next().is_some_and(|line| line.trim_end().ends_with(['{', '[', ',', ':']));
    opens && lines.next().is_some_and(|line| line.starts_with([' ', '\t', '"']))
}
