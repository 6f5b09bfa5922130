//! `ftlint report FILE…`

use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::error::ErrorKind;

use super::Outcome;
use super::config::{self, ConfigArgs, Configs};
use super::files::FileArgs;
use super::job::JobArgs;
use super::plans::Plans;
use super::run::{self, RunArgs, UntilClosed};
use super::select::SelectArgs;
use super::sets::Sets;
use crate::atomic;
use crate::config::{Fault, Finder, Options};
use crate::input::Input;
use crate::report::Html;
use crate::settings::Settings;

/// What can be said about a page.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// Files to lint; folders stand for their .jsonl and .ndjson files, `-` for standard input
    /// [default: `data` of the config file]
    #[arg(value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// Files to validate with: linted too, and no example may stand there and in the others
    #[arg(long, value_name = "FILE", help_heading = "File selection")]
    validation: Vec<PathBuf>,
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    select: SelectArgs,
    /// The page, an HTML file; `-` for standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output_file: Option<PathBuf>,
    /// Excerpts of a rule and file
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = run::whole::<u64>, allow_negative_numbers = true, help_heading = "Output")]
    max_per_rule: u64,
    #[command(flatten)]
    job: JobArgs,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// How many excerpts a file has at most.
const MAX_FINDINGS: u64 = 500;

impl ReportArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let output = self.output_file.as_deref().filter(|path| *path != Path::new("-"));
        if self.output_file.is_none() && io::stdout().is_terminal() {
            let message = "-o names the page: `-o report.html`, or `-o -` to print it";
            return super::misused("report", ErrorKind::MissingRequiredArgument, message);
        }
        let mut finder = match self.finder() {
            Ok(finder) => finder,
            Err(fault) => return Ok(config::failed(&fault)),
        };
        let here = match finder.find(None) {
            Ok(config) => config,
            Err(fault) => return Ok(config::failed(&fault)),
        };
        let sets = match Sets::asked(&self.files, &self.paths, &self.validation, &here, &mut finder) {
            Ok(Some(sets)) => sets,
            Ok(None) => return Ok(Outcome::Failed),
            Err(misnamed) => return super::misused("report", misnamed.into(), misnamed),
        };
        let inputs = &sets.inputs;
        let settings = match self.settings(&mut finder, inputs) {
            Ok(settings) => settings,
            Err(fault) => return Ok(config::failed(&fault)),
        };
        if let Some(input) = Input::written_by(inputs, output) {
            run::complain(&input.name(), &io::Error::other("the report would overwrite this input"));
            return Ok(Outcome::Failed);
        }
        let progress = self.run.progress(inputs, false);
        let plans = Plans::alike(&settings, &sets);
        let mut reporter = Html::new(settings.target, settings.model);
        let total = run::read(inputs, &plans, None, None, &mut reporter, &progress)?;
        let page = reporter.into_page();
        let written = match output {
            Some(path) => atomic::write(path, page.as_bytes()).map_err(|error| run::complain_of(path, &error)),
            None => {
                UntilClosed::new(io::stdout().lock()).write_all(page.as_bytes())?;
                Ok(())
            }
        };
        Ok(if written.is_ok() && total.failures.is_empty() { Outcome::Clean } else { Outcome::Failed })
    }

    fn finder(&self) -> Result<Finder, Fault> {
        let mut flags = Options { exclude: self.files.exclude(), ..Options::default() };
        self.job.add_to(&mut flags);
        self.select.add_to(&mut flags);
        self.run.add_to(&mut flags);
        self.config.finder(flags)
    }

    /// A page is about one job, and so there is one config: that of the first file.
    fn settings(&self, finder: &mut Finder, inputs: &[Input]) -> Result<Settings, Fault> {
        let config = Configs::of_first(finder, inputs)?;
        let (max_per_rule, max_findings) = (Some(self.max_per_rule), Some(MAX_FINDINGS));
        Ok(Settings { profile: true, max_per_rule, max_findings, ..config.settings()? })
    }
}
