//! Models: data, read from a table that is a part of the program.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Day;
use crate::example::Format;
use crate::text::{list, quote};
use crate::tokens::{Encoding, ImagePricing};

/// A model that is fine-tuned, or was.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The target that has it.
    #[serde(default = "openai")]
    pub target: String,
    /// The exact snapshot, as a job names it: `gpt-4.1-2025-04-14`.
    pub name: String,
    /// Names that stand for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// How text becomes tokens.
    #[serde(default = "o200k")]
    pub encoding: Encoding,
    /// Whether it has a tokenizer of its own, so that every count is an estimate.
    #[serde(default)]
    pub own_tokenizer: bool,
    /// The most tokens of an example; what is behind them is cut off. `None` if it is not known.
    #[serde(default)]
    pub context: Option<u64>,
    /// The ways in which it is trained.
    pub methods: Vec<Method>,
    /// The formats of its training files, by [`Format::name`].
    pub formats: Vec<String>,
    /// Whether it is trained on images.
    #[serde(default)]
    pub vision: bool,
    /// How an image is counted, if that is known.
    pub images: Option<ImagePricing>,
    /// What training costs, if that is billed by the token and known.
    pub price: Option<Price>,
    /// Whether jobs can be created.
    pub state: State,
    /// The last day for new jobs, as `2027-01-06`.
    pub closes: Option<String>,
    /// The day from which it cannot be used.
    pub retires: Option<String>,
    /// Where this is from: keys of [`Models::sources`].
    pub sources: Vec<String>,
}

/// A model in a table of a user: `[models.NAME]`. What is left out is not known, but for the target (openai), the
/// methods (supervised), the formats (chat) and the state (open).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelTable {
    /// The target that has it.
    pub target: Option<String>,
    /// Names that stand for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// How text becomes tokens; without it every count is an estimate.
    pub encoding: Option<Encoding>,
    /// The most tokens of an example.
    pub context: Option<u64>,
    /// The ways in which it is trained.
    pub methods: Option<Vec<Method>>,
    /// The formats of its training files.
    pub formats: Option<Vec<String>>,
    /// Whether it is trained on images.
    #[serde(default)]
    pub vision: bool,
    /// How an image is counted.
    pub images: Option<ImagePricing>,
    /// What training costs.
    pub price: Option<Price>,
    /// Whether jobs can be created.
    pub state: Option<State>,
    /// The last day for new jobs.
    pub closes: Option<String>,
    /// The day from which it cannot be used.
    pub retires: Option<String>,
}

impl ModelTable {
    /// The model of this name; else the field and what is wrong with it.
    pub(super) fn model(self, name: &str, target: &str) -> Result<Model, (&'static str, String)> {
        let formats = self.formats.unwrap_or_else(|| vec![Format::Chat.name().to_owned()]);
        let known = Format::KNOWN.map(Format::name);
        if let Some(wrong) = formats.iter().find(|format| !known.contains(&format.as_str())) {
            return Err(("formats", format!("there is no format {}; known are {}", quote(wrong), list(known, "and"))));
        }
        for (field, day) in [("closes", &self.closes), ("retires", &self.retires)] {
            if let Some(day) = day.as_deref().filter(|day| day.parse::<Day>().is_err()) {
                return Err((field, format!("{} is no day such as 2027-01-06", quote(day))));
            }
        }
        if self.context == Some(0) {
            return Err(("context", "a context has 1 token or more".to_owned()));
        }
        let mut price = self.price;
        if let Some(Price { usd_per_million, .. }) = &mut price {
            *usd_per_million =
                Price::amount(*usd_per_million).map_err(|reason| ("price.usd_per_million", reason.to_owned()))?;
        }
        Ok(Model {
            target: target.to_owned(),
            name: name.to_owned(),
            aliases: self.aliases,
            own_tokenizer: self.encoding.is_none(),
            encoding: self.encoding.unwrap_or_else(o200k),
            context: self.context,
            methods: self.methods.unwrap_or_else(|| vec![Method::Supervised]),
            formats,
            vision: self.vision,
            images: self.images,
            price,
            state: self.state.unwrap_or(State::Open),
            closes: self.closes,
            retires: self.retires,
            sources: Vec::new(),
        })
    }
}

