//! Statistics for programs. Version 1: fields may be added, none is changed or taken away.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{PERCENTILES, by_examples, histogram};
use crate::dataset::{Split, Spread, TokenFacts, ToolFacts, ToolUse};
use crate::finding::Finding;
use crate::outcome::{ExampleRow, FileFormat, FileReport, Reporter, RuleCount, Total};
use crate::report::job::JsonJob;
use crate::report::json::is_true;
use crate::report::write_json;
use crate::secrets;

const VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonFile<'a> {
    path: &'a str,
    validation: bool,
    bytes: u64,
    lines: u64,
    examples: u64,
    /// Examples that are no JSON objects: nothing of them was counted.
    unread: u64,
    /// `false` if it could not be read to its end: all figures are of what was read.
    #[serde(skip_serializing_if = "is_true")]
    complete: bool,
    formats: Vec<&'static str>,
    messages: BTreeMap<&'static str, u64>,
    messages_per_example: JsonSpread,
    /// Exchanges: somebody asks and is answered.
    turns: JsonSpread,
    scripts: Vec<JsonScript>,
    tools: JsonTools,
    /// Examples that stood before in a file of the same split.
    duplicates: u64,
    /// Validation examples that are trained on.
    overlaps: u64,
    /// Prompts that have several answers.
    conflicting_prompts: u64,
    /// Validation examples whose prompts are trained on with other answers.
    conflicting_overlaps: u64,
    examples_with_errors: u64,
    examples_with_findings: u64,
    /// In how many examples each rule found something; in none if it is about the file as a whole.
    rules: Vec<JsonRule>,
    tokens: JsonTokens,
    /// One for each model that is open to such a file, or for the one that was asked for.
    jobs: Vec<JsonJob<'a>>,
}

/// How many examples have how many of something.
#[derive(Serialize)]
struct JsonSpread {
    examples: u64,
    min: u64,
    median: u64,
    max: u64,
    counts: Vec<JsonFigure>,
}

#[derive(Serialize)]
struct JsonFigure {
    n: u64,
    examples: u64,
}

impl JsonSpread {
    fn new(spread: &Spread) -> Self {
        let [min, median, max] = [0, 50, 100].map(|p| spread.percentile(p));
        let counts = spread.iter().map(|(n, examples)| JsonFigure { n, examples }).collect();
        JsonSpread { examples: spread.examples(), min, median, max, counts }
    }
}

#[derive(Serialize)]
struct JsonScript {
    script: &'static str,
    letters: u64,
    /// Of all letters that have a script.
    share: f64,
}

#[derive(Serialize)]
struct JsonTools {
    /// Examples that have tools.
    examples: u64,
    calls: u64,
    /// None if there are too many tools to tell.
    unused: Option<u64>,
    /// Whether there are more tools than the list has.
    further: bool,
    list: Vec<JsonTool>,
}

#[derive(Serialize)]
struct JsonTool {
    name: String,
    declared_in: u64,
    called_in: u64,
    calls: u64,
}

impl JsonTools {
    fn new(tools: &ToolFacts) -> Self {
        let list: Vec<JsonTool> = tools.by_use().into_iter().map(JsonTool::new).collect();
        let (unused, further) = (tools.unused_count(), tools.has_further());
        JsonTools { examples: tools.lines, calls: tools.calls(), unused, further, list }
    }
}

impl JsonTool {
    fn new(tool: &ToolUse) -> Self {
        let name = secrets::redact(&tool.name).into_owned();
        JsonTool { name, declared_in: tool.lines, called_in: tool.called, calls: tool.calls }
    }
}

#[derive(Serialize)]
struct JsonRule {
    code: &'static str,
    rule: &'static str,
    level: &'static str,
    count: u64,
    examples: u64,
    /// Of all examples.
    share: f64,
}

/// A part of a whole, to six digits.
#[expect(clippy::cast_precision_loss, reason = "six digits are kept")]
fn share(part: u64, whole: u64) -> f64 {
    (part as f64 / whole.max(1) as f64 * 1e6).round() / 1e6
}

#[derive(Serialize)]
struct JsonTokens {
    encoding: &'static str,
    examples: u64,
    total: u64,
    answers: u64,
    percentiles: BTreeMap<String, u64>,
    histogram: Vec<JsonBucket>,
    longest: Vec<JsonLongest>,
    /// The most tokens of an example that are trained on; `null` if that is not known.
    context: Option<u64>,
    cut_examples: u64,
    cut_off: u64,
    answers_lost: u64,
    /// The bounds of the total, as far as there are any.
    least: u64,
    most: u64,
    /// How many examples are estimated, by reason.
    estimated: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct JsonBucket {
    from: u64,
    to: Option<u64>,
    examples: u64,
}

#[derive(Serialize)]
struct JsonLongest {
    line: u64,
    tokens: u64,
}

impl JsonTokens {
    fn new(tokens: &TokenFacts, encoding: &'static str, context: Option<u64>) -> Self {
        let percentiles = PERCENTILES.into_iter().map(|p| (format!("p{p}"), tokens.percentile(p)));
        let most = ("max".to_owned(), tokens.percentile(100));
        let buckets = histogram::buckets(tokens).into_iter();
        let longest = tokens.longest.iter();
        JsonTokens {
            encoding,
            examples: tokens.examples,
            total: tokens.total,
            answers: tokens.answers,
            percentiles: percentiles.chain([most]).collect(),
            histogram: buckets.map(|b| JsonBucket { from: b.from, to: b.to, examples: b.examples }).collect(),
            longest: longest.map(|longest| JsonLongest { line: longest.line, tokens: longest.tokens }).collect(),
            context,
            cut_examples: tokens.cut,
            cut_off: tokens.cut_off,
            answers_lost: tokens.answers_lost,
            least: tokens.total - tokens.estimate.fewer,
            most: tokens.total + tokens.estimate.more,
            estimated: tokens.estimated.iter().map(|(reason, count)| (reason.name(), *count)).collect(),
        }
    }
}

#[derive(Serialize)]
struct JsonTotal<'a> {
    files: u64,
    examples: u64,
    bytes: u64,
    tokens: u64,
    answer_tokens: u64,
    failures: Vec<JsonFailure<'a>>,
}

