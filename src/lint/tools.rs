//! Definitions of tools are looked at where chunks are merged: only there it is known whether something is to be shown
//! of them, and the bytes of their lines are still there.

use super::line::{Columns, Line};
use super::merge::Merge;
use crate::dataset::{KnownTools, Sight, Spot, ToolFacts, Undescribed, undescribed};
use crate::finding::Place;
use crate::json::{Doc, NodeId, Parser};
use crate::lines::first_line;
use crate::rule::At;
use crate::schema;
use crate::settings::Settings;

/// A line of so many bytes is kept as it is for what is seldom shown of it. To work out the place takes far longer than
/// to copy the line.
const KEPT: usize = 64 * 1024;

/// Keeps what may have to be shown of the tools in the chunk `block`, which comes next. With `parameters` that includes
/// parameters without a description.
pub(super) fn look_at(merge: &Merge<'_>, next: &mut ToolFacts, before: &KnownTools, parameters: bool, block: &[u8]) {
    if next.lines == 0 {
        return;
    }
    let (lines, examples, bytes) = (merge.facts.lines, merge.facts.records, merge.bytes);
    let text = |spot: Spot| first_line(&block[spot.offset..]).0;
    let place = |spot: Spot, doc: &Doc<'_>| {
        let place = place_of(doc, text(spot), (spot.line, spot.example, spot.function), merge.settings);
        place.shifted(lines, examples, bytes + spot.offset as u64)
    };
    let mut parser = Parser::portable();
    let undescribed = parameters.then_some(|spots: &[Spot]| {
        let Some((first, Ok(doc))) = spots.first().map(|first| (*first, parser.parse(text(*first)))) else {
            return Vec::new();
        };
        let line = Line { doc: Some(&doc), example: first.example, ..Line::new(text(first), first.line, 0, 0) };
        let mut columns = Columns::default();
        let mut of = |spot: &Spot| {
            let names = undescribed(&doc, spot.function);
            let at = name_of(&doc, spot.function);
            (!names.is_empty()).then(|| {
                let place = match spots.len() {
                    1 => line.place_of(&at, merge.settings),
                    _ => line.place_at(&at, &mut columns, merge.settings),
                };
                Undescribed { names, place: place.shifted(lines, examples, bytes + spot.offset as u64) }
            })
        };
        spots.iter().map(&mut of).collect()
    });
    merge.facts.tools.look_at(next, before, undescribed, |spot| {
        let text = text(spot);
        if text.len() > KEPT {
            let mut parser = Parser::portable();
            return parser.parse(text).ok().map(|doc| Sight::Place(place(spot, &doc)));
        }
        Some(Sight::Line {
            bytes: text.into(),
            line: spot.line + lines,
            example: spot.example + examples,
            offset: spot.offset as u64 + bytes,
            function: spot.function,
        })
    });
}

/// The place of what was seen; none if it is wrong in itself, which a rule says there.
pub(super) fn place(sight: &Sight, settings: &Settings) -> Option<Place> {
    match sight {
        Sight::Place(place) => Some(place.clone()),
        &Sight::Line { ref bytes, line, example, offset, function } => {
            let mut parser = Parser::portable();
            let doc = parser.parse(bytes).ok()?;
            if doc.get(function, "parameters").is_some_and(|schema| schema::unsound(&doc, schema).is_some()) {
                return None;
            }
            Some(place_of(&doc, bytes, (line, example, function), settings).shifted(0, 0, offset))
        }
    }
}

/// The place of the name of a tool, in the line with this number and that of its example.
fn place_of(doc: &Doc<'_>, bytes: &[u8], (line, example, function): (u64, u64, NodeId), settings: &Settings) -> Place {
    let at = name_of(doc, function);
    Line { doc: Some(doc), example, ..Line::new(bytes, line, 0, bytes.len()) }.place_of(&at, settings)
}

/// Where the name of a tool stands, or without one the tool.
fn name_of(doc: &Doc<'_>, function: NodeId) -> At {
    At::Node(doc.get(function, "name").unwrap_or(function))
}
