//! Config files, and how they and the command line add up to [`Settings`].
//!
//! Everything that asks for something becomes [`Options`]: a file, a file that it extends, `--config KEY=VALUE`, the
//! flags. A [`Config`] is a stack of them, and the last one that has a key is heard. Of files only the one closest to
//! the data counts, as with ruff: nothing is merged unless a file says `extend`.

mod fault;
mod find;
mod keys;
mod options;
mod show;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::input::{Exclude, is_pattern, pattern_from};
use crate::selection::{Layer, PerFileIgnore, RuleSelection};
use crate::settings::Settings;
use crate::target::Catalogue;
use crate::text::quote;

pub use fault::Fault;
pub(crate) use find::display;
pub use find::{Argument, Finder, nearest};
pub use keys::template;
pub use options::{
    Epochs, FileSet, Limit, Named, Options, Paths, PerFileIgnores, RequiredVersion, SampleSize, Similarity,
};
pub use show::{show, show_differences};

/// One place that asks for something.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// How it is called: the path of a file, or what of the command line.
    pub name: String,
    /// The folder from which paths and patterns in it are seen.
    pub base: PathBuf,
    /// Its text, if it has one, to show what is wrong with it.
    text: Option<Rc<str>>,
    /// What it asks for.
    pub options: Options,
}

impl Source {
    /// Where the value of a key stands, such as `targets.ours.extends` or `exclude.1`; if it is not there, that of the
    /// table that it is missing in.
    fn span(&self, key: &str) -> Option<Range<usize>> {
        let document = DeTable::parse(self.text.as_deref()?).ok()?;
        let (mut table, mut found, mut rest) = (document.get_ref(), None, key);
        if find::is_project(Path::new(&self.name)) {
            for outer in ["tool", "ftlint"] {
                let inner = table.iter().find(|(name, _)| name.get_ref() == outer)?.1.get_ref();
                table = inner.as_table()?;
            }
        }
        while let Some((name, value, behind)) = table.iter().find_map(|(name, value)| {
            // Names may have dots of their own.
            let behind = rest.strip_prefix(&**name.get_ref())?;
            Some((name, value, behind.strip_prefix('.').or(behind.is_empty().then_some(""))?))
        }) {
            rest = behind;
            match value.get_ref() {
                DeValue::Table(inner) => (table, found) = (inner, Some(name.span())),
                DeValue::Array(items) => {
                    let item = rest.parse().ok().and_then(|place: usize| items.get(place));
                    return Some(item.map_or(value.span(), Spanned::span));
                }
                _ => return Some(value.span()),
            }
        }
        found
    }

    /// The flags of the command line.
    #[must_use]
    pub fn flags(options: Options) -> Self {
        Source { name: "command line".to_owned(), base: PathBuf::new(), text: None, options }
    }
}

/// Files that are held against each other, as paths and patterns that are seen from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSet {
    /// Those to train on.
    pub train: Vec<PathBuf>,
    /// Those to validate with.
    pub validation: Vec<PathBuf>,
}

/// All that is asked for of a file or a run, the weakest first.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The config file, if there is one.
    pub file: Option<PathBuf>,
    sources: Vec<Rc<Source>>,
}

