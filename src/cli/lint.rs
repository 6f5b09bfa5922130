//! `ftlint FILE…`

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory};

use super::baseline::BaselineArgs;
use super::config::{self, ConfigArgs, Configs};
use super::files::FileArgs;
use super::fix::{FixArgs, View};
use super::job::{self, JobArgs};
use super::plans::Plans;
use super::run::{self, RunArgs};
use super::select::SelectArgs;
use super::sets::{Misnamed, Sets};
use super::{Outcome, Program, say};
use crate::config::{Config, Fault, Finder, Limit, Named, Options};
use crate::input::Input;
use crate::outcome::{Reporter, Total};
use crate::report::{Format, Statistics};
use crate::settings::Settings;
use crate::text::{count, mask, number, size};

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
    #[arg(
        long,
        alias = "format",
        value_name = "FORMAT",
        env = "FTLINT_OUTPUT_FORMAT",
        hide_env = true,
        hide_possible_values = true
    )]
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
    /// The most that training may cost; more is an error (FT406)
    #[arg(long, value_name = "USD", value_parser = job::amount, allow_negative_numbers = true)]
    max_cost: Option<f64>,
    /// The most tokens that may be billed; more is an error (FT406)
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
        let start = Instant::now();
        let mut finder = match self.config.finder(self.flags()) {
            Ok(finder) => finder,
            Err(fault) => return Ok(config::failed(&fault)),
        };
        // What is about the run as a whole is said where it is called from.
        let here = match finder.find(None) {
            Ok(config) => config,
            Err(fault) => return Ok(config::failed(&fault)),
        };
        let sets = match Sets::asked(&self.files, &self.paths, &self.validation, &here, &mut finder) {
            Ok(Some(sets)) => sets,
            Ok(None) => return Ok(Outcome::Failed),
            Err(Misnamed::NoFile) => return Ok(super::no_file()),
            Err(misnamed) => return Ok(super::misuse(&Program::command().error(misnamed.into(), misnamed))),
        };
        let inputs = &sets.inputs;
        let run = Run::new(&here, self.exit.exit_zero, self.baseline.writes());
        let counts = match self.statistics.then(|| run.format.statistics()) {
            Some(None) => return Ok(no_statistics(run.format)),
            counts => counts.flatten(),
        };
        let (configs, plans) = match self.plans(&run, &mut finder, inputs) {
            Ok((configs, plans)) => (configs, plans.in_sets(&sets)),
            Err(fault) => return Ok(config::failed(&fault)),
        };
        if self.show_settings {
            return configs.show(&here, inputs, &plans).map(|()| Outcome::Clean);
        }
        if self.show_files {
            let mut out = io::stdout().lock();
            for (_, input) in inputs.iter().enumerate().filter(|(number, _)| !plans.is_repeated(*number)) {
                writeln!(out, "{}", mask(input.name().as_bytes()))?;
            }
            return Ok(Outcome::Clean);
        }
        if !self.may_go_on_without_price(&plans) {
            return Ok(Outcome::Failed);
        }
        if self.fixes.is_asked_for() {
            let view = View { format: run.format, color: self.output.color };
            let output = self.output.output_file.as_deref();
            return self.fixes.run(inputs, output, &plans, view, &run.exit);
        }
        let Some(known) = self.baseline.open(run.baseline, inputs) else { return Ok(Outcome::Failed) };
        let progress = self.run.progress(inputs, self.output.quiet);
        let output = run::output(self.output.output_file.as_deref(), inputs, self.output.color, &progress);
        let Some((out, style)) = output else { return Ok(Outcome::Failed) };
        let plans = plans.fitting(style);
        let mut reporter: Box<dyn Reporter + '_> = match counts {
            Some(format) => Box::new(Statistics::new(out, style, format)),
            None => run.format.reporter(out, style),
        };
        let baseline = known.as_ref().map(|known| &known.baseline);
        let timings = self.verbose.then(Mutex::default);
        let total = run::read(inputs, &plans, baseline, timings.as_ref(), &mut *reporter, &progress)?;
        if !self.output.quiet && run.format.is_for_people() && total.files > 0 {
            say(format_args!("checked {} in {}", size(total.bytes), duration(start.elapsed())));
            plans.settings.first().into_iter().for_each(job::say_notice);
        }
        if let Some(timings) = timings {
            say(timings.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
        if known.is_some_and(|known| !known.finish(&total, &plans)) {
            return Ok(Outcome::Failed);
        }
        Ok(run.exit.outcome(&total))
    }

    /// Says if a budget cannot be checked for want of a price. Who has it in a config file has not misused the flag, and
    /// without a model there is no cost to limit.
    fn may_go_on_without_price(&self, plans: &Plans) -> bool {
        let unpriced = |settings: &&Settings| settings.max_cost.is_some() && settings.usd_per_million().is_none();
        let Some(settings) = plans.settings.iter().find(unpriced) else { return true };
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
            super::misuse(&Program::command().error(ErrorKind::MissingRequiredArgument, message));
        }
        self.budget.max_cost.is_none()
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

/// What is about a run as a whole.
pub(super) struct Run {
    pub(super) format: Format,
    baseline: Option<PathBuf>,
    /// Whether all findings are taken down as known.
    writes_baseline: bool,
    pub(super) exit: Exit,
}

impl Run {
    pub(super) fn new(config: &Config, exit_zero: bool, writes_baseline: bool) -> Self {
        Run {
            writes_baseline,
            format: config.pick(|options| options.output_format).map_or(Format::default(), |named| named.0),
            baseline: config.path(|options| options.baseline.as_ref()),
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
fn no_statistics(format: Format) -> Outcome {
    let message =
        format!("--statistics needs --output-format full, concise, json or json-lines, not {}", Named(format));
    super::misuse(&Program::command().error(ErrorKind::ArgumentConflict, message))
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
