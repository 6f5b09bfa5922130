//! What can be said in a config file, and as flags.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;
use semver::{Version, VersionReq};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::report::Format;
use crate::selection::{Layer, Selector};
use crate::target::{ModelTable, Price, TargetTable};
use crate::text::{did_you_mean, list, quote};
use crate::training::MAX_EPOCHS;

/// What one place asks for. What the keys mean stands in `config::keys`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[expect(missing_docs, reason = "the table of keys has the words for users")]
pub struct Options {
    pub extend: Option<PathBuf>,
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub required_version: Option<RequiredVersion>,
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub target: Option<Spanned<String>>,
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub model: Option<Spanned<String>>,
    #[serde(deserialize_with = "dollars")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1e12)))]
    pub price: Option<f64>,
    #[cfg_attr(test, schemars(with = "Option<NumberOrWord>"))]
    pub epochs: Option<Epochs>,
    #[serde(deserialize_with = "dollars")]
    #[cfg_attr(test, schemars(range(min = 0.0, max = 1e12)))]
    pub max_cost: Option<f64>,
    pub max_tokens: Option<u64>,
    #[serde(deserialize_with = "rules")]
    #[cfg_attr(test, schemars(with = "Option<OneOrMany>"))]
    pub select: Option<Vec<Selector>>,
    #[serde(deserialize_with = "rules")]
    #[cfg_attr(test, schemars(with = "Option<OneOrMany>"))]
    pub ignore: Option<Vec<Selector>>,
    #[serde(deserialize_with = "rules")]
    #[cfg_attr(test, schemars(with = "Option<OneOrMany>"))]
    pub extend_select: Option<Vec<Selector>>,
    #[serde(deserialize_with = "rules")]
    #[cfg_attr(test, schemars(with = "Option<OneOrMany>"))]
    pub error: Option<Vec<Selector>>,
    #[serde(deserialize_with = "rules")]
    #[cfg_attr(test, schemars(with = "Option<OneOrMany>"))]
    pub warn: Option<Vec<Selector>>,
    #[cfg_attr(test, schemars(with = "Option<std::collections::BTreeMap<String, OneOrMany>>"))]
    pub per_file_ignores: Option<PerFileIgnores>,
    #[cfg_attr(test, schemars(with = "Option<f64>", range(min = 0.5, max = 1.0)))]
    pub similarity: Option<Similarity>,
    #[cfg_attr(test, schemars(with = "Option<NumberOrWord>"))]
    pub sample: Option<SampleSize>,
    pub exclude: Option<Vec<String>>,
    pub data: Option<Vec<FileSet>>,
    pub deny_warnings: Option<bool>,
    pub max_warnings: Option<u64>,
    pub baseline: Option<PathBuf>,
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub output_format: Option<Named>,
    #[cfg_attr(test, schemars(with = "Option<NumberOrWord>"))]
    pub max_per_rule: Option<Limit>,
    #[cfg_attr(test, schemars(with = "Option<NumberOrWord>"))]
    pub max_diagnostics: Option<Limit>,
    pub threads: Option<usize>,
    pub no_mmap: Option<bool>,
    #[serde(skip_serializing)]
    #[cfg_attr(test, schemars(with = "Option<BTreeMap<String, BTreeMap<String, serde_json::Value>>>"))]
    pub targets: Option<BTreeMap<String, TargetTable>>,
    #[serde(skip_serializing)]
    #[cfg_attr(test, schemars(with = "Option<BTreeMap<String, BTreeMap<String, serde_json::Value>>>"))]
    pub models: Option<BTreeMap<String, ModelTable>>,
}

/// Files that are held against each other.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct FileSet {
    /// Files, folders and patterns of what is trained on.
    #[serde(deserialize_with = "some_path")]
    #[cfg_attr(test, schemars(with = "OneOrMore"))]
    pub train: Paths,
    /// Those of what is to validate with.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "OneOrMany"))]
    pub validation: Paths,
}

/// Reads paths of which there must be one: a set without any would be passed over unseen.
fn some_path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Paths, D::Error> {
    let paths = Paths::deserialize(deserializer)?;
    if paths.0.is_empty() { Err(de::Error::custom("a set needs a file to train on")) } else { Ok(paths) }
}