impl Config {
    /// What the strongest source that has it says of something.
    pub fn pick<'c, T: 'c>(&'c self, option: impl Fn(&'c Options) -> Option<T>) -> Option<T> {
        self.from(option).map(|(_, value)| value)
    }

    /// As [`Config::pick`], and who says so.
    fn from<'c, T: 'c>(&'c self, option: impl Fn(&'c Options) -> Option<T>) -> Option<(&'c Source, T)> {
        self.sources.iter().rev().find_map(|source| Some((&**source, option(&source.options)?)))
    }

    /// A path that is seen from the folder of whoever names it.
    pub fn path<'c>(&'c self, option: impl Fn(&'c Options) -> Option<&'c PathBuf>) -> Option<PathBuf> {
        self.from(option).map(|(source, path)| source.base.join(path))
    }

    /// The files that are left out. Patterns with a folder in them are seen from the folder of whoever says so.
    ///
    /// # Errors
    /// What is no pattern.
    pub fn exclude(&self) -> Result<Exclude, Fault> {
        let Some((source, patterns)) = self.from(|options| options.exclude.as_ref()) else {
            return Ok(Exclude::default());
        };
        let seen = |pattern: &String| match pattern.trim_end_matches('/').contains('/') {
            true => pattern_from(&source.base, pattern),
            false => pattern.clone(),
        };
        for (place, pattern) in patterns.iter().enumerate() {
            Exclude::new([pattern]).map_err(|error| {
                let message = format!("exclude: {} is no pattern: {}", quote(pattern), error.kind());
                Fault::new(source, source.span(&format!("exclude.{place}")), message)
            })?;
        }
        Exclude::new(patterns.iter().map(seen)).map_err(|error| Fault::new(source, None, format!("exclude: {error}")))
    }

    /// The name of the file whose `data` count, if there is one.
    #[must_use]
    pub fn data_from(&self) -> Option<&str> {
        self.from(|options| options.data.as_ref()).map(|(source, _)| source.name.as_str())
    }

    /// The files that are linted if none is named, set by set.
    #[must_use]
    pub fn data(&self) -> Vec<NamedSet> {
        let Some((source, sets)) = self.from(|options| options.data.as_ref()) else { return Vec::new() };
        let here = std::env::current_dir().unwrap_or_default();
        let base = source.base.strip_prefix(here).unwrap_or(&source.base);
        let seen = |path: &String| match is_pattern(path, &base.join(path)) {
            // What the folder is called is no pattern.
            true => PathBuf::from(globset::escape(&base.to_string_lossy())).join(path),
            false => base.join(path),
        };
        let seen = |paths: &[String]| paths.iter().map(seen).collect();
        sets.iter().map(|set| NamedSet { train: seen(&set.train.0), validation: seen(&set.validation.0) }).collect()
    }

    /// The settings of a run that lints, reads files and counts as is usual in what nobody speaks of.
    ///
    /// # Errors
    /// A name or pattern that stands for nothing.
    pub fn settings(&self) -> Result<Settings, Fault> {
        let usual = Settings::default();
        let catalogue = self.catalogue()?;
        let target = self.from(|options| options.target.as_ref());
        let model = self.from(|options| options.model.as_ref());
        let chosen = catalogue.choose(target.map(|said| name(said.1)), model.map(|said| name(said.1)));
        let (target, model) = chosen.map_err(|fault| match if fault.key == "target" { target } else { model } {
            Some((source, said)) => {
                let message = format!("{} {}: {}", fault.key, quote(name(said)), fault.message);
                Fault::new(source, Some(said.span()), message)
            }
            None => Fault::new(&Source::default(), None, fault.message),
        })?;
        Ok(Settings {
            catalogue,
            target,
            model,
            price: self.pick(|options| options.price),
            epochs: self.pick(|options| options.epochs).and_then(|epochs| epochs.0),
            max_cost: self.pick(|options| options.max_cost),
            max_tokens: self.pick(|options| options.max_tokens),
            threads: self.pick(|options| options.threads).filter(|threads| *threads > 0),
            mmap: !self.pick(|options| options.no_mmap).unwrap_or_default(),
            similarity: self.pick(|options| options.similarity).map_or(usual.similarity, f64::from),
            sample: self.pick(|options| options.sample).map_or(usual.sample, |sample| sample.0),
            selection: self.selection()?,
            ..usual
        })
    }

    /// All targets and models that can be named, those of the user among them.
    ///
    /// # Errors
    /// A table of the user's that makes no sense.
    pub fn catalogue(&self) -> Result<&'static Catalogue, Fault> {
        let targets = self.from(|options| options.targets.as_ref());
        let models = self.from(|options| options.models.as_ref());
        if targets.is_none() && models.is_none() {
            return Ok(Catalogue::builtin());
        }
        let (no_targets, no_models) = (BTreeMap::new(), BTreeMap::new());
        let own_targets = targets.map_or(&no_targets, |(_, tables)| tables);
        let own_models = models.map_or(&no_models, |(_, tables)| tables);
        Catalogue::with(own_targets, own_models).map_err(|fault| {
            let is_of_target = fault.key.starts_with("targets.");
            let source = if is_of_target { targets.map(|said| said.0) } else { models.map(|said| said.0) };
            let source = source.expect("what is wrong was said by someone");
            Fault::new(source, source.span(&fault.key), fault.to_string())
        })
    }

    /// Whether the source that is heard is a file or another text, and no flag.
    #[must_use]
    pub fn says_in_text(&self, is_said: impl Fn(&Options) -> bool) -> bool {
        self.from(|options| is_said(options).then_some(())).is_some_and(|(source, ())| source.text.is_some())
    }

    /// What is wrong with the value of a key, where the source that is heard has it.
    #[must_use]
    pub fn fault(&self, key: &str, is_said: impl Fn(&Options) -> bool, message: String) -> Fault {
        match self.from(|options| is_said(options).then_some(())) {
            Some((source, ())) => Fault::new(source, source.span(key), message),
            None => Fault::new(&Source::default(), None, message),
        }
    }

    /// Which rules are on.
    fn selection(&self) -> Result<RuleSelection, Fault> {
        let layers: Vec<Layer> = self.sources.iter().map(|source| source.options.layer()).collect();
        let Some((source, ignores)) = self.from(|options| options.per_file_ignores.as_ref()) else {
            return Ok(RuleSelection::new(&layers));
        };
        let per_file = ignores.0.iter().map(|(pattern, rules)| {
            PerFileIgnore::new(pattern.get_ref(), &source.base, rules.clone())
                .map_err(|message| Fault::new(source, Some(pattern.span()), message))
        });
        Ok(RuleSelection::new(&layers).with_per_file(per_file.collect::<Result<_, _>>()?))
    }
}

/// A name, wherever it stands.
fn name(said: &Spanned<String>) -> &str {
    said.get_ref()
}

/// The folder of a file.
fn folder(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}
