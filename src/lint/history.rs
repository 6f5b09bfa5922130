//! What the errors of a job mean in its files: the line, the rule, the fix.

use std::io;

use super::Linter;
use super::records::{Head, Records};
use crate::finding::{Finding, Place, Severity};
use crate::history::{Cause, History, JobError, Spot, explain};
use crate::input::Input;
use crate::json::Parser;
use crate::lines::first_line;
use crate::outcome::{
    ExampleRow, ExplainedError, Failure, FileReport, HistoryReport, NamedLine, Reporter, TokenCheck, Total,
};
use crate::request::method_name;
use crate::settings::Settings;
use crate::shape::Shape;
use crate::target::Method;
use crate::text::snippet;
use crate::training::Training;

/// Findings of one error that are shown if it names no place.
const SHOWN: usize = 5;
/// Places of one error that are shown.
const PLACES: usize = 20;

/// Explains the errors of a history with the files at hand, and holds its tokens against ftlint's own count.
///
/// # Errors
/// A file that cannot be read, and why.
pub fn look_up(
    settings: &Settings,
    name: &str,
    history: History,
    training: Option<&Input>,
    validation: Option<&Input>,
) -> Result<HistoryReport, (String, io::Error)> {
    let job = history.jobs.first();
    let model = job.and_then(|job| settings.model_called(job.model.as_deref()?));
    let settings = Settings {
        model,
        file_jobs: false,
        max_per_rule: None,
        max_findings: None,
        epochs: job.and_then(|job| job.epochs),
        reinforcement: job.is_some_and(|job| job.method.as_deref() == Some(method_name(Method::Reinforcement))),
        ..settings.clone()
    };
    let mut errors: Vec<(ExplainedError, bool)> = history
        .errors()
        .into_iter()
        .map(|error| {
            let for_validation = is_about_validation(&error);
            let file = if for_validation { validation } else { training };
            let (cause, file) = (explain(&error), file.map(Input::name));
            (ExplainedError { error, cause, file, findings: Vec::new(), lines: Vec::new() }, for_validation)
        })
        .collect();
    let mut tokens = None;
    for (input, is_validation) in [(training, false), (validation, true)] {
        let Some(input) = input else { continue };
        let mine: Vec<&mut ExplainedError> = errors
            .iter_mut()
            .filter(|(_, for_validation)| *for_validation == is_validation)
            .map(|(error, _)| error)
            .collect();
        // Nothing would be looked up in it.
        if mine.is_empty() && is_validation {
            continue;
        }
        let of_role = if is_validation { settings.for_validation() } else { settings.clone() };
        let report = find(&of_role, input, mine).map_err(|error| (input.name(), error))?;
        if !is_validation {
            tokens = check_tokens(&history, &report, &settings);
        }
    }
    let errors = errors.into_iter().map(|(error, _)| error).collect();
    Ok(HistoryReport { name: name.to_owned(), history, errors, tokens })
}

fn is_about_validation(error: &JobError) -> bool {
    match error.param.as_deref() {
        Some(param) => param == "validation_file",
        None => error.message.contains("validation file"),
    }
}

/// Lints the file and keeps what explains the errors.
fn find(settings: &Settings, input: &Input, errors: Vec<&mut ExplainedError>) -> io::Result<FileReport> {
    let mut collector = Collector { errors, at_spots: Vec::new(), of_rules: Vec::new() };
    collector.at_spots.resize_with(collector.errors.len(), Vec::new);
    collector.of_rules.resize_with(collector.errors.len(), Vec::new);
    let report = Linter::new(settings).lint(input, &mut collector).map_err(|failure| match failure {
        Failure::Read(error) | Failure::Write(error) => error,
    })?;
    if let Some(why) = report.failure {
        return Err(io::Error::other(why));
    }
    let Collector { errors, at_spots, of_rules } = collector;
    for ((error, at_spots), of_rules) in errors.into_iter().zip(at_spots).zip(of_rules) {
        let Some(cause) = &error.cause else { continue };
        let named = |finding: &&Finding| cause.rules.contains(&finding.rule);
        let exact: Vec<Finding> = at_spots.iter().filter(named).cloned().collect();
        let grave = || at_spots.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect();
        error.findings = if !exact.is_empty() {
            exact
        } else if cause.rules.is_empty() {
            // Not for what ftlint finds: what is wrong with these lines otherwise is another matter.
            Vec::new()
        } else if !at_spots.is_empty() {
            grave()
        } else {
            of_rules
        };
        let spots: Vec<Spot> = cause
            .spots
            .iter()
            .take(PLACES)
            .filter(|spot| !error.findings.iter().any(|finding| stands_at(finding, **spot)))
            .copied()
            .collect();
        error.lines = named_lines(settings, input, &spots)?;
    }
    Ok(report)
}

