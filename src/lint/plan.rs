//! The rules that are on in a file, by the moment at which they are asked.

use crate::example::Features;
use crate::rule::{
    Active, Check, ExampleCheck, FileCheck, JobCheck, MessageCheck, RecordCheck, RepeatedCheck, TokensCheck,
};
use crate::rules::RULES;
use crate::settings::Settings;

/// The rules that are on, by the moment at which they are asked.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) record: Vec<(Active, RecordCheck)>,
    pub(super) example: Vec<(Active, ExampleCheck)>,
    pub(super) example_with: Vec<(Active, Features, ExampleCheck)>,
    /// What any of `example_with` asks for: most lines have nothing of it.
    pub(super) example_features: Features,
    pub(super) message: Vec<(Active, MessageCheck)>,
    pub(super) message_with: Vec<(Active, Features, MessageCheck)>,
    /// What any of `message_with` asks for.
    pub(super) message_features: Features,
    pub(super) tokens: Vec<(Active, TokensCheck)>,
    pub(super) repeated: Vec<(Active, RepeatedCheck)>,
    pub(super) overlap: Vec<(Active, RepeatedCheck)>,
    pub(super) file: Vec<(Active, FileCheck)>,
    pub(super) answers: Vec<(Active, FileCheck)>,
    pub(super) near: Vec<(Active, FileCheck)>,
    pub(super) systems: Vec<(Active, FileCheck)>,
    pub(super) validation: Vec<(Active, FileCheck)>,
    pub(super) parameters: Vec<(Active, FileCheck)>,
    pub(super) job: Vec<(Active, JobCheck)>,
    /// See [`Settings::profile`].
    pub(super) profile: bool,
}

impl Plan {
    /// The rules that the settings have on. Without validation files nothing can stand there too, and no example need be
    /// known.
    pub(super) fn new(settings: &Settings, validates: bool) -> Plan {
        let mut plan = Plan { profile: settings.profile, ..Plan::default() };
        for (index, &rule) in RULES.iter().enumerate() {
            let Some(severity) = settings.severity(rule) else { continue };
            if settings.repairs && rule.fix.is_none() {
                continue;
            }
            let active = Active { rule, index, severity };
            match rule.check {
                Check::Record(check) => plan.record.push((active, check)),
                Check::Example(check) => plan.example.push((active, check)),
                Check::ExampleWith(features, check) => plan.example_with.push((active, features, check)),
                Check::Message(check) => plan.message.push((active, check)),
                Check::MessageWith(features, check) => plan.message_with.push((active, features, check)),
                Check::Tokens(check) => plan.tokens.push((active, check)),
                Check::Repeated(check) => plan.repeated.push((active, check)),
                Check::Overlap(check) => plan.overlap.push((active, check)),
                Check::File(check) => plan.file.push((active, check)),
                Check::Answers(check) => plan.answers.push((active, check)),
                Check::Near(check) => plan.near.push((active, check)),
                Check::Systems(check) => plan.systems.push((active, check)),
                Check::Validation(check) => plan.validation.push((active, check)),
                Check::Parameters(check) => plan.parameters.push((active, check)),
                Check::Job(check) => plan.job.push((active, check)),
            }
        }
        if !validates {
            plan.overlap.clear();
            plan.validation.clear();
        }
        plan.example_features = plan.example_with.iter().map(|(_, features, _)| *features).collect();
        plan.message_features = plan.message_with.iter().map(|(_, features, _)| *features).collect();
        plan
    }

    /// What is asked when all of a file is known, but for what only holds for validation files.
    pub(super) fn whole_files(&self) -> impl Iterator<Item = &(Active, FileCheck)> {
        self.file.iter().chain(&self.answers).chain(&self.parameters).chain(&self.near).chain(&self.systems)
    }

    /// Whether examples are compared with those before them.
    pub(super) fn compares(&self) -> bool {
        let whole = self.repeated.is_empty() && self.overlap.is_empty();
        self.profile || !whole || !self.answers.is_empty() || !self.validation.is_empty()
    }
}
