//! Annotations of GitHub Actions, as workflow commands.

use std::io::{self, Write};

use super::repository::{ErrorsFirst, Repository};
use crate::finding::{Finding, Severity};
use crate::outcome::{FileReport, Reporter, Total};
use crate::text::number;

/// How many errors, and how many warnings, are shown of a step.
const SHOWN: usize = 10;

/// See [`super::Format::Github`].
pub struct Github<'w> {
    out: Box<dyn Write + 'w>,
    repository: Repository,
    errors: ErrorsFirst<String>,
    warnings: ErrorsFirst<String>,
}

impl<'w> Github<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        let (errors, warnings) = (ErrorsFirst::new(SHOWN), ErrorsFirst::new(SHOWN));
        Github { out, repository: Repository::of_run(), errors, warnings }
    }
}

/// Escapes the text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn command(path: &str, finding: &Finding) -> String {
    let level = finding.severity.name();
    let file = property(path);
    let place = match &finding.place {
        None => "line=1".to_owned(),
        Some(place) if place.line == place.end_line => {
            let end = place.end_column.max(place.column);
            format!("line={},col={},endColumn={end}", place.line, place.column)
        }
        Some(place) => format!("line={},endLine={}", place.line, place.end_line),
    };
    let title = property(&format!("{} {}", finding.rule.code, finding.rule.name));
    let message = data(&format!("{}\n{}", finding.message, finding.help()));
    format!("::{level} file={file},{place},title={title}::{message}")
}

impl Reporter for Github<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        let kept = match finding.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        let repository = &self.repository;
        kept.push(finding.severity, || command(&repository.path(file), finding));
        Ok(())
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        let failed = total.failures.iter().map(|failed| {
            let file = property(&self.repository.path(&failed.name));
            format!("::error file={file},line=1,title=failed::{}", data(&failed.error))
        });
        let mut errors: Vec<String> = failed.collect();
        errors.append(&mut self.errors.take());
        errors.truncate(SHOWN);
        let warnings = self.warnings.take();
        let shown = (errors.len() + warnings.len()) as u64;
        for command in errors.iter().chain(&warnings) {
            writeln!(self.out, "{command}")?;
        }
        let all = total.findings() + total.failures.len() as u64;
        if all > shown {
            // A notice takes no room from errors and warnings.
            writeln!(self.out, "::notice title=ftlint::and {} more", number(all - shown))?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_and_messages_stay_one_command() {
        let rule = crate::rules::find("FT104").unwrap();
        let message = "100%, a: b\r\n::error::x".to_owned();
        let finding = Finding::new(rule, Severity::Error, message, Some("Do.".into()), None);
        let command = command("a,b: 5%\n.jsonl", &finding);
        let expected = "::error file=a%2Cb%3A 5%25%0A.jsonl,line=1,title=FT104 unknown-role::\
                        100%25, a: b%0D%0A::error::x%0ADo.";
        assert_eq!(command, expected);
    }
}
