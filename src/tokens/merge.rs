//! Byte pair merging: while two neighbouring parts of a piece make a token, the first pair of the lowest rank becomes
//! one part. Parts are single bytes at first and tokens in the end.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::block::{bytes_at, low};
use super::layout::SHORT;
use super::vocabulary::{LONGEST, NONE, Vocabulary};

/// Bytes of a long piece that are merged at once, at first.
const WINDOW: usize = 8 * LONGEST;

/// Merges long pieces. Keeps its memory from one to the next.
#[derive(Default)]
pub(super) struct Merger {
    window: Window,
    next: Window,
}

impl Merger {
    /// The number of tokens that a piece comes to.
    ///
    /// Merges one window after the other, each from the start of a token of the one before.
    ///
    /// That is exact where both windows agree on the token at which they join. Say a window came to the tokens
    /// … a b … and the next one, from b on, to b c …: then the two together come to … a b c …. For a pair that lies
    /// across the join would be merged first either between a and b, but then the first window would have merged it,
    /// as merging in part of a text is the same as merging that part until something crosses its ends; or not at all.
    /// Where they do not agree, larger windows will, or the last one holds the whole piece.
    pub(super) fn count(&mut self, vocabulary: &Vocabulary, mut piece: &[u8]) -> usize {
        let mut size = WINDOW;
        let mut count = 0;
        self.window.merge(vocabulary, &piece[..size.min(piece.len())]);
        while piece.len() > size {
            // What is left of the window is for the effects of its end to wear off.
            let (tokens, join, join_end) = self.window.last_token_before(size - size / 4);
            let rest = &piece[join..];
            let next = &rest[..size.min(rest.len())];
            let repeats = *next == piece[..size];
            if repeats {
                self.next.ends.clone_from(&self.window.ends);
            } else {
                self.next.merge(vocabulary, next);
            }
            if join > 0 && join + self.next.ends[0] == join_end {
                count += tokens;
                piece = rest;
                std::mem::swap(&mut self.window, &mut self.next);
            } else {
                size *= 2;
                self.window.merge(vocabulary, &piece[..size.min(piece.len())]);
            }
        }
        count + self.window.ends.len()
    }
}

/// Pieces that [`merge_many`] merges at a time.
const MANY: usize = 8;

/// Merges pieces of at most `LANES` bytes, whatever bytes behind them, and calls `with` with the number of each and the
/// number of its tokens.
///
/// Several pieces take each step together: most of the time would go into waiting for the tables, and while one waits
/// the others go on.
#[inline(always)]
pub(super) fn merge_many<const LANES: usize>(
    vocabulary: &Vocabulary,
    pieces: impl Iterator<Item = ([u8; LANES], usize)>,
    mut with: impl FnMut(usize, usize),
) {
    // A bit of a mask, and six bits of a candidate, tell a byte.
    const { assert!(LANES <= u64::BITS as usize) };
    let mut pieces = pieces.enumerate();
    let mut merges = [Merge::<LANES>::EMPTY; MANY];
    let mut active = 0;
    loop {
        while active < MANY
            && let Some((number, (piece, length))) = pieces.next()
        {
            merges[active] = Merge::new(vocabulary, number, piece, length);
            active += 1;
        }
        if active == 0 {
            return;
        }
        let mut probes = [[Probe::default(); 2]; MANY];
        let mut done = 0_u32;
        for (index, (merge, probes)) in merges[..active].iter_mut().zip(&mut probes).enumerate() {
            match merge.join_best() {
                // Not by `map`, which stays a call.
                Some([one, other]) => *probes = [merge.probe(vocabulary, one), merge.probe(vocabulary, other)],
                None => done |= 1 << index,
            }
        }
        for (merge, probes) in merges[..active].iter_mut().zip(probes) {
            for probe in probes {
                merge.set_rank(vocabulary, probe);
            }
        }
        // From the last one on: the piece that takes a place is never one that is done as well.
        while let Some(index) = done.checked_ilog2() {
            done &= !(1 << index);
            let merge = &merges[index as usize];
            with(merge.number, merge.starts.count_ones() as usize);
            active -= 1;
            merges[index as usize] = merges[active];
        }
    }
}

/// A piece that is being merged.
#[derive(Clone, Copy)]
struct Merge<const LANES: usize> {
    number: usize,
    piece: [u8; LANES],
    end: u32,
    /// A bit for each byte that starts a token.
    starts: u64,
    /// For each byte that starts a token the [`candidate`] of it and the next one, [`NONE`] for the others.
    candidates: [u32; LANES],
}

