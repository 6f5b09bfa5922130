//! A hash of what a JSON text says, not of how it is written.
//!
//! Texts that are equal as JSON have one digest: the order of keys, escapes, white space and the spelling of numbers
//! do not count. Digests are the same on every machine and in every run. Nothing is sorted and nothing is allocated:
//! the hashes of members are added up, so their order does not matter.

use rapidhash::v3::rapidhash_v3;
use simd_json::{Node, StaticNode};

use super::{Doc, NodeId};

/// What tells values of one kind from those of another that hash the same numbers. Bits without a pattern: the
/// fractions of the square roots of 2, 3, 5, …
#[derive(Clone, Copy)]
#[repr(u64)]
enum Seed {
    Array = 0x6A09_E667_F3BC_C908,
    Object = 0xBB67_AE85_84CA_A73B,
    Member = 0x3C6E_F372_FE94_F82B,
    Whole = 0xA54F_F53A_5F1D_36F1,
    Fraction = 0x510E_527F_ADE6_82D1,
    Word = 0x9B05_688C_2B3E_6C1F,
}

/// The digest of an array, element by element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArrayDigest(u64);

impl ArrayDigest {
    pub(crate) fn new() -> Self {
        // Not the seed itself: a factor of 0 would take all with it.
        ArrayDigest(0)
    }

    pub(crate) fn add(&mut self, element: u64) {
        self.0 = mix(Seed::Array, self.0, element);
    }

    pub(crate) fn finish(self) -> u64 {
        self.0
    }
}

/// The digest of an object, member by member, in any order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ObjectDigest {
    sum: u64,
    members: u64,
}

impl ObjectDigest {
    pub(crate) fn new() -> Self {
        ObjectDigest { sum: 0, members: 0 }
    }

    pub(crate) fn add(&mut self, key: &str, value: u64) {
        self.sum = self.sum.wrapping_add(mix(Seed::Member, of_text(key), value));
        self.members += 1;
    }

    pub(crate) fn finish(self) -> u64 {
        mix(Seed::Object, self.sum, self.members)
    }
}

/// A value, and its digest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digested {
    pub at: NodeId,
    pub digest: u64,
}

impl Doc<'_> {
    /// The digest of the value at `id`.
    pub(crate) fn digest(&self, id: NodeId) -> u64 {
        self.digest_knowing(id, &mut &[][..])
    }

    /// The digest of the value at `id`, of which some parts were digested before: they are in the order of the text, and
    /// those that were met are taken off `known`.
    pub(crate) fn digest_knowing(&self, id: NodeId, known: &mut &[Digested]) -> u64 {
        self.digest_from(&mut id.index(), known)
    }

    /// The digest of the value at `index`, which is moved behind it.
    fn digest_from(&self, index: &mut usize, known: &mut &[Digested]) -> u64 {
        if let [first, rest @ ..] = *known
            && first.at.index() == *index
        {
            *known = rest;
            *index = self.after(*index);
            return first.digest;
        }
        let node = self.nodes[*index];
        *index += 1;
        match node {
            Node::String(text) => of_text(text),
            Node::Array { len, .. } => {
                let mut array = ArrayDigest::new();
                for _ in 0..len {
                    array.add(self.digest_from(index, known));
                }
                array.finish()
            }
            Node::Object { len, .. } => {
                let mut object = ObjectDigest::new();
                for _ in 0..len {
                    let Node::String(key) = self.nodes[*index] else { unreachable!("a key is a string") };
                    *index += 1;
                    // Most values are texts, and a text is never known.
                    let value = if let Node::String(text) = self.nodes[*index] {
                        *index += 1;
                        of_text(text)
                    } else {
                        self.digest_from(index, known)
                    };
                    object.add(key, value);
                }
                object.finish()
            }
            Node::Static(StaticNode::I64(number)) => of_whole(i128::from(number)),
            Node::Static(StaticNode::U64(number)) => of_whole(i128::from(number)),
            Node::Static(StaticNode::F64(number)) => of_float(number),
            Node::Static(StaticNode::Bool(value)) => of_word(u64::from(value)),
            Node::Static(StaticNode::Null) => of_word(2),
        }
    }
}

