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
}

/// All templates in a text, in order.
#[must_use]
pub fn templates(text: &str) -> Vec<Template<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|start| from + start) {
        let Some(end) = text[start..].find("}}").map(|end| start + end + 2) else {
            found.push(Template { span: start..start + 2, path: Err(Fault::Open) });
            break;
        };
        let path = path(text[start + 2..end - 2].trim()).ok_or(Fault::NoPath);
        found.push(Template { span: start..end, path });
        from = end;
    }
    found
}

/// The path at the start of what stands between braces; filters may follow.
fn path(inside: &str) -> Option<&str> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '\'' | '"');
    let end = inside.find(|c| !is_part(c)).unwrap_or(inside.len());
    let path = &inside[..end];
    let rest = inside[end..].trim_start();
    let starts = path.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (starts && !path.ends_with('.') && (rest.is_empty() || rest.starts_with('|'))).then_some(path)
}

/// The steps of a path: `a`, `b`, `0` of `a.b[0]`.
pub fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split(['.', '[', ']']).map(|step| step.trim_matches(['\'', '"'])).filter(|step| !step.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<Result<&str, Fault>> {
        templates(text).into_iter().map(|template| template.path).collect()
    }

    #[test]
    fn paths_are_found() {
        assert_eq!(paths("no template, {one} brace"), []);
        assert_eq!(paths("{{item.a}} and {{ sample.output_text }}"), [Ok("item.a"), Ok("sample.output_text")]);
        assert_eq!(paths("{{ item.a | tojson }}"), [Ok("item.a")]);
        assert_eq!(paths("é{{item.naïve-ö[0].x}}"), [Ok("item.naïve-ö[0].x")]);
        assert_eq!(paths("{{ item.a"), [Err(Fault::Open)]);
        assert_eq!(paths("{{ 1 + 2 }} {{}} {{item.}} {{a b}}"), [Err(Fault::NoPath); 4]);
        assert_eq!(templates("x{{a}}y")[0].span, 1..6);
    }

    #[test]
    fn paths_have_steps() {
        assert_eq!(steps("a.b[0]['c d'].e").collect::<Vec<_>>(), ["a", "b", "0", "c d", "e"]);
    }
}
