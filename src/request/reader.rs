//! The one walk over a request.

use bumpalo::Bump;

use super::{
    Choice, Grader, Integration, Low, Missing, Number, NumberGroup, Other, Pair, Range, Request, Section, Slot, Text,
    TrainingMethod, Unknown,
};
use crate::example::{Field, Mistyped};
use crate::json::{Doc, Kind, Member, NodeId};
use crate::training::MAX_EPOCHS;

/// The parameters of a request.
const PARAMETERS: &[&str] = &[
    "model",
    "training_file",
    "validation_file",
    "suffix",
    "method",
    "hyperparameters",
    "seed",
    "integrations",
    "metadata",
];

const SUPERVISED: &[(&str, Range)] = &[
    ("n_epochs", Range::whole(1.0, Some(MAX_EPOCHS as f64))),
    ("batch_size", Range::whole(1.0, Some(256.0))),
    ("learning_rate_multiplier", Range::above(0.0, None)),
];
const DPO: &[(&str, Range)] = &[("beta", Range::above(0.0, Some(2.0)))];
const REINFORCEMENT: &[(&str, Range)] = &[
    ("compute_multiplier", Range::above(0.000_01, Some(10.0))),
    ("eval_interval", Range::whole(1.0, None)),
    ("eval_samples", Range::whole(1.0, None)),
];
const EFFORT: &str = "reasoning_effort";
const EFFORTS: &[&str] = &["default", "low", "medium", "high"];

const SUPERVISED_KEYS: &[&str] = &["n_epochs", "batch_size", "learning_rate_multiplier"];
const DPO_KEYS: &[&str] = &["n_epochs", "batch_size", "learning_rate_multiplier", "beta"];
const REINFORCEMENT_KEYS: &[&str] = &[
    "n_epochs",
    "batch_size",
    "learning_rate_multiplier",
    "reasoning_effort",
    "compute_multiplier",
    "eval_interval",
    "eval_samples",
];

const SEED: Range = Range { auto: false, null: true, whole: true, low: Low::From(0.0), high: Some(2_147_483_647.0) };

/// The hyperparameters of a method by their keys.
fn hyperparameter_keys(method: &str) -> &'static [&'static str] {
    match method {
        "dpo" => DPO_KEYS,
        "reinforcement" => REINFORCEMENT_KEYS,
        _ => SUPERVISED_KEYS,
    }
}

/// Whether this is a hyperparameter of `dpo`.
pub(crate) fn is_dpo_hyperparameter(key: &str) -> bool {
    DPO_KEYS.contains(&key)
}

/// Whether this is a hyperparameter of any method.
pub(crate) fn is_hyperparameter(key: &str) -> bool {
    DPO_KEYS.contains(&key) || REINFORCEMENT_KEYS.contains(&key)
}

