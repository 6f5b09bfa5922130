//! `ftlint FILE…`

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::error::ErrorKind;
use clap::{Args, ColorChoice};

use super::baseline::{BaselineArgs, Known};
use super::config::{ConfigArgs, Configs};
use super::files::FileArgs;
use super::fix::{Done, FixArgs, View};
use super::job::{self, JobArgs};
use super::plans::Plans;
use super::run::{self, RunArgs};
use super::select::SelectArgs;
use super::sets::Sets;
use super::{Outcome, Stop, say};
use crate::config::{Config, Fault, Finder, Limit, Named, Options};
use crate::input::Input;
use crate::outcome::{Reporter, Total};
use crate::report::{Format, Statistics};
use crate::rules::dataset::near_duplicate;
use crate::rules::tokens::over_budget;
use crate::settings::Settings;
use crate::text::{count, mask, number, size};
use crate::timing::Timings;

/// What `-h` has room for; `--help` says all.
pub(super) const USUAL: [&str; 12] = [
    "paths",
    "select",
    "ignore",
    "output_format",
    "output_file",
    "quiet",
    "fix",
    "diff",
    "target",
    "model",
    "max_cost",
    "config",
];

/// What can be said about a run.
#[derive(Debug, Args)]
#[command(mut_arg("output_file", |arg| arg.help("Write the report to a file; with --fix, the fixed data")))]
pub(super) struct LintArgs {
    /// Files to lint; folders stand for their .jsonl and .ndjson files, also as
    /// .gz or .zst; `-` for standard input [default: `data` of the config file]
    #[arg(value_name = "FILE")]
    pub paths: Vec<PathBuf>,
    /// Files to validate with: linted too, and no example may stand in both
    #[arg(long, value_name = "FILE", help_heading = "File selection")]
    validation: Vec<PathBuf>,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Count findings by rule instead of showing them
    #[arg(long, help_heading = "Output")]
    statistics: bool,
    #[command(flatten)]
    fixes: FixArgs,
    #[command(flatten)]
    job: JobArgs,
    #[command(flatten)]
    budget: BudgetArgs,
    #[command(flatten)]
    exit: ExitArgs,
    #[command(flatten)]
    baseline: BaselineArgs,
    #[command(flatten)]
    config: ConfigArgs,
    /// Print the settings of each file, and who asks for them
    #[arg(long, help_heading = "Configuration")]
    show_settings: bool,
    /// Print the files that would be linted
    #[arg(long, help_heading = "Configuration")]
    show_files: bool,
    #[command(flatten)]
    run: RunArgs,
    /// Say on standard error how long each stage and each rule took
    #[arg(short, long, help_heading = "Run")]
    verbose: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// How findings are shown: full, concise, json, json-lines, sarif, github, gitlab, junit, rdjson [default: full]
    /// [env: FTLINT_OUTPUT_FORMAT]
    #[arg(long, alias = "format", value_name = "FORMAT", hide_possible_values = true)]
    output_format: Option<Format>,
    /// Write the report to a file
    #[arg(short, long, value_name = "FILE")]
    pub(super) output_file: Option<PathBuf>,
    /// Findings shown of a rule and file, or `none` for all [default: 5]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    max_per_rule: Option<Limit>,
    /// Findings shown of a file, or `none` for all [default: 50]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    max_diagnostics: Option<Limit>,
    /// When to use colours: auto, always, never
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub(super) color: ColorChoice,
    /// Report errors only; with --deny-warnings warnings too
    #[arg(short, long)]
    pub(super) quiet: bool,
}

impl OutputArgs {
    /// Those that are keys of config files as well.
    pub(super) fn add_to(&self, options: &mut Options) {
        options.output_format = self.output_format.map(Named);
        options.max_per_rule = self.max_per_rule;
        options.max_diagnostics = self.max_diagnostics;
    }

    /// The settings, with what is to be shown.
    pub(super) fn apply(&self, run: &Run, config: &Config, settings: Settings) -> Settings {
        let limit = |limit: Option<Limit>, usual| {
            limit.map_or(Some(usual), |limit| limit.0).filter(|_| run.format.is_for_people())
        };
        Settings {
            max_per_rule: limit(config.pick(|options| options.max_per_rule), MAX_PER_RULE),
            max_findings: limit(config.pick(|options| options.max_diagnostics), MAX_FINDINGS),
            errors_only: self.quiet && !run.minds_warnings(),
            ..settings
        }
    }

