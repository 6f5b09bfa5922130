//! The tools that lines declare and call, and how their definitions compare.
//!
//! What is kept is bounded, and so is the time.

use std::collections::HashMap;

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;
use hashbrown::HashTable;

use crate::example::{Example, Features, Function};
use crate::finding::Place;
use crate::json::{Digested, Doc, Kind, Memo, NodeId, ObjectDigest, digest_of_text};

/// So many names are told apart.
const NAMES: usize = 65_536;
/// Longer names, in bytes, are no names of tools.
const NAME: usize = 256;
/// So many definitions of one name are told apart.
const DEFINITIONS: usize = 8;
/// Of so many tools of a file it is kept where they are defined otherwise than before.
const SIGHTED: usize = 100;

/// The tools of a file.
#[derive(Debug, Default)]
pub struct ToolFacts {
    /// The lines that declare tools.
    pub lines: u64,
    /// In the order in which they came.
    tools: Vec<ToolUse>,
    /// Their places, by their names.
    numbers: HashTable<usize>,
    /// All calls, also of tools that are not among these.
    calls: u64,
    /// How many of the tools are defined otherwise somewhere, as far as that is kept.
    sighted: usize,
    /// Whether there were more names.
    further: bool,
}

/// What is known of the tools of one name.
#[derive(Debug)]
pub struct ToolUse {
    /// The name.
    pub name: Box<str>,
    /// Its hash.
    hash: u64,
    /// The lines that declare it.
    pub lines: u64,
    /// The lines that call it, whether it is declared there or not.
    pub called: u64,
    /// All calls of it.
    pub calls: u64,
    /// Its first definition that is not the one that came first in all files.
    odd: Option<Odd>,
    /// What its first definition does not say of parameters, if that was asked for.
    pub undescribed: Option<Undescribed>,
    definitions: Vec<Definition>,
    /// The line that declares it last: of two definitions in one line the first counts.
    last_line: u64,
    /// The line that calls it last.
    last_call: u64,
}

#[derive(Debug)]
struct Definition {
    parts: Parts,
    lines: u64,
    /// The first of them.
    line: u64,
    /// Where it stands in the chunk, as long as that is at hand.
    spot: Option<Spot>,
}

/// Where a definition stands in its chunk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub line: u64,
    /// Its number among the examples of the chunk.
    pub example: u64,
    /// The byte at which its line starts.
    pub offset: usize,
    /// The definition.
    pub function: NodeId,
}

/// The definitions of an example, in the order of the text.
#[derive(Debug)]
pub(crate) struct Declared<'a> {
    functions: BumpVec<'a, (&'a Function<'a>, Parts)>,
    /// Each as a whole, for who needs the digest of more.
    pub digests: BumpVec<'a, Digested>,
}

impl<'a> Declared<'a> {
    /// What is repeated is taken from `known`.
    pub(crate) fn of(example: &Example<'a>, arena: &'a Bump, known: &mut Memo<DeclaredParts>) -> Self {
        let mut functions = BumpVec::new_in(arena);
        let mut digests = BumpVec::new_in(arena);
        if example.features.intersects(Features::TOOLS) {
            let mut all = BumpVec::from_iter_in(example.conversation.functions(), arena);
            all.sort_by_key(|function| function.at);
            for function in all {
                let identity = example.doc.identity(function.at);
                let DeclaredParts { parts, digest } = known.get(identity, || Parts::of(example.doc, function.at));
                functions.push((function, parts));
                digests.push(Digested { at: function.at, digest });
            }
        }
        Declared { functions, digests }
    }
}

/// What a definition consists of, as digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts {
    description: u64,
    parameters: u64,
    /// All other keys.
    others: u64,
}

/// The parts of a definition, and the digest of all of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeclaredParts {
    parts: Parts,
    digest: u64,
}

/// A definition that is not the first of its tool.
#[derive(Debug)]
struct Odd {
    parts: Parts,
    sight: Sight,
}

/// Where something was seen that is seldom shown: its place in the file is worked out only if it is.
#[derive(Debug)]
pub(crate) enum Sight {
    /// A copy of its line, and where that stands.
    Line {
        bytes: Box<[u8]>,
        /// The physical line, counted from 1.
        line: u64,
        /// Its number among the examples.
        example: u64,
        /// The byte of the file at which it starts.
        offset: u64,
        /// The definition.
        function: NodeId,
    },
    /// The place, of lines that are too long to be copied.
    Place(Place),
}

/// Parameters without a description.
#[derive(Debug)]
pub struct Undescribed {
    /// Their names; those inside others as `outer.inner`.
    pub names: Vec<String>,
    /// Where the tool is defined.
    pub place: Place,
}

