//! A table in which every key has one possible slot.
//!
//! Keys fall into groups by the low bits of their hash; each group gets a pilot, a displacement that was searched for
//! until every key of the group landed on a free slot. A probe costs one look at the pilots and one at the slots.

use std::cmp::Reverse;

use crate::layout::{entry, pilot_bits, pilot_index, slot};

/// An unused slot: no probe takes its value, which is above every rank.
const UNUSED: u64 = u64::MAX;

pub(crate) struct PerfectHash {
    pub slots: Vec<u64>,
    pub pilots: Vec<u16>,
}

impl PerfectHash {
    /// A table of (hash, value) pairs. Hashes must differ and values must be below the number of slots.
    pub(crate) fn new(pairs: &[(u64, u32)]) -> Self {
        let bits = (pairs.len() * 5 / 4).next_power_of_two().trailing_zeros();
        let mut groups = vec![Vec::new(); 1 << pilot_bits(bits)];
        for &(hash, value) in pairs {
            assert!(u64::from(value) < (1 << bits) - 1, "value {value} does not fit {bits} bits");
            groups[pilot_index(hash, bits)].push((hash, value));
        }
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by_key(|&group| Reverse(groups[group].len()));

        let mut slots = vec![UNUSED; 1 << bits];
        let mut pilots = vec![0; groups.len()];
        let mut places = Vec::new();
        for group in order {
            let pilot = (0..=u16::MAX)
                .find(|&pilot| {
                    places.clear();
                    groups[group].iter().all(|&(hash, _)| {
                        let place = slot(hash, pilot, bits);
                        let free = slots[place] == UNUSED && !places.contains(&place);
                        places.push(place);
                        free
                    })
                })
                .expect("some pilot places every key of the group");
            pilots[group] = pilot;
            for &(hash, value) in &groups[group] {
                slots[slot(hash, pilot, bits)] = entry(hash, value.into(), bits);
            }
        }
        Self { slots, pilots }
    }
}