    /// Whether warnings are counted, but not shown. Those that fail the run one by one are.
    pub(super) fn hides_warnings(&self, run: &Run) -> bool {
        self.quiet && !run.exit.deny_warnings && run.minds_warnings()
    }
}

/// How many findings of a rule and of a file are shown to people, unless they say otherwise.
const MAX_PER_RULE: u64 = 5;
const MAX_FINDINGS: u64 = 50;

#[derive(Debug, Args)]
#[command(next_help_heading = "Tokens and cost")]
struct BudgetArgs {
    /// The most that training on a file may cost; more is an error (FT406)
    #[arg(long, value_name = "USD", value_parser = job::amount, allow_negative_numbers = true)]
    max_cost: Option<f64>,
    /// The most tokens of a file that may be billed; more is an error (FT406)
    #[arg(long, value_name = "N", value_parser = run::whole::<u64>, allow_negative_numbers = true)]
    max_tokens: Option<u64>,
    /// Do not count tokens
    #[arg(long, conflicts_with_all = ["model", "price", "epochs", "max_cost", "max_tokens"])]
    no_tokens: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Exit code")]
pub(super) struct ExitArgs {
    /// Exit with 1 if there are warnings
    #[arg(long)]
    deny_warnings: bool,
    /// Exit with 1 if there are more warnings than this, hidden by -q or not
    #[arg(long, value_name = "N", value_parser = run::whole::<u64>, allow_negative_numbers = true)]
    max_warnings: Option<u64>,
    /// Exit with 0 whatever is found
    #[arg(short = 'e', long)]
    pub(super) exit_zero: bool,
}

impl ExitArgs {
    /// Those that are keys of config files as well.
    pub(super) fn add_to(&self, options: &mut Options) {
        options.deny_warnings = self.deny_warnings.then_some(true);
        options.max_warnings = self.max_warnings;
    }
}

/// When a run fails.
pub(super) struct Exit {
    deny_warnings: bool,
    max_warnings: Option<u64>,
    exit_zero: bool,
}

impl Exit {
    /// What a run comes to. What could not be read is never passed over.
    pub(super) fn outcome(&self, total: &Total) -> Outcome {
        if !total.failures.is_empty() {
            return Outcome::Failed;
        }
        if self.exit_zero {
            return Outcome::Clean;
        }
        let warnings = count(total.warnings, "warning");
        match self.max_warnings {
            _ if self.deny_warnings && total.warnings > 0 => {
                say(format_args!("ftlint: {warnings}; none may pass with --deny-warnings"));
            }
            Some(max) if total.warnings > max => {
                say(format_args!("ftlint: {warnings}; --max-warnings allows {}", number(max)));
            }
            _ if total.errors > 0 => {}
            _ => return Outcome::Clean,
        }
        Outcome::Errors
    }

