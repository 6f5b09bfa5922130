//! One JSON text as a flat tape of nodes, with the byte span of every node on demand.
//!
//! Ordinary lines are read in one pass; the others are copied into a padded scratch buffer and parsed there by simd-json.
//! Either way the original bytes stay as they are for spans and reports. What simd-json refuses is explained
//! by [`syntax`]; nothing here decides whether a line is good.
//!
//! A node is addressed by [`NodeId`], its place on the tape. An id still tells two members with the
//! same key apart, which a JSON pointer cannot; pointers are only written for people ([`Doc::pointer`])
//! and read for tests ([`Doc::resolve`]).

mod digest;
pub(crate) mod elements;
pub(crate) mod encoded;
mod identity;
#[cfg(target_arch = "x86_64")]
mod one_pass;
mod outline;
mod pointer;
mod scratch;
pub mod syntax;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fmt;
use std::ops::Range;

use simd_json::{Buffers, Node, StaticNode, Tape};

pub(crate) use digest::{ArrayDigest, Digested, ObjectDigest, of_text as digest_of_text};
pub(crate) use identity::Memo;
use identity::Repeat;
#[cfg(target_arch = "x86_64")]
use one_pass::OnePass;
use outline::Outline;
use scratch::Scratch;

/// Deepest nesting that is read; deeper lines are refused (json.org sets no limit, but
/// Python's parser and serde_json stop at about 1,000 and 128).
pub const MAX_DEPTH: usize = 128;

/// Objects with more members than this are not compared pair by pair.
const FEW: usize = 12;

/// One bit of 64: keys with different bits are different.
fn mark(key: &str) -> u64 {
    let ends = key.as_bytes().first().map_or(0, |first| first ^ key.as_bytes()[key.len() - 1].rotate_left(3));
    1 << ((usize::from(ends) ^ key.len() << 2) & 63)
}

/// The memory of a parser, reused from line to line. One per thread.
pub struct Parser {
    #[cfg(target_arch = "x86_64")]
    one_pass: Option<OnePass>,
    simd_json: RefCell<SimdJson>,
    spare: Cell<Vec<Node<'static>>>,
}

/// What simd-json takes.
struct SimdJson {
    scratch: Scratch,
    buffers: Buffers,
}

/// The text is not JSON, or not JSON that can be read; [`syntax`] says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text is not JSON")
    }
}

impl Error for Refused {}

#[cfg_attr(not(target_arch = "x86_64"), expect(clippy::derivable_impls, reason = "elsewhere there is more to do"))]
impl Default for Parser {
    fn default() -> Self {
        Parser {
            #[cfg(target_arch = "x86_64")]
            one_pass: OnePass::new(),
            ..Parser::portable()
        }
    }
}

impl Parser {
    /// A parser that leaves all texts to simd-json, as it is done where the processor has no AVX2. Where a place in each
    /// text is asked for, it is the faster one: only simd-json lists places.
    #[must_use]
    pub fn portable() -> Self {
        let buffers = Buffers::with_max_depth(0, MAX_DEPTH);
        Parser {
            #[cfg(target_arch = "x86_64")]
            one_pass: None,
            simd_json: RefCell::new(SimdJson { scratch: Scratch::default(), buffers }),
            spare: Cell::default(),
        }
    }

