//! `ftlint FILE…`

use std::io;
use std::path::PathBuf;
use std::time::Instant;

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory};

use super::job::{self, JobArgs};
use super::run::{self, RunArgs};
use super::{Outcome, Program, say};
use crate::report::Format;
use crate::settings::Settings;
use crate::text::{count, size};

/// What can be said about a run.
#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Files to lint; folders stand for their .jsonl and .ndjson files, `-` for standard input
    #[arg(value_name = "FILE")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    job: JobArgs,
    #[command(flatten)]
    budget: BudgetArgs,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// How findings are shown: full, concise, json, json-lines
    #[arg(
        long,
        alias = "format",
        value_name = "FORMAT",
        default_value = "full",
        env = "FTLINT_OUTPUT_FORMAT",
        hide_env = true,
        hide_possible_values = true
    )]
    pub(super) output_format: Format,
    /// Write the report to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output_file: Option<PathBuf>,
    /// Findings shown of one rule and file, or `none` for all [full and concise only]
    #[arg(long, value_name = "N", default_value = "5")]
    max_per_rule: Limit,
    /// Findings shown of one file, errors first, or `none` for all [full and concise only]
    #[arg(long, value_name = "N", default_value = "50")]
    max_diagnostics: Limit,
    /// When to use colours: auto, always, never; NO_COLOR and FORCE_COLOR count too
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub(super) color: ColorChoice,
    /// Report errors only, no warnings
    #[arg(short, long)]
    pub(super) quiet: bool,
}

impl OutputArgs {
    /// Adds to the settings what is to be shown.
    pub(super) fn apply(&self, settings: &mut Settings) {
        let people = self.output_format.is_for_people();
        settings.max_per_rule = self.max_per_rule.0.filter(|_| people);
        settings.max_findings = self.max_diagnostics.0.filter(|_| people);
        settings.errors_only = self.quiet;
    }
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Tokens and cost")]
struct BudgetArgs {
    /// The most that training may cost; more is an error (FT406)
    #[arg(long, value_name = "USD", value_parser = job::amount)]
    max_cost: Option<f64>,
    /// The most tokens that may be billed, over all epochs; more is an error (FT406)
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
    /// Do not count tokens
    #[arg(long, conflicts_with_all = ["model", "price", "epochs", "max_cost", "max_tokens"])]
    no_tokens: bool,
}

/// A number, or `none` for no limit.
#[derive(Clone, Copy, Debug)]
struct Limit(Option<u64>);

impl std::str::FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" {
            return Ok(Limit(None));
        }
        text.parse().map(|n| Limit(Some(n))).map_err(|_| "expected a number or `none`")
    }
}

impl LintArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let start = Instant::now();
        let settings = self.settings();
        if settings.max_cost.is_some() && settings.usd_per_million().is_none() {
            let message = match settings.model {
                Some(model) => format!("no price per token is known for {}: --max-cost needs --price", model.name),
                None => "--max-cost needs --model or --price".to_owned(),
            };
            Program::command().error(ErrorKind::MissingRequiredArgument, message).print()?;
            return Ok(Outcome::Failed);
        }
        let Some(inputs) = run::expand(&self.paths) else { return Ok(Outcome::Failed) };
        let progress = self.run.progress(&inputs, self.output.quiet);
        let output = run::output(self.output.output_file.as_deref(), &inputs, self.output.color, &progress);
        let Some((out, style)) = output else { return Ok(Outcome::Failed) };
        let mut reporter = self.output.output_format.reporter(out, style);
        let total = run::read(&inputs, &settings, &mut *reporter, &progress)?;
        if !self.output.quiet && self.output.output_format.is_for_people() && total.files > 0 {
            let seconds = start.elapsed().as_secs_f64();
            say(format_args!("checked {} in {}", size(total.bytes), duration(seconds)));
        }
        Ok(if !total.failures.is_empty() {
            Outcome::Failed
        } else if total.errors > 0 {
            Outcome::Errors
        } else {
            Outcome::Clean
        })
    }

    fn settings(&self) -> Settings {
        let mut settings = Settings {
            tokens: !self.budget.no_tokens,
            max_cost: self.budget.max_cost,
            max_tokens: self.budget.max_tokens,
            ..Settings::default()
        };
        self.output.apply(&mut settings);
        self.job.apply(&mut settings);
        self.run.apply(&mut settings);
        settings
    }
}

fn duration(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1000.0)
    } else if seconds < 120.0 {
        format!("{seconds:.1} s")
    } else {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and small")]
        let minutes = (seconds / 60.0) as u64;
        format!("{} {:.0} s", count(minutes, "minute"), seconds % 60.0)
    }
}
