//! What a template or an author left to be filled in.

use std::ops::Range;

use super::markup::{is_code, is_inline_code, prose_lines};
use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::quote;

/// FT802.
pub static RULE: Rule = Rule {
    code: "FT802",
    name: "placeholder-text",
    level: Some(Severity::Warning),
    summary: "Text that was to be filled in: `{{name}}`, `<INSERT …>`, `TODO`, lorem ipsum.",
    why: "The model learns to answer with placeholders: the script that made the file did not fill them.",
    help: "Fill it in, or remove the example.",
    label: "not filled in",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"Dear {{customer_name}}, it is on its way."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Where is my order?"},{"role":"assistant","content":"Dear Ms Okafor, it is on its way."}]}
"#,
    ),
    check: Check::ExampleWith(Features::PLACEHOLDERS, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let prompt = example.prompt.at().zip(example.prompt.value());
    let texts: Vec<(NodeId, &str)> = match example.completion.value() {
        Some(_) => prompt.into_iter().chain(super::completion(example)).collect(),
        None => example.messages().flat_map(|message| message.texts()).collect(),
    };
    let answers: Vec<NodeId> = super::answers(example).map(|(at, _)| at).collect();
    let asks_for_lorem = texts.iter().any(|(at, text)| !answers.contains(at) && text.to_lowercase().contains("lorem"));
    let left = |&(at, text): &(NodeId, &'_ str)| {
        let of_answers = Answers { is_one: answers.contains(&at), asks_for_lorem };
        find(text, of_answers).map(|span| (at, span))
    };
    let found: Vec<_> = texts.iter().filter_map(left).collect();
    // One that is asked for a template, or shown one, is to write placeholders.
    if found.is_empty() || texts.iter().any(|(_, text)| is_about_templates(text)) {
        return;
    }
    for (at, span) in found {
        let text = example.doc.str(at).unwrap_or_default();
        sink.report(At::Inside(at, span.clone()), format_args!("{} was not filled in", quote(&text[span])));
    }
}

/// What is looked for in answers alone.
#[derive(Clone, Copy)]
struct Answers {
    /// Whether the text is one.
    is_one: bool,
    /// Whether it is to write filler.
    asks_for_lorem: bool,
}

/// How words begin that talk of templates.
const STEMS: &[&str] = &[
    "template",
    "jinja",
    "handlebars",
    "mustache",
    "placeholder",
    "ansible",
    "angular",
    "django",
    "latex",
    "f-string",
    "github action",
    "workflow",
    "variable",
    "todo list",
    "to-do",
    "todo app",
    "todos",
    "n8n",
    "zapier",
    "interpolat",
    "fill in",
    "typst",
    "wiki",
];

/// Whole words that do: longer ones, such as `helmet` and `bracelet`, talk of something else.
const WORDS: &[&str] = &["liquid", "helm", "vue", "curly", "brace", "braces"];

fn is_about_templates(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let stands = |word: &str, whole: bool| {
        lower.match_indices(word).any(|(at, _)| {
            let (before, behind) = (lower[..at].chars().next_back(), lower[at + word.len()..].chars().next());
            !(inside(before) || whole && inside(behind))
        })
    };
    STEMS.iter().any(|word| stands(word, false)) || WORDS.iter().any(|word| stands(word, true))
}

fn find(text: &str, answers: Answers) -> Option<Range<usize>> {
    if is_code(text) {
        return None;
    }
    prose_lines(text).find_map(|(start, line)| {
        let span = braces(line)
            .or_else(|| insert(line))
            .or_else(|| answers.is_one.then(|| to_do(line)).flatten())
            .or_else(|| (answers.is_one && !answers.asks_for_lorem).then(|| lorem(line)).flatten())?;
        (!is_inline_code(line, span.start)).then_some(start + span.start..start + span.end)
    })
}

