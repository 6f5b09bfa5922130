//! Which files are held against each other: those of the command line, and those that the config has as sets.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::files::{FileArgs, said};
use crate::config::Config;
use crate::dataset::Role;
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
    pub(super) fn role(&self, number: usize) -> Role {
        if number < self.validation { Role::Training } else { Role::Validation }
    }

    /// Whether there are files of both kinds.
    pub(super) fn validates(&self) -> bool {
        self.inputs.start < self.validation && self.validation < self.inputs.end
    }
}

/// No file was named, and the config has no data.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoFile;

impl fmt::Display for NoFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no file was named, and no config has `data`")
    }
}

/// The inputs of a run, set by set.
#[derive(Debug, Default)]
pub(super) struct Sets {
    pub inputs: Vec<Input>,
    pub list: Vec<Set>,
}

impl Sets {
    fn push(&mut self, training: Vec<Input>, validation: Vec<Input>) {
        let start = self.inputs.len();
        self.inputs.extend(training);
        let middle = self.inputs.len();
        self.inputs.extend(validation);
        if self.inputs.len() > start {
            self.list.push(Set { inputs: start..self.inputs.len(), validation: middle });
        }
    }

    /// The files that are named, and with `--validation` those to validate with. `None` if they cannot be told, which was
    /// then said.
    pub(super) fn named(files: &FileArgs, paths: &[PathBuf], validation: &[PathBuf], config: &Config) -> Option<Sets> {
        let mut training = files.expand(paths, config)?;
        let validation = if validation.is_empty() { Vec::new() } else { files.expand_flag(validation, config)? };
        leave_out(&mut training, paths, &validation);
        Some(Sets::one(training, validation))
    }

    /// What a call is about: the files that it names, or else all sets of the config. `Err` if there are none of either,
    /// `None` if they cannot be told, which was then said.
    pub(super) fn asked(
        files: &FileArgs,
        paths: &[PathBuf],
        validation: &[PathBuf],
        config: &Config,
    ) -> Result<Option<Sets>, NoFile> {
        Ok(match (files.are_named(paths), config.data().is_empty(), validation.is_empty()) {
            (false, true, _) | (false, _, false) => return Err(NoFile),
            (false, ..) => Sets::configured(files, config),
            (true, false, true) => Sets::chosen(files, paths, config),
            (true, ..) => Sets::named(files, paths, validation, config),
        })
    }

    /// A single set of these files.
    pub(super) fn one(training: Vec<Input>, validation: Vec<Input>) -> Sets {
        let mut sets = Sets::default();
        sets.push(training, validation);
        sets
    }

    /// All sets of the config.
    fn configured(files: &FileArgs, config: &Config) -> Option<Sets> {
        let mut sets = Sets::default();
        let mut excluded = 0;
        for set in config.data() {
            // Nobody names these files in this call, so `exclude` holds for all of them.
            let mut training = files.expand_only(&set.train, config, true)?;
            let validation = files.expand_only(&set.validation, config, true)?;
            excluded += training.excluded + validation.excluded;
            leave_out(&mut training.inputs, &set.train, &validation.inputs);
            sets.push(training.inputs, validation.inputs);
        }
        if sets.inputs.is_empty() {
            said(Expanded { inputs: Vec::new(), excluded });
        }
        Some(sets)
    }

    /// The files that are named, each in the sets of the config that it is in. Those to train on take the files along
    /// that they are held against.
    fn chosen(files: &FileArgs, paths: &[PathBuf], config: &Config) -> Option<Sets> {
        let mut named = files.expand(paths, config)?;
        let mut sets = Sets::default();
        let mut placed = HashSet::new();
        for set in config.data() {
            // What is not named need not be there.
            let of = |paths: &[PathBuf]| -> Vec<Input> {
                let each = paths.iter().map(|path| input::expand(std::slice::from_ref(path), &Selection::default()));
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
                files.expand_only(&set.validation, config, true)?.inputs
            };
            placed.extend(places(&trained));
            placed.extend(places(&validating));
            sets.push(trained, validating);
        }
        named.retain(|input| place(input).is_none_or(|path| !placed.contains(&path)));
        sets.push(named, Vec::new());
        Some(sets)
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
    let named: HashSet<PathBuf> = named.iter().filter_map(|path| absolute(path)).collect();
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
    if let Input::File(path) = input { absolute(path) } else { None }
}

fn absolute(path: &Path) -> Option<PathBuf> {
    // Names without what leads nowhere: `./a` is `a`.
    std::path::absolute(path).ok()
}