/// What training costs.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// US dollars for a million trained tokens.
    pub usd_per_million: f64,
    /// The time of which the price is, as exact as that is known; empty if the user did not say.
    #[serde(default)]
    pub date: String,
    /// Where it is from: a key of [`Models::sources`], or what the user says.
    #[serde(default = "user")]
    pub source: String,
}

impl Price {
    /// An amount of US dollars that somebody asked for, as a price or as a budget.
    ///
    /// # Errors
    /// It is less than nothing, more than there is, or no number: no cost would be above a budget of that.
    pub(crate) fn amount(usd: f64) -> Result<f64, &'static str> {
        // Of -0 the sign would be shown.
        let is_amount = (0.0..=1e12).contains(&usd);
        if is_amount { Ok(usd.abs()) } else { Err("expected an amount of US dollars such as 2.50") }
    }
}

/// A way of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// On answers to repeat.
    Supervised,
    /// On pairs of answers, of which one is better.
    Dpo,
    /// On answers of its own, which are graded.
    Reinforcement,
}

/// Whether jobs can be created with a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// They can.
    Open,
    /// Some organisations can.
    Invitation,
    /// They cannot.
    Closed,
}

/// The table of models.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Models {
    /// The day for which the states hold.
    pub as_of: String,
    /// What the sources are called in full.
    pub sources: BTreeMap<String, String>,
    /// The models.
    #[serde(rename = "model")]
    pub list: Vec<Model>,
}

/// The table that is a part of the program.
pub static MODELS: LazyLock<Models> =
    LazyLock::new(|| toml::from_str(include_str!("models.toml")).expect("the table of models is sound"));

impl Models {
    /// The full name of a source.
    #[must_use]
    pub fn source<'m>(&'m self, key: &'m str) -> &'m str {
        self.sources.get(key).map_or(key, String::as_str)
    }
}

impl Model {
    /// Whether it is known to be closed on a day, without one on which that began. The table says so as of its own day; of
    /// a day before that only dates tell, if there are any.
    #[must_use]
    pub fn is_closed_on(&self, today: &str) -> bool {
        let dated = self.closes.is_some() || self.retires.is_some();
        // A user's own model is as the user says.
        let known = !dated || self.sources.is_empty() || *today >= *MODELS.as_of;
        self.state == State::Closed && known
    }

    /// The name of the snapshot and those that stand for it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.aliases).map(String::as_str)
    }

    /// Whether this is its name or an alias, or the name of a model that was made of it
    /// (`ft:gpt-4.1-mini-2025-04-14:org::id`).
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let name = base(name);
        self.names().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether jobs can be created with it by everybody, for all that is known.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.state == State::Open
    }

    /// Whether its training files have lines of this format.
    #[must_use]
    pub fn accepts(&self, format: Format) -> bool {
        self.formats.iter().any(|known| known == format.name())
    }
}

/// The model that a fine-tuned model was made of.
///
/// The prefix is taken away before any name is compared: `ft:gpt-4.1` is no `ft:gpt-4`.
pub(super) fn base(name: &str) -> &str {
    match name.strip_prefix("ft:") {
        Some(tuned) => tuned.split(':').next().unwrap_or(tuned),
        None => name,
    }
}

fn openai() -> String {
    "openai".to_owned()
}

/// In which what has another tokenizer is counted.
fn o200k() -> Encoding {
    Encoding::O200kBase
}

