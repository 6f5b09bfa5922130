//! What a person wants to know of a file once it was read.

use std::fmt::Write as _;

use super::{Style, job};
use crate::finding::Severity;
use crate::lint::{FileReport, RuleCount};
use crate::text::{count, mask, number, size};

/// A few lines about one file.
#[must_use]
pub fn summary(report: &FileReport, style: Style) -> String {
    let mut text = String::new();
    let facts = &report.facts;
    let problems = problems(report.count(Severity::Error), report.count(Severity::Warning), style);
    let name = style.bold(mask(report.name.as_bytes()));
    // A file that is something else than lines has no examples to count.
    let examples = match facts.lines.records {
        0 => String::new(),
        n => format!(" in {}", count(n, "example")),
    };
    let _ = writeln!(text, "{name}: {problems}{examples} ({})", size(facts.size));
    for hidden in hidden(&report.counts) {
        let _ = writeln!(text, "  {}", style.dim(hidden));
    }
    if facts.lines.records == 0 {
        return text;
    }
    let mut parts: Vec<String> = facts.lines.formats.keys().map(|format| format.name().to_owned()).collect();
    if !facts.lines.foreign.is_empty() {
        parts.push("unknown format".to_owned());
    }
    let tokens = &facts.lines.tokens;
    if tokens.examples > 0 {
        let about = if tokens.estimate.is_exact() { "" } else { "about " };
        parts.push(format!("{about}{} ({})", count(tokens.total, "token"), report.encoding));
        parts.push(format!("{} of them in answers", number(tokens.answers)));
        if let Some(longest) = tokens.longest.first() {
            parts.push(format!("longest example {} (line {})", number(longest.tokens), longest.line));
        }
    }
    if !parts.is_empty() {
        let _ = writeln!(text, "  {}", parts.join(" · "));
    }
    if let Some(job) = &report.job {
        let _ = writeln!(text, "  {}", job::line(job));
    }
    text
}

/// `3 errors, 1 warning`
pub(super) fn problems(errors: u64, warnings: u64, style: Style) -> String {
    let errors = (errors > 0).then(|| style.severity(Severity::Error, count(errors, "error")));
    let warnings = (warnings > 0).then(|| style.severity(Severity::Warning, count(warnings, "warning")));
    match (errors, warnings) {
        (None, None) => "no problems".to_owned(),
        (Some(some), None) | (None, Some(some)) => some,
        (Some(errors), Some(warnings)) => format!("{errors}, {warnings}"),
    }
}

/// What was found but not shown, by rule.
pub(super) fn hidden(counts: &[RuleCount]) -> Vec<String> {
    let hidden = counts.iter().filter(|count| count.found > count.shown);
    let mut lines: Vec<String> = hidden
        .map(|count| {
            let (code, name) = (count.rule.code, count.rule.name);
            format!("… {} more {code} {name}", number(count.found - count.shown))
        })
        .collect();
    if let Some(last) = lines.last_mut() {
        last.push_str(" (--max-per-rule none --max-diagnostics none shows all)");
    }
    lines
}
