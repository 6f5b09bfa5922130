//! `ftlint rules` and `ftlint rule NAME`: the catalogue, printed.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Outcome, run};
use crate::report::rules_table;
use crate::rule::{Fix, Rule};
use crate::rules::RULES;
use crate::selection::Selector;
use crate::text::{columns_of, wrap};

/// How the catalogue is printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TableFormat {
    /// Columns for a terminal
    Text,
    /// A table for a README
    Markdown,
    /// One JSON array
    Json,
}

#[derive(Debug, Args)]
pub(super) struct RulesArgs {
    /// Only these: codes, prefixes such as FT1, names, groups
    #[arg(value_name = "RULE", value_delimiter = ',')]
    rules: Vec<Selector>,
    /// How the list is printed
    #[arg(long, alias = "format", value_name = "FORMAT", default_value = "text")]
    output_format: TableFormat,
}

#[derive(Debug, Args)]
pub(super) struct RuleArgs {
    /// Codes or names, such as FT104 or unknown-role; also prefixes and groups
    #[arg(value_name = "RULE", value_delimiter = ',', required_unless_present = "all")]
    rules: Vec<Selector>,
    /// Explain all rules
    #[arg(long, conflicts_with = "rules")]
    all: bool,
    /// How the explanation is printed
    #[arg(long, alias = "format", value_name = "FORMAT", default_value = "text")]
    output_format: RuleFormat,
}

/// How an explanation is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RuleFormat {
    /// For people
    Text,
    /// One JSON array
    Json,
}

/// A rule, for programs.
#[derive(Serialize)]
struct JsonRule {
    code: &'static str,
    name: &'static str,
    group: &'static str,
    level: &'static str,
    summary: &'static str,
    why: &'static str,
    help: &'static str,
    bad: &'static str,
    good: &'static str,
    fix: Option<&'static str>,
}

impl From<&Rule> for JsonRule {
    fn from(rule: &Rule) -> Self {
        JsonRule {
            code: rule.code,
            name: rule.name,
            group: rule.group(),
            level: level(rule),
            summary: rule.summary,
            why: rule.why,
            help: rule.help,
            bad: rule.bad.text(),
            good: rule.good.text(),
            fix: rule.fix.map(Fix::name),
        }
    }
}

fn level(rule: &Rule) -> &'static str {
    rule.level.map_or("off", |severity| severity.name())
}

impl RulesArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let rules = if self.rules.is_empty() { RULES.to_vec() } else { covered(&self.rules) };
        let mut out = io::stdout().lock();
        match self.output_format {
            TableFormat::Markdown => write!(out, "{}", rules_table(&rules))?,
            TableFormat::Json => print_json(&mut out, &rules)?,
            TableFormat::Text => {
                let row = |rule: &&Rule| {
                    let fix = match rule.fix {
                        Some(Fix::Safe) => "fix",
                        Some(Fix::Unsafe) => "unsafe fix",
                        None => "",
                    };
                    [rule.code, rule.name, level(rule), fix, rule.summary].map(str::to_owned).to_vec()
                };
                let rows: Vec<_> = rules.iter().map(row).collect();
                write!(out, "{}", columns_of(&rows, run::columns()))?;
            }
        }
        Ok(Outcome::Clean)
    }
}

impl RuleArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let chosen = if self.all { RULES.to_vec() } else { covered(&self.rules) };
        let mut out = io::stdout().lock();
        if self.output_format == RuleFormat::Json {
            print_json(&mut out, &chosen)?;
            return Ok(Outcome::Clean);
        }
        for (place, rule) in chosen.iter().enumerate() {
            if place > 0 {
                writeln!(out)?;
            }
            explain(&mut out, rule, run::columns().unwrap_or(usize::MAX))?;
        }
        Ok(Outcome::Clean)
    }
}

/// The rules that selectors stand for, in the order in which they are named; each once.
fn covered(selectors: &[Selector]) -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    for selector in selectors {
        for rule in RULES.iter().filter(|rule| selector.covers(rule)) {
            if !rules.contains(rule) {
                rules.push(rule);
            }
        }
    }
    rules
}

fn print_json(out: &mut impl Write, rules: &[&Rule]) -> io::Result<()> {
    let rules: Vec<JsonRule> = rules.iter().map(|rule| JsonRule::from(*rule)).collect();
    serde_json::to_writer_pretty(&mut *out, &rules)?;
    writeln!(out)
}

fn explain(out: &mut impl Write, rule: &Rule, width: usize) -> io::Result<()> {
    let fix = match rule.fix {
        Some(Fix::Safe) => Some("`--fix` mends it where nothing has to be guessed."),
        Some(Fix::Unsafe) => Some("`--fix --unsafe-fixes` mends it where it can, by a guess or by dropping something."),
        None => None,
    };
    writeln!(out, "{} {} ({}, {})", rule.code, rule.name, level(rule), rule.group())?;
    writeln!(out, "{}", wrap(rule.summary, width, 0))?;
    for (title, text) in [("Why", Some(rule.why)), ("What to do", Some(rule.help)), ("Fix", fix)] {
        if let Some(text) = text {
            writeln!(out, "\n{}", wrap(&format!("{title}: {text}"), width, 0))?;
        }
    }
    for (title, sample) in [("Bad", rule.bad), ("Good", rule.good)] {
        writeln!(out, "\n{title}:")?;
        for line in sample.text().lines() {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}
