//! Counting for processors with AVX-512: what a block has to say is in one register, from which all of its pieces are
//! taken at once.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512i, _mm512_add_epi8, _mm512_add_epi64, _mm512_and_si512, _mm512_cmpeq_epi8_mask, _mm512_cmple_epu8_mask,
    _mm512_cmplt_epu8_mask, _mm512_loadu_si512, _mm512_mask_cmple_epu8_mask, _mm512_maskz_compress_epi8,
    _mm512_maskz_loadu_epi8, _mm512_maskz_sub_epi8, _mm512_movepi8_mask, _mm512_or_si512, _mm512_permutexvar_epi8,
    _mm512_set1_epi8, _mm512_set1_epi64, _mm512_storeu_si512, _mm512_sub_epi8,
};

use super::block::{BLOCK, Masks, low};
use super::counter::count_batches;
use super::layout::SHORT;
use super::lookup::Lookup;
use super::parts::{Part, Parts};
use super::pattern::Pattern;
use super::pretokenizer::{Batch, Cursor, STEP, Span};
use super::processor::Processor;
use super::vocabulary::Vocabulary;
use crate::avx2::Avx2;

/// Proof that the processor has AVX-512 with its instructions for bytes, and what [`Avx2`] stands for.
#[derive(Clone, Copy)]
pub(super) struct Avx512(Avx2);

impl Avx512 {
    pub(super) fn detect() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("avx512vbmi2");
        Avx2::detect().filter(|_| has_all).map(Self)
    }
}

impl Processor for Avx512 {
    fn count<P: Pattern>(self, vocabulary: &Vocabulary, text: &[u8], batch: &mut Batch, lookup: &mut Lookup) -> usize {
        // SAFETY: an `Avx512` is made only where the processor has each of the features that `count` is compiled for.
        unsafe { count::<P>(self, vocabulary, text, batch, lookup) }
    }

    fn fill<P: Pattern>(self, cursor: &mut Cursor, text: &[u8], batch: &mut Batch) {
        // SAFETY: as in `count`.
        unsafe { fill::<P>(self, cursor, text, batch) }
    }

    #[inline(always)]
    fn classify(self, rest: &[u8]) -> Masks {
        // SAFETY: as in `count`.
        unsafe { classify(rest) }
    }

    #[inline(always)]
    fn push_span(self, batch: &mut Batch, rest: &[u8], span: Span) {
        // SAFETY: as in `count`.
        unsafe { push_span(batch, rest, span) }
    }

    fn merge(self, parts: &mut Parts, vocabulary: &Vocabulary, text: &[u8], with: impl FnMut(&Part, usize)) {
        // Larger registers make it slower.
        self.0.merge(parts, vocabulary, text, with);
    }
}

/// The number of each byte of a register.
static BYTE: [u8; BLOCK] = numbers(1, BLOCK);

/// The number of the lane of each byte, of eight.
static LANE_OF_BYTE: [u8; BLOCK] = numbers(SHORT, BLOCK);

/// The number of each byte in its lane.
static BYTE_OF_LANE: [u8; BLOCK] = numbers(1, SHORT);

