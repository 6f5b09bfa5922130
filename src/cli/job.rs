//! What is said on the command line about the job that a file is for.

use clap::Args;
use toml::Spanned;

use super::notice::notice;
use super::say;
use crate::config::{Epochs, Options};
use crate::settings::Settings;
use crate::target::{Day, Price};

/// The job that a file is for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tokens and cost")]
pub(super) struct JobArgs {
    /// Whom the data is for, see `ftlint targets` [default: openai]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The model to train: sets encoding, context and price
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// US dollars for a million trained tokens, instead of the known price
    #[arg(long, value_name = "USD", value_parser = amount, allow_negative_numbers = true)]
    price: Option<f64>,
    /// Epochs, or `auto` for what the service would choose [default: auto]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    epochs: Option<Epochs>,
}

impl JobArgs {
    /// What is said of the job.
    pub(super) fn add_to(&self, options: &mut Options) {
        let named = |name: &Option<String>| name.clone().map(|name| Spanned::new(0..0, name));
        options.target = named(&self.target);
        options.model = named(&self.model);
        options.price = self.price;
        options.epochs = self.epochs;
    }
}

/// Says once that the model or the service is closed, or soon will be.
pub(super) fn say_notice(settings: &Settings) {
    if let Some(notice) = notice(settings, Day::today()) {
        say(format_args!("note: {notice}"));
    }
}

/// An amount of US dollars.
pub(super) fn amount(text: &str) -> Result<f64, &'static str> {
    let digits = text.strip_prefix('$').unwrap_or(text);
    Price::amount(digits.parse().unwrap_or(f64::NAN))
}
