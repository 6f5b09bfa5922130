//! Files that are no JSON Lines, written anew: arrays, records over several lines, UTF-16 and UTF-32.
//!
//! Nothing is read into numbers or texts and written out again: bytes are copied, but for the white space between
//! tokens, so digits, escapes and the order of keys stay. One element is held in memory at a time.

use std::io::{Read, Write};

use super::Error;
use crate::json::elements::{Elements, Fault};
use crate::rule::Fix;
use crate::shape::Shape;
use crate::text::number;

/// How much is read at a time, in bytes.
const BLOCK: usize = 64 * 1024;

/// Writes a file of this shape as JSON Lines, or as UTF-8.
pub(super) fn rewrite(shape: &Shape, allow: Fix, mut data: impl Read, mut out: impl Write) -> Result<(), Error> {
    let mut writer: Box<dyn Rewrite> = match *shape {
        Shape::Utf16 { little_endian, .. } => Box::new(Decode::new(2, little_endian)),
        Shape::Utf32 { little_endian, .. } => Box::new(Decode::new(4, little_endian)),
        Shape::JsonArray { .. } | Shape::TornArray { .. } => {
            Box::new(Values { elements: Elements::of_array(), takes_unclosed: allow == Fix::Unsafe })
        }
        Shape::PrettyJson { .. } => Box::new(Values { elements: Elements::default(), takes_unclosed: false }),
        _ => return Err(Error::Refused("it is not known how this file would be written as JSON Lines".to_owned())),
    };
    let mut block = vec![0; BLOCK];
    loop {
        let length = match data.read(&mut block) {
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::Read(error)),
        };
        if length == 0 {
            writer.end(&mut out)?;
            return out.flush().map_err(Error::Write);
        }
        writer.block(&block[..length], &mut out)?;
    }
}

trait Rewrite {
    fn block(&mut self, bytes: &[u8], out: &mut dyn Write) -> Result<(), Error>;
    fn end(&mut self, out: &mut dyn Write) -> Result<(), Error>;
}

/// UTF-16 or UTF-32 to UTF-8.
struct Decode {
    /// Bytes of a code unit.
    width: usize,
    little_endian: bool,
    /// The bytes of a unit that is not complete yet.
    unit: Vec<u8>,
    /// The first half of a pair.
    high: Option<u32>,
    at: u64,
    text: String,
}

impl Decode {
    fn new(width: usize, little_endian: bool) -> Self {
        Decode { width, little_endian, unit: Vec::new(), high: None, at: 0, text: String::new() }
    }

    fn refused(&self) -> Error {
        let bits = 8 * self.width;
        Error::Refused(format!("byte {} is no part of UTF-{bits} text; convert the file by hand", number(self.at)))
    }

    fn unit(&mut self, unit: u32) -> Result<(), Error> {
        let is_wide = self.width == 4;
        let code = match (self.high.take(), unit) {
            (None, 0xD800..=0xDBFF) if !is_wide => {
                self.high = Some(unit);
                return Ok(());
            }
            (Some(high), 0xDC00..=0xDFFF) => 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00),
            (Some(_), _) => return Err(self.refused()),
            (None, unit) => unit,
        };
        match char::from_u32(code) {
            // The byte order mark is no text.
            Some('\u{feff}') if self.at < self.width as u64 => Ok(()),
            Some(c) => {
                self.text.push(c);
                Ok(())
            }
            None => Err(self.refused()),
        }
    }
}

impl Rewrite for Decode {
    fn block(&mut self, bytes: &[u8], out: &mut dyn Write) -> Result<(), Error> {
        for &byte in bytes {
            self.unit.push(byte);
            if self.unit.len() == self.width {
                let join = |unit: u32, byte: &u8| unit << 8 | u32::from(*byte);
                let unit = if self.little_endian {
                    self.unit.iter().rev().fold(0, join)
                } else {
                    self.unit.iter().fold(0, join)
                };
                self.unit.clear();
                self.unit(unit)?;
                self.at += self.width as u64;
            }
        }
        out.write_all(self.text.as_bytes()).map_err(Error::Write)?;
        self.text.clear();
        Ok(())
    }

    fn end(&mut self, _: &mut dyn Write) -> Result<(), Error> {
        if self.high.is_some() || !self.unit.is_empty() { Err(self.refused()) } else { Ok(()) }
    }
}

/// JSON values one a line.
struct Values {
    elements: Elements,
    /// Whether an array may lack its closing bracket, which is all that tells a file that was cut off.
    takes_unclosed: bool,
}

