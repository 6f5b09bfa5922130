//! What `ftlint stats` shows: how long examples are, and what training on them costs.

pub(super) mod histogram;
mod json;
pub(super) mod profile;

use std::io::{self, Write};

use super::Style;
use crate::dataset::{Split, TokenFacts};
use crate::finding::Finding;
use crate::outcome::{FileFormat, FileReport, Reporter, RuleCount, Total};
use crate::target::{MODELS, Model, State};
use crate::text::{count, dollars, list, mask, number, percent, size};
use crate::tokens::Reason;
use crate::training::Job;

pub use json::{StatsJson, StatsRows};

/// How many rules are shown.
const FINDINGS: usize = 12;

/// The rules that found something: errors first, then those that found it in most examples.
pub(super) fn by_examples(counts: &[RuleCount]) -> Vec<RuleCount> {
    let mut counts = counts.to_vec();
    counts.sort_by_key(|count| std::cmp::Reverse((count.severity, count.examples, count.found)));
    counts
}

/// The percentiles that are shown, besides the greatest.
const PERCENTILES: [u64; 4] = [50, 90, 95, 99];

/// Statistics for people.
pub struct Stats<'w> {
    out: Box<dyn Write + 'w>,
    style: Style,
}

impl<'w> Stats<'w> {
    /// A reporter that writes to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + 'w>, style: Style) -> Self {
        Stats { out, style }
    }

    /// A row with a title in front.
    fn row(&mut self, title: &str, text: &str) -> io::Result<()> {
        let title = self.style.bold(format_args!("{title:<9}"));
        writeln!(self.out, "{}", self.style.fit(&format!("  {title} {text}"), 10))
    }

    /// A line as it is, but for a terminal that it does not fit.
    fn line(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "{}", self.style.fit(line, 4))
    }

    fn tokens(&mut self, report: &FileReport) -> io::Result<()> {
        let (tokens, encoding) = (&report.facts.lines.tokens, report.encoding);
        let mean = number(tokens.total / tokens.examples.max(1));
        // With another tokenizer every figure is a guess, not only the parts that cannot be counted.
        let about = if tokens.estimated.contains_key(&Reason::Tokenizer) { "about " } else { "" };
        self.row("tokens", &format!("{about}{} ({encoding}), {mean} an example", number(tokens.total)))?;
        let share = percent(tokens.answers, tokens.total);
        self.row("answers", &format!("{} ({share})", number(tokens.answers)))?;
        let percentiles = PERCENTILES.map(|p| format!("{} (p{p})", number(tokens.percentile(p))));
        let most = number(tokens.percentile(100));
        self.row("spread", &format!("{} · {most} (max)", percentiles.join(" · ")))?;
        let longest: Vec<String> = tokens
            .longest
            .iter()
            .map(|longest| format!("{} (line {})", number(longest.tokens), longest.line))
            .collect();
        self.row("longest", &longest.join(" · "))?;
        self.cut(tokens, report.context)?;
        for (reason, examples) in &tokens.estimated {
            self.row("estimate", &format!("{} in {}", reason.phrase(), count(*examples, "example")))?;
        }
        if tokens.estimate.fewer + tokens.estimate.more > 0 {
            let (least, most) = (tokens.total - tokens.estimate.fewer, tokens.total + tokens.estimate.more);
            self.row("", &format!("so there are {} to {} tokens", number(least), number(most)))?;
        }
        writeln!(self.out, "\n{}", histogram::draw(tokens, self.style.width))
    }

    fn cut(&mut self, tokens: &TokenFacts, context: Option<u64>) -> io::Result<()> {
        if tokens.cut == 0 {
            return Ok(());
        }
        let (examples, lost) = (count(tokens.cut, "example"), count(tokens.cut_off, "token"));
        let mut text = format!("{lost} of {examples}");
        if let Some(context) = context {
            text += &format!(", which are longer than {}", number(context));
        }
        if tokens.answers_lost > 0 {
            text += &format!("; in {} no answer is left", number(tokens.answers_lost));
        }
        self.row("cut off", &text)
    }

    /// In how many examples each rule found something.
    fn findings(&mut self, report: &FileReport) -> io::Result<()> {
        if report.counts.is_empty() || report.facts.lines.records == 0 {
            return Ok(());
        }
        writeln!(self.out)?;
        let examples = report.facts.lines.records;
        let affected = report.facts.lines.profile.affected;
        let counts = by_examples(&report.counts);
        let name = |found: &RuleCount| format!("{} {}", found.rule.code, found.rule.name);
        // Where there is little room names have no more than they need, and there are no shares.
        let is_narrow = self.style.wraps && self.style.width < 68;
        let longest = counts.iter().take(FINDINGS).map(|found| name(found).len()).max().unwrap_or(0);
        let width = if is_narrow { longest } else { 38 };
        let head = format!("{:<1$}{2:>9}", "findings", 8 + width, "examples");
        self.line(&format!("  {}", self.style.bold(head)))?;
        let most = counts.iter().map(|found| found.examples).max().unwrap_or(0);
        // What is left of the row for a bar.
        let bar = self.style.width.saturating_sub(68).min(10) as u64;
        for found in counts.iter().take(FINDINGS) {
            let name = name(found);
            let level = self.style.severity(found.severity, format_args!("{:<7}", found.severity.name()));
            // What is about the file as a whole is in no example.
            let share = match found.examples {
                0 => "the file".to_owned(),
                n if is_narrow => number(n),
                n => {
                    let bar = if bar > 0 { histogram::bar(n, most, bar) } else { String::new() };
                    format!("{:>9}  {:>7}  {bar}", number(n), percent(n, examples)).trim_end().to_owned()
                }
            };
            self.line(&format!("  {level} {name:<width$}{share:>9}"))?;
        }
        if let Some(more) = counts.len().checked_sub(FINDINGS).filter(|more| *more > 0) {
            writeln!(self.out, "  and {}", count(more as u64, "other rule"))?;
        }
        if affected.any > 0 {
            let share = |n: u64| format!("{} ({})", count(n, "example"), percent(n, examples));
            let text =
                format!("errors in the lines of {}, findings in {}", share(affected.errors), share(affected.any));
            self.line(&format!("  {}", self.style.dim(text)))?;
        }
        Ok(())
    }

    fn jobs(&mut self, report: &FileReport) -> io::Result<()> {
        let jobs = &report.jobs;
        let Some(first) = jobs.first() else {
            if !report.knows_models {
                let target = report.target.name;
                return self.line(&format!("  no model of {target} is known; --price asks for one epoch"));
            }
            return self.line("  no model that takes such a file is open for new jobs; --model or --price asks");
        };
        let training = &first.training;
        let auto = if training.auto_epochs { " (auto)" } else { "" };
        let (epochs, batch) = (count(training.epochs, "epoch"), count(training.batch_size, "example"));
        self.line(&format!("  {epochs}{auto}; about {} of {batch}", count(training.steps, "step")))?;
        let name = |job: &Job| job.model.map_or("(any)", |model| &model.name).to_owned();
        let money = |amount: Option<f64>| amount.map_or_else(|| "unknown".to_owned(), dollars);
        let row = |job: &Job| [name(job), money(job.usd_per_million()), number(job.training.billed), money(job.cost())];
        let rows: Vec<[String; 4]> = jobs.iter().map(row).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (mut titles, mut widths) = (["model", "per 1M", "billed tokens", "cost"], [width(0).max(5), 8, 15, 12]);
        let wide: usize = widths.iter().map(|width| width + 2).sum();
        if self.style.wraps && wide > self.style.width {
            // As narrow as it can be.
            titles[2] = "billed";
            widths = [0, 1, 2, 3].map(|column| width(column).max(titles[column].len()));
        }
        let padded = |[model, price, billed, cost]: [&str; 4]| {
            let [first, second, third, fourth] = widths;
            format!("  {model:first$}  {price:>second$}  {billed:>third$}  {cost:>fourth$}")
        };
        self.line(&format!("  {}", self.style.bold(&padded(titles)[2..])))?;
        for (job, row) in jobs.iter().zip(&rows) {
            let mut row = padded(row.each_ref().map(String::as_str));
            for remark in remarks(job, jobs, report.facts.lines.images) {
                // Where it has no room it stands below.
                let fits = !self.style.wraps || row.chars().count() + 2 + remark.chars().count() <= self.style.width;
                row += &if fits { format!("  {remark}") } else { format!("\n    {remark}") };
            }
            self.line(&row)?;
        }
        let mut notes = sources(jobs);
        if let Some(uncertain) = uncertain(jobs) {
            notes.push(format!("estimates: up to {} more may be billed", count(uncertain, "token")));
        }
        self.line(&format!("  {}", self.style.dim(notes.join("; "))))
    }
}

