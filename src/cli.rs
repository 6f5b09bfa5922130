//! The command line: what was typed becomes settings, a call of the linter and an exit code.

mod baseline;
mod config;
mod files;
mod filter;
mod fix;
mod generate;
mod history;
mod job;
mod lint;
mod notice;
mod plans;
mod report;
mod request;
mod rules;
mod run;
mod select;
mod sets;
mod stats;
mod targets;

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::builder::styling::{AnsiColor, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand};
use terminal_size::terminal_size_of;

use crate::config::Fault;
use crate::text::{did_you_mean, quote, wrap};
use sets::Misnamed;

const EXAMPLES: &str = "\
Examples:
  ftlint train.jsonl                 lint a file
  ftlint data/ valid.jsonl           lint all .jsonl files of a folder, and a file
  ftlint --output-format json f.jsonl | jq .summary
  ftlint --fix train.jsonl           mend what can be mended, --diff shows it first
  ftlint stats train.jsonl           tokens, the longest examples, what training costs
  ftlint job request.json            the request for a job, with the files it names
  ftlint rule unknown-role           why a rule exists and what to do

Exit code: 0 if nothing is at level error, 1 if something is, 2 if it could not run.
ftlint opens no network connection and changes no data but with --fix.";

/// The first that somebody wants to know who names no file.
const FIRST_STEPS: &str = "\
Examples:
  ftlint train.jsonl                 lint a file
  ftlint --fix train.jsonl           mend what can be mended, --diff shows it first
  ftlint stats train.jsonl           tokens, the longest examples, what training costs";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Says before the upload whether a fine-tuning file will be accepted, what is wrong with it, and at
/// which byte of which line.
#[derive(Debug, Parser)]
#[command(
    name = "ftlint",
    version,
    about = "A linter for LLM fine-tuning data (JSONL)",
    after_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    args_override_self = true,
    mut_subcommands(|command| command.args_override_self(true)),
    styles = STYLES,
    max_term_width = 100
)]
struct Program {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    lint: lint::LintArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Count tokens: how long examples are, and what training on them costs
    Stats(stats::StatsArgs),
    /// Write a page that shows it all: findings, charts, excerpts, costs
    Report(report::ReportArgs),
    /// Lint the request for a job with its files, or explain how a job ended
    Job(request::RequestArgs),
    /// List all rules
    Rules(rules::RulesArgs),
    /// Explain a rule: why it exists, what to do, examples
    Rule(rules::RuleArgs),
    /// List whom data can be for, and what each takes
    Targets(targets::TargetsArgs),
    /// List the models that are known: context, price, dates
    Models(targets::ModelsArgs),
    /// Write an ftlint.toml with all settings as comments
    Init(config::InitArgs),
    /// Print completions for a shell
    Completions(generate::CompletionsArgs),
    /// Print the man page
    #[command(hide = true)]
    Man,
}

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing at level error.
    Clean,
    /// Something at level error, or more warnings than may pass.
    Errors,
    /// It could not run, or not to its end.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Errors => 1,
            Outcome::Failed => 2,
        })
    }
}

/// Runs what the arguments ask for.
///
/// # Errors
/// What cannot be told in a report: standard output cannot be written, a flag makes no sense.
pub fn run(args: impl IntoIterator<Item = OsString>) -> io::Result<Outcome> {
    // Help and errors are coloured by another crate, which knows only some of the variables.
    if run::use_color(clap::ColorChoice::Auto, false) {
        anstream::ColorChoice::Always.write_global();
    }
    let mut given: Vec<OsString> = args.into_iter().collect();
    let command_was_behind = put_command_first(&mut given);
    let args = match Program::try_parse_from(&given) {
        Ok(args) => args,
        Err(error) => {
            if error.use_stderr() {
                let mut error = with_command_meant(error);
                // Of a flag before a command nobody means that it should be a file.
                if command_was_behind && error.kind() == ErrorKind::UnknownArgument {
                    error.remove(ContextKind::Suggested);
                }
                return Ok(misuse(&error));
            }
            match short_help(&given).filter(|_| error.kind() == ErrorKind::DisplayHelp) {
                Some(help) => write!(anstream::stdout(), "{}", help.ansi())?,
                None => error.print()?,
            }
            return Ok(Outcome::Clean);
        }
    };
    match args.command {
        Some(Command::Stats(args)) => args.run(),
        Some(Command::Report(args)) => args.run(),
        Some(Command::Job(args)) => args.run(),
        Some(Command::Rules(args)) => args.run(),
        Some(Command::Rule(args)) => args.run(),
        Some(Command::Completions(args)) => args.run(),
        Some(Command::Man) => generate::man(),
        Some(Command::Targets(args)) => args.run(),
        Some(Command::Models(args)) => args.run(),
        Some(Command::Init(args)) => args.run(),
        None => {
            if let Some(hint) = args.lint.paths.first().and_then(|path| mistaken_command(path)) {
                say(format_args!("ftlint: {hint}"));
                return Ok(Outcome::Failed);
            }
            args.lint.run()
        }
    }
}

/// Why a command ends before its work is done.
enum Stop {
    /// What is wrong was said.
    Said,
    /// A config makes no sense.
    Config(Fault),
    /// The arguments stand for no inputs.
    Misnamed(Misnamed),
    /// Arguments do not go together, or one is missing.
    Misuse(ErrorKind, String),
    /// What is to be told cannot be written.
    Write(io::Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        Stop::Config(fault)
    }
}

