//! The catalogues of rules, targets and models, as tables show them.

use std::fmt::Write as _;

use crate::finding::Severity;
use crate::rule::{Fix, Rule};
use crate::rules::conversation::{last_message_not_assistant, repeated_role, system_not_first};
use crate::target::{ArgumentsForm, Model, State, Target, Unknown};
use crate::text::{number, size};

/// Rules as a table for a README.
#[must_use]
pub fn rules_table(rules: &[&Rule]) -> String {
    let mut table = String::from("| code | name | level | catches |\n|---|---|---|---|\n");
    for rule in rules {
        let level = rule.level.map_or("off", |severity| severity.name());
        // In a table a bar ends a cell, and a bracket may begin a tag.
        let summary = rule.summary.replace('|', "\\|").replace('<', "&lt;");
        let fix = match rule.fix {
            Some(Fix::Safe) => " *(fix)*",
            Some(Fix::Unsafe) => " *(unsafe fix)*",
            None => "",
        };
        let _ = writeln!(table, "| {} | {} | {level} | {summary}{fix} |", rule.code, rule.name);
    }
    table
}

/// What a target takes, as a title and some words each: what tables and pages show of it.
#[must_use]
pub fn facts(target: &Target) -> Vec<(&'static str, &'static str, String)> {
    let names = |names: &[&str]| if names.is_empty() { "–".to_owned() } else { names.join(", ") };
    let limit = |limit: Option<u64>| limit.map_or_else(|| "–".to_owned(), number);
    let bytes = |limit: Option<u64>| match limit {
        Some(bytes) if bytes % (1 << 20) == 0 => format!("{} MiB", bytes >> 20),
        Some(bytes) => size(bytes),
        None => "–".to_owned(),
    };
    let range = |least: u64, most: Option<u64>| match (least, most) {
        (0 | 1, None) => "any".to_owned(),
        (least, None) => format!("{} or more", number(least)),
        (least, Some(most)) => format!("{} to {}", number(least), number(most)),
    };
    let order = [&last_message_not_assistant::RULE, &system_not_first::RULE, &repeated_role::RULE];
    let fatal = |rule: &&Rule| target.level(rule).unwrap_or(rule.level) == Some(Severity::Error);
    let fatal: Vec<&str> = order.into_iter().filter(fatal).map(|rule| rule.name).collect();
    let unknown = match target.unknown_keys {
        Unknown::Refused => "refused",
        Unknown::Ignored => "passed over",
        Unknown::Undocumented => "not documented",
    };
    let arguments = match target.arguments {
        ArgumentsForm::String => "string",
        ArgumentsForm::Object => "object",
        ArgumentsForm::Any => "string or object",
    };
    let ids = target.tool_call_id_length.map_or_else(|| "any".to_owned(), |n| format!("{n} letters or digits"));
    let tokens = if target.own_tokenizer { "estimated" } else { target.encoding.name() };
    let weights: Vec<&str> = target.roles.iter().copied().filter(|role| target.weighs(role)).collect();
    let weights = match (weights.as_slice(), target.chat_keys.contains(&"weight")) {
        (roles, true) => format!("{}, line", names(roles)),
        (roles, false) => names(roles),
    };
    let end = match (&target.closes, &target.retires) {
        (_, Some(day)) => format!("shut down {day}"),
        (Some(day), None) => format!("new jobs until {day}"),
        (None, None) => "–".to_owned(),
    };
    vec![
        ("formats", "formats", names(target.formats)),
        ("shapes", "also taken", names(target.shapes)),
        ("chat_keys", "keys of a chat line", names(target.chat_keys)),
        ("unknown_keys", "other keys", unknown.to_owned()),
        ("roles", "roles", names(target.roles)),
        ("levels", "an error there", names(&fatal)),
        ("message_keys", "weights", weights),
        ("arguments", "arguments", arguments.to_owned()),
        ("tool_call_id_length", "ids of calls", ids),
        ("min_examples", "examples", range(target.min_examples, target.max_examples)),
        ("max_file_bytes", "file", bytes(target.max_file_bytes)),
        ("max_images", "images", limit(target.max_images)),
        ("own_tokenizer", "tokens", tokens.to_owned()),
        ("retires", "end", end),
    ]
}

/// What targets take as a table for a README.
#[must_use]
pub fn targets_table<'t>(targets: impl IntoIterator<Item = &'t Target>) -> String {
    let mut table = String::new();
    for target in targets {
        let facts = facts(target);
        if table.is_empty() {
            let titles: Vec<&str> = facts.iter().map(|(_, title, _)| *title).collect();
            table = format!("| target | {} |\n{}|\n", titles.join(" | "), "|---".repeat(titles.len() + 1));
        }
        let facts: Vec<String> = facts.into_iter().map(|(_, _, fact)| fact).collect();
        let _ = writeln!(table, "| {} | {} |", target.name, facts.join(" | "));
    }
    table
}

/// What is shown of a model: its target, name, encoding, context, formats, price and state.
#[must_use]
pub fn row(model: &Model) -> [String; 7] {
    let encoding = if model.own_tokenizer { "estimated" } else { model.encoding.name() };
    let price = model.price.as_ref().map_or_else(|| "–".to_owned(), |price| format!("${}", price.usd_per_million));
    let state = match (model.state, &model.closes, &model.retires) {
        (State::Open, Some(day), _) => format!("new jobs until {day}"),
        (State::Open, None, Some(day)) => format!("until {day}"),
        (State::Open, None, None) => "open".to_owned(),
        (State::Invitation, ..) => "by invitation".to_owned(),
        (State::Closed, _, Some(day)) => format!("closed, shut down {day}"),
        (State::Closed, _, None) => "closed".to_owned(),
    };
    [
        model.target.clone(),
        model.name.clone(),
        encoding.to_owned(),
        model.context.map_or_else(|| "–".to_owned(), number),
        model.formats.join(", "),
        price,
        state,
    ]
}

/// The titles of [`row`].
pub const TITLES: [&str; 7] = ["target", "model", "encoding", "context", "formats", "per 1M", "state"];

/// Models as a table for a README.
#[must_use]
pub fn models_table<'m>(models: impl IntoIterator<Item = &'m Model>) -> String {
    let mut table = format!("| {} |\n{}|\n", TITLES.join(" | "), "|---".repeat(TITLES.len()));
    for model in models {
        let _ = writeln!(table, "| {} |", row(model).join(" | "));
    }
    table
}
