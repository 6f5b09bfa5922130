//! Which tools examples have, and which they use.

use std::collections::BTreeMap;

use crate::example::Example;

/// The tools of a file by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolFacts {
    by_name: BTreeMap<String, ToolUse>,
    /// Declarations and calls of tools that came when no more names were kept.
    pub nameless: u64,
    /// Examples that have tools.
    pub examples: u64,
}

/// How one tool is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToolUse {
    /// Examples that have it.
    pub declared: u64,
    /// Examples that call it.
    pub called: u64,
    /// All calls of it.
    pub calls: u64,
}

/// How many different names are kept, and how many bytes of one: more than any service takes.
const NAMES: usize = 10_000;
const NAME: usize = 128;

impl ToolFacts {
    pub(crate) fn add(&mut self, example: &Example<'_>) {
        let mut declared: Vec<&str> =
            example.conversation.functions().filter_map(|function| function.name.value()).collect();
        declared.sort_unstable();
        declared.dedup();
        self.examples += u64::from(!declared.is_empty());
        for name in declared {
            self.note(name, ToolUse { declared: 1, ..ToolUse::default() });
        }
        let mut called: Vec<&str> = example.calls().filter_map(|call| call.name.value()).collect();
        called.sort_unstable();
        for calls in called.chunk_by(|one, other| one == other) {
            self.note(calls[0], ToolUse { declared: 0, called: 1, calls: calls.len() as u64 });
        }
    }

    fn note(&mut self, name: &str, more: ToolUse) {
        let name = &name[..name.floor_char_boundary(NAME)];
        if let Some(known) = self.by_name.get_mut(name) {
            known.declared += more.declared;
            known.called += more.called;
            known.calls += more.calls;
        } else if self.by_name.len() < NAMES {
            self.by_name.insert(name.to_owned(), more);
        } else {
            self.nameless += more.declared + more.calls;
        }
    }

    pub(crate) fn merge(&mut self, next: ToolFacts) {
        for (name, more) in next.by_name {
            self.note(&name, more);
        }
        self.nameless += next.nameless;
        self.examples += next.examples;
    }

    /// How many different tools there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// All calls.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.by_name.values().map(|tool| tool.calls).sum()
    }

    /// The tools, those that are called most first, of equals those that most examples have.
    #[must_use]
    pub fn by_use(&self) -> Vec<(&str, ToolUse)> {
        let mut tools: Vec<_> = self.by_name.iter().map(|(name, tool)| (name.as_str(), *tool)).collect();
        tools.sort_by_key(|(_, tool)| std::cmp::Reverse((tool.calls, tool.declared)));
        tools
    }
}
