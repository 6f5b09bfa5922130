//! `ftlint job --from JOB`: a job that was created, as the API returned it.

use std::io::{self, Write};

use serde_json::Value;

use super::run::complain;
use super::{Outcome, say};
use crate::history::History;
use crate::input::Input;
use crate::lint::look_up;
use crate::report::{Format, Style, write_history};
use crate::settings::Settings;
use crate::shape::BYTE_ORDER_MARK;
use crate::text::{lowercase_first, mask};

/// Reads the documents, looks up in the files what they say, and writes the report.
pub(super) fn run(
    settings: &Settings,
    documents: &[Input],
    training: Option<&Input>,
    validation: Option<&Input>,
    (format, style, mut out): (Format, Style, Box<dyn Write + '_>),
) -> io::Result<Outcome> {
    let mut history = History::default();
    for document in documents {
        if let Err(reason) = add(&mut history, document) {
            say(format_args!("ftlint: {}: {reason}", mask(document.name().as_bytes())));
            return Ok(Outcome::Failed);
        }
    }
    let name = documents.first().map(Input::name).unwrap_or_default();
    let report = match look_up(settings, &name, history, training, validation) {
        Ok(report) => report,
        Err((name, error)) => {
            complain(&name, &error);
            return Ok(Outcome::Failed);
        }
    };
    write_history(&report, format, style, &mut out)?;
    let failed = !report.errors.is_empty() || report.history.jobs.iter().any(crate::history::CreatedJob::has_failed);
    Ok(if failed { Outcome::Errors } else { Outcome::Clean })
}

fn add(history: &mut History, document: &Input) -> Result<(), String> {
    let bytes = document.read_all().map_err(|error| crate::input::describe(&error))?;
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    // The parser's words hold no part of the text.
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {}", lowercase_first(&error.to_string())))?;
    history.add(&value).map_err(|_| match value.get("training_file") {
        Some(_) => "the request for a job, not the job: `ftlint job FILE` lints it".to_owned(),
        None => "neither a job nor its events or checkpoints".to_owned(),
    })
}