/// The lines at these places. They are read and counted as the linter does it: what findings call an example, and whether
/// the file is compressed, holds here too.
fn named_lines(settings: &Settings, input: &Input, spots: &[Spot]) -> io::Result<Vec<NamedLine>> {
    let mut named = Vec::new();
    // What is no file was read to its end.
    if spots.is_empty() || input.identity().is_none() {
        return Ok(named);
    }
    let mut source = input.open(settings.mmap)?;
    let mut chunks = source.chunks();
    let head = Head::of(&mut chunks)?;
    if *head.shape() != Shape::JsonLines {
        return Ok(named);
    }
    let mark = head.mark();
    chunks.skip(mark);
    let mut parser = Parser::default();
    let (mut line, mut examples) = (0, 0);
    while let Some(chunk) = chunks.next()? {
        let mut records = Records { rest: &chunk.bytes };
        let mut rest = records.rest;
        while let Some(piece) = records.next(&mut parser, &mut ()) {
            let here = examples + 1..examples + 1 + piece.kind.examples();
            examples = here.end - 1;
            for nth in 0..piece.lines {
                let (bytes, length) = first_line(rest);
                rest = &rest[length..];
                line += 1;
                let is_named = spots.iter().any(|spot| match spot {
                    Spot::Line(number) => *number == line,
                    Spot::Example(number) => nth == 0 && here.contains(number),
                });
                let bytes = bytes.trim_ascii_end();
                if is_named && !bytes.is_empty() {
                    let example = if here.is_empty() { 0 } else { here.start };
                    named.push(NamedLine { line, example, text: snippet(bytes, &(0..0), settings.snippet_width).text });
                }
            }
            if named.len() >= spots.len() {
                return Ok(named);
            }
        }
        chunks.recycle(chunk.bytes);
    }
    Ok(named)
}

fn stands_at(finding: &Finding, spot: Spot) -> bool {
    let is_at = |place: &Place| match spot {
        Spot::Example(example) => place.example == example,
        Spot::Line(line) => (place.line..=place.last_line.max(place.line)).contains(&line),
    };
    finding.place.as_ref().is_some_and(is_at)
}

/// Keeps what explains an error, and nothing else.
struct Collector<'e> {
    errors: Vec<&'e mut ExplainedError>,
    /// For each error what was found at the places that it names.
    at_spots: Vec<Vec<Finding>>,
    /// For each error the first that its rules found anywhere.
    of_rules: Vec<Vec<Finding>>,
}

impl Reporter for Collector<'_> {
    fn finding(&mut self, _: &str, finding: &Finding) -> io::Result<()> {
        let kept = self.at_spots.iter_mut().zip(&mut self.of_rules);
        for (error, (at_spots, of_rules)) in self.errors.iter().zip(kept) {
            let Some(Cause { rules, spots, .. }) = &error.cause else { continue };
            let is_at = spots.iter().take(PLACES).any(|spot| stands_at(finding, *spot));
            if is_at && at_spots.len() < 10 * PLACES {
                at_spots.push(finding.clone());
            }
            if rules.contains(&finding.rule) && of_rules.len() < SHOWN {
                of_rules.push(finding.clone());
            }
        }
        Ok(())
    }

    fn example(&mut self, _: &str, _: &ExampleRow) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Total) -> io::Result<()> {
        Ok(())
    }
}

/// The provider's count against ftlint's, where tokens are what is billed.
fn check_tokens(history: &History, report: &FileReport, settings: &Settings) -> Option<TokenCheck> {
    let [job] = history.jobs.as_slice() else { return None };
    let trained_tokens = job.trained_tokens.filter(|tokens| *tokens > 0)?;
    let tokens = &report.facts.lines.tokens;
    if tokens.examples == 0 || job.method.as_deref() == Some("reinforcement") {
        return None;
    }
    let training = Training::of(tokens, settings);
    Some(TokenCheck {
        trained_tokens,
        epochs: training.epochs,
        counted: training.billed,
        max_counted: training.billed + training.uncertain,
    })
}
