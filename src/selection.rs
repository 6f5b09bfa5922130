//! Which rules are on in a run, and how grave what they find is: the user's choice, laid over what is usual.
//!
//! Selectors mean what they mean to ruff. Within a layer (a config file, the command line) the more specific one wins,
//! and of two that are equally specific the one that ignores. A later layer goes over an earlier one, and its `select`
//! replaces all that was chosen before.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use globset::{Glob, GlobMatcher};

use crate::finding::Severity;
use crate::input::{from_root, pattern_from};
use crate::rule::Rule;
use crate::rules::{self, RULES};
use crate::text::{did_you_mean, quote};

/// Stands for one or more rules.
#[derive(Clone, Debug, PartialEq)]
pub enum Selector {
    /// `ALL`
    All,
    /// The rules of a group: `tools`.
    Group(&'static str),
    /// The rules whose codes begin so: `FT1`.
    Prefix(String),
    /// One rule, by code or name.
    Rule(&'static Rule),
}

/// The specificity of a selector that stands for one rule: the length of a code.
const ONE_RULE: usize = 5;

impl Selector {
    /// Whether it stands for this rule.
    #[must_use]
    pub fn covers(&self, rule: &Rule) -> bool {
        match self {
            Selector::All => true,
            Selector::Group(group) => rule.group() == *group,
            Selector::Prefix(prefix) => rule.code.starts_with(prefix.as_str()),
            Selector::Rule(one) => *one == rule,
        }
    }

    /// The more, the more specific. A group is the rules whose codes share their first digit.
    fn specificity(&self) -> usize {
        match self {
            Selector::All => 0,
            Selector::Group(_) => 3,
            Selector::Prefix(prefix) => prefix.len(),
            Selector::Rule(_) => ONE_RULE,
        }
    }
}

/// As it is shortest to type.
impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Selector::All => "ALL",
            Selector::Group(group) => group,
            Selector::Prefix(prefix) => prefix,
            Selector::Rule(rule) => rule.name,
        })
    }
}

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("all") {
            return Ok(Selector::All);
        }
        if let Some(rule) = rules::find(text) {
            return Ok(Selector::Rule(rule));
        }
        if let Some(rule) = RULES.iter().find(|rule| rule.group().eq_ignore_ascii_case(text)) {
            return Ok(Selector::Group(rule.group()));
        }
        let prefix = text.to_ascii_uppercase();
        if prefix.len() >= 2 && RULES.iter().any(|rule| rule.code.starts_with(&prefix)) {
            return Ok(Selector::Prefix(prefix));
        }
        if text.is_empty() {
            return Err("a rule is missing: a code, a prefix such as FT1, a name, a group or ALL".to_owned());
        }
        let known = RULES.iter().flat_map(|rule| [rule.name, rule.code, rule.group()]);
        Err(match did_you_mean(text, known) {
            Some(near) => format!("there is no rule {}; did you mean {}?", quote(text), quote(near)),
            None => format!("there is no rule {}; `ftlint rules` lists them all", quote(text)),
        })
    }
}

/// What one place asks for: a config file, or the command line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// These rules and no others.
    pub select: Option<Vec<Selector>>,
    /// These rules too.
    pub extend_select: Vec<Selector>,
    /// Not these rules.
    pub ignore: Vec<Selector>,
    /// What these rules find is an error. A rule that is named by itself is switched on.
    pub error: Vec<Selector>,
    /// What these rules find is a warning. A rule that is named by itself is switched on.
    pub warn: Vec<Selector>,
}

/// What was chosen for one rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Choice {
    /// `None` leaves it as usual.
    on: Option<bool>,
    /// `None` leaves it as usual.
    level: Option<Severity>,
}

/// Which rules are on, and how grave what they find is.
#[derive(Clone, Debug, Default)]
pub struct RuleSelection {
    /// In the order of the catalogue; empty if nothing was chosen.
    choices: Vec<Choice>,
    per_file: Vec<PerFileIgnore>,
}

