//! Which files are held against each other: those of the command line, and those that the config has as sets.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

use clap::error::ErrorKind;

use super::Stop;
use super::files::{FileArgs, NamedBy, said};
use crate::config::{Config, Finder};
use crate::dataset::Split;
use crate::input::{self, Expanded, Input, Selection};

/// Files that are held against each other, and against no others.
#[derive(Clone, Debug)]
pub(super) struct Set {
    /// The inputs, first those to train on.
    pub inputs: Range<usize>,
    /// The first of them that is to validate with.
    pub validation: usize,
}

impl Set {
    /// What the input of this number is read for.
    pub(super) fn split(&self, number: usize) -> Split {
        if number < self.validation { Split::Training } else { Split::Validation }
    }

    /// Whether there are files of both kinds.
    pub(super) fn validates(&self) -> bool {
        self.inputs.start < self.validation && self.validation < self.inputs.end
    }
}

/// Why the arguments of a call stand for no inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misnamed {
    /// No file was named, and the config has no data.
    NoFile,
    /// Standard input is named in several places, and would be empty after the first.
    StdinTwice,
    /// Standard input is given a name, and is not read.
    StdinUnread,
}

impl fmt::Display for Misnamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Misnamed::NoFile => "no file was named, and no config has `data`",
            Misnamed::StdinTwice => "standard input can be read only once, but `-` is given more than once",
            Misnamed::StdinUnread => "--stdin-filename names what comes from standard input, but `-` is not given",
        })
    }
}

impl From<Misnamed> for ErrorKind {
    fn from(misnamed: Misnamed) -> ErrorKind {
        match misnamed {
            Misnamed::NoFile | Misnamed::StdinUnread => ErrorKind::MissingRequiredArgument,
            Misnamed::StdinTwice => ErrorKind::ArgumentConflict,
        }
    }
}

/// The inputs of a run, set by set.
#[derive(Debug, Default)]
pub(super) struct Sets {
    pub inputs: Vec<Input>,
    pub list: Vec<Set>,
    /// The config file that names them, if the call does not.
    pub named_in: Option<String>,
}

impl Sets {
    /// Adds a set. What an earlier one has comes first in it: that was judged there, and the others are held against it.
    fn push(&mut self, mut training: Vec<Input>, mut validation: Vec<Input>) {
        let earlier = places(&self.inputs);
        let is_new = |input: &Input| place(input).is_none_or(|path| !earlier.contains(&path));
        training.sort_by_key(is_new);
        validation.sort_by_key(is_new);
        let start = self.inputs.len();
        self.inputs.extend(training);
        let middle = self.inputs.len();
        self.inputs.extend(validation);
        if self.inputs.len() > start {
            self.list.push(Set { inputs: start..self.inputs.len(), validation: middle });
        }
    }

    /// The files that are named, and with `--validation` those to validate with.
    pub(super) fn named(
        files: &FileArgs,
        paths: &[PathBuf],
        validation: &[PathBuf],
        finder: &mut Finder,
    ) -> Result<Sets, Stop> {
        let mut training = files.expand(paths, finder)?;
        let validation = if validation.is_empty() { Vec::new() } else { files.expand_flag(validation, finder)? };
        leave_out(&mut training, paths, &validation);
        Ok(Sets::one(training, validation))
    }

    /// What a call is about: the files that it names, or else all sets of the config.
    pub(super) fn asked(
        files: &FileArgs,
        paths: &[PathBuf],
        validation: &[PathBuf],
        config: &Config,
        finder: &mut Finder,
    ) -> Result<Sets, Stop> {
        Sets::check(files, paths, validation)?;
        match (files.are_named(paths), config.data().is_empty(), validation.is_empty()) {
            (false, true, _) | (false, _, false) => Err(Misnamed::NoFile.into()),
            (false, ..) => Sets::configured(files, config, finder),
            (true, false, true) => Sets::chosen(files, paths, config, finder),
            (true, ..) => Sets::named(files, paths, validation, finder),
        }
    }

    /// Whether standard input is used as it can be.
    pub(super) fn check(files: &FileArgs, paths: &[PathBuf], validation: &[PathBuf]) -> Result<(), Misnamed> {
        if files.reads_of_stdin(paths, validation) > 1 {
            return Err(Misnamed::StdinTwice);
        }
        if files.names_stdin_in_vain(paths, validation) { Err(Misnamed::StdinUnread) } else { Ok(()) }
    }

