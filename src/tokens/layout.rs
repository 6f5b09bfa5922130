//! Keys, hashes and classes of the tables that `build.rs` writes and the counter reads in place.
//!
//! Both sides compile this file, so that a table can never be probed with another hash than the one it was laid out
//! with. Every number in a table is little endian.

/// Longest string in bytes that fits a [`key`], and so the short table.
pub(crate) const SHORT: usize = 8;

/// Longest string in bytes that the middle table holds: of its second key one byte is left for the value.
pub(crate) const MIDDLE: usize = 2 * SHORT - 1;

/// Characters of one page of the Unicode class table.
pub(crate) const CLASS_PAGE: usize = 128;

/// Log2 of the bits in the table of [spans](span_bit).
pub(crate) const SPAN_BITS: u32 = 21;

/// Marks the last bytes of a character rather than a whole one, above any three bytes.
const TAIL: u32 = 0x80;

/// Marks the first byte of a character rather than a whole one.
const LEAD: u32 = 1 << 31;

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// The classes of the published patterns, one bit each.
pub(crate) mod class {
    /// `\p{L}`
    pub(crate) const LETTER: u8 = 1;
    /// `[\p{Lu}\p{Lt}]`
    pub(crate) const UPPER: u8 = 1 << 1;
    /// `\p{Ll}`
    pub(crate) const LOWER: u8 = 1 << 2;
    /// `[\p{Lm}\p{Lo}]`
    pub(crate) const CASELESS: u8 = 1 << 3;
    /// `\p{M}`
    pub(crate) const MARK: u8 = 1 << 4;
    /// `\p{N}`
    pub(crate) const NUMBER: u8 = 1 << 5;
    /// `\s`
    pub(crate) const SPACE: u8 = 1 << 6;
    /// `[\r\n]`
    pub(crate) const NEWLINE: u8 = 1 << 7;
}

/// At most eight bytes as one number, exactly.
///
/// The bytes are complemented, so that the zero that pads a shorter string stands for 0xFF, a byte that UTF-8 never
/// holds: strings of different lengths have different keys, and no string has the key zero.
#[inline(always)]
pub(crate) fn key(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(&bytes) => !u64::from_le_bytes(bytes),
        None => bytes.iter().rev().fold(0, |key, &byte| key << 8 | u64::from(!byte)),
    }
}

/// A bijection of the 64-bit numbers that spreads to both ends: equal hashes mean equal keys.
#[inline(always)]
pub(crate) fn mix(key: u64) -> u64 {
    let product = product(key);
    product ^ product >> 32
}

/// What has the high bits of [`mix`].
#[inline(always)]
pub(crate) fn product(key: u64) -> u64 {
    key.wrapping_mul(MULTIPLIER)
}

/// Hash of a string of any length: the [`mix`] of its first key, [extended](extend) by each of the others.
#[inline]
pub(crate) fn hash_long(bytes: &[u8]) -> u64 {
    let (Some((first, rest)), Some(last)) = (bytes.split_first_chunk::<SHORT>(), bytes.last_chunk::<SHORT>()) else {
        return mix(key(bytes));
    };
    let (keys, end) = rest.as_chunks::<SHORT>();
    let hash = keys.iter().fold(mix(key(first)), |hash, chunk| extend(hash, key(chunk)));
    if end.is_empty() {
        return hash;
    }
    // The end of the last eight bytes, where to read it alone would be a loop.
    extend(hash, key(last) >> (8 * (SHORT - end.len())))
}

/// The hash of a string and eight more bytes.
#[inline(always)]
pub(crate) fn extend(hash: u64, key: u64) -> u64 {
    mix(hash ^ key.rotate_left(23))
}

/// Which pilot displaces the slot of `hash`, in a table of `1 << bits` slots.
#[inline(always)]
pub(crate) fn pilot_index(hash: u64, bits: u32) -> usize {
    hash as usize & ((1 << pilot_bits(bits)) - 1)
}

/// Log2 of the number of pilots of a table of `1 << bits` slots: one for eight slots.
#[inline(always)]
pub(crate) fn pilot_bits(bits: u32) -> u32 {
    bits - 3
}

/// The one slot of a table of `1 << bits` slots where `hash` can be: its high bits, displaced by a hash of the pilot
/// and of bits in the middle, so that keys of one group that share their high bits can be told apart.
#[inline(always)]
pub(crate) fn slot(hash: u64, pilot: u16, bits: u32) -> usize {
    let middle = (hash >> 16) as u16;
    let displacement = u64::from(middle ^ pilot).wrapping_mul(MULTIPLIER >> 32) >> 14;
    (hash >> (64 - bits) ^ displacement & ((1 << bits) - 1)) as usize
}

/// What a slot holds: the low bits of the hash above a value below `1 << bits`. The pilot and the displacement follow
/// from the low bits, and with them the high bits from the slot, so that an equal entry means an equal hash.
#[inline(always)]
pub(crate) fn entry(hash: u64, value: u64, bits: u32) -> u64 {
    hash << bits | value
}

/// What a slot of the middle table holds: an [`entry`] with the low bits of the value, and the second key of the string
/// below the other bits. Together they mean an equal string: its second key and hash say what its first key is.
#[inline(always)]
pub(crate) fn middle_entry(hash: u64, high: u64, value: u64, bits: u32) -> [u64; 2] {
    [entry(hash, value & ((1 << bits) - 1), bits), high | (value >> bits) << 56]
}

/// Bit of the span table for the character `right` after `left`, a character or its [`tail`]. `right` may be a
/// [`lead`] instead.
#[inline(always)]
pub(crate) fn span_bit(left: u32, right: u32) -> usize {
    (mix(u64::from(left) << 32 | u64::from(right)) >> (64 - SPAN_BITS)) as usize
}

/// The last bytes of a character, at most three, as the left side of a [`span_bit`].
#[inline(always)]
pub(crate) fn tail(bytes: &[u8]) -> u32 {
    bytes.iter().fold(TAIL, |tail, &byte| tail << 8 | u32::from(byte))
}

/// The first byte of a character as the right side of a [`span_bit`].
#[inline(always)]
pub(crate) fn lead(byte: u8) -> u32 {
    LEAD | u32::from(byte)
}

/// What is known of a character of the basic multilingual plane, for where pieces can be cut and what is left of them.
/// Of other characters it is assumed that tokens may span them, and how many tokens they come to is not known.
pub(crate) mod traits {
    /// Some token starts with the last bytes of a character and goes on with this one or a part of it.
    pub(crate) const AFTER_TAIL: u8 = 1;
    /// Some token goes on from this character to the first byte of another one, and ends.
    pub(crate) const BEFORE_LEAD: u8 = 1 << 1;
    /// From this bit on: how many tokens the character comes to alone.
    pub(crate) const COUNT: u32 = 2;
}
