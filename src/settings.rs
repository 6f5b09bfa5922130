//! What a run is asked to do: flags and files, resolved.

use std::path::Path;

use crate::finding::Severity;
use crate::rule::Rule;
use crate::rules::tokens::{few_examples, too_few_examples, too_many_tokens};
use crate::selection::RuleSelection;
use crate::target::{Catalogue, Model, OPENAI, Target};
use crate::tokens::{Encoding, ImagePricing};

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// All targets and models that can be named.
    pub catalogue: &'static Catalogue,
    /// The provider and model that the data is for.
    pub target: &'static Target,
    /// The model that is to be trained, if it was said.
    pub model: Option<&'static Model>,
    /// US dollars for a million trained tokens, if the price is not to be taken from the model.
    pub price: Option<f64>,
    /// How often each example is trained on; `None` leaves it to the service.
    pub epochs: Option<u64>,
    /// The most that a job may cost, in US dollars.
    pub max_cost: Option<f64>,
    /// The most tokens that a job may train on.
    pub max_tokens: Option<u64>,
    /// How many findings of one rule are kept for each file; `None` for all.
    pub max_per_rule: Option<u64>,
    /// How many findings are kept for each file, errors before warnings; `None` for all.
    pub max_findings: Option<u64>,
    /// Whether warnings are left out.
    pub errors_only: bool,
    /// Whether tokens are counted.
    pub tokens: bool,
    /// Whether only what can be mended is looked for, and it is worked out how.
    pub repairs: bool,
    /// Whether it is worked out what a file's job would cost: not where that is done for the whole request.
    pub file_jobs: bool,
    /// Whether they are validation files: see [`Settings::for_validation`].
    pub validation: bool,
    /// Whether the files are known to be for a job of reinforcement, whose lines need no keys beside `messages`.
    pub reinforcement: bool,
    /// The paths in each line that graders of the job want to know.
    pub item_paths: Vec<String>,
    /// The day on which the job is to be made, as `2026-11-22`; `None` for that of the tables.
    pub today: Option<String>,
    /// Whether what only statistics tell is gathered: duplicates, turns, scripts, tools, examples with findings.
    pub profile: bool,
    /// Whether the reporter is told of each example.
    pub per_example: bool,
    /// The width of what is shown of a line, in columns.
    pub snippet_width: usize,
    /// Which rules are on, and how grave what they find is.
    pub selection: RuleSelection,
    /// How alike two examples are, from 0.5 to 1, that are almost the same.
    pub similarity: f64,
    /// How many examples are held against each other to find those; `None` for all.
    pub sample: Option<u64>,
    /// Threads; `None` for one a core.
    pub threads: Option<usize>,
    /// Whether files are memory-mapped.
    pub mmap: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            catalogue: Catalogue::builtin(),
            target: &OPENAI,
            model: None,
            price: None,
            epochs: None,
            max_cost: None,
            max_tokens: None,
            max_per_rule: None,
            max_findings: None,
            errors_only: false,
            tokens: true,
            repairs: false,
            file_jobs: true,
            validation: false,
            reinforcement: false,
            item_paths: Vec::new(),
            today: None,
            profile: false,
            per_example: false,
            snippet_width: 66,
            selection: RuleSelection::default(),
            similarity: 0.8,
            sample: Some(500_000),
            threads: None,
            mmap: true,
        }
    }
}

impl Settings {
    /// The models of the target: a user's own, then those of the table.
    pub fn models(&self) -> impl Iterator<Item = &'static Model> {
        let target = self.target;
        self.catalogue.models().filter(move |model| target.has(model))
    }

    /// The target's model of this name, or the one of which a fine-tuned model was made: also of one at Azure, which
    /// calls it `base-model.ft-…`.
    #[must_use]
    pub fn model_called(&self, name: &str) -> Option<&'static Model> {
        let called = |name: &str| self.models().find(|model| model.is_called(name));
        called(name).or_else(|| called(name.split_once(".ft-")?.0))
    }

    /// The same for validation files. Nobody trains on them: neither a least number of examples nor a limit of
    /// tokens times epochs nor a budget holds for them.
    #[must_use]
    pub fn for_validation(&self) -> Settings {
        let of_training = [&too_few_examples::RULE, &few_examples::RULE, &too_many_tokens::RULE];
        Settings {
            max_cost: None,
            max_tokens: None,
            validation: true,
            selection: self.selection.clone().except(&of_training),
            ..self.clone()
        }
    }

    /// The same for one file, in which the rules that the user leaves out there are off.
    #[must_use]
    pub fn for_file(&self, file: &Path) -> Settings {
        Settings { selection: self.selection.for_file(file), ..self.clone() }
    }

    /// How text becomes tokens.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.model.map_or(self.target.encoding, |model| model.encoding)
    }

    /// The most tokens of an example that are trained on; `None` if that is not known.
    #[must_use]
    pub fn context(&self) -> Option<u64> {
        self.model.map_or(self.target.context, |model| model.context)
    }

    /// How an image is counted; `None` if that is not known.
    #[must_use]
    pub fn images(&self) -> Option<ImagePricing> {
        if self.own_tokenizer() { None } else { self.model.map_or(Some(self.target.images), |model| model.images) }
    }

    /// Whether texts become tokens in a way that is not known here, so that every count is an estimate.
    #[must_use]
    pub fn own_tokenizer(&self) -> bool {
        self.model.map_or(self.target.own_tokenizer, |model| model.own_tokenizer)
    }

    /// How often each example is trained on; `None` for what the service would choose by the formula that OpenAI
    /// published. Where that is not known to hold, costs are those of one epoch.
    #[must_use]
    pub fn epochs(&self) -> Option<u64> {
        self.epochs.or((!self.target.published_epochs).then_some(1))
    }

    /// US dollars for a million trained tokens, if that is known.
    #[must_use]
    pub fn usd_per_million(&self) -> Option<f64> {
        self.price.or_else(|| Some(self.model?.price.as_ref()?.usd_per_million))
    }

    /// Texts that stand for special tokens, which data must not contain.
    pub fn special_tokens(&self) -> impl Iterator<Item = &'static str> {
        // What is special to another tokenizer is not known.
        let encoding = if self.own_tokenizer() { &[] } else { self.encoding().special_tokens() };
        self.target.special_tokens.iter().chain(encoding).copied()
    }

    /// How grave findings of the rule are in this run; `None` if it is off.
    #[must_use]
    pub fn severity(&self, rule: &'static Rule) -> Option<Severity> {
        self.chosen_severity(rule).filter(|severity| !self.errors_only || *severity == Severity::Error)
    }

    /// The same, shown or not.
    pub(crate) fn chosen_severity(&self, rule: &'static Rule) -> Option<Severity> {
        self.selection.severity(rule, self.usual_severity(rule))
    }

    /// Whether the rule is on, shown or not.
    pub(crate) fn asks(&self, rule: &'static Rule) -> bool {
        self.chosen_severity(rule).is_some()
    }

    /// How grave findings of the rule are if the user chose nothing: what lies beneath the selection.
    pub(crate) fn usual_severity(&self, rule: &'static Rule) -> Option<Severity> {
        self.target.level(rule).unwrap_or(rule.level)
    }
}
