//! Changes of values as edits of bytes.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::json::{Doc, Kind, NodeId};
use crate::rule::Change;

/// Changes of a line as edits of its bytes, in order; `None` if one touches what another does.
pub(super) fn edits(doc: &Doc<'_>, changes: &[Change]) -> Option<Vec<(Range<usize>, String)>> {
    let mut edits = Vec::new();
    let mut removed: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    for change in changes {
        match change {
            Change::Remove(node) => removed.entry(doc.parent(*node)).or_default().push(*node),
            Change::Replace(node, with) => edits.push((doc.span(*node), with.clone())),
            Change::Wrap(node, before, behind) => {
                let span = doc.span(*node);
                edits.push((span.start..span.start, before.clone()));
                edits.push((span.end..span.end, behind.clone()));
            }
        }
    }
    for (container, nodes) in removed {
        let parts: Vec<(Range<usize>, bool)> = match doc.kind(container) {
            Kind::Object => doc
                .members(container)
                .map(|member| {
                    let span = doc.span(member.key_at).start..doc.span(member.value).end;
                    (span, nodes.contains(&member.key_at) || nodes.contains(&member.value))
                })
                .collect(),
            _ => doc.elements(container).map(|element| (doc.span(element), nodes.contains(&element))).collect(),
        };
        let mut index = 0;
        while index < parts.len() {
            if !parts[index].1 {
                index += 1;
                continue;
            }
            let run = parts[index..].iter().take_while(|(_, removed)| *removed).count();
            // With the comma behind it, or the one before it if nothing follows.
            let (first, last) = (&parts[index].0, &parts[index + run - 1].0);
            let range = match (parts.get(index + run), index.checked_sub(1)) {
                (Some((next, _)), _) => first.start..next.start,
                (None, Some(before)) => parts[before].0.end..last.end,
                (None, None) => first.start..last.end,
            };
            edits.push((range, String::new()));
            index += run;
        }
    }
    edits.sort_by_key(|(range, _)| (range.start, range.end));
    let is_free = edits.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start && pair[0].0 != pair[1].0);
    is_free.then_some(edits)
}
