//! What a job would train on and cost, worked out from the tokens of its file.
//!
//! Epochs by the published formula and the price of the table are facts; the rest is an estimate:
//! nobody publishes how batches are chosen or whether the tokens that prime a reply are billed.

use crate::dataset::{LineFacts, TokenFacts};
use crate::settings::Settings;
use crate::target::{Model, Price, State};

/// The job that a file would make.
#[derive(Clone, Debug, PartialEq)]
pub struct Training {
    /// How often each example is trained on.
    pub epochs: u64,
    /// Whether that is what the service would choose.
    pub auto_epochs: bool,
    /// Tokens that are billed, over all epochs and all runs through a validation file that is billed; what is cut off is
    /// not among them.
    pub billed: u64,
    /// At most so many more, if the tokens that prime a reply are billed as well, and for estimates.
    pub uncertain: u64,
    /// Examples of a step: an estimate.
    pub batch_size: u64,
    /// Steps over all epochs, with that batch size.
    pub steps: u64,
}

/// The most epochs that the API takes.
pub(crate) const MAX_EPOCHS: u64 = 50;
/// The epochs that the service aims at.
const EPOCHS: u64 = 3;
/// It trains on at least so many examples in all, if that takes no more than [`MAX_AUTO_EPOCHS`].
const MIN_TRAINED: u64 = 100;
/// It trains on no more examples in all, unless one epoch does.
const MAX_TRAINED: u64 = 25_000;
const MAX_AUTO_EPOCHS: u64 = 25;
/// The tokens that prime a reply.
const PRIMING: u64 = 3;

/// The epochs that the service chooses for so many examples.
#[must_use]
pub fn auto_epochs(examples: u64) -> u64 {
    if examples == 0 {
        EPOCHS
    } else if examples.saturating_mul(EPOCHS) < MIN_TRAINED {
        (MIN_TRAINED / examples).min(MAX_AUTO_EPOCHS)
    } else if examples.saturating_mul(EPOCHS) > MAX_TRAINED {
        (MAX_TRAINED / examples).max(1)
    } else {
        EPOCHS
    }
}

/// The batch size that the service chooses for so many examples: about 0.2 %, up to 256.
#[must_use]
pub fn auto_batch_size(examples: u64) -> u64 {
    (examples / 500).clamp(1, 256)
}

impl Training {
    /// The job of a file of which so many tokens are billed in one epoch, and at most so many more, with the epochs that
    /// were asked for or else those that the service chooses.
    #[must_use]
    pub fn new(tokens: &TokenFacts, billed: u64, more: u64, epochs: Option<u64>) -> Training {
        let examples = tokens.examples;
        let auto_epochs = epochs.is_none();
        let epochs = epochs.unwrap_or_else(|| self::auto_epochs(examples));
        let batch_size = auto_batch_size(examples);
        Training {
            epochs,
            auto_epochs,
            billed: billed.saturating_mul(epochs),
            uncertain: PRIMING.saturating_mul(examples).saturating_add(more).saturating_mul(epochs),
            batch_size,
            steps: examples.div_ceil(batch_size).saturating_mul(epochs),
        }
    }

    /// The job of a file, as the settings have it.
    #[must_use]
    pub fn of(tokens: &TokenFacts, settings: &Settings) -> Training {
        Training::new(tokens, tokens.billed(settings.context()), tokens.estimate.more, settings.epochs())
    }

    /// The same with a validation file that is run through so often, where that is billed.
    #[must_use]
    pub fn with_validation(self, tokens: Option<&TokenFacts>, evaluations: u64, settings: &Settings) -> Training {
        let Some(tokens) = tokens.filter(|_| settings.target.bills_validation) else { return self };
        let more = (PRIMING * tokens.examples + tokens.estimate.more) * evaluations;
        let billed = self.billed + tokens.billed(settings.context()) * evaluations;
        Training { billed, uncertain: self.uncertain + more, ..self }
    }

    /// What it costs in US dollars.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "money is shown in cents")]
    pub fn cost(&self, usd_per_million: f64) -> f64 {
        self.billed as f64 * usd_per_million / 1e6
    }
}

