//! A page for people: one file that loads nothing, with charts, excerpts and costs.
//!
//! maud writes it: tags are balanced when it compiles, whatever is put in is escaped, and no template engine runs.

mod chart;

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::stats::profile::{number_of, shown};
use super::stats::{by_examples, histogram, remarks, sources, uncertain};
use crate::dataset::{Split, Spread};
use crate::finding::{Finding, Severity};
use crate::outcome::{FileFormat, FileReport, Reporter, Total};
use crate::target::{Model, Target};
use crate::text::{count, dollars, mask, number, percent, size};

const STYLE: &str = include_str!("html/page.css");
/// Nothing is loaded and nothing runs; only the style in the page itself counts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/// How many tools are listed, and how many numbers of turns and messages.
const TOOLS: usize = 25;
const FIGURES: usize = 8;

/// The page of a run; it is there when the run has ended.
#[derive(Debug)]
pub struct Html {
    target: &'static Target,
    model: Option<&'static Model>,
    findings: Vec<Finding>,
    sections: Vec<Markup>,
    /// The files that have a section though they could not be read to their end.
    told: Vec<String>,
    page: String,
}

impl Html {
    /// A reporter that makes a page about data for this provider and model.
    #[must_use]
    pub fn new(target: &'static Target, model: Option<&'static Model>) -> Self {
        Html { target, model, findings: Vec::new(), sections: Vec::new(), told: Vec::new(), page: String::new() }
    }

    /// The page.
    #[must_use]
    pub fn into_page(self) -> String {
        self.page
    }

    fn section(&self, report: &FileReport, findings: &[Finding]) -> Markup {
        let id = self.sections.len() + 1;
        let lines = &report.facts.lines;
        let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
        let affected = lines.profile.affected;
        let tokens = &lines.tokens;
        let formats: Vec<String> = report.formats().iter().map(FileFormat::to_string).collect();
        let target = &report.target.name;
        html! {
            section id=(format!("file-{id}")) {
                h2 { (mask(report.name.as_bytes())) }
                @if let Some(why) = &report.failure { p.verdict.error { "Not read to its end: " (mask(why.as_bytes())) } }
                @if errors > 0 {
                    p.verdict.error { "Refused: " (count(errors, "error")) " for " (target) }
                } @else if report.failure.is_none() {
                    p.verdict.good { "Accepted as far as is known: no errors for " (target) }
                }
                dl {
                    div { dt { "Examples" } dd { (number(lines.records)) } }
                    div { dt { "Size" } dd { (size(report.facts.size)) } }
                    @if !formats.is_empty() { div { dt { "Format" } dd { (formats.join(", ")) } } }
                    div { dt { "Warnings" } dd { (number(warnings)) } }
                    @if affected.any > 0 {
                        div { dt { "Examples with findings" } dd { (number(affected.any)) " (" (percent(affected.any, lines.records)) ")" } }
                    }
                    @if tokens.examples > 0 {
                        div { dt { "Tokens" } dd { (number(tokens.total)) } }
                        div { dt { "In answers" } dd { (percent(tokens.answers, tokens.total)) } }
                    }
                    div { dt { "Duplicates" } dd { (number(lines.profile.repeats.duplicates)) } }
                    @if report.split == Split::Validation {
                        div { dt { "Also trained on" } dd { (number(lines.profile.repeats.overlaps)) } }
                        div { dt { "Asked there, answered otherwise" } dd { (number(report.facts.comparison.asked.count)) } }
                    }
                    div { dt { "Prompts with several answers" } dd { (number(report.facts.comparison.disputed)) } }
                }
                (rules(id, report))
                (excerpts(id, report, findings))
                (tokens_of(id, report))
                (profile(id, report))
                (cost(report))
            }
        }
    }
}

fn tokens_of(id: usize, report: &FileReport) -> Markup {
    let tokens = &report.facts.lines.tokens;
    if tokens.examples == 0 {
        return html! {};
    }
    let buckets = histogram::buckets(tokens);
    let context = report.context;
    let place = context.and_then(|context| buckets.iter().position(|bucket| bucket.to.is_none_or(|to| to >= context)));
    let limit =
        place.zip(context).filter(|(place, context)| tokens.percentile(100) > *context || buckets[*place].to.is_some());
    let label = |bucket: &histogram::Bucket| match bucket.to {
        Some(to) if to == bucket.from => number(to),
        Some(to) => format!("{} – {}", number(bucket.from), number(to)),
        None => format!("from {}", number(bucket.from)),
    };
    let rows: Vec<chart::Row> = buckets.iter().map(|bucket| chart::Row::new(label(bucket), bucket.examples)).collect();
    let limit = limit.map(|(place, context)| (place, format!("context {}", number(context))));
    html! {
        h3 { "Tokens per example" }
        (chart::bars(&format!("tokens-{id}"), "How many examples have how many tokens", &rows, limit))
        p.soft {
            "Half have at most " (number(tokens.percentile(50))) ", 95 % at most " (number(tokens.percentile(95)))
            "; the longest has " (number(tokens.percentile(100))) " (" (report.encoding) "). "
            @match context {
                Some(context) if tokens.cut > 0 => {
                    (count(tokens.cut, "example")) " longer than the " (number(context)) " that are trained on: "
                    (count(tokens.cut_off, "token")) " cut off"
                    @if tokens.answers_lost > 0 { ", in " (number(tokens.answers_lost)) " the whole answer" }
                    "."
                }
                Some(context) => { "All fit the " (number(context)) " tokens that are trained on." }
                None => { "How many are trained on is not known." }
            }
            @for (reason, examples) in &tokens.estimated { " Estimated: " (reason.phrase()) " in " (count(*examples, "example")) "." }
        }
    }
}

