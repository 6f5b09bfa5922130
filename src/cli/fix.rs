//! `--fix` and `--diff`

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Read, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use clap::{Args, ColorChoice};
use terminal_size::terminal_size_of;

use super::filter::Filter;
use super::lint::Exit;
use super::plans::Plans;
use super::run::{self, UntilClosed, describe, use_color};
use super::{Outcome, say};
use crate::baseline::Baseline;
use crate::fix::{self, Changed, Error, Fixer, Preview};
use crate::input::{self, Input};
use crate::lint::Linter;
use crate::outcome::{Failure, FileReport, Fixed, Reporter, Total};
use crate::report::{Diff, Format, Statistics, StatisticsFormat, fixed};
use crate::rule::{Fix, Rule};
use crate::settings::Settings;
use crate::text::mask;
use crate::timing::Timings;

/// What can be said about fixes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Fixes")]
pub(super) struct FixArgs {
    /// Mend what can be mended, in a baseline or not, and report what is left
    #[arg(long)]
    fix: bool,
    /// Show what --fix would change; exit code 1 if there is anything
    #[arg(long, conflicts_with_all = ["statistics", "verbose", "output_format", "max_cost", "max_tokens"])]
    diff: bool,
    /// Mend also what takes a guess or drops data
    #[arg(long)]
    unsafe_fixes: bool,
    /// Exit code 1 if anything was mended, even if nothing is left
    #[arg(long)]
    exit_non_zero_on_fix: bool,
}

/// How the report after a fix looks, and what it leaves out.
#[derive(Clone, Copy)]
pub(super) struct View<'r> {
    pub format: Format,
    /// The format of counts, if they are shown instead of findings.
    pub statistics: Option<StatisticsFormat>,
    pub color: ColorChoice,
    pub baseline: Option<&'r Mutex<Baseline>>,
    pub timings: Option<&'r Mutex<Timings>>,
}

/// What came of it.
pub(super) enum Done {
    /// It was refused, or only shown what would be mended.
    Ended(Outcome),
    /// Files were mended, or not, and then linted.
    Linted { total: Total, mended: bool },
}

impl FixArgs {
    /// Whether anything is to be mended, or shown so.
    pub(super) fn is_asked_for(&self) -> bool {
        self.fix || self.diff
    }

    /// The flag that says how to mend, where nothing is.
    pub(super) fn flag_in_vain(&self) -> Option<&'static str> {
        let flags = [(self.unsafe_fixes, "--unsafe-fixes"), (self.exit_non_zero_on_fix, "--exit-non-zero-on-fix")];
        flags.into_iter().find(|(is_given, _)| *is_given && !self.is_asked_for()).map(|(_, flag)| flag)
    }

    /// Whether it counts as a failure that anything was mended.
    pub(super) fn fails_if_mended(&self) -> bool {
        self.exit_non_zero_on_fix
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
        view: View<'_>,
        exit: &Exit,
    ) -> io::Result<Done> {
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
            return Ok(Done::Ended(Outcome::Failed));
        }
        if self.diff {
            return Ok(Done::Ended(exit.spare(diff(fixers, inputs, plans, view.color)?)));
        }
        // Where the data goes to standard output the report must not. Whoever reads it may have seen enough before all
        // files are fixed: the rest of them is fixed all the same.
        let out: Box<dyn Write> = match to_stdout {
            true => Box::new(UntilClosed::new(io::stderr())),
            false => Box::new(UntilClosed::new(io::stdout())),
        };
        let (terminal, size) = if to_stdout {
            (io::stderr().is_terminal(), terminal_size_of(io::stderr()))
        } else {
            (io::stdout().is_terminal(), terminal_size_of(io::stdout()))
        };
        let style = run::style(use_color(view.color, terminal), size);
        let plans = &plans.fitting(style);
        let out = Box::new(BufWriter::new(out));
        let mut reporter: Box<dyn Reporter> = match view.statistics {
            Some(format) => Box::new(Statistics::new(out, style, format)),
            None => view.format.reporter(out, style),
        };
        let linter = |settings| Linter::new(settings).with_baseline(view.baseline).with_timings(view.timings);
        let mut total = Total::default();
        let mut mended = false;
        for set in plans.sets(inputs.len()) {
            let (mut fixers, mut linters) = (fixers(), plans.linters(&set, linter));
            for number in set.inputs.clone() {
                let (input, plan, split) = (&inputs[number], plans.of_input[number], set.split(number));
                let (fixer, linter) = (&mut fixers[plans.of_repairs(number)], &mut linters[split as usize][plan]);
                fixer.begin(input, split);
                let filter = plans.filter(number);
                let reporter_of_file = &mut filter.wrap(&mut *reporter);
                let result = match output.filter(|_| !to_stdout) {
                    _ if plans.is_repeated(number) => again(fixer, input, linter, reporter_of_file),
                    None if to_stdout => through(fixer, input, linter, reporter_of_file),
                    None => in_place(fixer, input, linter, reporter_of_file),
                    Some(target) => copy(fixer, input, target, linter, reporter_of_file),
                };
                mended |= result.as_ref().is_ok_and(|report| !report.fixed.is_empty());
                match result {
                    Ok(report) => {
                        if let Some(why) = &report.failure {
                            run::fail(&report.name, why, plans, &mut total);
                        }
                        filter.end(report, &mut total, &mut *reporter)?;
                    }
                    Err(left) => fail(left, input, plans, filter, &mut total, &mut *reporter)?,
                }
            }
        }
        run::finish(plans, &total, &mut *reporter)?;
        Ok(Done::Linted { total, mended })
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