/// A job, the model that it trains and what that costs.
#[derive(Clone, Debug)]
pub struct Job {
    /// What is trained.
    pub training: Training,
    /// The model, if it is known.
    pub model: Option<&'static Model>,
    /// US dollars for a million tokens, given by the user in place of the model's price.
    pub own_price: Option<f64>,
}

impl Job {
    /// The job of a file as the settings have it, for those who said with which model or at what
    /// price; `None` for others, if there are no examples, and for a validation file.
    #[must_use]
    pub fn of(tokens: &TokenFacts, settings: &Settings) -> Option<Job> {
        let wanted =
            settings.file_jobs && !settings.validation && (settings.model.is_some() || settings.price.is_some());
        (wanted && tokens.examples > 0).then(|| Job {
            training: Training::of(tokens, settings),
            model: settings.model,
            own_price: settings.price,
        })
    }

    /// The jobs that the file could make with the models that are open and take such a file. Models
    /// of another encoding are left out: their tokens were not counted.
    #[must_use]
    pub fn all(lines: &LineFacts, settings: &Settings) -> Vec<Job> {
        if let Some(job) = Job::of(&lines.tokens, settings) {
            return vec![job];
        }
        let Some(format) = lines.format().filter(|_| lines.tokens.examples > 0) else { return Vec::new() };
        let takes = |model: &&Model| {
            let counted = model.encoding == settings.encoding() && model.own_tokenizer == settings.own_tokenizer();
            model.state == State::Open && model.accepts(format) && counted
        };
        let models = settings.models().filter(takes);
        let job = |model: &'static Model| {
            let billed = lines.tokens.billed_with(model.context, settings.images(), model.images);
            let more = lines.tokens.more_with(settings.images(), model.images);
            let training = Training::new(&lines.tokens, billed, more, settings.epochs());
            Job { training, model: Some(model), own_price: None }
        };
        models.map(job).collect()
    }

    /// The price in the table of models, unless the user gave one.
    #[must_use]
    pub fn listed_price(&self) -> Option<&'static Price> {
        if self.own_price.is_some() { None } else { self.model?.price.as_ref() }
    }

    /// US dollars for a million tokens, if that is known.
    #[must_use]
    pub fn usd_per_million(&self) -> Option<f64> {
        self.own_price.or_else(|| Some(self.listed_price()?.usd_per_million))
    }

    /// What the job costs in US dollars, if that is known.
    #[must_use]
    pub fn cost(&self) -> Option<f64> {
        self.usd_per_million().map(|price| self.training.cost(price))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::ExampleTokens;

    #[test]
    fn epochs_follow_the_published_formula() {
        for (examples, epochs) in [
            (1, 25),
            (4, 25),
            (5, 20),
            (10, 10),
            (33, 3),
            (34, 3),
            (50, 3),
            (8_333, 3),
            (8_334, 2),
            (12_500, 2),
            (12_501, 1),
            (25_000, 1),
            (1_000_000, 1),
        ] {
            assert_eq!(auto_epochs(examples), epochs, "{examples}");
        }
        assert_eq!([10, 499, 500, 1000, 1_000_000].map(auto_batch_size), [1, 1, 1, 2, 256]);
    }

    #[test]
    fn what_is_cut_off_is_not_billed() {
        let mut facts = TokenFacts::default();
        for (line, total) in [(1, 100), (2, 1000), (3, 100)] {
            facts.add(&ExampleTokens { total, length: total, ..ExampleTokens::default() }, line);
        }
        let training = Training::new(&facts, facts.billed(Some(300)), 0, None);
        assert_eq!((training.epochs, training.billed, training.steps), (25, 25 * 500, 75));
        assert_eq!(training.uncertain, 25 * 9);
        let training = Training::new(&facts, facts.billed(None), 0, Some(2));
        assert_eq!((training.epochs, training.auto_epochs, training.billed), (2, false, 2400));
        assert!((training.cost(25.0) - 0.06).abs() < 1e-9);
        let training = Training::new(&facts, facts.billed(None), 0, Some(u64::MAX));
        assert_eq!([training.billed, training.uncertain, training.steps], [u64::MAX; 3]);
    }
}
