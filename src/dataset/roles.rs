//! Who speaks.

use crate::example::Example;

/// Messages by their role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoleFacts {
    counts: [u64; ROLES.len()],
}

/// The roles that are told apart; the last stands for all others.
const ROLES: [&str; 7] = ["system", "developer", "user", "assistant", "tool", "function", "other"];

impl RoleFacts {
    pub(crate) fn add(&mut self, example: &Example<'_>) {
        for message in example.messages() {
            let role = message.role().unwrap_or_default();
            let place = ROLES.iter().position(|known| *known == role).unwrap_or(ROLES.len() - 1);
            self.counts[place] += 1;
        }
    }

    pub(crate) fn merge(&mut self, next: &RoleFacts) {
        for (count, more) in self.counts.iter_mut().zip(next.counts) {
            *count += more;
        }
    }

    /// All messages.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The roles that occur, and how many messages each has.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        ROLES.into_iter().zip(self.counts).filter(|(_, count)| *count > 0)
    }
}
