//! The format for people: miette draws each finding in a window of its line.

use std::fmt::{self, Write as _};
use std::io::{self, Write};

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use textwrap::WordSplitter;

use super::{Style, request, summary};
use crate::finding::{Finding, Place, Severity};
use crate::outcome::{FileReport, Reporter, RequestReport, Total};
use crate::text::{WORDS, count, dollars, mask, number};

/// See [`super::Format::Full`].
pub struct Full<'w> {
    out: Box<dyn Write + 'w>,
    style: Style,
    handler: GraphicalReportHandler,
}

impl<'w> Full<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>, style: Style) -> Self {
        let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        // The characters are the same on a terminal, in a file and in a pipe.
        let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
        let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(style.width);
        let handler = handler.with_word_separator(WORDS).with_word_splitter(WordSplitter::NoHyphenation);
        Full { out, style, handler }
    }
}

impl Reporter for Full<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        let mut text = String::new();
        let shown = Shown { file: mask(file.as_bytes()), finding };
        self.handler.render_report(&mut text, &shown).map_err(io::Error::other)?;
        // miette indents with a blank line on top, and pads rows on the right.
        for row in text.trim_start_matches('\n').lines() {
            writeln!(self.out, "{}", row.trim_end())?;
        }
        if finding.place.is_none() {
            writeln!(self.out, "  {}", self.style.dim(format_args!("in {}", mask(file.as_bytes()))))?;
        }
        if let Some(trail) = finding.place.as_ref().and_then(trail) {
            let trail = format!("  {}", self.style.dim(trail));
            writeln!(self.out, "{}", self.style.fit(&trail, 2))?;
        }
        writeln!(self.out)
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        write!(self.out, "{}", summary(report, self.style))
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        write!(self.out, "{}", request::text(report, self.style))
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        if total.files > 1 {
            let problems = summary::problems(total.errors, total.warnings, total.errors_only, self.style);
            let examples = count(total.examples, "example");
            let size = crate::text::size(total.bytes);
            writeln!(self.out, "\n{}: {problems} in {examples} ({size})", count(total.files, "file"))?;
            if let Some(tokens) = total.tokens {
                let answers = number(total.answer_tokens);
                writeln!(self.out, "  {} · {answers} of them in answers", count(tokens, "token"))?;
            }
            // A job takes one file to train on.
            if total.jobs > 1 {
                let (jobs, billed) = (count(total.jobs, "job"), number(total.billed));
                let cost = if total.cost > 0.0 { format!(" → {}", dollars(total.cost)) } else { String::new() };
                writeln!(self.out, "  {jobs}, one for each file → {billed} billed tokens{cost}")?;
            }
        }
        self.out.flush()
    }
}

/// Where else a place can be found: in Python, on the server, in the lines behind.
fn trail(place: &Place) -> Option<String> {
    let mut trail = String::new();
    if let Some(pointer) = &place.pointer
        && !pointer.is_empty()
    {
        let _ = write!(trail, "at {}", mask(pointer.as_bytes()));
    }
    let mut add = |part: String| {
        let separator = if trail.is_empty() { "" } else { " · " };
        let _ = write!(trail, "{separator}{part}");
    };
    if place.last_line > place.line {
        add(format!("up to line {}", place.last_line));
    }
    // Servers count examples, editors count lines.
    if place.example > 0 && place.example != place.line {
        add(format!("example {}", place.example));
    }
    (!trail.is_empty()).then_some(trail)
}

/// A finding as miette wants it.
#[derive(Debug)]
struct Shown<'f> {
    file: String,
    finding: &'f Finding,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.finding.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(format!("{} {}", self.finding.rule.code, self.finding.rule.name)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.finding.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.finding.help()))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.finding.place.is_some().then_some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.finding.place.as_ref()?;
        let label = Some(self.finding.rule.label).filter(|label| !label.is_empty()).map(str::to_owned);
        Some(Box::new(std::iter::once(LabeledSpan::new_primary_with_span(label, place.snippet.mark.clone()))))
    }
}

/// Only the window of the line is handed out: miette must not see the file, or it would print whole
/// lines and walk through all bytes before them for every finding.
impl SourceCode for Shown<'_> {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let place = self.finding.place.as_ref().ok_or(MietteError::OutOfBounds)?;
        let line = usize::try_from(place.line - 1).unwrap_or(usize::MAX);
        // miette asks twice: with context for the drawing, without it for the column in the header.
        let column = if before == 0 { usize::try_from(place.column - 1).unwrap_or(usize::MAX) } else { 0 };
        let snippet = &place.snippet;
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            snippet.text.as_bytes(),
            (snippet.start, snippet.text.len()).into(),
            line,
            column,
            1,
        )))
    }
}