fn user() -> String {
    "your configuration".to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::target::Catalogue;

    #[test]
    fn the_table_is_sound() {
        let is_day = |day: &str| day.parse::<Day>().is_ok();
        assert!(is_day(&MODELS.as_of));
        let mut names = HashSet::new();
        for model in &MODELS.list {
            for name in model.names() {
                assert!(names.insert((&model.target, name)), "{name} twice");
            }
            let price = model.price.iter().map(|price| &price.source);
            for source in model.sources.iter().chain(price) {
                assert!(MODELS.sources.contains_key(source), "{}: {source}", model.name);
            }
            for format in &model.formats {
                assert!(Format::KNOWN.iter().any(|known| known.name() == format), "{format}");
            }
            for day in model.closes.iter().chain(&model.retires) {
                assert!(is_day(day), "{day}");
            }
            assert!(model.price.as_ref().is_none_or(|price| price.usd_per_million > 0.0 && price.date.len() >= 4));
            assert!(!model.methods.is_empty() && !model.sources.is_empty());
            let ends = model.state == State::Closed || model.retires.is_some();
            assert!(ends || model.target != "openai", "{} has no end", model.name);
            assert!(Catalogue::builtin().target(&model.target).is_some(), "{}: {}", model.name, model.target);
        }
        let used: HashSet<&String> = MODELS.list.iter().flat_map(|model| &model.sources).collect();
        let priced = MODELS.list.iter().filter_map(|model| Some(&model.price.as_ref()?.source)).collect();
        assert_eq!(used.union(&priced).count(), MODELS.sources.len(), "a source is not used");
    }

    #[test]
    fn an_amount_is_a_number_of_dollars() {
        for usd in [0.0, 2.5, 1e12] {
            assert_eq!(Price::amount(usd), Ok(usd));
        }
        assert!(Price::amount(-0.0).is_ok_and(f64::is_sign_positive));
        for usd in [f64::NAN, -5.0, -f64::MIN_POSITIVE, 1e13, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(Price::amount(usd).is_err(), "{usd}");
            let price = Price { usd_per_million: usd, date: String::new(), source: user() };
            let table = ModelTable { price: Some(price), ..ModelTable::default() };
            assert_eq!(table.model("ours", "openai").unwrap_err().0, "price.usd_per_million", "{usd}");
        }
    }

    #[test]
    fn models_are_found_by_snapshot_alias_and_fine_tuned_name() {
        let choose = |name: &str| Catalogue::builtin().choose(None, Some(name));
        let found = |name: &str| choose(name).ok()?.1.map(|model| model.name.as_str());
        assert_eq!(found("gpt-4.1-2025-04-14"), Some("gpt-4.1-2025-04-14"));
        assert_eq!(found("GPT-4.1-mini"), Some("gpt-4.1-mini-2025-04-14"));
        assert_eq!(found("ft:gpt-4.1-mini-2025-04-14:acme:suffix:AbC123"), Some("gpt-4.1-mini-2025-04-14"));
        assert_eq!(found("ft:gpt-4.1:acme::id"), Some("gpt-4.1-2025-04-14"));
        assert_eq!(found("ft:gpt-3.5-turbo-0125:acme::id:ckpt-step-90"), Some("gpt-3.5-turbo-0125"));
        assert_eq!(found("gpt-9"), None);
        assert!(choose("gpt-4.1-mni").unwrap_err().message.contains("did you mean `gpt-4.1-mini`?"));
    }

    #[test]
    fn fine_tuned_models_keep_the_encoding_of_their_base() {
        for (name, encoding) in [
            ("ft:gpt-4.1-2025-04-14:a::b", Encoding::O200kBase),
            ("ft:o4-mini-2025-04-16:a::b", Encoding::O200kBase),
            ("ft:gpt-4-0613:a::b", Encoding::Cl100kBase),
            ("ft:davinci-002:a::b", Encoding::Cl100kBase),
            ("davinci", Encoding::R50kBase),
        ] {
            let (_, model) = Catalogue::builtin().choose(None, Some(name)).unwrap();
            assert_eq!(model.unwrap().encoding, encoding, "{name}");
        }
    }
}
