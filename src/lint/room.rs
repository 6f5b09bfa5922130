//! How many findings may still be shown. The thread that merges knows, and tells the workers: what would not be shown
//! need not be located, and in a file with a million findings that is nearly all of them.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::finding::Severity;
use crate::rules::RULES;
use crate::settings::Settings;

/// The room that is left in the report of a file.
///
/// A worker may look when chunks before its own are still to be merged. Then it locates more than is shown, never less.
pub(super) struct Room {
    of_rule: Vec<AtomicU64>,
    /// For warnings, and for errors.
    of_severity: [AtomicU64; 2],
    /// Which of the two is for each rule; no rule that is off comes here.
    severities: Vec<usize>,
}

impl Room {
    pub(super) fn new(settings: &Settings) -> Self {
        let max = |limit: Option<u64>| AtomicU64::new(limit.unwrap_or(u64::MAX));
        Room {
            of_rule: RULES.iter().map(|_| max(settings.max_per_rule)).collect(),
            of_severity: [(); 2].map(|()| max(settings.max_findings)),
            severities: RULES
                .iter()
                .map(|rule| usize::from(settings.severity(rule) == Some(Severity::Error)))
                .collect(),
        }
    }

    /// How many findings of the rule with this place in the catalogue there is room for.
    pub(super) fn left(&self, rule: usize) -> u64 {
        let [of_rule, of_severity] = self.rooms(rule).map(|room| room.load(Ordering::Relaxed));
        of_rule.min(of_severity)
    }

    /// Takes the room of one finding; `false` if there is none. Only the thread that merges may.
    pub(super) fn take(&self, rule: usize) -> bool {
        let has_room = self.left(rule) > 0;
        if has_room {
            for room in self.rooms(rule) {
                room.fetch_sub(1, Ordering::Relaxed);
            }
        }
        has_room
    }

    fn rooms(&self, rule: usize) -> [&AtomicU64; 2] {
        [&self.of_rule[rule], &self.of_severity[self.severities[rule]]]
    }
}
