//! What each kind of processor does in its own way, to the same effect.

use super::block::{self, Masks};
use super::cache::Cache;
use super::counter::count_batches;
use super::lookup::{self, Lookup, Queue};
use super::pattern::Pattern;
use super::pretokenizer::{Batch, Cursor, Span};
use super::vocabulary::Vocabulary;

/// A kind of processor: a proof that the program runs on one.
pub(super) trait Processor: Copy {
    /// The number of tokens of a text.
    fn count<P: Pattern>(self, vocabulary: &Vocabulary, text: &[u8], batch: &mut Batch, lookup: &mut Lookup) -> usize;

    /// Fills a batch with the next pieces of a UTF-8 text.
    fn fill<P: Pattern>(self, cursor: &mut Cursor, text: &[u8], batch: &mut Batch);

    /// The masks of the first block of a text. What is beyond its end passes for bytes that are not ASCII.
    fn classify(self, rest: &[u8]) -> Masks;

    /// Adds pieces to a batch; `rest` is the text from them on.
    fn push_span(self, batch: &mut Batch, rest: &[u8], span: Span);

    /// Queues the pieces that are not known to be a token of at most eight bytes. Returns how many.
    fn queue_others(self, cache: &Cache, batch: &Batch, queue: &mut Queue) -> usize;
}

/// Any processor.
#[derive(Clone, Copy)]
pub(super) struct Portable;

impl Processor for Portable {
    fn count<P: Pattern>(self, vocabulary: &Vocabulary, text: &[u8], batch: &mut Batch, lookup: &mut Lookup) -> usize {
        count_batches::<P>(vocabulary, text, batch, lookup, self)
    }

    fn fill<P: Pattern>(self, cursor: &mut Cursor, text: &[u8], batch: &mut Batch) {
        cursor.fill::<P>(text, batch, self);
    }

    fn classify(self, rest: &[u8]) -> Masks {
        with_window(rest, block::classify)
    }

    fn push_span(self, batch: &mut Batch, rest: &[u8], span: Span) {
        with_window(rest, |window| batch.push_span(window, span));
    }

    fn queue_others(self, cache: &Cache, batch: &Batch, queue: &mut Queue) -> usize {
        lookup::queue_others(cache, batch.keys(), queue)
    }
}

/// Calls `with` with the first bytes of a text. What is beyond its end is filled with bytes that are not ASCII.
#[inline(always)]
pub(super) fn with_window<const LENGTH: usize, R>(rest: &[u8], with: impl FnOnce(&[u8; LENGTH]) -> R) -> R {
    let padded;
    with(match rest.first_chunk() {
        Some(window) => window,
        None => {
            padded = padded_window(rest);
            &padded
        }
    })
}

#[inline(never)]
fn padded_window<const LENGTH: usize>(rest: &[u8]) -> [u8; LENGTH] {
    let mut window = [0x80; LENGTH];
    window[..rest.len()].copy_from_slice(rest);
    window
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "x86_64")]
    use crate::avx2::Avx2;
    #[cfg(target_arch = "x86_64")]
    use crate::tokens::avx512::Avx512;
    use crate::tokens::pattern::O200k;
    use crate::tokens::vocabulary::O200K;

    /// What texts come to, counted one after the other with one set of caches.
    fn counts(texts: &[String], processor: impl Processor) -> Vec<usize> {
        let (mut batch, mut lookup) = (Batch::default(), Lookup::default());
        let mut count = |text: &String| processor.count::<O200k>(&O200K, text.as_bytes(), &mut batch, &mut lookup);
        texts.iter().chain(texts).map(&mut count).collect()
    }

    #[test]
    fn all_count_alike() {
        let units = [
            "the",
            " of",
            " and",
            ".",
            " 12,345",
            "\n\n",
            " fine-tuning",
            " naïve",
            " 数据",
            "zqx",
            " internationalization",
            "    ",
        ];
        let mut random = fastrand::Rng::with_seed(1);
        let mut text = |_| (0..random.usize(..400)).map(|_| units[random.usize(..units.len())]).collect();
        let texts: Vec<String> = (0..500).map(&mut text).collect();
        let expected = counts(&texts, Portable);
        assert_eq!(expected[..texts.len()], expected[texts.len()..], "what is known counts alike");
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = Avx2::detect() {
            assert_eq!(counts(&texts, avx2), expected);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = Avx512::detect() {
            assert_eq!(counts(&texts, avx512), expected);
        }
    }
}
