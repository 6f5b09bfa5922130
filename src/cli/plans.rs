//! Which settings hold for which input.

use std::collections::HashMap;
use std::sync::Arc;

use super::filter::{Filter, is_about_sets};
use super::run::USUAL_WIDTH;
use super::sets::{Set, Sets};
use crate::dataset::Split;
use crate::lint::Linter;
use crate::report::Style;
use crate::rule::{Check, Rule};
use crate::rules::RULES;
use crate::settings::Settings;

/// The settings of each input.
#[derive(Clone, Debug, Default)]
pub(super) struct Plans {
    /// The settings that there are: first those of the configs, in their order.
    pub settings: Vec<Settings>,
    /// Which of them holds for which input.
    pub of_input: Vec<usize>,
    /// The inputs that are held against each other; none if that is all of them.
    pub sets: Vec<Set>,
    /// Of each input whether an earlier set has it too; empty if none is so.
    repeated: Vec<bool>,
    /// Which settings would hold for each input if no earlier set had it.
    unrepeated: Vec<usize>,
    /// The config file that names the inputs, if the call does not.
    pub named_in: Option<String>,
    /// Whether warnings are counted, but not shown.
    pub errors_only: bool,
}

impl Plans {
    /// Settings, and which of them holds for which input.
    pub(super) fn new(settings: Vec<Settings>, of_input: Vec<usize>) -> Self {
        Plans { settings, of_input, ..Plans::default() }
    }

    /// The same settings for all inputs of the sets.
    pub(super) fn alike(settings: &Settings, sets: &Sets) -> Self {
        Plans::new(vec![settings.clone()], vec![0; sets.inputs.len()]).in_sets(sets)
    }

    /// The same for sets: files to validate with have settings of their own, and so has what an earlier set has too.
    pub(super) fn in_sets(mut self, sets: &Sets) -> Self {
        self.sets.clone_from(&sets.list);
        let repeated = sets.repeated();
        self.named_in.clone_from(&sets.named_in);
        let mut made = HashMap::new();
        for set in &sets.list {
            for number in set.inputs.clone() {
                let (plan, validates) = (self.of_input[number], set.split(number) == Split::Validation);
                let mut number_of = |reading| *made.entry(reading).or_insert_with(|| self.with(reading));
                let alone = number_of((plan, validates, false));
                let here = number_of((plan, validates, repeated[number]));
                self.unrepeated.push(alone);
                self.of_input[number] = here;
            }
        }
        self.repeated = repeated;
        self
    }

    /// Which settings hold for the repairs in an input: all that is mended for one set is mended for all.
    pub(super) fn of_repairs(&self, number: usize) -> usize {
        self.unrepeated.get(number).copied().unwrap_or(self.of_input[number])
    }

    /// The number of the settings for files of a config: whether they are to validate with, and whether an earlier set has
    /// them too. They are added if they are new.
    fn with(&mut self, (plan, validates, is_repeated): (usize, bool, bool)) -> usize {
        if !validates && !is_repeated {
            return plan;
        }
        let mut settings = self.settings[plan].clone();
        if validates {
            settings = settings.for_validation();
        }
        if is_repeated {
            settings = for_comparison(&settings);
        }
        self.settings.push(settings);
        self.settings.len() - 1
    }

    /// Whether an earlier set has the input of this number too.
    pub(super) fn is_repeated(&self, number: usize) -> bool {
        self.repeated.get(number) == Some(&true)
    }

    /// Whether a rule is on for any input.
    pub(super) fn asks(&self, rule: &'static Rule) -> bool {
        let is_about_tokens = matches!(rule.check, Check::Tokens(_));
        let is_on = |settings: &Settings| settings.severity(rule).is_some() && (settings.tokens || !is_about_tokens);
        self.settings.iter().any(is_on)
    }

    /// How much of what is found in the input of this number is reported.
    pub(super) fn filter(&self, number: usize) -> Filter {
        Filter { errors_only: self.errors_only, sets_only: self.is_repeated(number) }
    }

    /// See [`fitting`].
    pub(super) fn fitting(&self, style: Style) -> Plans {
        let settings = self.settings.iter().map(|settings| fitting(settings, style)).collect();
        Plans { settings, ..self.clone() }
    }

    /// The inputs that are held against each other.
    pub(super) fn sets(&self, inputs: usize) -> Vec<Set> {
        let all = || vec![Set { inputs: 0..inputs, validation: inputs }];
        if self.sets.is_empty() { all() } else { self.sets.clone() }
    }

    /// By split and settings, linters that know the examples and tools of all files of a set.
    pub(super) fn linters<'p>(
        &'p self,
        set: &Set,
        linter: impl Fn(&'p Settings) -> Linter<'p>,
    ) -> [Vec<Linter<'p>>; 2] {
        let (examples, tools) = (Arc::default(), Arc::default());
        let knowing =
            |linter: Linter<'p>, split| linter.with_examples(&examples, split, set.validates()).with_tools(&tools);
        [Split::Training, Split::Validation]
            .map(|split| self.settings.iter().map(|settings| knowing(linter(settings), split)).collect())
    }
}

/// The same with excerpts that are as wide as the report: on a terminal a mark must not be torn off its line.
pub(super) fn fitting(settings: &Settings, style: Style) -> Settings {
    let usual = Settings::default().snippet_width;
    Settings { snippet_width: (usual + style.width).saturating_sub(USUAL_WIDTH), ..settings.clone() }
}

/// What was read for an earlier set is only held against the others of its own: what else there is to say of it was said.
/// What is gathered for statistics has its examples known.
fn for_comparison(settings: &Settings) -> Settings {
    let is_asked = |rule: &Rule| is_about_sets(rule) || matches!(rule.check, Check::Near(_));
    let others: Vec<_> = RULES.iter().copied().filter(|rule| !is_asked(rule)).collect();
    Settings {
        tokens: false,
        max_cost: None,
        max_tokens: None,
        profile: true,
        selection: settings.selection.clone().except(&others),
        ..settings.clone()
    }
}
