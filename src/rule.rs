//! What a rule is, when it is asked, and what it may see.

use std::fmt;
use std::ops::Range;

use crate::dataset::{FileFacts, Repeated};
use crate::example::{Example, Features, Message};
use crate::finding::{Finding, Place, Severity};
use crate::json::syntax::{Broken, Certainty};
use crate::json::{Doc, NodeId};
use crate::request::Request;
use crate::settings::Settings;
use crate::shape::Shape;
use crate::target::Target;
use crate::tokens::ExampleTokens;

/// A rule: one kind of fault, and everything there is to say about it.
#[derive(Debug)]
pub struct Rule {
    /// `FT104`. Never reused.
    pub code: &'static str,
    /// `unknown-role`: reads as "allow NAME".
    pub name: &'static str,
    /// How grave it is at the default target; `None` if the rule must be selected.
    pub level: Option<Severity>,
    /// What it catches, in one sentence of at most 90 characters.
    pub summary: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// What to do.
    pub help: &'static str,
    /// What stands under the marked bytes.
    pub label: &'static str,
    /// Whether the fault can be mended without a person, and how safely; `None` if it cannot.
    pub fix: Option<Fix>,
    /// A file that has the fault.
    pub bad: Sample,
    /// The same file without it.
    pub good: Sample,
    /// When the rule is asked, and the function that answers.
    pub check: Check,
}

impl Rule {
    /// Whether this is the rule's code or name, in any case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.code.eq_ignore_ascii_case(name) || self.name.eq_ignore_ascii_case(name)
    }

    /// The part of the catalogue the rule belongs to, told by the first digit of its code.
    #[must_use]
    pub fn group(&self) -> &'static str {
        match self.code.as_bytes().get(2) {
            Some(b'0') => "file",
            Some(b'1') => "conversation",
            Some(b'2') => "tools",
            Some(b'3') => "formats",
            Some(b'4') => "tokens",
            Some(b'5') => "dataset",
            Some(b'6') => "privacy",
            Some(b'7') => "job",
            _ => "quality",
        }
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

/// How safely a fault can be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fix {
    /// The data says the same before and after.
    Safe,
    /// What was meant is a guess, or data is dropped.
    Unsafe,
}

impl Fix {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fix::Safe => "safe",
            Fix::Unsafe => "unsafe",
        }
    }
}

/// How a fault is mended, in terms of what a rule sees.
#[derive(Clone, Debug)]
pub enum Repair {
    /// What the reader has undone to read the record is written down.
    Undo,
    /// The line, the blank lines or the mark at hand is left out.
    Drop,
    /// The file is written anew, as JSON Lines in UTF-8.
    Rewrite,
    /// Parts of the line are changed.
    Change(Vec<Change>),
}

/// One change of a line. All text that is written is JSON.
#[derive(Clone, Debug)]
pub enum Change {
    /// Leaves out a member, named by its key or its value, with its comma.
    Remove(NodeId),
    /// Writes this in place of a value or a key.
    Replace(NodeId, String),
    /// Writes something before and behind a value or a key.
    Wrap(NodeId, String, String),
}

/// How often a rule found something, and how much of it can be mended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub found: u64,
    /// Those with a safe repair.
    pub safe: u64,
    /// Those with an unsafe one.
    pub risky: u64,
    /// Examples that have one.
    pub examples: u64,
    /// The last of them in the chunk.
    pub last: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: &Tally) {
        self.found += other.found;
        self.safe += other.safe;
        self.risky += other.risky;
        self.examples += other.examples;
    }

    /// Counts a finding in an example, by its number in the chunk; 0 for what is none.
    pub(crate) fn find(&mut self, example: u64) {
        self.found += 1;
        // What is no example neither counts as one nor ends the one before it.
        if example > 0 && self.last != example {
            self.examples += 1;
            self.last = example;
        }
    }

    /// Counts the repair of a finding.
    pub(crate) fn offer(&mut self, fix: Option<Fix>) {
        match fix {
            Some(Fix::Safe) => self.safe += 1,
            Some(Fix::Unsafe) => self.risky += 1,
            None => {}
        }
    }

    /// Takes back a finding that has this repair.
    pub(crate) fn leave_out(&mut self, fix: Option<Fix>) {
        self.found -= 1;
        match fix {
            Some(Fix::Safe) => self.safe -= 1,
            Some(Fix::Unsafe) => self.risky -= 1,
            None => {}
        }
    }
}

