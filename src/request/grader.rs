//! Graders: what judges the answers of a model in reinforcement training.

use super::reader::Reader;
use super::{Low, NumberGroup, Range, Slot, Text};
use crate::example::Field;
use crate::json::{Kind, Member, NodeId};

/// The types of graders.
pub const GRADER_TYPES: &[&str] = &["string_check", "text_similarity", "python", "score_model", "label_model", "multi"];

const OPERATIONS: &[&str] = &["eq", "ne", "like", "ilike"];
const METRICS: &[&str] = &[
    "cosine",
    "fuzzy_match",
    "bleu",
    "gleu",
    "meteor",
    "rouge_1",
    "rouge_2",
    "rouge_3",
    "rouge_4",
    "rouge_5",
    "rouge_l",
];
const ROLES: &[&str] = &["user", "assistant", "system", "developer"];
const EFFORTS: &[&str] = &["none", "minimal", "low", "medium", "high", "xhigh", "max"];
const PART_TYPES: &[&str] = &["input_text", "output_text", "input_image", "input_audio"];
const AUDIO_FORMATS: &[&str] = &["mp3", "wav"];

/// A grader, whatever its type: each field is read where its type has it.
#[derive(Clone, Copy, Debug)]
pub struct Grader<'a> {
    /// Where it stands.
    pub at: NodeId,
    /// `type`
    pub kind: Field<&'a str>,
    /// `name`
    pub name: Field<&'a str>,
    /// Its key, in a multi grader that has keys.
    pub key: Option<&'a str>,
    /// Whether it stands inside a multi grader.
    pub inside: bool,
    /// The texts that may hold templates.
    pub templates: &'a [Text<'a>],
    /// `source` of a python grader.
    pub source: Field<&'a str>,
    /// `range` of a score model.
    pub range: Field<&'a [NodeId]>,
    /// `labels` of a label model.
    pub labels: Field<&'a [Text<'a>]>,
    /// Those of them that pass.
    pub passing_labels: Field<&'a [Text<'a>]>,
    /// `calculate_output` of a multi grader.
    pub formula: Field<&'a str>,
    /// What the graders inside it are called, by key and by name.
    pub names: &'a [&'a str],
}

fn keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "string_check" => &["type", "name", "input", "reference", "operation"],
        "text_similarity" => &["type", "name", "input", "reference", "evaluation_metric"],
        "python" => &["type", "name", "source", "image_tag"],
        "score_model" => &["type", "name", "model", "input", "range", "sampling_params"],
        "label_model" => &["type", "name", "model", "input", "labels", "passing_labels"],
        _ => &["type", "name", "graders", "calculate_output"],
    }
}

/// Of those, what may be left out.
const OPTIONAL: &[&str] = &["image_tag", "range", "sampling_params"];

impl<'a> Reader<'a> {
    pub(super) fn grader(&mut self, at: NodeId, key: Option<&'a str>, inside: bool) {
        if !self.is(Kind::Object, "a grader", at) {
            return;
        }
        let mut kind = Field::Absent;
        for member in self.doc.members(at) {
            if member.key == "type" {
                kind = self.string("type", member.value);
            }
        }
        self.require("type", matches!(kind, Field::Absent), "a grader", at);
        let mut grader = Grader {
            at,
            kind,
            name: Field::Absent,
            key,
            inside,
            templates: &[],
            source: Field::Absent,
            range: Field::Absent,
            labels: Field::Absent,
            passing_labels: Field::Absent,
            formula: Field::Absent,
            names: &[],
        };
        let place = self.graders.len();
        self.graders.push(grader);
        // Of a grader without a type that exists nothing else is known.
        let Some(&kind) = GRADER_TYPES.iter().find(|known| kind.value() == Some(**known)) else { return };
        let known = keys(kind);
        let mut texts = Vec::new();
        let mut inner = None;
        for member in self.doc.members(at) {
            let value = member.value;
            match (member.key, kind) {
                ("type", _) => {}
                // A score from which on an answer passes: read by some services.
                ("pass_threshold", _) => {}
                (key, _) if !known.contains(&key) => self.unknown(member, ("a grader", at), known, Slot::Grader),
                ("name", _) => grader.name = self.string("name", value),
                ("input", "score_model" | "label_model") => self.input(value, &mut texts),
                ("input", _) => texts.extend(self.text("input", value)),
                ("reference", _) => texts.extend(self.text("reference", value)),
                ("operation", _) => self.choice("operation", value, OPERATIONS),
                ("evaluation_metric", _) => self.choice("evaluation_metric", value, METRICS),
                ("source", _) => grader.source = self.string("source", value),
                ("image_tag", _) => {
                    let _ = self.string("image_tag", value);
                }
                ("model", _) => {
                    let _ = self.string("model", value);
                }
                ("range", _) => grader.range = self.range(value),
                ("sampling_params", _) => self.sampling(value),
                ("labels", _) => grader.labels = self.strings("labels", value),
                ("passing_labels", _) => grader.passing_labels = self.strings("passing_labels", value),
                ("calculate_output", _) => grader.formula = self.string("calculate_output", value),
                ("graders", _) => inner = Some(value),
                _ => {}
            }
        }
        for &required in known.iter().filter(|key| !OPTIONAL.contains(key) && **key != "type") {
            self.require(required, self.doc.get(at, required).is_none(), "the grader", at);
        }
        grader.templates = self.arena.alloc_slice_copy(&texts);
        if let Some(inner) = inner {
            grader.names = self.graders_inside(inner);
        }
        self.graders[place] = grader;
    }