impl Values {
    fn finish(&self, out: &mut dyn Write) -> Result<(), Error> {
        out.write_all(self.elements.last()).and_then(|()| out.write_all(b"\n")).map_err(Error::Write)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        let Fault { what, line, .. } = fault;
        Error::Refused(format!("{what} in line {}; mend that first", number(line)))
    }
}

impl Rewrite for Values {
    fn block(&mut self, bytes: &[u8], out: &mut dyn Write) -> Result<(), Error> {
        for &byte in bytes {
            if self.elements.byte(byte)? {
                self.finish(out)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<(), Error> {
        if self.elements.end()? {
            self.finish(out)?;
        }
        if self.elements.is_unclosed() && !self.takes_unclosed {
            let why = "the array has no closing bracket, so the end of the file may be lost; --unsafe-fixes takes what is there";
            return Err(Error::Refused(why.to_owned()));
        }
        if self.elements.count() == 0 {
            return Err(Error::Refused("there is nothing in the array".to_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(shape: Shape, data: &[u8]) -> Result<String, String> {
        let mut out = Vec::new();
        match rewrite(&shape, Fix::Unsafe, data, &mut out) {
            Ok(()) => Ok(String::from_utf8(out).unwrap()),
            Err(Error::Refused(why)) => Err(why),
            Err(error) => panic!("{error:?}"),
        }
    }

    #[test]
    fn values_are_copied_token_by_token() {
        let array = Shape::JsonArray { elements: None };
        let text =
            "\u{feff}[ {\"a b\" : 1.50e+3,\n \"c\":[ ]} , 12345678901234567890123,\"x \\\" ]\\u00e9\",\n[null],{}, ]\n";
        let expected = "{\"a b\":1.50e+3,\"c\":[]}\n12345678901234567890123\n\"x \\\" ]\\u00e9\"\n[null]\n{}\n";
        assert_eq!(rewritten(array, text.as_bytes()).unwrap(), expected);
        let pretty = Shape::PrettyJson { records: None };
        assert_eq!(
            rewritten(pretty, b"{\n \"a\": 1\n},\n{\n \"b\": \"\\n\"\n}\n").unwrap(),
            "{\"a\":1}\n{\"b\":\"\\n\"}\n"
        );
    }

    #[test]
    fn a_torn_array_is_refused() {
        let array = Shape::JsonArray { elements: None };
        let torn = [
            "[{},{",
            "[{},,{}]",
            "[{} {}]",
            "[{}] x",
            "[]",
            "[",
            "[{\"a\":}]",
            "[{\"a\":\"x\ny\"}]",
            "[\"a",
            "[nul]",
            // White space in a word or a number is no white space between tokens.
            "[[1 2]]",
            "[{\"a\":- 1}]",
            "[[tru e]]",
            "[{\"a\":1\r\n0}]",
            "[1, 2",
        ];
        for text in torn {
            assert!(rewritten(array.clone(), text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(
            rewritten(array, b"[\n{},\n{\"a\":}]").unwrap_err(),
            "a value is not JSON in line 3; mend that first"
        );
    }

    #[test]
    fn an_array_without_its_end_is_taken_apart() {
        let array = Shape::JsonArray { elements: None };
        for text in ["[{\"a\": 1 } , [2]", "[\n{\"a\":1},\n[2],\n"] {
            assert_eq!(rewritten(array.clone(), text.as_bytes()).unwrap(), "{\"a\":1}\n[2]\n", "{text}");
        }
    }

    #[test]
    fn wide_text_becomes_utf8() {
        let text = "{\"a\":\"é漢😀\u{feff}\"}\r\n";
        for little_endian in [true, false] {
            let order = |unit: u16| if little_endian { unit.to_le_bytes() } else { unit.to_be_bytes() };
            let mut bytes: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect();
            assert_eq!(rewritten(Shape::Utf16 { little_endian, bom: true, whole: true }, &bytes).unwrap(), text);
            bytes.pop();
            assert!(rewritten(Shape::Utf16 { little_endian, bom: true, whole: true }, &bytes).is_err());
            let order = |c: char| if little_endian { u32::from(c).to_le_bytes() } else { u32::from(c).to_be_bytes() };
            let bytes: Vec<u8> = text.chars().flat_map(order).collect();
            assert_eq!(rewritten(Shape::Utf32 { little_endian, bom: false, whole: true }, &bytes).unwrap(), text);
        }
        // Half of a pair.
        assert!(rewritten(Shape::Utf16 { little_endian: true, bom: false, whole: true }, b"\x00\xd8a\0").is_err());
    }
}
