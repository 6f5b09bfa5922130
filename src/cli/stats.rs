//! `ftlint stats FILE…`

use std::io;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, ValueEnum};

use super::config::{ConfigArgs, Configs};
use super::files::FileArgs;
use super::job::{self, JobArgs};
use super::plans::Plans;
use super::run::{self, RunArgs};
use super::select::SelectArgs;
use super::sets::Sets;
use super::{Outcome, Stop};
use crate::config::{Fault, Finder, Options};
use crate::input::Input;
use crate::outcome::Reporter;
use crate::report::{Stats, StatsJson, StatsRows};
use crate::selection::RuleSelection;
use crate::settings::Settings;

/// What can be said about statistics.
#[derive(Debug, Args)]
pub(super) struct StatsArgs {
    /// Files to count; folders stand for their .jsonl and .ndjson files, `-` for standard input
    /// [default: `data` of the config file]
    #[arg(value_name = "FILE")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    select: SelectArgs,
    /// Files to validate with: they are counted, and not trained on
    #[arg(long, value_name = "FILE", help_heading = "File selection")]
    validation: Vec<PathBuf>,
    /// What is asked for is what it is for.
    #[arg(long, hide = true)]
    no_tokens: bool,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    job: JobArgs,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
struct OutputArgs {
    /// How statistics are shown: text, json, json-lines; FTLINT_OUTPUT_FORMAT is about findings
    #[arg(long, alias = "format", value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    output_format: StatsFormat,
    /// One line for each example: path, line, tokens, answer_tokens, cut_off [json-lines only]
    #[arg(long)]
    per_example: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// When to use colours: auto, always, never; NO_COLOR and FORCE_COLOR count too
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    color: ColorChoice,
}

/// How statistics are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StatsFormat {
    /// For people
    Text,
    /// One JSON object for the run
    Json,
    /// One JSON object a line
    JsonLines,
}

impl StatsArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        self.count().or_else(|stop| stop.end(Some("stats")))
    }

    fn count(&self) -> Result<Outcome, Stop> {
        let misuse = |message: &str| Err(Stop::Misuse(ErrorKind::ArgumentConflict, message.to_owned()));
        if self.no_tokens {
            return misuse("`stats` counts tokens; --no-tokens is for linting");
        }
        if self.output.per_example && self.output.output_format != StatsFormat::JsonLines {
            return misuse("--per-example needs --output-format json-lines");
        }
        let mut finder = self.finder()?;
        let here = finder.find(None)?;
        // Counts are asked of the files that are named, and of none that they are held against.
        let sets = if self.files.are_named(&self.paths) {
            Sets::check(&self.files, &self.paths, &self.validation)?;
            Sets::named(&self.files, &self.paths, &self.validation, &mut finder)?
        } else {
            Sets::asked(&self.files, &self.paths, &self.validation, &here, &mut finder)?
        };
        let inputs = &sets.inputs;
        let settings = self.settings(&mut finder, inputs)?;
        let progress = self.run.progress(inputs, false);
        let (out, style) = run::output(self.output.output_file.as_deref(), inputs, self.output.color, &progress)?;
        let mut reporter: Box<dyn Reporter + '_> = match self.output.output_format {
            StatsFormat::Text => Box::new(Stats::new(out, style)),
            StatsFormat::Json => Box::new(StatsJson::new(out)),
            StatsFormat::JsonLines if self.output.per_example => Box::new(StatsRows::new(out)),
            StatsFormat::JsonLines => Box::new(StatsJson::lines(out)),
        };
        let plans = Plans::alike(&settings, &sets);
        let total = run::read(inputs, &plans, None, None, &mut *reporter, &progress)?;
        if self.output.output_format == StatsFormat::Text {
            job::say_notice(&settings);
        }
        Ok(if total.failures.is_empty() { Outcome::Clean } else { Outcome::Failed })
    }

    /// A finder of config files, under the flags.
    fn finder(&self) -> Result<Finder, Fault> {
        let mut flags = Options { exclude: self.files.exclude(), ..Options::default() };
        self.job.add_to(&mut flags);
        self.select.add_to(&mut flags);
        self.run.add_to(&mut flags);
        self.config.finder(flags)
    }

    /// Findings are counted and not shown. Statistics are about one job, and so there is one config: that of the first
    /// file. Rows of examples judge nothing: no rule is on.
    fn settings(&self, finder: &mut Finder, inputs: &[Input]) -> Result<Settings, Fault> {
        let config = Configs::of_first(finder, inputs)?;
        let settings = Settings { max_per_rule: Some(0), max_findings: Some(0), ..config.settings()? };
        if self.output.per_example {
            return Ok(Settings { selection: RuleSelection::none(), per_example: true, ..settings });
        }
        Ok(Settings { profile: true, ..settings })
    }
}
