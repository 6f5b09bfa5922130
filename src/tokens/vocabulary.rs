//! The tables of a vocabulary, used in place.

use super::layout::{
    MIDDLE, SHORT, entry, extend, hash_long, key, lead, middle_entry, mix, pilot_index, slot, span_bit, tail, traits,
};
use crate::prefetch::prefetch;

/// The rank of a string that is no token: after every rank.
pub(super) const NONE: u32 = u32::MAX;

/// Length in bytes of the longest token of every vocabulary.
pub(super) const LONGEST: usize = 128;

/// Tokens and their ranks, as `build/vocabulary.rs` lays them out.
pub(super) struct Vocabulary {
    /// The tokens of at most eight bytes: from their key to their rank.
    short: HashTable<[u8; 8]>,
    /// The tokens of at most fifteen bytes: from their second key and their hash to their rank.
    middle: HashTable<[[u8; 8]; 2]>,
    /// The longer tokens: from their hash to their number among them.
    long: HashTable<[u8; 8]>,
    /// For each longer token where it ends in `long_bytes` and its rank.
    long_records: &'static [[[u8; 4]; 2]],
    /// The longer tokens, one after the other.
    long_bytes: &'static [u8],
    /// The rank of each string of two bytes.
    pairs: &'static [[u8; 4]],
    /// See [`Vocabulary::spans`].
    spans: &'static [[u8; 8]],
    /// The [`traits`] of each character of the basic multilingual plane.
    traits: &'static [u8],
    /// Tokens of this rank and above belong to another encoding.
    end: u32,
}

/// See `build/perfect_hash.rs`.
struct HashTable<Slot: 'static> {
    slots: &'static [Slot],
    pilots: &'static [[u8; 2]],
}

/// Starts a table on a cache line, so that no entry is spread over two.
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

macro_rules! table {
    ($name:expr, $table:literal) => {{
        const TABLE: &Aligned<[u8]> =
            &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/", $name, "_", $table, ".bin")));
        &TABLE.0
    }};
}

macro_rules! vocabulary {
    ($name:literal, $end:expr) => {
        Vocabulary {
            short: HashTable {
                slots: table!($name, "short_slots").as_chunks().0,
                pilots: table!($name, "short_pilots").as_chunks().0,
            },
            middle: HashTable {
                slots: table!($name, "middle_slots").as_chunks().0.as_chunks().0,
                pilots: table!($name, "middle_pilots").as_chunks().0,
            },
            long: HashTable {
                slots: table!($name, "long_slots").as_chunks().0,
                pilots: table!($name, "long_pilots").as_chunks().0,
            },
            long_records: table!($name, "long_records").as_chunks().0.as_chunks().0,
            long_bytes: table!($name, "long_bytes"),
            pairs: table!($name, "pairs").as_chunks().0,
            spans: table!($name, "spans").as_chunks().0,
            traits: table!($name, "traits"),
            end: $end,
        }
    };
}

/// Of o200k_base and o200k_harmony.
pub(super) static O200K: Vocabulary = vocabulary!("o200k", NONE);
/// Of cl100k_base.
pub(super) static CL100K: Vocabulary = vocabulary!("cl100k", NONE);
/// Of p50k_base.
pub(super) static P50K: Vocabulary = vocabulary!("p50k", NONE);
/// Of r50k_base, whose tokens p50k_base has with the same ranks, and after them runs of spaces.
pub(super) static R50K: Vocabulary = vocabulary!("p50k", 50_256);

impl<Slot: Copy> HashTable<Slot> {
    #[inline(always)]
    fn bits(&self) -> u32 {
        self.slots.len().trailing_zeros()
    }

    /// The one slot where this hash can be.
    #[inline(always)]
    fn slot(&self, hash: u64) -> usize {
        slot(hash, u16::from_le_bytes(self.pilots[pilot_index(hash, self.bits())]), self.bits())
    }

    /// As [`slot`](Self::slot). Asks for what it holds.
    #[inline(always)]
    fn seek(&self, hash: u64) -> usize {
        let slot = self.slot(hash);
        prefetch(&self.slots[slot]);
        slot
    }
}

impl HashTable<[u8; 8]> {
    /// The value of the entry with this hash.
    #[inline(always)]
    fn find(&self, hash: u64) -> Option<u32> {
        self.find_in(self.slot(hash), hash)
    }

    /// The value of the entry in this slot, if it has this hash.
    #[inline(always)]
    fn find_in(&self, slot: usize, hash: u64) -> Option<u32> {
        let found = u64::from_le_bytes(self.slots[slot]);
        let unused = (1 << self.bits()) - 1;
        let value = found & unused;
        ((found == entry(hash, value, self.bits())) & (value != unused)).then_some(value as u32)
    }
}

