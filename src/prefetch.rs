//! Asks for memory before it is read.
#![allow(unsafe_code)]

/// Asks the processor to bring a value that is about to be read into its caches, if it is one that can be asked.
///
/// A processor runs ahead of a load that waits for memory, but only by so many instructions; nothing waits for what is
/// asked for like this.
#[inline(always)]
pub(crate) fn prefetch<T>(value: &T) {
    prefetch_at(std::ptr::from_ref(value).cast());
}

/// As [`prefetch`], of what stands so many bytes behind the first one of a text: more of it, or likely the next one.
#[inline(always)]
pub(crate) fn prefetch_ahead(text: &[u8], bytes: usize) {
    prefetch_at(text.as_ptr().wrapping_add(bytes));
}

#[inline(always)]
fn prefetch_at(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: this reads nothing, at any address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
}