/// An example file of a rule.
#[derive(Clone, Copy, Debug)]
pub enum Sample {
    /// Text that can be shown.
    Text(&'static str),
    /// Bytes that are no text, and how to describe them.
    Bytes(&'static [u8], &'static str),
    /// Too long to show: how to describe it, and how to make it.
    Made(&'static str, fn() -> Vec<u8>),
    /// Not a matter of content: how to describe it. The rule's own test shows it.
    Described(&'static str),
}

impl Sample {
    /// The bytes of the file, if content is what matters.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Sample::Text(text) => Some(text.as_bytes().to_vec()),
            Sample::Bytes(bytes, _) => Some(bytes.to_vec()),
            Sample::Made(_, make) => Some(make()),
            Sample::Described(_) => None,
        }
    }

    /// What to show people.
    #[must_use]
    pub fn text(&self) -> &'static str {
        match self {
            Sample::Text(text) | Sample::Bytes(_, text) | Sample::Made(text, _) | Sample::Described(text) => text,
        }
    }
}

/// The moments at which a rule is asked.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// For everything in the file that is no example.
    Record(RecordCheck),
    /// For every line that is a JSON object.
    Example(ExampleCheck),
    /// For every line that has one of these features.
    ExampleWith(Features, ExampleCheck),
    /// For every message of every example, outputs of preference lines included.
    Message(MessageCheck),
    /// For every message that has one of these features.
    MessageWith(Features, MessageCheck),
    /// For every example whose tokens were counted.
    Tokens(TokensCheck),
    /// For every example that stood before, in this file or another that is read for the same.
    Repeated(RepeatedCheck),
    /// For every validation example that is also in the training data.
    Overlap(RepeatedCheck),
    /// Once for each file, when all of it is known.
    File(FileCheck),
    /// As `File`, when prompts and answers were compared with those before them.
    Answers(FileCheck),
    /// As `File`, when examples were looked for that are almost the same.
    Near(FileCheck),
    /// As `File`, when system prompts were collected.
    Systems(FileCheck),
    /// As `File`, for each validation file, when its prompts were compared with those that are trained on.
    Validation(FileCheck),
    /// As `File`, when the parameters of its tools were looked through.
    Parameters(FileCheck),
    /// Once for the request of a job, when its files were read.
    Job(JobCheck),
}

