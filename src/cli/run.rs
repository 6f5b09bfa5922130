//! What all commands that read files have in common: how they run, and what they say of the run.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use clap::{Args, ColorChoice};
use terminal_size::{Height, Width, terminal_size_of};

use super::plans::Plans;
use super::{Stop, say};
use crate::baseline::Baseline;
use crate::config::Options;
pub(super) use crate::input::describe;
use crate::input::{self, Input};
use crate::lint::Linter;
use crate::outcome::{Failure, Reporter, Total};
use crate::progress::Progress;
use crate::report::Style;
use crate::text::mask;
use crate::timing::Timings;

/// How files are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Run")]
pub(super) struct RunArgs {
    /// Threads; 0 for one a core [default: 0]
    #[arg(short = 'j', long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    threads: Option<usize>,
    /// Read files instead of mapping them into memory
    #[arg(long)]
    no_mmap: bool,
    /// Show no progress bar
    #[arg(long)]
    no_progress: bool,
}

impl RunArgs {
    /// How files are to be read.
    pub(super) fn add_to(&self, options: &mut Options) {
        options.threads = self.threads;
        options.no_mmap = self.no_mmap.then_some(true);
    }

    /// A bar for people who wait: on a terminal, and if it is known how much there is to do.
    pub(super) fn progress(&self, inputs: &[Input], quiet: bool) -> Arc<Progress> {
        let wanted = !self.no_progress && !quiet && std::env::var_os("CI").is_none();
        let sizes: Option<u64> = inputs.iter().map(Input::size).sum();
        Arc::new(match sizes {
            Some(bytes) if wanted && io::stderr().is_terminal() => Progress::new(bytes),
            _ => Progress::hidden(),
        })
    }
}

/// The width of a report: that of its terminal, unless nobody could read it so, and the usual one elsewhere.
fn width(terminal: Option<(Width, Height)>) -> usize {
    terminal.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0).clamp(50, 120))
}

/// How text for people is dressed on a terminal of this size, or elsewhere.
pub(super) fn style(color: bool, terminal: Option<(Width, Height)>) -> Style {
    Style { color, width: width(terminal), wraps: terminal.is_some() }
}

/// The columns of the terminal that standard output is; `None` if it is none.
pub(super) fn columns() -> Option<usize> {
    terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// Columns of a report that goes to no terminal.
pub(super) const USUAL_WIDTH: usize = 80;

/// Stops where a report would be written over data, which must survive a slip of the hand: an input, under whatever
/// name, or what a shell makes of `-o *.jsonl`.
pub(super) fn check_target(file: Option<&Path>, inputs: &[Input]) -> Result<(), Stop> {
    if let Some(input) = Input::written_by(inputs, file) {
        complain(&input.name(), &io::Error::other("the report would overwrite this input"));
        return Err(Stop::Said);
    }
    if let Some(path) = file.filter(|path| input::holds_data(path)) {
        complain_of(path, &io::Error::other("this is data, and the report would replace it"));
        return Err(Stop::Said);
    }
    Ok(())
}

/// Where a report goes, and how it is dressed there.
pub(super) fn output<'w>(
    file: Option<&Path>,
    inputs: &[Input],
    color: ColorChoice,
    progress: &Arc<Progress>,
) -> Result<(Box<dyn Write + 'w>, Style), Stop> {
    let file = file.filter(|path| *path != Path::new("-"));
    // Creating the file empties it.
    check_target(file, inputs)?;
    let (out, color, size): (Box<dyn Write + 'w>, bool, _) = match file {
        Some(path) => {
            let created = File::create(path).map_err(|error| {
                complain_of(path, &error);
                Stop::Said
            });
            // What the environment says is about what is read on a terminal.
            (Box::new(created?), color == ColorChoice::Always, None)
        }
        None => {
            let out = UntilClosed::new(Arc::clone(progress).around(io::stdout()));
            (Box::new(out), use_color(color, io::stdout().is_terminal()), terminal_size_of(io::stdout()))
        }
    };
    let style = style(color, size);
    Ok((Box::new(BufWriter::new(out)), style))
}

/// What may be a pipe whose reader has seen enough: what is written then goes nowhere, and the run goes on, to the exit
/// code that it has without a pipe.
pub(super) struct UntilClosed<W> {
    out: W,
    is_closed: bool,
}

impl<W: Write> UntilClosed<W> {
    pub(super) fn new(out: W) -> Self {
        UntilClosed { out, is_closed: false }
    }

    fn unless_closed<T>(&mut self, otherwise: T, work: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.is_closed {
            return Ok(otherwise);
        }
        match work(&mut self.out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                Ok(otherwise)
            }
            done => done,
        }
    }
}

