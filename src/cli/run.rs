//! What all commands that read files have in common: how they run, and what they say of the run.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use clap::{Args, ColorChoice};
use terminal_size::{Height, Width, terminal_size_of};

use super::say;
use super::sets::{Set, Sets};
use crate::baseline::Baseline;
use crate::config::Options;
use crate::dataset::Role;
use crate::finding::{Finding, Severity};
use crate::input::Input;
pub(super) use crate::input::describe;
use crate::lint::{ExampleRow, Failure, FileReport, Linter, RequestReport};
use crate::progress::Progress;
use crate::report::{FailedFile, Reporter, Style, Total};
use crate::rule::{Check, Rule};
use crate::rules::RULES;
use crate::settings::Settings;
use crate::text::mask;
use crate::timing::Timings;

/// The settings of each input.
#[derive(Clone, Debug, Default)]
pub(super) struct Plans {
    /// The settings that there are: first those of the configs, in their order.
    pub settings: Vec<Settings>,
    /// Which of them holds for which input.
    pub of_input: Vec<usize>,
    /// The inputs that are held against each other; none if that is all of them.
    pub sets: Vec<Set>,
    /// Of each input whether an earlier set has it too; empty if none is so.
    repeated: Vec<bool>,
    /// Which settings would hold for each input if no earlier set had it.
    unrepeated: Vec<usize>,
    /// The config file that names the inputs, if the call does not.
    named_in: Option<String>,
    /// Whether warnings are counted, but not shown.
    pub errors_only: bool,
}

/// The same with excerpts that are as wide as the report: on a terminal a mark must not be torn off its line.
pub(super) fn fitting(settings: &Settings, style: Style) -> Settings {
    let usual = Settings::default().snippet_width;
    Settings { snippet_width: (usual + style.width).saturating_sub(USUAL_WIDTH), ..settings.clone() }
}

/// What was read for an earlier set is only held against the others of its own: what else there is to say of it was said.
/// What is gathered for statistics has its examples known.
fn for_comparison(settings: &Settings) -> Settings {
    let is_asked = |rule: &Rule| is_about_sets(rule) || matches!(rule.check, Check::Near(_));
    let others: Vec<_> = RULES.iter().copied().filter(|rule| !is_asked(rule)).collect();
    Settings {
        tokens: false,
        max_cost: None,
        max_tokens: None,
        profile: true,
        selection: settings.selection.clone().except(&others),
        ..settings.clone()
    }
}

/// Whether a rule is about what two parts of a set have in common, so that it is new in each set.
fn is_about_sets(rule: &Rule) -> bool {
    matches!(rule.check, Check::Overlap(_) | Check::Validation(_))
}

impl Plans {
    /// Settings, and which of them holds for which input.
    pub(super) fn new(settings: Vec<Settings>, of_input: Vec<usize>) -> Self {
        Plans { settings, of_input, ..Plans::default() }
    }

    /// The same settings for all inputs of the sets.
    pub(super) fn alike(settings: &Settings, sets: &Sets) -> Self {
        Plans::new(vec![settings.clone()], vec![0; sets.inputs.len()]).in_sets(sets)
    }

    /// The same for sets: files to validate with have settings of their own, and so has what an earlier set has too.
    pub(super) fn in_sets(mut self, sets: &Sets) -> Self {
        self.sets.clone_from(&sets.list);
        let repeated = sets.repeated();
        self.named_in.clone_from(&sets.named_in);
        let mut made = HashMap::new();
        for set in &sets.list {
            for number in set.inputs.clone() {
                let (plan, validates) = (self.of_input[number], set.role(number) == Role::Validation);
                let mut number_of = |reading| *made.entry(reading).or_insert_with(|| self.with(reading));
                let alone = number_of((plan, validates, false));
                let here = number_of((plan, validates, repeated[number]));
                self.unrepeated.push(alone);
                self.of_input[number] = here;
            }
        }
        self.repeated = repeated;
        self
    }

    /// Which settings hold for the repairs in an input: all that is mended for one set is mended for all.
    pub(super) fn of_repairs(&self, number: usize) -> usize {
        self.unrepeated.get(number).copied().unwrap_or(self.of_input[number])
    }

    /// The number of the settings for files of a config: whether they are to validate with, and whether an earlier set has
    /// them too. They are added if they are new.
    fn with(&mut self, (plan, validates, is_repeated): (usize, bool, bool)) -> usize {
        if !validates && !is_repeated {
            return plan;
        }
        let mut settings = self.settings[plan].clone();
        if validates {
            settings = settings.for_validation();
        }
        if is_repeated {
            settings = for_comparison(&settings);
        }
        self.settings.push(settings);
        self.settings.len() - 1
    }

    /// Whether an earlier set has the input of this number too.
    pub(super) fn is_repeated(&self, number: usize) -> bool {
        self.repeated.get(number) == Some(&true)
    }

    /// Whether a rule is on for any input.
    pub(super) fn asks(&self, rule: &'static Rule) -> bool {
        let is_about_tokens = matches!(rule.check, Check::Tokens(_));
        let is_on = |settings: &Settings| settings.severity(rule).is_some() && (settings.tokens || !is_about_tokens);
        self.settings.iter().any(is_on)
    }

    /// How much of what is found in the input of this number is reported.
    pub(super) fn ear(&self, number: usize) -> Ear {
        Ear { errors_only: self.errors_only, sets_only: self.is_repeated(number) }
    }

    /// See [`fitting`].
    pub(super) fn fitting(&self, style: Style) -> Plans {
        let settings = self.settings.iter().map(|settings| fitting(settings, style)).collect();
        Plans { settings, ..self.clone() }
    }

