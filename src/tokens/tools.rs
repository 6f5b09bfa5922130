//! Tool definitions as the service renders them: a TypeScript namespace in the system message.
//!
//! The service has never published how it does that. The form is the one with which counts that
//! the API reported were reproduced; what lies beyond those is rendered likewise, and said to be an
//! estimate ([`Reason::Schema`]).

use std::collections::HashSet;
use std::fmt::Write as _;

use hashbrown::HashTable;

use super::{Counter, Estimate, Reason};
use crate::example::{Example, Function};
use crate::json::{Doc, Kind, Memo, NodeId, digest_of_text};

/// What a namespace costs besides its text.
const NAMESPACE: u64 = 9;

// The text of a namespace is counted function by function, since most lines of a file have functions of others. It is
// cut where pieces begin in every encoding, whatever stands before and behind: at the space of ` {` and of ` any`.
const START: &str = "namespace functions";
const FIRST: &str = " {\n\n";
const NEXT: &str = " any;\n\n";
const END: &str = " any;\n\n} // namespace functions";

/// How much of what functions are rendered as is remembered, in bytes.
const REMEMBERED: usize = 1024 * 1024;

/// Where the text of a function ends, whatever is left of it: nobody writes as much, and indents make it many times as
/// long as what it says. It can still be remembered.
const LONGEST: usize = REMEMBERED / 2;

/// Longer lists of required names are not gone through for each property.
const FEW: usize = 32;

/// Counts tool definitions, and remembers what it counted: real files repeat them in every line.
#[derive(Default)]
pub(super) struct ToolCounter {
    text: String,
    /// What all namespaces have, once it was counted.
    frame: Option<u64>,
    /// Functions that are known again without a look at them: the first ones of a namespace, and those behind others.
    functions: [Memo<Counted>; 2],
    renderings: Renderings,
}

/// What the part of a namespace came to that a function takes.
#[derive(Clone, Copy, Debug)]
struct Counted {
    tokens: u64,
    /// Whether all of it is of a form whose tokens were observed.
    observed: bool,
}

impl ToolCounter {
    /// The tokens of the tool definitions of an example; 0 without any.
    pub(super) fn count(&mut self, example: &Example<'_>, counter: &mut Counter, estimate: &mut Estimate) -> u64 {
        let Self { text, frame, functions, renderings } = self;
        let mut tokens = 0;
        for (place, function) in example.conversation.functions().enumerate() {
            let (lead, known) = if place == 0 { (FIRST, 0) } else { (NEXT, 1) };
            let counted = functions[known].get(example.doc.identity(function.at), || {
                text.clear();
                text.push_str(lead);
                let mut renderer = Renderer::new(example.doc, text);
                renderer.function(function);
                Counted { observed: renderer.observed, tokens: renderings.count(text, counter) }
            });
            tokens += counted.tokens;
            if !counted.observed {
                estimate.add(Reason::Schema);
            }
        }
        if tokens > 0 {
            tokens += NAMESPACE + *frame.get_or_insert_with(|| (counter.count(START) + counter.count(END)) as u64);
        }
        tokens
    }
}

/// Functions by what is rendered of them, which is much cheaper to make than to count.
#[derive(Default)]
struct Renderings {
    known: HashTable<(Box<str>, u64)>,
    /// The bytes of all.
    size: usize,
}

impl Renderings {
    fn count(&mut self, text: &str, counter: &mut Counter) -> u64 {
        let hash = digest_of_text(text);
        if let Some((_, tokens)) = self.known.find(hash, |(known, _)| **known == *text) {
            return *tokens;
        }
        let tokens = counter.count(text) as u64;
        self.size += text.len();
        if self.size > REMEMBERED {
            self.known.clear();
            self.size = text.len();
        }
        if self.size <= REMEMBERED {
            self.known.insert_unique(hash, (text.into(), tokens), |(known, _)| digest_of_text(known));
        }
        tokens
    }
}

struct Renderer<'a> {
    doc: &'a Doc<'a>,
    out: &'a mut String,
    /// How long `out` may become before the rest is left out.
    longest: usize,
    /// See [`Counted`].
    observed: bool,
}

/// The keywords of a schema whose rendering, or absence from it, was observed.
const OBSERVED: &[&str] =
    &["type", "description", "enum", "properties", "required", "items", "anyOf", "const", "additionalProperties"];

/// The names in a `required`.
enum Required<'a> {
    Few(&'a Doc<'a>, Option<NodeId>),
    Many(HashSet<&'a str>),
}