impl ToolFacts {
    /// Adds what an example declares and calls. `spot` says where it stands; its `function` is of no account.
    pub(crate) fn add(&mut self, example: &Example<'_>, declared: &Declared<'_>, spot: Spot) {
        for &(function, parts) in &declared.functions {
            if let Some(tool) = function.name.value().and_then(|name| self.tool(name, digest_of_text(name))) {
                tool.declare(parts, Spot { function: function.at, ..spot });
            }
        }
        self.lines += u64::from(!declared.functions.is_empty());
        for call in example.calls() {
            let Some(name) = call.name.value() else { continue };
            self.calls += 1;
            if let Some(tool) = self.tool(name, digest_of_text(name)) {
                tool.calls += 1;
                tool.called += u64::from(tool.last_call != spot.line);
                tool.last_call = spot.line;
            }
        }
    }

    /// The tool of this name, which is new if there was none.
    fn tool(&mut self, name: &str, hash: u64) -> Option<&mut ToolUse> {
        let number = match self.number(name, hash) {
            Some(number) => number,
            None if self.tools.len() >= NAMES || name.len() > NAME => {
                self.further = true;
                return None;
            }
            None => {
                let number = self.tools.len();
                self.tools.push(ToolUse::new(name, hash));
                self.numbers.insert_unique(hash, number, |&number| self.tools[number].hash);
                number
            }
        };
        self.tools.get_mut(number)
    }

    fn number(&self, name: &str, hash: u64) -> Option<usize> {
        self.numbers.find(hash, |&number| &*self.tools[number].name == name).copied()
    }

    /// Adds the facts of what follows after so many lines, in which [`look_at`](Self::look_at) has looked at the tools.
    pub(super) fn merge(&mut self, next: ToolFacts, lines: u64) {
        self.lines += next.lines;
        self.calls += next.calls;
        self.further |= next.further;
        let mut sighted = 0;
        for tool in next.tools {
            let Some(known) = self.tool(&tool.name, tool.hash) else { continue };
            let is_new = known.lines == 0;
            known.lines += tool.lines;
            known.called += tool.called;
            known.calls += tool.calls;
            if known.odd.is_none() {
                sighted += usize::from(tool.odd.is_some());
                known.odd = tool.odd;
            }
            if is_new {
                known.undescribed = tool.undescribed;
            }
            for definition in tool.definitions {
                let same = known.definitions.iter_mut().find(|known| known.parts == definition.parts);
                if let Some(same) = same {
                    same.lines += definition.lines;
                } else if known.definitions.len() < DEFINITIONS {
                    let line = definition.line + lines;
                    known.definitions.push(Definition { line, spot: None, ..definition });
                }
            }
        }
        self.sighted += sighted;
    }

    /// The tools that are declared or called, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = &ToolUse> {
        self.tools.iter()
    }

    /// How many different tools there are, or at least if there are [further](Self::has_further).
    #[must_use]
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }

    /// Whether there are tools that are not told apart: then what is told of each is the least that holds.
    #[must_use]
    pub fn has_further(&self) -> bool {
        self.further
    }

    /// All calls.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// The tools, those that are called most first, of equals those that most lines declare, then by name.
    #[must_use]
    pub fn by_use(&self) -> Vec<&ToolUse> {
        let mut tools: Vec<_> = self.iter().collect();
        tools.sort_by_key(|tool| (std::cmp::Reverse((tool.calls, tool.lines)), &tool.name));
        tools
    }

    /// The tools that are declared and that no line calls; none if there were too many tools to tell.
    pub fn unused(&self) -> impl Iterator<Item = &ToolUse> {
        self.iter().filter(|tool| !self.further && tool.is_unused())
    }

    /// How many they are; `None` if there were too many tools to tell.
    #[must_use]
    pub fn unused_count(&self) -> Option<u64> {
        (!self.further).then(|| self.unused().count() as u64)
    }

    /// Keeps of the chunk `next`, which follows, what may be reported of its definitions: of those that are not the one that
    /// came first what `sight` says, and of the first of each tool what `undescribed` says, which is asked once for all of a
    /// line, in their order. Both give places in the file.
    pub(crate) fn look_at(
        &self,
        next: &mut ToolFacts,
        before: &KnownTools,
        undescribed: Option<impl FnMut(&[Spot]) -> Vec<Option<Undescribed>>>,
        mut sight: impl FnMut(Spot) -> Option<Sight>,
    ) {
        if let Some(undescribed) = undescribed {
            self.look_at_parameters(next, undescribed);
        }
        let mut sighted = self.sighted;
        for tool in &mut next.tools {
            let Some(own) = tool.definitions.first() else { continue };
            let known = self.number(&tool.name, tool.hash).map(|number| &self.tools[number]);
            let known = known.filter(|known| known.lines > 0);
            // Of most runs this is the first file, and there is nothing to look up.
            let before = if before.tools.is_empty() { None } else { before.tools.get(&tool.name) };
            let first = before.map(|before| before.definitions[0].0);
            let first = first.or(known.map(|known| known.definitions[0].parts)).unwrap_or(own.parts);
            let odd = tool.definitions.iter().find(|definition| definition.parts != first);
            if let Some(Definition { parts, spot: Some(spot), .. }) = odd
                && known.is_none_or(|known| known.odd.is_none())
                && sighted < SIGHTED
                && let Some(sight) = sight(*spot)
            {
                tool.odd = Some(Odd { parts: *parts, sight });
                sighted += 1;
            }
        }
    }
}

