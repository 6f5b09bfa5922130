//! `ftlint targets` and `ftlint models`: the tables of whom data is for, printed.

use std::io::{self, Write};

use clap::Args;

use super::config::{ConfigArgs, failed};
use super::rules::TableFormat;
use super::{Outcome, run, say};
use crate::config::{Fault, Options};
use crate::report::{TITLES, facts, models_table, row, targets_table};
use crate::target::{Catalogue, Model, Target};
use crate::text::{columns_of, quote, wrap};

#[derive(Debug, Args)]
pub(super) struct TargetsArgs {
    /// Targets to describe in full
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// How the table is printed
    #[arg(long, alias = "format", value_name = "FORMAT", default_value = "text")]
    output_format: TableFormat,
    #[command(flatten)]
    config: ConfigArgs,
}

/// The targets and models that can be named in this folder, those of its config among them.
fn catalogue(args: &ConfigArgs) -> Result<&'static Catalogue, Fault> {
    args.finder(Options::default())?.find(None)?.catalogue()
}

#[derive(Debug, Args)]
pub(super) struct ModelsArgs {
    /// Only the models of this target
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// How the table is printed
    #[arg(long, alias = "format", value_name = "FORMAT", default_value = "text")]
    output_format: TableFormat,
    #[command(flatten)]
    config: ConfigArgs,
}

impl TargetsArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let catalogue = match catalogue(&self.config) {
            Ok(catalogue) => catalogue,
            Err(fault) => return Ok(failed(&fault)),
        };
        let mut targets: Vec<&Target> = Vec::new();
        for name in &self.names {
            match catalogue.choose(Some(name), None) {
                Ok((target, _)) => targets.push(target),
                Err(fault) => {
                    say(format_args!("ftlint: {}: {}", quote(name), fault.message));
                    return Ok(Outcome::Failed);
                }
            }
        }
        let all = targets.is_empty();
        if all {
            targets.extend(catalogue.targets());
        }
        let columns = run::columns();
        let width = columns.unwrap_or(usize::MAX);
        let mut out = io::stdout().lock();
        match self.output_format {
            TableFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &targets)?;
                writeln!(out)?;
            }
            TableFormat::Markdown => write!(out, "{}", targets_table(targets))?,
            TableFormat::Text if all => {
                let row = |target: &&Target| {
                    let formats = [target.formats, target.shapes].concat().join(", ");
                    vec![target.name.to_string(), target.title.to_string(), formats]
                };
                let rows: Vec<_> = targets.iter().map(row).collect();
                let more =
                    format!("`ftlint targets NAME` says all of one, with its sources (as of {})", Catalogue::as_of());
                writeln!(out, "{}\n{}", columns_of(&rows, columns), wrap(&more, width, 0))?;
            }
            TableFormat::Text => {
                for (place, target) in targets.iter().enumerate() {
                    if place > 0 {
                        writeln!(out)?;
                    }
                    describe(&mut out, target, width)?;
                }
            }
        }
        Ok(Outcome::Clean)
    }
}

fn describe(out: &mut impl Write, target: &Target, width: usize) -> io::Result<()> {
    match target.title.as_str() {
        "" => writeln!(out, "{}", target.name)?,
        title => writeln!(out, "{}: {title}", target.name)?,
    }
    for (field, title, fact) in facts(target) {
        writeln!(out, "{}", wrap(&format!("  {title:<20} {fact}"), width, 21))?;
        let sources: Vec<String> =
            target.sources(field).map(|source| format!("{}, {}", source.title, source.date)).collect();
        if fact != "–" && !sources.is_empty() {
            writeln!(out, "{}", wrap(&format!("{:25}from: {}", "", sources.join("; ")), width, 2))?;
        }
    }
    for note in target.remarks() {
        writeln!(out, "{}", wrap(&format!("  note: {note}"), width, 6))?;
    }
    Ok(())
}

impl ModelsArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let catalogue = match catalogue(&self.config) {
            Ok(catalogue) => catalogue,
            Err(fault) => return Ok(failed(&fault)),
        };
        let target = match catalogue.choose(self.target.as_deref(), None) {
            Ok((target, _)) => self.target.is_some().then_some(target),
            Err(fault) => {
                say(format_args!("ftlint: {}: {}", quote(self.target.as_deref().unwrap_or_default()), fault.message));
                return Ok(Outcome::Failed);
            }
        };
        let models: Vec<&Model> =
            catalogue.models().filter(|model| target.is_none_or(|target| target.has(model))).collect();
        let mut out = io::stdout().lock();
        match self.output_format {
            TableFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &models)?;
                writeln!(out)?;
            }
            TableFormat::Markdown => write!(out, "{}", models_table(models))?,
            TableFormat::Text => {
                if let Some(target) = target.filter(|_| models.is_empty()) {
                    writeln!(out, "no model of {} is known", target.name)?;
                    return Ok(Outcome::Clean);
                }
                let rows = std::iter::once(TITLES.map(str::to_owned)).chain(models.into_iter().map(row));
                let rows: Vec<_> = rows.map(|row| row.to_vec()).collect();
                write!(out, "{}", columns_of(&rows, run::columns()))?;
            }
        }
        Ok(Outcome::Clean)
    }
}
