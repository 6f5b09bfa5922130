//! What the API says of a job that was made: the job itself, its events and its checkpoints.
//!
//! Everything is read leniently. Live answers differ from the specification: `"error": {}` where nothing failed,
//! `n_epochs: -1` where the service chose, `data: null`, and keys that no document names.

mod cause;

use std::error::Error;
use std::fmt;

use serde_json::Value;

use crate::secrets;

pub use cause::{Cause, Spot, explain};

/// What is known of jobs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The jobs.
    pub jobs: Vec<CreatedJob>,
    /// Their events, the oldest first.
    pub events: Vec<Event>,
    /// Their checkpoints, the first step first.
    pub checkpoints: Vec<Checkpoint>,
}

/// A job that was created, as the API returns it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CreatedJob {
    /// `ftjob-…`
    pub id: Option<String>,
    /// `succeeded`, `failed`, …
    pub status: Option<String>,
    /// The model that is trained.
    pub model: Option<String>,
    /// The model that came of it.
    pub fine_tuned_model: Option<String>,
    /// `supervised`, `dpo`, `reinforcement`
    pub method: Option<String>,
    /// Epochs; `None` if they are not known yet.
    pub epochs: Option<u64>,
    /// Examples of a step; `None` if that is not known yet.
    pub batch_size: Option<u64>,
    /// What the learning rate was multiplied by.
    pub learning_rate_multiplier: Option<f64>,
    /// Billed tokens.
    pub trained_tokens: Option<u64>,
    /// The ids of its files.
    pub training_file: Option<String>,
    /// See [`CreatedJob::training_file`].
    pub validation_file: Option<String>,
    /// Why it failed.
    pub error: Option<JobError>,
}

/// Why a job failed, in the provider's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobError {
    /// `invalid_training_file`
    pub code: Option<String>,
    /// The sentence for people.
    pub message: String,
    /// The parameter at fault: `training_file`.
    pub param: Option<String>,
}

/// Something that happened to a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// When, in seconds since 1970.
    pub created_at: Option<i64>,
    /// `info`, `warn`, `error`
    pub level: Option<String>,
    /// What.
    pub message: String,
    /// Metrics of a step, if it is about that.
    pub metrics: Option<Metrics>,
}

/// A model as it was after some steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkpoint {
    /// The name of the model.
    pub model: Option<String>,
    /// What was measured.
    pub metrics: Metrics,
}

/// What was measured at a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// The step.
    pub step: u64,
    /// Names and values: `train_loss`, 0.42.
    pub values: Vec<(String, f64)>,
}

/// A JSON value that is no part of any job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NothingKnown;

impl fmt::Display for NothingKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("neither a job nor its events or checkpoints")
    }
}

impl Error for NothingKnown {}

impl History {
    /// Adds what a document holds: a job, an event, a checkpoint, or a list of such.
    ///
    /// # Errors
    /// It holds nothing of the kind.
    pub fn add(&mut self, document: &Value) -> Result<(), NothingKnown> {
        let added = self.add_any(document);
        // Services list the newest first.
        self.events.sort_by_key(|event| event.created_at);
        self.checkpoints.sort_by_key(|checkpoint| checkpoint.metrics.step);
        if added { Ok(()) } else { Err(NothingKnown) }
    }

    fn add_any(&mut self, document: &Value) -> bool {
        let list = match document {
            Value::Array(list) => Some(list),
            document => document.get("data").and_then(Value::as_array),
        };
        if let Some(list) = list {
            // Of one second the last of the list came first.
            return list.iter().rev().fold(list.is_empty(), |added, one| self.add_any(one) | added);
        }
        let has = |key: &str| document.get(key).is_some();
        let object = document.get("object").and_then(Value::as_str).unwrap_or_default();
        if object == "fine_tuning.job.event" || (object.is_empty() && has("message") && has("level")) {
            self.events.push(Event::read(document));
        } else if object == "fine_tuning.job.checkpoint" || (object.is_empty() && has("metrics")) {
            self.checkpoints.push(Checkpoint::read(document));
        } else if object.starts_with("fine_tuning.job")
            || object == "fine-tune"
            || has("status")
            || has("training_file") && has("id")
        {
            self.jobs.insert(0, CreatedJob::read(document));
        } else if let Some(error) = JobError::read(document.get("error")) {
            // What the API answers when it refuses to make a job.
            self.jobs.push(CreatedJob {
                status: Some("refused".to_owned()),
                error: Some(error),
                ..CreatedJob::default()
            });
        } else {
            return false;
        }
        true
    }

