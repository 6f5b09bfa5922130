//! JSON pointers (RFC 6901): written for people, read by tests and tools.

use std::fmt::Write as _;

use super::{Doc, Kind, NodeId};

impl Doc<'_> {
    /// The pointer to the node: `/messages/3/role`, and the empty string for the root. A key has the
    /// pointer of its value. Of two members with one key both have the same pointer.
    #[must_use]
    pub fn pointer(&self, id: NodeId) -> String {
        let outline = self.outline();
        let mut steps = Vec::new();
        let mut at = id.index();
        while at != 0 {
            let parent = outline[at].parent as usize;
            if self.kind(NodeId::new(parent)) == Kind::Object {
                // The key stands right before its value; a key is its own.
                let is_value = outline.get(at.wrapping_sub(1)).is_some_and(|before| {
                    at - 1 != parent && before.parent as usize == parent && before.index == outline[at].index
                });
                steps.push(Step::Key(if is_value { at - 1 } else { at }));
            } else {
                steps.push(Step::Index(outline[at].index));
            }
            at = parent;
        }
        let mut pointer = String::new();
        for step in steps.iter().rev() {
            match *step {
                Step::Index(index) => {
                    let _ = write!(pointer, "/{index}");
                }
                Step::Key(key) => {
                    pointer.push('/');
                    let key = self.str(NodeId::new(key)).expect("a key is a string");
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
            }
        }
        pointer
    }

    /// The value that a pointer names; of two members with one key the last, as in Python.
    #[must_use]
    pub fn resolve(&self, pointer: &str) -> Option<NodeId> {
        let mut at = NodeId::ROOT;
        let mut steps = pointer.split('/');
        if steps.next() != Some("") {
            return None;
        }
        for step in steps {
            at = match self.kind(at) {
                Kind::Object => self.get(at, &step.replace("~1", "/").replace("~0", "~"))?,
                Kind::Array => self.elements(at).nth(step.parse().ok()?)?,
                _ => return None,
            };
        }
        Some(at)
    }
}

enum Step {
    Key(usize),
    Index(u32),
}

#[cfg(test)]
mod tests {
    use crate::json::{NodeId, Parser};

    #[test]
    fn pointers_lead_back_to_their_values() {
        let text = br#"{"messages":[{"role":"user","a/b~c":[[],[1,{"x":null}]]}],"":{"":2}}"#;
        let mut parser = Parser::default();
        let doc = parser.parse(text).unwrap();
        let mut pointers = Vec::new();
        for id in doc.ids() {
            let pointer = doc.pointer(id);
            let resolved = doc.resolve(&pointer).unwrap();
            // A key resolves to the value behind it.
            assert!(resolved == id || resolved == NodeId(id.0 + 1), "{pointer}");
            pointers.push(pointer);
        }
        for expected in ["", "/messages/0/role", "/messages/0/a~1b~0c/1/1/x", "//"] {
            assert!(pointers.iter().any(|pointer| pointer == expected), "{expected} in {pointers:?}");
        }
        assert_eq!(doc.resolve("/messages/1"), None);
        assert_eq!(doc.resolve("messages"), None);
    }
}
