//! The provider and model that the data is for. Rules ask it; none compares names.

mod model;

use crate::example::Format;
use crate::tokens::{Encoding, ImagePricing};

pub use model::{MODELS, Method, Model, Models, Price, State};

/// What a provider accepts.
#[derive(Debug)]
pub struct Target {
    /// `openai`
    pub name: &'static str,
    /// The roles of messages in supervised data.
    pub roles: &'static [&'static str],
    /// The roles that may stand twice in a row.
    pub repeatable_roles: &'static [&'static str],
    /// Texts that stand for special tokens, which data must not contain whatever the encoding.
    pub special_tokens: &'static [&'static str],
    /// The most images of an example.
    pub max_images: usize,
    /// The largest image, in bytes once it is decoded.
    pub max_image_bytes: u64,
    /// The media types of images.
    pub image_types: &'static [&'static str],
    /// The roles of messages in reinforcement data.
    pub reinforcement_roles: &'static [&'static str],
    /// What an output of preference data holds.
    pub preference_outputs: PreferenceOutputs,
    /// Whether models are trained on bare prompts and completions, which say themselves where they end.
    pub advises_separators: bool,
    /// The fewest examples of a training file.
    pub min_examples: u64,
    /// The fewest examples that are likely to change anything.
    pub recommended_examples: u64,
    /// The largest file, in bytes.
    pub max_file_bytes: u64,
    /// The most tools of an example.
    pub max_tools: usize,
    /// How text becomes tokens, unless the model is known.
    pub encoding: Encoding,
    /// The most tokens of an example, unless the model is known.
    pub context: Option<u64>,
    /// How images are counted, unless the model is known.
    pub images: Option<ImagePricing>,
    /// The most tokens of a job: those of its file times its epochs.
    pub max_job_tokens: Option<u64>,
    /// Whether the tokens of a validation file are billed.
    pub bills_validation: bool,
}

impl Target {
    /// The roles of messages in data of this format.
    #[must_use]
    pub fn roles_of(&self, format: Format) -> &'static [&'static str] {
        match format {
            Format::Reinforcement => self.reinforcement_roles,
            _ => self.roles,
        }
    }
}

/// What an output of a preference line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreferenceOutputs {
    /// Exactly one message, the assistant's.
    OneAnswer,
    /// One or more messages of the assistant and of tools.
    AnswersAndTools,
}

/// OpenAI's own service, with its current models.
pub static OPENAI: Target = Target {
    name: "openai",
    roles: &["system", "user", "assistant", "tool", "function"],
    // The vision guide itself shows two user messages in a row.
    repeatable_roles: &["system", "user", "tool", "function"],
    special_tokens: &[
        "<|endoftext|>",
        "<|fim_prefix|>",
        "<|fim_middle|>",
        "<|fim_suffix|>",
        "<|endofprompt|>",
        "<|im_start|>",
        "<|im_sep|>",
        "<|im_end|>",
        "<|start|>",
        "<|message|>",
        "<|end|>",
    ],
    max_images: 10,
    max_image_bytes: 10 * 1024 * 1024,
    image_types: &["image/jpeg", "image/png", "image/webp"],
    reinforcement_roles: &["developer", "user", "assistant", "tool"],
    preference_outputs: PreferenceOutputs::OneAnswer,
    advises_separators: true,
    min_examples: 10,
    recommended_examples: 50,
    max_file_bytes: 512 * 1024 * 1024,
    max_tools: 128,
    encoding: Encoding::O200kBase,
    // All models with which jobs can be created have this context.
    context: Some(65_536),
    // Of the model that is trained on images, gpt-4o.
    images: Some(ImagePricing::Tiles { base: 85, tile: 170 }),
    max_job_tokens: None,
    bills_validation: false,
};
