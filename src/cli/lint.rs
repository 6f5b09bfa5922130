//! `ftlint FILE…`

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ColorChoice};

use super::Outcome;
use crate::input::Input;
use crate::lint::{Failure, Linter};
use crate::progress::Progress;
use crate::report::{FailedFile, Format, Reporter, Style, Total};
use crate::settings::Settings;
use crate::text::{count, mask, size};

/// What can be said about a run.
#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// Files to lint; folders stand for their .jsonl and .ndjson files, `-` for standard input
    #[arg(value_name = "FILE")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
struct OutputArgs {
    /// How findings are shown: full, concise, json, json-lines
    #[arg(
        long,
        alias = "format",
        value_name = "FORMAT",
        default_value = "full",
        env = "FTLINT_OUTPUT_FORMAT",
        hide_env = true,
        hide_possible_values = true
    )]
    output_format: Format,
    /// Write the report to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// Findings shown of one rule and file, or `none` for all [full and concise only]
    #[arg(long, value_name = "N", default_value = "5")]
    max_per_rule: Limit,
    /// Findings shown of one file, errors first, or `none` for all [full and concise only]
    #[arg(long, value_name = "N", default_value = "50")]
    max_diagnostics: Limit,
    /// When to use colours: auto, always, never; NO_COLOR and FORCE_COLOR count too
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    color: ColorChoice,
    /// Report errors only, no warnings
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Run")]
struct RunArgs {
    /// Threads; 0 for one a core
    #[arg(short = 'j', long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Do not count tokens
    #[arg(long)]
    no_tokens: bool,
    /// Read files instead of mapping them into memory
    #[arg(long)]
    no_mmap: bool,
    /// Show no progress bar
    #[arg(long)]
    no_progress: bool,
}

/// A number, or `none` for no limit.
#[derive(Clone, Copy, Debug)]
struct Limit(Option<u64>);

impl std::str::FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" {
            return Ok(Limit(None));
        }
        text.parse().map(|n| Limit(Some(n))).map_err(|_| "expected a number or `none`")
    }
}

impl LintArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let start = Instant::now();
        let settings = self.settings();
        let inputs = match Input::expand(&self.paths) {
            Ok(inputs) => inputs,
            Err((path, error)) => {
                complain(&path.display().to_string(), &error);
                return Ok(Outcome::Failed);
            }
        };
        let progress = Arc::new(self.progress(&inputs));
        let mut reporter = match self.reporter(&progress) {
            Ok(reporter) => reporter,
            Err(error) => {
                complain(
                    &self.output.output_file.as_ref().map_or_else(String::new, |f| f.display().to_string()),
                    &error,
                );
                return Ok(Outcome::Failed);
            }
        };
        let mut linter = Linter::new(&settings).with_progress({
            let progress = Arc::clone(&progress);
            move |bytes| progress.add(bytes)
        });
        let mut total = Total::default();
        for input in &inputs {
            match linter.lint(input, &mut *reporter) {
                Ok(report) => total.add(&report),
                Err(Failure::Write(error)) => return Err(error),
                Err(Failure::Read(error)) => {
                    progress.suspend(|| complain(&input.name(), &error));
                    total.failures.push(FailedFile { name: input.name(), error: describe(&error) });
                }
            }
        }
        progress.finish();
        reporter.finish(&total)?;
        if !self.output.quiet && self.output.output_format.is_for_people() && total.files > 0 {
            let seconds = start.elapsed().as_secs_f64();
            anstream::eprintln!("checked {} in {}", size(total.bytes), duration(seconds));
        }
        Ok(if !total.failures.is_empty() {
            Outcome::Failed
        } else if total.errors > 0 {
            Outcome::Errors
        } else {
            Outcome::Clean
        })
    }

    fn settings(&self) -> Settings {
        let people = self.output.output_format.is_for_people();
        Settings {
            max_per_rule: self.output.max_per_rule.0.filter(|_| people),
            max_findings: self.output.max_diagnostics.0.filter(|_| people),
            errors_only: self.output.quiet,
            tokens: !self.run.no_tokens,
            threads: Some(self.run.threads).filter(|threads| *threads > 0),
            mmap: !self.run.no_mmap,
            ..Settings::default()
        }
    }

    fn reporter<'w>(&self, progress: &Arc<Progress>) -> io::Result<Box<dyn Reporter + 'w>> {
        let (out, terminal): (Box<dyn Write + 'w>, bool) = match &self.output.output_file {
            Some(path) => (Box::new(File::create(path)?), false),
            None => (Box::new(Arc::clone(progress).around(io::stdout())), io::stdout().is_terminal()),
        };
        let style = Style { color: use_color(self.output.color, terminal), width: 80 };
        Ok(self.output.output_format.reporter(Box::new(BufWriter::new(out)), style))
    }

    /// A bar for people who wait: on a terminal, and if it is known how much there is to do.
    fn progress(&self, inputs: &[Input]) -> Progress {
        let wanted = !self.run.no_progress && !self.output.quiet && std::env::var_os("CI").is_none();
        let sizes: Option<u64> = inputs.iter().map(Input::size).sum();
        match sizes {
            Some(bytes) if wanted && io::stderr().is_terminal() => Progress::new(bytes),
            _ => Progress::hidden(),
        }
    }
}

/// `--color` before `NO_COLOR` before `FORCE_COLOR` and `CLICOLOR_FORCE` before what the output is.
fn use_color(choice: ColorChoice, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto if set("FORCE_COLOR") || set("CLICOLOR_FORCE") => true,
        ColorChoice::Auto => terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// An error about a file: the path and the cause.
pub(super) fn complain(name: &str, error: &io::Error) {
    anstream::eprintln!("ftlint: {}: {}", mask(name.as_bytes()), describe(error));
}

/// The system's words, without its numbers.
fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    crate::text::lowercase_first(text).into_owned()
}

fn duration(seconds: f64) -> String {
    if seconds < 1.0 {
        format!("{:.0} ms", seconds * 1000.0)
    } else if seconds < 120.0 {
        format!("{seconds:.1} s")
    } else {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and small")]
        let minutes = (seconds / 60.0) as u64;
        format!("{} {:.0} s", count(minutes, "minute"), seconds % 60.0)
    }
}
