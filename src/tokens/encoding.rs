//! The names of the encodings.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

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

impl<'de> Deserialize<'de> for Encoding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Encoding::from_name(&name).ok_or_else(|| {
            let known = crate::text::list(Encoding::ALL.map(Encoding::name), "and");
            de::Error::custom(format_args!("no such encoding: {}; known are {known}", crate::text::quote(&name)))
        })
    }
}

impl Serialize for Encoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
