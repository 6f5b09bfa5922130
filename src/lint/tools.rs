//! Definitions of tools are looked at where chunks are merged: only there it is known whether something is to be shown
//! of them, and the bytes of their lines are still there.

use super::line::Line;
use crate::dataset::{KnownTools, Spot, ToolFacts, undescribed};
use crate::json::Parser;
use crate::lines::first_line;
use crate::rule::At;
use crate::settings::Settings;

/// Keeps what may have to be shown of the tools in the chunk `block`, which follows on `file`.
pub(super) fn look_at(
    file: &ToolFacts,
    next: &mut ToolFacts,
    before: &KnownTools,
    parameters: bool,
    block: &[u8],
    settings: &Settings,
) {
    if next.lines == 0 {
        return;
    }
    let mut parser = Parser::portable();
    file.look_at(next, before, parameters, |spot, is_first| {
        let Spot { line, example, offset, function } = spot;
        let (bytes, length) = first_line(&block[offset..]);
        let doc = parser.parse(bytes).ok()?;
        let names = if is_first { undescribed(&doc, function) } else { Vec::new() };
        let at = At::Node(doc.get(function, "name").unwrap_or(function));
        let line = Line { doc: Some(&doc), example, ..Line::new(bytes, line, offset, length) };
        Some((names, line.place_of(&at, settings)))
    });
}