/// Reads one request. Lists are collected here and kept in the arena.
pub(super) struct Reader<'a> {
    pub(super) doc: &'a Doc<'a>,
    pub(super) arena: &'a Bump,
    pub(super) numbers: Vec<Number>,
    pub(super) choices: Vec<Choice<'a>>,
    pub(super) graders: Vec<Grader<'a>>,
    pub(super) mistyped: Vec<Mistyped>,
    pub(super) missing: Vec<Missing>,
    unknown: Vec<Unknown<'a>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(doc: &'a Doc<'a>, arena: &'a Bump) -> Self {
        Reader {
            doc,
            arena,
            numbers: Vec::new(),
            choices: Vec::new(),
            graders: Vec::new(),
            mistyped: Vec::new(),
            missing: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// What the document is instead of a request.
    fn other(&self) -> Option<Other> {
        let root = NodeId::ROOT;
        let kind = self.doc.kind(root);
        if kind != Kind::Object {
            return Some(Other::Value(kind));
        }
        let has = |key: &str| self.doc.get(root, key).is_some();
        let object = self.doc.get(root, "object").and_then(|object| self.doc.str(object));
        if object.is_some_and(|object| object == "list" || object.starts_with("fine_tuning.job")) {
            return Some(Other::Answer);
        }
        let is_request = has("model") || has("training_file");
        let is_example = ["messages", "prompt", "preferred_output"].into_iter().any(has);
        (is_example && !is_request).then_some(Other::Example)
    }

    pub(super) fn request(mut self) -> Request<'a> {
        let root = NodeId::ROOT;
        let other = self.other();
        // What stands under `method` comes last: it is what holds where both are given.
        let hyperparameters = self.doc.get(root, "hyperparameters");
        if let Some(at) = hyperparameters.filter(|_| other.is_none()) {
            self.hyperparameters(at, None);
        }
        let mut model = Field::Absent;
        let mut training_file = Field::Absent;
        let mut validation_file = Field::Absent;
        let mut suffix = Field::Absent;
        let mut method = Field::Absent;
        let mut integrations = Field::Absent;
        let mut metadata = Field::Absent;
        for member in self.doc.members(root).filter(|_| other.is_none()) {
            let at = member.value;
            match member.key {
                "model" => model = self.string("model", at),
                "training_file" => training_file = self.string("training_file", at),
                "validation_file" => validation_file = self.nullable_string("validation_file", at),
                "suffix" => suffix = self.nullable_string("suffix", at),
                "seed" => self.number("seed", at, SEED, NumberGroup::Seed),
                "hyperparameters" => {}
                "method" => method = self.method(at),
                "integrations" => integrations = self.integrations(at),
                "metadata" => metadata = self.metadata(at),
                _ => self.unknown(member, ("a request", root), PARAMETERS, Slot::Request),
            }
        }
        for (key, absent) in
            [("model", matches!(model, Field::Absent)), ("training_file", matches!(training_file, Field::Absent))]
        {
            self.require(key, absent && other.is_none(), "the request", root);
        }
        Request {
            doc: self.doc,
            model,
            training_file,
            validation_file,
            suffix,
            hyperparameters,
            method,
            integrations,
            metadata,
            numbers: self.arena.alloc_slice_copy(&self.numbers),
            choices: self.arena.alloc_slice_copy(&self.choices),
            graders: self.arena.alloc_slice_copy(&self.graders),
            mistyped: self.arena.alloc_slice_copy(&self.mistyped),
            missing: self.arena.alloc_slice_copy(&self.missing),
            unknown: self.arena.alloc_slice_copy(&self.unknown),
            other,
            training: None,
            validation: None,
        }
    }

    fn method(&mut self, at: NodeId) -> Field<TrainingMethod<'a>> {
        if !self.is(Kind::Object, "method", at) {
            return Field::Mistyped(at);
        }
        let mut kind = Field::Absent;
        let mut sections = Vec::new();
        for member in self.doc.members(at) {
            match member.key {
                "type" => kind = self.string("type", member.value),
                "supervised" => sections.extend(self.section("supervised", member)),
                "dpo" => sections.extend(self.section("dpo", member)),
                "reinforcement" => sections.extend(self.section("reinforcement", member)),
                _ => {
                    self.unknown(member, ("a method", at), &["type", "supervised", "dpo", "reinforcement"], Slot::Other)
                }
            }
        }
        self.require("type", matches!(kind, Field::Absent), "`method`", at);
        Field::Value(at, TrainingMethod { kind, sections: self.arena.alloc_slice_copy(&sections) })
    }

    fn section(&mut self, name: &'static str, section: Member<'a>) -> Option<Section> {
        let at = section.value;
        if !self.is(Kind::Object, name, at) {
            return None;
        }
        let mut has_grader = false;
        for member in self.doc.members(at) {
            match (member.key, name) {
                ("hyperparameters", _) => self.hyperparameters(member.value, Some(name)),
                ("grader", "reinforcement") => {
                    has_grader = true;
                    self.grader(member.value, None, false);
                }
                // Shown in the guide, and not in the specification.
                ("response_format", "reinforcement") => {}
                // Not all services want them in `hyperparameters`.
                (_, "dpo") => {
                    self.unknown(member, ("a method", at), &["hyperparameters"], Slot::Dpo);
                    self.hyperparameter(member, Some(name));
                }
                (_, "reinforcement") => {
                    self.unknown(
                        member,
                        ("the method `reinforcement`", at),
                        &["grader", "hyperparameters"],
                        Slot::Other,
                    );
                }
                _ => self.unknown(member, ("a method", at), &["hyperparameters"], Slot::Other),
            }
        }
        Some(Section { name, key_at: section.key_at, at, has_grader })
    }

    /// Those of a method, or at the top, where they are those of supervised training.
    fn hyperparameters(&mut self, at: NodeId, section: Option<&'static str>) {
        if !self.is(Kind::Object, "hyperparameters", at) {
            return;
        }
        for member in self.doc.members(at) {
            let known = hyperparameter_keys(section.unwrap_or("supervised"));
            if known.contains(&member.key) {
                self.hyperparameter(member, section);
            } else {
                self.unknown(member, ("`hyperparameters`", at), known, Slot::Hyperparameters);
            }
        }
    }

    fn hyperparameter(&mut self, member: Member<'a>, section: Option<&'static str>) {
        if member.key == EFFORT && section == Some("reinforcement") {
            self.choice(EFFORT, member.value, EFFORTS);
            return;
        }
        let more = match section {
            Some("dpo") => DPO,
            Some("reinforcement") => REINFORCEMENT,
            _ => &[],
        };
        if let Some((name, range)) = SUPERVISED.iter().chain(more).find(|(name, _)| *name == member.key) {
            self.number(name, member.value, *range, NumberGroup::Hyperparameter(section));
        }
    }

    fn integrations(&mut self, at: NodeId) -> Field<&'a [Integration<'a>]> {
        if self.doc.kind(at) == Kind::Null {
            return Field::Null(at);
        }
        if !self.is_or("integrations", at, Kind::Array, "an array or null") {
            return Field::Mistyped(at);
        }
        let mut all = Vec::new();
        for element in self.doc.elements(at) {
            if self.is(Kind::Object, "an integration", element) {
                all.push(self.integration(element));
            }
        }
        Field::Value(at, self.arena.alloc_slice_copy(&all))
    }

    fn integration(&mut self, at: NodeId) -> Integration<'a> {
        let mut integration = Integration { at, kind: Field::Absent, tags: Field::Absent };
        let mut has_wandb = false;
        for member in self.doc.members(at) {
            match member.key {
                "type" => integration.kind = self.string("type", member.value),
                "wandb" => {
                    has_wandb = true;
                    integration.tags = self.wandb(member.value);
                }
                _ => self.unknown(member, ("an integration", at), &["type", "wandb"], Slot::Other),
            }
        }
        self.require("type", matches!(integration.kind, Field::Absent), "an integration", at);
        // Of another type it would be another key.
        let other = integration.kind.value().is_some_and(|kind| kind != "wandb");
        self.require("wandb", !has_wandb && !other, "an integration", at);
        integration
    }

    fn wandb(&mut self, at: NodeId) -> Field<&'a [Text<'a>]> {
        let mut tags = Field::Absent;
        if !self.is(Kind::Object, "wandb", at) {
            return tags;
        }
        let mut project = Field::Absent;
        for member in self.doc.members(at) {
            match member.key {
                "project" => project = self.string("project", member.value),
                "name" => {
                    let _ = self.nullable_string("name", member.value);
                }
                "entity" => {
                    let _ = self.nullable_string("entity", member.value);
                }
                "tags" => tags = self.strings("tags", member.value),
                _ => self.unknown(member, ("`wandb`", at), &["project", "name", "entity", "tags"], Slot::Other),
            }
        }
        self.require("project", matches!(project, Field::Absent), "`wandb`", at);
        tags
    }

    fn metadata(&mut self, at: NodeId) -> Field<&'a [Pair<'a>]> {
        if self.doc.kind(at) == Kind::Null {
            return Field::Null(at);
        }
        if !self.is_or("metadata", at, Kind::Object, "an object or null") {
            return Field::Mistyped(at);
        }
        let mut pairs = Vec::new();
        for member in self.doc.members(at) {
            if let Some(text) = self.string("a value of metadata", member.value).value() {
                let key = Text { at: member.key_at, text: member.key };
                pairs.push(Pair { key, value: Text { at: member.value, text } });
            }
        }
        Field::Value(at, self.arena.alloc_slice_copy(&pairs))
    }

    pub(super) fn number(&mut self, name: &'static str, at: NodeId, range: Range, group: NumberGroup) {
        self.numbers.push(Number { name, at, range, group });
    }

    /// A string out of a list.
    pub(super) fn choice(&mut self, name: &'static str, at: NodeId, known: &'static [&'static str]) {
        if let Some(text) = self.string(name, at).value() {
            self.choices.push(Choice { name, chosen: Text { at, text }, known });
        }
    }

    pub(super) fn string(&mut self, field: &'static str, at: NodeId) -> Field<&'a str> {
        match self.doc.str(at) {
            Some(text) => Field::Value(at, text),
            None => {
                self.mistyped(field, at, "a string");
                Field::Mistyped(at)
            }
        }
    }

    fn nullable_string(&mut self, field: &'static str, at: NodeId) -> Field<&'a str> {
        match (self.doc.kind(at), self.doc.str(at)) {
            (Kind::Null, _) => Field::Null(at),
            (_, Some(text)) => Field::Value(at, text),
            _ => {
                self.mistyped(field, at, "a string or null");
                Field::Mistyped(at)
            }
        }
    }

    /// A list of strings; what is none is left out.
    pub(super) fn strings(&mut self, field: &'static str, at: NodeId) -> Field<&'a [Text<'a>]> {
        if !self.is(Kind::Array, field, at) {
            return Field::Mistyped(at);
        }
        let mut all = Vec::new();
        for element in self.doc.elements(at) {
            if let Some(text) = self.string(field, element).value() {
                all.push(Text { at: element, text });
            }
        }
        Field::Value(at, self.arena.alloc_slice_copy(&all))
    }

    pub(super) fn is(&mut self, kind: Kind, field: &'static str, at: NodeId) -> bool {
        self.is_or(field, at, kind, kind.phrase())
    }

    fn is_or(&mut self, field: &'static str, at: NodeId, kind: Kind, expected: &'static str) -> bool {
        let is = self.doc.kind(at) == kind;
        if !is {
            self.mistyped(field, at, expected);
        }
        is
    }

    pub(super) fn mistyped(&mut self, field: &'static str, at: NodeId, expected: &'static str) {
        self.mistyped.push(Mistyped { field, at, expected, found: self.doc.kind(at) });
    }

    pub(super) fn require(&mut self, key: &'static str, absent: bool, owner: &'static str, at: NodeId) {
        if absent {
            self.missing.push(Missing { key, owner, at });
        }
    }

    pub(super) fn unknown(
        &mut self,
        member: Member<'a>,
        (owner, owner_at): (&'static str, NodeId),
        known: &'static [&'static str],
        slot: Slot,
    ) {
        let key = Text { at: member.key_at, text: member.key };
        self.unknown.push(Unknown { key, owner, owner_at, known, slot });
    }
}
