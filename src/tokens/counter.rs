//! Counts the pieces of a text.

use super::encoding::Encoding;
use super::lookup::Lookup;
use super::pattern::{Cl100k, O200k, Pattern, R50k};
use super::pretokenizer::{Batch, Cursor};
use super::processor::{Kind, Processor};
use super::vocabulary::{CL100K, O200K, P50K, R50K, Vocabulary};

/// Counts tokens in one encoding, with a cache of its own: one for each thread.
///
/// Making one is cheap, since the vocabularies are used in place. Its memory grows with what it counts, but is bounded:
/// below 8 MB, and in proportion to the longest piece of a text only where a text is made for that.
///
/// ```
/// use ftlint::tokens::{Counter, Encoding};
///
/// let mut counter = Counter::new(Encoding::O200kBase);
/// assert_eq!(counter.count("Hello, world!"), 4);
/// ```
pub struct Counter {
    encoding: Encoding,
    vocabulary: &'static Vocabulary,
    kind: Kind,
    batch: Batch,
    lookup: Lookup,
}

impl Counter {
    /// A counter of the tokens of an encoding.
    pub fn new(encoding: Encoding) -> Self {
        let vocabulary = match encoding {
            Encoding::O200kBase | Encoding::O200kHarmony => &O200K,
            Encoding::Cl100kBase => &CL100K,
            Encoding::P50kBase => &P50K,
            Encoding::R50kBase => &R50K,
        };
        Self { encoding, vocabulary, kind: Kind::detect(), batch: Batch::default(), lookup: Lookup::default() }
    }

    /// The encoding whose tokens are counted.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The number of tokens of a text, as tiktoken's `encode_ordinary` makes them: special tokens in the text are
    /// ordinary text.
    pub fn count(&mut self, text: &str) -> usize {
        let text = text.as_bytes();
        match self.encoding {
            Encoding::O200kBase | Encoding::O200kHarmony => self.count_pieces::<O200k>(text),
            Encoding::Cl100kBase => self.count_pieces::<Cl100k>(text),
            Encoding::P50kBase | Encoding::R50kBase => self.count_pieces::<R50k>(text),
        }
    }

    /// The length in bytes of the longest start of a text that consists of whole pieces, as the pattern of the
    /// encoding cuts them, and has at most `tokens` tokens. That is where the text is cut off by a limit, to the word:
    /// a piece that the limit cuts in two is not part of it.
    pub fn prefix(&mut self, text: &str, tokens: usize) -> usize {
        let text = text.as_bytes();
        match self.encoding {
            Encoding::O200kBase | Encoding::O200kHarmony => self.prefix_of_pieces::<O200k>(text, tokens),
            Encoding::Cl100kBase => self.prefix_of_pieces::<Cl100k>(text, tokens),
            Encoding::P50kBase | Encoding::R50kBase => self.prefix_of_pieces::<R50k>(text, tokens),
        }
    }

    fn count_pieces<P: Pattern>(&mut self, text: &[u8]) -> usize {
        let Self { vocabulary, batch, lookup, .. } = self;
        match self.kind {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(avx512) => avx512.count::<P>(vocabulary, text, batch, lookup),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(avx2) => avx2.count::<P>(vocabulary, text, batch, lookup),
            Kind::Portable(portable) => portable.count::<P>(vocabulary, text, batch, lookup),
        }
    }

    fn prefix_of_pieces<P: Pattern>(&mut self, text: &[u8], tokens: usize) -> usize {
        match self.kind {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(avx512) => self.prefix_with::<P>(text, tokens, avx512),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(avx2) => self.prefix_with::<P>(text, tokens, avx2),
            Kind::Portable(portable) => self.prefix_with::<P>(text, tokens, portable),
        }
    }

    fn prefix_with<P: Pattern>(&mut self, text: &[u8], tokens: usize, processor: impl Processor) -> usize {
        let mut end = 0;
        let mut left = tokens;
        while end < text.len() {
            let piece_end = P::piece_end(text, end);
            match left.checked_sub(self.lookup.count_one(self.vocabulary, text, end, piece_end, processor)) {
                Some(rest) => left = rest,
                None => break,
            }
            end = piece_end;
        }
        end
    }
}

/// The number of tokens of a text, batch by batch.
#[inline(always)]
pub(super) fn count_batches<P: Pattern>(
    vocabulary: &Vocabulary,
    text: &[u8],
    batch: &mut Batch,
    lookup: &mut Lookup,
    processor: impl Processor,
) -> usize {
    let mut cursor = Cursor::default();
    let mut count = 0;
    while !cursor.is_at_end(text) {
        processor.fill::<P>(&mut cursor, text, batch);
        count += lookup.count(vocabulary, text, batch, processor);
    }
    count
}
