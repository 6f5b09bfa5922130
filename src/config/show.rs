//! What holds for a file, and who says so.

use std::fmt::Write as _;

use serde_json::Value;

use super::Config;
use super::keys::KEYS;
use crate::rules::RULES;
use crate::settings::Settings;
use crate::text::mask;

/// The settings of a file as a config file that would ask for them, with comments that say where they are from. What is
/// about the run as a whole is asked of the config `here`, that of the folder from which it is called.
#[must_use]
pub fn show(config: &Config, here: &Config, settings: &Settings) -> String {
    let mut text = String::new();
    let (of_file, of_run) = (said(config), said(here));
    for key in KEYS.iter().flat_map(|(_, keys)| *keys) {
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
    for rule in RULES {
        let level = settings.severity(rule).map_or("off", |severity| severity.name());
        let _ = writeln!(text, "# {} {}: {level}", rule.code, rule.name);
    }
    text
}

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