/// Says why an input was left as it is, and takes that down.
fn fail(
    left: Left,
    input: &Input,
    plans: &Plans,
    filter: Filter,
    total: &mut Total,
    reporter: &mut dyn Reporter,
) -> io::Result<()> {
    match left {
        Left::Report(error) => return Err(error),
        Left::Input(error) => run::fail(&input.name(), &input.describe(&error), plans, total),
        Left::Fix { report, error } => {
            say(format_args!("ftlint: {}: not fixed: {}", mask(input.name().as_bytes()), describe(&error)));
            if let Some(report) = report {
                filter.end(*report, total, reporter)?;
            }
            total.fail(input.name(), describe(&error));
        }
    }
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

/// Replaces a file by its fixed copy. One that cannot be replaced is only linted, which is all that there is to do if
/// nothing in it can be mended.
fn in_place(
    fixer: &Fixer<'_>,
    input: &Input,
    linter: &mut Linter<'_>,
    reporter: &mut dyn Reporter,
) -> Result<FileReport, Left> {
    let Input::File(path) = input else {
        return Err(Left::Input(io::Error::other("standard input has no place to be fixed in")));
    };
    let error = match fix::read(path) {
        Ok(mut place) => match place.mend(fixer) {
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
                return Ok(linter.lint(input, reporter)?);
            }
            Err(error) => error,
        },
        Err(Error::Read(error)) => return Err(Left::Input(error)),
        Err(error) if !path.is_file() => return Err(Left::Fix { report: None, error: reason(error) }),
        Err(error) => error,
    };
    let is_whole = is_locked(path) && nothing_to_mend(fixer, path);
    let report = linter.lint(input, reporter)?;
    // Nothing is to be mended, or there is a graver reason why nothing was.
    if is_whole || report.failure.is_some() {
        return Ok(report);
    }
    Err(Left::Fix { report: Some(Box::new(report)), error: reason(error) })
}

/// Reads a file that was fixed for an earlier set, for its examples to be known in this one.
fn again(
    fixer: &Fixer<'_>,
    input: &Input,
    linter: &mut Linter<'_>,
    reporter: &mut dyn Reporter,
) -> Result<FileReport, Left> {
    look(fixer, input);
    Ok(linter.lint(input, reporter)?)
}

/// Has the examples of an input known. What is wrong with its data is told by whoever reads it for its own sake.
fn look(fixer: &Fixer<'_>, input: &Input) {
    if let Ok(data) = data(input) {
        let _ = fixer.look(data);
    }
}

/// Whether a file is one that is never replaced: it is compressed, or may not be written.
fn is_locked(path: &Path) -> bool {
    let is_compressed = || input::is_compressed(path, &File::open(path)?);
    let is_read_only = || fs::metadata(path).is_ok_and(|data| data.permissions().readonly());
    path.is_file() && (is_compressed().unwrap_or(false) || is_read_only())
}

/// Whether nothing in a file would be mended, whatever stands in the way of doing so. What cannot be told is told when
/// the file is linted.
fn nothing_to_mend(fixer: &Fixer<'_>, path: &Path) -> bool {
    let data = || match input::unpacked(path)? {
        Some(data) => Ok(data),
        None => Ok(Box::new(File::open(path)?) as Box<dyn Read + Send>),
    };
    let preview = || -> Result<Vec<Fixed>, Error> {
        fixer.look(data().map_err(Error::Read)?)?;
        fixer.preview(data().map_err(Error::Read)?, &mut Unseen)
    };
    preview().is_ok_and(|fixed| fixed.is_empty())
}