/// One path or several.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Paths(pub Vec<String>);

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one_or_more(deserializer, "a path or a list of paths").map(Paths)
    }
}

/// Rules that selectors stand for.
struct Rules(Vec<Selector>);

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        one_or_more(deserializer, "a rule or a list of rules").map(Rules)
    }
}

fn rules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Selector>>, D::Error> {
    Rules::deserialize(deserializer).map(|rules| Some(rules.0))
}

/// Reads a list, or what would be the only part of one.
fn one_or_more<'de, T, D>(deserializer: D, expected: &'static str) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de> + FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    struct OneOrMore<T>(&'static str, PhantomData<T>);

    impl<'de, T: Deserialize<'de> + FromStr<Err: fmt::Display>> Visitor<'de> for OneOrMore<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, one: &str) -> Result<Vec<T>, E> {
            one.parse().map(|one| vec![one]).map_err(E::custom)
        }

        fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
            let mut all = Vec::new();
            while let Some(item) = items.next_element()? {
                all.push(item);
            }
            Ok(all)
        }
    }

    deserializer.deserialize_any(OneOrMore(expected, PhantomData))
}

/// One, or a list.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its shape counts")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

/// One, or a list of at least one.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its shape counts")]
enum OneOrMore {
    One(String),
    Many(#[schemars(length(min = 1))] Vec<String>),
}

/// A number, or a word.
#[cfg(test)]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its shape counts")]
enum NumberOrWord {
    Number(u64),
    Word(String),
}

impl Options {
    /// What is said about rules.
    pub(super) fn layer(&self) -> Layer {
        Layer {
            select: self.select.clone(),
            extend_select: self.extend_select.clone().unwrap_or_default(),
            ignore: self.ignore.clone().unwrap_or_default(),
            error: self.error.clone().unwrap_or_default(),
            warn: self.warn.clone().unwrap_or_default(),
        }
    }
}

/// A number, or `none` for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub Option<u64>);

impl FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" {
            return Ok(Limit(None));
        }
        text.parse().map(|n| Limit(Some(n))).map_err(|_| "expected a number or `none`")
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(n) => n.fmt(f),
            None => f.write_str("none"),
        }
    }
}

/// Reads an amount of US dollars, for which the same holds as for those on the command line.
fn dollars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let usd = Option::<f64>::deserialize(deserializer)?;
    usd.map(Price::amount).transpose().map_err(de::Error::custom)
}

/// How alike two examples are that are almost the same, from 0.5 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Similarity(f64);

impl TryFrom<f64> for Similarity {
    type Error = String;

    fn try_from(share: f64) -> Result<Self, String> {
        match share {
            0.5..=1.0 => Ok(Similarity(share)),
            // A share of a hundred.
            50.0..=100.0 => Err(format!("expected a number from 0.5 to 1; did you mean {}?", share / 100.0)),
            _ => Err("expected a number from 0.5 to 1, such as 0.8".to_owned()),
        }
    }
}

impl From<Similarity> for f64 {
    fn from(similarity: Similarity) -> f64 {
        similarity.0
    }
}

impl FromStr for Similarity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.trim_end_matches('%').trim_end().parse().unwrap_or(f64::NAN).try_into()
    }
}

/// How many examples are held against each other, or none for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleSize(pub Option<u64>);

impl FromStr for SampleSize {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            _ if text == "none" => Ok(SampleSize(None)),
            Ok(examples @ 2..) => Ok(SampleSize(Some(examples))),
            _ => Err("expected a number of examples, 2 or more, or `none` for all"),
        }
    }
}

impl fmt::Display for SampleSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Limit(self.0).fmt(f)
    }
}

/// A number of epochs, or none to leave it to the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epochs(pub Option<u64>);

impl FromStr for Epochs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            _ if text == "auto" => Ok(Epochs(None)),
            Ok(epochs @ 1..=MAX_EPOCHS) => Ok(Epochs(Some(epochs))),
            _ => Err(format!("expected `auto` or a number from 1 to {MAX_EPOCHS}")),
        }
    }
}

impl fmt::Display for Epochs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(n) => n.fmt(f),
            None => f.write_str("auto"),
        }
    }
}

