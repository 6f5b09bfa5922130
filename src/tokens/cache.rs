//! What strings came to, in tables that start small, so that a short file touches little memory, and grow to a fixed
//! size.

use super::layout::{MIDDLE, SHORT, extend, hash_long, key, mix, product};
use super::vocabulary::Vocabulary;
use crate::prefetch::prefetch;

/// Longest string in bytes that a [`Short`] holds: the sixteenth byte of its entry is for the count.
pub(super) const SHORT_STRING: usize = MIDDLE;

/// Longest string in bytes that a [`Line`] holds: the last two bytes are for its length and count.
pub(super) const LONG_STRING: usize = 62;

/// The caches of one thread, of at most 5.5 MiB together. Larger ones would hit more often, but what they save is lost
/// again to the processor's own caches.
pub(super) struct Cache {
    /// Keys of pieces that are a token.
    tokens: Table<u64>,
    /// Pieces of at most fifteen bytes that are not in `tokens`, and parts of pieces.
    strings: Table<Entry>,
    /// Longer pieces and parts.
    long: Table<Line>,
}

/// Entries of a set.
const WAYS: usize = 2;

/// At most fifteen bytes as the [keys](super::layout::key) of the first eight and of the rest, with their hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Of a text of at most fifteen bytes.
    #[inline]
    pub(super) fn of(text: &[u8]) -> Self {
        let (Some(low), Some(last)) = (text.first_chunk(), text.last_chunk()) else { return Self::new(key(text), 0) };
        // Of the last eight bytes those that are not among the first.
        let high = (!u64::from_le_bytes(*last)).checked_shr(8 * (2 * SHORT - text.len()) as u32).unwrap_or(0);
        Self::new(!u64::from_le_bytes(*low), high)
    }

    #[inline(always)]
    pub(super) fn new(low: u64, high: u64) -> Self {
        Self { low, high, hash: extend(mix(low), high) }
    }

    /// The rank of the string, if it is a token.
    #[inline(always)]
    pub(super) fn rank(self, vocabulary: &Vocabulary) -> u32 {
        if self.high == 0 { vocabulary.rank_short(self.low) } else { vocabulary.rank_middle(self.high, self.hash) }
    }

    /// Asks for what [`rank`](Self::rank) reads.
    #[inline(always)]
    pub(super) fn seek_rank(self, vocabulary: &Vocabulary) {
        if self.high == 0 {
            vocabulary.seek_short(self.low);
        } else {
            vocabulary.seek_middle(self.hash);
        }
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
}

impl Default for Cache {
    fn default() -> Self {
        Self { tokens: Table::new(), strings: Table::new(), long: Table::new() }
    }
}

impl Cache {
    /// Whether a piece of at most eight bytes is known to be a token.
    #[inline(always)]
    pub(super) fn is_token(&self, key: u64) -> bool {
        let [first, second] = *self.tokens.set(product(key));
        (first == key) | (second == key)
    }

    /// A piece of at most eight bytes is a token.
    #[inline(always)]
    pub(super) fn insert_token(&mut self, key: u64) {
        self.tokens.insert(key);
    }

    /// What a string of at most fifteen bytes came to, 0 if that is not known.
    #[inline(always)]
    pub(super) fn string(&self, string: Short) -> usize {
        string.count(*self.strings.set(string.hash))
    }

    /// Asks for what [`string`](Self::string) reads.
    #[inline(always)]
    pub(super) fn seek_string(&self, string: Short) {
        self.strings.seek(string.hash);
    }

    #[inline(always)]
    pub(super) fn insert_string(&mut self, string: Short, count: usize) {
        self.strings.insert(string.entry(count));
    }

    /// What a string of more than fifteen bytes with this [hash](hash_long) came to; nothing is known of one of more than
    /// [`LONG_STRING`].
    #[inline]
    pub(super) fn long(&self, string: &[u8], hash: u64) -> Option<usize> {
        if string.len() > LONG_STRING {
            return None;
        }
        let is_known =
            |line: &&Line| usize::from(line[LONG_STRING]) == string.len() && is_equal(&line[..string.len()], string);
        self.long.set(hash).iter().find(is_known).map(|line| usize::from(line[LONG_STRING + 1]))
    }

