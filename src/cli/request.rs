//! `ftlint job REQUEST`: a job before it is created. `ftlint job --from JOB` is in [`super::history`].

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::error::ErrorKind;
use toml::Spanned;

use super::baseline::{self, Known};
use super::config::ConfigArgs;
use super::filter::Filter;
use super::lint::{ExitArgs, OutputArgs, Run};
use super::plans::fitting;
use super::run::{self, RunArgs};
use super::select::SelectArgs;
use super::{Outcome, Stop, history, job, say};
use crate::config::Options;
use crate::input::Input;
use crate::lint::{JobInputs, Wanted, lint_job};
use crate::outcome::Reporter as _;
use crate::request::Source;
use crate::rules::tokens::over_budget;
use crate::settings::Settings;
use crate::target::{Day, Requests};
use crate::text::{list, mask};

const EXAMPLES: &str = "\
Examples:
  ftlint job request.json                             the request, and files that it names by path
  ftlint job request.yaml --training-file train.jsonl --validation-file valid.jsonl
  ftlint job --from job.json --training-file train.jsonl
  ftlint job --from job.json --events events.json --checkpoints checkpoints.json

Exit code: 0 if nothing is at level error, 1 if something is or the job failed, 2 if it could not run.";

/// What can be said about a job.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct RequestArgs {
    /// The body of the request that creates the job, JSON or YAML; `-` for standard input
    #[arg(value_name = "REQUEST", required_unless_present_any = ["from", "events", "checkpoints"], conflicts_with = "from")]
    request: Option<PathBuf>,
    /// The file to train on, if the request names it by id
    #[arg(long, value_name = "FILE")]
    training_file: Option<PathBuf>,
    /// The file to validate with, if the request names it by id
    #[arg(long, value_name = "FILE")]
    validation_file: Option<PathBuf>,
    #[command(flatten)]
    history: HistoryArgs,
    #[command(flatten)]
    cost: CostArgs,
    #[command(flatten)]
    select: SelectArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    exit: ExitArgs,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "A job that was created")]
