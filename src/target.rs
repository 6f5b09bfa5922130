//! The provider and model that the data is for. Rules ask it; none compares names.
//!
//! What providers take stands in `targets.toml` and what their models are in `models.toml`, each
//! figure with its source. [`Catalogue`] holds both tables, and those that a user adds to them.

mod catalogue;
mod day;
mod model;
mod table;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::example::{Foreign, Format};
use crate::finding::Severity;
use crate::rule::Rule;
use crate::rules::job;
use crate::tokens::{Encoding, ImagePricing};

pub use catalogue::{Catalogue, Fault};
pub use day::{Day, NoDay};
pub use model::{MODELS, Method, Model, ModelTable, Models, Price, State};
pub use table::{Level, Limit, Source};

/// Names that stand in the table of targets.
pub type Names = &'static [&'static str];

table::target! {
    names {
        /// The formats of its training files, by [`Format::name`].
        formats,
        /// Shapes that it takes beside those and that are not linted further, by [`Foreign::name`].
        shapes,
        /// The keys of a chat line.
        chat_keys,
        /// The keys of a completions line.
        completion_keys,
        /// Those of them of which one holds the completion.
        answer_keys,
        /// The keys of a preference line.
        preference_keys,
        /// The keys of the `input` of a preference line.
        input_keys,
        /// The roles of messages in supervised data.
        roles,
        /// The roles of messages in reinforcement data.
        reinforcement_roles,
        /// The roles that may stand twice in a row.
        repeatable_roles,
        /// The roles that may open a conversation, behind the system message; empty for any.
        first_roles,
        /// The roles of the messages in the outputs of a preference line.
        output_roles,
        /// The roles behind which a system message may stand where that is at fault behind others.
        system_after,
        /// Keys of a chat line that hold its tools, of which it may have one.
        tool_keys,
        /// The types of content parts.
        part_types,
        /// Keys that the definition of a function must have besides its name.
        required_function_keys,
        /// Texts that stand for special tokens, which data must not contain whatever the encoding.
        special_tokens,
        /// What the name of a file may end in.
        extensions,
        /// Where images may be: `https`, `http`, `data`.
        image_schemes,
        /// The kinds of image files, such as `png`; empty if that is not published.
        image_types,
        /// Parameters of the request for a job that it has beside OpenAI's.
        job_keys,
        /// Hyperparameters that it has beside OpenAI's.
        hyperparameter_keys,
    }
    limits {
        /// The most examples of a training file.
        max_examples,
        /// The most examples of a training file for reinforcement.
        max_reinforcement_examples,
        /// The most examples of a validation file.
        max_validation_examples,
        /// The most examples of a file to validate reinforcement with.
        max_reinforcement_validation_examples,
        /// The largest file, in bytes.
        max_file_bytes,
        /// The most tools of an example.
        max_tools,
        /// The exact length of the id of a tool call, which is then of letters and digits only.
        tool_call_id_length,
        /// The most messages of an output of a preference line.
        max_output_messages,
        /// The most images of an example.
        max_images,
        /// The largest image, in bytes once it is decoded.
        max_image_bytes,
        /// The most tokens of an example, unless the model is known.
        context,
        /// The most tokens of a job: those of its file times its epochs.
        max_job_tokens,
    }
    values {
        /// The fewest examples of a training file.
        min_examples: u64,
        /// The fewest examples of a training file for reinforcement.
        min_reinforcement_examples: u64,
        /// The fewest examples that are likely to change anything; 0 if nothing is recommended.
        recommended_examples: u64,
        /// What becomes of a line with keys that its format does not have.
        unknown_keys: Unknown,
        /// What becomes of a message with keys that it should not have.
        unknown_message_keys: Unknown,
        /// How the arguments of a tool call are written.
        arguments: ArgumentsForm,
        /// Whether `tools` may be text that holds the list.
        tools_as_text: bool,
        /// Whether `null` stands for a key that is not there, as in tables whose rows all have the same columns.
        nulls_as_absent: bool,
        /// Whether content parts need no type: their key tells it.
        untyped_parts: bool,
        /// Whether tools and calls need no type, since there is only one.
        untyped_calls: bool,
        /// Whether the calls of the last message, which none answers, need no id, or may have `null` as that.
        last_calls_without_id: bool,
        /// Whether `image_url` may be the address itself.
        image_url_as_text: bool,
        /// Whether the `parameters` of a function may be text that holds them.
        parameters_as_text: bool,
        /// The fewest messages of a chat line.
        min_messages: u64,
        /// Whether the weight of a line may be negative.
        negative_weights: bool,
        /// Whether all lines must have a weight if one has.
        weights_in_all: bool,
        /// How text becomes tokens, unless the model is known.
        encoding: Encoding,
        /// Whether its models have tokenizers of their own, so that every count is an estimate.
        own_tokenizer: bool,
        /// How images are counted, unless the model is known.
        images: ImagePricing,
        /// Whether models are trained on bare prompts and completions, which say themselves where they end.
        advises_separators: bool,
        /// Whether it chooses epochs by the formula that OpenAI published.
        published_epochs: bool,
        /// Whether the tokens of a validation file are billed.
        bills_validation: bool,
        /// Whether requests for jobs name their files in lists, `training_files` and `validation_files`.
        file_lists: bool,
        /// Whose form requests for jobs have.
        requests: Requests,
        /// Whether the suffix of a model's name may have dots.
        suffix_dots: bool,
        /// Whether the hyperparameters of `dpo` may stand under it without `hyperparameters`.
        bare_hyperparameters: bool,
    }
    own {
        /// What it is called in full.
        title: String,
        /// The last day for new jobs, as `2027-01-06`.
        closes: Option<String>,
        /// The day from which it cannot be used.
        retires: Option<String>,
        /// What ftlint does not check of it, and what else one should know: see [`Target::remarks`].
        notes: Vec<String>,
    }
}