impl RuleSelection {
    /// What layers come to, the weakest first.
    #[must_use]
    pub fn new<'l>(layers: impl IntoIterator<Item = &'l Layer>) -> Self {
        let mut choices = vec![Choice::default(); RULES.len()];
        for layer in layers {
            for (choice, rule) in choices.iter_mut().zip(RULES) {
                choice.add(layer, rule);
            }
        }
        RuleSelection { choices, per_file: Vec::new() }
    }

    /// All that is usual but these rules.
    #[must_use]
    pub fn without(rules: &[&'static Rule]) -> Self {
        let ignore = rules.iter().copied().map(Selector::Rule).collect();
        RuleSelection::new([&Layer { ignore, ..Layer::default() }])
    }

    /// These rules too, if they are off by default.
    #[must_use]
    pub fn with(mut self, rules: &[&'static Rule]) -> Self {
        self.choices.resize(RULES.len(), Choice::default());
        for rule in rules {
            self.choices[rules::index_of(rule)].on = Some(true);
        }
        self
    }

    /// Not these rules, whatever was chosen.
    #[must_use]
    pub fn except(mut self, rules: &[&'static Rule]) -> Self {
        self.choices.resize(RULES.len(), Choice::default());
        for rule in rules {
            self.choices[rules::index_of(rule)].on = Some(false);
        }
        self
    }

    /// No rule at all.
    #[must_use]
    pub fn none() -> Self {
        RuleSelection::new([&Layer { select: Some(Vec::new()), ..Layer::default() }])
    }

    /// Leaves rules out in some files.
    #[must_use]
    pub fn with_per_file(mut self, per_file: Vec<PerFileIgnore>) -> Self {
        self.per_file = per_file;
        self
    }

    /// How grave findings of the rule are if it is `usual` without any choice; `None` if the rule is off.
    #[must_use]
    pub fn severity(&self, rule: &'static Rule, usual: Option<Severity>) -> Option<Severity> {
        let choice = self.choices.get(rules::index_of(rule)).copied().unwrap_or_default();
        match choice.on {
            Some(false) => None,
            // What is off unless it is selected is a matter of taste.
            Some(true) => Some(choice.level.or(usual).unwrap_or(Severity::Warning)),
            None => usual.map(|usual| choice.level.unwrap_or(usual)),
        }
    }

    /// The rules that are left out in this file, as a flag for each rule of the catalogue; empty if none is.
    pub(crate) fn left_out(&self, file: &Path) -> Vec<bool> {
        let matching: Vec<&PerFileIgnore> = self.per_file.iter().filter(|ignore| ignore.matches(file)).collect();
        if matching.is_empty() {
            return Vec::new();
        }
        let covered = |rule| matching.iter().flat_map(|ignore| &ignore.rules).any(|selector| selector.covers(rule));
        RULES.iter().copied().map(covered).collect()
    }

    /// The same for one file, in which those rules are off.
    #[must_use]
    pub fn for_file(&self, file: &Path) -> Self {
        let left_out = self.left_out(file);
        let rules = RULES.iter().copied().zip(left_out).filter_map(|(rule, is_left_out)| is_left_out.then_some(rule));
        let rules: Vec<_> = rules.collect();
        if rules.is_empty() { self.clone() } else { self.clone().except(&rules) }
    }
}

impl Choice {
    fn add(&mut self, layer: &Layer, rule: &Rule) {
        // The most specific of the selectors that cover the rule.
        let best = |selectors: &[Selector]| {
            selectors.iter().filter(|selector| selector.covers(rule)).map(Selector::specificity).max()
        };
        let (error, warn) = (best(&layer.error), best(&layer.warn));
        let named = error.max(warn).filter(|specificity| *specificity == ONE_RULE);
        let on = layer.select.as_deref().and_then(best).max(best(&layer.extend_select)).max(named);
        let off = best(&layer.ignore);
        if on.is_some() || off.is_some() {
            self.on = Some(on > off);
        } else if layer.select.is_some() {
            self.on = Some(false);
        }
        if error.is_some() || warn.is_some() {
            self.level = Some(if error >= warn { Severity::Error } else { Severity::Warning });
        }
    }
}

/// Rules that are left out in files whose name or path matches.
#[derive(Clone, Debug)]
pub struct PerFileIgnore {
    name: GlobMatcher,
    path: GlobMatcher,
    /// `!GLOB`: in all files but those that match.
    inverted: bool,
    rules: Vec<Selector>,
}

impl PerFileIgnore {
    /// Leaves `rules` out in files that match `pattern` by name, or by their path as seen from the folder `base`.
    ///
    /// # Errors
    /// The pattern is none.
    pub fn new(pattern: &str, base: &Path, rules: Vec<Selector>) -> Result<Self, String> {
        let (inverted, glob) = pattern.strip_prefix('!').map_or((false, pattern), |rest| (true, rest));
        let compiled = |text: &str| Glob::new(text).map(|glob| glob.compile_matcher());
        let wrong = |error: globset::Error| format!("{} is no pattern: {}", quote(pattern), error.kind());
        let path = compiled(&pattern_from(base, glob)).map_err(wrong)?;
        // Who writes `./` means the file of that folder, and no other of the same name.
        let is_path = glob.starts_with("./") || glob.starts_with("../");
        let name = if is_path { path.clone() } else { compiled(glob).map_err(wrong)? };
        Ok(PerFileIgnore { name, path, inverted, rules })
    }

    fn matches(&self, file: &Path) -> bool {
        let named = file.file_name().is_some_and(|name| self.name.is_match(name));
        (named || self.path.is_match(from_root(file))) != self.inverted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selectors(text: &str) -> Vec<Selector> {
        text.split_whitespace().map(|part| part.parse().unwrap()).collect()
    }

    /// A layer from words such as `+FT1 -FT104`: `=` selects, `+` extends, `-` ignores, `!` is error, `?` is warn.
    fn layer(text: &str) -> Layer {
        let pick = |sign| {
            let picked: Vec<&str> = text.split_whitespace().filter_map(|word| word.strip_prefix(sign)).collect();
            selectors(&picked.join(" "))
        };
        Layer {
            select: Some(pick('=')).filter(|select| !select.is_empty()),
            extend_select: pick('+'),
            ignore: pick('-'),
            error: pick('!'),
            warn: pick('?'),
        }
    }

    #[test]
    fn the_more_specific_selector_wins_and_the_later_layer() {
        // unknown-role is FT104 and an error unless something else is said.
        for (layers, expected) in [
            (&[][..], "error"),
            (&["-FT104"], "off"),
            (&["-FT1"], "off"),
            (&["-conversation"], "off"),
            (&["-unknown-role"], "off"),
            (&["-ALL"], "off"),
            (&["-tools"], "error"),
            (&["=tools"], "off"),
            (&["=FT1"], "error"),
            (&["=ALL"], "error"),
            // The more specific wins,
            (&["=FT104 -FT1"], "error"),
            (&["=FT10 -FT1"], "error"),
            (&["=FT1 -FT10"], "off"),
            (&["=ALL -FT104"], "off"),
            (&["=ALL -FT1 +unknown-role"], "error"),
            // and of equals that which ignores.
            (&["=FT104 -unknown-role"], "off"),
            (&["=FT1 -conversation"], "off"),
            (&["=tools +FT1"], "error"),
            // A later layer goes over an earlier one, however specific that is.
            (&["-FT104", "+FT1"], "error"),
            (&["-FT104", "=ALL"], "error"),
            (&["=FT104", "-FT1"], "off"),
            (&["=FT104", "=tools"], "off"),
            (&["=FT104", "-tools"], "error"),
            (&["=tools", "+FT104"], "error"),
            (&["=tools", ""], "off"),
            // Levels follow the same order, and the graver one of equals.
            (&["?FT104"], "warning"),
            (&["?ALL"], "warning"),
            (&["?FT104 !FT1"], "warning"),
            (&["!FT104 ?FT1"], "error"),
            (&["!FT104 ?FT104"], "error"),
            (&["?FT104", "!ALL"], "error"),
            (&["!FT104", "?FT1"], "warning"),
            // A level switches on what is named by itself, and no more.
            (&["=tools ?FT104"], "warning"),
            (&["=tools ?FT1"], "off"),
            (&["=tools", "?unknown-role"], "warning"),
            (&["-FT1 ?FT104"], "warning"),
            (&["-FT104 ?FT104"], "off"),
        ] {
            let parsed: Vec<Layer> = layers.iter().map(|text| layer(text)).collect();
            let rule = rules::find("unknown-role").unwrap();
            let severity = RuleSelection::new(&parsed).severity(rule, rule.level);
            assert_eq!(severity.map_or("off", Severity::name), expected, "{layers:?}");
        }
    }

    #[test]
    fn what_is_off_unless_selected_is_a_warning() {
        // No matter which rule: what is usual is an argument.
        let role = rules::find("FT104").unwrap();
        assert_eq!(RuleSelection::without(&[role]).with(&[role]).severity(role, None), Some(Severity::Warning));
        for (text, expected) in [
            ("", "off"),
            ("=ALL", "warning"),
            ("+FT104", "warning"),
            ("+FT104 !ALL", "error"),
            ("!FT104", "error"),
            ("!FT1", "off"),
            ("?FT104", "warning"),
        ] {
            let severity = RuleSelection::new([&layer(text)]).severity(rules::find("FT104").unwrap(), None);
            assert_eq!(severity.map_or("off", Severity::name), expected, "{text:?}");
        }
    }

    #[test]
    fn a_selector_that_stands_for_nothing_is_told_with_what_was_meant() {
        for (text, hint) in [
            ("unknown-rol", "there is no rule `unknown-rol`; did you mean `unknown-role`?"),
            ("FT140", "there is no rule `FT140`; did you mean `FT104`?"),
            ("conversations", "there is no rule `conversations`; did you mean `conversation`?"),
            ("E501", "there is no rule `E501`; `ftlint rules` lists them all"),
            ("F", "there is no rule `F`; `ftlint rules` lists them all"),
            ("", "a rule is missing: a code, a prefix such as FT1, a name, a group or ALL"),
        ] {
            assert_eq!(text.parse::<Selector>().unwrap_err(), hint);
        }
        for text in ["all", "ft", "ft1", "Tools", "UNKNOWN-ROLE", " FT104 "] {
            assert!(text.parse::<Selector>().is_ok(), "{text}");
        }
    }

    #[test]
    fn patterns_match_names_and_paths() {
        let base = std::path::absolute("config[1]").unwrap();
        for (pattern, file, expected) in [
            ("valid*.jsonl", "config[1]/data/valid-2.jsonl", true),
            ("valid*.jsonl", "config[1]/data/train.jsonl", false),
            ("data/*.jsonl", "config[1]/data/train.jsonl", true),
            ("data/*.jsonl", "config[1]/x/../data/./train.jsonl", true),
            ("data/*.jsonl", "data/train.jsonl", false),
            ("**/old/**", "config[1]/a/old/b/c.jsonl", true),
            ("./valid.jsonl", "config[1]/valid.jsonl", true),
            ("./valid.jsonl", "config[1]/data/valid.jsonl", false),
            ("../data/*.jsonl", "data/valid.jsonl", true),
            ("!valid.jsonl", "config[1]/valid.jsonl", false),
            ("!valid.jsonl", "config[1]/train.jsonl", true),
        ] {
            let ignore = PerFileIgnore::new(pattern, &base, Vec::new()).unwrap();
            assert_eq!(ignore.matches(Path::new(file)), expected, "{pattern} {file}");
        }
        assert!(PerFileIgnore::new("a[", &base, Vec::new()).unwrap_err().starts_with("`a[` is no pattern: "));
    }
}
