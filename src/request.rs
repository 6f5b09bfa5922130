//! What the request for a job *says*: the body that creates it, parameter by parameter, unjudged.
//!
//! As [`Example`](crate::example::Example) is for a line, a [`Request`] is a lenient picture that holds for good and
//! bad requests alike. What is refused, and what only makes no sense, is for the rules to say.

pub mod formula;
mod grader;
mod reader;
mod source;
pub mod template;
mod yaml;

use bumpalo::Bump;

use crate::dataset::FileFacts;
use crate::example::{Field, Format, Mistyped};
use crate::json::{Doc, Kind, NodeId};
use crate::settings::Settings;
use crate::target::{Method, Model, Requests, Target};
use crate::text::mask;

pub use grader::{GRADER_TYPES, Grader};
pub(crate) use reader::{is_dpo_hyperparameter, is_hyperparameter};
pub(crate) use source::ONE;
pub use source::{Source, Syntax, Trouble};

/// The body of a request that creates a job.
#[derive(Debug)]
pub struct Request<'a> {
    /// The body as JSON; of YAML, what it says as JSON.
    pub doc: &'a Doc<'a>,
    /// The model to train.
    pub model: Field<&'a str>,
    /// The id of the file to train on.
    pub training_file: Field<&'a str>,
    /// The id of the validation file.
    pub validation_file: Field<&'a str>,
    /// What the name of the new model ends in.
    pub suffix: Field<&'a str>,
    /// `hyperparameters` at the top, where they stood before there was a `method`.
    pub hyperparameters: Option<NodeId>,
    /// How to train.
    pub method: Field<TrainingMethod<'a>>,
    /// Where metrics are sent.
    pub integrations: Field<&'a [Integration<'a>]>,
    /// Notes on the job.
    pub metadata: Field<&'a [Pair<'a>]>,
    /// All numbers of the request that have a range, wherever they stand.
    pub numbers: &'a [Number],
    /// All strings of the request that must be one of a few, but the types of methods, graders and integrations.
    pub choices: &'a [Choice<'a>],
    /// All graders, each before those inside it.
    pub graders: &'a [Grader<'a>],
    /// Known parameters that hold the wrong JSON type.
    pub mistyped: &'a [Mistyped],
    /// Required parameters that are not there.
    pub missing: &'a [Missing],
    /// Keys that are no parameters where they stand.
    pub unknown: &'a [Unknown<'a>],
    /// What the document is instead of a request; then nothing else is read.
    pub other: Option<Other>,
    /// The file to train on, if it is at hand.
    pub training: Option<DataFile<'a>>,
    /// The validation file, if it is at hand.
    pub validation: Option<DataFile<'a>>,
}

/// A file that a job reads, as far as rules must know it.
#[derive(Clone, Copy, Debug)]
pub struct DataFile<'a> {
    /// How reports call it.
    pub name: &'a str,
    /// What is known of it.
    pub facts: &'a FileFacts,
}

impl DataFile<'_> {
    /// Its name for messages, in full: of a path the end matters most.
    #[must_use]
    pub fn quoted(&self) -> String {
        format!("`{}`", mask(self.name.as_bytes()))
    }
}

/// `method`
#[derive(Clone, Copy, Debug)]
pub struct TrainingMethod<'a> {
    /// `type`
    pub kind: Field<&'a str>,
    /// What stands under the name of a method: `"dpo": {…}`.
    pub sections: &'a [Section],
}

/// What is said about one method.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// The method: `dpo`.
    pub name: &'static str,
    /// Where its key stands.
    pub key_at: NodeId,
    /// Where its value stands.
    pub at: NodeId,
    /// Whether there is a `grader`, whatever it is.
    pub has_grader: bool,
}

/// An entry of `integrations`.
#[derive(Clone, Copy, Debug)]
pub struct Integration<'a> {
    /// Where it stands.
    pub at: NodeId,
    /// `type`
    pub kind: Field<&'a str>,
    /// The `tags` of its run.
    pub tags: Field<&'a [Text<'a>]>,
}

/// A string and its place.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Where it stands.
    pub at: NodeId,
    /// What it says.
    pub text: &'a str,
}

/// An entry of `metadata` that is a string.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The key.
    pub key: Text<'a>,
    /// The value.
    pub value: Text<'a>,
}

/// A number with a range, whatever stands in its place.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// `n_epochs`
    pub name: &'static str,
    /// Where its value stands.
    pub at: NodeId,
    /// What it may be.
    pub range: Range,
    /// What it belongs to.
    pub group: NumberGroup,
}

