//! JUnit's XML, which most services show as tests. A suite is a file, a case is a rule: findings can be many.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::finding::Finding;
use crate::outcome::{FailedFile, FileReport, Reporter, RequestReport, RuleCount, Total};
use crate::rules;
use crate::text::{count, number};

/// How many places of a rule are listed.
const LISTED: usize = 10;

/// The first places where each rule found something.
type Places = BTreeMap<&'static str, Vec<Listed>>;

/// A place and what was found there.
struct Listed {
    found: String,
    /// Better advice than that of the rule.
    help: Option<String>,
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.found)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "\n    {help}"))
    }
}

/// Each on lines of its own.
fn lines(listed: &[Listed]) -> String {
    listed.iter().map(Listed::to_string).collect::<Vec<_>>().join("\n")
}

/// See [`super::Format::Junit`].
pub struct Junit<'w> {
    out: Box<dyn Write + 'w>,
    suites: Vec<TestSuite>,
    /// Of files that have not ended.
    places: BTreeMap<String, Places>,
}

impl<'w> Junit<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        Junit { out, suites: Vec::new(), places: BTreeMap::new() }
    }

    fn suite(&mut self, name: &str, counts: &[RuleCount], failure: Option<&str>) {
        let mut places = self.places.remove(name).unwrap_or_default();
        let mut suite = TestSuite::new(name);
        suite.add_test_cases(failure.map(|why| failed(name, why)));
        for of_rule in counts {
            let listed = places.remove(of_rule.rule.code).unwrap_or_default();
            let mut message = count(of_rule.found, "finding");
            if let Some(first) = listed.first() {
                let _ = write!(message, ", the first at {}", first.found);
            }
            let mut text = lines(&listed);
            let more = of_rule.found.saturating_sub(listed.len() as u64);
            if more > 0 {
                let _ = write!(text, "\nand {} more", number(more));
            }
            // Where every place has better advice, that of the rule is left out.
            if more > 0 || !listed.iter().all(|listed| listed.help.is_some()) {
                let _ = write!(text, "\n\n{}", of_rule.rule.help);
            }
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(message).set_type(of_rule.severity.name()).set_description(text);
            suite.add_test_case(case(name, of_rule.rule.code, of_rule.rule.name, status));
        }
        if counts.is_empty() && failure.is_none() {
            let mut clean = TestCase::new("no problems", TestCaseStatus::success());
            clean.set_classname(name);
            suite.add_test_case(clean);
        }
        self.suites.push(suite);
    }
}

/// Adds what was found in a file of which there is no report.
fn add_uncounted(suite: &mut TestSuite, file: &str, places: Places) {
    for (code, listed) in places {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_description(lines(&listed));
        let name = rules::find(code).map_or("", |rule| rule.name);
        suite.add_test_case(case(file, code, name, status));
    }
}

/// That a file could not be read to its end.
fn failed(file: &str, why: &str) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(why);
    let mut case = TestCase::new("failed", status);
    case.set_classname(file);
    case
}

fn case(file: &str, code: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(format!("{code} {name}"), status);
    case.set_classname(file);
    case
}

impl Reporter for Junit<'_> {
    fn finding(&mut self, file: &str, finding: &Finding) -> io::Result<()> {
        if !self.places.contains_key(file) {
            self.places.insert(file.to_owned(), Places::new());
        }
        let listed = self.places.get_mut(file).map(|places| places.entry(finding.rule.code).or_default());
        if let Some(listed) = listed.filter(|listed| listed.len() < LISTED) {
            let (line, column) = finding.place.as_ref().map_or((1, 1), |place| (place.line, place.column));
            let found = format!("{line}:{column}: {}", finding.message);
            listed.push(Listed { found, help: finding.help.clone() });
        }
        Ok(())
    }

    fn request(&mut self, report: &RequestReport) -> io::Result<()> {
        self.suite(&report.name, &report.counts, None);
        Ok(())
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        self.suite(&report.name, &report.counts, report.failure.as_deref());
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        for FailedFile { name, error } in &total.failures {
            // What was read in part has its suite, with what was found in it.
            if self.suites.iter().all(|suite| suite.name.as_str() != name) {
                let mut suite = TestSuite::new(name.as_str());
                suite.add_test_case(failed(name, error));
                self.suites.push(suite);
            }
        }
        for (name, places) in std::mem::take(&mut self.places) {
            let mut suite = TestSuite::new(name.as_str());
            add_uncounted(&mut suite, &name, places);
            self.suites.push(suite);
        }
        let mut report = Report::new("ftlint");
        report.add_test_suites(std::mem::take(&mut self.suites));
        report.serialize(&mut self.out).map_err(io::Error::other)?;
        self.out.flush()
    }
}
