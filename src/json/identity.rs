//! Values that are known again from other texts, and what came of them.

use hashbrown::HashTable;

use super::{Doc, NodeId};

/// A value of a text that was met before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Repeat {
    /// Its number, which no other value has.
    pub id: u32,
    /// Its place on the tape.
    pub node: u32,
    /// The bytes of it in the text.
    pub start: usize,
    /// See `start`.
    pub end: usize,
}

impl Repeat {
    /// What tells it from all others.
    pub(crate) fn identity(&self) -> Identity {
        self.inside(0)
    }

    /// The same of the node that stands so many behind its first.
    fn inside(&self, place: u32) -> Identity {
        Identity(u64::from(self.id) << 32 | u64::from(place))
    }
}

/// A value that is known again: those with equal ones are the same byte for byte, whichever text they stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity(u64);

impl Doc<'_> {
    /// The values that are known from before, in the order of the text.
    pub(crate) fn repeats(&self) -> &[Repeat] {
        self.seen.as_ref().map_or(&[], |seen| seen.repeats)
    }

    /// What the value at `id` is known by, if it is one of the [`Doc::repeats`] or stands in one.
    pub(crate) fn identity(&self, id: NodeId) -> Option<Identity> {
        let repeats = self.repeats();
        let behind = repeats.partition_point(|repeat| repeat.node <= id.0);
        let repeat = repeats[..behind].last()?;
        (id.index() < self.after(repeat.node as usize)).then(|| repeat.inside(id.0 - repeat.node))
    }
}

/// What came of values that are repeated. As many as a few parsers remember, then it starts anew.
#[derive(Debug)]
pub(crate) struct Memo<T> {
    known: HashTable<(Identity, T)>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Memo { known: HashTable::new() }
    }
}

impl<T: Clone> Memo<T> {
    const MOST: usize = 1 << 16;

    /// What came of a value, or what `make` says of it. Without an identity it is made each time.
    #[inline]
    pub(crate) fn get(&mut self, identity: Option<Identity>, make: impl FnOnce() -> T) -> T {
        let Some(identity) = identity else { return make() };
        if let Some((_, known)) = self.known.find(identity.hash(), |(known, _)| *known == identity) {
            return known.clone();
        }
        let made = make();
        if self.known.len() >= Self::MOST {
            self.known.clear();
        }
        self.known.insert_unique(identity.hash(), (identity, made.clone()), |(known, _)| known.hash());
        made
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
    }
}

impl Identity {
    /// Its bits, spread over all places.
    fn hash(self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15).swap_bytes()
    }
}
