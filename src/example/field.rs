//! A field of an object as it was found.

use crate::json::NodeId;

/// What an object has under a key.
#[derive(Clone, Copy, Debug, Default)]
pub enum Field<T> {
    /// The key is not there.
    #[default]
    Absent,
    /// The value is `null`.
    Null(NodeId),
    /// The value is of a JSON type that the field cannot have.
    Mistyped(NodeId),
    /// A value that can be read.
    Value(NodeId, T),
}

impl<T: Copy> Field<T> {
    /// The value, if it can be read.
    pub fn value(self) -> Option<T> {
        if let Field::Value(_, value) = self { Some(value) } else { None }
    }

    /// Where the value stands, whatever it is; `None` if the key is absent.
    pub fn at(self) -> Option<NodeId> {
        match self {
            Field::Absent => None,
            Field::Null(at) | Field::Mistyped(at) | Field::Value(at, _) => Some(at),
        }
    }

    /// No such key, or `null`: what a reader in Python would call `None`.
    pub fn is_none(self) -> bool {
        matches!(self, Field::Absent | Field::Null(_))
    }
}
