//! Tools and the calls of them.

use super::Field;
use crate::json::{Doc, Extent, Kind, NodeId};

/// An entry of `tools`. If it is no object, every field is absent.
#[derive(Clone, Copy, Debug)]
pub struct Tool<'a> {
    /// Where the entry stands.
    pub at: NodeId,
    /// `type`
    pub tool_type: Field<&'a str>,
    /// `function`
    pub function: Field<&'a Function<'a>>,
}

/// The definition of a function: what `tools[].function` and `functions[]` hold.
#[derive(Clone, Copy, Debug)]
pub struct Function<'a> {
    /// Where the definition stands.
    pub at: NodeId,
    /// `name`
    pub name: Field<&'a str>,
    /// `description`
    pub description: Field<&'a str>,
    /// `parameters`, a JSON Schema: its place
    pub parameters: Field<()>,
    /// `strict`
    pub strict: Field<bool>,
}

impl Function<'_> {
    /// A definition of which nothing is known.
    pub(super) fn new(at: NodeId) -> Self {
        let (name, description) = (Field::Absent, Field::Absent);
        Function { at, name, description, parameters: Field::Absent, strict: Field::Absent }
    }

    /// Whether it is wrapped as an entry of `tools` is: as such it has no name.
    pub(crate) fn is_wrapped(&self, doc: &Doc<'_>) -> bool {
        self.name.is_none() && doc.get(self.at, "function").is_some()
    }
}

/// An entry of `tool_calls`. If it is no object, every field is absent.
#[derive(Clone, Copy, Debug)]
pub struct ToolCall<'a> {
    /// Where the entry stands.
    pub at: NodeId,
    /// What the entry is: an object, if all is well.
    pub kind: Kind,
    /// `id`
    pub id: Field<&'a str>,
    /// `type`
    pub call_type: Field<&'a str>,
    /// `function`
    pub function: Field<&'a FunctionCall<'a>>,
}

/// The call itself: what `tool_calls[].function` and `function_call` hold.
#[derive(Clone, Copy, Debug)]
pub struct FunctionCall<'a> {
    /// Where it stands.
    pub at: NodeId,
    /// `name`
    pub name: Field<&'a str>,
    /// `arguments`
    pub arguments: Arguments<'a>,
}

/// The `arguments` of a call.
#[derive(Clone, Copy, Debug)]
pub enum Arguments<'a> {
    /// No such key.
    Absent,
    /// Text, as it should be, and what it holds.
    Text(NodeId, &'a str, Parsed<'a>),
    /// An object that was not turned into text.
    Object(NodeId),
    /// Another JSON type.
    Mistyped(NodeId),
}

/// What the text of some arguments holds. Extents are in bytes of the decoded text.
#[derive(Clone, Copy, Debug)]
pub enum Parsed<'a> {
    /// A JSON object, with the keys it has twice and the places of the second ones.
    Object(&'a [(&'a str, Extent)]),
    /// A JSON string that holds JSON: encoded twice.
    Twice,
    /// Another JSON value.
    Other(Kind),
    /// No JSON: what is wrong, and where.
    Invalid(&'a str, Extent),
}
