//! Which files are held against each other: those of the command line, and those that the config has as sets.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::files::FileArgs;
use crate::config::{Config, NamedSet};
use crate::input::{self, Input, Selection};

/// Files that are held against each other, and against no others.
#[derive(Clone, Debug)]
pub(super) struct Set {
    /// The inputs, first those to train on.
    pub inputs: Range<usize>,
    /// The first of them that is to validate with.
    pub validation: usize,
}

impl Set {
    /// Whether there are files of both kinds.
    pub(super) fn validates(&self) -> bool {
        self.inputs.start < self.validation && self.validation < self.inputs.end
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
        let validation = if validation.is_empty() { Vec::new() } else { files.expand_only(validation, config)? };
        leave_out(&mut training, paths, &validation);
        let mut sets = Sets::default();
        sets.push(training, validation);
        Some(sets)
    }

    /// All sets of the config.
    pub(super) fn configured(files: &FileArgs, config: &Config) -> Option<Sets> {
        let mut sets = Sets::default();
        for set in config.data() {
            let (training, validation) = expand(files, &set, config)?;
            sets.push(training, validation);
        }
        Some(sets)
    }

    /// The files that are named, each in the sets of the config that it is in. Those to train on take the files along
    /// that they are held against.
    pub(super) fn chosen(files: &FileArgs, paths: &[PathBuf], config: &Config) -> Option<Sets> {
        let mut named = files.expand(paths, config)?;
        let mut sets = Sets::default();
        let mut placed: Vec<PathBuf> = Vec::new();
        for set in config.data() {
            // What is not named need not be there.
            let of = |paths: &[PathBuf]| -> Vec<Input> {
                let each = paths.iter().map(|path| input::expand(std::slice::from_ref(path), &Selection::default()));
                each.filter_map(Result::ok).flat_map(|expanded| expanded.inputs).collect()
            };
            let (mut training, validation) = (of(&set.train), of(&set.validation));
            leave_out(&mut training, &set.train, &validation);
            let is_among = |files: &[Input], input: &Input| place(input).is_some_and(|path| is_among(files, &path));
            let trained: Vec<Input> = named.iter().filter(|input| is_among(&training, input)).cloned().collect();
            let validating = if trained.is_empty() {
                named.iter().filter(|input| is_among(&validation, input)).cloned().collect()
            } else if set.validation.is_empty() {
                Vec::new()
            } else {
                files.expand_only(&set.validation, config)?
            };
            placed.extend(trained.iter().chain(&validating).filter_map(place));
            sets.push(trained, validating);
        }
        named.retain(|input| place(input).is_none_or(|path| !placed.contains(&path)));
        sets.push(named, Vec::new());
        Some(sets)
    }

    /// Of each input whether an earlier set has it too.
    pub(super) fn repeated(&self) -> Vec<bool> {
        let places: Vec<Option<PathBuf>> = self.inputs.iter().map(place).collect();
        let mut repeated = vec![false; self.inputs.len()];
        for set in &self.list {
            for number in set.inputs.clone() {
                repeated[number] = places[number].is_some() && places[..set.inputs.start].contains(&places[number]);
            }
        }
        repeated
    }
}

/// The files of a set, those to train on and those to validate with.
fn expand(files: &FileArgs, set: &NamedSet, config: &Config) -> Option<(Vec<Input>, Vec<Input>)> {
    let mut training = files.expand_only(&set.train, config)?;
    let validation = if set.validation.is_empty() { Vec::new() } else { files.expand_only(&set.validation, config)? };
    leave_out(&mut training, &set.train, &validation);
    Some((training, validation))
}

/// Files to validate with are not trained on because they lie in the same folder, or match the same pattern; only who
/// names them for both is taken at his word.
fn leave_out(training: &mut Vec<Input>, named: &[PathBuf], validation: &[Input]) {
    let named: Vec<PathBuf> = named.iter().filter_map(|path| absolute(path)).collect();
    training.retain(|input| place(input).is_none_or(|path| named.contains(&path) || !is_among(validation, &path)));
}

fn is_among(files: &[Input], path: &Path) -> bool {
    files.iter().any(|file| place(file).is_some_and(|place| place == path))
}

/// Where a file is; `None` for standard input.
fn place(input: &Input) -> Option<PathBuf> {
    if let Input::File(path) = input { absolute(path) } else { None }
}

fn absolute(path: &Path) -> Option<PathBuf> {
    // Names without what leads nowhere: `./a` is `a`.
    std::path::absolute(path).ok()
}
