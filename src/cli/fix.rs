//! `--fix` and `--diff`

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Read, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ColorChoice};
use terminal_size::terminal_size_of;

use super::run::{Plans, complain, describe, use_color, width};
use super::{Outcome, say};
use crate::fix::{self, Error, Fixer};
use crate::input::Input;
use crate::lint::{Failure, FileReport, Fixed, Linter};
use crate::report::{Diff, FailedFile, Format, Reporter, Style, Total, fixed};
use crate::rule::Fix;
use crate::settings::Settings;
use crate::text::mask;

/// What can be said about fixes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(super) struct FixArgs {
    /// Mend what can be mended, and report what is left
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change; exit code 1 if there is anything
    #[arg(long)]
    diff: bool,
    /// Mend also what takes a guess or drops data
    #[arg(long)]
    unsafe_fixes: bool,
    /// Exit code 1 if anything was mended, even if nothing is left
    #[arg(long)]
    exit_non_zero_on_fix: bool,
}

/// How the report after a fix looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    pub format: Format,
    pub color: ColorChoice,
}

impl FixArgs {
    /// Whether anything is to be mended, or shown so.
    pub(super) fn is_asked_for(&self) -> bool {
        self.fix || self.diff
    }

    fn allow(&self) -> Fix {
        if self.unsafe_fixes { Fix::Unsafe } else { Fix::Safe }
    }

    /// Mends the inputs and reports what is left, or shows what would be mended.
    pub(super) fn run(
        &self,
        inputs: &[Input],
        output: Option<&Path>,
        plans: &Plans,
        view: View,
        outcome: impl FnOnce(&Total) -> Outcome,
    ) -> io::Result<Outcome> {
        let fixing: Vec<Settings> = plans.settings.iter().map(fix::settings).collect();
        // Examples are known within their set.
        let fixers = || -> Vec<Fixer<'_>> {
            let examples = Arc::default();
            fixing.iter().map(|settings| Fixer::new(settings, self.allow()).with_examples(&examples)).collect()
        };
        let to_stdout = match output {
            Some(path) => path == Path::new("-"),
            None => inputs.iter().any(|input| matches!(input, Input::Stdin(_))),
        };
        if let Some(why) = self.refusal(inputs, output, to_stdout) {
            say(format_args!("ftlint: {why}"));
            return Ok(Outcome::Failed);
        }
        if self.diff {
            return diff(fixers, inputs, plans, view);
        }
        // Where the data goes to standard output the report must not.
        let out: Box<dyn Write> = if to_stdout { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        let (terminal, size) = if to_stdout {
            (io::stderr().is_terminal(), terminal_size_of(io::stderr()))
        } else {
            (io::stdout().is_terminal(), terminal_size_of(io::stdout()))
        };
        let style = Style { color: use_color(view.color, terminal), width: width(size) };
        let plans = &plans.fitting(style);
        let mut reporter = view.format.reporter(Box::new(BufWriter::new(out)), style);
        let mut total = Total::default();
        let mut mended = false;
        for set in plans.sets(inputs.len()) {
            let (mut fixers, mut linters) = (fixers(), plans.linters(&set, Linter::new));
            for number in set.inputs.clone() {
                let (input, plan, role) = (&inputs[number], plans.of_input[number], set.role(number));
                let (fixer, linter) = (&mut fixers[plan], &mut linters[role as usize][plan]);
                fixer.begin(input, role);
                let result = match output.filter(|_| !to_stdout) {
                    None if to_stdout => through(fixer, input, linter, &mut *reporter),
                    None => in_place(fixer, input, linter, &mut *reporter),
                    Some(target) => copy(fixer, input, target, linter, &mut *reporter),
                };
                mended |= result.as_ref().is_ok_and(|report| !report.fixed.is_empty());
                add(&mut total, input, result)?;
            }
        }
        reporter.finish(&total)?;
        Ok(match outcome(&total) {
            Outcome::Clean if mended && self.exit_non_zero_on_fix => Outcome::Errors,
            outcome => outcome,
        })
    }

    /// Why this cannot be asked for.
    fn refusal(&self, inputs: &[Input], output: Option<&Path>, to_stdout: bool) -> Option<&'static str> {
        if self.diff {
            let is_file = output.is_some_and(|path| path != Path::new("-"));
            return is_file
                .then_some("--diff is for standard output, and changes nothing; --fix -o FILE writes a copy");
        }
        match (inputs.len(), output) {
            (1, _) => None,
            (_, Some(_)) => Some("-o with --fix takes the fixed data of one file; without it files are fixed in place"),
            (_, None) => to_stdout.then_some("with --fix standard input takes no other file beside it"),
        }
    }
}

/// Adds what became of an input, and says why it was left as it is.
fn add(total: &mut Total, input: &Input, result: Result<FileReport, Left>) -> io::Result<()> {
    let error = match result {
        Ok(report) => {
            total.add(&report);
            return Ok(());
        }
        Err(Left::Report(error)) => return Err(error),
        Err(Left::Input(error)) => {
            complain(&input.name(), &error);
            error
        }
        Err(Left::Fix { report, error }) => {
            say(format_args!("ftlint: {}: not fixed: {}", mask(input.name().as_bytes()), describe(&error)));
            if let Some(report) = report {
                total.add(&report);
            }
            error
        }
    };
    total.failures.push(FailedFile { name: input.name(), error: describe(&error) });
    Ok(())
}

/// Why an input was not fixed.
enum Left {
    /// The report cannot be written: nobody is left to be told.
    Report(io::Error),
    /// The input cannot be read.
    Input(io::Error),
    /// It was read and linted, but is as it was.
    Fix { report: Option<Box<FileReport>>, error: io::Error },
}

impl From<Failure> for Left {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Read(error) => Left::Input(error),
            Failure::Write(error) => Left::Report(error),
        }
    }
}