impl From<Misnamed> for Stop {
    fn from(misnamed: Misnamed) -> Stop {
        Stop::Misnamed(misnamed)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Write(error)
    }
}

impl Stop {
    /// Says why the command of this name ends, unless that was said; none is the linter itself.
    fn end(self, command: Option<&str>) -> io::Result<Outcome> {
        let (kind, message) = match self {
            Stop::Said => return Ok(Outcome::Failed),
            Stop::Config(fault) => return Ok(config::failed(&fault)),
            Stop::Write(error) => return Err(error),
            Stop::Misnamed(Misnamed::NoFile) if command.is_none() => return Ok(no_file()),
            Stop::Misnamed(misnamed) => (misnamed.into(), misnamed.to_string()),
            Stop::Misuse(kind, message) => (kind, message),
        };
        let mut program = Program::command();
        program.build();
        let command = command.and_then(|name| program.find_subcommand_mut(name).cloned());
        Ok(misuse(&command.unwrap_or_else(Program::command).error(kind, message)))
    }
}

/// Puts the command before the flags behind which it stands: `--isolated stats f`. Whether there is such a one.
fn put_command_first(given: &mut [OsString]) -> bool {
    let begins_with_flag = given.get(1).is_some_and(|first| first.as_encoded_bytes().starts_with(b"-"));
    if !begins_with_flag {
        return false;
    }
    let program = Program::command();
    let is_command = |name: &OsString| program.find_subcommand(name).is_some() && fs::symlink_metadata(name).is_err();
    let Some(place) = given.iter().skip(1).position(is_command).map(|place| place + 1) else { return false };
    // What stands before it is whole, and names no file: it is no value of a flag, and no file behind others.
    let is_whole = Program::try_parse_from(&given[..place]).is_ok_and(|args| args.lint.paths.is_empty());
    if is_whole {
        given[1..=place].rotate_right(1);
    }
    is_whole
}

/// What `-h` shows: the flags that are used most. `None` if it is not asked for.
fn short_help(given: &[OsString]) -> Option<StyledStr> {
    let mut program = Program::command();
    let is_of_command = given.iter().skip(1).any(|given| program.find_subcommand(given).is_some());
    if is_of_command || !given.iter().any(|given| given == "-h") {
        return None;
    }
    let is_usual = |id: &str| lint::USUAL.contains(&id);
    program = program.mut_args(|arg| if is_usual(arg.get_id().as_str()) { arg } else { arg.hide(true) });
    Some(program.after_help(format!("{FIRST_STEPS}\n\n`ftlint --help` shows all flags.")).render_help())
}

/// The same error; of what is no command, with the one that was probably meant.
fn with_command_meant(mut error: clap::Error) -> clap::Error {
    if let (ErrorKind::InvalidSubcommand, Some(ContextValue::String(name))) =
        (error.kind(), error.get(ContextKind::InvalidSubcommand))
        && let Some(near) = did_you_mean(name, Program::command().get_subcommands().map(clap::Command::get_name))
    {
        let near = ContextValue::Strings(vec![near.to_owned()]);
        error.insert(ContextKind::SuggestedSubcommand, near);
    }
    error
}

/// Says that there is nothing to lint, and what could be said.
fn no_file() -> Outcome {
    let usage = Program::command().render_usage();
    let usage = usage.ansi();
    say(format_args!("error: no file was named\n\n{usage}\n\n{FIRST_STEPS}\n\nFor more information, try '--help'."));
    Outcome::Failed
}

/// Says what is wrong with the arguments. That nobody hears it makes them no better.
fn misuse(error: &clap::Error) -> Outcome {
    let _ = error.print();
    Outcome::Failed
}

/// Says that the output cannot be written, and why.
#[must_use]
pub fn cannot_write(error: &io::Error) -> Outcome {
    say(format_args!("ftlint: the output cannot be written: {}", run::describe(error)));
    Outcome::Failed
}

/// Says something about the run, on standard error. Where that cannot be written nobody is left to be
/// told, and the exit code must still be that of the run: `eprintln!` would panic.
fn say(text: impl fmt::Display) {
    let text = text.to_string();
    let text = match terminal_size_of(io::stderr()) {
        Some((width, _)) => {
            let rows: Vec<String> = text.lines().map(|line| wrap(line, usize::from(width.0), 2)).collect();
            rows.join("\n")
        }
        None => text,
    };
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// What was meant by a first argument that is no file but a command, misspelt or behind flags: linting
/// the arguments after it would bury the mistake under a report.
fn mistaken_command(path: &Path) -> Option<String> {
    let name = path.to_str()?;
    if path.components().count() != 1 || path.extension().is_some() || fs::symlink_metadata(path).is_ok() {
        return None;
    }
    // What other linters call it.
    if ["check", "lint"].contains(&name) {
        return Some(format!("there is no command {}; `ftlint FILE` lints", quote(name)));
    }
    let program = Program::command();
    let near = did_you_mean(name, program.get_subcommands().map(clap::Command::get_name))?;
    Some(format!("{} is neither a file nor a command; did you mean {}?", quote(name), quote(near)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_make_sense() {
        Program::command().debug_assert();
    }
}