    /// Asks for what [`long`](Self::long) reads.
    #[inline(always)]
    pub(super) fn seek_long(&self, hash: u64) {
        self.long.seek(hash);
    }

    /// Does nothing for a string of more than [`LONG_STRING`] bytes.
    #[inline]
    pub(super) fn insert_long(&mut self, string: &[u8], count: usize) {
        if string.len() > LONG_STRING {
            return;
        }
        let mut line = [0; LONG_STRING + 2];
        line[..string.len()].copy_from_slice(string);
        line[LONG_STRING..].copy_from_slice(&[string.len() as u8, count as u8]);
        self.long.insert(line);
    }
}

/// Whether two strings of one length, of 16 to 64 bytes, are equal: from both ends, without a call.
#[inline(always)]
fn is_equal(one: &[u8], other: &[u8]) -> bool {
    fn ends<const LENGTH: usize>(string: &[u8]) -> Option<[&[u8; LENGTH]; 2]> {
        Some([string.first_chunk()?, string.last_chunk()?])
    }
    match (ends::<32>(one), ends::<32>(other)) {
        (Some(one), Some(other)) => one == other,
        _ => ends::<16>(one) == ends::<16>(other),
    }
}

/// What a [`Table`] holds.
trait Cached: Copy + PartialEq {
    /// Stands for an entry that is not there: no string has it.
    ///
    /// Not zero: the allocator gives out zeros that were never written. A page of these that is read before it is
    /// written is mapped twice, and the second time all threads of the process are stopped for it.
    const NONE: Self;

    /// Sets that the table starts with, and the most that it grows to, as powers of two.
    const BITS: (u32, u32);

    /// Only the high bits count.
    fn hash(&self) -> u64;
}

impl Cached for u64 {
    // A byte 0xFC.
    const NONE: Self = 3;
    const BITS: (u32, u32) = (9, 15);

    #[inline(always)]
    fn hash(&self) -> u64 {
        product(*self)
    }
}

impl Cached for Entry {
    const NONE: Self = [3, 0];
    const BITS: (u32, u32) = (9, 17);

    #[inline(always)]
    fn hash(&self) -> u64 {
        let [low, high] = *self;
        Short::new(low, high << 8 >> 8).hash
    }
}

impl Cached for Line {
    const NONE: Self = [0xFF; LONG_STRING + 2];
    const BITS: (u32, u32) = (7, 13);

    #[inline]
    fn hash(&self) -> u64 {
        hash_long(&self[..usize::from(self[LONG_STRING])])
    }
}

/// A table that grows with what is put in, up to a fixed size: then new entries take the place of old ones.
struct Table<T> {
    sets: Box<[[T; WAYS]]>,
    bits: u32,
    /// A hash that is shifted to the right by so much is the place of its set.
    shift: u32,
    /// Insertions before it grows. Some of them are of what is there already.
    room: usize,
    /// State of a random number generator.
    turn: u64,
}

impl<T: Cached> Table<T> {
    fn new() -> Self {
        Self::with_bits(T::BITS.0)
    }

    fn with_bits(bits: u32) -> Self {
        let sets = vec![[T::NONE; WAYS]; 1 << bits].into_boxed_slice();
        Self {
            room: if bits < T::BITS.1 { sets.len() * WAYS } else { usize::MAX },
            sets,
            bits,
            shift: u64::BITS - bits,
            turn: 0,
        }
    }

