//! What strings came to, in tables of a fixed size: a new entry may take the place of an old one.

use super::layout::{MIDDLE, extend, mix};
use super::vocabulary::Vocabulary;

/// Longest string in bytes that a [`Short`] holds: the sixteenth byte of its entry is for the count.
pub(super) const SHORT_STRING: usize = MIDDLE;

/// Longest string in bytes that a [`Line`] holds: the last two bytes are for its length and count.
pub(super) const LONG_STRING: usize = 62;

/// Sets of each table, by the number of hash bits that choose one.
const TOKEN_BITS: u32 = 15;
const STRING_BITS: u32 = 16;
const LONG_BITS: u32 = 12;

/// The caches of one thread, of 2.8 MB together. Larger ones would hit more often, but what they save is lost again to
/// the processor's own caches, and on a first pass to memory that is new.
pub(super) struct Cache {
    /// Keys of pieces that are a token.
    tokens: Box<[[u64; WAYS]; 1 << TOKEN_BITS]>,
    /// Pieces of at most fifteen bytes that are not in `tokens`, and parts of pieces.
    strings: Box<[[Entry; WAYS]; 1 << STRING_BITS]>,
    /// Longer pieces and parts.
    long: Box<[Line; 1 << LONG_BITS]>,
    /// State of a random number generator.
    turn: u64,
}

/// Entries of a set.
const WAYS: usize = 2;

/// At most fifteen bytes as the [keys](super::layout::key) of the first eight and of the rest, with their hash.
#[derive(Clone, Copy, Default)]
pub(super) struct Short {
    pub(super) low: u64,
    pub(super) high: u64,
    /// As [`hash_long`] of more than eight bytes.
    pub(super) hash: u64,
}

/// A [`Short`] with its count in the highest byte.
type Entry = [u64; 2];

/// A string, its length and its count.
type Line = [u8; LONG_STRING + 2];

impl Short {
    #[inline(always)]
    pub(super) fn new(low: u64, high: u64) -> Self {
        Self { low, high, hash: extend(mix(low), high) }
    }

    /// The bytes, with zeros behind them.
    #[inline(always)]
    pub(super) fn bytes(self, length: usize) -> [u8; 16] {
        let keys = u128::from(self.low) | u128::from(self.high) << 64;
        (!keys & ((1 << (8 * length)) - 1)).to_le_bytes()
    }

    /// The rank of the string, if it is a token.
    #[inline(always)]
    pub(super) fn rank(self, vocabulary: &Vocabulary) -> u32 {
        if self.high == 0 { vocabulary.rank_short(self.low) } else { vocabulary.rank_middle(self.high, self.hash) }
    }

    #[inline(always)]
    fn entry(self, count: usize) -> Entry {
        [self.low, self.high | (count as u64) << 56]
    }

    /// The count of the one of two entries that is of this string, 0 if neither is. Without a branch, since a
    /// processor could not predict it.
    #[inline(always)]
    fn count(self, set: [Entry; WAYS]) -> usize {
        let [first, second] = set.map(|[low, high]| {
            let is_other = (low ^ self.low) | (high ^ self.high) << 8 != 0;
            high >> 56 & u64::from(is_other).wrapping_sub(1)
        });
        (first | second) as usize
    }

    #[inline(always)]
    fn index(self) -> usize {
        (self.hash >> (64 - STRING_BITS)) as usize
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self { tokens: zeroed([0; WAYS]), strings: zeroed([[0; 2]; WAYS]), long: zeroed([0; LONG_STRING + 2]), turn: 0 }
    }
}

/// A table that the allocator gives out as zeros, which need not be written.
fn zeroed<T: Clone, const LENGTH: usize>(zero: T) -> Box<[T; LENGTH]> {
    match vec![zero; LENGTH].into_boxed_slice().try_into() {
        Ok(table) => table,
        Err(_) => unreachable!("the vector has the length of the table"),
    }
}

impl Cache {
    /// Whether a piece of at most eight bytes is known to be a token.
    #[inline(always)]
    pub(super) fn is_token(&self, key: u64) -> bool {
        let [first, second] = self.tokens[token_index(key)];
        (first == key) | (second == key)
    }

    /// A piece of at most eight bytes is a token.
    #[inline(always)]
    pub(super) fn insert_token(&mut self, key: u64) {
        let turn = self.next_turn();
        place(&mut self.tokens[token_index(key)], key, 0, turn);
    }

    /// What a string of at most fifteen bytes came to, 0 if that is not known.
    #[inline(always)]
    pub(super) fn string(&self, string: Short) -> usize {
        string.count(self.strings[string.index()])
    }

    #[inline(always)]
    pub(super) fn insert_string(&mut self, string: Short, count: usize) {
        let turn = self.next_turn();
        place(&mut self.strings[string.index()], string.entry(count), [0; 2], turn);
    }

    /// What a string of at most [`LONG_STRING`] bytes with this [hash](super::layout::hash_long) came to.
    #[inline]
    pub(super) fn long(&self, string: &[u8], hash: u64) -> Option<usize> {
        let line = &self.long[long_index(hash)];
        let is_equal = usize::from(line[LONG_STRING]) == string.len() && line[..string.len()] == *string;
        is_equal.then(|| usize::from(line[LONG_STRING + 1]))
    }

    #[inline]
    pub(super) fn insert_long(&mut self, string: &[u8], hash: u64, count: usize) {
        let line = &mut self.long[long_index(hash)];
        line[..string.len()].copy_from_slice(string);
        line[LONG_STRING..].copy_from_slice(&[string.len() as u8, count as u8]);
    }

    fn next_turn(&mut self) -> u64 {
        self.turn = self.turn.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        self.turn
    }
}

/// Puts an entry in its set: if there is no room, then in the place of another one once in four times, so that the
/// frequent ones, which soon come again, mostly keep theirs.
#[inline(always)]
fn place<T: PartialEq>(set: &mut [T; WAYS], entry: T, empty: T, turn: u64) {
    let way = match set {
        [first, _] if *first == empty => 0,
        [_, second] if *second == empty => 1,
        _ if turn >> 62 == 0 => (turn >> 61 & 1) as usize,
        _ => return,
    };
    set[way] = entry;
}

#[inline(always)]
fn token_index(key: u64) -> usize {
    (mix(key) >> (64 - TOKEN_BITS)) as usize
}

#[inline(always)]
fn long_index(hash: u64) -> usize {
    (hash >> (64 - LONG_BITS)) as usize
}
