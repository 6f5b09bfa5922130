//! Asks for memory before it is read.
#![allow(unsafe_code)]

/// Asks the processor to bring a value that is about to be read into its caches, if it is one that can be asked.
///
/// A processor runs ahead of a load that waits for memory, but only by so many instructions; nothing waits for what is
/// asked for like this.
#[inline(always)]
pub(super) fn prefetch<T>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: this reads nothing, at any address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(value).cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = value;
}