    /// A single set of these files.
    pub(super) fn one(training: Vec<Input>, validation: Vec<Input>) -> Sets {
        let mut sets = Sets::default();
        sets.push(training, validation);
        sets
    }

    /// All sets of the config.
    fn configured(files: &FileArgs, config: &Config, finder: &mut Finder) -> Result<Sets, Stop> {
        let name = config.data_from().unwrap_or_default();
        let mut sets = Sets { named_in: Some(name.to_owned()), ..Sets::default() };
        let mut excluded = 0;
        for set in config.data() {
            let mut training = files.expand_only(&set.train, finder, NamedBy::Data(name))?;
            let validation = files.expand_only(&set.validation, finder, NamedBy::Data(name))?;
            excluded += training.excluded + validation.excluded;
            leave_out(&mut training.inputs, &set.train, &validation.inputs);
            sets.push(training.inputs, validation.inputs);
        }
        if sets.inputs.is_empty() {
            said(Expanded { inputs: Vec::new(), excluded });
        }
        Ok(sets)
    }

    /// The files that are named, each in the sets of the config that it is in. Those to train on take the files along
    /// that they are held against.
    fn chosen(files: &FileArgs, paths: &[PathBuf], config: &Config, finder: &mut Finder) -> Result<Sets, Stop> {
        let mut named = files.expand(paths, finder)?;
        let name = config.data_from().unwrap_or_default();
        let mut sets = Sets::default();
        let mut placed = HashSet::new();
        for set in config.data() {
            // What is not named need not be there.
            let of = |paths: &[PathBuf]| -> Vec<Input> {
                let all = |path| input::expand(std::slice::from_ref(path), &Selection::default(), &mut |_| false);
                let each = paths.iter().map(all);
                each.filter_map(Result::ok).flat_map(|expanded| expanded.inputs).collect()
            };
            let (mut training, validation) = (of(&set.train), of(&set.validation));
            leave_out(&mut training, &set.train, &validation);
            let those_in = |files: &[Input]| -> Vec<Input> {
                let known = places(files);
                let is_in = |input: &&Input| place(input).is_some_and(|path| known.contains(&path));
                named.iter().filter(is_in).cloned().collect()
            };
            let trained = those_in(&training);
            let validating = if trained.is_empty() {
                those_in(&validation)
            } else if set.validation.is_empty() {
                Vec::new()
            } else {
                files.expand_only(&set.validation, finder, NamedBy::Data(name))?.inputs
            };
            placed.extend(places(&trained));
            placed.extend(places(&validating));
            sets.push(trained, validating);
        }
        named.retain(|input| place(input).is_none_or(|path| !placed.contains(&path)));
        sets.push(named, Vec::new());
        Ok(sets)
    }

    /// Of each input whether an earlier set has it too.
    pub(super) fn repeated(&self) -> Vec<bool> {
        let mut repeated = vec![false; self.inputs.len()];
        let mut earlier = HashSet::new();
        // One set has each file once.
        for set in self.list.iter().filter(|_| self.list.len() > 1) {
            let own = &self.inputs[set.inputs.clone()];
            for (number, input) in set.inputs.clone().zip(own) {
                repeated[number] = place(input).is_some_and(|path| earlier.contains(&path));
            }
            earlier.extend(places(own));
        }
        repeated
    }
}

/// Files to validate with are not trained on because they lie in the same folder, or match the same pattern; only who
/// names them for both, or names nothing else, is taken at his word.
fn leave_out(training: &mut Vec<Input>, named: &[PathBuf], validation: &[Input]) {
    let named: HashSet<PathBuf> = named.iter().filter_map(|path| input::real(path)).collect();
    let validation: HashSet<_> = validation.iter().filter_map(Input::identity).collect();
    let is_named = |input: &Input| place(input).is_none_or(|path| named.contains(&path));
    let stays = |input: &Input| is_named(input) || input.identity().is_none_or(|own| !validation.contains(&own));
    if training.iter().any(stays) {
        training.retain(stays);
    }
}

fn places(files: &[Input]) -> HashSet<PathBuf> {
    files.iter().filter_map(place).collect()
}

/// Where a file is; `None` for standard input.
fn place(input: &Input) -> Option<PathBuf> {
    if let Input::File(path) = input { input::real(path) } else { None }
}
