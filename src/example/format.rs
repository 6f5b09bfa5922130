//! Which format a line speaks, told by its top-level keys.

/// The formats of fine-tuning data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// `messages`, for supervised fine-tuning of a chat model.
    Chat,
    /// `prompt` and `completion`.
    Completion,
    /// `input`, `preferred_output`, `non_preferred_output`.
    Preference,
    /// `messages` that await their answer, and free keys for the grader.
    Reinforcement,
    /// None of them.
    Unknown(Foreign),
}

impl Format {
    /// The formats that can be trained on.
    pub const KNOWN: [Format; 4] = [Format::Chat, Format::Completion, Format::Preference, Format::Reinforcement];

    /// The name for people and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Chat => "chat",
            Format::Completion => "completions",
            Format::Preference => "preference",
            Format::Reinforcement => "reinforcement",
            Format::Unknown(_) => "unknown",
        }
    }
}

/// Shapes of training data that other tools read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Foreign {
    /// `instruction`, `output`
    Alpaca,
    /// `conversations` of `from` and `value`
    ShareGpt,
    /// `conversations` of `role` and `content`: messages under another name
    Conversations,
    /// `contents` of `role` and `parts`
    Gemini,
    /// `prompt`, `chosen`, `rejected`
    ChosenRejected,
    /// `custom_id`, `method`, `url`, `body`: a request of the Batch API
    BatchRequest,
    /// `text` alone
    PlainText,
    /// `input`, `ideal`: a sample of OpenAI Evals
    EvalSample,
    /// `question`, `answer`
    QuestionAnswer,
    /// `input`, `output`
    InputOutput,
    /// `interactions` of `role` and `content`: what Mistral's trainer once called messages
    Interactions,
    /// `prompt`, or `prompt` and `completion`, as lists of messages
    PromptMessages,
    /// `prompt` and `completion` as lists of content parts
    PromptParts,
    /// `prompt`, `completions` and `labels`: steps of an answer, each of them right or wrong
    Stepwise,
    /// `text` and what class it is of
    LabelledText,
    /// `messages` or `text`, and `labels`: what Mistral's classifiers are trained on
    Classification,
    /// `schemaVersion`, which says so, and `messages` of `role` and `content`: what Amazon Nova is trained on
    BedrockConversation,
    /// Something else
    Other,
}

impl Foreign {
    /// All shapes.
    pub const ALL: [Foreign; 18] = [
        Foreign::Alpaca,
        Foreign::ShareGpt,
        Foreign::Conversations,
        Foreign::Gemini,
        Foreign::ChosenRejected,
        Foreign::BatchRequest,
        Foreign::PlainText,
        Foreign::EvalSample,
        Foreign::QuestionAnswer,
        Foreign::InputOutput,
        Foreign::Interactions,
        Foreign::PromptMessages,
        Foreign::PromptParts,
        Foreign::Stepwise,
        Foreign::LabelledText,
        Foreign::Classification,
        Foreign::BedrockConversation,
        Foreign::Other,
    ];

    /// `sharegpt`: the name in the table of targets.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Foreign::Alpaca => "alpaca",
            Foreign::ShareGpt => "sharegpt",
            Foreign::Conversations => "conversations",
            Foreign::Gemini => "gemini",
            Foreign::ChosenRejected => "chosen-rejected",
            Foreign::BatchRequest => "batch-request",
            Foreign::PlainText => "plain-text",
            Foreign::EvalSample => "eval-sample",
            Foreign::QuestionAnswer => "question-answer",
            Foreign::InputOutput => "input-output",
            Foreign::Interactions => "interactions",
            Foreign::PromptMessages => "prompt-messages",
            Foreign::PromptParts => "prompt-parts",
            Foreign::Stepwise => "stepwise",
            Foreign::LabelledText => "labelled-text",
            Foreign::Classification => "classification",
            Foreign::BedrockConversation => "bedrock-conversation",
            Foreign::Other => "other",
        }
    }

    /// Tells the shape by the keys of a line.
    pub(super) fn of(has: impl Fn(&str) -> bool) -> Foreign {
        if has("conversations") {
            Foreign::ShareGpt
        } else if has("interactions") {
            Foreign::Interactions
        } else if has("instruction") && (has("output") || has("response")) {
            Foreign::Alpaca
        } else if has("contents") {
            Foreign::Gemini
        } else if has("chosen") && has("rejected") {
            Foreign::ChosenRejected
        } else if has("custom_id") && has("body") {
            Foreign::BatchRequest
        } else if has("input") && has("ideal") {
            Foreign::EvalSample
        } else if has("question") && has("answer") {
            Foreign::QuestionAnswer
        } else if has("input") && has("output") {
            Foreign::InputOutput
        } else if has("prompt") && !has("chosen") && !has("rejected") {
            Foreign::PromptMessages
        } else if has("text") && (has("label") || has("class") || has("category")) {
            Foreign::LabelledText
        } else if has("text") {
            Foreign::PlainText
        } else {
            Foreign::Other
        }
    }
}
