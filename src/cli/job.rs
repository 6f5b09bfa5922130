//! What is said on the command line about the job that a file is for.

use clap::error::ErrorKind;
use clap::{Args, CommandFactory};

use super::{Program, say};
use crate::settings::Settings;
use crate::target::{Catalogue, Day, notice};

/// The job that a file is for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tokens and cost")]
pub(super) struct JobArgs {
    /// Provider or trainer that the data is for: `ftlint targets` [default: openai]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The model to train, by snapshot, alias or ft: name: sets encoding, context and price
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// US dollars for a million trained tokens, instead of the price known for the model
    #[arg(long, value_name = "USD", value_parser = amount)]
    price: Option<f64>,
    /// Epochs, or `auto` for what the service would choose
    #[arg(long, value_name = "N", default_value = "auto")]
    epochs: Epochs,
}

/// A number of epochs, or none to leave it to the service.
#[derive(Clone, Copy, Debug)]
struct Epochs(Option<u64>);

/// The API takes no more.
const MAX_EPOCHS: u64 = 50;

impl std::str::FromStr for Epochs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            _ if text == "auto" => Ok(Epochs(None)),
            Ok(epochs @ 1..=MAX_EPOCHS) => Ok(Epochs(Some(epochs))),
            _ => Err(format!("expected `auto` or a number from 1 to {MAX_EPOCHS}")),
        }
    }
}

impl JobArgs {
    /// Adds to the settings what is known of the job, with the targets and models of `catalogue`.
    ///
    /// # Errors
    /// A target or a model that does not exist was named.
    pub(super) fn apply(&self, catalogue: &Catalogue, settings: &mut Settings) -> Result<(), clap::Error> {
        let chosen = catalogue.choose(self.target.as_deref(), self.model.as_deref());
        (settings.target, settings.model) = chosen.map_err(|fault| {
            let given = if fault.key == "target" { &self.target } else { &self.model };
            let given = given.as_deref().unwrap_or_default();
            let message = format!("invalid value '{given}' for '--{} <NAME>': {}", fault.key, fault.message);
            Program::command().error(ErrorKind::ValueValidation, message)
        })?;
        settings.price = self.price;
        settings.epochs = self.epochs.0;
        Ok(())
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
    match digits.parse() {
        Ok(amount) if (0.0..=1e12).contains(&amount) => Ok(amount),
        _ => Err("expected an amount of US dollars such as 2.50"),
    }
}
