//! What is wrong with a config, shown where it is wrong.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};

use super::Source;
use crate::text::{did_you_mean, is_unprintable, lowercase_first, mask, quote};

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
            let known = rest.split('`').skip(1).step_by(2);
            return fault.with_help(match did_you_mean(key, known) {
                Some(near) => format!("did you mean {}?", quote(near)),
                None => "`ftlint init` writes a file with all keys".to_owned(),
            });
        }
        let message = error.message().trim_end().replace('\n', "; ");
        Fault::new(source, error.span(), lowercase_first(&message).into_owned())
    }

    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Fault {
    /// With the escape sequences of colours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = mask(self.name.as_bytes());
        let Some((text, span)) = &self.place else {
            write!(f, "ftlint: {name}: {}", self.message)?;
            return self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"));
        };
        // A span that ends behind a line or the file has nothing to point at there.
        let end = text[..span.end.min(text.len())].trim_end().len().max(span.start);
        let label = LabeledSpan::new(None, span.start, end - span.start);
        let mut diagnostic = MietteDiagnostic::new(self.message.as_str()).with_label(label);
        if let Some(help) = &self.help {
            diagnostic = diagnostic.with_help(help.as_str());
        }
        // Every character that is masked keeps its length, and so do the spans.
        let shown: Vec<String> = text.split('\n').map(masked).collect();
        let report = Report::from(diagnostic).with_source_code(NamedSource::new(name, shown.join("\n")));
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode()).with_links(false).with_width(80);
        let mut drawn = String::new();
        handler.render_report(&mut drawn, report.as_ref())?;
        let rows: Vec<&str> = drawn.trim_matches('\n').lines().map(str::trim_end).collect();
        write!(f, "ftlint: wrong configuration\n{}", rows.join("\n"))
    }
}

fn masked(line: &str) -> String {
    if line.contains(is_unprintable) { mask(line.as_bytes()) } else { line.to_owned() }
}
