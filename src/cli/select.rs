//! What is said on the command line about which rules are on.

use std::path::Path;

use clap::Args;

use crate::selection::{Layer, PerFileIgnore, Selector};
use crate::text::quote;

/// Which rules are on, and how grave what they find is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rule selection")]
pub(super) struct SelectArgs {
    /// Only these rules: codes, prefixes (FT1), names, groups (tools) or ALL
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Option<Vec<Selector>>,
    /// Not these rules; of two selectors the more specific one wins
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<Selector>,
    /// These rules too; what is off by default is a warning
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    extend_select: Vec<Selector>,
    /// What these rules find is an error
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    error: Vec<Selector>,
    /// What these rules find is a warning
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    warn: Vec<Selector>,
    /// Not these rules in files whose name or path matches
    #[arg(long, value_name = "GLOB:RULES", value_parser = PerFile::parse)]
    per_file_ignores: Vec<PerFile>,
}

impl SelectArgs {
    /// What was chosen here.
    pub(super) fn layer(&self) -> Layer {
        Layer {
            select: self.select.clone(),
            extend_select: self.extend_select.clone(),
            ignore: self.ignore.clone(),
            error: self.error.clone(),
            warn: self.warn.clone(),
        }
    }

    /// The rules that are left out in some files; `None` if nothing was said of that.
    pub(super) fn per_file(&self) -> Option<Vec<PerFileIgnore>> {
        (!self.per_file_ignores.is_empty())
            .then(|| self.per_file_ignores.iter().flat_map(|one| one.0.iter().cloned()).collect())
    }
}

/// `GLOB:RULE`, one or more with commas between them: `valid.jsonl:FT4,FT006,old/*:ALL`.
#[derive(Clone, Debug)]
struct PerFile(Vec<PerFileIgnore>);

impl PerFile {
    fn parse(text: &str) -> Result<PerFile, String> {
        let mut pairs: Vec<(&str, Vec<Selector>)> = Vec::new();
        for part in split(text) {
            match (part.rsplit_once(':'), pairs.last_mut()) {
                (Some((glob, rule)), _) if !glob.is_empty() => pairs.push((glob, vec![rule.parse()?])),
                // What has no pattern goes with the last one.
                (None, Some((_, rules))) => rules.push(part.parse()?),
                _ => {
                    return Err(format!("expected GLOB:RULES such as `valid.jsonl:few-examples`, not {}", quote(part)));
                }
            }
        }
        let base = Path::new("");
        pairs
            .into_iter()
            .map(|(glob, rules)| PerFileIgnore::new(glob, base, rules))
            .collect::<Result<_, _>>()
            .map(PerFile)
    }
}

/// Splits at commas, but not at those between the braces of a pattern.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    text.split(move |c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}
