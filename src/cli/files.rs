//! Which files a command reads.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::select::split;
use super::{Stop, run, say};
use crate::config::{Fault, Finder, nearest};
use crate::input::{self, Exclude, Expanded, Input, IsClosed, Selection};
use crate::text::quote;

/// Which files are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "File selection")]
pub(super) struct FileArgs {
    /// Files and folders to leave out, as patterns
    #[arg(long, value_name = "GLOB", value_parser = Patterns::parse)]
    exclude: Vec<Patterns>,
    /// Leave them out even if they are named one by one, as pre-commit does
    #[arg(long)]
    force_exclude: bool,
    /// Read also what .ignore files leave out of folders
    #[arg(long)]
    no_ignore: bool,
    /// A file that lists files to read, one a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    file_list: Vec<PathBuf>,
    /// The name of what comes from standard input
    #[arg(long, value_name = "FILE")]
    stdin_filename: Option<PathBuf>,
}

/// Who names files.
#[derive(Clone, Copy, Debug)]
pub(super) enum NamedBy<'n> {
    /// The arguments of the call: what is named one by one is read, unless it is said that it is left out too.
    Call,
    /// The `data` of this config file. Nobody names them in this call, so `exclude` holds for all of them.
    Data(&'n str),
}

impl FileArgs {
    /// Whether any files are named, in `paths` or in lists.
    pub(super) fn are_named(&self, paths: &[PathBuf]) -> bool {
        !paths.is_empty() || !self.file_list.is_empty() || self.stdin_filename.is_some()
    }

    /// The paths that are named. Who says what standard input is called, and names nothing else, means that.
    fn or_stdin(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        match paths.is_empty() && self.file_list.is_empty() && self.stdin_filename.is_some() {
            true => vec![PathBuf::from("-")],
            false => paths.to_vec(),
        }
    }

    /// How often standard input would be read, for these paths, those of another flag and the lists.
    pub(super) fn reads_of_stdin(&self, paths: &[PathBuf], others: &[PathBuf]) -> usize {
        let is_stdin = |path: &PathBuf| path == Path::new("-");
        let once = |paths: &[PathBuf]| usize::from(paths.iter().any(is_stdin));
        once(&self.or_stdin(paths)) + once(others) + self.file_list.iter().filter(|list| is_stdin(list)).count()
    }

    /// Whether standard input has a name and is not read. What is in lists is not known here.
    pub(super) fn names_stdin_in_vain(&self, paths: &[PathBuf], others: &[PathBuf]) -> bool {
        self.stdin_filename.is_some() && self.file_list.is_empty() && self.reads_of_stdin(paths, others) == 0
    }

    /// What is left out, if that is said.
    pub(super) fn exclude(&self) -> Option<Vec<String>> {
        (!self.exclude.is_empty()).then(|| self.exclude.iter().flat_map(|patterns| patterns.0.clone()).collect())
    }

    /// The files that `paths` and lists stand for, but for those that configs leave out.
    pub(super) fn expand(&self, paths: &[PathBuf], finder: &mut Finder) -> Result<Vec<Input>, Stop> {
        let mut paths = self.or_stdin(paths);
        for list in &self.file_list {
            let named = input::read_list(list).map_err(|error| {
                run::complain_of(list, &error);
                Stop::Said
            });
            paths.extend(named?);
        }
        Ok(said(self.expand_only(&paths, finder, NamedBy::Call)?))
    }

    /// What `paths` stand for, without lists.
    pub(super) fn expand_only(
        &self,
        paths: &[PathBuf],
        finder: &mut Finder,
        named: NamedBy<'_>,
    ) -> Result<Expanded, Stop> {
        let selection = Selection {
            is_closed: closed_folders(finder)?,
            force_exclude: self.force_exclude || matches!(named, NamedBy::Data(_)),
            ignore: !self.no_ignore,
            stdin_name: self.stdin_filename.clone(),
        };
        let mut excluded = Excluded { finder, known: HashMap::new(), fault: None };
        let expanded = input::expand(paths, &selection, &mut |path| excluded.has(path));
        if let Some(fault) = excluded.fault {
            return Err(fault.into());
        }
        expanded.map_err(|(path, error)| {
            complain_of(named, &path, &error);
            Stop::Said
        })
    }

    /// As [`FileArgs::expand`], for the value of another flag.
    pub(super) fn expand_flag(&self, paths: &[PathBuf], finder: &mut Finder) -> Result<Vec<Input>, Stop> {
        Ok(said(self.expand_only(paths, finder, NamedBy::Call)?))
    }
}

/// Patterns of what is left out, as they were written: one or more with commas between them.
#[derive(Clone, Debug)]
struct Patterns(Vec<String>);

impl Patterns {
    fn parse(text: &str) -> Result<Patterns, String> {
        let pattern = |text: &str| {
            let wrong = |error: globset::Error| format!("{} is no pattern: {}", quote(text), error.kind());
            Exclude::new([text]).map(|_| text.to_owned()).map_err(wrong)
        };
        split(text).map(pattern).collect::<Result<_, _>>().map(Patterns)
    }
}

/// Says of a path that it stands for nothing, and who names it.
fn complain_of(named: NamedBy<'_>, path: &Path, error: &io::Error) {
    match named {
        NamedBy::Call => run::complain_of(path, error),
        NamedBy::Data(config) => run::complain(&format!("{config}: data: {}", path.display()), error),
    }
}

/// What is left out: of each file what its own config says.
struct Excluded<'f> {
    finder: &'f mut Finder,
    /// By config file.
    known: HashMap<Option<PathBuf>, Exclude>,
    /// What is wrong with a config that was met.
    fault: Option<Fault>,
}

impl Excluded<'_> {
    fn has(&mut self, path: &Path) -> bool {
        match self.find(path) {
            Ok(exclude) => exclude.matches(path),
            Err(fault) => {
                self.fault.get_or_insert(fault);
                false
            }
        }
    }

    fn find(&mut self, path: &Path) -> Result<&Exclude, Fault> {
        let config = self.finder.find(Some(path))?;
        match self.known.entry(config.file.clone()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Ok(new.insert(config.exclude()?)),
        }
    }
}

/// Folders that need not be walked, since the config of the calling folder leaves them out, and no other one holds for
/// what is in them.
fn closed_folders(finder: &mut Finder) -> Result<IsClosed, Fault> {
    let here = finder.find(None)?;
    let (exclude, alike) = (here.exclude()?, finder.excludes_alike());
    let is_ours = move |folder: &Path| alike || folder.parent().and_then(nearest) == here.file;
    Ok(Arc::new(move |folder| exclude.matches(folder) && is_ours(folder)))
}

/// The inputs; if there are none, that is said.
pub(super) fn said(expanded: Expanded) -> Vec<Input> {
    if expanded.inputs.is_empty() {
        let what = if expanded.excluded > 0 { "all files are excluded" } else { "no file was named" };
        say(format_args!("ftlint: nothing to read: {what}"));
    }
    expanded.inputs
}