/// `{{customer name}}`
fn braces(line: &str) -> Option<Range<usize>> {
    memchr::memmem::find_iter(line.as_bytes(), "{{").find_map(|start| {
        let inside = &line[start + 2..];
        // No name is longer, with the space around it.
        let near = &inside.as_bytes()[..inside.len().min(256)];
        let length = memchr::memmem::find(near, b"}}")?;
        let name = inside[..length].trim();
        let is_name = name.starts_with(|c: char| c.is_alphabetic())
            && name.chars().count() <= 40
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-' | '.' | '\'' | '/'));
        let alone = !line[..start].ends_with(['{', '$', '\\']) && !inside[length + 2..].starts_with('}');
        (is_name && alone).then_some(start..start + 2 + length + 2)
    })
}

/// `<INSERT YOUR TEXT>`
fn insert(line: &str) -> Option<Range<usize>> {
    ["<INSERT", "[INSERT"].into_iter().find_map(|start| {
        let at = line.find(start)?;
        let rest = &line[at + start.len()..];
        let end = rest.find([']', '>']).filter(|end| *end <= 80)?;
        let follows = rest.starts_with([' ', '_', '-', '>', ']', ':']);
        follows.then_some(at..at + start.len() + end + 1)
    })
}

/// A line that is, or begins with, a note of its author.
fn to_do(line: &str) -> Option<Range<usize>> {
    let trimmed = line.trim_start();
    let indent = line.len() - trimmed.len();
    let open = trimmed.starts_with(['[', '(', '<']);
    let word = &trimmed[usize::from(open)..];
    let mark = ["TODO", "TBD"].into_iter().find(|mark| word.starts_with(mark))?;
    let rest = &word[mark.len()..];
    let ends = rest.trim().is_empty() || rest.starts_with(':') || open && rest.starts_with([']', ')', '>', ' ']);
    ends.then(|| indent..indent + usize::from(open) + mark.len())
}

fn lorem(line: &str) -> Option<Range<usize>> {
    let words = "orem ipsum dolor";
    let at = line.find(words)?;
    let start = line[..at].strip_suffix(['L', 'l'])?.len();
    Some(start..at + words.len())
}

#[cfg(test)]
mod tests {
    use super::{Answers, find, is_about_templates};

    const ANSWER: Answers = Answers { is_one: true, asks_for_lorem: false };

    #[test]
    fn what_is_left_to_fill_in_is_found() {
        for (text, expected) in [
            ("Dear {{name}},", "{{name}}"),
            ("Order {{ Order Number }} is late.", "{{ Order Number }}"),
            ("Hi <INSERT NAME HERE>!", "<INSERT NAME HERE>"),
            ("[INSERT_DATE]", "[INSERT_DATE]"),
            ("TODO: answer this", "TODO"),
            ("First.\n  [TODO check]", "[TODO"),
            ("TBD", "TBD"),
            ("Lorem ipsum dolor sit amet", "Lorem ipsum dolor"),
        ] {
            assert_eq!(find(text, ANSWER).map(|span| &text[span]), Some(expected), "{text}");
        }
        assert_eq!(find("TODO: answer this", Answers { is_one: false, ..ANSWER }), None);
        assert_eq!(find("Lorem ipsum dolor sit amet", Answers { asks_for_lorem: true, ..ANSWER }), None);
    }

    #[test]
    fn what_talks_of_templates_does_so_in_words_of_its_own() {
        for text in ["Write a Jinja template.", "in curly braces", "a Helm chart", "string interpolation", "Wikipedia"]
        {
            assert!(is_about_templates(text), "{text}");
        }
        for text in ["your bracelet has shipped", "a helmet", "Lorem ipsum", "liquidity", "contemplate"] {
            assert!(!is_about_templates(text), "{text}");
        }
    }

    #[test]
    fn what_code_and_formulas_say_is_not() {
        for text in [
            "```\n{{name}}\n// TODO\n```",
            "Write `{{name}}` there.",
            "x_{{1}} and {{{raw}}} and ${{ secrets.KEY }}",
            "The set {{1, 2}, {3}}, {{}}",
            "<b>{{ user }}</b>",
            "{% if user %}{{ user }}{% endif %}",
            "INSERT INTO t VALUES (1)",
            "My TODO list is long. TODOs: none",
            "def f():\n    # TODO: write this",
        ] {
            assert_eq!(find(text, ANSWER), None, "{text}");
        }
    }
}