/// See [`Check::Record`].
pub type RecordCheck = fn(&Record<'_>, &mut Sink<'_>);
/// See [`Check::Example`].
pub type ExampleCheck = fn(&Example<'_>, &mut Sink<'_>);
/// See [`Check::Message`].
pub type MessageCheck = fn(&Example<'_>, &Message<'_>, &mut Sink<'_>);
/// See [`Check::Tokens`].
pub type TokensCheck = fn(&Example<'_>, &ExampleTokens, &mut Sink<'_>);
/// See [`Check::Repeated`] and [`Check::Overlap`]: says what is wrong.
pub type RepeatedCheck = fn(&Repeated<'_>) -> String;
/// See [`Check::File`].
pub type FileCheck = fn(&FileFacts, &mut FileSink<'_>);
/// See [`Check::Job`].
pub type JobCheck = fn(&Request<'_>, &mut Sink<'_>);

/// Something in the file that is no example.
#[derive(Debug)]
pub enum Record<'a> {
    /// A byte order mark at the start of the file.
    ByteOrderMark,
    /// Empty lines, or lines of white space, with more to come behind them.
    Blank {
        /// How many.
        lines: u64,
    },
    /// A file that is something else than lines: there is nothing but this record in it.
    WholeFile(&'a Shape),
    /// What is not JSON.
    Broken(&'a Broken),
    /// JSON that is no object.
    Value(&'a Doc<'a>),
    /// A request that should be YAML and is not: the reason.
    Yaml(&'a str),
}

/// Where in a line a finding stands. A rule never sees byte offsets of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The line at hand: where the reader saw what it could not read, else all of it.
    Line,
    /// A value or a key.
    Node(NodeId),
    /// A part of a string, in bytes of its decoded text.
    Inside(NodeId, Range<usize>),
    /// Bytes that the reader pointed out.
    Bytes(Range<usize>),
}

impl From<NodeId> for At {
    fn from(node: NodeId) -> Self {
        At::Node(node)
    }
}

/// A place that takes time to find out: only what has room in the report is looked up.
pub(crate) struct Lookup<F>(pub F);

impl<P: Into<At>, F: FnOnce() -> P> From<Lookup<F>> for At {
    fn from(lookup: Lookup<F>) -> Self {
        lookup.0().into()
    }
}

/// A rule that is on, and how grave its findings are in this run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Active {
    pub rule: &'static Rule,
    /// The rule's place in the catalogue.
    pub index: usize,
    pub severity: Severity,
}

/// A finding in the line at hand, not yet located.
#[derive(Debug)]
pub(crate) struct Pending {
    pub active: Active,
    pub at: At,
    pub message: String,
    pub help: Option<String>,
    pub fix: Option<Fix>,
    /// Only in runs that ask for repairs.
    pub repair: Option<Repair>,
}

impl Pending {
    /// The finding, at its place.
    pub(crate) fn into_finding(self, place: Place) -> Finding {
        let Pending { active, message, help, fix, .. } = self;
        let mut finding = Finding::new(active.rule, active.severity, message, help, Some(place));
        finding.fix = fix;
        finding
    }
}

/// What rules found in the lines of a chunk: how much, and of the line at hand what may be shown.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub counts: Vec<Tally>,
    /// How many findings of each rule may still be kept in this chunk.
    pub room: Vec<u64>,
    pub pending: Vec<Pending>,
    /// The number of the example at hand in its chunk; 0 for what is none.
    pub example: u64,
    /// Whether what was reported last was kept.
    kept: bool,
    /// Whether an error was reported since this was last asked.
    erred: bool,
}

impl Notes {
    /// Begins a chunk of whose findings there is this room for, rule by rule.
    pub(crate) fn start(&mut self, room: impl IntoIterator<Item = u64>) {
        self.room.clear();
        self.room.extend(room);
        self.counts = vec![Tally::default(); self.room.len()];
    }

    /// Whether an error was reported since this was last asked.
    pub(crate) fn take_erred(&mut self) -> bool {
        std::mem::take(&mut self.erred)
    }

    /// Takes what a rule finds.
    #[inline(always)]
    pub(crate) fn sink<'s>(&'s mut self, settings: &'s Settings, active: Active) -> Sink<'s> {
        Sink { settings, active, notes: self }
    }
}

/// Takes what a rule finds in a line. Everything is counted; only what may be shown is written out.
#[derive(Debug)]
pub struct Sink<'s> {
    settings: &'s Settings,
    active: Active,
    notes: &'s mut Notes,
}

impl<'s> Sink<'s> {
    /// The provider that the data is for.
    #[must_use]
    pub fn target(&self) -> &'s Target {
        self.settings.target
    }

    /// What the run was asked to do.
    #[must_use]
    pub fn settings(&self) -> &'s Settings {
        self.settings
    }

    /// Reports a fault, with the help of the rule.
    pub fn report(&mut self, at: impl Into<At>, message: fmt::Arguments<'_>) {
        self.report_with(at, message, || None);
    }

    /// Reports a fault, with better help than that of the rule if there is any.
    pub fn report_with(
        &mut self,
        at: impl Into<At>,
        message: fmt::Arguments<'_>,
        help: impl FnOnce() -> Option<String>,
    ) {
        let index = self.active.index;
        let notes = &mut *self.notes;
        notes.counts[index].find(notes.example);
        // Also where the target is lenient.
        notes.erred |= self.active.severity == Severity::Error || self.active.rule.level == Some(Severity::Error);
        notes.kept = notes.room[index] > 0;
        if notes.kept {
            notes.room[index] -= 1;
            let (at, message, help) = (at.into(), message.to_string(), help());
            notes.pending.push(Pending { active: self.active, at, message, help, fix: None, repair: None });
        }
    }

    /// Offers to mend what was reported last.
    pub fn mend(&mut self, fix: Fix, repair: impl FnOnce() -> Repair) {
        self.notes.counts[self.active.index].offer(Some(fix));
        if self.notes.kept
            && let Some(last) = self.notes.pending.last_mut()
        {
            last.fix = Some(fix);
            last.repair = self.settings.repairs.then(repair);
        }
    }

    /// Offers to undo the slip of syntax that was reported last, if the reader can.
    pub fn undo(&mut self, broken: &Broken) {
        match broken.undo.as_ref().map(|undo| undo.certainty) {
            Some(Certainty::Certain) => self.mend(Fix::Safe, || Repair::Undo),
            Some(Certainty::Likely) => self.mend(Fix::Unsafe, || Repair::Undo),
            None => {}
        }
    }
}

/// Takes what a rule finds in a file as a whole.
#[derive(Debug)]
pub struct FileSink<'s> {
    pub(crate) settings: &'s Settings,
    pub(crate) active: Active,
    pub(crate) findings: &'s mut Vec<Finding>,
}

impl<'s> FileSink<'s> {
    /// The provider that the data is for.
    #[must_use]
    pub fn target(&self) -> &'s Target {
        self.settings.target
    }

    /// What the run was asked to do.
    #[must_use]
    pub fn settings(&self) -> &'s Settings {
        self.settings
    }

    /// Reports a fault of the file, at `place` if one line shows it best.
    pub fn report(&mut self, place: Option<&Place>, message: fmt::Arguments<'_>) {
        self.report_with(place, message, None);
    }

    /// Reports a fault of the file with better help than that of the rule.
    pub fn report_with(&mut self, place: Option<&Place>, message: fmt::Arguments<'_>, help: Option<String>) {
        let Active { rule, severity, .. } = self.active;
        self.findings.push(Finding::new(rule, severity, message.to_string(), help, place.cloned()));
    }
}