    /// Why jobs failed, from the jobs themselves and else from their events.
    #[must_use]
    pub fn errors(&self) -> Vec<JobError> {
        let mut errors: Vec<JobError> = self.jobs.iter().filter_map(|job| job.error.clone()).collect();
        if errors.is_empty() {
            let failed = self.events.iter().filter(|event| event.level.as_deref() == Some("error"));
            errors.extend(failed.map(|event| JobError { message: event.message.clone(), ..JobError::default() }));
        }
        errors
    }

    /// Measured values by name, each with its steps in order: of checkpoints and of events.
    #[must_use]
    pub fn series(&self) -> Vec<(&str, Vec<(u64, f64)>)> {
        let mut series: Vec<(&str, Vec<(u64, f64)>)> = Vec::new();
        let events = self.events.iter().filter_map(|event| event.metrics.as_ref());
        for metrics in self.checkpoints.iter().map(|checkpoint| &checkpoint.metrics).chain(events) {
            for (name, value) in &metrics.values {
                let place = series.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
                    series.push((name, Vec::new()));
                    series.len() - 1
                });
                series[place].1.push((metrics.step, *value));
            }
        }
        for (_, points) in &mut series {
            points.sort_by_key(|(step, _)| *step);
            points.dedup_by_key(|(step, _)| *step);
        }
        let order = |name: &str| METRICS.iter().position(|known| *known == name).unwrap_or(METRICS.len());
        series.sort_by(|(a, _), (b, _)| (order(a), a).cmp(&(order(b), b)));
        series
    }
}

/// What is measured, in the order of reports.
const METRICS: &[&str] = &[
    "train_loss",
    "valid_loss",
    "full_valid_loss",
    "train_mean_token_accuracy",
    "train_accuracy",
    "valid_mean_token_accuracy",
    "valid_accuracy",
    "full_valid_mean_token_accuracy",
];

/// A text, without the secrets in it: messages quote the data.
fn text(object: &Value, key: &str) -> Option<String> {
    object.get(key).and_then(shown)
}

fn shown(value: &Value) -> Option<String> {
    Some(secrets::redact(value.as_str()?).into_owned())
}

/// No service counts further, and no sum of what is counted is above a `u64`.
const MAX_COUNT: f64 = 1e12;

/// A number that counts something; `-1` and `"auto"` are none, and neither is what nobody can have counted.
fn count(object: &Value, key: &str) -> Option<u64> {
    let number = object.get(key)?.as_f64().filter(|n| n.fract() == 0.0 && (0.0..=MAX_COUNT).contains(n))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, positive and small")]
    Some(number as u64)
}

impl CreatedJob {
    fn read(job: &Value) -> CreatedJob {
        let method = job.get("method");
        let kind = method.and_then(|method| text(method, "type"));
        // Where they stand in the older and in the newer form.
        let inner = method.zip(kind.as_deref()).and_then(|(method, kind)| method.get(kind)?.get("hyperparameters"));
        let places = [job.get("hyperparameters"), inner];
        let number = |key: &str| places.iter().flatten().find_map(|place| count(place, key));
        CreatedJob {
            id: text(job, "id"),
            status: text(job, "status"),
            model: text(job, "model"),
            fine_tuned_model: text(job, "fine_tuned_model"),
            epochs: number("n_epochs").filter(|epochs| *epochs > 0),
            batch_size: number("batch_size").filter(|size| *size > 0),
            learning_rate_multiplier: places
                .iter()
                .flatten()
                .find_map(|place| place.get("learning_rate_multiplier")?.as_f64())
                .filter(|multiplier| *multiplier > 0.0),
            trained_tokens: count(job, "trained_tokens"),
            training_file: text(job, "training_file"),
            validation_file: text(job, "validation_file"),
            error: JobError::read(job.get("error")),
            method: kind,
        }
    }

    /// Whether it came to a bad end.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.error.is_some() || matches!(self.status.as_deref(), Some("failed" | "refused"))
    }
}

impl JobError {
    fn read(error: Option<&Value>) -> Option<JobError> {
        let error = error?;
        let message = shown(error).or_else(|| text(error, "message")).unwrap_or_default();
        let code = text(error, "code");
        // Of a job that has not failed it is null or empty.
        let is_error = !message.is_empty() || code.is_some();
        is_error.then(|| JobError { code, message, param: text(error, "param") })
    }
}

