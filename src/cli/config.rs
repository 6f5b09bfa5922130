//! What is said on the command line about config files, and `ftlint init`.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::plans::Plans;
use super::{Outcome, run, say};
use crate::config::{self, Argument, Config, Fault, Finder, Options};
use crate::input::Input;
use crate::rules::RULES;
use crate::settings::Settings;
use crate::text::mask;

/// Which config files count.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigArgs {
    /// A config file, or a key and its value (`max-warnings=10`)
    #[arg(long, value_name = "FILE|KEY=VALUE")]
    config: Vec<Argument>,
    /// Use no config file
    #[arg(long)]
    isolated: bool,
}

impl ConfigArgs {
    /// A finder of config files, with flags that go over them.
    pub(super) fn finder(&self, flags: Options) -> Result<Finder, Fault> {
        Finder::new(&self.config, self.isolated, flags)
    }

    /// The same for a command that reports findings: what the environment says of their format counts, under the flags.
    pub(super) fn finder_with_environment(&self, flags: Options) -> Result<Finder, Fault> {
        self.finder(flags)?.with_environment(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()))
    }
}

/// The configs of a run: each input has that which is closest to it.
#[derive(Debug, Default)]
pub(super) struct Configs {
    /// Those that there are.
    pub list: Vec<Config>,
    /// Which of them holds for which input.
    of_input: Vec<usize>,
}

impl Configs {
    /// Finds the config of each input.
    pub(super) fn find(finder: &mut Finder, inputs: &[Input]) -> Result<Self, Fault> {
        let mut configs = Configs::default();
        for input in inputs {
            let config = finder.find(input.path())?;
            let known = configs.list.iter().position(|known| known.file == config.file);
            configs.of_input.push(known.unwrap_or(configs.list.len()));
            if known.is_none() {
                configs.list.push(config);
            }
        }
        Ok(configs)
    }

    /// The config of the first input, for what is about one job: it holds for all inputs.
    pub(super) fn of_first(finder: &mut Finder, inputs: &[Input]) -> Result<Config, Fault> {
        let configs = Configs::find(finder, &inputs[..inputs.len().min(1)])?;
        Ok(configs.list.into_iter().next().unwrap_or_default())
    }

    /// The settings that they come to, with what `finish` makes of each.
    pub(super) fn plans(&self, finish: impl Fn(&Config, Settings) -> Settings) -> Result<Plans, Fault> {
        let settings = self.list.iter().map(|config| Ok(finish(config, config.settings()?)));
        Ok(Plans::new(settings.collect::<Result<_, _>>()?, self.of_input.clone()))
    }

    /// Prints what holds for which input, and for a run that is called where the config `here` holds.
    pub(super) fn show(&self, here: &Config, inputs: &[Input], plans: &Plans) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let mut is_first = true;
        for (number, (config, settings)) in self.list.iter().zip(&plans.settings).enumerate() {
            let mut first: Option<Settings> = None;
            for (of_files, places) in self.alike(number, inputs, settings, plans) {
                if !std::mem::take(&mut is_first) {
                    writeln!(out)?;
                }
                for place in places {
                    writeln!(out, "# for {}", mask(inputs[place].name().as_bytes()))?;
                }
                if let Some(first) = &first {
                    writeln!(out, "# the same, but for the rules that are left out")?;
                    write!(out, "{}", config::show_differences(first, &of_files))?;
                    continue;
                }
                let file = config.file.as_ref().map_or("no config file".to_owned(), |file| file.display().to_string());
                writeln!(out, "# from {}", mask(file.as_bytes()))?;
                write!(out, "{}", config::show(config, here, settings, &of_files))?;
                first = Some(of_files);
            }
        }
        Ok(())
    }

    /// The inputs of a config, by the rules that are on in them.
    fn alike(&self, number: usize, inputs: &[Input], all: &Settings, plans: &Plans) -> Vec<(Settings, Vec<usize>)> {
        let mut alike: Vec<(Settings, Vec<usize>)> = Vec::new();
        for (place, input) in inputs.iter().enumerate() {
            if self.of_input[place] != number || plans.is_repeated(place) {
                continue;
            }
            let settings = all.for_file(Path::new(&input.name()));
            let is_same = |known: &Settings| RULES.iter().all(|rule| known.severity(rule) == settings.severity(rule));
            match alike.iter_mut().find(|(known, _)| is_same(known)) {
                Some((_, places)) => places.push(place),
                None => alike.push((settings, vec![place])),
            }
        }
        alike
    }
}

/// Says what is wrong with a config.
pub(super) fn failed(fault: &Fault) -> Outcome {
    say(fault.render());
    Outcome::Failed
}

/// What can be said about a new config file.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder for the file
    #[arg(value_name = "FOLDER", default_value = ".")]
    folder: PathBuf,
}

impl InitArgs {
    pub(super) fn run(&self) -> io::Result<Outcome> {
        let path = self.folder.join("ftlint.toml");
        let path = path.strip_prefix(Path::new(".")).unwrap_or(&path);
        let written = OpenOptions::new().write(true).create_new(true).open(path);
        match written.and_then(|mut file| file.write_all(config::template().as_bytes())) {
            Ok(()) => {
                say(format_args!("wrote {}: all keys, as comments", mask(path.display().to_string().as_bytes())));
                Ok(Outcome::Clean)
            }
            Err(error) => {
                run::complain(&path.display().to_string(), &error);
                Ok(Outcome::Failed)
            }
        }
    }
}
