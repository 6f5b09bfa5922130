//! What holds for a file, and who says so.

use std::fmt::Write as _;

use serde_json::Value;

use super::Config;
use super::keys::KEYS;
use crate::rules::RULES;
use crate::settings::Settings;
use crate::text::mask;

/// The settings as a config file that would ask for them, with comments that say where they are from.
#[must_use]
pub fn show(config: &Config, settings: &Settings) -> String {
    let mut text = String::new();
    let said: Vec<(&str, Value)> = config
        .sources
        .iter()
        .rev()
        .map(|source| (source.name.as_str(), serde_json::to_value(&source.options).unwrap_or_default()))
        .collect();
    for key in KEYS.iter().flat_map(|(_, keys)| *keys) {
        let found = said
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