impl<W: Write> Write for UntilClosed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), W::flush)
    }
}

/// Reads all inputs, one after the other, and ends the report. Each has its own settings.
pub(super) fn read(
    inputs: &[Input],
    plans: &Plans,
    baseline: Option<&Mutex<Baseline>>,
    timings: Option<&Mutex<Timings>>,
    reporter: &mut dyn Reporter,
    progress: &Arc<Progress>,
) -> io::Result<Total> {
    let mut total = Total::default();
    for set in plans.sets(inputs.len()) {
        let mut linters = plans.linters(&set, |settings| {
            let progress = Arc::clone(progress);
            let linter = Linter::new(settings).with_progress(move |bytes| progress.add(bytes));
            linter.with_baseline(baseline).with_timings(timings)
        });
        for number in set.inputs.clone() {
            let (input, plan, filter) = (&inputs[number], plans.of_input[number], plans.filter(number));
            match linters[set.split(number) as usize][plan].lint(input, &mut filter.wrap(reporter)) {
                Ok(report) => {
                    if let Some(why) = &report.failure {
                        progress.suspend(|| fail(&report.name, why, plans, &mut total));
                    } else if report.changed {
                        let name = mask(report.name.as_bytes());
                        progress
                            .suspend(|| say(format_args!("ftlint: {name}: the file was changed while it was read")));
                    }
                    filter.end(report, &mut total, reporter)?;
                }
                Err(Failure::Write(error)) => return Err(error),
                Err(Failure::Read(error)) => {
                    progress.suspend(|| fail(&input.name(), &input.describe(&error), plans, &mut total));
                }
            }
        }
    }
    progress.finish();
    finish(plans, &total, reporter)?;
    Ok(total)
}

/// Ends the report.
pub(super) fn finish(plans: &Plans, total: &Total, reporter: &mut dyn Reporter) -> io::Result<()> {
    if !plans.errors_only {
        return reporter.finish(total);
    }
    reporter.finish(&Total { errors_only: true, ..total.clone() })
}

/// Says that an input cannot be read to its end, and takes that down; once, however many sets it is in.
pub(super) fn fail(name: &str, why: &str, plans: &Plans, total: &mut Total) {
    if total.fail(name.to_owned(), why.to_owned()) {
        let from = plans.named_in.as_ref().map(|config| format!("{config}: data: ")).unwrap_or_default();
        say(format_args!("ftlint: {}: {why}", mask(format!("{from}{name}").as_bytes())));
    }
}

/// `--color` before `NO_COLOR` before `FORCE_COLOR` and `CLICOLOR_FORCE` before what the output is.
pub(super) fn use_color(choice: ColorChoice, terminal: bool) -> bool {
    colors(choice, terminal, |name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

fn colors(choice: ColorChoice, terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &str| variable(name).is_some();
    let is = |name: &str, value: &str| variable(name).as_deref() == Some(value);
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if is_set("NO_COLOR") => false,
        ColorChoice::Auto if is_set("FORCE_COLOR") || is_set("CLICOLOR_FORCE") => true,
        ColorChoice::Auto => terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb"),
    }
}

/// A whole number that is not negative.
pub(super) fn whole<T: FromStr>(text: &str) -> Result<T, &'static str> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().map_err(|_| if is_number { "the number is too large" } else { "expected a whole number from 0" })
}

/// An error about a file: the path and the cause.
pub(super) fn complain(name: &str, error: &io::Error) {
    say(format_args!("ftlint: {}: {}", mask(name.as_bytes()), describe(error)));
}

/// An error about a path that was named.
pub(super) fn complain_of(path: &Path, error: &io::Error) {
    complain(&path.display().to_string(), error);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_has_colours_unless_something_is_said() {
        for (choice, variables, expected) in [
            (ColorChoice::Auto, &[][..], true),
            (ColorChoice::Auto, &[("CLICOLOR", "0")], false),
            (ColorChoice::Auto, &[("CLICOLOR", "1")], true),
            (ColorChoice::Auto, &[("CLICOLOR", "0"), ("FORCE_COLOR", "1")], true),
            (ColorChoice::Auto, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], false),
            (ColorChoice::Auto, &[("TERM", "dumb")], false),
            (ColorChoice::Always, &[("CLICOLOR", "0")], true),
        ] {
            let variable =
                |name: &str| variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).into());
            assert_eq!(colors(choice, true, variable), expected, "{choice} {variables:?}");
        }
        assert!(!colors(ColorChoice::Auto, false, |_| None));
    }
}