/// What a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberGroup {
    /// How the model is trained: with the method of this name, or with any if it stands at the top.
    Hyperparameter(Option<&'static str>),
    /// The seed of the job.
    Seed,
    /// A grader.
    Grader,
}

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Whether `"auto"` leaves it to the service.
    pub auto: bool,
    /// Whether it may be `null`.
    pub null: bool,
    /// Whether it must be whole.
    pub whole: bool,
    /// The least, or what it must be above.
    pub low: Low,
    /// The greatest.
    pub high: Option<f64>,
}

/// The lower end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Low {
    /// There is none.
    None,
    /// The end is in the range.
    From(f64),
    /// The end is not in the range.
    Above(f64),
}

impl Range {
    /// A whole number, or `"auto"`.
    pub(crate) const fn whole(low: f64, high: Option<f64>) -> Range {
        Range { auto: true, null: false, whole: true, low: Low::From(low), high }
    }

    /// A number above one that is not in the range, or `"auto"`.
    pub(crate) const fn above(low: f64, high: Option<f64>) -> Range {
        Range { auto: true, null: false, whole: false, low: Low::Above(low), high }
    }

    /// Whether what stands there is in the range.
    #[must_use]
    pub fn takes(&self, doc: &Doc<'_>, at: NodeId) -> bool {
        match doc.kind(at) {
            Kind::Null => self.null,
            Kind::String => self.auto && doc.str(at) == Some("auto"),
            Kind::Integer | Kind::Number => doc.number(at).is_some_and(|number| {
                let above = match self.low {
                    Low::None => true,
                    Low::From(low) => number >= low,
                    Low::Above(low) => number > low,
                };
                above && self.high.is_none_or(|high| number <= high) && (!self.whole || number.fract() == 0.0)
            }),
            _ => false,
        }
    }

    /// What it may be, for messages: "`auto` or an integer from 1 to 50".
    #[must_use]
    pub fn phrase(&self) -> String {
        let auto = if self.auto { "`auto` or " } else { "" };
        let number = if self.whole { "an integer" } else { "a number" };
        let range = match (self.low, self.high) {
            (Low::None, None) => String::new(),
            (Low::None, Some(high)) => format!(" up to {high}"),
            (Low::From(low), None) => format!(" from {low}"),
            (Low::From(low), Some(high)) => format!(" from {low} to {high}"),
            (Low::Above(low), None) => format!(" above {low}"),
            (Low::Above(low), Some(high)) => format!(" above {low} and up to {high}"),
        };
        format!("{auto}{number}{range}")
    }
}

/// A string that must be one of a few.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// `operation`
    pub name: &'static str,
    /// What was chosen.
    pub chosen: Text<'a>,
    /// What can be chosen.
    pub known: &'static [&'static str],
}

/// A required parameter that is absent.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    /// The key.
    pub key: &'static str,
    /// What lacks it, with its article.
    pub owner: &'static str,
    /// Where that stands.
    pub at: NodeId,
}

/// What is no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// No object.
    Value(Kind),
    /// A job as the API returns it, or a list of them, of events or of checkpoints.
    Answer,
    /// A line of training data.
    Example,
}

/// A key that is no parameter where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Unknown<'a> {
    /// The key.
    pub key: Text<'a>,
    /// What it stands on, with its article.
    pub owner: &'static str,
    /// Where that stands.
    pub owner_at: NodeId,
    /// What could stand there instead.
    pub known: &'static [&'static str],
    /// Where that is, as far as providers differ in it.
    pub slot: Slot,
}

/// Where a key stands that is no parameter there by OpenAI's specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// At the top of the request.
    Request,
    /// In `hyperparameters`.
    Hyperparameters,
    /// Beside the `hyperparameters` of `dpo`.
    Dpo,
    /// On a grader, which is not known to be strict.
    Grader,
    /// Where all providers refuse it.
    Other,
}

/// The methods, by the names that requests have for them.
pub const METHODS: &[&str] = &["supervised", "dpo", "reinforcement"];

impl<'a> Request<'a> {
    /// Reads the request that `doc` holds. `arena` keeps the lists.
    pub fn read(doc: &'a Doc<'a>, arena: &'a Bump) -> Request<'a> {
        reader::Reader::new(doc, arena).request()
    }

    /// The model that is trained, or of which the one that is trained was made.
    #[must_use]
    pub fn base_model(&self, settings: &Settings) -> Option<&'static Model> {
        settings.model_called(self.model.value()?)
    }

    /// The method, if it is one that exists. Without `method` training is supervised.
    #[must_use]
    pub fn method(&self) -> Option<Method> {
        match self.method {
            Field::Absent => Some(Method::Supervised),
            Field::Value(_, method) => match method.kind.value()? {
                "supervised" => Some(Method::Supervised),
                "dpo" => Some(Method::Dpo),
                "reinforcement" => Some(Method::Reinforcement),
                _ => None,
            },
            _ => None,
        }
    }

