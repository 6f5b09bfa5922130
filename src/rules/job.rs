//! The request of a job: FT7xx.

pub mod file_format_mismatch;
pub mod foreign_parameter;
pub mod hyperparameters_twice;
pub mod invalid_formula;
pub mod invalid_grader_number;
pub mod invalid_hyperparameter;
pub mod invalid_integration;
pub mod invalid_metadata;
pub mod invalid_passing_labels;
pub mod invalid_seed;
pub mod invalid_suffix;
pub mod invalid_template;
pub mod invalid_yaml;
pub mod method_section_mismatch;
pub mod misplaced_grader;
pub mod missing_grader;
pub mod missing_item_key;
pub mod missing_parameter;
pub mod missing_validation_file;
pub mod model_method_mismatch;
pub mod not_a_request;
pub mod odd_score_range;
pub mod oversized_grader_source;
pub mod path_as_file_id;
pub mod repeated_parameter;
pub mod retired_model;
pub mod unknown_grader;
pub mod unknown_grader_key;
pub mod unknown_method;
pub mod unknown_model;
pub mod unknown_option;
pub mod unknown_parameter;
pub mod validation_is_training;
pub mod wrong_parameter_type;

use crate::request::{Missing, NumberGroup, Request, Slot, Unknown, is_dpo_hyperparameter};
use crate::rule::{Rule, Sink};
use crate::target::{Catalogue, Target};
use crate::text::{did_you_mean, quote};

/// Rules that hold for a request whatever its form: they are about what it is, its model and its files, or about what
/// another provider is known to have.
static OF_ANY_FORM: [&Rule; 7] = [
    &not_a_request::RULE,
    &invalid_yaml::RULE,
    &foreign_parameter::RULE,
    &repeated_parameter::RULE,
    &unknown_model::RULE,
    &retired_model::RULE,
    &validation_is_training::RULE,
];

/// Whether a rule holds a request against the form that OpenAI's have. What a method trains on is part of that: how
/// others name the method is not known.
#[must_use]
pub fn holds_openais_form(rule: &Rule) -> bool {
    rule.group() == "job" && !OF_ANY_FORM.iter().any(|other| other.code == rule.code)
}

/// Whether a model is called by its repository or in an account, as those of Together, Fireworks and others are:
/// `meta-llama/Llama-3.3-70B-Instruct`, `accounts/fireworks/models/…`.
fn is_repository(model: &str) -> bool {
    model.contains('/') && !model.contains(char::is_whitespace)
}

/// The unknown key that was meant to be the missing one.
fn misspelt<'r, 'a>(request: &'r Request<'a>, missing: &Missing) -> Option<&'r Unknown<'a>> {
    request.unknown.iter().find(|unknown| is_misspelt(missing, unknown))
}

/// Whether the unknown key stands where the other is missing, and looks like it.
fn is_misspelt(missing: &Missing, unknown: &Unknown<'_>) -> bool {
    unknown.owner_at == missing.at && did_you_mean(unknown.key.text, unknown.known.iter().copied()) == Some(missing.key)
}

/// The providers, other than the one that the job is for, that take a key where it stands; `None` if that one takes it.
fn foreign_to(target: &Target, unknown: &Unknown<'_>) -> Option<Vec<&'static str>> {
    let others =
        || Catalogue::builtin().targets().filter(|other| takes(other, unknown)).map(|other| other.name).collect();
    (!takes(target, unknown)).then(others)
}

/// Whether a target takes a key where OpenAI's specification has none.
fn takes(target: &Target, unknown: &Unknown<'_>) -> bool {
    let key = unknown.key.text;
    let is_own = || target.hyperparameter_keys.contains(&key);
    match unknown.slot {
        Slot::Request => target.job_keys.contains(&key),
        Slot::Hyperparameters => is_own(),
        Slot::Dpo => target.bare_hyperparameters && (is_dpo_hyperparameter(key) || is_own()),
        Slot::Grader | Slot::Other => false,
    }
}

/// Reports the numbers of some groups that are out of their range.
fn numbers(request: &Request<'_>, is_meant: impl Fn(NumberGroup) -> bool, sink: &mut Sink<'_>) {
    for number in request.numbers.iter().filter(|number| is_meant(number.group)) {
        if !number.range.takes(request.doc, number.at) {
            let (name, range) = (number.name, number.range.phrase());
            let name = if name.contains(' ') { name.to_owned() } else { format!("`{name}`") };
            let found = String::from_utf8_lossy(request.doc.raw(number.at));
            sink.report(number.at, format_args!("{name} is {}, not {range}", quote(&found)));
        }
    }
}
