//! What holds for a file, and who says so.

use std::fmt::Write as _;

use serde_json::Value;

use super::keys::KEYS;
use super::{Config, Options};
use crate::finding::Severity;
use crate::rule::Rule;
use crate::rules::RULES;
use crate::selection::Layer;
use crate::settings::Settings;
use crate::text::mask;

/// The settings of a file as a config file that would ask for them, with comments that say where they are from. What is
/// about the run as a whole is asked of the config `here`, that of the folder from which it is called. The keys say what
/// holds for all files of the config, the levels of rules what does in one `file`.
#[must_use]
pub fn show(config: &Config, here: &Config, all: &Settings, file: &Settings) -> String {
    let mut text = String::new();
    let (of_file, of_run) = (said(config), said(here));
    let chosen = Chosen::of(config, all);
    for key in KEYS.iter().flat_map(|(_, keys)| *keys) {
        if let Some(chosen) = chosen.as_ref().filter(|_| OF_RULES.contains(&key.name)) {
            let _ = chosen.get(key.name).map(|rules| writeln!(text, "{} = {rules}  # {}", key.name, chosen.from));
            continue;
        }
        let found = if key.of_run { &of_run } else { &of_file }
            .iter()
            .find_map(|(name, options)| Some((*name, options.get(key.name).filter(|value| !value.is_null())?)));
        let (value, from) = match (found, key.usual) {
            (Some((name, value)), _) => (toml(value), mask(name.as_bytes())),
            (None, Some(usual)) => (usual.to_owned(), "default".to_owned()),
            (None, None) => continue,
        };
        let _ = writeln!(text, "{} = {value}  # {from}", key.name);
    }
    text + &levels(RULES.iter().copied(), file)
}

/// What is otherwise in another file of the same config.
#[must_use]
pub fn show_differences(file: &Settings, other: &Settings) -> String {
    levels(RULES.iter().copied().filter(|rule| file.chosen_severity(rule) != other.chosen_severity(rule)), other)
}

/// How grave findings of rules are.
fn levels(rules: impl Iterator<Item = &'static Rule>, settings: &Settings) -> String {
    let level = |rule| settings.chosen_severity(rule).map_or("off", |severity| severity.name());
    rules.map(|rule| format!("# {} {}: {}\n", rule.code, rule.name, level(rule))).collect()
}

/// The keys that say which rules are on. What one source says of them may not hold, since another goes over it: so what
/// is shown is what all of them come to.
const OF_RULES: [&str; 5] = ["select", "ignore", "extend-select", "error", "warn"];

/// What the user chose of the rules, in as few selectors as say it.
#[derive(Default)]
struct Chosen {
    /// Who chose.
    from: String,
    select: Vec<&'static str>,
    ignore: Vec<&'static str>,
    error: Vec<&'static str>,
    warn: Vec<&'static str>,
}

impl Chosen {
    /// `None` if nobody chose anything.
    fn of(config: &Config, settings: &Settings) -> Option<Chosen> {
        let chooses = |options: &Options| options.layer() != Layer::default();
        let choosing = config.sources.iter().rev().filter(|source| chooses(&source.options));
        let mut from: Vec<String> = choosing.map(|source| mask(source.name.as_bytes())).collect();
        from.dedup();
        let mut chosen = Chosen { from: from.join(", "), ..Chosen::default() };
        if chosen.from.is_empty() {
            return None;
        }
        for group in RULES.chunk_by(|one, next| one.code[..PREFIX] == next.code[..PREFIX]) {
            let (on, off): (Vec<&Rule>, Vec<&Rule>) = group.iter().copied().partition(|rule| settings.asks(rule));
            if on.len() > off.len() {
                chosen.select.push(&on[0].code[..PREFIX]);
                chosen.ignore.extend(off.iter().map(|rule| rule.name));
            } else {
                chosen.select.extend(on.iter().map(|rule| rule.name));
            }
        }
        for &rule in RULES {
            match (settings.chosen_severity(rule), settings.usual_severity(rule)) {
                (Some(Severity::Error), Some(Severity::Warning) | None) => chosen.error.push(rule.name),
                (Some(Severity::Warning), Some(Severity::Error)) => chosen.warn.push(rule.name),
                _ => {}
            }
        }
        Some(chosen)
    }

    fn get(&self, key: &str) -> Option<String> {
        let rules = match key {
            "select" => &self.select,
            "ignore" => &self.ignore,
            "error" => &self.error,
            "warn" => &self.warn,
            _ => return None,
        };
        Some(toml(&Value::from(rules.clone())))
    }
}

/// The length of the prefix that the codes of a group share.
const PREFIX: usize = 3;

/// The names of all sources, the strongest first, and what they ask for.
fn said(config: &Config) -> Vec<(&str, Value)> {
    let values = |options| serde_json::to_value(options).unwrap_or_default();
    config.sources.iter().rev().map(|source| (source.name.as_str(), values(&source.options))).collect()
}

/// A value as TOML, on one line.
fn toml(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let pairs: Vec<String> =
                map.iter().map(|(key, value)| format!("{} = {}", Value::from(key.as_str()), toml(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", ")),
        value => mask(value.to_string().as_bytes()),
    }
}
