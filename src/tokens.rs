//! How many tokens there are.

mod chat;

pub use chat::{ExampleTokens, count};

/// How text becomes tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Models since GPT-4o.
    O200kBase,
    /// GPT-4 and GPT-3.5.
    Cl100kBase,
}

impl Encoding {
    /// `o200k_base`
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::O200kBase => "o200k_base",
            Encoding::Cl100kBase => "cl100k_base",
        }
    }
}

/// Counts tokens; one per thread.
pub struct Counter {
    bpe: &'static tiktoken_rs::CoreBPE,
}

impl Counter {
    /// A counter for one encoding.
    #[must_use]
    pub fn new(encoding: Encoding) -> Counter {
        let bpe = match encoding {
            Encoding::O200kBase => tiktoken_rs::o200k_base_singleton(),
            Encoding::Cl100kBase => tiktoken_rs::cl100k_base_singleton(),
        };
        Counter { bpe }
    }

    /// The tokens of a text in which special tokens are ordinary text.
    pub fn count(&mut self, text: &str) -> usize {
        self.bpe.encode_ordinary(text).len()
    }
}
