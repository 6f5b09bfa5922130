//! Tokens of plain text.

/// How text becomes tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// Models since GPT-4o.
    O200kBase,
    /// GPT-4 and GPT-3.5.
    Cl100kBase,
    /// Codex, and the first instruction models.
    P50kBase,
    /// GPT-3.
    R50kBase,
    /// Open-weight models, gpt-oss.
    O200kHarmony,
}

impl Encoding {
    /// All encodings.
    pub const ALL: [Encoding; 5] =
        [Encoding::O200kBase, Encoding::Cl100kBase, Encoding::P50kBase, Encoding::R50kBase, Encoding::O200kHarmony];

    /// `o200k_base`
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Encoding::O200kBase => "o200k_base",
            Encoding::Cl100kBase => "cl100k_base",
            Encoding::P50kBase => "p50k_base",
            Encoding::R50kBase => "r50k_base",
            Encoding::O200kHarmony => "o200k_harmony",
        }
    }

    /// The encoding of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Encoding> {
        Encoding::ALL.into_iter().find(|encoding| encoding.name() == name)
    }

    /// The texts that stand for its special tokens, without the reserved ones.
    #[must_use]
    pub fn special_tokens(self) -> &'static [&'static str] {
        match self {
            Encoding::O200kBase => &["<|endoftext|>", "<|endofprompt|>"],
            Encoding::Cl100kBase => {
                &["<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|endofprompt|>"]
            }
            Encoding::P50kBase | Encoding::R50kBase => &["<|endoftext|>"],
            Encoding::O200kHarmony => &[
                "<|startoftext|>",
                "<|endoftext|>",
                "<|return|>",
                "<|constrain|>",
                "<|channel|>",
                "<|start|>",
                "<|end|>",
                "<|message|>",
                "<|call|>",
            ],
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
            Encoding::P50kBase => tiktoken_rs::p50k_base_singleton(),
            Encoding::R50kBase => tiktoken_rs::r50k_base_singleton(),
            Encoding::O200kHarmony => tiktoken_rs::o200k_harmony_singleton(),
        };
        Counter { bpe }
    }

    /// The tokens of a text in which special tokens are ordinary text.
    pub fn count(&mut self, text: &str) -> usize {
        self.bpe.encode_ordinary(text).len()
    }

    /// The length in bytes of the start of `text` that fits in so many tokens.
    pub fn prefix(&mut self, text: &str, tokens: usize) -> usize {
        let all = self.bpe.encode_ordinary(text);
        let kept = self.bpe.decode_bytes(&all[..tokens.min(all.len())]).map_or(0, |bytes| bytes.len());
        text.floor_char_boundary(kept)
    }
}