    /// Parses one JSON text. White space around it is allowed, anything else is not.
    ///
    /// # Errors
    /// [`Refused`] for what is not JSON, and for lone surrogates, numbers beyond `f64`, nesting
    /// deeper than [`MAX_DEPTH`] and texts over 4 GiB.
    pub fn parse<'p>(&'p mut self, source: &'p [u8]) -> Result<Doc<'p>, Refused> {
        let spare = &self.spare;
        let mut tape = Tape(spare.take()).reset();
        let doc = |tape: Tape<'p>, structurals, seen| Doc {
            source,
            nodes: tape.0,
            structurals,
            seen,
            outline: OnceCell::new(),
            spare,
        };
        #[cfg(target_arch = "x86_64")]
        if let Some(one_pass) = &mut self.one_pass
            && let Some(seen) = one_pass.read(source, &mut tape.0)
        {
            return Ok(doc(tape, Structurals::Unlisted(&self.simd_json, OnceCell::new()), Some(seen)));
        }
        match self.simd_json.get_mut().parse(source, &mut tape) {
            Ok(list) => Ok(doc(tape, Structurals::Listed(list), None)),
            Err(refused) => {
                spare.set(tape.reset().0);
                Err(refused)
            }
        }
    }
}

impl SimdJson {
    /// Fills the tape, and lists the structural characters.
    fn parse<'p>(&'p mut self, source: &[u8], tape: &mut Tape<'p>) -> Result<&'p [u32], Refused> {
        // simd-json would refuse it too, but only after all of it was copied.
        if u32::try_from(source.len()).is_err() {
            return Err(Refused);
        }
        let scratch = self.scratch.copy(source, simd_json::INPUT_PADDING);
        simd_json::fill_tape_padded(scratch, source.len(), &mut self.buffers, tape).map_err(|_| Refused)?;
        Ok(self.buffers.structural_indexes())
    }
}

/// A parsed JSON text. Node 0 is the root.
pub struct Doc<'p> {
    source: &'p [u8],
    nodes: Vec<Node<'p>>,
    structurals: Structurals<'p>,
    seen: Option<Seen<'p>>,
    outline: OnceCell<Vec<Outline>>,
    spare: &'p Cell<Vec<Node<'static>>>,
}

/// Every `{ } [ ] : ,`, every opening quote and every first byte of a scalar.
enum Structurals<'p> {
    Listed(&'p [u32]),
    /// To be listed when they are asked for: most texts are in order, and nothing in them is shown.
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "there is no other way than simd-json's"))]
    Unlisted(&'p RefCell<SimdJson>, OnceCell<Vec<u32>>),
}

/// What was seen in passing of a text that was read in one pass.
struct Seen<'p> {
    /// The objects that may have a key twice, in any order.
    suspects: &'p [u32],
    /// The values that were met before.
    repeats: &'p [Repeat],
}

impl fmt::Debug for Doc<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doc").field("nodes", &self.nodes).finish_non_exhaustive()
    }
}

impl Drop for Doc<'_> {
    fn drop(&mut self) {
        self.spare.set(Tape(std::mem::take(&mut self.nodes)).reset().0);
    }
}

/// The place of a value (or of a key) on the tape of a [`Doc`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The whole text.
    pub const ROOT: NodeId = NodeId(0);

    fn new(index: usize) -> NodeId {
        // simd-json refuses texts over 4 GiB, and no node is shorter than a byte.
        NodeId(u32::try_from(index).expect("a tape has fewer than 2^32 nodes"))
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number written without fraction or exponent that fits 64 bits.
    Integer,
    /// Any other number.
    Number,
    /// A string
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

impl Kind {
    /// With its article, for messages.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Integer => "an integer",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }
}

/// A range, of bytes if nothing else is said, that can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first place.
    pub start: usize,
    /// The place behind the last.
    pub end: usize,
}

impl From<Range<usize>> for Extent {
    fn from(range: Range<usize>) -> Self {
        Extent { start: range.start, end: range.end }
    }
}

impl From<Extent> for Range<usize> {
    fn from(extent: Extent) -> Self {
        extent.start..extent.end
    }
}

/// One member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The key, decoded.
    pub key: &'a str,
    /// Where the key stands.
    pub key_at: NodeId,
    /// Where the value stands.
    pub value: NodeId,
}

/// See [`Doc::members`].
struct Members<'d, 'p> {
    doc: &'d Doc<'p>,
    next: usize,
    left: usize,
}

