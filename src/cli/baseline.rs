//! What is said on the command line about findings that are known.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use clap::Args;

use super::plans::Plans;
use super::{Stop, run, say};
use crate::baseline::Baseline;
use crate::config::{Config, Options, display};
use crate::input::{Input, describe};
use crate::outcome::Total;
use crate::text::{count, mask, number};

/// Which findings are known.
#[derive(Debug, Args)]
#[command(next_help_heading = "Baseline")]
pub(super) struct BaselineArgs {
    /// Do not report the findings in this file
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write all findings to a file, as known from now on
    #[arg(long, value_name = "FILE", value_parser = file, conflicts_with_all = ["baseline", "fix", "diff"])]
    write_baseline: Option<PathBuf>,
}

/// The baseline of a run.
pub(super) struct Known {
    path: PathBuf,
    write: bool,
    pub baseline: Mutex<Baseline>,
}

impl BaselineArgs {
    /// Whether all findings are taken down as known.
    pub(super) fn writes(&self) -> bool {
        self.write_baseline.is_some()
    }

    /// The baseline of a run, if it has one. One that is to be written goes before that of a config file.
    pub(super) fn open(&self, config: &Config, inputs: &[Input]) -> Result<Option<Known>, Stop> {
        let Some(path) = &self.write_baseline else { return known(config) };
        if let Some(input) = Input::written_by(inputs, Some(path)) {
            run::complain(&input.name(), &io::Error::other("the baseline would overwrite this input"));
            return Err(Stop::Said);
        }
        Ok(Some(Known { path: path.clone(), write: true, baseline: Mutex::new(Baseline::collecting()) }))
    }
}

/// The baseline that a flag or a config file names.
pub(super) fn known(config: &Config) -> Result<Option<Known>, Stop> {
    let is_said = |options: &Options| options.baseline.is_some();
    let Some(path) = config.path(|options| options.baseline.as_ref()) else { return Ok(None) };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if config.says_in_text(is_said) => {
            let message = format!("baseline: {}: {}", display(&path), describe(&error));
            return Err(config.fault("baseline", is_said, message).into());
        }
        Err(error) => {
            run::complain(&display(&path), &error);
            return Err(Stop::Said);
        }
    };
    let baseline = Baseline::parse(&text).map_err(|fault| {
        say(format_args!("ftlint: {}: {fault}", mask(display(&path).as_bytes())));
        Stop::Said
    })?;
    Ok(Some(Known { path, write: false, baseline: Mutex::new(baseline) }))
}

impl Known {
    /// Writes what is to be written, and says what was not met; false if it could not be written.
    pub(super) fn finish(self, total: &Total, plans: &Plans) -> bool {
        // What was not read says nothing about what is known.
        if !total.failures.is_empty() {
            return true;
        }
        let baseline = self.baseline.into_inner().unwrap_or_else(PoisonError::into_inner);
        let name = mask(display(&self.path).as_bytes());
        if self.write {
            if let Err(error) = baseline.write(&self.path) {
                run::complain(&display(&self.path), &error);
                return false;
            }
            say(format_args!("wrote {} to {name}", count(total.known, "finding")));
            return true;
        }
        // What rules would have found that were not asked is not known. Entries do not say of which file they are: where
        // some files are linted, as before a commit, those of the others are not met, and a baseline that is written of
        // these files alone loses them.
        let (entries, drop) = match baseline.stale(|rule| plans.asks(rule)) {
            0 => return true,
            1 => ("1 entry".to_owned(), "was not met in this run; to drop it"),
            stale => (format!("{} entries", number(stale)), "were not met in this run; to drop them"),
        };
        say(format_args!("ftlint: {entries} of {name} {drop}, --write-baseline takes all files that {name} is for"));
        true
    }
}

/// A file to write, which standard output is not: the report goes there.
fn file(text: &str) -> Result<PathBuf, &'static str> {
    if text == "-" { Err("a baseline is written to a file") } else { Ok(PathBuf::from(text)) }
}
