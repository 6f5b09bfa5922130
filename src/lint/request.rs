//! The request of a job, judged when its files were read.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bumpalo::Bump;

use super::Linter;
use super::line::{Columns, Line, end_of, pointer};
use super::merge::Merge;
use super::room::Room;
use crate::baseline::Baseline;
use crate::dataset::Split;
use crate::example::Field;
use crate::finding::Finding;
use crate::input::Input;
use crate::json::syntax::Slip;
use crate::json::{Doc, Parser};
use crate::outcome::{Failure, FileReport, JobFile, Reporter, RequestReport, Total};
use crate::request::{DataFile, ONE, Request, Source, Syntax, Trouble, is_surely_path, method_name};
use crate::rule::{At, Notes, Pending, Record};
use crate::rules::RULES;
use crate::rules::formats::inconsistent_item_keys;
use crate::secrets;
use crate::settings::Settings;
use crate::target::{Method, Model, Requests};
use crate::training::{Job, Training};

/// The files of a job, as far as they were read.
#[derive(Clone, Copy, Debug, Default)]
pub struct RequestFiles<'f> {
    /// What is trained on.
    pub training: Option<&'f FileReport>,
    /// What is validated with.
    pub validation: Option<&'f FileReport>,
}

/// A job that is to be created.
#[derive(Debug)]
pub struct JobInputs {
    /// How reports call the request.
    pub name: String,
    /// The request.
    pub source: Source,
    /// The folder from which paths in the request count; `None` if there is none.
    pub folder: Option<PathBuf>,
    /// The file to train on, if the user named it.
    pub training: Option<Input>,
    /// The validation file, if the user named it.
    pub validation: Option<Input>,
}

/// What the request tells of how its files are to be read, and which these are: those that it names, but for which the
/// user named another.
#[derive(Default)]
pub struct Wanted {
    /// The target's model that the request names, if it has it.
    pub model: Option<&'static Model>,
    epochs: Option<u64>,
    reinforcement: bool,
    item_paths: Vec<String>,
    /// The file to train on.
    pub training: Option<Input>,
    /// The file to validate with.
    pub validation: Option<Input>,
}

impl Wanted {
    /// Reads it from the request.
    #[must_use]
    pub fn of(job: &JobInputs, settings: &Settings) -> Wanted {
        let arena = Bump::new();
        let mut parser = Parser::portable();
        let Ok(Ok(doc)) = job.source.json().map(|json| parser.parse(json)) else {
            let (training, validation) = (job.training.clone(), job.validation.clone());
            return Wanted { training, validation, ..Wanted::default() };
        };
        let request = Request::read(&doc, &arena);
        let beside = |file: Option<&str>| Input::beside(job.folder.as_deref()?, file?, is_surely_path(file?));
        Wanted {
            model: request.base_model(settings),
            epochs: request.epochs().or_else(|| request.epochs_of_unknown_form(settings.target)),
            reinforcement: request.method() == Some(Method::Reinforcement),
            item_paths: request.item_paths(),
            training: job.training.clone().or_else(|| beside(training_file(&request, settings))),
            validation: job.validation.clone().or_else(|| beside(validation_file(&request, settings))),
        }
    }
}

/// The file to train on, as the request names it.
fn training_file<'a>(request: &Request<'a>, settings: &Settings) -> Option<&'a str> {
    let listed = || request.file_of_unknown_form("training_files", settings.target);
    request.training_file.value().or_else(listed)
}

/// The validation file, as the request names it.
fn validation_file<'a>(request: &Request<'a>, settings: &Settings) -> Option<&'a str> {
    let listed = || request.file_of_unknown_form("validation_files", settings.target);
    request.validation_file.value().or_else(listed)
}

