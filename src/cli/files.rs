//! Which files a command reads.

use std::path::PathBuf;

use clap::Args;

use super::{run, say};
use crate::config::Config;
use crate::input::{self, Exclude, Expanded, Input, Selection};

/// Which files are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "File selection")]
pub(super) struct FileArgs {
    /// Files and folders to leave out, as patterns
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    exclude: Vec<String>,
    /// Leave them out even if they are named one by one, as pre-commit does
    #[arg(long)]
    force_exclude: bool,
    /// Read also what .ignore files leave out of folders
    // The help has no line left; who needs it is told.
    #[arg(long, hide = true)]
    no_ignore: bool,
    /// A file that lists files to read, one a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    file_list: Vec<PathBuf>,
    /// The name of what comes from standard input
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
}

impl FileArgs {
    /// Whether any files are named, in `paths` or in lists.
    pub(super) fn are_named(&self, paths: &[PathBuf]) -> bool {
        !paths.is_empty() || !self.file_list.is_empty()
    }

    /// What is left out, if that is said.
    pub(super) fn exclude(&self) -> Option<Vec<String>> {
        (!self.exclude.is_empty()).then(|| self.exclude.clone())
    }

    /// The files that `paths` and lists stand for, but for those that the config leaves out; `None` if that cannot be
    /// told, which was then said.
    pub(super) fn expand(&self, paths: &[PathBuf], config: &Config) -> Option<Vec<Input>> {
        let mut paths = paths.to_vec();
        for list in &self.file_list {
            paths.extend(input::read_list(list).map_err(|error| run::complain_of(list, &error)).ok()?);
        }
        Some(said(self.expand_only(&paths, config, self.force_exclude)?))
    }

    /// What `paths` stand for, without lists. With `force` what is named one by one may be left out too.
    pub(super) fn expand_only(&self, paths: &[PathBuf], config: &Config, force: bool) -> Option<Expanded> {
        let exclude = Exclude::new(config.exclude());
        let exclude = exclude.map_err(|error| say(format_args!("ftlint: exclude: {error}"))).ok()?;
        let (force_exclude, stdin_name) = (force, self.stdin_filename.clone());
        let selection = Selection { exclude, force_exclude, ignore: !self.no_ignore, stdin_name };
        let expanded = input::expand(paths, &selection);
        expanded.map_err(|(path, error)| run::complain_of(&path, &error)).ok()
    }

    /// As [`FileArgs::expand`], for the value of another flag.
    pub(super) fn expand_flag(&self, paths: &[PathBuf], config: &Config) -> Option<Vec<Input>> {
        Some(said(self.expand_only(paths, config, self.force_exclude)?))
    }
}

/// The inputs; if there are none, that is said.
pub(super) fn said(expanded: Expanded) -> Vec<Input> {
    if expanded.inputs.is_empty() {
        let what = if expanded.excluded > 0 { "all files are excluded" } else { "no file was named" };
        say(format_args!("ftlint: nothing to read: {what}"));
    }
    expanded.inputs
}
