//! What each kind of processor does in its own way, to the same effect.

#[cfg(target_arch = "x86_64")]
use super::avx512::Avx512;
use super::block::{self, Masks};
use super::counter::count_batches;
use super::lookup::Lookup;
use super::parts::{Part, Parts};
use super::pattern::Pattern;
use super::pretokenizer::{Batch, Cursor, Span};
use super::vocabulary::Vocabulary;
#[cfg(target_arch = "x86_64")]
use crate::avx2::Avx2;

/// A kind of processor: a proof that the program runs on one.
pub(super) trait Processor: Copy {
    /// The number of tokens of a text. All but what is rare is compiled for the processor, since it shifts bits.
    fn count<P: Pattern>(self, vocabulary: &Vocabulary, text: &[u8], batch: &mut Batch, lookup: &mut Lookup) -> usize;

    /// Fills a batch with the next pieces of a UTF-8 text.
    fn fill<P: Pattern>(self, cursor: &mut Cursor, text: &[u8], batch: &mut Batch);

    /// The masks of the first block of a text. What is beyond its end passes for bytes that are not ASCII.
    fn classify(self, rest: &[u8]) -> Masks;

    /// Adds pieces to a batch; `rest` is the text from them on.
    fn push_span(self, batch: &mut Batch, rest: &[u8], span: Span);

    /// As [`Parts::merge_with`].
    fn merge(self, parts: &mut Parts, vocabulary: &Vocabulary, text: &[u8], with: impl FnMut(&Part, usize));
}

/// Any processor.
#[derive(Clone, Copy)]
pub(super) struct Portable;

/// The kind of the processor at hand.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    Portable(Portable),
}

impl Kind {
    pub(super) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = Avx512::detect() {
            return Kind::Avx512(avx512);
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = Avx2::detect() {
            return Kind::Avx2(avx2);
        }
        Kind::Portable(Portable)
    }
}

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

    fn merge(self, parts: &mut Parts, vocabulary: &Vocabulary, text: &[u8], with: impl FnMut(&Part, usize)) {
        parts.merge_with(vocabulary, text, with);
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
    use crate::tokens::block::BLOCK;
    use crate::tokens::layout::{SHORT, key};
    use crate::tokens::pattern::O200k;
    use crate::tokens::vocabulary::O200K;

    /// What texts come to, counted one after the other with one set of caches.
    fn counts(texts: &[String], processor: impl Processor) -> Vec<usize> {
        let (mut batch, mut lookup) = (Batch::default(), Lookup::default());
        let mut count = |text: &String| processor.count::<O200k>(&O200K, text.as_bytes(), &mut batch, &mut lookup);
        texts.iter().map(&mut count).collect()
    }

    #[test]
    fn all_count_as_the_oracle_does() {
        let oracle = tiktoken_rs::o200k_base().unwrap();
        let mut random = fastrand::Rng::with_seed(1);
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
            "    ",
            "\0",
            "ſ",
            " internationalization",
            "https://a.example/b?c=d",
            "Überraschung",
        ];
        let mixed = |random: &mut fastrand::Rng| -> String {
            (0..random.usize(..300)).map(|_| units[random.usize(..units.len())]).collect()
        };
        // Words of letters at random are merged, and so many that the caches grow.
        let word = |random: &mut fastrand::Rng, from: char, to: char| -> String {
            (0..random.usize(1..70)).map(|_| random.char(from..=to)).collect()
        };
        let mut texts: Vec<String> = (0..150).map(|_| mixed(&mut random)).collect();
        for _ in 0..600 {
            texts.push(word(&mut random, 'a', 'z') + " " + &word(&mut random, 'а', 'я'));
            texts.push(word(&mut random, '一', '乿'));
        }
        // Twice: what is known then was looked up before.
        texts.extend_from_within(..);
        let expected: Vec<usize> = texts.iter().map(|text| oracle.encode_ordinary(text).len()).collect();
        let check = |counts: Vec<usize>, name| {
            for ((text, count), expected) in texts.iter().zip(counts).zip(&expected) {
                assert_eq!(count, *expected, "{name} of {text:?}");
            }
        };
        check(counts(&texts, Portable), "any processor");
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = Avx2::detect() {
            check(counts(&texts, avx2), "AVX2");
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = Avx512::detect() {
            check(counts(&texts, avx512), "AVX-512");
        }
    }

    /// The starts and the keys of the pieces of spans.
    fn pushed(spans: &[(Vec<u8>, Span)], processor: impl Processor) -> Vec<(Vec<usize>, Vec<u64>)> {
        let push = |(bytes, span): &(Vec<u8>, Span)| {
            let mut batch = Batch::default();
            processor.push_span(&mut batch, bytes, *span);
            let keys = batch.keys().to_vec();
            (batch.bounds()[..keys.len()].to_vec(), keys)
        };
        spans.iter().map(push).collect()
    }

    #[test]
    fn spans_are_their_pieces() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut spans = Vec::new();
        let mut expected = Vec::new();
        for _ in 0..20_000 {
            let bytes: Vec<u8> = (0..random.usize(1..100)).map(|_| *random.choice(b"\0a \xFF\x80").unwrap()).collect();
            let length = random.usize(1..=bytes.len().min(BLOCK));
            let sparse = [0, random.u64(..), random.u64(..) & random.u64(..) & random.u64(..)];
            let starts = (1 | random.choice(sparse).unwrap()) & block::low(length as u32);
            // Also far in a text that is longer than memory.
            let far = random.u8(1..=40);
            let at = random.usize(..1 << far);
            spans.push((bytes.clone(), Span { at, length: length as u32, starts }));
            let starts: Vec<usize> = (0..length).filter(|byte| starts >> byte & 1 == 1).collect();
            let ends = starts.iter().skip(1).copied().chain([length]);
            let keys = starts.iter().zip(ends).map(
                |(&start, end)| {
                    if end - start <= SHORT { key(&bytes[start..end]) } else { 0 }
                },
            );
            expected.push((starts.iter().map(|start| at + start).collect(), keys.collect()));
        }
        assert_eq!(pushed(&spans, Portable), expected);
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = Avx2::detect() {
            assert_eq!(pushed(&spans, avx2), expected, "AVX2");
        }
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = Avx512::detect() {
            assert_eq!(pushed(&spans, avx512), expected, "AVX-512");
        }
    }
}