#[derive(Serialize)]
struct JsonFailure<'a> {
    path: &'a str,
    error: &'a str,
}

/// Statistics as one JSON object, or as one a line for each file.
pub struct StatsJson<'w> {
    out: Box<dyn Write + 'w>,
    /// `None` if each file is written at once.
    files: Option<Vec<serde_json::Value>>,
}

impl<'w> StatsJson<'w> {
    /// A reporter that writes one object to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        StatsJson { out, files: Some(Vec::new()) }
    }

    /// A reporter that writes a line for each file.
    #[must_use]
    pub fn lines(out: Box<dyn Write + 'w>) -> Self {
        StatsJson { files: None, ..StatsJson::new(out) }
    }
}

impl Reporter for StatsJson<'_> {
    fn finding(&mut self, _: &str, _: &Finding) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let lines = &report.facts.lines;
        let validation = report.split == Split::Validation;
        let profile = &lines.profile;
        let letters = profile.scripts.total();
        let script = |(script, n)| JsonScript { script, letters: n, share: share(n, letters) };
        let rule = |found: &RuleCount| JsonRule {
            code: found.rule.code,
            rule: found.rule.name,
            level: found.severity.name(),
            count: found.found,
            examples: found.examples,
            share: share(found.examples, lines.records),
        };
        let file = JsonFile {
            path: &report.name,
            validation,
            bytes: report.facts.size,
            lines: lines.lines,
            examples: lines.records,
            unread: lines.unread(),
            complete: report.failure.is_none(),
            formats: report.formats().into_iter().map(FileFormat::name).collect(),
            messages: lines.roles.iter().collect(),
            messages_per_example: JsonSpread::new(&profile.messages),
            turns: JsonSpread::new(&profile.turns),
            scripts: profile.scripts.by_share().into_iter().map(script).collect(),
            tools: JsonTools::new(&lines.tools),
            duplicates: profile.repeats.duplicates,
            overlaps: profile.repeats.overlaps,
            conflicting_prompts: report.facts.comparison.disputed,
            conflicting_overlaps: report.facts.comparison.asked.count,
            examples_with_errors: profile.affected.errors,
            examples_with_findings: profile.affected.any,
            rules: by_examples(&report.counts).iter().map(rule).collect(),
            tokens: JsonTokens::new(&lines.tokens, report.encoding, report.context),
            jobs: report.jobs.iter().map(JsonJob::new).collect(),
        };
        if let Some(files) = &mut self.files {
            files.push(serde_json::to_value(file)?);
            return Ok(());
        }
        write_json(&mut self.out, &file)?;
        self.out.write_all(b"\n")
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        if let Some(files) = &self.files {
            let failures = total.failures.iter();
            let total = JsonTotal {
                files: total.files,
                examples: total.examples,
                bytes: total.bytes,
                tokens: total.tokens.unwrap_or(0),
                answer_tokens: total.answer_tokens,
                failures: failures.map(|failed| JsonFailure { path: &failed.name, error: &failed.error }).collect(),
            };
            write!(self.out, "{{\"version\":{VERSION},\"files\":")?;
            write_json(&mut self.out, files)?;
            self.out.write_all(b",\"total\":")?;
            write_json(&mut self.out, &total)?;
            self.out.write_all(b"}\n")?;
        }
        self.out.flush()
    }
}

/// One JSON object a line for each example, written as it is counted.
pub struct StatsRows<'w> {
    out: Box<dyn Write + 'w>,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    path: &'a str,
    line: u64,
    tokens: u64,
    answer_tokens: u64,
    cut_off: u64,
    /// Why the figures are estimates, if they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    estimate: Vec<&'static str>,
}

impl<'w> StatsRows<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>) -> Self {
        StatsRows { out }
    }
}

impl Reporter for StatsRows<'_> {
    fn finding(&mut self, _: &str, _: &Finding) -> io::Result<()> {
        Ok(())
    }

    fn example(&mut self, file: &str, row: &ExampleRow) -> io::Result<()> {
        let row = JsonRow {
            path: file,
            line: row.line,
            tokens: row.tokens,
            answer_tokens: row.answer_tokens,
            cut_off: row.cut_off,
            estimate: row.estimate.reasons().map(|reason| reason.name()).collect(),
        };
        write_json(&mut self.out, &row)?;
        self.out.write_all(b"\n")
    }

    fn file(&mut self, _: &FileReport) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Total) -> io::Result<()> {
        self.out.flush()
    }
}
