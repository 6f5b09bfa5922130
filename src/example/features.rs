//! What a line makes use of, as a set: rules about the rest need not be asked.

/// A set of things that a line or a message has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features(u32);

impl Features {
    /// Nothing in particular.
    pub const NONE: Features = Features(0);
    /// Fields of the wrong type.
    pub const MISTYPED: Features = Features(1);
    /// Fields that are missing.
    pub const MISSING: Features = Features(1 << 1);
    /// Keys that are not known; of a message, those on itself.
    pub const UNKNOWN_KEYS: Features = Features(1 << 2);
    /// `tools` or `functions`, whatever they hold.
    pub const TOOLS: Features = Features(1 << 3);
    /// `tool_calls` or `function_call`, whatever they hold.
    pub const CALLS: Features = Features(1 << 4);
    /// Messages of the role `tool`.
    pub const TOOL_MESSAGES: Features = Features(1 << 5);
    /// `functions`, `function_call` or the role `function`.
    pub const DEPRECATED: Features = Features(1 << 6);
    /// Content that is a list of parts.
    pub const PARTS: Features = Features(1 << 7);
    /// `weight`
    pub const WEIGHTS: Features = Features(1 << 8);
    /// `name`
    pub const NAMES: Features = Features(1 << 9);
    /// Raw bytes that may stand for control characters.
    pub const CONTROL: Features = Features(1 << 10);
    /// Raw bytes that may stand for special tokens.
    pub const SPECIAL_TOKENS: Features = Features(1 << 11);
    /// The line is in the completions format.
    pub const COMPLETION: Features = Features(1 << 12);
    /// Content parts that are images.
    pub const IMAGES: Features = Features(1 << 13);
    /// The line is in the preference format.
    pub const PREFERENCE: Features = Features(1 << 14);
    /// The line is in the reinforcement format.
    pub const REINFORCEMENT: Features = Features(1 << 15);
    /// Raw bytes that may stand for credentials.
    pub const SECRETS: Features = Features(1 << 16);
    /// Raw bytes that may stand for characters that are not seen.
    pub const INVISIBLE: Features = Features(1 << 17);
    /// Raw bytes that may stand for text that was decoded wrongly.
    pub const GARBLED: Features = Features(1 << 18);
    /// Raw bytes that may stand for what a template left unfilled.
    pub const PLACEHOLDERS: Features = Features(1 << 19);

    /// A message that is more or less than a role of `system`, `user` or `assistant` and a text that is not blank.
    pub const UNUSUAL: Features = Features(1 << 20);

    /// What is in one of the two sets, or in both.
    #[must_use]
    pub const fn or(self, other: Features) -> Features {
        Features(self.0 | other.0)
    }

    /// Whether the two sets have something in common.
    #[must_use]
    pub const fn intersects(self, other: Features) -> bool {
        self.0 & other.0 != 0
    }

    /// The set itself if `present`, else nothing.
    #[must_use]
    pub(crate) fn when(self, present: bool) -> Features {
        if present { self } else { Features::NONE }
    }
}

impl FromIterator<Features> for Features {
    fn from_iter<I: IntoIterator<Item = Features>>(sets: I) -> Features {
        sets.into_iter().fold(Features::NONE, Features::or)
    }
}