/// The digest of a string. Of the hashes that are the same everywhere this one is fast for texts and for keys, without
/// vectors that a processor may not have.
pub(crate) fn of_text(text: &str) -> u64 {
    rapidhash_v3(text.as_bytes())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the two halves")]
fn of_whole(number: i128) -> u64 {
    mix(Seed::Whole, number as u64, (number >> 64) as u64)
}

#[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^64 fits")]
fn of_float(number: f64) -> u64 {
    // 1.0 and 1e0 are 1. What is written without a fraction and fits 64 bits is no float, so only such can be equal.
    if number.fract() == 0.0 && number.abs() < 18_446_744_073_709_551_616.0 {
        return of_whole(number as i128);
    }
    mix(Seed::Fraction, number.to_bits(), 0)
}

fn of_word(word: u64) -> u64 {
    mix(Seed::Word, word, 0)
}

/// Both numbers in 64 bits; which is the first matters. The product of two numbers has something of every bit of both.
fn mix(seed: Seed, one: u64, other: u64) -> u64 {
    let product = u128::from(one ^ seed as u64) * u128::from(other ^ 0x9E37_79B9_7F4A_7C15);
    #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
    let (low, high) = (product as u64, (product >> 64) as u64);
    low ^ high
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, Number, Value};

    use super::*;
    use crate::json::Parser;

    fn digest(text: &str) -> u64 {
        Parser::default().parse(text.as_bytes()).unwrap().digest(NodeId::ROOT)
    }

    /// Writes a value in a way of its own: keys in another order, escapes, white space, other spellings of numbers.
    fn write(value: &Value, random: &mut fastrand::Rng, out: &mut String) {
        let space = |random: &mut fastrand::Rng, out: &mut String| {
            out.push_str(["", "", " ", "\t", "\r\n", "  "][random.usize(..6)]);
        };
        space(random, out);
        match value {
            Value::Array(elements) => {
                out.push('[');
                for (place, element) in elements.iter().enumerate() {
                    out.push_str(if place > 0 { "," } else { "" });
                    write(element, random, out);
                }
                space(random, out);
                out.push(']');
            }
            Value::Object(members) => {
                let mut members: Vec<_> = members.iter().collect();
                random.shuffle(&mut members);
                out.push('{');
                for (place, (key, value)) in members.into_iter().enumerate() {
                    out.push_str(if place > 0 { "," } else { "" });
                    space(random, out);
                    write_text(key, random, out);
                    space(random, out);
                    out.push(':');
                    write(value, random, out);
                }
                space(random, out);
                out.push('}');
            }
            Value::String(text) => write_text(text, random, out),
            Value::Number(number) if random.bool() && number.as_i64().is_some_and(|n| n.abs() < 1 << 53) => {
                out.push_str(&match random.u8(..4) {
                    0 => format!("{number}.0"),
                    1 => format!("{number}e0"),
                    2 if number.as_i64() != Some(0) => format!("{number}0e-1"),
                    _ => format!("{number}.000E+00"),
                });
            }
            scalar => out.push_str(&scalar.to_string()),
        }
        space(random, out);
    }

    fn write_text(text: &str, random: &mut fastrand::Rng, out: &mut String) {
        out.push('"');
        for c in text.chars() {
            let plain = c >= ' ' && c != '"' && c != '\\';
            if plain && random.u8(..3) > 0 {
                out.push(c);
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
        out.push('"');
    }

    fn values() -> impl Strategy<Value = Value> {
        let text = || proptest::string::string_regex("[a-c\"\\\\/\n\u{e9}\u{1F600}]{0,4}").unwrap();
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (-3_i64..3).prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e30..1e30).prop_map(|float| Number::from_f64(float).map_or(Value::Null, Value::Number)),
            text().prop_map(Value::String),
        ];
        scalar.prop_recursive(4, 24, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::vec((text(), inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    proptest! {
        #[test]
        fn one_value_has_one_digest_however_it_is_written(value in values(), seed: u64) {
            let mut random = fastrand::Rng::with_seed(seed);
            let (mut one, mut other) = (String::new(), String::new());
            write(&value, &mut random, &mut one);
            write(&value, &mut random, &mut other);
            prop_assert_eq!(digest(&one), digest(&other), "{} {}", one, other);
        }

        #[test]
        fn other_values_have_other_digests(one in values(), other in values()) {
            let same = one == other;
            prop_assert_eq!(digest(&one.to_string()) == digest(&other.to_string()), same, "{} {}", one, other);
        }
    }

    #[test]
    fn what_looks_alike_is_told_apart() {
        let texts = [
            "0",
            "1",
            "-1",
            "false",
            "true",
            "null",
            "\"\"",
            "\"0\"",
            "\"1\"",
            "\"null\"",
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "[1,2]",
            "[2,1]",
            "[[1],2]",
            "[1,[2]]",
            "{\"a\":1}",
            "{\"a\":2}",
            "{\"b\":1}",
            "[\"a\",1]",
            "{\"a\":1,\"b\":2}",
            "{\"a\":2,\"b\":1}",
            "{\"a\":{\"b\":1}}",
            "{\"a\":[1]}",
            "0.5",
            "5e-1000",
            "1e300",
            "18446744073709551615",
            "18446744073709551616",
            "9007199254740993",
            "9007199254740992",
        ];
        // 5e-1000 is 0 to everybody who reads it.
        for (place, one) in texts.iter().enumerate() {
            for other in texts[..place].iter().filter(|other| **other != "0" || *one != "5e-1000") {
                assert_ne!(digest(one), digest(other), "{one} {other}");
            }
        }
        assert_eq!(digest("-0.0"), digest("0"));
        assert_eq!(digest("[1e2,1.50]"), digest("[100, 15e-1]"));
    }

    #[test]
    fn numbers_and_places_that_differ_little_have_nothing_in_common() {
        // Of each pair about half of the bits differ, and no two digests are the same.
        let texts =
            (0..4000).flat_map(|n| [format!("[{n}]"), format!("[0,{n}]"), format!("{{\"n\":{n}}}"), n.to_string()]);
        let digests: Vec<u64> = texts.map(|text| digest(&text)).collect();
        let differing: u32 = digests.windows(5).map(|near| (near[0] ^ near[4]).count_ones()).sum();
        let mean = f64::from(differing) / (digests.len() - 4) as f64;
        assert!((31.0..33.0).contains(&mean), "{mean}");
        let mut halves: Vec<u32> = digests.iter().map(|digest| *digest as u32).collect();
        halves.sort_unstable();
        halves.dedup();
        // Of 16,000 numbers of 32 bits two are the same with a chance of 3 %.
        assert!(halves.len() + 2 >= digests.len(), "{}", halves.len());
    }
}
