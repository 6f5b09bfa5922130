//! The code quality report of GitLab.

use std::io::{self, Write};

use serde::Serialize;

use super::repository::{Fingerprints, Repository};
use super::write_json;
use crate::finding::{Finding, Severity};
use crate::outcome::{FileReport, Reporter, Total};

#[derive(Serialize)]
struct Issue<'a> {
    /// With the code: the service does not show the name of the check.
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

/// See [`super::Format::Gitlab`].
pub struct Gitlab<'w> {
    out: Box<dyn Write + 'w>,
    repository: Repository,
    fingerprints: Fingerprints,
    empty: bool,
}

impl<'w> Gitlab<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        Gitlab { out, repository: Repository::of_run(), fingerprints: Fingerprints::default(), empty: true }
    }

    fn issue(&mut self, issue: &Issue<'_>) -> io::Result<()> {
        self.out.write_all(if self.empty { b"[\n" } else { b",\n" })?;
        self.empty = false;
        write_json(&mut self.out, issue)
    }
}

impl Reporter for Gitlab<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        let path = self.repository.path(file);
        let fingerprint = self.fingerprints.of(&path, finding);
        self.issue(&Issue {
            description: format!("{} {}: {}", finding.rule.code, finding.rule.name, finding.message),
            check_name: finding.rule.code,
            fingerprint: format!("{fingerprint:032x}"),
            severity: match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
            },
            location: Location {
                path: &path,
                lines: Lines { begin: finding.place.as_ref().map_or(1, |place| place.line) },
            },
        })
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        for failed in &total.failures {
            let path = self.repository.path(&failed.name);
            let fingerprint = xxhash_rust::xxh3::xxh3_128(format!("failed {path} {}", failed.error).as_bytes());
            self.issue(&Issue {
                description: failed.error.clone(),
                check_name: "failed",
                fingerprint: format!("{fingerprint:032x}"),
                severity: "blocker",
                location: Location { path: &path, lines: Lines { begin: 1 } },
            })?;
        }
        self.out.write_all(if self.empty { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}