fn cost(report: &FileReport) -> Markup {
    if report.split == Split::Validation {
        let bills = if report.target.bills_validation { "bills" } else { "does not bill" };
        return html! { h3 { "Cost" } p.soft { "A validation file: " (report.target.name) " " (bills) " its tokens." } };
    }
    let jobs = &report.jobs;
    let Some(first) = jobs.first() else { return html! {} };
    let training = &first.training;
    let money = |amount: Option<f64>| amount.map_or_else(|| "unknown".to_owned(), dollars);
    html! {
        h3 { "Cost" }
        div.box { table {
            caption {
                (count(training.epochs, "epoch")) @if training.auto_epochs { " (auto)" } ", about " (count(training.steps, "step"))
                @for source in sources(jobs) { "; prices: " (source) }
                @if let Some(uncertain) = uncertain(jobs) { "; estimates: up to " (count(uncertain, "token")) " more may be billed" }
            }
            thead { tr { th scope="col" { "Model" } th.n scope="col" { "Per 1M" } th.n scope="col" { "Billed tokens" } th.n scope="col" { "Cost" } } }
            tbody { @for job in jobs { tr {
                td {
                    (job.model.map_or("any", |model| &model.name))
                    @for remark in remarks(job, jobs, report.facts.lines.images) {
                        div.soft { (remark) }
                    }
                }
                td.n { (money(job.usd_per_million())) }
                td.n { (number(job.training.billed)) }
                td.n { (money(job.cost())) }
            } } }
        } }
    }
}

/// In how many examples each rule found something.
fn rules(id: usize, report: &FileReport) -> Markup {
    if report.counts.is_empty() {
        return html! { h3 { "Findings" } p.good { "No problems." } };
    }
    let records = report.facts.lines.records;
    html! {
        h3 { "Findings" }
        div.box { table {
            caption { "By rule: errors first, then by the number of examples" }
            thead { tr {
                th scope="col" { "Rule" } th scope="col" { "Level" } th.n scope="col" { "Count" }
                th.n scope="col" { "Examples" } th.n scope="col" { "Share" }
            } }
            tbody { @for found in by_examples(&report.counts) { tr {
                td {
                    @let name = format!("{} {}", found.rule.code, found.rule.name);
                    @if found.shown > 0 { a href=(format!("#f{id}-{}", found.rule.code)) { (name) } } @else { (name) }
                }
                td class=(found.severity.name()) { (found.severity.name()) }
                td.n { (number(found.found)) }
                @if found.examples > 0 {
                    td.n { (number(found.examples)) } td.n { (percent(found.examples, records)) }
                } @else { td.n { "–" } td.n { "–" } }
            } } }
        } }
    }
}

/// What was found, each in the window of its line that all reports show.
fn excerpts(id: usize, report: &FileReport, findings: &[Finding]) -> Markup {
    html! {
        @for found in by_examples(&report.counts) {
            @if found.shown > 0 {
                article id=(format!("f{id}-{}", found.rule.code)) {
                    h3 { span class=(found.severity.name()) { (found.rule.code) } " " (found.rule.name) }
                    @let shown = findings.iter().filter(|finding| finding.rule == found.rule);
                    @let has_general = found.shown < found.found || shown.clone().any(|finding| finding.help.is_none());
                    @if has_general {
                        p.soft { (found.rule.help) @if found.shown < found.found { " " (number(found.shown)) " of " (number(found.found)) " are shown." } }
                    }
                    @for finding in shown { (excerpt(finding)) }
                }
            }
        }
    }
}

fn excerpt(finding: &Finding) -> Markup {
    html! {
        p {
            @if let Some(place) = &finding.place { span.soft { "Line " (number(place.line)) ", column " (number(place.column)) ": " } }
            (finding.message)
        }
        @if let Some(place) = &finding.place {
            @let snippet = &place.snippet;
            @let start = snippet.mark.start.saturating_sub(snippet.start);
            @let end = snippet.mark.end.saturating_sub(snippet.start);
            @match (snippet.text.get(..start), snippet.text.get(start..end), snippet.text.get(end..)) {
                (Some(before), Some(marked), Some(after)) => pre tabindex="0" { (before) mark { (marked) } (after) },
                _ => pre tabindex="0" { (snippet.text) },
            }
        }
        @if let Some(help) = &finding.help { p.soft { (help) } }
    }
}

