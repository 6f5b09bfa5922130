//! How often each rule found something, instead of what it found.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Style, summary, write_json};
use crate::finding::{Finding, Severity};
use crate::outcome::{FileReport, Reporter, Total};
use crate::rule::Rule;
use crate::text::{count, number};

/// How the counts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatisticsFormat {
    /// A table for people.
    Text,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    JsonLines,
}

/// Counts for each rule over all files, the most frequent first.
pub struct Statistics<'w> {
    out: Box<dyn Write + 'w>,
    style: Style,
    format: StatisticsFormat,
    /// By code, and by how grave it is: files may differ in that.
    counts: BTreeMap<(&'static str, Severity), (&'static Rule, u64)>,
}

#[derive(Serialize)]
struct Row {
    code: &'static str,
    rule: &'static str,
    level: &'static str,
    count: u64,
}

impl<'w> Statistics<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>, style: Style, format: StatisticsFormat) -> Self {
        Statistics { out, style, format, counts: BTreeMap::new() }
    }
}

impl Reporter for Statistics<'_> {
    fn finding(&mut self, _: &str, _: &Finding) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        for of_rule in &report.counts {
            let entry = self.counts.entry((of_rule.rule.code, of_rule.severity)).or_insert((of_rule.rule, 0));
            entry.1 += of_rule.found;
        }
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        let mut rows: Vec<(Severity, &Rule, u64)> =
            self.counts.iter().map(|((_, severity), (rule, found))| (*severity, *rule, *found)).collect();
        rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.code.cmp(b.1.code)));
        let json = |(severity, rule, found): &(Severity, &'static Rule, u64)| Row {
            code: rule.code,
            rule: rule.name,
            level: severity.name(),
            count: *found,
        };
        match self.format {
            StatisticsFormat::Json => {
                write_json(&mut self.out, &rows.iter().map(json).collect::<Vec<_>>())?;
                writeln!(self.out)?;
            }
            StatisticsFormat::JsonLines => {
                for row in rows.iter().map(json) {
                    write_json(&mut self.out, &row)?;
                    writeln!(self.out)?;
                }
            }
            StatisticsFormat::Text => {
                let width = rows.first().map_or(0, |(_, _, found)| number(*found).len());
                for (severity, rule, found) in rows {
                    let level = self.style.severity(severity, format_args!("{:7}", severity.name()));
                    writeln!(self.out, "{:>width$}  {level}  {} {}", number(found), rule.code, rule.name)?;
                }
                let problems = summary::problems(total.errors, total.warnings, total.errors_only, self.style);
                let files =
                    if total.files == 1 { String::new() } else { format!(" of {}", count(total.files, "file")) };
                writeln!(self.out, "{problems} in {}{files}", count(total.examples, "example"))?;
            }
        }
        self.out.flush()
    }
}