    #[inline(always)]
    fn index(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    #[inline(always)]
    fn set(&self, hash: u64) -> &[T; WAYS] {
        &self.sets[self.index(hash)]
    }

    /// Asks for a set.
    #[inline(always)]
    fn seek(&self, hash: u64) {
        prefetch(self.set(hash));
    }

    /// Puts an entry in its set: if there is no room, then in the place of another one once in four times, so that the
    /// frequent ones, which soon come again, mostly keep theirs.
    #[inline(always)]
    fn insert(&mut self, entry: T) {
        self.room -= 1;
        if self.room == 0 {
            self.grow();
        }
        self.turn = self.turn.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        let index = self.index(entry.hash());
        let set = &mut self.sets[index];
        let way = match set {
            [first, _] if *first == T::NONE => 0,
            [_, second] if *second == T::NONE => 1,
            _ if self.turn >> 62 == 0 => (self.turn >> 61 & 1) as usize,
            _ => return,
        };
        set[way] = entry;
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        const STEP: u32 = 2;
        let mut grown = Self::with_bits((self.bits + STEP).min(T::BITS.1));
        for &entry in self.sets.iter().flatten().filter(|&&entry| entry != T::NONE) {
            grown.insert(entry);
        }
        *self = grown;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Different strings for different numbers, of all lengths from `shortest` on.
    fn string(number: usize, shortest: usize) -> String {
        let length = shortest + number % 64;
        // The byte 63 is a question mark: it would pass for a length.
        format!("{number:?<length$}")
    }

    fn short(number: usize) -> Short {
        let string = format!("{number:x<15}");
        Short::new(key(&string.as_bytes()[..8]), key(&string.as_bytes()[8..]))
    }

    fn token(number: usize) -> u64 {
        key(format!("{number:x}").as_bytes())
    }

    #[test]
    fn short_texts_are_their_keys() {
        let text = b"\0bcdefgh\xC3jklmno";
        for length in 0..=SHORT_STRING {
            let (low, high) = text[..length].split_at(length.min(SHORT));
            assert_eq!(Short::of(&text[..length]), Short::new(key(low), key(high)));
        }
    }

    #[test]
    fn what_is_found_was_put_in() {
        let mut cache = Cache::default();
        let (mut strings_found, mut long_found) = (0, 0);
        const STRINGS: usize = 200_000;
        const GROWN: usize = 1100;
        for number in 0..2 * STRINGS {
            // The second half was never put in.
            let count = 1 + number % 13;
            let expected = if number < STRINGS { vec![0, count] } else { vec![0] };

            let long = string(number, 16);
            let hash = hash_long(long.as_bytes());
            let (short_string, piece) = (short(number), token(number));
            if number < STRINGS {
                cache.insert_long(long.as_bytes(), count);
                cache.insert_string(short_string, count);
                cache.insert_token(piece);
            }
            if number == GROWN {
                // By now all tables have grown, and were full before: what they held went with them.
                assert!(cache.strings.bits > Entry::BITS.0 && cache.long.bits > Line::BITS.0);
                assert!(cache.tokens.bits > <u64 as Cached>::BITS.0);
                let is_kept = |number: &usize| cache.string(short(*number)) > 0;
                assert!((0..GROWN / 2).filter(is_kept).count() > GROWN / 3);
                let is_kept = |number: &usize| {
                    let long = string(*number, 16);
                    cache.long(long.as_bytes(), hash_long(long.as_bytes())).is_some()
                };
                assert!((0..300).filter(is_kept).count() > 100);
                let is_kept = |number: &usize| cache.is_token(token(*number));
                assert!((0..GROWN / 2).filter(is_kept).count() > GROWN / 3);
            }
            let found = cache.string(short_string);
            assert!(expected.contains(&found));
            strings_found += usize::from(found > 0);
            let found = cache.long(long.as_bytes(), hash).unwrap_or(0);
            assert!(expected.contains(&found), "{long}");
            assert!(found == 0 || long.len() <= LONG_STRING);
            long_found += usize::from(found > 0);
            assert!(number < STRINGS || !cache.is_token(piece));
        }
        // All of them until the tables are as large as they get.
        assert!(strings_found > STRINGS / 2 && long_found > 1 << Line::BITS.1);
        for (bits, most) in [
            (cache.tokens.bits, <u64 as Cached>::BITS.1),
            (cache.strings.bits, Entry::BITS.1),
            (cache.long.bits, Line::BITS.1),
        ] {
            assert_eq!(bits, most);
        }
    }
}
