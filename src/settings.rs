//! What a run is asked to do: flags and files, resolved.

use crate::example::Features;
use crate::finding::Severity;
use crate::rule::{Active, Check, ExampleCheck, FileCheck, MessageCheck, RecordCheck, Rule};
use crate::rules::RULES;
use crate::target::{OPENAI, Target};

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The provider and model that the data is for.
    pub target: &'static Target,
    /// How many findings of one rule are kept for each file; `None` for all.
    pub max_per_rule: Option<u64>,
    /// How many findings are kept for each file, errors before warnings; `None` for all.
    pub max_findings: Option<u64>,
    /// Whether warnings are left out.
    pub errors_only: bool,
    /// Whether tokens are counted.
    pub tokens: bool,
    /// The width of what is shown of a line, in columns.
    pub snippet_width: usize,
    /// Rules that are off although their level is not.
    pub ignore: Vec<&'static Rule>,
    /// Threads; `None` for one a core.
    pub threads: Option<usize>,
    /// Whether files are memory-mapped.
    pub mmap: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            target: &OPENAI,
            max_per_rule: None,
            max_findings: None,
            errors_only: false,
            tokens: true,
            snippet_width: 72,
            ignore: Vec::new(),
            threads: None,
            mmap: true,
        }
    }
}

/// The rules that are on, by the moment at which they are asked.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub record: Vec<(Active, RecordCheck)>,
    pub example: Vec<(Active, ExampleCheck)>,
    pub example_with: Vec<(Active, Features, ExampleCheck)>,
    pub message: Vec<(Active, MessageCheck)>,
    pub message_with: Vec<(Active, Features, MessageCheck)>,
    pub file: Vec<(Active, FileCheck)>,
}

impl Plan {
    pub(crate) fn new(settings: &Settings) -> Plan {
        let mut plan = Plan::default();
        for (index, &rule) in RULES.iter().enumerate() {
            let Some(severity) = settings.severity(rule) else { continue };
            let active = Active { rule, index, severity };
            match rule.check {
                Check::Record(check) => plan.record.push((active, check)),
                Check::Example(check) => plan.example.push((active, check)),
                Check::ExampleWith(features, check) => plan.example_with.push((active, features, check)),
                Check::Message(check) => plan.message.push((active, check)),
                Check::MessageWith(features, check) => plan.message_with.push((active, features, check)),
                Check::File(check) => plan.file.push((active, check)),
            }
        }
        plan
    }
}

impl Settings {
    /// How grave findings of the rule are in this run; `None` if it is off.
    #[must_use]
    pub fn severity(&self, rule: &'static Rule) -> Option<Severity> {
        let severity = rule.level?;
        let off = self.ignore.contains(&rule) || self.errors_only && severity == Severity::Warning;
        (!off).then_some(severity)
    }
}