impl<'a> Required<'a> {
    fn new(doc: &'a Doc<'a>, names: Option<NodeId>) -> Self {
        match names {
            Some(names) if doc.count(names) > FEW => {
                Required::Many(doc.elements(names).filter_map(|name| doc.str(name)).collect())
            }
            names => Required::Few(doc, names),
        }
    }

    fn has(&self, key: &str) -> bool {
        match self {
            Required::Few(doc, names) => {
                names.is_some_and(|names| doc.elements(names).any(|name| doc.str(name) == Some(key)))
            }
            Required::Many(names) => names.contains(key),
        }
    }
}

impl<'a> Renderer<'a> {
    fn new(doc: &'a Doc<'a>, out: &'a mut String) -> Self {
        Renderer { doc, longest: out.len() + LONGEST, out, observed: true }
    }

    /// Whether there is no room for more. Then the text is not all of what was observed.
    fn is_full(&mut self) -> bool {
        let is_full = self.out.len() > self.longest;
        self.observed &= !is_full;
        is_full
    }

    /// A function as far as ` any`, which stands at the end of all.
    fn function(&mut self, function: &Function<'_>) {
        if let Some(description) = function.description.value() {
            self.comment(description);
        }
        let name = function.name.value().unwrap_or_default();
        let parameters = function.parameters.at();
        match parameters.and_then(|at| self.doc.get(at, "properties")).filter(|&at| self.doc.count(at) > 0) {
            Some(_) => {
                let _ = writeln!(self.out, "type {name} = (_: {{");
                self.properties(parameters.unwrap_or(NodeId::ROOT), 0);
                self.out.push_str("}) =>");
            }
            None => {
                let _ = write!(self.out, "type {name} = () =>");
            }
        }
    }

    fn comment(&mut self, text: &str) {
        if !text.is_empty() {
            let _ = writeln!(self.out, "// {text}");
        }
    }

    /// The properties of the object schema at `at`, one a line.
    fn properties(&mut self, at: NodeId, depth: usize) {
        let doc = self.doc;
        let required = Required::new(doc, doc.get(at, "required"));
        for property in doc.get(at, "properties").into_iter().flat_map(|at| doc.members(at)) {
            if self.is_full() {
                return;
            }
            // Descriptions further down are dropped.
            if depth == 0
                && let Some(description) = self.string(property.value, "description")
            {
                self.comment(description);
            }
            self.indent(depth);
            let _ = write!(self.out, "{}{}: ", property.key, if required.has(property.key) { "" } else { "?" });
            self.schema(property.value, depth);
            self.out.push_str(",\n");
        }
    }

    fn schema(&mut self, at: NodeId, depth: usize) {
        let doc = self.doc;
        self.observed &= doc.members(at).all(|member| OBSERVED.contains(&member.key));
        if let Some(any_of) = doc.get(at, "anyOf").filter(|&any_of| doc.kind(any_of) == Kind::Array) {
            self.joined(doc.elements(any_of), |this, option| this.schema(option, depth));
            return;
        }
        match doc.get(at, "type") {
            Some(types) if doc.kind(types) == Kind::Array => {
                self.observed = false;
                // A type that stands twice says nothing more, but what is inside it would double with each level.
                let mut seen = 0_u16;
                let first = |one: &NodeId| {
                    let before = seen;
                    seen |= mark(doc.str(*one));
                    seen != before
                };
                self.joined(doc.elements(types).filter(first), |this, one| this.of_type(doc.str(one), at, depth));
            }
            one => self.of_type(one.and_then(|one| doc.str(one)), at, depth),
        }
    }

    fn of_type(&mut self, name: Option<&str>, at: NodeId, depth: usize) {
        let doc = self.doc;
        let values = doc.get(at, "enum").filter(|&values| doc.count(values) > 0);
        match (name, values) {
            (Some("number" | "integer"), Some(values)) => self.joined(doc.elements(values), Self::literal),
            (Some("string") | None, Some(values)) => {
                self.observed &= name.is_some();
                self.joined(doc.elements(values), |this, value| {
                    this.out.push('"');
                    this.literal(value);
                    this.out.push('"');
                });
            }
            (Some("string"), None) => self.out.push_str("string"),
            (Some("number" | "integer"), None) => self.out.push_str("number"),
            (Some("boolean"), _) => self.out.push_str("boolean"),
            (Some("null"), _) => self.out.push_str("null"),
            (Some("object"), _) => {
                // Only one level of nesting was ever observed.
                self.observed &= depth == 0;
                self.out.push_str("{\n");
                self.properties(at, depth + 1);
                self.out.push('}');
            }
            (Some("array"), _) => match doc.get(at, "items") {
                Some(items) => {
                    self.schema(items, depth);
                    self.out.push_str("[]");
                }
                None => self.out.push_str("any[]"),
            },
            _ => {
                self.observed = false;
                self.out.push_str("any");
            }
        }
    }