/// A part together with the next one, no bytes if there is none.
#[derive(Clone, Copy)]
struct Pair {
    start: u32,
    end: u32,
}

/// A look for the rank of a pair on its way.
#[derive(Clone, Copy, Default)]
struct Probe {
    start: u32,
    end: u32,
    key: u64,
    slot: usize,
}

impl<const LANES: usize> Merge<LANES> {
    const EMPTY: Self = Self { number: 0, piece: [0; LANES], end: 0, starts: 0, candidates: [NONE; LANES] };

    #[inline(always)]
    fn new(vocabulary: &Vocabulary, number: usize, piece: [u8; LANES], length: usize) -> Self {
        let mut candidates = [NONE; LANES];
        for (start, pair) in piece[..length].windows(2).enumerate() {
            candidates[start] = candidate(vocabulary.rank_pair(pair[0], pair[1]), start as u32);
        }
        Self { number, piece, end: length as u32, starts: low(length as u32), candidates }
    }

    /// Joins the first pair of the lowest rank. Returns the two pairs that the joined part is in then.
    #[inline(always)]
    fn join_best(&mut self) -> Option<[Pair; 2]> {
        let best = self.candidates.iter().fold(NONE, |best, &candidate| best.min(candidate));
        if best == NONE {
            return None;
        }
        let left = best % 64;
        let right = self.next_start(left);
        self.starts &= !(1 << right);
        self.candidates[right as usize % LANES] = NONE;
        let left_end = self.next_start(left);
        // The last part is in no pair with a next one, the first part in none with one before.
        let next_end = if left_end < self.end { self.next_start(left_end) } else { left };
        self.candidates[left as usize % LANES] = NONE;
        let before = self.starts & low(left);
        let before = if before == 0 { left_end } else { before.ilog2() };
        Some([Pair { start: left, end: next_end }, Pair { start: before, end: left_end }])
    }

    /// Where the part after the one at `start` starts, or the end.
    #[inline(always)]
    fn next_start(&self, start: u32) -> u32 {
        (self.starts & !low(start + 1)).trailing_zeros().min(self.end)
    }

    #[inline(always)]
    fn probe(&self, vocabulary: &Vocabulary, Pair { start, end }: Pair) -> Probe {
        let key = !u64::from_le_bytes(bytes_at(&self.piece, start as usize)) & low(8 * (end - start));
        Probe { start, end, key, slot: vocabulary.seek_short(key) }
    }

    #[inline(always)]
    fn set_rank(&mut self, vocabulary: &Vocabulary, Probe { start, end, key, slot }: Probe) {
        if end == start {
            return;
        }
        let rank = if (end - start) as usize <= SHORT {
            vocabulary.rank_in_slot(key, slot)
        } else {
            vocabulary.rank(&self.piece[start as usize..end as usize])
        };
        self.candidates[start as usize % LANES] = candidate(rank, start);
    }
}

/// The rank of a part together with the next one, and the part's start in the lowest bits: the minimum is the first
/// pair of the lowest rank.
#[inline(always)]
fn candidate(rank: u32, start: u32) -> u32 {
    if rank == NONE { NONE } else { rank << 6 | start }
}

/// Part of a long piece.
#[derive(Default)]
struct Window {
    /// Where its tokens end.
    ends: Vec<usize>,
    parts: Vec<Part>,
    /// The rank of a part together with the next one and the part's start, lowest first. A pair stays here when one
    /// of its parts is merged otherwise; its rank is then not the part's `rank` any more.
    candidates: BinaryHeap<Reverse<(u32, usize)>>,
}

/// The part that starts at its index.
struct Part {
    /// Start of the part before.
    before: usize,
    end: usize,
    /// Rank of the part together with the next one.
    rank: u32,
}

