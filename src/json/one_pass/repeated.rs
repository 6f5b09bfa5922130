//! Values that many texts repeat byte for byte are parsed once, and known again.
//!
//! Lines that may call tools carry the definitions of them all, and most lines of a file have the same ones: often they
//! are more than half of its bytes. So the elements of such lists are remembered. What is remembered is bounded, and
//! compared whole before it is used.
#![allow(unsafe_code)]

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use rapidhash::v3::rapidhash_v3;
use simd_json::{Node, StaticNode};

use crate::json::identity::Repeat;

/// The keys at the top of a text whose lists have elements that are worth remembering.
pub(super) const LISTS: [&str; 2] = ["tools", "functions"];

/// By so many of its first bytes a value is looked for: they reach behind the name of a tool. Shorter ones are soon parsed.
const HEAD: usize = 96;
/// The bits of a hash that tell the slot.
const SLOT_BITS: u32 = 12;
/// So many values in one slot are remembered.
const ALIKE: usize = 8;
/// Of a value with more nodes than one in so many bytes more would be kept than parsing it costs.
const DENSE: usize = 8;
/// The longest value that is remembered, in bytes: places in it fit 16 bits.
const LONGEST: usize = u16::MAX as usize;
/// So many bytes of text are remembered in all. What is made of them mostly takes a third as much again, and never more
/// than three times as much.
const ROOM: usize = 2 * 1024 * 1024;
/// From so many on a value is remembered only if it is met twice: where most never come again, others need the room.
const CHOOSY: usize = ROOM / 2;

/// What was met in the texts of one parser.
#[derive(Default)]
pub(super) struct Repeated {
    values: Vec<Value>,
    /// By the hash of their first bytes; empty before anything was met.
    slots: Vec<Slot>,
    /// The texts of all values, one behind the other. Each was seen to be UTF-8 here, where nothing changes it.
    raw: Vec<u8>,
    /// Their strings that are escaped in the text, decoded.
    decoded: String,
    stencils: Vec<Stencil>,
    scalars: Vec<StaticNode>,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    /// A part of the hash of the value that was met last.
    met: u32,
    /// The place behind that of the value which came last.
    last: u32,
}

/// A value, parsed.
struct Value {
    id: u32,
    /// As [`Slot::last`].
    before: u32,
    raw: Span,
    decoded: Span,
    stencils: Span,
    scalars: Span,
}

/// A part of one of the lists in [`Repeated`].
#[derive(Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A node without its place.
#[derive(Clone, Copy)]
enum Stencil {
    /// A string as it stands in the text of the value: where, and how long it is.
    Text(u16, u16),
    /// A string that was decoded, likewise.
    Decoded(u16, u16),
    /// How many members an object has, and how many nodes.
    Object(u16, u16),
    /// How many elements an array has, and how many nodes.
    Array(u16, u16),
    /// The next scalar.
    Scalar,
}