fn profile(id: usize, report: &FileReport) -> Markup {
    let lines = &report.facts.lines;
    let profile = &lines.profile;
    let roles: Vec<chart::Row> = lines.roles.iter().map(|(role, n)| chart::Row::new(role.to_owned(), n)).collect();
    let letters = profile.scripts.total();
    let scripts: Vec<chart::Row> = profile
        .scripts
        .by_share()
        .iter()
        .take(FIGURES)
        .map(|(script, n)| chart::Row { label: script.replace('_', " "), value: *n, text: percent(*n, letters) })
        .collect();
    let tools = lines.tools.by_use();
    html! {
        @if !roles.is_empty() { h3 { "Messages by role" } (chart::bars(&format!("roles-{id}"), "How many messages have which role", &roles, None)) }
        @if profile.messages.examples() > 0 {
            h3 { "Messages per example" }
            (chart::bars(&format!("messages-{id}"), "How many examples have how many messages", &figures(&profile.messages), None))
            h3 { "Turns per example" }
            (chart::bars(&format!("turns-{id}"), "In how many examples somebody asks and is answered how often", &figures(&profile.turns), None))
        }
        @if !scripts.is_empty() { h3 { "Scripts" } (chart::bars(&format!("scripts-{id}"), "The share of letters of each script", &scripts, None)) }
        @if !tools.is_empty() {
            h3 { "Tools" }
            div.box { table {
                caption { (number_of(&lines.tools)) " in " (count(lines.tools.lines, "example")) @if let Some(unused) = lines.tools.unused_count() { ", " (number(unused)) " never called" } @if tools.len() > TOOLS { "; the first " (TOOLS) } }
                thead { tr { th scope="col" { "Tool" } th.n scope="col" { "Calls" } th.n scope="col" { "Called in" } th.n scope="col" { "Declared in" } } }
                tbody { @for tool in tools.iter().take(TOOLS) { tr {
                    td { (shown(&tool.name)) } td.n { (number(tool.calls)) } td.n { (number(tool.called)) } td.n { (number(tool.lines)) }
                } } }
            } }
        }
    }
}

/// A row a figure; what is beyond the first few shares one.
fn figures(spread: &Spread) -> Vec<chart::Row> {
    let figures: Vec<(u64, u64)> = spread.iter().collect();
    let mut rows: Vec<chart::Row> =
        figures.iter().take(FIGURES).map(|(n, examples)| chart::Row::new(number(*n), *examples)).collect();
    if let Some((next, _)) = figures.get(FIGURES) {
        let more = figures.iter().skip(FIGURES).map(|(_, examples)| examples).sum();
        rows.push(chart::Row::new(format!("{} – {}", number(*next), number(spread.percentile(100))), more));
    }
    rows
}

impl Reporter for Html {
    fn finding(&mut self, _: &str, finding: &Finding) -> io::Result<()> {
        self.findings.push(finding.clone());
        Ok(())
    }

    fn file(&mut self, report: &FileReport) -> io::Result<()> {
        let findings = std::mem::take(&mut self.findings);
        let section = self.section(report, &findings);
        self.sections.push(section);
        if report.failure.is_some() {
            self.told.push(report.name.clone());
        }
        Ok(())
    }

    fn finish(&mut self, total: &Total) -> io::Result<()> {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { "ftlint: fine-tuning data" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    header {
                        h1 { "Fine-tuning data" }
                        p {
                            (count(total.files, "file")) ", " (count(total.examples, "example")) ", " (size(total.bytes)) ": "
                            span.error[total.errors > 0] { (count(total.errors, "error")) } ", "
                            span.warning[total.warnings > 0] { (count(total.warnings, "warning")) }
                        }
                        p.soft {
                            "For " (self.target.name)
                            @if let Some(model) = self.model { ", " (model.name) }
                            @if let Some(tokens) = total.tokens { ". " (count(tokens, "token")) ", " (percent(total.answer_tokens, tokens)) " of them in answers" }
                        }
                    }
                    main {
                        @for failed in total.failures.iter().filter(|failed| !self.told.contains(&failed.name)) {
                            section { h2 { (mask(failed.name.as_bytes())) } p.verdict.error { "Not read to its end: " (mask(failed.error.as_bytes())) } }
                        }
                        @for section in &self.sections { (section) }
                    }
                    footer { "Made by ftlint " (env!("CARGO_PKG_VERSION")) ". This page loads nothing. Secrets are hidden as far as they are recognised; the excerpts are your data all the same." }
                }
            }
        };
        self.page = page.into_string();
        Ok(())
    }
}
