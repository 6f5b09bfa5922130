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
    max_per_rule: u64,
    max_findings: u64,
}

impl Room {
    pub(super) fn new(settings: &Settings) -> Self {
        let severity = |rule| usize::from(settings.severity(rule) == Some(Severity::Error));
        let room = Room {
            of_rule: RULES.iter().map(|_| AtomicU64::default()).collect(),
            of_severity: Default::default(),
            severities: RULES.iter().map(|&rule| severity(rule)).collect(),
            max_per_rule: settings.max_per_rule.unwrap_or(u64::MAX),
            max_findings: settings.max_findings.unwrap_or(u64::MAX),
        };
        room.clear();
        room
    }

    /// Begins the report of another file.
    pub(super) fn clear(&self) {
        self.of_rule.iter().for_each(|room| room.store(self.max_per_rule, Ordering::Relaxed));
        self.of_severity.iter().for_each(|room| room.store(self.max_findings, Ordering::Relaxed));
    }

    /// How many findings of each rule are kept of a chunk: none if no more are shown, else as many as of any chunk. What
    /// is left just then would depend on how far the merging is, and so would, in a line in which a rule finds things in
    /// another order than they stand, which of them are kept.
    pub(super) fn of_chunk(&self) -> impl Iterator<Item = u64> {
        (0..RULES.len()).map(|rule| if self.is_full(rule) { 0 } else { self.max_per_rule })
    }

    /// Takes the room of one finding of the rule with this place in the catalogue; `false` if there is none. Only the
    /// thread that merges may.
    pub(super) fn take(&self, rule: usize) -> bool {
        let has_room = !self.is_full(rule);
        if has_room {
            for room in self.rooms(rule) {
                room.fetch_sub(1, Ordering::Relaxed);
            }
        }
        has_room
    }

    fn is_full(&self, rule: usize) -> bool {
        self.rooms(rule).into_iter().any(|room| room.load(Ordering::Relaxed) == 0)
    }

    fn rooms(&self, rule: usize) -> [&AtomicU64; 2] {
        [&self.of_rule[rule], &self.of_severity[self.severities[rule]]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_chunk_as_much_is_kept_as_of_any_other_or_nothing() {
        let settings = Settings { max_per_rule: Some(5), max_findings: Some(7), ..Settings::default() };
        let room = Room::new(&settings);
        let errors = |rule: &usize| room.severities[*rule] == 1;
        let [first, second] = [0, 1].map(|place| (0..RULES.len()).filter(errors).nth(place).unwrap());
        let kept = |rule: usize| room.of_chunk().nth(rule).unwrap();
        for left in (0..5).rev() {
            assert_eq!(kept(first), 5);
            assert!(room.take(first));
            assert_eq!(kept(first) == 0, left == 0);
        }
        assert!(!room.take(first));
        assert_eq!(kept(second), 5);
        assert!(room.take(second) && room.take(second) && !room.take(second));
        assert_eq!(kept(second), 0);
        room.clear();
        assert!(room.take(first) && room.take(second));
    }
}