impl Repeated {
    /// Puts the value that begins at `start` on the tape if it is known.
    #[inline]
    pub(super) fn put<'p>(
        &self,
        (source, start): (&[u8], usize),
        room: &mut &'p mut [u8],
        nodes: &mut Vec<Node<'p>>,
    ) -> Option<Repeat> {
        let value = self.find(source.get(start..)?)?;
        let (raw, decoded) = (&self.raw[value.raw.range()], &self.decoded.as_bytes()[value.decoded.range()]);
        let repeat = Repeat { id: value.id, node: narrow(nodes.len()), start, end: start + raw.len() };
        // There is room for both, since neither is longer than the text that is left, unless that has changed.
        if room.len() < raw.len() + decoded.len() {
            return None;
        }
        // SAFETY: both are whole values of what was seen to be UTF-8.
        let [raw, decoded] = [raw, decoded].map(|text| unsafe { str::from_utf8_unchecked(copy(text, room)) });
        let part = |text: &'p str, start, length| &text[usize::from(start)..usize::from(start) + usize::from(length)];
        let mut scalars = self.scalars[value.scalars.range()].iter();
        nodes.extend(self.stencils[value.stencils.range()].iter().map(|stencil| match *stencil {
            Stencil::Text(start, length) => Node::String(part(raw, start, length)),
            Stencil::Decoded(start, length) => Node::String(part(decoded, start, length)),
            Stencil::Object(len, count) => Node::Object { len: len.into(), count: count.into() },
            Stencil::Array(len, count) => Node::Array { len: len.into(), count: count.into() },
            Stencil::Scalar => Node::Static(*scalars.next().expect("each scalar was kept")),
        }));
        Some(repeat)
    }

    fn find(&self, text: &[u8]) -> Option<&Value> {
        let (slot, _) = place(text)?;
        self.alike(slot).find(|value| text.starts_with(&self.raw[value.raw.range()]))
    }

    /// Takes note of a value that was parsed, and so is not known.
    pub(super) fn meet(&mut self, raw: &[u8], nodes: &[Node<'_>]) {
        let Some((slot, tag)) = place(raw).filter(|_| raw.len() <= LONGEST && nodes.len() * DENSE <= raw.len()) else {
            return;
        };
        if self.raw.len() + raw.len() > ROOM {
            *self = Repeated::default();
        }
        if self.slots.is_empty() {
            self.slots.resize(1 << SLOT_BITS, Slot::default());
            // Not to be moved when more comes; what is not used takes no memory.
            self.raw.reserve_exact(ROOM);
        }
        let is_new = std::mem::replace(&mut self.slots[slot].met, tag) != tag;
        if self.raw.len() > CHOOSY && is_new || self.alike(slot).count() == ALIKE {
            return;
        }
        let starts = [self.raw.len(), self.decoded.len(), self.stencils.len(), self.scalars.len()];
        self.raw.extend_from_slice(raw);
        if self.add_stencils(starts, nodes).is_none() {
            *self = Repeated::default(); // a mapped file has changed
            return;
        }
        let ends = [self.raw.len(), self.decoded.len(), self.stencils.len(), self.scalars.len()];
        let [raw, decoded, stencils, scalars] =
            [0, 1, 2, 3].map(|list| Span { start: narrow(starts[list]), end: narrow(ends[list]) });
        let slot = &mut self.slots[slot];
        self.values.push(Value { id: next_id(), before: slot.last, raw, decoded, stencils, scalars });
        slot.last = narrow(self.values.len());
    }

    /// The values in a slot, the last one first: so many at most that all are compared.
    fn alike(&self, slot: usize) -> impl Iterator<Item = &Value> {
        let value = |behind: u32| self.values.get((behind as usize).checked_sub(1)?);
        let last = self.slots.get(slot).and_then(|slot| value(slot.last));
        std::iter::successors(last, move |known| value(known.before)).take(ALIKE)
    }

    /// Adds the stencils of the nodes whose text begins at the first of `starts`; the others are where the lists ended.
    fn add_stencils(&mut self, [raw, decoded, ..]: [usize; 4], nodes: &[Node<'_>]) -> Option<()> {
        let raw = str::from_utf8(&self.raw[raw..]).ok()?.as_bytes();
        let mut at = 0;
        for node in nodes {
            self.stencils.push(match *node {
                Node::String(text) => {
                    // Outside of strings there are no quotes.
                    let start = at + memchr::memchr(b'"', &raw[at..])? + 1;
                    let length = end_of_string(&raw[start..])?;
                    at = start + length + 1;
                    if raw[start..start + length] == *text.as_bytes() {
                        Stencil::Text(narrower(start), narrower(length))
                    } else {
                        let start = self.decoded.len() - decoded;
                        self.decoded.push_str(text);
                        Stencil::Decoded(narrower(start), narrower(text.len()))
                    }
                }
                Node::Object { len, count } => Stencil::Object(narrower(len), narrower(count)),
                Node::Array { len, count } => Stencil::Array(narrower(len), narrower(count)),
                Node::Static(value) => {
                    self.scalars.push(value);
                    Stencil::Scalar
                }
            });
        }
        Some(())
    }
}

/// A copy of a text in the room, which is what is left behind it.
fn copy<'p>(text: &[u8], room: &mut &'p mut [u8]) -> &'p [u8] {
    let (copy, rest) = std::mem::take(room).split_at_mut(text.len());
    *room = rest;
    copy.copy_from_slice(text);
    copy
}

/// Where the string ends that `text` begins in: at its closing quote.
fn end_of_string(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

/// The slot of a value, and what tells it from others there; `None` if it is short.
fn place(text: &[u8]) -> Option<(usize, u32)> {
    let hash = rapidhash_v3(text.first_chunk::<HEAD>()?);
    let (high, low) = ((hash >> 32) as u32, hash as u32);
    Some(((low >> (u32::BITS - SLOT_BITS)) as usize, high | 1))
}

/// Of a text of at most [`LONGEST`] bytes all numbers fit.
fn narrower(number: usize) -> u16 {
    u16::try_from(number).expect("the value fits 16 bits")
}

/// Texts that are read in one pass, and what is remembered, are far from 4 GiB.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("the text fits 32 bits")
}

