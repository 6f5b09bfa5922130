//! `ftlint stats FILE…`

use std::io;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, CommandFactory, ValueEnum};

use super::files::FileArgs;
use super::job::JobArgs;
use super::run::{self, RunArgs};
use super::{Outcome, Program};
use crate::input::Input;
use crate::report::{Reporter, Stats, StatsJson, StatsRows};
use crate::rules::RULES;
use crate::settings::Settings;

/// What can be said about statistics.
#[derive(Debug, Args)]
pub(super) struct StatsArgs {
    /// Files to count; folders stand for their .jsonl and .ndjson files, `-` for standard input
    #[arg(value_name = "FILE", required_unless_present = "file_list")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    files: FileArgs,
    /// A file to validate with: it is counted, and not trained on
    #[arg(long, value_name = "FILE")]
    validation: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    job: JobArgs,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
struct OutputArgs {
    /// How statistics are shown: text, json, json-lines
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
        if self.output.per_example && self.output.output_format != StatsFormat::JsonLines {
            let message = "--per-example needs --output-format json-lines";
            Program::command().error(ErrorKind::ArgumentConflict, message).print()?;
            return Ok(Outcome::Failed);
        }
        let settings = self.settings();
        let Some(mut inputs) = self.files.expand(&self.paths) else { return Ok(Outcome::Failed) };
        let validation = self.validation.clone().map(Input::File);
        let validation_name = validation.as_ref().map(Input::name);
        inputs.extend(validation);
        let progress = self.run.progress(&inputs, false);
        let output = run::output(self.output.output_file.as_deref(), &inputs, self.output.color, &progress);
        let Some((out, style)) = output else { return Ok(Outcome::Failed) };
        let mut reporter: Box<dyn Reporter + '_> = match self.output.output_format {
            StatsFormat::Text => Box::new(Stats::new(out, style, &settings, validation_name)),
            StatsFormat::Json => Box::new(StatsJson::new(out, &settings, validation_name)),
            StatsFormat::JsonLines if self.output.per_example => Box::new(StatsRows::new(out)),
            StatsFormat::JsonLines => Box::new(StatsJson::lines(out, &settings, validation_name)),
        };
        let total = run::read(&inputs, &settings, &mut *reporter, &progress)?;
        Ok(if total.failures.is_empty() { Outcome::Clean } else { Outcome::Failed })
    }

    /// Statistics judge nothing: no rule is on.
    fn settings(&self) -> Settings {
        let mut settings =
            Settings { ignore: RULES.to_vec(), per_example: self.output.per_example, ..Settings::default() };
        self.job.apply(&mut settings);
        self.run.apply(&mut settings);
        settings
    }
}