impl Window {
    /// Merges a piece, in a time of n log n for n bytes.
    fn merge(&mut self, vocabulary: &Vocabulary, piece: &[u8]) {
        let ranks = piece.windows(2).map(|pair| vocabulary.rank_pair(pair[0], pair[1])).chain([NONE]);
        self.parts.clear();
        self.parts.extend(ranks.enumerate().map(|(start, rank)| Part {
            before: start.saturating_sub(1),
            end: start + 1,
            rank,
        }));
        self.candidates.clear();
        let pairs = self.parts.iter().enumerate().filter(|(_, part)| part.rank != NONE);
        self.candidates.extend(pairs.map(|(start, part)| Reverse((part.rank, start))));
        while let Some(Reverse((best, left))) = self.candidates.pop() {
            if self.parts[left].rank != best {
                continue;
            }
            let right = self.parts[left].end;
            let end = self.parts[right].end;
            self.parts[right].rank = NONE;
            self.parts[left].end = end;
            let next_end = match self.parts.get_mut(end) {
                Some(next) => {
                    next.before = left;
                    Some(next.end)
                }
                None => None,
            };
            self.set_rank(left, next_end.map_or(NONE, |next_end| vocabulary.rank(&piece[left..next_end])));
            if left > 0 {
                let before = self.parts[left].before;
                self.set_rank(before, vocabulary.rank(&piece[before..end]));
            }
        }
        self.ends.clear();
        let mut start = 0;
        while let Some(part) = self.parts.get(start) {
            self.ends.push(part.end);
            start = part.end;
        }
    }

    fn set_rank(&mut self, start: usize, rank: u32) {
        self.parts[start].rank = rank;
        if rank != NONE {
            self.candidates.push(Reverse((rank, start)));
        }
    }

    /// Of the last token that starts at byte `limit` or before: how many tokens are before it, its start and its end.
    fn last_token_before(&self, limit: usize) -> (usize, usize, usize) {
        let tokens = self.ends.partition_point(|&end| end <= limit);
        let start = if tokens == 0 { 0 } else { self.ends[tokens - 1] };
        (tokens, start, self.ends[tokens])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::vocabulary::{CL100K, O200K, R50K};

    #[test]
    fn windows_agree_with_whole_pieces() {
        let mut merger = Merger::default();
        let mut whole = Window::default();
        let mut seed = 1_u64;
        let mut below = |end: usize| {
            seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            (seed >> 33) as usize % end
        };
        for letters in ["a", "ab", "aeiou", "etaoinshrdlucmfwyp", " ", "=-", "^", "\u{301}\u{308}", "一的是不了"] {
            let letters: Vec<char> = letters.chars().collect();
            for length in [1, 2, 15, 16, 17, 32, 33, 63, 64, 65, 300, WINDOW - 1, WINDOW, WINDOW + 1, 5 * WINDOW] {
                let piece: String = (0..length).map(|_| letters[below(letters.len())]).collect();
                for vocabulary in [&O200K, &CL100K, &R50K] {
                    whole.merge(vocabulary, piece.as_bytes());
                    assert_eq!(merger.count(vocabulary, piece.as_bytes()), whole.ends.len(), "{piece:?}");
                }
            }
        }
    }

    /// Holds pieces that are merged together against each alone.
    fn check_many<const LANES: usize>(vocabulary: &Vocabulary, pieces: &[&[u8]]) {
        let mut counts = vec![None; pieces.len()];
        let padded = pieces.iter().map(|piece| {
            let mut padded = [b' '; LANES];
            padded[..piece.len()].copy_from_slice(piece);
            (padded, piece.len())
        });
        merge_many(vocabulary, padded, |number, count| {
            assert_eq!(counts[number].replace(count), None, "counted twice");
        });
        let mut alone = Window::default();
        for (piece, count) in pieces.iter().zip(counts) {
            alone.merge(vocabulary, piece);
            assert_eq!(count, Some(alone.ends.len()), "{:?}", String::from_utf8_lossy(piece));
        }
    }

    #[test]
    fn many_pieces_are_merged_as_each_alone() {
        let mut seed = 1_u64;
        let mut below = |end: usize| {
            seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            (seed >> 33) as usize % end
        };
        for letters in ["a", "etaoinshrdlu ", "=- ", "\u{301}\u{308}e", "одинаков", "一的是不了"] {
            // Bytes at random: merging does not ask for whole characters.
            let text: Vec<u8> = (0..5_000).map(|_| letters.as_bytes()[below(letters.len())]).collect();
            for number in [0, 1, MANY - 1, MANY, MANY + 1, 500] {
                for lanes in [16, 32, 64] {
                    let pieces: Vec<&[u8]> = (0..number)
                        .map(|_| {
                            let start = below(text.len() - lanes);
                            &text[start..start + 1 + below(lanes)]
                        })
                        .collect();
                    for vocabulary in [&O200K, &CL100K, &R50K] {
                        match lanes {
                            16 => check_many::<16>(vocabulary, &pieces),
                            32 => check_many::<32>(vocabulary, &pieces),
                            _ => check_many::<64>(vocabulary, &pieces),
                        }
                    }
                }
            }
        }
    }
}
