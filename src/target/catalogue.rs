//! All targets and models that a run can name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use super::model::{MODELS, Model, ModelTable, base};
use super::table::{Source, keep_all};
use super::{OPENAI, Target, TargetTable};
use crate::example::{Foreign, Format};
use crate::rules;
use crate::text::{did_you_mean, list, quote};

/// Targets and models: those of the tables that are a part of the program, and those that a user has added.
#[derive(Clone, Debug)]
pub struct Catalogue {
    targets: Vec<&'static Target>,
    models: Vec<&'static Model>,
}

/// What is wrong with a table of a user, or with a name that a user gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key it stands under, as `targets.mine.extends`; for a name, what was named: `target` or `model`.
    pub key: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", quote(&self.key), self.message)
    }
}

impl std::error::Error for Fault {}

/// The table of targets that is a part of the program.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The day for which the dates hold.
    as_of: String,
    /// The targets, in the order in which they are listed.
    order: Vec<String>,
    sources: BTreeMap<String, Source>,
    targets: BTreeMap<String, TargetTable>,
}

static FILE: LazyLock<File> =
    LazyLock::new(|| toml::from_str(include_str!("targets.toml")).expect("the table of targets is sound"));

static BUILTIN: LazyLock<Catalogue> = LazyLock::new(|| {
    let mut catalogue = Catalogue { targets: Vec::new(), models: Vec::new() };
    for name in &FILE.order {
        let table = &FILE.targets[name];
        let base = table.extends.as_deref().and_then(|base| catalogue.target(base));
        let target = table.resolve(name, base, &FILE.sources);
        catalogue.targets.push(Box::leak(Box::new(target.unwrap_or_else(|field| panic!("{name} has no {field}")))));
    }
    catalogue
});

impl Catalogue {
    /// The tables that are a part of the program.
    #[must_use]
    pub fn builtin() -> &'static Catalogue {
        &BUILTIN
    }

    /// The day for which the dates of targets hold.
    #[must_use]
    pub fn as_of() -> &'static str {
        &FILE.as_of
    }

    /// The same with a user's own targets and models, the tables `[targets.NAME]` and `[models.NAME]` of a
    /// configuration. Of two with one name the user's counts. What is added is kept until the program ends.
    ///
    /// # Errors
    /// A table names something that does not exist, or targets extend each other in a circle.
    pub fn with(
        targets: &BTreeMap<String, TargetTable>,
        models: &BTreeMap<String, ModelTable>,
    ) -> Result<&'static Catalogue, Fault> {
        let mut catalogue = Catalogue::builtin().clone();
        for name in targets.keys() {
            catalogue.add(name, targets, &mut Vec::new())?;
        }
        let mut own = Vec::new();
        for (name, table) in models {
            let target = table.target.as_deref().unwrap_or(OPENAI.name);
            if catalogue.target(target).is_none() {
                return Err(Fault { key: format!("models.{name}.target"), message: catalogue.no_target(target) });
            }
            let model = table
                .clone()
                .model(name, target)
                .map_err(|(field, message)| Fault { key: format!("models.{name}.{field}"), message })?;
            own.push(&*Box::leak(Box::new(model)));
        }
        // Theirs come first: the first of a name is found.
        own.extend(catalogue.models);
        catalogue.models = own;
        Ok(Box::leak(Box::new(catalogue)))
    }

    /// Adds a target of a user, after the one that it extends.
    fn add(
        &mut self,
        name: &str,
        tables: &BTreeMap<String, TargetTable>,
        under_way: &mut Vec<String>,
    ) -> Result<&'static Target, Fault> {
        let table = &tables[name];
        let fault = |key: &str, message: String| Fault { key: format!("targets.{name}.{key}"), message };
        under_way.push(name.to_owned());
        let builtin = Catalogue::builtin();
        let base = match table.extends.as_deref() {
            // A table for a target that exists says what is different for the user.
            None => builtin.target(name).unwrap_or(*OPENAI),
            Some(base) if base == name && builtin.target(base).is_some() => builtin.target(base).unwrap_or(*OPENAI),
            Some(base) if under_way.iter().any(|known| known == base) => {
                under_way.push(base.to_owned());
                let circle = list(under_way.iter().map(String::as_str), "and");
                let message = match &under_way[..] {
                    [_, _] => format!("{} extends itself", quote(name)),
                    _ => format!("{circle} extend each other"),
                };
                return Err(fault("extends", message));
            }
            Some(base) if tables.contains_key(base) => self.add(base, tables, under_way)?,
            Some(base) => self.target(base).ok_or_else(|| fault("extends", self.no_target(base)))?,
        };
        under_way.pop();
        table.check().map_err(|(key, message)| fault(&key, message))?;
        let mut target = table
            .resolve(name, Some(base), &FILE.sources)
            .map_err(|key| fault(key, "there is no such source".to_owned()))?;
        let lineage = std::iter::once(base.name).chain(base.lineage.iter().copied()).filter(|kin| *kin != name);
        target.lineage = keep_all(&lineage.map(str::to_owned).collect::<Vec<_>>());
        let target = &*Box::leak(Box::new(target));
        self.targets.retain(|known| known.name != name);
        self.targets.push(target);
        Ok(target)
    }

    /// The targets, in the order of the table.
    pub fn targets(&self) -> impl Iterator<Item = &'static Target> {
        self.targets.iter().copied()
    }

    /// The models: a user's own, then those of the table in its order that no model of the user stands for.
    pub fn models(&self) -> impl Iterator<Item = &'static Model> {
        let is_replaced = |listed: &Model| {
            self.models.iter().any(|own| own.target == listed.target && own.name.eq_ignore_ascii_case(&listed.name))
        };
        self.models.iter().copied().chain(MODELS.list.iter().filter(move |listed| !is_replaced(listed)))
    }

    /// The target of this name.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<&'static Target> {
        self.targets().find(|target| target.name.eq_ignore_ascii_case(name))
    }

    /// The target and the model that these names stand for. A model that only another target than the default has
    /// makes that the target, if none is named.
    ///
    /// # Errors
    /// There is none of that name, or the target does not have the model.
    pub fn choose(
        &self,
        target: Option<&str>,
        model: Option<&str>,
    ) -> Result<(&'static Target, Option<&'static Model>), Fault> {
        let named = match target {
            Some(name) => Some(self.target(name).ok_or_else(|| Fault::of("target", self.no_target(name)))?),
            None => None,
        };
        let target = named.unwrap_or_else(|| self.target(OPENAI.name).unwrap_or(*OPENAI));
        let Some(name) = model else { return Ok((target, None)) };
        let called = || self.models().filter(|model| model.is_called(name));
        if let Some(model) = called().find(|model| target.has(model)) {
            return Ok((target, Some(model)));
        }
        match called().next() {
            Some(model) if named.is_none() => {
                let target = self.target(&model.target).unwrap_or(target);
                Ok((target, Some(model)))
            }
            other => Err(Fault::of("model", self.no_model(name, target, other))),
        }
    }

    fn no_target(&self, name: &str) -> String {
        match did_you_mean(name, self.targets().map(|target| target.name)) {
            Some(near) => format!("there is no such target; did you mean {}?", quote(near)),
            None => {
                let known = list(self.targets().map(|target| target.name), "and");
                format!("there is no such target; known are {known}")
            }
        }
    }

    fn no_model(&self, name: &str, target: &Target, elsewhere: Option<&Model>) -> String {
        let here = || self.models().filter(|model| target.has(model));
        let none = match elsewhere {
            Some(model) => format!("{} is a model of {}, not of {}", quote(name), model.target, target.name),
            None => "there is no such model".to_owned(),
        };
        if let Some(near) = model_meant(name, here()) {
            return format!("{none}; did you mean {}?", quote(near));
        }
        let there = || self.models().filter(|model| !target.has(model));
        if let Some(near) = model_meant(name, there()).filter(|_| elsewhere.is_none()) {
            let owner = there().find(|model| model.is_called(near)).map_or("another target", |model| &model.target);
            return format!("{none}; did you mean {} of {owner}?", quote(near));
        }
        let current: Vec<&str> = here().filter(|model| model.is_current()).map(|model| model.name.as_str()).collect();
        match current.as_slice() {
            [] => {
                format!("{none}; no model of {} is known: leave --model out, or define one in ftlint.toml", target.name)
            }
            known => format!("{none}; known are {} and older ones", list(known.iter().copied(), "or")),
        }
    }
}

