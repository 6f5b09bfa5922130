//! What a rule is, when it is asked, and what it may see.

use std::fmt;
use std::ops::Range;

use crate::dataset::FileFacts;
use crate::example::{Example, Features, Message};
use crate::finding::{Finding, Place, Severity};
use crate::json::syntax::Broken;
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
    /// Once for each file, when all of it is known.
    File(FileCheck),
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
}

/// Takes what a rule finds in a line. Everything is counted; only what may be shown is written out.
#[derive(Debug)]
pub struct Sink<'s> {
    pub(crate) settings: &'s Settings,
    pub(crate) active: Active,
    pub(crate) counts: &'s mut [u64],
    /// How many findings of each rule may still be kept in this chunk.
    pub(crate) room: &'s mut [u64],
    pub(crate) pending: &'s mut Vec<Pending>,
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
        self.counts[index] += 1;
        if self.room[index] > 0 {
            self.room[index] -= 1;
            let (at, message, help) = (at.into(), message.to_string(), help());
            self.pending.push(Pending { active: self.active, at, message, help });
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
        self.findings.push(Finding {
            rule: self.active.rule,
            severity: self.active.severity,
            message: message.to_string(),
            help,
            place: place.cloned(),
        });
    }
}
