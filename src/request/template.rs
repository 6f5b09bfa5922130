//! Templates in the texts of graders: `{{ item.answer }}`, `{{ sample.output_text }}`.

use std::ops::Range;

/// A template in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template<'t> {
    /// Where it stands, with its braces, in bytes of the text.
    pub span: Range<usize>,
    /// The path that it names, or what is wrong with it.
    pub path: Result<&'t str, Fault>,
}

/// What is wrong with a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no `}}`.
    Open,
    /// There is no path between the braces.
    NoPath,
    /// A path stands between single braces, and so is text.
    Single,
}

/// All templates in a text, in order.
#[must_use]
pub fn templates(text: &str) -> Vec<Template<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|start| from + start) {
        found.extend(singles(text, from..start));
        let Some(end) = text[start..].find("}}").map(|end| start + end + 2) else {
            found.push(Template { span: start..start + 2, path: Err(Fault::Open) });
            return found;
        };
        let path = path(text[start + 2..end - 2].trim()).ok_or(Fault::NoPath);
        found.push(Template { span: start..end, path });
        from = end;
    }
    found.extend(singles(text, from..text.len()));
    found
}

/// What stands between single braces in a part of a text, and would be a path between two.
fn singles(text: &str, part: Range<usize>) -> impl Iterator<Item = Template<'_>> {
    let starts = text[part.clone()].match_indices('{').map(move |(start, _)| part.start + start);
    starts.filter_map(move |start| {
        let inside = &text[start + 1..];
        let is_path = ["item.", "sample."].iter().any(|name| inside.starts_with(name));
        let end = inside.find('}').filter(|_| is_path)?;
        path(&inside[..end]).filter(|path| path.len() == end)?;
        Some(Template { span: start..start + end + 2, path: Err(Fault::Single) })
    })
}

/// The path at the start of what stands between braces; filters may follow. In the quotes of a subscript there may be
/// anything.
fn path(inside: &str) -> Option<&str> {
    let mut quoted = None;
    let mut before = ' ';
    let mut is_part = |c: char| {
        let is_inside = quoted.is_some();
        match quoted {
            Some(quote) if quote == c => quoted = None,
            None if before == '[' && matches!(c, '\'' | '"') => quoted = Some(c),
            _ => {}
        }
        before = c;
        is_inside || c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '\'' | '"')
    };
    let end = inside.find(|c| !is_part(c)).unwrap_or(inside.len());
    let path = &inside[..end];
    let rest = inside[end..].trim_start();
    let starts = path.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (starts && !path.ends_with('.') && (rest.is_empty() || rest.starts_with('|'))).then_some(path)
}

/// The steps of a path: `a`, `b`, `0` of `a.b[0]`. What is quoted in a subscript is one step, whatever is in it.
pub fn steps(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(['.', '[', ']']);
        let quoted = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let from = usize::from(quoted.is_some());
        let end = match quoted {
            Some(quote) => rest[from..].find(quote).map(|end| from + end),
            None => rest.find(['.', '[', ']']),
        };
        let end = end.unwrap_or(rest.len());
        let step = &rest[from..end];
        rest = &rest[(end + from).min(rest.len())..];
        (!step.is_empty()).then_some(step)
    })
}

/// What of a line a path names, if it names something: `answer[0]` of `item.answer[0]`, `['answer']` of
/// `item['answer']`.
#[must_use]
pub fn item_path(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("item")?;
    if rest.starts_with('[') { Some(rest) } else { rest.strip_prefix('.') }
}

/// Whether two paths name the same, however they are written.
#[must_use]
pub fn is_same(path: &str, other: &str) -> bool {
    steps(path).eq(steps(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<Result<&str, Fault>> {
        templates(text).into_iter().map(|template| template.path).collect()
    }

    #[test]
    fn paths_are_found() {
        assert_eq!(paths("no template, {one} brace, {item}, { item.a }, {item.a: 1}, {% if item.a %}"), []);
        assert_eq!(
            paths("{item.a} {{item.a}} {sample.output_text}"),
            [Err(Fault::Single), Ok("item.a"), Err(Fault::Single)]
        );
        assert_eq!(templates("é{item.a}")[0].span, 2..10);
        assert_eq!(paths("{{item.a}} and {{ sample.output_text }}"), [Ok("item.a"), Ok("sample.output_text")]);
        assert_eq!(paths("{{ item.a | tojson }}"), [Ok("item.a")]);
        assert_eq!(paths("{{ item['a b'] | tojson }} {{item[\"é.x\"].y}}"), [Ok("item['a b']"), Ok("item[\"é.x\"].y")]);
        assert_eq!(paths("é{{item.naïve-ö[0].x}}"), [Ok("item.naïve-ö[0].x")]);
        assert_eq!(paths("{{ item.a"), [Err(Fault::Open)]);
        assert_eq!(paths("{{ 1 + 2 }} {{}} {{item.}} {{a b}}"), [Err(Fault::NoPath); 4]);
        assert_eq!(templates("x{{a}}y")[0].span, 1..6);
    }

    #[test]
    fn paths_have_steps() {
        assert_eq!(steps("a.b[0]['c d'].e").collect::<Vec<_>>(), ["a", "b", "0", "c d", "e"]);
        assert_eq!(steps("['a.b'][\"c]\"]x['").collect::<Vec<_>>(), ["a.b", "c]", "x"]);
        assert_eq!(["item.a", "item['a']", "items.a", "item"].map(item_path), [Some("a"), Some("['a']"), None, None]);
        assert!(is_same("a.b", "['a'][\"b\"]") && !is_same("a.b", "['a.b']"));
    }
}
