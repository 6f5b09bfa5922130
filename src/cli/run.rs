//! What all commands that read files have in common: how they run, and what they say of the run.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use clap::{Args, ColorChoice};
use terminal_size::{Height, Width, terminal_size_of};

use super::say;
use super::sets::{Set, Sets};
use crate::baseline::Baseline;
use crate::config::Options;
use crate::dataset::Role;
use crate::input::Input;
pub(super) use crate::input::describe;
use crate::lint::{Failure, Linter};
use crate::progress::Progress;
use crate::report::{FailedFile, Reporter, Style, Total};
use crate::rule::Check;
use crate::rules::RULES;
use crate::settings::Settings;
use crate::text::mask;
use crate::timing::Timings;

/// The settings of each input.
#[derive(Debug, Default)]
pub(super) struct Plans {
    /// The settings that there are.
    pub settings: Vec<Settings>,
    /// Which of them holds for which input.
    pub of_input: Vec<usize>,
    /// The inputs that are held against each other; none if that is all of them.
    pub sets: Vec<Set>,
}

/// The same with excerpts that are as wide as the report: on a terminal a mark must not be torn off its line.
pub(super) fn fitting(settings: &Settings, style: Style) -> Settings {
    let usual = Settings::default().snippet_width;
    Settings { snippet_width: (usual + style.width).saturating_sub(USUAL_WIDTH), ..settings.clone() }
}

impl Plans {
    /// The same settings for all inputs of the sets.
    pub(super) fn alike(settings: &Settings, sets: &Sets) -> Self {
        let of_input = vec![0; sets.inputs.len()];
        Plans { of_input, settings: vec![settings.clone()], sets: Vec::new() }.in_sets(sets)
    }

    /// The same for sets: files to validate with have settings of their own, and what was read for an earlier set is
    /// only held against the others of its own.
    pub(super) fn in_sets(mut self, sets: &Sets) -> Self {
        self.sets.clone_from(&sets.list);
        let repeated = sets.repeated();
        let validates = |set: &Set| set.validation..set.inputs.end;
        if !sets.list.iter().any(|set| !validates(set).is_empty()) && !repeated.contains(&true) {
            return self;
        }
        let training = self.settings.len();
        let for_validation: Vec<Settings> = self.settings.iter().map(Settings::for_validation).collect();
        let others: Vec<_> = RULES
            .iter()
            .copied()
            .filter(|rule| !matches!(rule.check, Check::Overlap(_) | Check::Validation(_)))
            .collect();
        let for_others = self.settings.iter().chain(&for_validation).map(|settings| Settings {
            tokens: false,
            max_cost: None,
            max_tokens: None,
            selection: settings.selection.clone().except(&others),
            ..settings.clone()
        });
        let for_others: Vec<Settings> = for_others.collect();
        self.settings.extend(for_validation);
        self.settings.extend(for_others);
        for number in sets.list.iter().flat_map(validates) {
            self.of_input[number] += training;
        }
        for (plan, _) in self.of_input.iter_mut().zip(repeated).filter(|(_, repeated)| *repeated) {
            *plan += 2 * training;
        }
        self
    }

    /// See [`fitting`].
    pub(super) fn fitting(&self, style: Style) -> Plans {
        let settings = self.settings.iter().map(|settings| fitting(settings, style)).collect();
        Plans { settings, of_input: self.of_input.clone(), sets: self.sets.clone() }
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
    #[arg(short = 'j', long, value_name = "N")]
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
    let (out, terminal, size): (Box<dyn Write + 'w>, bool, _) = match file {
        Some(path) => {
            let created = File::create(path).map_err(|error| complain(&path.display().to_string(), &error));
            (Box::new(created.ok()?), false, None)
        }
        None => {
            let out = UntilClosed { out: Arc::clone(progress).around(io::stdout()), is_closed: false };
            (Box::new(out), io::stdout().is_terminal(), terminal_size_of(io::stdout()))
        }
    };
    let style = Style { color: use_color(color, terminal), width: width(size) };
    Some((Box::new(BufWriter::new(out)), style))
}

/// What may be a pipe whose reader has seen enough: what is written then goes nowhere, and the run goes on, to the exit
/// code that it has without a pipe.
struct UntilClosed<W> {
    out: W,
    is_closed: bool,
}

impl<W: Write> UntilClosed<W> {
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
            let (input, plan) = (&inputs[number], plans.of_input[number]);
            match linters[set.role(number) as usize][plan].lint(input, reporter) {
                Ok(report) => {
                    if report.changed {
                        let name = mask(report.name.as_bytes());
                        progress
                            .suspend(|| say(format_args!("ftlint: {name}: the file was changed while it was read")));
                    }
                    total.add(&report);
                }
                Err(Failure::Write(error)) => return Err(error),
                Err(Failure::Read(error)) => {
                    progress.suspend(|| complain(&input.name(), &error));
                    total.failures.push(FailedFile { name: input.name(), error: describe(&error) });
                }
            }
        }
    }
    progress.finish();
    reporter.finish(&total)?;
    Ok(total)
}

/// `--color` before `NO_COLOR` before `FORCE_COLOR` and `CLICOLOR_FORCE` before what the output is.
pub(super) fn use_color(choice: ColorChoice, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto if set("FORCE_COLOR") || set("CLICOLOR_FORCE") => true,
        ColorChoice::Auto => terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// An error about a file: the path and the cause.
pub(super) fn complain(name: &str, error: &io::Error) {
    say(format_args!("ftlint: {}: {}", mask(name.as_bytes()), describe(error)));
}

/// An error about a path that was named.
pub(super) fn complain_of(path: &Path, error: &io::Error) {
    complain(&path.display().to_string(), error);
}