impl<'p> Iterator for Members<'_, 'p> {
    type Item = Member<'p>;

    // Most of what is done with a member is a few comparisons: as much as a call would be.
    #[inline(always)]
    fn next(&mut self) -> Option<Member<'p>> {
        self.left = self.left.checked_sub(1)?;
        let key_at = self.next;
        let Node::String(key) = self.doc.nodes[key_at] else { unreachable!("a key is a string") };
        self.next = self.doc.after(key_at + 1);
        Some(Member { key, key_at: NodeId::new(key_at), value: NodeId::new(key_at + 1) })
    }
}

impl<'p> Doc<'p> {
    /// The bytes that were parsed.
    #[must_use]
    pub fn source(&self) -> &'p [u8] {
        self.source
    }

    /// How many nodes there are: values and keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: a text that was parsed holds a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The object or array that holds the value or key at `id`; the root is its own.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> NodeId {
        NodeId(self.outline()[id.index()].parent)
    }

    /// The key of the value at `id`; `None` if it is no member of an object.
    #[must_use]
    pub fn key_of(&self, id: NodeId) -> Option<NodeId> {
        let key = NodeId(id.0.checked_sub(1)?);
        let parent = self.parent(id);
        // A key stands right before its value, and shares its number with it.
        let outline = self.outline();
        let is_key = key != parent && outline[key.index()].parent == parent.0;
        let is_same = outline[key.index()].index == outline[id.index()].index;
        (self.kind(parent) == Kind::Object && is_key && is_same).then_some(key)
    }

    /// The value of a member, whose key this is.
    #[must_use]
    pub(crate) fn value_of(&self, key: NodeId) -> NodeId {
        NodeId(key.0 + 1)
    }

    /// What stands at `id`. A key is a string.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> Kind {
        match self.nodes[id.index()] {
            Node::String(_) => Kind::String,
            Node::Object { .. } => Kind::Object,
            Node::Array { .. } => Kind::Array,
            Node::Static(StaticNode::Null) => Kind::Null,
            Node::Static(StaticNode::Bool(_)) => Kind::Bool,
            Node::Static(StaticNode::I64(_) | StaticNode::U64(_)) => Kind::Integer,
            Node::Static(StaticNode::F64(_)) => Kind::Number,
        }
    }

    /// The string at `id`, decoded; `None` if it is something else.
    #[must_use]
    pub fn str(&self, id: NodeId) -> Option<&'p str> {
        match self.nodes[id.index()] {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    /// The number at `id`.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "callers compare with small numbers")]
    pub fn number(&self, id: NodeId) -> Option<f64> {
        match self.nodes[id.index()] {
            Node::Static(StaticNode::I64(number)) => Some(number as f64),
            Node::Static(StaticNode::U64(number)) => Some(number as f64),
            Node::Static(StaticNode::F64(number)) => Some(number),
            _ => None,
        }
    }

    /// The boolean at `id`.
    #[must_use]
    pub fn bool(&self, id: NodeId) -> Option<bool> {
        match self.nodes[id.index()] {
            Node::Static(StaticNode::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// The number of members or elements; 0 for a scalar.
    #[must_use]
    pub fn count(&self, id: NodeId) -> usize {
        match self.nodes[id.index()] {
            Node::Object { len, .. } | Node::Array { len, .. } => len,
            _ => 0,
        }
    }

    /// The members of the object at `id`, in the order of the text; none if it is no object.
    pub fn members(&self, id: NodeId) -> impl Iterator<Item = Member<'p>> + '_ {
        let left = if let Node::Object { len, .. } = self.nodes[id.index()] { len } else { 0 };
        Members { doc: self, next: id.index() + 1, left }
    }

    /// The elements of the array at `id`; none if it is no array.
    pub fn elements(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let len = if let Node::Array { len, .. } = self.nodes[id.index()] { len } else { 0 };
        let mut next = id.index() + 1;
        (0..len).map(move |_| {
            let element = next;
            next = self.after(element);
            NodeId::new(element)
        })
    }

    /// The value of the last member with this key: of two, Python keeps the last.
    #[must_use]
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.members(id).filter(|member| member.key == key).last().map(|member| member.value)
    }

    /// Whether two values are equal, whatever the order of keys. Of a key that stands twice the last value counts.
    #[must_use]
    pub fn is_same(&self, one: NodeId, other: NodeId) -> bool {
        match (&self.nodes[one.index()], &self.nodes[other.index()]) {
            (Node::Object { .. }, Node::Object { .. }) => self.members_are_same(one, other),
            (Node::Array { .. }, Node::Array { .. }) => {
                self.count(one) == self.count(other)
                    && self.elements(one).zip(self.elements(other)).all(|(one, other)| self.is_same(one, other))
            }
            (Node::String(one), Node::String(other)) => one == other,
            _ => match (self.number(one), self.number(other)) {
                (Some(one), Some(other)) => one == other,
                (None, None) => self.kind(one) == self.kind(other) && self.bool(one) == self.bool(other),
                _ => false,
            },
        }
    }

    fn members_are_same(&self, one: NodeId, other: NodeId) -> bool {
        let in_order = self.members(one).zip(self.members(other)).all(|(one, other)| one.key == other.key);
        if in_order && self.count(one) == self.count(other) {
            let mut pairs = self.members(one).zip(self.members(other));
            return pairs.all(|(one, other)| self.is_same(one.value, other.value));
        }
        let last: HashMap<&str, NodeId> = self.members(other).map(|member| (member.key, member.value)).collect();
        let own: HashMap<&str, NodeId> = self.members(one).map(|member| (member.key, member.value)).collect();
        let found = |(key, value): (&&str, &NodeId)| last.get(key).is_some_and(|other| self.is_same(*value, *other));
        own.len() == last.len() && own.iter().all(found)
    }

    /// Calls `report` with each object that has a key twice and with the second place of that key, object by object.
    pub fn repeated_keys(&self, mut report: impl FnMut(NodeId, NodeId)) {
        let mut seen = HashSet::new();
        match &self.seen {
            Some(Seen { suspects: [], .. }) => {}
            Some(Seen { suspects, .. }) => {
                let mut suspects = suspects.to_vec();
                suspects.sort_unstable();
                suspects.dedup();
                suspects.into_iter().for_each(|object| self.repeated_keys_of(NodeId(object), &mut seen, &mut report));
            }
            None => self.ids().for_each(|object| self.repeated_keys_of(object, &mut seen, &mut report)),
        }
    }

    /// The same for one value. `seen` is memory that is reused.
    fn repeated_keys_of(&self, object: NodeId, seen: &mut HashSet<&'p str>, report: &mut impl FnMut(NodeId, NodeId)) {
        let Node::Object { len: len @ 2.., .. } = self.nodes[object.index()] else { return };
        // Objects are small: comparing all pairs is cheaper than hashing, until it is not.
        if len <= FEW {
            let mut marks = 0_u64;
            for (place, member) in self.members(object).enumerate() {
                // Most keys differ in their length or their ends, and need not be compared.
                let mark = mark(member.key);
                let is_known = || self.members(object).take(place).any(|before| before.key == member.key);
                if marks & mark != 0 && is_known() {
                    report(object, member.key_at);
                }
                marks |= mark;
            }
        } else {
            // To clear a set takes as long as it once was large.
            if seen.capacity() > 64 * len {
                *seen = HashSet::new();
            }
            seen.clear();
            for member in self.members(object) {
                if !seen.insert(member.key) {
                    report(object, member.key_at);
                }
            }
        }
    }

    /// Every string of the text, keys included, in order.
    pub fn strings(&self) -> impl Iterator<Item = (NodeId, &'p str)> + '_ {
        self.nodes.iter().enumerate().filter_map(|(index, node)| match node {
            Node::String(text) => Some((NodeId::new(index), *text)),
            _ => None,
        })
    }

    /// All ids in the order of the text.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId::new)
    }

    /// Whether the value at `inner` stands in the one at `outer`.
    #[must_use]
    pub fn holds(&self, outer: NodeId, inner: NodeId) -> bool {
        (outer.index() + 1..self.after(outer.index())).contains(&inner.index())
    }

    /// The index of the first node behind the value at `index`.
    fn after(&self, index: usize) -> usize {
        match self.nodes[index] {
            Node::Object { count, .. } | Node::Array { count, .. } => index + 1 + count,
            _ => index + 1,
        }
    }

    /// The bytes of the node in [`Doc::source`]: of a string with its quotes, of an object with its
    /// braces. All of them if the source, a mapped file, has changed since it was parsed.
    #[must_use]
    pub fn span(&self, id: NodeId) -> Range<usize> {
        let outline = self.outline()[id.index()];
        let structurals = self.structurals();
        if structurals.is_empty() {
            return 0..self.source.len();
        }
        let start = structurals[outline.first as usize] as usize;
        let end = match self.nodes[id.index()] {
            Node::Object { .. } | Node::Array { .. } => structurals[outline.last as usize] as usize + 1,
            _ => {
                let next = structurals.get(outline.last as usize + 1);
                let room = &self.source[start..next.map_or(self.source.len(), |&next| next as usize)];
                start + room.trim_ascii_end().len()
            }
        };
        start..end
    }

    /// The text of the node as it stands in [`Doc::source`].
    #[must_use]
    pub fn raw(&self, id: NodeId) -> &'p [u8] {
        &self.source[self.span(id)]
    }

    /// The bytes of a part of the string at `id`, given as a range of its decoded text.
    #[must_use]
    pub fn span_inside(&self, id: NodeId, decoded: Range<usize>) -> Range<usize> {
        let span = self.span(id);
        let Some(raw) = self.source.get(span.start + 1..span.end - 1) else { return span };
        let within = raw_range(raw, decoded);
        span.start + 1 + within.start..span.start + 1 + within.end
    }

    fn structurals(&self) -> &[u32] {
        match &self.structurals {
            Structurals::Listed(list) => list,
            Structurals::Unlisted(simd_json, list) => list.get_or_init(|| {
                let mut tape = Tape(Vec::with_capacity(self.nodes.len()));
                let mut simd_json = simd_json.borrow_mut();
                let list = simd_json.parse(self.source, &mut tape).map(<[u32]>::to_vec).unwrap_or_default();
                // A mapped file may have changed: then there is no place to tell.
                if tape.0 == self.nodes { list } else { Vec::new() }
            }),
        }
    }

    /// Where the nodes stand, computed once, and only for texts of which something is shown.
    fn outline(&self) -> &[Outline] {
        self.outline.get_or_init(|| outline::of(&self.nodes))
    }
}

/// The bytes of `raw` (a JSON string without its quotes) that decode to `decoded`.
///
/// A range that starts or ends inside an escaped character is widened to the whole escape.
#[must_use]
pub fn raw_range(raw: &[u8], decoded: Range<usize>) -> Range<usize> {
    let (mut at, mut length) = (0, 0);
    let mut start = None;
    while at < raw.len() {
        if start.is_none() && length >= decoded.start && decoded.start == decoded.end {
            return at..at;
        }
        let (raw_len, decoded_len) = escape_at(&raw[at..]);
        if start.is_none() && length + decoded_len > decoded.start {
            start = Some(at);
        }
        at += raw_len;
        length += decoded_len;
        if length >= decoded.end && start.is_some() {
            break;
        }
    }
    start.unwrap_or(at)..at
}

/// The length of the character or escape at the start of `raw`, in raw and in decoded bytes.
fn escape_at(raw: &[u8]) -> (usize, usize) {
    match raw {
        [b'\\', b'u', rest @ ..] => match unicode_escape(rest) {
            Some(0xD800..=0xDBFF) => (12.min(raw.len()), 4),
            Some(unit) => (6, char::from_u32(unit).map_or(3, char::len_utf8)),
            None => (2, 1),
        },
        [b'\\', _, ..] => (2, 1),
        _ => (1, 1),
    }
}

fn unicode_escape(digits: &[u8]) -> Option<u32> {
    let digits = std::str::from_utf8(digits.get(..4)?).ok()?;
    u32::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_every_value_parse_to_that_value() {
        let texts = [
            r#" {"a" : [1, -2.5e3 ,true,null , "x\"y"] , "b":{}, "c":[ ], "a":{"é\n":"\ud83d\ude00"}} "#,
            "[]",
            "{}",
            "  \"x\"  ",
            "-0",
            "[[[[]]],[{}],{\"a\":[]}]\r",
        ];
        let mut parser = Parser::default();
        for text in texts {
            let doc = parser.parse(text.as_bytes()).unwrap();
            for id in doc.ids() {
                let span = doc.span(id);
                let value: serde_json::Value = serde_json::from_str(&text[span]).expect(text);
                assert_eq!(value.is_object(), doc.kind(id) == Kind::Object);
                assert_eq!(value.as_str(), doc.str(id));
                if let Some(array) = value.as_array() {
                    assert_eq!(array.len(), doc.count(id));
                }
            }
        }
    }

    #[test]
    fn a_part_of_a_string_maps_back_through_its_escapes() {
        let text = r#"{"k":"a\n\u00e9😀\ud83d\ude00z"}"#;
        let mut parser = Parser::default();
        let doc = parser.parse(text.as_bytes()).unwrap();
        let id = doc.get(NodeId::ROOT, "k").unwrap();
        let decoded = doc.str(id).unwrap();
        let raw: Vec<&str> =
            decoded.char_indices().map(|(at, c)| &text[doc.span_inside(id, at..at + c.len_utf8())]).collect();
        assert_eq!(raw, ["a", r"\n", r"\u00e9", "😀", r"\ud83d\ude00", "z"]);
        assert_eq!(&text[doc.span_inside(id, 0..decoded.len())], r"a\n\u00e9😀\ud83d\ude00z");
        assert_eq!(doc.span_inside(id, decoded.len()..decoded.len()).len(), 0);
    }

    #[test]
    fn a_text_that_has_changed_has_no_places() {
        let text = r#"{"a":["b\n",1]}"#;
        for changed in [text.replace('1', "2"), "\0".repeat(text.len()), " ".repeat(text.len())] {
            let mut parser = Parser::default();
            let mut doc = parser.parse(text.as_bytes()).unwrap();
            doc.source = changed.as_bytes();
            for id in doc.ids() {
                let (span, inside) = (doc.span(id), doc.span_inside(id, 0..1));
                if doc.seen.is_some() {
                    assert_eq!(span, 0..text.len(), "{changed:?}");
                }
                assert!(inside.end <= text.len(), "{changed:?}");
            }
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let mut parser = Parser::default();
        for (depth, accepted) in [(MAX_DEPTH, true), (MAX_DEPTH + 1, false), (100_000, false)] {
            let text = "[".repeat(depth) + &"]".repeat(depth);
            assert_eq!(parser.parse(text.as_bytes()).is_ok(), accepted, "{depth}");
            assert!(parser.parse("[".repeat(depth).as_bytes()).is_err());
        }
    }

    #[test]
    fn big_numbers_are_read_and_the_impossible_are_refused() {
        let mut parser = Parser::default();
        for text in ["18446744073709551616", "-0", "1E-400"] {
            assert!(parser.parse(text.as_bytes()).is_ok(), "{text}");
        }
        for text in ["1e999", "NaN", r#""\ud800""#, "", " ", "{}{}", "\u{feff}{}"] {
            assert!(parser.parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