impl ToolFacts {
    /// Asks `undescribed` about the first definition of each tool of the chunk `next` that none was known of.
    fn look_at_parameters(
        &self,
        next: &mut ToolFacts,
        mut undescribed: impl FnMut(&[Spot]) -> Vec<Option<Undescribed>>,
    ) {
        let is_known =
            |tool: &ToolUse| self.number(&tool.name, tool.hash).is_some_and(|number| self.tools[number].lines > 0);
        let mut first: Vec<(Spot, usize)> = (0..next.tools.len())
            .filter(|number| !is_known(&next.tools[*number]))
            .filter_map(|number| Some((next.tools[number].definitions.first()?.spot?, number)))
            .collect();
        // A line is read once, however many tools it defines.
        first.sort_by_key(|(spot, _)| (spot.offset, spot.function));
        for of_line in first.chunk_by(|(one, _), (other, _)| one.offset == other.offset) {
            let spots: Vec<Spot> = of_line.iter().map(|(spot, _)| *spot).collect();
            for ((_, number), found) in of_line.iter().zip(undescribed(&spots)) {
                next.tools[*number].undescribed = found;
            }
        }
    }
}

impl ToolUse {
    /// Whether it is declared, and never called.
    #[must_use]
    pub fn is_unused(&self) -> bool {
        self.lines > 0 && self.calls == 0
    }

    fn new(name: &str, hash: u64) -> Self {
        ToolUse {
            name: name.into(),
            hash,
            lines: 0,
            called: 0,
            calls: 0,
            odd: None,
            undescribed: None,
            definitions: Vec::new(),
            last_line: 0,
            last_call: 0,
        }
    }

    fn declare(&mut self, parts: Parts, spot: Spot) {
        if self.last_line == spot.line {
            return;
        }
        self.last_line = spot.line;
        self.lines += 1;
        if let Some(known) = self.definitions.iter_mut().find(|known| known.parts == parts) {
            known.lines += 1;
        } else if self.definitions.len() < DEFINITIONS {
            self.definitions.push(Definition { parts, lines: 1, line: spot.line, spot: Some(spot) });
        }
    }
}

impl Parts {
    fn of(doc: &Doc<'_>, function: NodeId) -> DeclaredParts {
        let mut parts = Parts { description: 0, parameters: 0, others: 0 };
        let mut whole = ObjectDigest::new();
        for member in doc.members(function) {
            let digest = doc.digest(member.value);
            whole.add(member.key, digest);
            match member.key {
                "name" => {}
                "description" => parts.description = digest,
                // To say that there are none is to say nothing.
                "parameters" if takes_nothing(doc, member.value) => {}
                "parameters" => parts.parameters = digest,
                // To write what holds anyway changes nothing.
                "strict" if doc.bool(member.value) != Some(true) => {}
                key => parts.others = parts.others.wrapping_add(digest ^ digest_of_text(key)),
            }
        }
        DeclaredParts { parts, digest: whole.finish() }
    }
}

/// Whether a schema is one of an object of which nothing is said.
fn takes_nothing(doc: &Doc<'_>, schema: NodeId) -> bool {
    doc.kind(schema) == Kind::Object
        && doc.members(schema).all(|member| match member.key {
            "type" => doc.str(member.value) == Some("object"),
            "properties" => doc.kind(member.value) == Kind::Object && doc.count(member.value) == 0,
            "required" => doc.kind(member.value) == Kind::Array && doc.count(member.value) == 0,
            _ => false,
        })
}

/// The parameters of a function that have no description, those of parameters included.
pub(crate) fn undescribed(doc: &Doc<'_>, function: NodeId) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(parameters) = doc.get(function, "parameters") {
        collect(doc, parameters, &mut String::new(), &mut names);
    }
    names
}