/// Lints the files of a job, which are as the request [wants](Wanted::of) them, then the request in the light of what they
/// hold. Of what is in the files the baseline may know some. The report is not ended.
///
/// # Errors
/// The report cannot be written. That a file cannot be read is told in what comes back.
pub fn lint_job(
    settings: &Settings,
    job: &JobInputs,
    wanted: Wanted,
    baseline: Option<&Mutex<Baseline>>,
    reporter: &mut dyn Reporter,
    progress: &(dyn Fn(u64) + Sync),
) -> io::Result<Total> {
    let mut settings = Settings {
        model: wanted.model,
        epochs: wanted.epochs,
        reinforcement: wanted.reinforcement,
        item_paths: wanted.item_paths,
        file_jobs: false,
        ..settings.clone()
    };
    if !settings.item_paths.is_empty() {
        // What the graders miss is reported with the request.
        settings.selection = settings.selection.except(&[&inconsistent_item_keys::RULE]);
    }
    let for_validation = settings.for_validation();
    let (training, validation) = (wanted.training, wanted.validation);
    let mut total = Total::default();
    let (examples, tools) = (Arc::default(), Arc::default());
    let mut lint = |input: Option<&Input>, split: Split, settings: &Settings, reporter: &mut dyn Reporter| {
        let Some(input) = input else { return Ok(None) };
        let linter = Linter::new(settings).with_progress(progress).with_baseline(baseline);
        match linter.with_examples(&examples, split, true).with_tools(&tools).lint(input, reporter) {
            Ok(report) => {
                total.add(&report);
                // A part of a file says nothing about the job.
                Ok(Some(report).filter(|report| report.failure.is_none()))
            }
            Err(Failure::Write(error)) => Err(error),
            Err(Failure::Read(error)) => {
                total.fail(input.name(), input.describe(&error));
                Ok(None)
            }
        }
    };
    let training_report = lint(training.as_ref(), Split::Training, &settings, reporter)?;
    // One file under both names is read once.
    let same = is_same(training.as_ref(), validation.as_ref());
    let validation_report =
        if same { None } else { lint(validation.as_ref(), Split::Validation, &for_validation, reporter)? };
    let files = RequestFiles {
        training: training_report.as_ref(),
        validation: if same { training_report.as_ref() } else { validation_report.as_ref() },
    };
    let report = Linter::new(&settings).lint_request(&job.name, &job.source, files, reporter)?;
    total.add_request(&report);
    Ok(total)
}

/// Whether both are one file, under whatever names.
fn is_same(training: Option<&Input>, validation: Option<&Input>) -> bool {
    let identity = |input: Option<&Input>| input.and_then(Input::identity);
    training == validation || identity(training).is_some_and(|own| identity(validation) == Some(own))
}

impl Linter<'_> {
    /// Judges a request by itself and with what its files hold.
    ///
    /// # Errors
    /// The report cannot be written.
    pub fn lint_request(
        &mut self,
        name: &str,
        source: &Source,
        files: RequestFiles<'_>,
        reporter: &mut dyn Reporter,
    ) -> io::Result<RequestReport> {
        self.plan_for(name);
        let settings = Arc::clone(&self.settings);
        let settings = &*settings;
        let mut report = RequestReport {
            name: name.to_owned(),
            size: (source.skipped() + source.text().len()) as u64,
            is_request: false,
            model: None,
            method: None,
            suffix: None,
            training: files.training.map(JobFile::from),
            validation: files.validation.map(JobFile::from),
            unseen: [false; 2],
            job: None,
            errors_only: settings.errors_only,
            counts: Vec::new(),
        };
        let mut merge = Merge::new(settings, name, reporter, self.baseline, Arc::new(Room::new(settings)));
        let mut notes = Notes::default();
        notes.start(std::iter::repeat_n(settings.max_per_rule.unwrap_or(u64::MAX), RULES.len()));
        let arena = Bump::new();
        let mut parser = Parser::portable();
        let parsed = source.json().map(|json| parser.parse(json));
        let findings = match parsed {
            Ok(Ok(doc)) => {
                let mut request = Request::read(&doc, &arena);
                request.training = files.training.map(DataFile::from);
                request.validation = files.validation.map(DataFile::from);
                for &(active, check) in &self.plan.job {
                    check(&request, &mut notes.sink(settings, active));
                }
                report.is_request = request.other.is_none();
                report.model = request.model.value().map(shown);
                // What holds if nothing is said, is not known of every service.
                let is_told = !matches!(request.method, Field::Absent) || settings.target.requests != Requests::Unknown;
                report.method = request.method().map(method_name).filter(|_| report.is_request && is_told);
                report.suffix = request.suffix.value().map(shown);
                let named = [training_file(&request, settings), validation_file(&request, settings)];
                let named = named.map(|file| file.is_some());
                report.unseen = [named[0] && files.training.is_none(), named[1] && files.validation.is_none()];
                let training = files.training.filter(|training| training.facts.lines.tokens.examples > 0);
                let evaluations = request.billed_evaluations(self.settings.target);
                let validated = files.validation.map(|validation| &validation.facts.lines.tokens);
                report.job = training.map(|training| Job {
                    training: Training::of(&training.facts.lines.tokens, settings).with_validation(
                        validated,
                        evaluations,
                        settings,
                    ),
                    model: settings.model,
                    own_price: settings.price,
                });
                locate(source, Some(&doc), notes.pending, settings)
            }
            refused => {
                let trouble = if let Err(trouble) = refused { trouble.clone() } else { source.trouble() };
                let (record, span) = match &trouble {
                    Trouble::Json(broken) => (Record::Broken(broken), broken.span.clone()),
                    Trouble::Yaml { span, reason } => (Record::Yaml(reason), span.clone()),
                };
                for &(active, check) in &self.plan.record {
                    check(&record, &mut notes.sink(settings, active));
                }
                for pending in &mut notes.pending {
                    if pending.at == At::Line {
                        pending.at = At::Bytes(span.clone());
                    }
                    pending.help = help_for_request(&trouble, source.text());
                }
                locate(source, None, notes.pending, settings)
            }
        };
        merge.counts = notes.counts;
        for finding in findings {
            merge.keep(finding)?;
        }
        report.counts = merge.finish(settings)?;
        reporter.request(&report)?;
        Ok(report)
    }

    /// Judges the bytes of a request, JSON or YAML by its name, without its files.
    pub fn lint_request_bytes(&mut self, name: &str, bytes: &[u8]) -> (RequestReport, Vec<Finding>) {
        let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
        let source = Source::new(bytes.to_vec(), Source::syntax_of(extension));
        let mut findings = Vec::new();
        match self.lint_request(name, &source, RequestFiles::default(), &mut findings) {
            Ok(report) => (report, findings),
            Err(error) => unreachable!("memory can be written: {error}"),
        }
    }
}

