//! A job that costs more than it may.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, dollars, number};
use crate::training::Training;

/// FT406.
pub static RULE: Rule = Rule {
    code: "FT406",
    name: "over-budget",
    level: Some(Severity::Error),
    summary: "A job that costs more than --max-cost, or trains on more than --max-tokens.",
    why: "You set a limit, and the job would be over it.",
    help: "Ask for fewer epochs, take a cheaper model, or leave examples out.",
    label: "",
    fix: None,
    bad: Sample::Described("(a file that costs $30 with --max-cost 20)"),
    good: Sample::Described("(a file that costs $10 with --max-cost 20)"),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let settings = sink.settings();
    let training = Training::of(&facts.lines.tokens, settings);
    let epochs = count(training.epochs, "epoch");
    if let Some(limit) = settings.max_tokens.filter(|&limit| training.billed > limit) {
        let (found, limit) = (number(training.billed), number(limit));
        sink.report(None, format_args!("{found} billed tokens in {epochs}; {limit} are allowed"));
    }
    if let Some((limit, price)) = settings.max_cost.zip(settings.usd_per_million()) {
        let cost = training.cost(price);
        if cost > limit {
            let (found, limit) = (dollars(cost), dollars(limit));
            sink.report(None, format_args!("the job costs {found} in {epochs}; {limit} is allowed"));
        }
    }
}
