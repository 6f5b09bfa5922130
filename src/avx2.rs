//! What code for processors with AVX2 shares: the proof that there is one, and how bytes get into its vectors and out.
#![allow(unsafe_code)]

use std::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_movemask_epi8};

/// Proof that the processor has AVX2 and the bit instructions that came with it: `avx2`, `bmi1`, `bmi2`, `lzcnt` and
/// `popcnt`. What is compiled for these may be called where there is one.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

impl Avx2 {
    pub(crate) fn detect() -> Option<Self> {
        let has_all = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt");
        has_all.then_some(Self(()))
    }
}

#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn load(bytes: &[u8; 32]) -> __m256i {
    // SAFETY: the 32 bytes are there to read, and this load asks for no alignment.
    unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
}

/// The highest bit of each byte of both halves, that of the first byte lowest.
#[inline]
#[target_feature(enable = "avx2")]
pub(crate) fn high_bits(halves: [__m256i; 2]) -> u64 {
    let [low, high] = halves.map(|bytes| u64::from(_mm256_movemask_epi8(bytes).cast_unsigned()));
    low | high << 32
}