    /// The same outcome; with `--exit-zero` that of a run that has found nothing.
    pub(super) fn spare(&self, outcome: Outcome) -> Outcome {
        if outcome == Outcome::Errors && self.exit_zero { Outcome::Clean } else { outcome }
    }
}

impl LintArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        self.lint().or_else(|stop| stop.end(None))
    }

    fn lint(&self) -> Result<Outcome, Stop> {
        let start = Instant::now();
        if let Some(flag) = self.fixes.flag_in_vain() {
            let message = format!("{flag} is about --fix, which is not given");
            return Err(Stop::Misuse(ErrorKind::MissingRequiredArgument, message));
        }
        let mut finder = self.config.finder_with_environment(self.flags())?;
        // What is about the run as a whole is said where it is called from.
        let here = finder.find(None)?;
        let sets = Sets::asked(&self.files, &self.paths, &self.validation, &here, &mut finder)?;
        let inputs = &sets.inputs;
        let run = Run::new(&here, self.exit.exit_zero, self.baseline.writes());
        let counts = match self.statistics.then(|| run.format.statistics()) {
            Some(None) => return Err(no_statistics(run.format)),
            counts => counts.flatten(),
        };
        let (configs, plans) = self.plans(&run, &mut finder, inputs)?;
        let plans = plans.in_sets(&sets);
        if self.show_settings {
            configs.show(&here, inputs, &plans)?;
            return Ok(Outcome::Clean);
        }
        if self.show_files {
            return Ok(show_files(inputs, &plans)?);
        }
        self.check_limits(&configs, &plans)?;
        self.check_price(&plans)?;
        if let Some(flag) = self.select.flag_for_near_duplicates().filter(|_| !plans.asks(&near_duplicate::RULE)) {
            say(format_args!("ftlint: {flag} is about near-duplicate (FT502), which is off"));
        }
        let known = self.baseline.open(&here, inputs)?;
        let baseline = known.as_ref().map(|known| &known.baseline);
        let timings = self.verbose.then(Mutex::default);
        if self.fixes.is_asked_for() {
            let (format, color) = (run.format, self.output.color);
            let view = View { format, statistics: counts, color, baseline, timings: timings.as_ref() };
            let output = self.output.output_file.as_deref();
            return match self.fixes.run(inputs, output, &plans, view, &run.exit)? {
                Done::Ended(outcome) => Ok(outcome),
                Done::Linted { total, mended } => {
                    let failing = mended && self.fixes.fails_if_mended();
                    Ok(match end(known, timings, &total, &plans, &run.exit) {
                        Outcome::Clean if failing => run.exit.spare(Outcome::Errors),
                        outcome => outcome,
                    })
                }
            };
        }
        let progress = self.run.progress(inputs, self.output.quiet);
        let (out, style) = run::output(self.output.output_file.as_deref(), inputs, self.output.color, &progress)?;
        let plans = plans.fitting(style);
        let mut reporter: Box<dyn Reporter + '_> = match counts {
            Some(format) => Box::new(Statistics::new(out, style, format)),
            None => run.format.reporter(out, style),
        };
        let total = run::read(inputs, &plans, baseline, timings.as_ref(), &mut *reporter, &progress)?;
        if !self.output.quiet && run.format.is_for_people() && total.files > 0 {
            say(format_args!("checked {} in {}", size(total.bytes), duration(start.elapsed())));
            plans.settings.first().into_iter().for_each(job::say_notice);
        }
        Ok(end(known, timings, &total, &plans, &run.exit))
    }

    /// Says if a limit is not checked because its rule is off, or tokens are not counted. Who has it in a config file has
    /// not misused a flag.
    fn check_limits(&self, configs: &Configs, plans: &Plans) -> Result<(), Stop> {
        let has = |settings: &&Settings| settings.max_cost.is_some() || settings.max_tokens.is_some();
        let is_off = |settings: &Settings| !settings.asks(&over_budget::RULE);
        let flag = self.budget.max_tokens.map(|_| "--max-tokens").or(self.budget.max_cost.map(|_| "--max-cost"));
        let asks = |config: &Config| {
            config
                .pick(|options| options.max_tokens.map(|_| "max-tokens"))
                .or_else(|| config.pick(|options| options.max_cost.map(|_| "max-cost")))
        };
        let key = configs.list.iter().find_map(asks).unwrap_or_default();
        if self.budget.no_tokens && !key.is_empty() {
            say(format_args!("ftlint: {key} of the config is not checked with --no-tokens"));
        } else if plans.settings.iter().filter(has).any(is_off) {
            let Some(flag) = flag else {
                say(format_args!("ftlint: {key} of the config is not checked: over-budget (FT406) is off"));
                return Ok(());
            };
            let message = format!("{flag} is checked by over-budget (FT406), which is off");
            return Err(Stop::Misuse(ErrorKind::ArgumentConflict, message));
        }
        Ok(())
    }

    /// Says if a budget cannot be checked for want of a price. Who has it in a config file has not misused the flag, and
    /// without a model there is no cost to limit.
    fn check_price(&self, plans: &Plans) -> Result<(), Stop> {
        let unpriced = |settings: &&Settings| settings.max_cost.is_some() && settings.usd_per_million().is_none();
        let Some(settings) = plans.settings.iter().find(unpriced) else { return Ok(()) };
        if self.budget.max_cost.is_none() {
            say(match settings.model {
                Some(model) => format!(
                    "ftlint: max-cost of the config is not checked: no price per token is known for {}",
                    model.name
                ),
                None => "ftlint: max-cost of the config is not checked without model or price".to_owned(),
            });
        } else {
            let message = match settings.model {
                Some(model) => format!("no price per token is known for {}: --max-cost needs --price", model.name),
                None => "--max-cost needs --model or --price".to_owned(),
            };
            return Err(Stop::Misuse(ErrorKind::MissingRequiredArgument, message));
        }
        Ok(())
    }

    /// What holds for each input.
    fn plans(&self, run: &Run, finder: &mut Finder, inputs: &[Input]) -> Result<(Configs, Plans), Fault> {
        let configs = Configs::find(finder, inputs)?;
        let mut plans = configs.plans(|config, settings| {
            Settings {
                tokens: !self.budget.no_tokens,
                // Nothing can be said of tokens that are not counted.
                max_cost: settings.max_cost.filter(|_| !self.budget.no_tokens),
                max_tokens: settings.max_tokens.filter(|_| !self.budget.no_tokens),
                ..self.output.apply(run, config, settings)
            }
        })?;
        plans.errors_only = self.output.hides_warnings(run);
        Ok((configs, plans))
    }

    /// All flags that are keys of config files as well.
    fn flags(&self) -> Options {
        let mut options = Options {
            max_cost: self.budget.max_cost,
            max_tokens: self.budget.max_tokens,
            baseline: self.baseline.baseline.clone(),
            exclude: self.files.exclude(),
            ..Options::default()
        };
        self.output.add_to(&mut options);
        self.exit.add_to(&mut options);
        self.job.add_to(&mut options);
        self.select.add_to(&mut options);
        self.run.add_to(&mut options);
        options
    }
}