/// The versions of ftlint with which a file may be used; this one is among them.
#[derive(Clone, Debug)]
pub struct RequiredVersion(String);

impl FromStr for RequiredVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let this = Version::parse(env!("CARGO_PKG_VERSION")).expect("cargo knows versions");
        let exact = |part: &str| {
            let part = part.trim().trim_start_matches("==");
            if part.starts_with(|c: char| c.is_ascii_digit()) { format!("={part}") } else { part.to_owned() }
        };
        // Here a bare version is that version, as in Python's and ruff's files.
        let required = text.split(',').map(exact).collect::<Vec<_>>().join(",");
        match VersionReq::parse(&required) {
            Ok(required) if required.matches(&this) => Ok(RequiredVersion(text.to_owned())),
            Ok(_) => Err(format!("ftlint {text} is required, and this is ftlint {this}")),
            Err(_) => Err("expected a version such as \"0.1.0\" or \">=0.1, <0.3\"".to_owned()),
        }
    }
}

impl fmt::Display for RequiredVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A format, by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named(pub Format);

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Format::from_str(text, false).map(Named).map_err(|_| {
            let names: Vec<String> = Format::value_variants().iter().map(|format| Named(*format).to_string()).collect();
            let expected = format!("expected {}", list(names.iter().map(String::as_str), "or"));
            match did_you_mean(text, names.iter().map(String::as_str)) {
                Some(near) => format!("{expected}; did you mean {}?", quote(near)),
                None => expected,
            }
        })
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_possible_value().expect("no format is hidden").get_name())
    }
}

/// Reads a value by what its text means. Errors arise while the value is visited, and so get its place in the file.
struct Text<T> {
    /// Whether a number will do.
    numbers: bool,
    kind: PhantomData<T>,
}

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.numbers { "a number or a word" } else { "a string" })
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        if !self.numbers {
            return Err(E::invalid_type(de::Unexpected::Signed(number), &self));
        }
        number.to_string().parse().map_err(E::custom)
    }
}

macro_rules! by_text {
    ($($type:ty, $numbers:literal;)*) => { $(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Text { numbers: $numbers, kind: PhantomData })
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.to_string() {
                    text if $numbers && let Ok(number) = text.parse() => serializer.serialize_u64(number),
                    text => serializer.serialize_str(&text),
                }
            }
        }
    )* };
}

by_text! {
    Selector, false;
    RequiredVersion, false;
    Named, false;
    Limit, true;
    Epochs, true;
    SampleSize, true;
}

/// Patterns and the rules that are left out in files that match, in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub struct PerFileIgnores(pub Vec<(Spanned<String>, Vec<Selector>)>);

impl<'de> Deserialize<'de> for PerFileIgnores {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = PerFileIgnores;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table such as { \"valid*.jsonl\" = [\"few-examples\"] }")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PerFileIgnores, A::Error> {
                let mut pairs = Vec::new();
                while let Some((pattern, rules)) = map.next_entry::<_, Rules>()? {
                    pairs.push((pattern, rules.0));
                }
                Ok(PerFileIgnores(pairs))
            }
        }

        deserializer.deserialize_map(Table)
    }
}

impl Serialize for PerFileIgnores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (pattern, rules) in &self.0 {
            map.serialize_entry(pattern.get_ref(), rules)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_dollars_in_a_file_too() {
        for key in ["price", "max-cost"] {
            for amount in ["nan", "-nan", "-5", "-0.01", "inf", "1e13"] {
                let error = toml::from_str::<Options>(&format!("threads = 1\n{key} = {amount}\n")).unwrap_err();
                assert_eq!(error.message(), "expected an amount of US dollars such as 2.50", "{key} = {amount}");
                let start = "threads = 1\n".len() + key.len() + " = ".len();
                assert_eq!(error.span(), Some(start..start + amount.len()), "{key} = {amount}");
            }
            assert!(toml::from_str::<Options>(&format!("{key} = \"free\"")).is_err());
        }
        let options: Options = toml::from_str("price = 25\nmax-cost = 2.5").unwrap();
        assert_eq!((options.price, options.max_cost), (Some(25.0), Some(2.5)));
        assert_eq!(toml::from_str::<Options>("").unwrap().price, None);
    }
}
