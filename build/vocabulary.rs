//! The tables of one vocabulary.

use std::collections::HashMap;
use std::io;

use tiktoken_rs::CoreBPE;

use crate::Out;
use crate::layout::{MIDDLE, SHORT, entry, extend, hash_long, key, middle_entry, mix};
use crate::perfect_hash::PerfectHash;
use crate::spans::Spans;

/// No rank.
const NONE: u32 = u32::MAX;

/// An unused slot: no probe takes its value, which is above every rank.
const UNUSED: u64 = u64::MAX;

/// An unused slot of the middle table: no string that is looked for there has a second key of no bytes.
const UNUSED_MIDDLE: [u64; 2] = [UNUSED, 0];

/// The ordinary tokens of an encoding with their ranks, in the order of their ranks.
pub(crate) fn tokens(bpe: &CoreBPE) -> Vec<(Vec<u8>, u32)> {
    let special: Vec<u32> = bpe.special_tokens().iter().flat_map(|text| bpe.encode_with_special_tokens(text)).collect();
    (0..)
        .filter(|rank| !special.contains(rank))
        .map_while(|rank| Some((bpe.decode_bytes(&[rank]).ok()?, rank)))
        .collect()
}

/// r50k_base is counted with the tables of p50k_base, without the ranks that only p50k_base has.
pub(crate) fn assert_prefix(short: &[(Vec<u8>, u32)], long: &[(Vec<u8>, u32)]) {
    assert!(long.starts_with(short), "p50k_base does not start with r50k_base any more");
}

/// Each token must be what merging makes of its bytes: then how many tokens a string is depends on its bytes alone,
/// whether it is a piece or a part of one.
pub(crate) fn assert_merged(tokens: &[(Vec<u8>, u32)]) {
    let ranks: HashMap<&[u8], u32> = tokens.iter().map(|(token, rank)| (token.as_slice(), *rank)).collect();
    for (token, _) in tokens {
        assert!(merged(&ranks, token) == 1, "merging does not make {token:?}");
    }
}

/// The number of tokens that a string comes to.
fn merged(ranks: &HashMap<&[u8], u32>, string: &[u8]) -> usize {
    let mut bounds: Vec<usize> = (0..=string.len()).collect();
    loop {
        let pairs = bounds.windows(3).zip(1..);
        let ranked = pairs.filter_map(|(pair, next)| Some((*ranks.get(&string[pair[0]..pair[2]])?, next)));
        let Some((_, next)) = ranked.min() else { return bounds.len() - 1 };
        bounds.remove(next);
    }
}

/// Writes the tables of a vocabulary.
pub(crate) fn write(out: &Out, name: &str, tokens: &[(Vec<u8>, u32)]) -> io::Result<()> {
    // Bytes that UTF-8 never holds are in no text, and 0xFF is the padding of a key.
    let tokens = tokens.iter().filter(|(token, _)| !token.iter().any(|byte| matches!(byte, 0xC0 | 0xC1 | 0xF5..)));
    let (short, longer): (Vec<_>, Vec<_>) = tokens.partition(|(token, _)| token.len() <= SHORT);
    let (middle, long): (Vec<_>, Vec<_>) = longer.into_iter().partition(|(token, _)| token.len() <= MIDDLE);

    let hashes: Vec<_> = short.iter().map(|(token, _)| mix(key(token))).collect();
    let table = PerfectHash::new(&hashes);
    let slots = table.slots.iter().map(|slot| {
        slot.map_or(UNUSED, |number| {
            let rank = u64::from(short[number].1);
            assert!(rank < (1 << table.bits) - 1, "rank {rank} does not fit {} bits", table.bits);
            entry(hashes[number], rank, table.bits)
        })
    });
    out.write(&format!("{name}_short_slots.bin"), &le64(&slots.collect::<Vec<_>>()))?;
    out.write(&format!("{name}_short_pilots.bin"), &le16(&table.pilots))?;

    let keys: Vec<_> = middle.iter().map(|(token, _)| (key(&token[..SHORT]), key(&token[SHORT..]))).collect();
    let hashes: Vec<_> = keys.iter().map(|&(low, high)| extend(mix(low), high)).collect();
    let table = PerfectHash::new(&hashes);
    let slots = table.slots.iter().flat_map(|slot| {
        slot.map_or(UNUSED_MIDDLE, |number| {
            middle_entry(hashes[number], keys[number].1, middle[number].1.into(), table.bits)
        })
    });
    out.write(&format!("{name}_middle_slots.bin"), &le64(&slots.collect::<Vec<_>>()))?;
    out.write(&format!("{name}_middle_pilots.bin"), &le16(&table.pilots))?;

    let hashes: Vec<_> = long.iter().map(|(token, _)| hash_long(token)).collect();
    let table = PerfectHash::new(&hashes);
    let slots = table.slots.iter().map(|slot| {
        slot.map_or(UNUSED, |number| {
            assert!(number < (1 << table.bits) - 1, "number {number} does not fit {} bits", table.bits);
            entry(hashes[number], number as u64, table.bits)
        })
    });
    out.write(&format!("{name}_long_slots.bin"), &le64(&slots.collect::<Vec<_>>()))?;
    out.write(&format!("{name}_long_pilots.bin"), &le16(&table.pilots))?;
    let mut end = 0;
    let records = long.iter().flat_map(|(token, rank)| {
        end += u32::try_from(token.len()).expect("a token is short");
        [end, *rank]
    });
    out.write(&format!("{name}_long_records.bin"), &le32(&records.collect::<Vec<_>>()))?;
    let bytes: Vec<u8> = long.iter().flat_map(|(token, _)| token.iter().copied()).collect();
    out.write(&format!("{name}_long_bytes.bin"), &bytes)?;

    let all = short.iter().chain(&middle).chain(&long).map(|(token, rank)| (token.as_slice(), *rank));
    let ranks: HashMap<&[u8], u32> = all.collect();
    let pairs: Vec<u32> =
        (0..=u16::MAX).map(|pair| ranks.get(&pair.to_le_bytes()[..]).copied().unwrap_or(NONE)).collect();
    out.write(&format!("{name}_pairs.bin"), &le32(&pairs))?;
    let spans = Spans::new(ranks.keys().copied(), |character| merged(&ranks, character));
    out.write(&format!("{name}_spans.bin"), &le64(&spans.bits))?;
    out.write(&format!("{name}_traits.bin"), &spans.traits)
}

fn le64(numbers: &[u64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn le32(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn le16(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}