impl Event {
    fn read(event: &Value) -> Event {
        let data = event.get("data").filter(|data| data.is_object());
        Event {
            created_at: event.get("created_at").and_then(Value::as_i64),
            level: text(event, "level"),
            message: text(event, "message").unwrap_or_default(),
            metrics: data.and_then(|data| Metrics::read(data, count(data, "step")?)),
        }
    }
}

impl Checkpoint {
    fn read(checkpoint: &Value) -> Checkpoint {
        let metrics = checkpoint.get("metrics");
        let step = count(checkpoint, "step_number").or_else(|| count(metrics?, "step")).unwrap_or(0);
        Checkpoint {
            model: text(checkpoint, "fine_tuned_model_checkpoint").map(|name| name.trim().to_owned()),
            metrics: metrics.and_then(|metrics| Metrics::read(metrics, step)).unwrap_or_default(),
        }
    }
}

impl Metrics {
    fn read(metrics: &Value, step: u64) -> Option<Metrics> {
        let is_metric = |name: &str| name.ends_with("loss") || name.ends_with("accuracy") || name.ends_with("reward");
        let values = metrics.as_object()?.iter().filter(|(name, _)| is_metric(name));
        let values: Vec<(String, f64)> =
            values.filter_map(|(name, value)| Some((name.clone(), value.as_f64()?))).collect();
        (!values.is_empty()).then_some(Metrics { step, values })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &Value) -> History {
        let mut history = History::default();
        history.add(document).expect("it is known");
        history
    }

    #[test]
    fn live_answers_are_read() {
        let history = read(&json!({
            "object": "fine_tuning.job", "id": "ftjob-1", "status": "succeeded", "error": {}, "result_files": null,
            "hyperparameters": {"n_epochs": -1, "batch_size": -1, "learning_rate_multiplier": 1.8},
            "trained_tokens": 4800, "usage_metrics": null, "user_provided_suffix": "x", "shared_with_openai": false,
        }));
        let job = &history.jobs[0];
        assert_eq!((job.epochs, job.batch_size, job.trained_tokens), (None, None, Some(4800)));
        assert_eq!((job.learning_rate_multiplier, &job.error, job.has_failed()), (Some(1.8), &None, false));
    }

    #[test]
    fn both_forms_of_hyperparameters_are_read() {
        for job in [
            json!({"status": "running", "hyperparameters": {"n_epochs": 4}}),
            json!({"status": "running", "method": {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 4}}}}),
            json!({"status": "running", "hyperparameters": {"n_epochs": "auto"},
                "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 4.0}}}}),
        ] {
            assert_eq!(read(&job).jobs[0].epochs, Some(4), "{job}");
        }
    }

    #[test]
    fn lists_are_told_apart_by_what_they_hold() {
        // A document of the API once showed events as its list of jobs.
        let history = read(&json!({"object": "list", "has_more": true, "data": [
            {"object": "fine_tuning.job.event", "id": "b", "created_at": 2, "level": "warn", "message": "second", "data": null},
            {"object": "fine_tuning.job.event", "id": "a", "created_at": 2, "level": "info", "message": "first", "data": {}},
            {"object": "fine_tuning.job.checkpoint", "step_number": 2000, "metrics": {"full_valid_loss": 0.134}},
            {"object": "fine_tuning.job.checkpoint", "step_number": 1000, "metrics": {"full_valid_loss": 0.167, "step": 1000}},
            {"object": "fine_tuning.job", "id": "ftjob-1", "status": "queued"},
        ]}));
        assert_eq!(history.events.iter().map(|event| event.message.as_str()).collect::<Vec<_>>(), ["first", "second"]);
        assert_eq!(history.jobs.len(), 1);
        assert_eq!(history.series(), [("full_valid_loss", vec![(1000, 0.167), (2000, 0.134)])]);
        assert_eq!(read(&json!({"object": "list", "data": []})), History::default());
    }

    #[test]
    fn what_is_no_answer_of_the_api_is_not_taken_for_one() {
        for document in [json!({"messages": []}), json!(3), json!(null), json!([1]), json!({"error": {}})] {
            assert_eq!(History::default().add(&document), Err(NothingKnown), "{document}");
        }
    }

    #[test]
    fn a_refusal_is_an_error_too() {
        let history = read(
            &json!({"error": {"message": "no", "type": "invalid_request_error", "code": "training_not_available"}}),
        );
        assert_eq!(history.errors()[0].code.as_deref(), Some("training_not_available"));
        let events = read(&json!([{"level": "error", "message": "The job failed"}, {"level": "info", "message": "x"}]));
        assert_eq!(events.errors()[0].message, "The job failed");
    }
}
