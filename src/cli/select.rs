//! What is said on the command line about which rules are on.

use std::path::Path;

use clap::Args;
use toml::Spanned;

use crate::config::{Options, PerFileIgnores, SampleSize, Similarity};
use crate::selection::{PerFileIgnore, Selector};
use crate::text::quote;

/// Which rules are on, and how grave what they find is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rule selection")]
pub(super) struct SelectArgs {
    /// Only these: codes, prefixes (FT1), names, groups, ALL
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Option<Vec<Selector>>,
    /// Not these; the more specific selector wins
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<Selector>,
    /// These too; what is off by default is a warning
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
    /// How alike near duplicates are, 0.5 to 1 [default: 0.8]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    similarity: Option<Similarity>,
    /// Compare so many at most, `none` for all [default: 500000]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    sample: Option<SampleSize>,
}

impl SelectArgs {
    /// The flag that is only about near duplicates, if one is given.
    pub(super) fn flag_for_near_duplicates(&self) -> Option<&'static str> {
        let sample = || self.sample.map(|_| "--sample");
        self.similarity.map(|_| "--similarity").or_else(sample)
    }

    /// What was chosen here.
    pub(super) fn add_to(&self, options: &mut Options) {
        let some = |selectors: &Vec<Selector>| Some(selectors.clone()).filter(|selectors| !selectors.is_empty());
        options.select.clone_from(&self.select);
        options.extend_select = some(&self.extend_select);
        options.ignore = some(&self.ignore);
        options.error = some(&self.error);
        options.warn = some(&self.warn);
        options.similarity = self.similarity;
        options.sample = self.sample;
        if !self.per_file_ignores.is_empty() {
            options.per_file_ignores =
                Some(PerFileIgnores(self.per_file_ignores.iter().flat_map(|one| one.0.clone()).collect()));
        }
    }
}

/// `GLOB:RULE`, one or more with commas between them: `valid.jsonl:FT4,FT006,old/*:ALL`.
#[derive(Clone, Debug)]
struct PerFile(Vec<(Spanned<String>, Vec<Selector>)>);

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
        let spanned = |(glob, rules): (&str, Vec<Selector>)| {
            // A wrong pattern is told with the flag.
            PerFileIgnore::new(glob, Path::new(""), Vec::new())?;
            Ok((Spanned::new(0..0, glob.to_owned()), rules))
        };
        pairs.into_iter().map(spanned).collect::<Result<_, String>>().map(PerFile)
    }
}

/// Splits at commas, but not at those between the braces of a pattern.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
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
