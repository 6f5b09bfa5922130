//! ftlint says, before anything is uploaded, whether a file of fine-tuning data will be accepted,
//! and what is wrong with it at which byte of which line.
//!
//! The modules in the order in which data passes through them:
//!
//! - [`input`] opens and maps files; `lines` cuts them into chunks of whole lines
//! - [`shape`] tells what a file is as a whole, [`json`] parses a line and knows where its parts are
//! - [`example`] is what a line says; [`tokens`] counts what it costs
//! - `schema` knows the JSON Schemas of tools, and what arguments they take
//! - [`secrets`] finds credentials and hides them
//! - [`request`] is what the request for a job says, [`history`] what the API says of a job that was made
//! - [`rule`] and [`rules`] judge; [`target`] is whom the data is for; [`finding`] is what they say
//! - [`dataset`] adds up the facts of a file, [`training`] is the job that it would make; [`lint`] is
//!   the pipeline that does all this, [`outcome`] what comes of it and who is told
//! - [`fix`] mends what can be mended, on top of the same findings; `atomic` writes files as a whole or not at all
//! - [`timing`] says what took how long, if that is asked for
//! - [`report`] shows what was found; [`cli`] is the command line; [`settings`] is what it asks for,
//!   [`selection`] which rules of it
//!
//! What holds everywhere:
//!
//! - The reader never judges, and rules never parse. Rules do no I/O and see no byte offsets.
//! - Findings come in the order of the file, whatever the number of threads and the kind of input.
//! - Counts are exact, however few findings are shown.
//! - No byte of the input reaches a terminal unmasked.
//! - Nothing here opens a network connection. Nothing but [`fix`] changes a file, and only if it is asked to.
//!
//! [`lint::Linter`] with [`settings::Settings`] is what most programs need:
//!
//! ```
//! use ftlint::lint::Linter;
//! use ftlint::settings::Settings;
//!
//! let line = br#"{"messages":[{"role":"user","content":"Hi"},{"role":"asistant","content":"Hello!"}]}"#;
//! let settings = Settings { tokens: false, ..Settings::default() };
//! let (report, findings) = Linter::new(&settings).lint_bytes("train.jsonl", line);
//! assert_eq!(report.facts.lines.examples, 1);
//!
//! let role = &findings[0];
//! let place = role.place.as_ref().expect("it is about a line");
//! assert_eq!((role.rule.name, place.line), ("unknown-role", 1));
//! assert_eq!(&line[place.span.clone()], br#""asistant""#);
//! ```

mod atomic;
#[cfg(target_arch = "x86_64")]
mod avx2;
pub mod baseline;
pub mod cli;
pub mod config;
pub mod dataset;
pub mod example;
pub mod finding;
pub mod fix;
pub mod history;
pub mod input;
pub mod json;
mod lines;
pub mod lint;
pub mod outcome;
mod prefetch;
mod progress;
pub mod report;
pub mod request;
pub mod rule;
pub mod rules;
mod schema;
pub mod secrets;
pub mod selection;
pub mod settings;
pub mod shape;
pub mod target;
pub mod text;
pub mod timing;
pub mod tokens;
pub mod training;