/// Where the prices are from, and of what day; each once.
pub(super) fn sources(jobs: &[Job]) -> Vec<String> {
    let mut sources = Vec::new();
    for price in jobs.iter().filter_map(Job::listed_price) {
        let dated = if price.date.is_empty() { String::new() } else { format!(", {}", price.date) };
        let source = format!("{}{dated}", MODELS.source(&price.source));
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources
}

/// How many more tokens may be billed, if that is the same for all jobs; what images cost is not.
pub(super) fn uncertain(jobs: &[Job]) -> Option<u64> {
    let (first, others) = jobs.split_first()?;
    let uncertain = first.training.uncertain;
    (uncertain > 0 && others.iter().all(|job| job.training.uncertain == uncertain)).then_some(uncertain)
}

/// What one should know before a job is made, one of several, with a file that has `images`, or has none.
pub(super) fn remarks(job: &Job, jobs: &[Job], images: bool) -> Vec<String> {
    let own = Some(job.training.uncertain).filter(|&own| own > 0 && uncertain(jobs).is_none());
    let more = own.map(|own| format!("up to {} more may be billed", count(own, "token")));
    more.into_iter().chain(job.model.into_iter().flat_map(|model| remarks_of_model(model, images))).collect()
}

fn remarks_of_model(model: &Model, images: bool) -> Vec<String> {
    let state = match (model.state, &model.closes) {
        (State::Open, Some(day)) => Some(format!("new jobs until {day}")),
        (State::Open, None) => None,
        (State::Invitation, _) => Some("by invitation".to_owned()),
        (State::Closed, _) => Some("closed to new jobs".to_owned()),
    };
    let images = (images && !model.vision).then(|| "not trained on images".to_owned());
    state.into_iter().chain(images).collect()
}

impl Reporter for Stats<'_> {
    fn finding(&mut self, _: &str, _: &Finding) -> io::Result<()> {
        Ok(())
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let lines = &report.facts.lines;
        let name = self.style.bold(mask(report.name.as_bytes()));
        self.line(&format!("{name}: {} ({})", count(lines.records, "example"), size(report.facts.size)))?;
        if let Some(why) = &report.failure {
            self.row("torn", &format!("{}; all figures are of what was read", mask(why.as_bytes())))?;
        }
        if lines.records == 0 {
            self.row("unread", "nothing that could be counted; `ftlint FILE` says why")?;
        } else if lines.unread() > 0 {
            let taken = lines.foreign.iter().filter(|(shape, _)| report.unlinted.contains(&shape.name()));
            let taken: u64 = taken.map(|(_, lines)| lines.group.count).sum();
            if taken > 0 {
                let shapes = list(report.unlinted.iter().copied(), "and");
                self.row("unlinted", &format!("{} of {shapes}, not counted", count(taken, "line")))?;
            }
            if lines.unread() > taken {
                let unread = count(lines.unread() - taken, "line");
                self.row("unread", &format!("{unread} that cannot be counted; `ftlint FILE` says why"))?;
            }
        }
        // Those that are not linted stand above.
        let formats = report.formats();
        let formats = formats.iter().filter(|format| !matches!(format, FileFormat::Unlinted(_)));
        let formats: Vec<String> = formats.map(FileFormat::to_string).collect();
        if !formats.is_empty() {
            self.row("format", &formats.join(", "))?;
        }
        if lines.roles.total() > 0 {
            let roles: Vec<String> = lines.roles.iter().map(|(role, n)| format!("{} {role}", number(n))).collect();
            self.row("messages", &format!("{}: {}", number(lines.roles.total()), roles.join(" · ")))?;
        }
        for (title, text) in profile::rows(&report.facts) {
            self.row(title, &text)?;
        }
        if lines.tokens.examples > 0 {
            self.tokens(report)?;
            if report.split == Split::Validation {
                let billed = if report.target.bills_validation { "bills" } else { "does not bill" };
                self.line(&format!("  a validation file: {} {billed} its tokens", report.target.name))?;
            } else if report.failure.is_none() {
                self.jobs(report)?;
            }
        }
        self.findings(report)?;
        writeln!(self.out)
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        if total.files > 1 {
            let (files, examples) = (count(total.files, "file"), count(total.examples, "example"));
            let tokens = total.tokens.unwrap_or(0);
            let share = percent(total.answer_tokens, tokens);
            self.line(&format!("{files}: {examples}, {} ({share} in answers)", count(tokens, "token")))?;
        }
        self.out.flush()
    }
}
