//! The copy of a text that the parser works in.

use memmap2::MmapMut;

/// From here on the copy is a mapping of its own, in bytes. Memory that is used for the first time is handed out page
/// by page, and that takes longer than to parse it; of large pages there are 512 times fewer.
const LARGE: usize = 4 * 1024 * 1024;
/// The size of a large page.
const PAGE: usize = 2 * 1024 * 1024;

/// Memory that is reused from text to text.
#[derive(Default)]
pub(super) struct Scratch {
    small: Vec<u8>,
    large: Option<MmapMut>,
}

impl Scratch {
    /// Copies a text and puts so many spaces behind it.
    pub(super) fn copy(&mut self, source: &[u8], padding: usize) -> &mut [u8] {
        let length = source.len() + padding;
        if length >= LARGE {
            self.reserve_large(length);
        }
        match &mut self.large {
            Some(map) if length >= LARGE => {
                let (copy, rest) = map.split_at_mut(source.len());
                copy.copy_from_slice(source);
                rest[..padding].fill(b' ');
                &mut map[..length]
            }
            // Small, or the system has no mappings to give.
            _ => {
                self.small.clear();
                self.small.reserve(length);
                self.small.extend_from_slice(source);
                self.small.resize(length, b' ');
                &mut self.small
            }
        }
    }

    fn reserve_large(&mut self, length: usize) {
        if self.large.as_ref().is_some_and(|map| map.len() >= length) {
            return;
        }
        self.large = None; // the old one goes before the new one comes
        self.large = MmapMut::map_anon(length.next_multiple_of(PAGE)).ok();
        #[cfg(target_os = "linux")]
        if let Some(map) = &self.large {
            let _ = map.advise(memmap2::Advice::HugePage); // a hint: without it all works the same
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_copied_whatever_came_before() {
        let mut scratch = Scratch::default();
        for length in [0, 1, LARGE - 65, LARGE - 64, 10, LARGE + 1, 2 * LARGE, LARGE, 3] {
            let byte = b'a' + (length % 26) as u8;
            let copy = scratch.copy(&vec![byte; length], 64);
            assert_eq!(copy.len(), length + 64);
            assert!(copy[..length].iter().all(|&copied| copied == byte));
            assert_eq!(copy[length..], [b' '; 64]);
        }
    }
}