fn collect(doc: &Doc<'_>, schema: NodeId, path: &mut String, names: &mut Vec<String>) {
    if doc.kind(schema) != Kind::Object {
        return;
    }
    for member in doc.members(schema) {
        match member.key {
            "properties" => {
                for property in doc.members(member.value).filter(|property| doc.kind(property.value) == Kind::Object) {
                    let length = path.len();
                    path.push_str(if length > 0 { "." } else { "" });
                    path.push_str(property.key);
                    let said = doc.get(property.value, "description").and_then(|said| doc.str(said));
                    if said.is_none_or(|said| said.trim().is_empty()) {
                        names.push(path.clone());
                    }
                    collect(doc, property.value, path, names);
                    path.truncate(length);
                }
            }
            "items" => collect(doc, member.value, path, names),
            _ => {}
        }
    }
}

/// The tools of all files that were read so far.
#[derive(Debug, Default)]
pub struct KnownTools {
    /// The lines that declare tools.
    lines: u64,
    files: Vec<String>,
    tools: HashMap<Box<str>, KnownTool>,
}

#[derive(Debug)]
struct KnownTool {
    lines: u64,
    /// The file and the line of the first definition.
    file: usize,
    line: u64,
    /// The definitions in the order in which they came, each with its lines.
    definitions: Vec<(Parts, u64)>,
}

/// A tool that is nearly always defined in one way, and in a file otherwise.
#[derive(Debug)]
pub struct InconsistentTool {
    /// Its name.
    pub name: String,
    /// The first place in the file where it is defined otherwise than where it came first.
    pub place: Place,
    /// The file in which it came first, if that is another.
    pub first_file: Option<String>,
    /// The line there.
    pub first_line: u64,
    /// The lines so far that declare it, how many of them as the first, and in how many ways.
    pub lines: u64,
    /// See `lines`.
    pub as_first: u64,
    /// See `lines`. There may be more than are told apart.
    pub definitions: u64,
    /// Whether the descriptions differ.
    pub description: bool,
    /// Whether the parameters differ.
    pub parameters: bool,
}

impl KnownTools {
    /// Adds the tools of a file. The tools that are defined otherwise than before, as far as that looks like a slip, where
    /// `place` says.
    pub(crate) fn add(
        &mut self,
        name: &str,
        file: &ToolFacts,
        place: impl Fn(&Sight) -> Option<Place>,
    ) -> Vec<InconsistentTool> {
        if file.lines == 0 {
            return Vec::new();
        }
        let number = self.files.len();
        self.files.push(name.to_owned());
        self.lines += file.lines;
        let mut inconsistent = Vec::new();
        for tool in file.tools.iter().filter(|tool| !tool.definitions.is_empty()) {
            if self.tools.len() >= NAMES && !self.tools.contains_key(&tool.name) {
                continue;
            }
            let known = self.tools.entry(tool.name.clone()).or_insert_with(|| KnownTool {
                lines: 0,
                file: number,
                line: tool.definitions[0].line,
                definitions: Vec::new(),
            });
            known.lines += tool.lines;
            for definition in &tool.definitions {
                let same = known.definitions.iter_mut().find(|(parts, _)| *parts == definition.parts);
                if let Some((_, lines)) = same {
                    *lines += definition.lines;
                } else if known.definitions.len() < DEFINITIONS {
                    known.definitions.push((definition.parts, definition.lines));
                }
            }
            if let Some(odd) = tool.odd.as_ref().filter(|_| known.is_one_tool(self.lines))
                && let Some(place) = place(&odd.sight)
            {
                let (first, as_first) = known.definitions[0];
                inconsistent.push(InconsistentTool {
                    name: tool.name.to_string(),
                    place,
                    first_file: (known.file != number).then(|| self.files[known.file].clone()),
                    first_line: known.line,
                    lines: known.lines,
                    as_first,
                    definitions: known.definitions.len() as u64,
                    description: odd.parts.description != first.description,
                    parameters: odd.parts.parameters != first.parameters,
                });
            }
        }
        inconsistent
    }
}

impl KnownTool {
    /// Whether all lines that declare this name mean one tool. In collections of many people's tools they do not: each
    /// `search` there is another. A tool of one's own stands in many lines, or it is nearly always defined in one way.
    fn is_one_tool(&self, lines: u64) -> bool {
        let usual = self.definitions.iter().map(|(_, lines)| *lines).max().unwrap_or(0);
        self.lines * 4 >= lines || self.lines >= 10 && usual * 10 >= self.lines * 9
    }
}
