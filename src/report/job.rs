//! The job that a file would make, in words and as data.

use std::fmt::Write as _;

use serde::Serialize;

use crate::target::{MODELS, State};
use crate::text::{count, dollars, number};
use crate::training::Job;

/// `3 epochs (auto) → 55,236,009 billed tokens → $276.18 with gpt-4.1-mini-2025-04-14 (…)`
pub(super) fn line(job: &Job) -> String {
    let training = &job.training;
    let mut line = count(training.epochs, "epoch");
    if training.auto_epochs {
        line.push_str(" (auto)");
    }
    let _ = write!(line, " → {} billed tokens", number(training.billed));
    let Some((cost, price)) = job.cost().zip(job.usd_per_million()) else {
        let name = job.model.map_or("the model", |model| &model.name);
        let _ = write!(line, "; no price per token is known for {name} (--price gives one)");
        return line;
    };
    let _ = write!(line, " → {}", dollars(cost));
    if let Some(model) = job.model {
        let _ = write!(line, " with {}", model.name);
    }
    let _ = match job.listed_price() {
        Some(listed) if listed.date.is_empty() => write!(line, " ({})", MODELS.source(&listed.source)),
        Some(listed) => write!(line, " ({}, {})", MODELS.source(&listed.source), listed.date),
        None => write!(line, " at {} per 1M tokens", dollars(price)),
    };
    line
}

/// A job for programs.
#[derive(Serialize)]
pub(super) struct JsonJob<'a> {
    /// `null` if only a price was given.
    model: Option<&'a str>,
    epochs: u64,
    /// Whether the service would choose the epochs.
    auto_epochs: bool,
    /// Over all epochs; what is cut off is not among them.
    billed_tokens: u64,
    /// If the tokens that prime a reply are billed as well, and estimates are at their upper end.
    max_billed_tokens: u64,
    /// Estimates.
    batch_size: u64,
    steps: u64,
    usd_per_million: Option<f64>,
    price_date: Option<&'a str>,
    price_source: Option<&'a str>,
    cost_usd: Option<f64>,
    /// Whether new jobs can be made: `open`, `invitation`, `closed`.
    state: Option<State>,
    /// The last day for new jobs.
    closes: Option<&'a str>,
    /// The day from which the model cannot be used.
    retires: Option<&'a str>,
}

impl<'a> JsonJob<'a> {
    pub(super) fn new(job: &'a Job) -> Self {
        let training = &job.training;
        let listed = job.listed_price();
        JsonJob {
            model: job.model.map(|model| model.name.as_str()),
            epochs: training.epochs,
            auto_epochs: training.auto_epochs,
            billed_tokens: training.billed,
            max_billed_tokens: training.billed + training.uncertain,
            batch_size: training.batch_size,
            steps: training.steps,
            usd_per_million: job.usd_per_million(),
            price_date: listed.map(|price| price.date.as_str()),
            price_source: listed.map(|price| MODELS.source(&price.source)),
            cost_usd: job.cost(),
            state: job.model.map(|model| model.state),
            closes: job.model.and_then(|model| model.closes.as_deref()),
            retires: job.model.and_then(|model| model.retires.as_deref()),
        }
    }
}
