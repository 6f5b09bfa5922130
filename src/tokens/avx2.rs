//! Counting for processors with AVX2.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256i, _mm256_add_epi8, _mm256_andnot_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_or_si256,
    _mm256_set1_epi8,
};

use super::block::{BLOCK, Masks};
use super::counter::count_batches;
use super::lookup::Lookup;
use super::parts::{Part, Parts};
use super::pattern::Pattern;
use super::pretokenizer::{Batch, Cursor, Span};
use super::processor::{Processor, with_window};
use super::vocabulary::Vocabulary;
use crate::avx2::{Avx2, high_bits, load};

impl Processor for Avx2 {
    fn count<P: Pattern>(self, vocabulary: &Vocabulary, text: &[u8], batch: &mut Batch, lookup: &mut Lookup) -> usize {
        // SAFETY: an `Avx2` is made only where the processor has each of the features that `count` is compiled for.
        unsafe { count::<P>(self, vocabulary, text, batch, lookup) }
    }

    fn fill<P: Pattern>(self, cursor: &mut Cursor, text: &[u8], batch: &mut Batch) {
        // SAFETY: as in `count`.
        unsafe { fill::<P>(self, cursor, text, batch) }
    }

    #[inline(always)]
    fn classify(self, rest: &[u8]) -> Masks {
        // SAFETY: as in `count`.
        with_window(rest, |block| unsafe { classify(block) })
    }

    #[inline(always)]
    fn push_span(self, batch: &mut Batch, rest: &[u8], span: Span) {
        with_window(rest, |window| batch.push_span(window, span));
    }

    fn merge(self, parts: &mut Parts, vocabulary: &Vocabulary, text: &[u8], with: impl FnMut(&Part, usize)) {
        // SAFETY: as in `count`.
        unsafe { merge(parts, vocabulary, text, with) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn count<P: Pattern>(
    avx2: Avx2,
    vocabulary: &Vocabulary,
    text: &[u8],
    batch: &mut Batch,
    lookup: &mut Lookup,
) -> usize {
    count_batches::<P>(vocabulary, text, batch, lookup, avx2)
}

#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn merge(parts: &mut Parts, vocabulary: &Vocabulary, text: &[u8], with: impl FnMut(&Part, usize)) {
    parts.merge_with(vocabulary, text, with);
}

/// Not inline: what it is inlined into would take its registers.
#[inline(never)]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn fill<P: Pattern>(avx2: Avx2, cursor: &mut Cursor, text: &[u8], batch: &mut Batch) {
    cursor.fill::<P>(text, batch, avx2);
}

/// As [`block::classify`](super::block::classify).
///
/// Not inline: the optimiser would carry the algebra on the masks over to vectors of single bits, which AVX2 does not
/// have, and take them apart byte by byte.
#[inline(never)]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn classify(block: &[u8; BLOCK]) -> Masks {
    let (halves, _) = block.as_chunks();
    let halves = [load(&halves[0]), load(&halves[1])];
    let newline = |bytes| _mm256_or_si256(within(bytes, b'\n', b'\n'), within(bytes, b'\r', b'\r'));
    let blank = |bytes| {
        let whitespace = _mm256_or_si256(within(bytes, b'\t', b'\r'), within(bytes, b' ', b' '));
        _mm256_andnot_si256(newline(bytes), whitespace)
    };
    Masks {
        letter: mask(halves, |bytes| within(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), b'a', b'z')),
        upper: mask(halves, |bytes| within(bytes, b'A', b'Z')),
        digit: mask(halves, |bytes| within(bytes, b'0', b'9')),
        space: mask(halves, |bytes| within(bytes, b' ', b' ')),
        blank: mask(halves, blank),
        newline: mask(halves, newline),
        apostrophe: mask(halves, |bytes| within(bytes, b'\'', b'\'')),
        slash: mask(halves, |bytes| within(bytes, b'/', b'/')),
        non_ascii: mask(halves, |bytes| bytes),
    }
}

/// A bit for each byte of which `test` sets the high bit.
#[inline]
#[target_feature(enable = "avx2")]
fn mask(halves: [__m256i; 2], test: impl Fn(__m256i) -> __m256i) -> u64 {
    high_bits(halves.map(test))
}

/// All bits of each byte from `first` to `last`, both ASCII.
#[inline]
#[target_feature(enable = "avx2")]
fn within(bytes: __m256i, first: u8, last: u8) -> __m256i {
    if first == last {
        return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(first.cast_signed()));
    }
    // There is only a signed comparison: `first` becomes the lowest of the signed bytes.
    let shifted = _mm256_add_epi8(bytes, _mm256_set1_epi8(i8::MIN.wrapping_sub_unsigned(first)));
    let end = i8::MIN.wrapping_add_unsigned(last - first + 1);
    _mm256_cmpgt_epi8(_mm256_set1_epi8(end), shifted)
}