struct HistoryArgs {
    /// A job as the API returned it: why it failed, what it was billed
    #[arg(long, value_name = "JOB")]
    from: Option<PathBuf>,
    /// The events of that job, as the API returned them
    #[arg(long, value_name = "FILE", requires = "from", conflicts_with = "request")]
    events: Option<PathBuf>,
    /// The checkpoints of that job, as the API returned them: their metrics are drawn
    #[arg(long, value_name = "FILE", requires = "from", conflicts_with = "request")]
    checkpoints: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Tokens and cost")]
struct CostArgs {
    /// Provider that the job is for: `ftlint targets` [default: openai]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// US dollars for a million trained tokens, instead of the price known for the model
    #[arg(long, value_name = "USD", value_parser = job::amount, allow_negative_numbers = true, conflicts_with = "from")]
    price: Option<f64>,
    /// The most that training may cost; more is an error (FT406)
    #[arg(long, value_name = "USD", value_parser = job::amount, allow_negative_numbers = true, conflicts_with = "from")]
    max_cost: Option<f64>,
}

impl RequestArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        self.judge().or_else(|stop| stop.end(Some("job")))
    }

    fn judge(&self) -> Result<Outcome, Stop> {
        let named: Vec<&Path> = [
            &self.request,
            &self.history.from,
            &self.history.events,
            &self.history.checkpoints,
            &self.training_file,
            &self.validation_file,
        ]
        .into_iter()
        .filter_map(Option::as_deref)
        .collect();
        if named.iter().filter(|path| **path == Path::new("-")).count() > 1 {
            let message = "standard input can be read only once, but `-` is given more than once";
            return Err(Stop::Misuse(ErrorKind::ArgumentConflict, message.to_owned()));
        }
        let mut inputs: Vec<Input> = named.into_iter().map(input).collect();
        let progress = self.run.progress(&inputs, self.output.quiet);
        let output =
            |inputs: &[Input]| run::output(self.output.output_file.as_deref(), inputs, self.output.color, &progress);
        let training = self.training_file.as_deref().map(input);
        let validation = self.validation_file.as_deref().map(input);
        let (run, settings, known) = self.settings()?;
        if self.cost.max_cost.is_some() && !settings.asks(&over_budget::RULE) {
            let message = "--max-cost is checked by over-budget (FT406), which is off";
            return Err(Stop::Misuse(ErrorKind::ArgumentConflict, message.to_owned()));
        }
        let Some(path) = &self.request else {
            let HistoryArgs { from, events, checkpoints } = &self.history;
            let documents: Vec<Input> =
                [from, events, checkpoints].into_iter().flatten().map(|path| input(path)).collect();
            let (out, style) = output(&inputs)?;
            let outcome = history::run(
                &fitting(&settings, style),
                &documents,
                training.as_ref(),
                validation.as_ref(),
                (run.format, style, out),
            );
            return Ok(run.exit.spare(outcome?));
        };
        let request = input(path);
        let bytes = match request.read_all() {
            Ok(bytes) => bytes,
            Err(error) => {
                run::complain(&request.name(), &io::Error::other(request.describe(&error)));
                return Err(Stop::Said);
            }
        };
        let extension = path.extension().and_then(|extension| extension.to_str());
        let job_inputs = JobInputs {
            name: request.name(),
            source: Source::new(bytes, Source::syntax_of(extension)),
            folder: Some(path.parent().unwrap_or(Path::new("")).to_owned()),
            training,
            validation,
        };
        // What the request names is read as well.
        let wanted = Wanted::of(&job_inputs, &settings);
        inputs.extend([&wanted.training, &wanted.validation].into_iter().flatten().cloned());
        let (out, style) = output(&inputs)?;
        let settings = fitting(&settings, style);
        let mut reporter = run.format.reporter(out, style);
        let filter = Filter { errors_only: self.output.hides_warnings(&run), sets_only: false };
        let mut filtered = filter.wrap_run(&mut *reporter);
        let (model, has_training) = (wanted.model, wanted.training.is_some());
        let files: Vec<String> =
            [&wanted.training, &wanted.validation].into_iter().flatten().map(Input::name).collect();
        let baseline = known.as_ref().map(|known| &known.baseline);
        let add = |bytes| progress.add(bytes);
        let total = lint_job(&settings, &job_inputs, wanted, baseline, &mut filtered, &add)?;
        progress.finish();
        filtered.finish(&total)?;
        let settings = Settings { model, ..settings };
        if run.format.is_for_people() && !self.output.quiet {
            job::say_notice(&settings);
        }
        if !self.output.quiet && settings.target.requests == Requests::Unknown {
            let target = settings.target.name;
            if files.is_empty() {
                say(format_args!(
                    "note: requests for jobs at {target} are not linted, and this one names no file that is here: \
                     --training-file gives its data"
                ));
            } else {
                let files = mask(list(files.iter().map(String::as_str), "and").as_bytes());
                say(format_args!(
                    "note: requests for jobs at {target} are not linted: of this one its model and {files} were looked at"
                ));
            }
        }
        if self.cost.max_cost.is_some() {
            let why = match settings.usd_per_million() {
                _ if !has_training => Some("the data to train on are not at hand"),
                None => Some("no price per token is known; --price gives one"),
                Some(_) => None,
            };
            if let Some(why) = why {
                say(format_args!("ftlint: --max-cost is not checked: {why}"));
            }
        }
        for failed in &total.failures {
            run::complain(&failed.name, &io::Error::other(failed.error.clone()));
        }
        Ok(run.exit.outcome(&total))
    }

    /// What the flags and the config of the working folder come to. The model and its epochs are the request's.
    /// Of the files a baseline of the config may know something.
    fn settings(&self) -> Result<(Run, Settings, Option<Known>), Stop> {
        let mut flags = Options {
            target: self.cost.target.clone().map(|name| Spanned::new(0..0, name)),
            price: self.cost.price,
            max_cost: self.cost.max_cost,
            ..Options::default()
        };
        self.output.add_to(&mut flags);
        self.exit.add_to(&mut flags);
        self.select.add_to(&mut flags);
        self.run.add_to(&mut flags);
        let config = self.config.finder_with_environment(flags)?.find(None)?;
        let run = Run::new(&config, self.exit.exit_zero, false);
        let settings = Settings { today: Some(Day::today().to_string()), ..config.settings()? };
        let settings = self.output.apply(&run, &config, settings);
        let known = if self.request.is_some() { baseline::known(&config)? } else { None };
        Ok((run, settings, known))
    }
}

fn input(path: &Path) -> Input {
    if path == Path::new("-") { Input::Stdin(None) } else { Input::File(path.to_owned()) }
}
