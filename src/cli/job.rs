//! What is said on the command line about the job that a file is for.

use clap::Args;
use toml::Spanned;

use crate::config::{Epochs, Options};
use crate::target::{MODELS, Model};
use crate::text::quote;

/// The job that a file is for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Tokens and cost")]
pub(super) struct JobArgs {
    /// The model to train, by snapshot, alias or ft: name: sets encoding, context and price
    #[arg(long, value_name = "NAME", value_parser = model)]
    pub model: Option<&'static Model>,
    /// US dollars for a million trained tokens, instead of the price known for the model
    #[arg(long, value_name = "USD", value_parser = amount)]
    price: Option<f64>,
    /// Epochs, or `auto` for what the service would choose [default: auto]
    #[arg(long, value_name = "N")]
    epochs: Option<Epochs>,
}

impl JobArgs {
    /// What is said of the job.
    pub(super) fn add_to(&self, options: &mut Options) {
        options.model = self.model.map(|model| Spanned::new(0..0, model.name.clone()));
        options.price = self.price;
        options.epochs = self.epochs;
    }
}

fn model(name: &str) -> Result<&'static Model, String> {
    MODELS.find(name).ok_or_else(|| match MODELS.near(name) {
        Some(near) => format!("there is no such model; did you mean {}?", quote(near)),
        None => {
            let open = MODELS.list.iter().filter(|model| model.closes.is_some());
            let open = open.map(|model| model.name.as_str());
            format!("there is no such model; known are {} and older ones", crate::text::list(open, "or"))
        }
    })
}

/// An amount of US dollars.
pub(super) fn amount(text: &str) -> Result<f64, &'static str> {
    let digits = text.strip_prefix('$').unwrap_or(text);
    match digits.parse() {
        Ok(amount) if (0.0..=1e12).contains(&amount) => Ok(amount),
        _ => Err("expected an amount of US dollars such as 2.50"),
    }
}