/// The name of a model that was probably meant: it is near to one, to what stands in one behind the vendor, or is the
/// beginning of that. Names of models are alike by nature: `gpt-99` is no slip for `gpt-4o`.
fn model_meant(name: &str, models: impl Iterator<Item = &'static Model>) -> Option<&'static str> {
    let name = base(name);
    let short = |known: &'static str| known.rsplit('/').next().unwrap_or(known);
    let known: Vec<&'static str> = models.flat_map(Model::names).collect();
    let most = name.chars().count() / 4;
    let is_near = |known: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase()) <= most;
    let begins = |known: &str| {
        let start = known.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        start && 2 * name.len() >= known.len()
    };
    let near = did_you_mean(name, known.iter().copied()).filter(|near| is_near(near));
    near.or_else(|| {
        let behind = did_you_mean(name, known.iter().map(|known| short(known))).filter(|near| is_near(near));
        known.iter().copied().find(|known| Some(short(known)) == behind || begins(short(known)))
    })
}

impl Fault {
    fn of(key: &str, message: String) -> Fault {
        Fault { key: key.to_owned(), message }
    }
}

impl Target {
    /// Whether the model is one of its own, or of the target that a user's own is made of.
    #[must_use]
    pub fn has(&self, model: &Model) -> bool {
        model.target == self.name || self.lineage.contains(&model.target.as_str())
    }
}

impl TargetTable {
    /// Whether all that is named in the table exists; else the key and what is wrong with it.
    fn check(&self) -> Result<(), (String, String)> {
        let near = |what: &str, name: &str, known: &[&str]| match did_you_mean(name, known.iter().copied()) {
            Some(near) => format!("there is no {what} {}; did you mean {}?", quote(name), quote(near)),
            None => format!("there is no {what} {}", quote(name)),
        };
        let rules: Vec<&str> = rules::RULES.iter().flat_map(|rule| [rule.name, rule.code]).collect();
        if let Some(rule) = self.levels.keys().find(|rule| rules::find(rule).is_none()) {
            return Err((format!("levels.{rule}"), near("rule", rule, &rules)));
        }
        let formats = Format::KNOWN.map(Format::name);
        let shapes = Foreign::ALL.map(Foreign::name);
        let names = [("formats", &self.formats, "format", &formats[..]), ("shapes", &self.shapes, "shape", &shapes)];
        for (key, given, what, known) in names {
            if let Some(name) = given.iter().flatten().find(|name| !known.contains(&name.as_str())) {
                return Err((key.to_owned(), near(what, name, known)));
            }
        }
        if self.context.is_some_and(|limit| limit.0 == Some(0)) {
            return Err(("context".to_owned(), "a context has 1 token or more".to_owned()));
        }
        for (key, day) in [("closes", &self.closes), ("retires", &self.retires)] {
            if let Some(day) = day.as_deref().filter(|day| day.parse::<super::Day>().is_err()) {
                return Err((key.to_owned(), format!("{} is no day such as 2027-01-06", quote(day))));
            }
        }
        Ok(())
    }
}
