//! `ftlint report FILE…`

use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::error::ErrorKind;

use super::config::{ConfigArgs, Configs};
use super::files::FileArgs;
use super::job::JobArgs;
use super::plans::Plans;
use super::run::{self, RunArgs, UntilClosed};
use super::select::SelectArgs;
use super::sets::Sets;
use super::{Outcome, Stop};
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
        self.write().or_else(|stop| stop.end(Some("report")))
    }

    fn write(&self) -> Result<Outcome, Stop> {
        let output = self.output_file.as_deref().filter(|path| *path != Path::new("-"));
        if self.output_file.is_none() && io::stdout().is_terminal() {
            let message = "-o names the page: `-o report.html`, or `-o -` to print it";
            return Err(Stop::Misuse(ErrorKind::MissingRequiredArgument, message.to_owned()));
        }
        let mut finder = self.finder()?;
        let here = finder.find(None)?;
        let sets = Sets::asked(&self.files, &self.paths, &self.validation, &here, &mut finder)?;
        let inputs = &sets.inputs;
        let settings = self.settings(&mut finder, inputs)?;
        run::check_target(output, inputs)?;
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