/// What becomes of what a provider does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unknown {
    /// The job fails.
    Refused,
    /// It is passed over.
    Ignored,
    /// Nobody published it.
    Undocumented,
}

/// How the arguments of a tool call are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentsForm {
    /// As text that holds JSON.
    String,
    /// As an object.
    Object,
    /// As either.
    Any,
}

/// Whose form requests for jobs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Requests {
    /// OpenAI's.
    OpenAi,
    /// One that is not held here.
    Unknown,
}

/// OpenAI's own service, with its current models: the default.
pub static OPENAI: LazyLock<&'static Target> =
    LazyLock::new(|| Catalogue::builtin().target("openai").expect("the table has it"));

/// What is said of targets whose requests for jobs have another form.
const UNKNOWN_REQUESTS: &str =
    "Not checked: the keys and values of requests for jobs; of those only the model and the files are looked at.";

impl Target {
    /// Its notes, and what follows from the rest of its table.
    pub fn remarks(&self) -> impl Iterator<Item = &str> {
        let unknown = (self.requests == Requests::Unknown).then_some(UNKNOWN_REQUESTS);
        self.notes.iter().map(String::as_str).chain(unknown)
    }

    /// How grave findings of a rule are here, if that differs from the rule's own level: `Some(None)` if it is off.
    #[must_use]
    pub fn level(&self, rule: &Rule) -> Option<Option<Severity>> {
        let found = self.levels.iter().find(|(name, _)| rule.is_called(name));
        // By the form of another's requests good ones would be refused.
        let is_off = || self.requests == Requests::Unknown && job::holds_openais_form(rule);
        found.map(|(_, level)| level.severity()).or_else(|| is_off().then_some(None))
    }

    /// Whether its training files may have lines of this format.
    #[must_use]
    pub fn takes(&self, format: Format) -> bool {
        match format {
            Format::Unknown(foreign) => self.takes_shape(foreign),
            known => self.formats.contains(&known.name()),
        }
    }

    /// Whether it takes lines of this shape, which are not linted further.
    #[must_use]
    pub fn takes_shape(&self, foreign: Foreign) -> bool {
        self.shapes.contains(&foreign.name())
    }

    /// The keys that a line of this format may have; `None` if there may be any.
    #[must_use]
    pub fn line_keys(&self, format: Format) -> Option<Names> {
        match format {
            Format::Chat => Some(self.chat_keys),
            Format::Completion => Some(self.completion_keys),
            Format::Preference => Some(self.preference_keys),
            Format::Reinforcement | Format::Unknown(_) => None,
        }
    }

    /// The roles of messages in lines of this format.
    #[must_use]
    pub fn roles_of(&self, format: Format) -> Names {
        if format == Format::Reinforcement { self.reinforcement_roles } else { self.roles }
    }

    /// The keys that a message of this role may have; none if the role is not known.
    #[must_use]
    pub fn keys_of(&self, role: &str) -> Names {
        self.message_keys.iter().find(|(known, _)| *known == role).map_or(&[], |(_, keys)| keys)
    }

    /// Whether a message of this role may have a weight.
    #[must_use]
    pub fn weighs(&self, role: &str) -> bool {
        self.keys_of(role).contains(&"weight")
    }

    /// The fewest and the most examples of a training file of this format.
    #[must_use]
    pub fn examples(&self, format: Option<Format>) -> (u64, Option<u64>) {
        if format == Some(Format::Reinforcement) {
            (self.min_reinforcement_examples, self.max_reinforcement_examples)
        } else {
            (self.min_examples, self.max_examples)
        }
    }

    /// The most examples of a validation file of this format.
    #[must_use]
    pub fn most_to_validate(&self, format: Option<Format>) -> Option<u64> {
        if format == Some(Format::Reinforcement) {
            self.max_reinforcement_validation_examples
        } else {
            self.max_validation_examples
        }
    }

    /// Where what is said of a field is from; none for what a user said.
    pub fn sources(&self, field: &str) -> impl Iterator<Item = &'static Source> {
        self.from.iter().filter(move |(known, _)| *known == field).map(|(_, source)| *source)
    }
}
