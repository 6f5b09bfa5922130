//! A table in which every key has one possible slot.
//!
//! Keys fall into groups by the low bits of their hash; each group gets a pilot, a displacement that was searched for
//! until every key of the group landed on a free slot. A probe costs one look at the pilots and one at the slots.

use std::cmp::Reverse;

use crate::layout::{pilot_bits, pilot_index, slot};

pub(crate) struct PerfectHash {
    /// Log2 of the number of slots.
    pub bits: u32,
    /// The number of the key in each slot.
    pub slots: Vec<Option<usize>>,
    pub pilots: Vec<u16>,
}

impl PerfectHash {
    /// A table of keys with these hashes, which must differ.
    pub(crate) fn new(hashes: &[u64]) -> Self {
        let bits = (hashes.len() * 5 / 4).next_power_of_two().trailing_zeros();
        let mut groups = vec![Vec::new(); 1 << pilot_bits(bits)];
        for (number, &hash) in hashes.iter().enumerate() {
            groups[pilot_index(hash, bits)].push((hash, number));
        }
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&group| Reverse(groups[group].len()));

        let mut slots = vec![None; 1 << bits];
        let mut pilots = vec![0; groups.len()];
        let mut places = Vec::new();
        for group in order {
            let pilot = (0..=u16::MAX)
                .find(|&pilot| {
                    places.clear();
                    groups[group].iter().all(|&(hash, _)| {
                        let place = slot(hash, pilot, bits);
                        let free = slots[place].is_none() && !places.contains(&place);
                        places.push(place);
                        free
                    })
                })
                .expect("some pilot places every key of the group");
            pilots[group] = pilot;
            for &(hash, number) in &groups[group] {
                slots[slot(hash, pilot, bits)] = Some(number);
            }
        }
        Self { bits, slots, pilots }
    }
}