/// Nobody looks at what would be mended: only whether there is anything counts.
struct Unseen;

impl Preview for Unseen {
    fn rewritten(&mut self, _: &'static Rule, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn changed(&mut self, _: &Changed<'_>) -> io::Result<()> {
        Ok(())
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

/// The data of an input for a copy, which may be made of a compressed file too: its original stays.
fn unpacked_data(input: &Input) -> Result<Box<dyn Read + Send>, Left> {
    if let Input::File(path) = input
        && path.is_file()
        && let Some(data) = input::unpacked(path).map_err(Left::Input)?
    {
        return Ok(data);
    }
    data(input)
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
    if input::is_named_compressed(target) {
        return Err(left(io::Error::other("the copy is not compressed; give it a name that does not say so")));
    }
    let fixed = fix::into(fixer, unpacked_data(input)?, target).map_err(|error| left(reason(error)))?;
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
    let (mut file, fixed): (File, Vec<Fixed>) =
        fix::spool(fixer, unpacked_data(input)?).map_err(|error| left(reason(error)))?;
    let mut out = io::stdout().lock();
    io::copy(&mut file, &mut out).and_then(|_| out.flush()).map_err(|error| match error.kind() {
        // Whoever reads data wants all of it, unlike a report.
        io::ErrorKind::BrokenPipe => left(io::Error::other("not all of it was read from standard output")),
        _ => Left::Report(error),
    })?;
    file.rewind().map_err(left)?;
    linter.after_fixing(fixed);
    Ok(linter.lint_stream(input.name(), Box::new(file), reporter)?)
}

/// Shows what would be fixed.
fn diff<'s>(
    fixers: impl Fn() -> Vec<Fixer<'s>>,
    inputs: &[Input],
    plans: &Plans,
    color: ColorChoice,
) -> io::Result<Outcome> {
    let color = use_color(color, io::stdout().is_terminal());
    let style = run::style(color, terminal_size_of(io::stdout()));
    let mut out = BufWriter::new(UntilClosed::new(io::stdout()));
    let mut outcome = Outcome::Clean;
    for set in plans.sets(inputs.len()) {
        let mut fixers = fixers();
        for number in set.inputs.clone() {
            let (input, plan) = (&inputs[number], plans.of_input[number]);
            let fixer = &mut fixers[plans.of_repairs(number)];
            fixer.begin(input, set.split(number));
            // Only a file behind others can hold nothing but what stood before.
            let is_later = number > set.inputs.start;
            if plans.is_repeated(number) {
                // It was shown for an earlier set.
                look(fixer, input);
                continue;
            }
            let mut diff = Diff::new(&mut out, style, &input.name(), plans.settings[plan].max_findings);
            let name = mask(input.name().as_bytes());
            match preview(fixer, input, is_later, &mut diff) {
                Ok(found) => {
                    diff.finish()?;
                    out.flush()?;
                    if !found.is_empty() {
                        say(format_args!("{name}: would fix {}", fixed(&found)));
                        outcome = if outcome == Outcome::Clean { Outcome::Errors } else { outcome };
                    }
                }
                Err(Left::Report(error)) => return Err(error),
                Err(Left::Input(error)) => {
                    run::fail(&input.name(), &input.describe(&error), plans, &mut Total::default());
                    outcome = Outcome::Failed;
                }
                Err(Left::Fix { error, .. }) => {
                    say(format_args!("ftlint: {name}: cannot be fixed: {}", describe(&error)));
                    outcome = Outcome::Failed;
                }
            }
        }
    }
    out.flush()?;
    Ok(outcome)
}

/// Shows what would be fixed in one input; nothing if it cannot be fixed and need not be. `is_later` says whether others
/// come before it.
fn preview(fixer: &Fixer<'_>, input: &Input, is_later: bool, diff: &mut Diff<'_>) -> Result<Vec<Fixed>, Left> {
    let text = match data(input) {
        Ok(text) => text,
        Err(Left::Fix { report, error }) => {
            let is_whole = matches!(input, Input::File(path) if is_locked(path) && nothing_to_mend(fixer, path));
            return if is_whole { Ok(Vec::new()) } else { Err(Left::Fix { report, error }) };
        }
        Err(left) => return Err(left),
    };
    if is_later && matches!(input, Input::File(_)) {
        look(fixer, input);
    }
    fixer.preview(text, diff).map_err(|error| match error {
        Error::Write(error) => Left::Report(error),
        error => Left::Fix { report: None, error: reason(error) },
    })
}
