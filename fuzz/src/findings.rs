//! What holds of every finding and every report.

use std::ops::Range;

use ftlint::finding::{Finding, Severity};
use ftlint::json::Parser;
use ftlint::outcome::{FileReport, RuleCount};
use ftlint::rule::{Check, Fix};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// All that a finding says, to be compared.
#[must_use]
pub fn said(finding: &Finding) -> impl PartialEq + std::fmt::Debug + use<'_> {
    let place = finding.place.as_ref().map(|place| {
        let at = (place.line, place.last_line, place.example, place.column, place.end_column);
        (at, &place.bytes, &place.span, &place.pointer, place.line_hash, &place.snippet)
    });
    (finding.rule.code, finding.severity, &finding.message, &finding.help, place, finding.fix, &finding.mend)
}

/// The counts of a report, to be compared.
#[must_use]
pub fn counted(report: &FileReport) -> Vec<(&'static str, Severity, u64, u64, u64)> {
    let of = |count: &RuleCount| (count.rule.code, count.severity, count.found, count.fixable, count.unsafe_fixable);
    report.counts.iter().map(of).collect()
}

/// Panics unless the findings are in order and each of them is at home in the bytes.
pub fn check(bytes: &[u8], findings: &[Finding]) {
    // What is about the file as a whole comes last, even if it names a line.
    let is_about_file = |finding: &&Finding| {
        use Check::{Answers, File, Near, Parameters, Systems, Validation};
        let check = &finding.rule.check;
        matches!(check, File(_) | Answers(_) | Near(_) | Parameters(_) | Systems(_) | Validation(_))
    };
    for part in findings.chunk_by(|one, other| is_about_file(&one) <= is_about_file(&other)) {
        assert!(part.len() == findings.len(), "something comes behind what is about the file: {part:?}");
    }
    let of_file = findings.partition_point(|finding| !is_about_file(&finding));
    for pair in [&findings[..of_file], &findings[of_file..]].iter().flat_map(|part| part.windows(2)) {
        assert!(pair[0].order(&pair[1]).is_le(), "out of order: {pair:?}");
    }
    let lines = lines(bytes);
    for finding in findings {
        let said = [Some(&finding.message), finding.help.as_ref()];
        assert!(
            !finding.message.is_empty() && !said.into_iter().flatten().any(|text| has_control(text)),
            "{finding:?}"
        );
        let Some(place) = &finding.place else { continue };
        assert!(!has_control(&place.snippet.text), "{finding:?}");
        assert!(1 <= place.line && place.line <= place.last_line, "{finding:?}");
        assert!(place.last_line <= lines.len().max(1) as u64, "{finding:?}");
        assert!(place.bytes.start <= place.bytes.end && place.bytes.end <= bytes.len() as u64, "{finding:?}");
        assert_eq!(place.bytes.end - place.bytes.start, place.span.len() as u64, "{finding:?}");
        let base = usize::try_from(place.bytes.start).expect("it is in memory") - place.span.start;
        let line = lines.get(place.line as usize - 1).cloned().unwrap_or(0..0);
        let is_behind_mark = base == BYTE_ORDER_MARK.len() && place.line == 1 && bytes.starts_with(BYTE_ORDER_MARK);
        assert!(base == line.start || is_behind_mark, "{finding:?}");
        let Ok(text) = std::str::from_utf8(&bytes[base..line.end]) else { continue };
        assert!(text.is_char_boundary(place.span.start), "{finding:?}");
        assert_eq!(place.column, 1 + text[..place.span.start].chars().count() as u64, "{finding:?}");
        if place.span.end <= text.len() {
            assert!(text.is_char_boundary(place.span.end), "{finding:?}");
            assert_eq!(place.end_column, 1 + text[..place.span.end].chars().count() as u64, "{finding:?}");
        }
    }
}

/// Panics unless pointers lead to something. What an asterisk in one stands for is a secret.
pub fn check_pointers(bytes: &[u8], findings: &[Finding]) {
    let mut parser = Parser::default();
    for place in findings.iter().filter_map(|finding| finding.place.as_ref()) {
        let Some(pointer) = place.pointer.as_ref().filter(|pointer| !pointer.contains('*')) else { continue };
        let start = usize::try_from(place.bytes.start).expect("it is in memory") - place.span.start;
        let line = bytes[start..].split(|&byte| byte == b'\n').next().unwrap_or_default();
        let doc = parser.parse(line).expect("only a line that is JSON has pointers");
        let mut is_repeated = false;
        doc.repeated_keys(|_, _| is_repeated = true);
        // Of two members with one key a pointer can only lead to one.
        assert!(is_repeated || doc.resolve(pointer).is_some(), "{place:?}");
    }
}

/// Panics unless the counts of a report fit together and with what was shown.
pub fn check_counts(report: &FileReport, shown: &[Finding]) {
    for count in &report.counts {
        let of_rule = || shown.iter().filter(|finding| finding.rule == count.rule);
        assert!(count.found > 0 && count.shown <= count.found, "{count:?}");
        assert_eq!(count.shown, of_rule().count() as u64, "{count:?}");
        assert!(count.fixable + count.unsafe_fixable <= count.found, "{count:?}");
        let with = |fix| of_rule().filter(|finding| finding.fix == Some(fix)).count() as u64;
        assert!(with(Fix::Safe) <= count.fixable && with(Fix::Unsafe) <= count.unsafe_fixable, "{count:?}");
        assert!(of_rule().all(|finding| finding.severity == count.severity), "{count:?}");
    }
    assert_eq!(report.counts.iter().map(|count| count.shown).sum::<u64>(), shown.len() as u64);
}

/// The lines of a text without their ends.
#[must_use]
pub fn lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut start = 0;
    let of = |line: &[u8]| {
        let range = start..start + line.len();
        start = range.end + 1;
        range
    };
    let mut lines: Vec<_> = bytes.split(|&byte| byte == b'\n').map(of).collect();
    lines.pop_if(|last| Range::is_empty(last));
    lines
}

/// Whether a text has what a terminal would obey.
#[must_use]
pub fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}
