//! What is not exact about a count, and why.

/// Why a count is an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// An image behind a link, or one whose header cannot be read: its size is unknown.
    ImageSize,
    /// The model reads images, but how they are counted for it is not published.
    ImagePrice,
    /// A file or a recording, which is not counted.
    Attachment,
    /// `tool_calls`: counted as the deprecated `function_call` is.
    ToolCalls,
    /// `parameters` with keywords or a depth whose rendering was never observed.
    Schema,
    /// Reasoning beside an answer: how it is put into the text that is trained is not published.
    Reasoning,
    /// Arguments that are no text: counted as they stand in the file.
    Arguments,
    /// Whether both outputs of a preference line are billed once is not published.
    Preference,
    /// Whether a message of weight 0 is billed is not published; it is counted.
    Weight,
    /// The model has a tokenizer of its own, which is not known here.
    Tokenizer,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Reason; 10] = [
        Reason::ImageSize,
        Reason::ImagePrice,
        Reason::Attachment,
        Reason::ToolCalls,
        Reason::Schema,
        Reason::Reasoning,
        Reason::Arguments,
        Reason::Preference,
        Reason::Weight,
        Reason::Tokenizer,
    ];

    /// `image-size`: the name in reports for programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::ImageSize => "image-size",
            Reason::ImagePrice => "image-price",
            Reason::Attachment => "attachment",
            Reason::ToolCalls => "tool-calls",
            Reason::Schema => "schema",
            Reason::Reasoning => "reasoning",
            Reason::Arguments => "arguments",
            Reason::Preference => "preference",
            Reason::Weight => "weight",
            Reason::Tokenizer => "tokenizer",
        }
    }

    /// A phrase for people.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Reason::ImageSize => "the size of an image is unknown",
            Reason::ImagePrice => "the tokens of an image are not published for the model",
            Reason::Attachment => "files and recordings are not counted",
            Reason::ToolCalls => "`tool_calls` are counted like the deprecated `function_call`",
            Reason::Schema => "a tool's `parameters` go beyond what was observed",
            Reason::Reasoning => "reasoning is counted as text of the answer",
            Reason::Arguments => "arguments that are no text are counted as they stand",
            Reason::Preference => "both outputs are counted once each",
            Reason::Weight => "messages of weight 0 are counted as billed",
            Reason::Tokenizer => "the model's own tokenizer is not known, and another one counted",
        }
    }
}

/// What is not exact about a count: the reasons, and how far it may be off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Estimate {
    /// A bit for each reason.
    reasons: u16,
    /// At most so many tokens fewer.
    pub fewer: u64,
    /// At most so many tokens more, as far as there is a bound.
    pub more: u64,
}

impl Estimate {
    /// Adds a reason.
    pub fn add(&mut self, reason: Reason) {
        self.reasons |= 1 << reason as u16;
    }

    /// Adds all of another estimate.
    pub fn merge(&mut self, other: Estimate) {
        self.reasons |= other.reasons;
        self.fewer += other.fewer;
        self.more += other.more;
    }

    /// Whether the count is exact.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.reasons == 0
    }

    /// The reasons.
    pub fn reasons(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |&reason| self.reasons & (1 << reason as u16) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_kept_apart_and_together() {
        let mut estimate = Estimate::default();
        assert!(estimate.is_exact());
        estimate.add(Reason::Weight);
        estimate.merge(Estimate { fewer: 1, more: 2, ..Estimate::default() });
        let mut other = Estimate::default();
        other.add(Reason::ImageSize);
        estimate.merge(other);
        assert_eq!(estimate.reasons().collect::<Vec<_>>(), [Reason::ImageSize, Reason::Weight]);
        assert_eq!((estimate.fewer, estimate.more), (1, 2));
    }
}