/// Numbers that no two parsers share.
fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Doc, Memo, NodeId, Parser};

    /// A definition of a tool, the same for the same number.
    fn tool(number: u64) -> String {
        let mut random = fastrand::Rng::with_seed(number);
        // Keys that stand twice, escapes, numbers of all kinds, white space.
        let parts = [
            r#""a":1"#,
            r#""a":[true,false,null,[],{}]"#,
            r#""\u00e9\n":"x\"y\ud83d\ude00""#,
            r#""long":"plain text of some length, which goes over the end of a block or two""#,
            "\"b\" : -2.5 ",
            r#""c":{"a":{"a":"é"},"d":123456789012345678}"#,
        ];
        let mut text = format!(
            r#"{{"type":"function","function":{{"name":"tool_number_{}","description":"What it does, in some words.""#,
            number % 7
        );
        for _ in 0..random.usize(..8) {
            text.push(',');
            text.push_str(random.choice(parts).unwrap());
        }
        text + "}}"
    }

    #[test]
    fn what_is_known_again_is_what_stands_there() {
        let mut random = fastrand::Rng::with_seed(1);
        let (mut parser, mut portable) = (Parser::default(), Parser::portable());
        let mut known = 0;
        for _ in 0..2000 {
            let mut list = String::new();
            for place in 0..random.usize(..6) {
                list.push_str(if place > 0 { [",", " , "][random.usize(..2)] } else { "" });
                list.push_str(&tool(random.u64(..60)));
            }
            let key = random.choice(["tools", "functions", "others"]).unwrap();
            let text = format!(r#" {{"x":[{}],"{key}":[{list}],"y":"é"}} "#, tool(1));
            let doc = parser.parse(text.as_bytes()).unwrap();
            let other = portable.parse(text.as_bytes()).unwrap();
            assert_eq!(doc.nodes, other.nodes, "{text}");
            doc.ids().for_each(|id| assert_eq!(doc.span(id), other.span(id), "{text}"));
            let repeated = |doc: &Doc<'_>| {
                let mut keys = Vec::new();
                doc.repeated_keys(|object, key| keys.push((object, key)));
                keys
            };
            assert_eq!(repeated(&doc), repeated(&other), "{text}");
            known += doc.repeats().len();
            for repeat in doc.repeats() {
                assert_eq!(doc.span(NodeId(repeat.node)), repeat.start..repeat.end);
            }
        }
        assert!(known > 1000 || parser.one_pass.is_none(), "{known}");
    }

    #[test]
    fn values_with_one_identity_are_equal() {
        let mut random = fastrand::Rng::with_seed(2);
        // Two parsers know the same values by different ones.
        let mut parsers = [Parser::default(), Parser::default()];
        let mut memo: Memo<Vec<u8>> = Memo::default();
        let mut count = 0;
        for _ in 0..2000 {
            let text = format!(r#"{{"tools":[{},{}]}}"#, tool(random.u64(..60)), tool(random.u64(..60)));
            let doc = parsers[random.usize(..2)].parse(text.as_bytes()).unwrap();
            for id in doc.ids() {
                let identity = doc.identity(id);
                count += usize::from(identity.is_some());
                assert_eq!(memo.get(identity, || doc.raw(id).to_vec()), doc.raw(id), "{text}");
            }
        }
        assert!(count > 1000 || parsers[0].one_pass.is_none(), "{count}");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut repeated = Repeated::default();
        let text = |number: usize| format!(r#"{{"number":{number},"text":"{}"}}"#, "x".repeat(10_000));
        let known = |repeated: &Repeated| (0..1000).filter(|&n| repeated.find(text(n).as_bytes()).is_some()).count();
        (0..1000).for_each(|number| repeated.meet(text(number).as_bytes(), &[]));
        // Half of the room is for those that are met twice.
        assert!((CHOOSY..CHOOSY + 20_000).contains(&repeated.raw.len()));
        let before = known(&repeated);
        repeated.meet(text(999).as_bytes(), &[]);
        assert_eq!((known(&repeated), repeated.find(text(999).as_bytes()).is_some()), (before + 1, true));
        // When all of it is taken it starts anew.
        for number in 0..1000 {
            (0..2).for_each(|_| repeated.meet(text(number).as_bytes(), &[]));
            assert!(repeated.raw.len() <= ROOM);
        }
        assert!(repeated.find(text(999).as_bytes()).is_some());
    }

    #[test]
    fn only_some_of_those_alike_are_remembered() {
        let mut repeated = Repeated::default();
        let text = |number: usize| format!(r#"{{"description":"{}","number":{number}}}"#, "x".repeat(100));
        (0..100).for_each(|number| repeated.meet(text(number).as_bytes(), &[]));
        assert_eq!(repeated.values.len(), ALIKE);
        assert!((0..ALIKE).all(|number| repeated.find(text(number).as_bytes()).is_some()));
        // Nor one that would take more room than its text.
        let mut parser = Parser::default();
        let dense = format!(r#"{{"tools":[[{}0]]}}"#, "0,".repeat(500));
        for _ in 0..3 {
            assert!(parser.parse(dense.as_bytes()).unwrap().repeats().is_empty());
        }
    }
}
