//! SARIF 2.1.0, as code scanning services take it. No data is in it but what messages quote.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::repository::{ErrorsFirst, Fingerprints, Repository};
use super::write_json;
use crate::finding::{Finding, Severity};
use crate::outcome::{FileReport, Reporter, Total};
use crate::rule::Rule;
use crate::rules::{RULES, index_of};
use crate::text::number;

/// How many results of a run GitHub shows; more than five times as many are refused.
const RESULTS: usize = 5_000;

struct Kept {
    rule: usize,
    severity: Severity,
    message: String,
    uri: String,
    region: Value,
    pointer: Option<String>,
    fingerprint: u128,
}

/// See [`super::Format::Sarif`].
pub struct Sarif<'w> {
    out: Box<dyn Write + 'w>,
    repository: Repository,
    fingerprints: Fingerprints,
    kept: ErrorsFirst<Kept>,
}

impl<'w> Sarif<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        let (repository, fingerprints) = (Repository::of_run(), Fingerprints::default());
        Sarif { out, repository, fingerprints, kept: ErrorsFirst::new(RESULTS) }
    }
}

fn region(finding: &Finding) -> Value {
    match &finding.place {
        None => json!({"startLine": 1}),
        Some(place) => json!({
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }),
    }
}

fn descriptor(rule: &Rule) -> Value {
    let level = rule.level.unwrap_or(Severity::Warning).name();
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": format!("{}\n\n{}", rule.why, rule.help)},
        "defaultConfiguration": {"enabled": rule.level.is_some(), "level": level},
        "properties": {"problem.severity": level, "tags": [rule.group()]},
    })
}

fn result(kept: &Kept, rule_index: usize) -> Value {
    let mut location = json!({
        "physicalLocation": {"artifactLocation": {"uri": kept.uri}, "region": kept.region},
    });
    if let Some(pointer) = kept.pointer.as_deref().filter(|pointer| !pointer.is_empty()) {
        location["logicalLocations"] = json!([{"fullyQualifiedName": pointer}]);
    }
    json!({
        "ruleId": RULES[kept.rule].code,
        "ruleIndex": rule_index,
        "level": kept.severity.name(),
        "message": {"text": kept.message},
        "locations": [location],
        "partialFingerprints": {"primaryLocationLineHash": format!("{:032x}:1", kept.fingerprint)},
    })
}

impl Reporter for Sarif<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        let Sarif { repository, fingerprints, kept, .. } = self;
        kept.push(finding.severity, || Kept {
            rule: index_of(finding.rule),
            severity: finding.severity,
            message: finding.message.clone(),
            uri: repository.uri(file),
            region: region(finding),
            pointer: finding.place.as_ref().and_then(|place| place.pointer.clone()),
            fingerprint: fingerprints.of(&repository.path(file), finding),
        });
        Ok(())
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        let kept = self.kept.take();
        let mut rules: Vec<usize> = kept.iter().map(|kept| kept.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let results: Vec<Value> =
            kept.iter().map(|kept| result(kept, rules.partition_point(|rule| *rule < kept.rule))).collect();
        let mut notifications: Vec<Value> = total
            .failures
            .iter()
            .map(|failed| {
                let location = json!({"physicalLocation": {
                    "artifactLocation": {"uri": self.repository.uri(&failed.name)},
                }});
                json!({
                    "level": "error",
                    "message": {"text": failed.error},
                    "locations": [location],
                })
            })
            .collect();
        let all = total.findings();
        let left_out = all.saturating_sub(results.len() as u64);
        if left_out > 0 {
            let text = format!(
                "{} of {} findings are in this report, errors first; {} are left out",
                number(results.len() as u64),
                number(all),
                number(left_out)
            );
            notifications.push(json!({"level": "warning", "message": {"text": text}}));
        }
        let log = json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "ftlint",
                    "version": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": rules.iter().map(|rule| descriptor(RULES[*rule])).collect::<Vec<_>>(),
                }},
                "invocations": [{
                    "executionSuccessful": total.failures.is_empty(),
                    "toolExecutionNotifications": notifications,
                }],
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        });
        write_json(&mut self.out, &log)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}