/// A text of the request as reports show it.
fn shown(text: &str) -> String {
    secrets::redact(text).into_owned()
}

/// What to do about a text that cannot be read: rules about lines speak of lines of data. `None` if that of the rule
/// fits a request too.
fn help_for_request(trouble: &Trouble, text: &[u8]) -> Option<String> {
    let Trouble::Json(broken) = trouble else { return None };
    let help = match broken.slip {
        Slip::Other { ref reason } if reason.ends_with(ONE) => {
            "Give the body of one request; data is linted with `ftlint FILE`."
        }
        Slip::Other { .. } if text.trim_ascii_start().starts_with(b"{") => {
            "Mend the request here, or write it with a JSON library."
        }
        Slip::StrayText | Slip::Fragment | Slip::Comment if yaml_object(text) => {
            "This reads as YAML: name the file .yaml, or write the request as a JSON object."
        }
        Slip::PythonLiteral { .. } => "Write the request with `json.dumps`.",
        Slip::StrayText | Slip::Fragment | Slip::Other { .. } => {
            "Give the body of the request, one JSON object, or YAML in a file named .yaml."
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// Whether this is YAML, and as such an object.
fn yaml_object(text: &[u8]) -> bool {
    let source = Source::new(text.to_vec(), Some(Syntax::Yaml));
    source.json().is_ok_and(|json| json.starts_with(b"{"))
}

/// Turns what was found into findings, in the order of the text.
fn locate(source: &Source, doc: Option<&Doc<'_>>, pending: Vec<Pending>, settings: &Settings) -> Vec<Finding> {
    let text = source.text();
    let last = text.trim_ascii_end().len();
    let span = |at: &At| {
        let span = match (doc, at) {
            (Some(doc), at) => source.span(doc, at),
            (None, At::Bytes(span)) => span.clone(),
            (None, _) => 0..0,
        };
        // What is missing at the end is missing behind the last line with something on it.
        if span.start >= last { last..last } else { span.start..span.end.min(text.len()) }
    };
    let mut located: Vec<(Range<usize>, Pending)> =
        pending.into_iter().map(|pending| (span(&pending.at), pending)).collect();
    located.sort_by_key(|(span, pending)| (span.start, pending.active.rule.code));
    let starts: Vec<usize> = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text).map(|end| end + 1)).collect();
    let row_of = |at: usize| starts.partition_point(|start| *start <= at) - 1;
    let (mut columns, mut row) = (Columns::default(), 0);
    let finding = |(span, pending): (Range<usize>, Pending)| {
        // What is shown is the line on which it begins.
        if row != row_of(span.start) {
            (columns, row) = (Columns::default(), row_of(span.start));
        }
        let start = starts[row];
        let end = starts.get(row + 1).map_or(text.len(), |next| next - 1);
        let line = Line::new(&text[start..end], row as u64 + 1, source.skipped() + start, end - start);
        let pointer = pointer(doc, &pending.at);
        let mut place = line.place(span.start - start..span.end - start, pointer, &mut columns, settings);
        let last = row_of(span.end.saturating_sub(1).max(span.start));
        place.last_line = last as u64 + 1;
        if last > row {
            let (down, column) = end_of(&text[start..], &(0..span.end - start));
            (place.end_line, place.end_column) = (place.line + down, column);
        }
        // A request is mended by whoever wrote it.
        Pending { fix: None, ..pending }.into_finding(place)
    };
    located.into_iter().map(finding).collect()
}