/// In the words of the system, or in ours.
fn reason(error: Error) -> io::Error {
    match error {
        Error::Read(error) | Error::Write(error) => error,
        Error::Refused(why) => io::Error::other(why),
    }
}

/// Replaces a file by its fixed copy.
fn in_place(
    fixer: &Fixer<'_>,
    input: &Input,
    linter: &mut Linter<'_>,
    reporter: &mut dyn Reporter,
) -> Result<FileReport, Left> {
    let Input::File(path) = input else {
        return Err(Left::Input(io::Error::other("standard input has no place to be fixed in")));
    };
    let mut place = match fix::read(path) {
        Ok(place) => place,
        Err(Error::Read(error)) => return Err(Left::Input(error)),
        Err(error) => return Err(Left::Fix { report: None, error: reason(error) }),
    };
    match place.mend(fixer) {
        Ok(fixed) => {
            if place.other_names() > 0 && !fixed.is_empty() {
                let name = input.name();
                say(format_args!(
                    "ftlint: {}: the file has other names (hard links), which keep what it was",
                    mask(name.as_bytes())
                ));
            }
            fixer.replaced();
            linter.after_fixing(fixed);
            Ok(linter.lint(input, reporter)?)
        }
        Err(error) => {
            let report = linter.lint(input, reporter)?;
            Err(Left::Fix { report: Some(Box::new(report)), error: reason(error) })
        }
    }
}

/// The data of an input.
fn data(input: &Input) -> Result<Box<dyn Read + Send>, Left> {
    match input {
        Input::Stdin(_) => Ok(Box::new(io::stdin())),
        Input::File(path) => match fix::read(path).and_then(|mut place| place.data()) {
            Ok(data) => Ok(data),
            Err(Error::Read(error)) => Err(Left::Input(error)),
            Err(error) => Err(Left::Fix { report: None, error: reason(error) }),
        },
    }
}

/// Writes the fixed data into another file, which is then linted.
fn copy(
    fixer: &Fixer<'_>,
    input: &Input,
    target: &Path,
    linter: &mut Linter<'_>,
    reporter: &mut dyn Reporter,
) -> Result<FileReport, Left> {
    let left = |error| Left::Fix { report: None, error };
    if Input::written_by(std::slice::from_ref(input), Some(target)).is_some() {
        return Err(left(io::Error::other("the copy would overwrite the original; leave -o out to fix it in place")));
    }
    let fixed = fix::into(fixer, data(input)?, target).map_err(|error| left(reason(error)))?;
    linter.after_fixing(fixed);
    Ok(linter.lint(&Input::File(PathBuf::from(target)), reporter)?)
}

/// Writes the fixed data to standard output.
fn through(
    fixer: &Fixer<'_>,
    input: &Input,
    linter: &mut Linter<'_>,
    reporter: &mut dyn Reporter,
) -> Result<FileReport, Left> {
    let left = |error| Left::Fix { report: None, error };
    if Input::written_by(std::slice::from_ref(input), None).is_some() {
        return Err(left(io::Error::other("the fixed data would overwrite this input")));
    }
    let (mut file, fixed): (File, Vec<Fixed>) = fix::spool(fixer, data(input)?).map_err(|error| left(reason(error)))?;
    let mut out = io::stdout().lock();
    io::copy(&mut file, &mut out).and_then(|_| out.flush()).map_err(Left::Report)?;
    file.rewind().map_err(left)?;
    linter.after_fixing(fixed);
    Ok(linter.lint_stream(input.name(), Box::new(file), reporter)?)
}

/// Shows what would be fixed.
fn diff<'s>(fixers: impl Fn() -> Vec<Fixer<'s>>, inputs: &[Input], plans: &Plans, view: View) -> io::Result<Outcome> {
    let color = use_color(view.color, io::stdout().is_terminal());
    let style = Style { color, width: width(terminal_size_of(io::stdout())) };
    let mut out = BufWriter::new(io::stdout());
    let mut outcome = Outcome::Clean;
    for set in plans.sets(inputs.len()) {
        let mut fixers = fixers();
        for number in set.inputs.clone() {
            let (input, plan) = (&inputs[number], plans.of_input[number]);
            let most = plans.settings[plan].max_findings;
            fixers[plan].begin(input, set.role(number));
            // Only a file behind others can hold nothing but what stood before.
            if number > set.inputs.start
                && matches!(input, Input::File(_))
                && let Ok(data) = data(input)
            {
                // What is wrong with the data is told below.
                let _ = fixers[plan].look(data);
            }
            let mut diff = Diff::new(&mut out, style, &input.name(), most);
            let result = match data(input) {
                Ok(data) => fixers[plan].preview(data, &mut diff).map_err(|error| match error {
                    Error::Write(error) => Left::Report(error),
                    error => Left::Fix { report: None, error: reason(error) },
                }),
                Err(left) => Err(left),
            };
            match result {
                Ok(found) => {
                    diff.finish()?;
                    out.flush()?;
                    if !found.is_empty() {
                        say(format_args!("{}: would fix {}", mask(input.name().as_bytes()), fixed(&found)));
                        outcome = if outcome == Outcome::Clean { Outcome::Errors } else { outcome };
                    }
                }
                Err(Left::Report(error)) => return Err(error),
                Err(Left::Input(error)) => {
                    complain(&input.name(), &error);
                    outcome = Outcome::Failed;
                }
                Err(Left::Fix { error, .. }) => {
                    say(format_args!(
                        "ftlint: {}: cannot be fixed: {}",
                        mask(input.name().as_bytes()),
                        describe(&error)
                    ));
                    outcome = Outcome::Failed;
                }
            }
        }
    }
    out.flush()?;
    Ok(outcome)
}