/// Ends a run whose report is written: says what took how long, and what was not met of the baseline.
fn end(known: Option<Known>, timings: Option<Mutex<Timings>>, total: &Total, plans: &Plans, exit: &Exit) -> Outcome {
    if let Some(timings) = timings {
        say(timings.into_inner().unwrap_or_else(PoisonError::into_inner));
    }
    if known.is_some_and(|known| !known.finish(total, plans)) {
        return Outcome::Failed;
    }
    exit.outcome(total)
}

/// Prints the files that would be linted. What is not there would not be.
fn show_files(inputs: &[Input], plans: &Plans) -> io::Result<Outcome> {
    let mut out = io::stdout().lock();
    let mut total = Total::default();
    for (_, input) in inputs.iter().enumerate().filter(|(number, _)| !plans.is_repeated(*number)) {
        match input.is_there() {
            Ok(()) => writeln!(out, "{}", mask(input.name().as_bytes()))?,
            Err(error) => run::fail(&input.name(), &run::describe(&error), plans, &mut total),
        }
    }
    Ok(if total.failures.is_empty() { Outcome::Clean } else { Outcome::Failed })
}

/// What is about a run as a whole.
pub(super) struct Run {
    pub(super) format: Format,
    /// Whether all findings are taken down as known.
    writes_baseline: bool,
    pub(super) exit: Exit,
}

impl Run {
    pub(super) fn new(config: &Config, exit_zero: bool, writes_baseline: bool) -> Self {
        Run {
            writes_baseline,
            format: config.pick(|options| options.output_format).map_or(Format::default(), |named| named.0),
            exit: Exit {
                deny_warnings: config.pick(|options| options.deny_warnings).unwrap_or_default(),
                max_warnings: config.pick(|options| options.max_warnings),
                exit_zero,
            },
        }
    }

    /// Whether warnings have a say, shown or not.
    fn minds_warnings(&self) -> bool {
        self.exit.deny_warnings || self.exit.max_warnings.is_some() || self.writes_baseline
    }
}

/// Says that counts cannot be written in a format for findings.
fn no_statistics(format: Format) -> Stop {
    let message =
        format!("--statistics needs --output-format full, concise, json or json-lines, not {}", Named(format));
    Stop::Misuse(ErrorKind::ArgumentConflict, message)
}

/// In the unit that says most, rounded.
fn duration(time: Duration) -> String {
    let rounded = |unit: u128| (time.as_micros() + unit / 2) / unit;
    let (milliseconds, tenths, seconds) = (rounded(1000), rounded(100_000), rounded(1_000_000));
    if milliseconds < 1000 {
        format!("{milliseconds} ms")
    } else if tenths < 1200 {
        format!("{}.{} s", tenths / 10, tenths % 10)
    } else {
        let minutes = u64::try_from(seconds / 60).unwrap_or(u64::MAX);
        format!("{} {} s", count(minutes, "minute"), seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_before_they_are_split() {
        for (micros, expected) in [
            (0, "0 ms"),
            (999_499, "999 ms"),
            (999_600, "1.0 s"),
            (1_250_000, "1.3 s"),
            (119_940_000, "119.9 s"),
            (119_960_000, "2 minutes 0 s"),
            (179_700_000, "3 minutes 0 s"),
            (3_601_000_000, "60 minutes 1 s"),
        ] {
            assert_eq!(duration(Duration::from_micros(micros)), expected);
        }
    }
}