    /// The graders of a multi grader: by key as guides have it, in a list as the specification's example has it, or
    /// only one as its schema has it. Gives what they are called.
    fn graders_inside(&mut self, at: NodeId) -> &'a [&'a str] {
        let first = self.graders.len();
        let mut names = Vec::new();
        match self.doc.kind(at) {
            Kind::Array => {
                for element in self.doc.elements(at) {
                    self.grader(element, None, true);
                }
            }
            Kind::Object if self.doc.get(at, "type").is_some_and(|kind| self.doc.str(kind).is_some()) => {
                self.grader(at, None, true);
            }
            Kind::Object if self.doc.count(at) == 0 => self.require("graders", true, "the grader", at),
            Kind::Object => {
                for Member { key, value, .. } in self.doc.members(at) {
                    names.push(key);
                    self.grader(value, Some(key), true);
                }
            }
            _ => self.mistyped("graders", at, "an object or an array"),
        }
        for name in self.graders[first..].iter().filter_map(|grader| grader.name.value()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        self.arena.alloc_slice_copy(&names)
    }

    fn text(&mut self, field: &'static str, at: NodeId) -> Option<Text<'a>> {
        self.string(field, at).value().map(|text| Text { at, text })
    }

    /// The messages to a model that grades.
    fn input(&mut self, at: NodeId, texts: &mut Vec<Text<'a>>) {
        if !self.is(Kind::Array, "input", at) {
            return;
        }
        for element in self.doc.elements(at) {
            if !self.is(Kind::Object, "a message", element) {
                continue;
            }
            for member in self.doc.members(element) {
                match member.key {
                    "role" => self.choice("role", member.value, ROLES),
                    "content" => self.content(member.value, texts),
                    "type" => self.choice("type", member.value, &["message"]),
                    _ => self.unknown(member, ("a message", element), &["role", "content", "type"], Slot::Grader),
                }
            }
            for key in ["role", "content"] {
                self.require(key, self.doc.get(element, key).is_none(), "a message", element);
            }
        }
    }

    fn content(&mut self, at: NodeId, texts: &mut Vec<Text<'a>>) {
        match self.doc.kind(at) {
            Kind::Array => {
                for element in self.doc.elements(at) {
                    self.part(element, texts);
                }
            }
            _ => self.part(at, texts),
        }
    }

    fn part(&mut self, at: NodeId, texts: &mut Vec<Text<'a>>) {
        if let Some(text) = self.doc.str(at) {
            texts.push(Text { at, text });
            return;
        }
        if self.doc.kind(at) != Kind::Object {
            self.mistyped("content", at, "a string or a content part");
            return;
        }
        let Some(kind) = self.doc.get(at, "type") else {
            self.require("type", true, "a content part", at);
            return;
        };
        self.choice("type", kind, PART_TYPES);
        match self.doc.str(kind) {
            Some("input_text" | "output_text") => match self.doc.get(at, "text") {
                Some(text) => texts.extend(self.text("text", text)),
                None => self.require("text", true, "a content part", at),
            },
            Some("input_image") => match self.doc.get(at, "image_url") {
                Some(url) => {
                    let _ = self.string("image_url", url);
                }
                None => self.require("image_url", true, "a content part", at),
            },
            Some("input_audio") => match self.doc.get(at, "input_audio") {
                Some(audio) => self.audio(audio),
                None => self.require("input_audio", true, "a content part", at),
            },
            _ => {}
        }
        if let Some(detail) = self.doc.get(at, "detail").filter(|_| self.doc.str(kind) == Some("input_image")) {
            let _ = self.string("detail", detail);
        }
    }

    fn audio(&mut self, at: NodeId) {
        if !self.is(Kind::Object, "input_audio", at) {
            return;
        }
        match self.doc.get(at, "data") {
            Some(data) => {
                let _ = self.string("data", data);
            }
            None => self.require("data", true, "`input_audio`", at),
        }
        match self.doc.get(at, "format") {
            Some(format) => self.choice("format", format, AUDIO_FORMATS),
            None => self.require("format", true, "`input_audio`", at),
        }
    }

    fn range(&mut self, at: NodeId) -> Field<&'a [NodeId]> {
        const ANY: Range = Range { auto: false, null: false, whole: false, low: Low::None, high: None };
        if !self.is(Kind::Array, "range", at) {
            return Field::Mistyped(at);
        }
        let ends: Vec<NodeId> = self.doc.elements(at).collect();
        for &end in &ends {
            self.number("an end of the range", end, ANY, NumberGroup::Grader);
        }
        Field::Value(at, self.arena.alloc_slice_copy(&ends))
    }

    fn sampling(&mut self, at: NodeId) {
        const NUMBER: Range = Range { auto: false, null: true, whole: false, low: Low::None, high: None };
        const WHOLE: Range = Range { whole: true, ..NUMBER };
        if !self.is(Kind::Object, "sampling_params", at) {
            return;
        }
        for member in self.doc.members(at) {
            let value = member.value;
            match member.key {
                "seed" => self.number("seed", value, WHOLE, NumberGroup::Grader),
                "top_p" => self.number("top_p", value, NUMBER, NumberGroup::Grader),
                "temperature" => self.number("temperature", value, NUMBER, NumberGroup::Grader),
                "max_completions_tokens" => {
                    let range = Range { low: Low::From(1.0), ..WHOLE };
                    self.number("max_completions_tokens", value, range, NumberGroup::Grader);
                }
                "reasoning_effort" if self.doc.kind(value) == Kind::Null => {}
                "reasoning_effort" => self.choice("reasoning_effort", value, EFFORTS),
                _ => self.unknown(
                    member,
                    ("`sampling_params`", at),
                    &["seed", "top_p", "temperature", "max_completions_tokens", "reasoning_effort"],
                    Slot::Grader,
                ),
            }
        }
    }
}
