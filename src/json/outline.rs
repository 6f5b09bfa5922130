//! Where the nodes of a tape stand among the structural characters of the text.

use simd_json::Node;

/// The surroundings of one node. `first` and `last` count structural characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline {
    /// The opening bracket, opening quote or first byte of a scalar.
    pub first: u32,
    /// The closing bracket; the same as `first` for a scalar.
    pub last: u32,
    /// The container; the root is its own.
    pub parent: u32,
    /// Which element or member of the container: a key and its value share the number.
    pub index: u32,
}

/// One walk over the tape. simd-json's first stage lists every `{ } [ ] : ,`, every opening quote
/// and every first byte of a scalar, so tape and structural characters run in lock-step: a scalar
/// takes one, a key two (itself and its colon), a container its two brackets and the commas.
pub(super) fn of(nodes: &[Node<'_>]) -> Vec<Outline> {
    struct Open {
        node: usize,
        left: usize,
        is_object: bool,
        index: u32,
    }
    let mut outline: Vec<Outline> = Vec::with_capacity(nodes.len());
    let mut open: Vec<Open> = Vec::new();
    let mut structural = 0u32;
    for node in nodes {
        // With an object on top, even places are keys: they are pushed below, with their value.
        let (parent, index) = open.last().map_or((0, 0), |open| (open.node as u32, open.index));
        let here = outline.len();
        outline.push(Outline { first: structural, last: structural, parent, index });
        structural += 1;
        let is_key = open.last().is_some_and(|open| open.is_object && open.left % 2 == 0);
        if is_key {
            structural += 1; // the colon
            open.last_mut().expect("a key has an object").left -= 1;
            continue;
        }
        match *node {
            Node::Object { len, .. } if len > 0 => {
                open.push(Open { node: here, left: 2 * len, is_object: true, index: 0 });
                continue;
            }
            Node::Array { len, .. } if len > 0 => {
                open.push(Open { node: here, left: len, is_object: false, index: 0 });
                continue;
            }
            Node::Object { .. } | Node::Array { .. } => {
                outline[here].last = structural;
                structural += 1;
            }
            _ => {}
        }
        // A value is complete: so may be the containers around it.
        while let Some(top) = open.last_mut() {
            top.left -= 1;
            top.index += 1;
            if top.left > 0 {
                structural += 1; // the comma
                break;
            }
            outline[top.node].last = structural;
            structural += 1; // the closing bracket
            open.pop();
        }
    }
    outline
}
