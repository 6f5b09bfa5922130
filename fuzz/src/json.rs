//! JSON values that are made at random, and the many ways to write one.

use std::fmt::Write as _;

use arbitrary::{Arbitrary, Result, Unstructured};

/// A value whose keys keep their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::Text(text)
    }
}

/// An object.
#[must_use]
pub fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.map(|(key, value)| (key.to_owned(), value)).into())
}

/// How a text of JSON is written.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Spelling {
    /// White space between tokens.
    pub spaces: bool,
    pub escapes: Escapes,
    /// Members in another order.
    pub shuffle: bool,
}

/// Which characters are written as escapes that need not be.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
pub enum Escapes {
    None,
    /// As Python's `json.dumps` does.
    BeyondAscii,
    /// As Go and others do, lest the text be taken for HTML.
    Html,
    /// Any, as hardly a program does.
    Any,
}

impl Spelling {
    /// As short as can be.
    pub const PLAIN: Spelling = Spelling { spaces: false, escapes: Escapes::None, shuffle: false };
}

impl Json {
    /// The value as text.
    ///
    /// # Errors
    /// Never: what runs out is taken for zeros.
    pub fn write(&self, spelling: Spelling, u: &mut Unstructured<'_>) -> Result<String> {
        let mut out = String::new();
        space(&mut out, spelling, u)?;
        self.write_to(&mut out, spelling, u)?;
        space(&mut out, spelling, u)?;
        Ok(out)
    }

    fn write_to(&self, out: &mut String, spelling: Spelling, u: &mut Unstructured<'_>) -> Result<()> {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(number) => out.push_str(number),
            Json::Text(text) => write_text(text, out, spelling, u)?,
            Json::Array(elements) => {
                out.push('[');
                space(out, spelling, u)?;
                for (index, element) in elements.iter().enumerate() {
                    separate(index, out, spelling, u)?;
                    element.write_to(out, spelling, u)?;
                    space(out, spelling, u)?;
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                space(out, spelling, u)?;
                let mut order: Vec<usize> = (0..members.len()).collect();
                if spelling.shuffle {
                    for index in (1..order.len()).rev() {
                        order.swap(index, u.int_in_range(0..=index)?);
                    }
                }
                for (index, (key, value)) in order.into_iter().map(|index| &members[index]).enumerate() {
                    separate(index, out, spelling, u)?;
                    write_text(key, out, spelling, u)?;
                    space(out, spelling, u)?;
                    out.push(':');
                    space(out, spelling, u)?;
                    value.write_to(out, spelling, u)?;
                    space(out, spelling, u)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }
}

fn separate(index: usize, out: &mut String, spelling: Spelling, u: &mut Unstructured<'_>) -> Result<()> {
    if index > 0 {
        out.push(',');
        space(out, spelling, u)?;
    }
    Ok(())
}

fn space(out: &mut String, spelling: Spelling, u: &mut Unstructured<'_>) -> Result<()> {
    if spelling.spaces && !u.is_empty() {
        out.push_str(u.choose(&["", "", "", " ", "\t", "  ", "\r", " \t "])?);
    }
    Ok(())
}

fn write_text(text: &str, out: &mut String, spelling: Spelling, u: &mut Unstructured<'_>) -> Result<()> {
    out.push('"');
    for c in text.chars() {
        let escaped = match spelling.escapes {
            Escapes::None => false,
            Escapes::BeyondAscii => !c.is_ascii(),
            Escapes::Html => "<>&'/\u{2028}\u{2029}".contains(c),
            Escapes::Any => u.ratio(1, 4)?,
        };
        let short = "\"\\/\u{8}\u{c}\n\r\t".find(c).map(|at| &"\"\\/bfnrt"[at..=at]);
        match short {
            Some(letter) if c != '/' || escaped => {
                if escaped && c != '/' && u.arbitrary()? {
                    unicode(c, out, u)?;
                } else {
                    out.push('\\');
                    out.push_str(letter);
                }
            }
            _ if escaped || c < ' ' => unicode(c, out, u)?,
            _ => out.push(c),
        }
    }
    out.push('"');
    Ok(())
}

/// Writes a character as one escape, or two if it needs both halves of a pair.
fn unicode(c: char, out: &mut String, u: &mut Unstructured<'_>) -> Result<()> {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = if u.arbitrary()? { write!(out, "\\u{unit:04x}") } else { write!(out, "\\u{unit:04X}") };
    }
    Ok(())
}