    /// The inputs that are held against each other.
    pub(super) fn sets(&self, inputs: usize) -> Vec<Set> {
        let all = || vec![Set { inputs: 0..inputs, validation: inputs }];
        if self.sets.is_empty() { all() } else { self.sets.clone() }
    }

    /// By role and settings, linters that know the examples and tools of all files of a set.
    pub(super) fn linters<'p>(
        &'p self,
        set: &Set,
        linter: impl Fn(&'p Settings) -> Linter<'p>,
    ) -> [Vec<Linter<'p>>; 2] {
        let (examples, tools) = (Arc::default(), Arc::default());
        let knowing =
            |linter: Linter<'p>, role| linter.with_examples(&examples, role, set.validates()).with_tools(&tools);
        [Role::Training, Role::Validation]
            .map(|role| self.settings.iter().map(|settings| knowing(linter(settings), role)).collect())
    }
}

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
pub(super) fn width(terminal: Option<(Width, Height)>) -> usize {
    terminal.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0).clamp(50, 120))
}

/// Columns of a report that goes to no terminal.
const USUAL_WIDTH: usize = 80;

/// Where a report goes, and how it is dressed there; `None` if it cannot go there, which was then said.
pub(super) fn output<'w>(
    file: Option<&Path>,
    inputs: &[Input],
    color: ColorChoice,
    progress: &Arc<Progress>,
) -> Option<(Box<dyn Write + 'w>, Style)> {
    let file = file.filter(|path| *path != Path::new("-"));
    // Creating the file would empty it before it is read: data must survive a slip of the hand.
    if let Some(input) = Input::written_by(inputs, file) {
        complain(&input.name(), &io::Error::other("the report would overwrite this input"));
        return None;
    }
    let (out, color, size): (Box<dyn Write + 'w>, bool, _) = match file {
        Some(path) => {
            let created = File::create(path).map_err(|error| complain(&path.display().to_string(), &error));
            // What the environment says is about what is read on a terminal.
            (Box::new(created.ok()?), color == ColorChoice::Always, None)
        }
        None => {
            let out = UntilClosed::new(Arc::clone(progress).around(io::stdout()));
            (Box::new(out), use_color(color, io::stdout().is_terminal()), terminal_size_of(io::stdout()))
        }
    };
    let style = Style { color, width: width(size) };
    Some((Box::new(BufWriter::new(out)), style))
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

/// How much of what is found in an input reaches the report.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ear {
    /// Warnings are counted, but not shown.
    errors_only: bool,
    /// An earlier set has the input too, and all that is new is what the parts of this set have in common.
    sets_only: bool,
}

impl Ear {
    /// A reporter of what is to be heard. It is not told of the end of the file: see [`Ear::end`].
    pub(super) fn listen(self, reporter: &mut dyn Reporter) -> Heard<'_> {
        Heard { ear: self, reporter }
    }

    fn hears(self, rule: &Rule, severity: Severity) -> bool {
        (!self.sets_only || is_about_sets(rule)) && (!self.errors_only || severity == Severity::Error)
    }

    /// Adds what came of the file to the sums, and reports its end. A file that was read before is not counted again, and
    /// reported again only if something was found.
    pub(super) fn end(self, mut report: FileReport, total: &mut Total, reporter: &mut dyn Reporter) -> io::Result<()> {
        if self.sets_only {
            report.counts.retain(|count| is_about_sets(count.rule));
            total.errors += report.count(Severity::Error);
            total.warnings += report.count(Severity::Warning);
            total.known += report.known;
        } else {
            total.add(&report);
        }
        report.counts.retain(|count| self.hears(count.rule, count.severity));
        report.errors_only |= self.errors_only;
        if self.sets_only && report.counts.is_empty() { Ok(()) } else { reporter.file(&report) }
    }
}

/// See [`Ear::listen`].
pub(super) struct Heard<'r> {
    ear: Ear,
    reporter: &'r mut dyn Reporter,
}

impl Reporter for Heard<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        if self.ear.hears(finding.rule, finding.severity) { self.reporter.finding(file, finding) } else { Ok(()) }
    }

    fn example(&mut self, file: &str, row: &ExampleRow) -> io::Result<()> {
        if self.ear.sets_only { Ok(()) } else { self.reporter.example(file, row) }
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        self.reporter.request(report)
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        self.reporter.finish(total)
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
            let (input, plan, ear) = (&inputs[number], plans.of_input[number], plans.ear(number));
            match linters[set.role(number) as usize][plan].lint(input, &mut ear.listen(reporter)) {
                Ok(report) => {
                    if report.changed {
                        let name = mask(report.name.as_bytes());
                        progress
                            .suspend(|| say(format_args!("ftlint: {name}: the file was changed while it was read")));
                    }
                    ear.end(report, &mut total, reporter)?;
                }
                Err(Failure::Write(error)) => return Err(error),
                Err(Failure::Read(error)) => progress.suspend(|| fail(input, plans, &error, &mut total)),
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
    reporter.finish(&Total { warnings: 0, errors_only: true, ..total.clone() })
}

/// Says that an input cannot be read, and takes that down; once, however many sets it is in.
pub(super) fn fail(input: &Input, plans: &Plans, error: &io::Error, total: &mut Total) {
    let (name, error) = (input.name(), input.describe(error));
    if total.failures.iter().any(|failed| failed.name == name) {
        return;
    }
    let from = plans.named_in.as_ref().map(|config| format!("{config}: data: ")).unwrap_or_default();
    say(format_args!("ftlint: {}: {error}", mask(format!("{from}{name}").as_bytes())));
    total.failures.push(FailedFile { name, error });
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
    text.parse().map_err(|_| "expected a whole number from 0")
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
