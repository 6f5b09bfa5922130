//! What is wrong with a config, shown where it is wrong.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};
use textwrap::WordSplitter;

use super::Source;
use crate::text::{WORDS, did_you_mean, is_unprintable, list, lowercase_first, mask, quote};

/// What is wrong with a config.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Who says what is wrong.
    name: String,
    /// What it says, and the bytes that are wrong.
    place: Option<(Rc<str>, Range<usize>)>,
    message: String,
    help: Option<String>,
}

impl Fault {
    pub(super) fn new(source: &Source, span: Option<Range<usize>>, message: impl Into<String>) -> Self {
        let place = source.text.clone().zip(span);
        debug_assert!(place.as_ref().is_none_or(|(text, span)| text.get(span.clone()).is_some()), "{place:?}");
        Fault { name: source.name.clone(), place, message: message.into(), help: None }
    }

    /// A file that cannot be read.
    pub(super) fn unread(path: &Path, error: &io::Error) -> Self {
        let text = error.to_string();
        let text = text.split(" (os error").next().unwrap_or(&text);
        Fault { name: path.display().to_string(), place: None, message: lowercase_first(text).into_owned(), help: None }
    }

    /// What the parser says.
    pub(super) fn parse(source: &Source, error: &toml::de::Error) -> Self {
        // serde says all keys that there are, in back quotes: the one that is near is enough.
        if let Some(rest) = error.message().strip_prefix("unknown field `")
            && let Some((key, rest)) = rest.split_once('`')
        {
            let fault = Fault::new(source, error.span(), format!("there is no key {}", quote(key)));
            let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
            return fault.with_help(match near(key, &known) {
                Some(near) => format!("did you mean {}?", quote(near)),
                None if key == "tool" => {
                    "a table [tool.ftlint] is for pyproject.toml; here its keys stand by themselves".to_owned()
                }
                None if known.contains(&"required-version") => "`ftlint init` writes a file with all keys".to_owned(),
                None => format!("known are {}", list(known.iter().copied(), "and")),
            });
        }
        let message = error.message().trim_end().replace('\n', "; ");
        Fault::new(source, error.span(), lowercase_first(&plain(&message)).into_owned())
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Fault {
    /// On one line: the name, the place in it, what is wrong.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(self.name.as_bytes()))?;
        if let Some((text, span)) = &self.place {
            let before = &text[..span.start];
            let line = 1 + before.matches('\n').count();
            let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// As the command shows it, with the line that is wrong, and with the escape sequences of colours.
    #[must_use]
    pub fn render(&self) -> String {
        let Some((text, span)) = &self.place else { return format!("ftlint: {self}") };
        let mut drawn = String::new();
        match self.draw(text, span, &mut drawn) {
            Ok(()) => {
                let rows: Vec<&str> = drawn.trim_matches('\n').lines().map(str::trim_end).collect();
                format!("ftlint: wrong configuration\n{}", rows.join("\n"))
            }
            Err(fmt::Error) => format!("ftlint: {self}"),
        }
    }

    fn draw(&self, text: &str, span: &Range<usize>, drawn: &mut String) -> fmt::Result {
        // A span that ends behind a line or the file has nothing to point at there.
        let end = text[..span.end.min(text.len())].trim_end().len().max(span.start);
        let label = LabeledSpan::new(None, span.start, end - span.start);
        let mut diagnostic = MietteDiagnostic::new(self.message.as_str()).with_label(label);
        if let Some(help) = &self.help {
            diagnostic = diagnostic.with_help(help.as_str());
        }
        // Every character that is masked keeps its length, and so do the spans.
        let shown: Vec<String> = text.split('\n').map(masked).collect();
        let source = NamedSource::new(mask(self.name.as_bytes()), shown.join("\n"));
        let report = Report::from(diagnostic).with_source_code(source);
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode()).with_links(false).with_width(80);
        let handler = handler.with_word_separator(WORDS).with_word_splitter(WordSplitter::NoHyphenation);
        handler.render_report(drawn, report.as_ref())
    }
}

/// The known key that was probably meant: one that is almost the same, or of which this is the beginning.
fn near<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let begins = || known.iter().copied().find(|known| key.len() >= 3 && known.starts_with(key));
    did_you_mean(key, known.iter().copied()).or_else(begins)
}

/// What serde says of a value, in words that are not those of Rust.
fn plain(message: &str) -> String {
    if let Some(key) = message.strip_prefix("missing field ") {
        return format!("the key {key} is missing");
    }
    let kinds = ["invalid type: ", "invalid value: ", "invalid length: "];
    let Some(rest) = kinds.iter().find_map(|kind| message.strip_prefix(kind)) else { return message.to_owned() };
    let Some((found, expected)) = rest.rsplit_once(", expected ") else { return message.to_owned() };
    let expected = match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" | "bool" => "true or false",
        "a sequence" => "a list",
        "a map" => "a table",
        "path string" => "a path",
        "struct Price" => "a table such as { usd_per_million = 25.0 }",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    format!("expected {expected}, not {}", plain_value(found))
}

/// A value as it was written: without its type where the value is told.
fn plain_value(found: &str) -> &str {
    match (found, found.find('`'), found.rfind('`')) {
        ("map", ..) => "a table",
        ("sequence", ..) => "a list",
        (text, ..) if text.starts_with("string ") => &text["string ".len()..],
        (text, Some(start), Some(end)) => &text[start..=end],
        (text, ..) => text,
    }
}

fn masked(line: &str) -> String {
    if line.contains(is_unprintable) { mask(line.as_bytes()) } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::Options;
    use super::*;

    #[test]
    fn a_fault_is_told_on_one_line_and_without_colours() {
        let text = "threads = 1\n[[data]]\ntrain = \"a\"\nvalid = \"b\"\n";
        let source = Source { name: "f\u{1b}.toml".to_owned(), text: Some(text.into()), ..Source::default() };
        let fault = Fault::parse(&source, &toml::from_str::<Options>(text).unwrap_err());
        assert_eq!(fault.to_string(), "f?.toml:4:1: there is no key `valid`; did you mean `validation`?");
        assert!(fault.render().starts_with("ftlint: wrong configuration\n"));
    }
}
