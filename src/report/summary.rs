//! What a person wants to know of a file once it was read.

use std::fmt::Write as _;

use super::{Style, job};
use crate::finding::Severity;
use crate::outcome::{FileFormat, FileReport, Fixed, RuleCount};
use crate::text::{count, mask, number, size};

/// A few lines about one file.
#[must_use]
pub fn summary(report: &FileReport, style: Style) -> String {
    let mut text = String::new();
    let facts = &report.facts;
    let problems = problems(report.count(Severity::Error), report.count(Severity::Warning), report.errors_only, style);
    let name = style.bold(mask(report.name.as_bytes()));
    // A file that is something else than lines has no examples to count.
    let examples = match facts.lines.records {
        0 => String::new(),
        n => format!(" in {}", count(n, "example")),
    };
    let part = if report.failure.is_some() { ", as far as it could be read" } else { "" };
    let _ = writeln!(text, "{name}: {problems}{examples} ({}){part}", size(facts.size));
    if report.known > 0 {
        let known = format!("{} not shown", count(report.known, "known finding"));
        let _ = writeln!(text, "  {}", style.dim(known));
    }
    for hidden in hidden(&report.counts) {
        let _ = writeln!(text, "  {}", style.dim(hidden));
    }
    for line in fixes(report) {
        let _ = writeln!(text, "  {line}");
    }
    if facts.lines.records == 0 {
        return style.fit(&text, 2);
    }
    let mut parts: Vec<String> = report.formats().iter().map(FileFormat::to_string).collect();
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
        let is_blind = facts.lines.images && job.model.is_some_and(|model| !model.vision);
        let remark = if is_blind { "; it is not trained on images" } else { "" };
        let _ = writeln!(text, "  {}{remark}", job::line(job));
    }
    style.fit(&text, 2)
}

/// `3 errors, 1 warning`; with `errors_only` warnings are passed over.
pub(super) fn problems(errors: u64, warnings: u64, errors_only: bool, style: Style) -> String {
    let errors = (errors > 0).then(|| style.severity(Severity::Error, count(errors, "error")));
    let warnings =
        (warnings > 0 && !errors_only).then(|| style.severity(Severity::Warning, count(warnings, "warning")));
    match (errors, warnings) {
        // Nobody looked for warnings.
        (None, None) if errors_only => "no errors".to_owned(),
        (None, None) => "no problems".to_owned(),
        (Some(some), None) | (None, Some(some)) => some,
        (Some(errors), Some(warnings)) => format!("{errors}, {warnings}"),
    }
}

/// What was mended, and what can be.
pub(super) fn fixes(report: &FileReport) -> Vec<String> {
    let mut lines = Vec::new();
    if !report.fixed.is_empty() {
        lines.push(format!("fixed {}", fixed(&report.fixed)));
    }
    let sum = |of: fn(&RuleCount) -> u64| report.counts.iter().map(of).sum::<u64>();
    let (safe, risky) = (sum(|count| count.fixable), sum(|count| count.unsafe_fixable));
    match (safe, risky) {
        (0, 0) => {}
        (safe, 0) => lines.push(format!("[*] {} fixable with --fix", number(safe))),
        (0, risky) => lines.push(format!("[*] {} fixable with --fix --unsafe-fixes", number(risky))),
        (safe, risky) => {
            let (safe, risky) = (number(safe), number(risky));
            lines.push(format!("[*] {safe} fixable with --fix, {risky} more with --fix --unsafe-fixes"));
        }
    }
    lines
}

/// `3: 2 FT015 trailing-comma, 1 FT006 blank-line`
#[must_use]
pub fn fixed(fixed: &[Fixed]) -> String {
    let all: u64 = fixed.iter().map(|fixed| fixed.count).sum();
    let rules = fixed.iter().map(|fixed| format!("{} {} {}", number(fixed.count), fixed.rule.code, fixed.rule.name));
    format!("{}: {}", number(all), rules.collect::<Vec<_>>().join(", "))
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
