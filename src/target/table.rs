//! What one target differs in, as a table says it.

use std::collections::BTreeMap;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::finding::Severity;

/// Makes [`Target`](super::Target) and the table that says what of another target does not hold for it. Names, limits
/// and values are those of the other target unless they are given; what is its own is not.
macro_rules! target {
    (
        names { $($(#[$names_doc:meta])* $names:ident,)* }
        limits { $($(#[$limits_doc:meta])* $limits:ident,)* }
        values { $($(#[$values_doc:meta])* $values:ident: $type:ty,)* }
        own { $($(#[$own_doc:meta])* $own:ident: $own_type:ty,)* }
    ) => {
        /// What a provider accepts.
        #[derive(Clone, Debug, Serialize)]
        pub struct Target {
            /// `openai`
            pub name: &'static str,
            $($(#[$own_doc])* pub $own: $own_type,)*
            $($(#[$names_doc])* pub $names: Names,)*
            $($(#[$limits_doc])* pub $limits: Option<u64>,)*
            $($(#[$values_doc])* pub $values: $type,)*
            /// The keys of messages, by their role.
            #[serde(serialize_with = "table::map")]
            pub message_keys: &'static [(&'static str, Names)],
            /// How grave findings of rules are, where that differs from their own level.
            #[serde(serialize_with = "table::map")]
            pub levels: &'static [(&'static str, Level)],
            /// Whether messages may not have all keys that the format has for them.
            pub narrow_messages: bool,
            /// The targets that a user's own is made of, whose models it has.
            pub lineage: Names,
            /// Where what is said of each field is from.
            #[serde(serialize_with = "table::map_lists")]
            pub from: &'static [(&'static str, &'static Source)],
        }

        /// A target in a table: another one, and what of that does not hold for it.
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct TargetTable {
            /// The target that holds for everything that is not said here.
            pub extends: Option<String>,
            $($(#[$own_doc])* #[serde(default)] pub $own: $own_type,)*
            $($(#[$names_doc])* pub $names: Option<Vec<String>>,)*
            $($(#[$limits_doc])* pub $limits: Option<table::Limit>,)*
            $($(#[$values_doc])* pub $values: Option<$type>,)*
            /// The keys of messages, by their role.
            #[serde(default)]
            pub message_keys: std::collections::BTreeMap<String, Vec<String>>,
            /// How grave findings of rules are, by their names or codes.
            #[serde(default)]
            pub levels: std::collections::BTreeMap<String, Level>,
            /// Which fields each source has said.
            #[serde(default)]
            pub from: std::collections::BTreeMap<String, Vec<String>>,
        }

        impl TargetTable {
            /// The target that this is on top of `base`; without one, the first field that is missing.
            pub(super) fn resolve(
                &self,
                name: &str,
                base: Option<&Target>,
                sources: &'static std::collections::BTreeMap<String, Source>,
            ) -> Result<Target, &'static str> {
                let mut from: Vec<(&'static str, &'static Source)> = Vec::new();
                for (source, fields) in &self.from {
                    let source = sources.get(source).ok_or("from")?;
                    from.extend(fields.iter().map(|field| (table::keep(field), source)));
                }
                let given = self.given();
                // A table for a target that exists changes it; what is its own is so still.
                let same = base.filter(|base| base.name == name);
                let inherited = base.map_or(&[][..], |base| base.from).iter();
                let inherits = |field: &str| !given.contains(&field) && (same.is_some() || !OWN.contains(&field));
                from.extend(inherited.filter(|(field, _)| inherits(field)));
                let mut target = Target {
                    name: table::keep(name),
                    narrow_messages: base.is_some_and(|base| base.narrow_messages),
                    $($own: match same {
                        Some(base) if self.$own == <$own_type>::default() => base.$own.clone(),
                        _ => self.$own.clone(),
                    },)*
                    $($names: match (&self.$names, base) {
                        (Some(names), _) => table::keep_all(names),
                        (None, Some(base)) => base.$names,
                        (None, None) => return Err(stringify!($names)),
                    },)*
                    $($limits: match (self.$limits, base) {
                        (Some(limit), _) => limit.0,
                        (None, Some(base)) => base.$limits,
                        (None, None) => return Err(stringify!($limits)),
                    },)*
                    $($values: match (self.$values, base) {
                        (Some(value), _) => value,
                        (None, Some(base)) => base.$values,
                        (None, None) => return Err(stringify!($values)),
                    },)*
                    message_keys: {
                        let mut keys = base.map_or_else(Vec::new, |base| base.message_keys.to_vec());
                        keys.retain(|(role, _)| !self.message_keys.contains_key(*role));
                        let own = self.message_keys.iter();
                        keys.extend(own.map(|(role, keys)| (table::keep(role), table::keep_all(keys))));
                        Vec::leak(keys)
                    },
                    levels: {
                        let mut levels: Vec<(&'static str, Level)> =
                            self.levels.iter().map(|(rule, level)| (table::keep(rule), *level)).collect();
                        levels.extend(base.map_or(&[][..], |base| base.levels));
                        Vec::leak(levels)
                    },
                    lineage: &[],
                    from: Vec::leak(from),
                };
                let lost = |role: &&str| {
                    base.is_some_and(|base| !base.keys_of(role).iter().all(|key| target.keys_of(role).contains(key)))
                };
                target.narrow_messages |= target.roles.iter().any(lost);
                Ok(target)
            }

            /// The fields that the table has.
            pub(super) fn given(&self) -> Vec<&'static str> {
                let mut given = Vec::new();
                $(if self.$own != <$own_type>::default() { given.push(stringify!($own)); })*
                $(if self.$names.is_some() { given.push(stringify!($names)); })*
                $(if self.$limits.is_some() { given.push(stringify!($limits)); })*
                $(if self.$values.is_some() { given.push(stringify!($values)); })*
                if !self.message_keys.is_empty() { given.push("message_keys"); }
                if !self.levels.is_empty() { given.push("levels"); }
                given
            }
        }

        /// The fields that no target has from another.
        const OWN: &[&str] = &[$(stringify!($own),)*];
    };
}
pub(super) use target;

/// Where something is from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// `Azure's fine-tuning documentation`
    pub title: String,
    /// Its date, as exact as that is known, or the day on which it was read.
    pub date: String,
}

/// How grave findings of a rule are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The provider refuses it, or the answer is lost.
    Error,
    /// It trains, but hardly as meant.
    Warning,
    /// It is no fault.
    Off,
}

impl Level {
    /// The severity; `None` if the rule is off.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Error => Some(Severity::Error),
            Level::Warning => Some(Severity::Warning),
            Level::Off => None,
        }
    }
}

/// A number, or `"none"` for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub Option<u64>);

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Expected;
        impl Visitor<'_> for Expected {
            type Value = Limit;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number that is not negative, or \"none\"")
            }

            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Limit, E> {
                u64::try_from(n).map(|n| Limit(Some(n))).map_err(|_| E::invalid_value(de::Unexpected::Signed(n), &self))
            }

            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Limit, E> {
                Ok(Limit(Some(n)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Limit, E> {
                if text == "none" { Ok(Limit(None)) } else { Err(E::invalid_value(de::Unexpected::Str(text), &self)) }
            }
        }
        deserializer.deserialize_any(Expected)
    }
}

/// Targets live as long as the program: there are few, and rules are handed references to them.
pub(super) fn keep(text: &str) -> &'static str {
    Box::leak(text.into())
}

pub(super) fn keep_all(texts: &[String]) -> &'static [&'static str] {
    Vec::leak(texts.iter().map(|text| keep(text)).collect())
}

/// Pairs as an object; of a key that comes twice the first counts.
pub(super) fn map<S: serde::Serializer, T: Serialize>(
    pairs: &&'static [(&'static str, T)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = BTreeMap::new();
    for (key, value) in *pairs {
        map.entry(key).or_insert(value);
    }
    serializer.collect_map(map)
}

/// Pairs as an object of lists.
pub(super) fn map_lists<S: serde::Serializer, T: Serialize>(
    pairs: &&'static [(&'static str, T)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map: BTreeMap<&str, Vec<&T>> = BTreeMap::new();
    for (key, value) in *pairs {
        map.entry(key).or_default().push(value);
    }
    serializer.collect_map(map)
}