impl HashTable<[[u8; 8]; 2]> {
    /// The value of the entry with this second key and this hash.
    #[inline(always)]
    fn find(&self, high: u64, hash: u64) -> Option<u32> {
        let found = self.slots[self.slot(hash)].map(u64::from_le_bytes);
        let value = found[0] & ((1 << self.bits()) - 1) | found[1] >> 56 << self.bits();
        let expected = middle_entry(hash, high, value, self.bits());
        ((found[0] == expected[0]) & (found[1] == expected[1])).then_some(value as u32)
    }
}

impl Vocabulary {
    /// The rank of the at most eight bytes that have this key.
    #[inline(always)]
    pub(super) fn rank_short(&self, key: u64) -> u32 {
        self.short.find(mix(key)).filter(|&rank| rank < self.end).unwrap_or(NONE)
    }

    /// The slot where the at most eight bytes can be that have this key. Asks for it.
    #[inline(always)]
    pub(super) fn seek_short(&self, key: u64) -> usize {
        self.short.seek(mix(key))
    }

    /// Asks for what [`rank_middle`](Self::rank_middle) reads.
    #[inline(always)]
    pub(super) fn seek_middle(&self, hash: u64) {
        self.middle.seek(hash);
    }

    /// As [`rank_short`](Self::rank_short), where the [slot](Self::seek_short) is known.
    #[inline(always)]
    pub(super) fn rank_in_slot(&self, key: u64, slot: usize) -> u32 {
        self.short.find_in(slot, mix(key)).filter(|&rank| rank < self.end).unwrap_or(NONE)
    }

    /// The rank of nine to fifteen bytes with this second key and this [hash](hash_long).
    #[inline(always)]
    pub(super) fn rank_middle(&self, high: u64, hash: u64) -> u32 {
        self.middle.find(high, hash).filter(|&rank| rank < self.end).unwrap_or(NONE)
    }

    /// The rank of more than fifteen bytes with this [hash](hash_long).
    #[inline]
    pub(super) fn rank_long(&self, bytes: &[u8], hash: u64) -> u32 {
        let Some(number) = self.long.find(hash) else { return NONE };
        let number = number as usize;
        let field = |number: usize, field: usize| u32::from_le_bytes(self.long_records[number][field]);
        let start = if number == 0 { 0 } else { field(number - 1, 0) };
        let (end, rank) = (field(number, 0), field(number, 1));
        if self.long_bytes[start as usize..end as usize] == *bytes && rank < self.end { rank } else { NONE }
    }

    /// The rank of two bytes.
    #[inline(always)]
    pub(super) fn rank_pair(&self, first: u8, second: u8) -> u32 {
        let rank = u32::from_le_bytes(self.pairs[usize::from(u16::from_le_bytes([first, second]))]);
        if rank < self.end { rank } else { NONE }
    }

    /// The rank of at least two bytes.
    #[inline]
    pub(super) fn rank(&self, bytes: &[u8]) -> u32 {
        match bytes.split_at_checked(SHORT) {
            None | Some((_, [])) => self.rank_short(key(bytes)),
            Some((low, high)) if bytes.len() <= MIDDLE => {
                let high = key(high);
                self.rank_middle(high, extend(mix(key(low)), high))
            }
            Some(_) if bytes.len() <= LONGEST => self.rank_long(bytes, hash_long(bytes)),
            Some(_) => NONE,
        }
    }

    /// Whether a token may hold both the end of the character `left` and the start of the next one, `right`. May be
    /// true where no token does, never false where one does.
    #[inline(always)]
    pub(super) fn spans(&self, left: Character, right: Character) -> bool {
        self.has_span(left.code, right.code)
            || (self.has_trait(left, traits::BEFORE_LEAD) && self.has_span(left.code, lead(right.bytes[0])))
            || (self.has_trait(right, traits::AFTER_TAIL)
                && (1..left.bytes.len()).any(|from| self.has_span(tail(&left.bytes[from..]), right.code)))
    }

    /// The number of tokens that a character comes to alone, 0 if that is not known.
    #[inline(always)]
    pub(super) fn count_alone(&self, character: Character) -> usize {
        self.traits.get(character.code as usize).map_or(0, |known| usize::from(known >> traits::COUNT))
    }

    #[inline(always)]
    fn has_span(&self, left: u32, right: u32) -> bool {
        let bit = span_bit(left, right);
        u64::from_le_bytes(self.spans[bit / 64]) >> (bit % 64) & 1 != 0
    }

    #[inline(always)]
    fn has_trait(&self, character: Character, bit: u8) -> bool {
        self.traits.get(character.code as usize).is_none_or(|traits| traits & bit != 0)
    }
}

/// A character and its UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Character<'t> {
    pub(super) code: u32,
    pub(super) bytes: &'t [u8],
}
