//! Tool definitions as the service renders them: a TypeScript namespace in the system message.
//!
//! The service has never published how it does that. The form is the one with which counts that
//! the API reported were reproduced; what lies beyond those is rendered likewise, and said to be an
//! estimate ([`Reason::Schema`]).

use std::collections::HashMap;
use std::fmt::Write as _;

use super::{Counter, Estimate, Reason};
use crate::example::{Example, Function};
use crate::json::{Doc, Kind, NodeId};

/// What a namespace costs besides its text.
const NAMESPACE: u64 = 9;

/// How many renderings are remembered. Most files have one set of tools, or a few.
const REMEMBERED: usize = 64;
/// The longest rendering that is remembered, in bytes.
const LONGEST: usize = 64 * 1024;

/// Counts tool definitions, and remembers what it counted: real files repeat them in every line.
#[derive(Default)]
pub(super) struct ToolCounter {
    text: String,
    /// By the rendered text, which is much cheaper to make than to count.
    known: HashMap<Box<str>, u64>,
}

impl ToolCounter {
    /// The tokens of the tool definitions of an example; 0 without any.
    pub(super) fn count(&mut self, example: &Example<'_>, counter: &mut Counter, estimate: &mut Estimate) -> u64 {
        if example.conversation.functions().next().is_none() {
            return 0;
        }
        self.text.clear();
        let mut renderer = Renderer { doc: example.doc, out: &mut self.text, observed: true };
        renderer.namespace(example.conversation.functions());
        if !renderer.observed {
            estimate.add(Reason::Schema);
        }
        if let Some(&tokens) = self.known.get(self.text.as_str()) {
            return tokens;
        }
        let tokens = counter.count(&self.text) as u64 + NAMESPACE;
        if self.text.len() <= LONGEST {
            if self.known.len() == REMEMBERED {
                self.known.clear();
            }
            self.known.insert(self.text.as_str().into(), tokens);
        }
        tokens
    }
}

struct Renderer<'a> {
    doc: &'a Doc<'a>,
    out: &'a mut String,
    /// Whether all of it is of a form whose tokens were observed.
    observed: bool,
}

/// The keywords of a schema whose rendering, or absence from it, was observed.
const OBSERVED: &[&str] =
    &["type", "description", "enum", "properties", "required", "items", "anyOf", "const", "additionalProperties"];

impl<'a> Renderer<'a> {
    fn namespace<'f>(&mut self, functions: impl Iterator<Item = &'f Function<'f>>) {
        self.out.push_str("namespace functions {\n\n");
        for function in functions {
            self.function(function);
        }
        self.out.push_str("} // namespace functions");
    }

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
                self.out.push_str("}) => any;\n\n");
            }
            None => {
                let _ = write!(self.out, "type {name} = () => any;\n\n");
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
        let required = doc.get(at, "required");
        for property in doc.get(at, "properties").into_iter().flat_map(|at| doc.members(at)) {
            // Descriptions further down are dropped.
            if depth == 0
                && let Some(description) = self.string(property.value, "description")
            {
                self.comment(description);
            }
            self.indent(depth);
            let is_required = required.is_some_and(|at| doc.elements(at).any(|at| doc.str(at) == Some(property.key)));
            let _ = write!(self.out, "{}{}: ", property.key, if is_required { "" } else { "?" });
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
                self.joined(doc.elements(types), |this, one| this.of_type(doc.str(one), at, depth));
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
        assert_eq!(tokens, counter.count(&tools.text) as u64 + NAMESPACE);
        // Counted once, remembered from then on, with its reasons.
        let mut again = Estimate::default();
        assert_eq!((tools.count(&example, &mut counter, &mut again), again), (tokens, estimate));
        assert_eq!(tools.known.len(), 1);
        let text = tools.text.strip_prefix("namespace functions {\n\n").unwrap();
        (text.strip_suffix("\n\n} // namespace functions").unwrap().to_owned(), estimate.is_exact())
    }

    fn property(schema: &str) -> (String, bool) {
        let (text, observed) = render(&format!(r#"{{"type":"object","properties":{{"p":{schema}}}}}"#));
        let text = text.strip_prefix("type f = (_: {\np?: ").unwrap().strip_suffix(",\n}) => any;");
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
    fn functions_without_parameters_have_none() {
        for parameters in ["{}", "null", "[]", r#""x""#, r#"{"type":"object","properties":{}}"#] {
            assert_eq!(render(parameters).0, "type f = () => any;", "{parameters}");
        }
    }
}
