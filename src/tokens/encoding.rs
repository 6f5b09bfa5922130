//! The names of the encodings.

include!(concat!(env!("OUT_DIR"), "/special.rs"));

/// An encoding that OpenAI published in tiktoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// GPT-4o, GPT-4.1 and later models.
    O200kBase,
    /// GPT-4, GPT-3.5 and the second generation of embedding models.
    Cl100kBase,
    /// The code models and the last models of the GPT-3 line.
    P50kBase,
    /// The first models of the GPT-3 line.
    R50kBase,
    /// The open-weight models gpt-oss: [`O200kBase`](Self::O200kBase) with more special tokens.
    O200kHarmony,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 5] = [Self::O200kBase, Self::Cl100kBase, Self::P50kBase, Self::R50kBase, Self::O200kHarmony];

    /// The name that tiktoken gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::O200kBase => "o200k_base",
            Self::Cl100kBase => "cl100k_base",
            Self::P50kBase => "p50k_base",
            Self::R50kBase => "r50k_base",
            Self::O200kHarmony => "o200k_harmony",
        }
    }

    /// The encoding that tiktoken gives this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.name() == name)
    }

    /// The texts that are special in this encoding, in the order of their ranks. A [`Counter`](super::Counter) counts
    /// them as ordinary text; a model's own input never holds them as text.
    pub fn special_tokens(self) -> &'static [&'static str] {
        match self {
            Self::O200kBase => O200K_BASE,
            Self::Cl100kBase => CL100K_BASE,
            Self::P50kBase => P50K_BASE,
            Self::R50kBase => R50K_BASE,
            Self::O200kHarmony => O200K_HARMONY,
        }
    }
}