const fn numbers(each: usize, end: usize) -> [u8; BLOCK] {
    let mut all = [0; BLOCK];
    let mut at = 0;
    while at < BLOCK {
        all[at] = (at / each % end) as u8;
        at += 1;
    }
    all
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn count<P: Pattern>(
    avx512: Avx512,
    vocabulary: &Vocabulary,
    text: &[u8],
    batch: &mut Batch,
    lookup: &mut Lookup,
) -> usize {
    count_batches::<P>(vocabulary, text, batch, lookup, avx512)
}

/// Not inline: what it is inlined into would take its registers.
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn fill<P: Pattern>(avx512: Avx512, cursor: &mut Cursor, text: &[u8], batch: &mut Batch) {
    cursor.fill::<P>(text, batch, avx512);
}

/// Not inline, as in [`avx2`](super::avx2): what the optimiser makes of it together with its caller is slower by a sixth.
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn classify(rest: &[u8]) -> Masks {
    let (bytes, text) = first_block(rest, BLOCK);
    let newline = within(bytes, b'\n', b'\n') | within(bytes, b'\r', b'\r');
    let space = within(bytes, b' ', b' ');
    Masks {
        letter: within(_mm512_or_si512(bytes, _mm512_set1_epi8(0x20)), b'a', b'z'),
        upper: within(bytes, b'A', b'Z'),
        digit: within(bytes, b'0', b'9'),
        space,
        blank: (within(bytes, b'\t', b'\r') | space) & !newline,
        newline,
        apostrophe: within(bytes, b'\'', b'\''),
        slash: within(bytes, b'/', b'/'),
        non_ascii: _mm512_movepi8_mask(bytes) | !text,
    }
}

/// A bit for each byte from `first` to `last`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn within(bytes: __m512i, first: u8, last: u8) -> u64 {
    if first == last {
        return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(first.cast_signed()));
    }
    let shifted = _mm512_sub_epi8(bytes, _mm512_set1_epi8(first.cast_signed()));
    _mm512_cmple_epu8_mask(shifted, _mm512_set1_epi8((last - first).cast_signed()))
}

/// The first bytes of a text, at most `length`, and zeros; and a bit for each of them.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn first_block(rest: &[u8], length: usize) -> (__m512i, u64) {
    let text = low(rest.len().min(length).min(BLOCK) as u32);
    // SAFETY: of the bytes of the register only those are read that the text has.
    (unsafe { _mm512_maskz_loadu_epi8(text, rest.as_ptr().cast()) }, text)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn load(bytes: &[u8; BLOCK]) -> __m512i {
    // SAFETY: the 64 bytes are there to read, and this load asks for no alignment.
    unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
}

/// As [`Batch::push_span`]. Not inline, as [`classify`].
#[inline(never)]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn push_span(batch: &mut Batch, rest: &[u8], span: Span) {
    // A start is stored as a number of 64 bits.
    const { assert!(size_of::<usize>() == size_of::<u64>()) };
    let (byte, of_lane) = (load(&BYTE), load(&BYTE_OF_LANE));
    let eight = _mm512_set1_epi8(SHORT as i8);
    let (block, text) = first_block(rest, span.length as usize);
    // The first byte of each piece, and how many more it has.
    let firsts = _mm512_maskz_compress_epi8(span.starts, byte);
    let lasts = _mm512_maskz_compress_epi8(span.starts >> 1 | text & !(text >> 1), byte);
    let more = _mm512_sub_epi8(lasts, firsts);
    let count = span.starts.count_ones() as usize;
    let mut pieces = load(&LANE_OF_BYTE);
    let mut done = 0;
    while done < count {
        // Eight of them, one in each lane.
        let start = _mm512_permutexvar_epi8(pieces, firsts);
        let more = _mm512_permutexvar_epi8(pieces, more);
        let bytes = _mm512_permutexvar_epi8(_mm512_add_epi8(start, of_lane), block);
        let of_key = _mm512_mask_cmple_epu8_mask(_mm512_cmplt_epu8_mask(more, eight), of_lane, more);
        let key = _mm512_maskz_sub_epi8(of_key, _mm512_set1_epi8(-1), bytes);
        let start = _mm512_and_si512(start, _mm512_set1_epi64(0xFF));
        let start = _mm512_add_epi64(start, _mm512_set1_epi64(span.at as i64));
        let (starts, keys) = batch.next_step(done);
        // SAFETY: both have room for eight numbers of 64 bits, as asserted, and these stores ask for no alignment.
        unsafe {
            _mm512_storeu_si512(starts.as_mut_ptr().cast(), start);
            _mm512_storeu_si512(keys.as_mut_ptr().cast(), key);
        }
        done += STEP;
        pieces = _mm512_add_epi8(pieces, eight);
    }
    batch.extend(count);
}