    /// A value of an `enum`. Whether it is quoted depends on the type that it should have.
    fn literal(&mut self, at: NodeId) {
        match (self.doc.str(at), self.doc.number(at), self.doc.bool(at)) {
            (Some(text), ..) => self.out.push_str(text),
            (_, Some(number), _) => {
                let _ = write!(self.out, "{number}");
            }
            (_, _, Some(value)) => {
                let _ = write!(self.out, "{value}");
            }
            _ => self.out.push_str("null"),
        }
    }

    fn joined(&mut self, items: impl Iterator<Item = NodeId>, mut write: impl FnMut(&mut Self, NodeId)) {
        for (place, item) in items.enumerate() {
            if self.is_full() {
                return;
            }
            if place > 0 {
                self.out.push_str(" | ");
            }
            write(self, item);
        }
    }

    fn indent(&mut self, depth: usize) {
        self.out.extend(std::iter::repeat_n("  ", depth));
    }

    fn string(&self, at: NodeId, key: &str) -> Option<&'a str> {
        self.doc.get(at, key).and_then(|value| self.doc.str(value))
    }
}

/// One bit for each type, one for names of none, and one for what is no name.
fn mark(name: Option<&str>) -> u16 {
    let types = ["string", "number", "integer", "boolean", "null", "object", "array"];
    let place = |name: &str| types.iter().position(|known| *known == name).unwrap_or(types.len());
    1 << name.map_or(types.len() + 1, place)
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::*;
    use crate::example::{Expected, Memory};
    use crate::json::Parser;
    use crate::tokens::Encoding;

    /// The rendering of a function `f` with these parameters, and whether its form was observed.
    fn render(parameters: &str) -> (String, bool) {
        let line =
            format!(r#"{{"tools":[{{"type":"function","function":{{"name":"f","parameters":{parameters}}}}}]}}"#);
        let (mut parser, mut memory, arena) = (Parser::default(), Memory::default(), Bump::new());
        let doc = parser.parse(line.as_bytes()).unwrap();
        let example = Example::read(&doc, &arena, &mut memory, Expected::default()).unwrap();
        let (mut tools, mut estimate) = (ToolCounter::default(), Estimate::default());
        let mut counter = Counter::new(Encoding::O200kBase);
        let tokens = tools.count(&example, &mut counter, &mut estimate);
        // Counted once, remembered from then on, with its reasons.
        let mut again = Estimate::default();
        assert_eq!((tools.count(&example, &mut counter, &mut again), again), (tokens, estimate));
        assert_eq!(tools.renderings.known.len(), usize::from(tools.text.len() <= REMEMBERED));
        (tools.text.strip_prefix(FIRST).unwrap().to_owned(), estimate.is_exact())
    }

    #[test]
    fn a_namespace_is_what_its_functions_are() {
        let mut random = fastrand::Rng::with_seed(1);
        let scraps =
            ["a", " ", "\\n", "/", ";", " any", "=>", "}", "{", "é", "中", "\u{301}", "1", "'s", "\\r", "\\t", "A"];
        let scrap = |random: &mut fastrand::Rng| {
            let count = random.usize(..5);
            (0..count).map(|_| *random.choice(&scraps).unwrap()).collect::<String>()
        };
        for encoding in Encoding::ALL {
            let mut counter = Counter::new(encoding);
            let mut tools = ToolCounter::default();
            let (mut parser, mut memory) = (Parser::default(), Memory::default());
            for _ in 0..2000 {
                let count = random.usize(1..4);
                let function = |_| {
                    let (name, key) = (scrap(&mut random), scrap(&mut random));
                    let mut function = format!(r#"{{"name":"{name}""#);
                    if random.bool() {
                        function += &format!(r#","description":"{}""#, scrap(&mut random));
                    }
                    if random.bool() {
                        let schema = random.choice([r#"{"type":"string"}"#, "{}", r#"{"type":"object"}"#]).unwrap();
                        function += &format!(r#","parameters":{{"properties":{{"{key}":{schema}}}}}"#);
                    }
                    function + "}"
                };
                let functions: Vec<String> = (0..count).map(function).collect();
                let line = format!(r#"{{"functions":[{}]}}"#, functions.join(","));
                let doc = parser.parse(line.as_bytes()).unwrap();
                let arena = Bump::new();
                let example = Example::read(&doc, &arena, &mut memory, Expected::default()).unwrap();
                let mut whole = START.to_owned();
                for (place, function) in example.conversation.functions().enumerate() {
                    whole.push_str(if place == 0 { FIRST } else { NEXT });
                    Renderer::new(&doc, &mut whole).function(function);
                }
                whole.push_str(END);
                let expected = counter.count(&whole) as u64 + NAMESPACE;
                assert_eq!(tools.count(&example, &mut counter, &mut Estimate::default()), expected, "{whole:?}");
            }
        }
    }

    fn property(schema: &str) -> (String, bool) {
        let (text, observed) = render(&format!(r#"{{"type":"object","properties":{{"p":{schema}}}}}"#));
        let text = text.strip_prefix("type f = (_: {\np?: ").unwrap().strip_suffix(",\n}) =>");
        (text.unwrap().to_owned(), observed)
    }

    #[test]
    fn types_are_typescript() {
        for (schema, text) in [
            (r#"{"type":"string"}"#, "string"),
            (r#"{"type":"integer"}"#, "number"),
            (r#"{"type":"boolean"}"#, "boolean"),
            (r#"{"type":"null"}"#, "null"),
            (r#"{"type":"string","enum":["a","b"]}"#, r#""a" | "b""#),
            (r#"{"type":"number","enum":[1,2.5,-3]}"#, "1 | 2.5 | -3"),
            (r#"{"type":"array"}"#, "any[]"),
            (r#"{"type":"array","items":{"type":"array","items":{"type":"number"}}}"#, "number[][]"),
            (r#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "string | null"),
            (
                r#"{"type":"object","properties":{"q":{"type":"string","description":"dropped"}},"required":["q"]}"#,
                "{\n  q: string,\n}",
            ),
        ] {
            assert_eq!(property(schema), (text.to_owned(), true), "{schema}");
        }
    }

    #[test]
    fn what_was_never_observed_is_an_estimate() {
        for (schema, text) in [
            (r#"{"type":["string","null"]}"#, "string | null"),
            (r##"{"$ref":"#/$defs/x"}"##, "any"),
            (r#"{"type":"string","format":"date"}"#, "string"),
            ("true", "any"),
            (r#"{"enum":["a",1]}"#, r#""a" | "1""#),
            (
                r#"{"type":"object","properties":{"q":{"type":"object","properties":{"r":{"type":"null"}}}}}"#,
                "{\n  q?: {\n    r?: null,\n},\n}",
            ),
        ] {
            let (rendered, observed) = property(schema);
            assert_eq!(rendered, text, "{schema}");
            assert!(!observed, "{schema}");
        }
    }

    #[test]
    fn what_stands_twice_does_not_multiply() {
        assert_eq!(property(r#"{"type":["string","string","null"]}"#), ("string | null".to_owned(), false));
        assert_eq!(property(r#"{"type":["x",null,1],"enum":["a"]}"#), (r#"any | "a""#.to_owned(), false));
        let arrays = |text: String, _| format!(r#"{{"type":["array","array"],"items":{text}}}"#);
        let (text, observed) = property(&(0..60).fold(r#"{"type":"string"}"#.to_owned(), arrays));
        assert_eq!((text, observed), (format!("string{}", "[]".repeat(60)), false));
    }

    #[test]
    fn a_text_ends_where_nobody_reads_on() {
        let leaves: Vec<String> = (0..20_000).map(|n| format!(r#""p{n}":{{"type":"null"}}"#)).collect();
        let leaves = format!(r#"{{"type":"object","properties":{{{}}}}}"#, leaves.join(","));
        let (text, observed) = render(&leaves);
        assert!(observed && text.len() < LONGEST && text.ends_with("p19999?: null,\n}) =>"));
        let nested = |text: String, _| format!(r#"{{"type":"object","properties":{{"o":{text}}}}}"#);
        let (text, observed) = render(&(0..40).fold(leaves, nested));
        assert!(!observed && (LONGEST..LONGEST + 4096).contains(&text.len()), "{}", text.len());
    }

    #[test]
    fn many_names_are_required_as_few_are() {
        for count in [FEW, FEW + 1] {
            let names: Vec<String> = (0..count).map(|n| format!(r#""p{n}""#)).collect();
            let names = names.join(",");
            let schema = r#"{"type":"null"}"#;
            let (text, observed) =
                render(&format!(r#"{{"properties":{{"p0":{schema},"q":{schema}}},"required":[{names}]}}"#));
            assert_eq!((text.as_str(), observed), ("type f = (_: {\np0: null,\nq?: null,\n}) =>", true));
        }
    }

    #[test]
    fn functions_without_parameters_have_none() {
        for parameters in ["{}", "null", "[]", r#""x""#, r#"{"type":"object","properties":{}}"#] {
            assert_eq!(render(parameters).0, "type f = () =>", "{parameters}");
        }
    }
}