    /// The formats of lines that the method trains on with this model.
    #[must_use]
    pub fn formats(&self, settings: &Settings) -> Vec<Format> {
        let formats: &[Format] = match self.method() {
            None => return Vec::new(),
            Some(Method::Supervised) => &[Format::Chat, Format::Completion],
            Some(Method::Dpo) => &[Format::Preference],
            Some(Method::Reinforcement) => &[Format::Reinforcement],
        };
        let model = self.base_model(settings);
        formats.iter().copied().filter(|format| model.is_none_or(|model| model.accepts(*format))).collect()
    }

    /// How often each example is to be trained on; `None` if that is left to the service, or no number. What is said of
    /// another method than the one in use is not heard.
    #[must_use]
    pub fn epochs(&self) -> Option<u64> {
        let used = self.method().map(method_name);
        let is_used = |number: &&Number| match number.group {
            NumberGroup::Hyperparameter(Some(section)) => used.is_none_or(|used| used == section),
            NumberGroup::Hyperparameter(None) => true,
            _ => false,
        };
        let epochs = self.numbers.iter().filter(is_used).rfind(|number| number.name == "n_epochs")?;
        let number = self.doc.number(epochs.at).filter(|_| epochs.range.takes(self.doc, epochs.at))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 50")]
        Some(number as u64)
    }

    /// The same for a target of whose requests nothing else is known: at the top, as Together has it.
    #[must_use]
    pub fn epochs_of_unknown_form(&self, target: &Target) -> Option<u64> {
        let at = self.doc.get(NodeId::ROOT, "n_epochs").filter(|_| target.requests == Requests::Unknown)?;
        let number = self.doc.number(at).filter(|number| number.fract() == 0.0 && (1.0..=1000.0).contains(number))?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 1000")]
        Some(number as u64)
    }

    /// The first file of a list, as a request of another form than OpenAI's has them: `training_files` of ids, or of objects
    /// with a `file_id`.
    #[must_use]
    pub fn file_of_unknown_form(&self, key: &str, target: &Target) -> Option<&'a str> {
        let list = self.doc.get(NodeId::ROOT, key).filter(|_| target.file_lists)?;
        let first = self.doc.elements(list).next()?;
        self.doc.str(self.doc.get(first, "file_id").unwrap_or(first))
    }

    /// How often the validation file is run through where that is billed: `n_evals`, which is 0 if nothing is said.
    #[must_use]
    pub fn billed_evaluations(&self, target: &Target) -> u64 {
        let at = self.doc.get(NodeId::ROOT, "n_evals").filter(|_| target.bills_validation);
        let number = at.and_then(|at| self.doc.number(at)).filter(|number| (1.0..=1000.0).contains(number));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to 1000")]
        number.map_or(0, |number| number as u64)
    }

    /// The paths of what graders want to know of a line: `answer.value` for `{{ item.answer.value }}`.
    #[must_use]
    pub fn item_paths(&self) -> Vec<String> {
        let mut paths: Vec<String> = Vec::new();
        for text in self.graders.iter().flat_map(|grader| grader.templates) {
            for template in template::templates(text.text) {
                if let Ok(path) = template.path
                    && let Some(rest) = template::item_path(path)
                    && !paths.iter().any(|known| template::is_same(known, rest))
                {
                    paths.push(rest.to_owned());
                }
            }
        }
        paths
    }
}

/// Whether what a request calls a file looks like a path.
#[must_use]
pub fn is_path(file: &str) -> bool {
    file.contains(['/', '\\']) || has_ending(file)
}

/// Whether it can be nothing else. The ids of some providers have slashes, as `accounts/acme/datasets/chats` has, and
/// what is at an URL is not here.
#[must_use]
pub fn is_surely_path(file: &str) -> bool {
    let is_rooted = ["./", "../", "/", "~/"].iter().any(|root| file.starts_with(root));
    !file.contains("://") && (is_rooted || file.contains('\\') || has_ending(file))
}

fn has_ending(file: &str) -> bool {
    const ENDINGS: &[&str] = &[".jsonl", ".json", ".ndjson", ".csv", ".txt", ".parquet", ".gz", ".zst"];
    ENDINGS.iter().any(|ending| file.ends_with(ending))
}

/// The name of a method in requests.
#[must_use]
pub fn method_name(method: Method) -> &'static str {
    match method {
        Method::Supervised => "supervised",
        Method::Dpo => "dpo",
        Method::Reinforcement => "reinforcement",
    }
}
