//! Which config is for which file.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::str::FromStr;

use serde::Deserialize;

use super::{Config, Fault, Options, Source, folder};
use crate::input::from_root;
use crate::text::quote;

/// The names of config files: in one folder the first of them counts.
const NAMES: [&str; 3] = [".ftlint.toml", "ftlint.toml", PYPROJECT];

/// The variable with the format of findings.
const OUTPUT_FORMAT: &str = "FTLINT_OUTPUT_FORMAT";

/// A file that others use too: it counts only if it has a table for ftlint.
const PYPROJECT: &str = "pyproject.toml";

/// A value of `--config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A config file.
    File(PathBuf),
    /// One or more keys and values, as in a config file.
    Inline(String),
}

impl FromStr for Argument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if Path::new(text).is_file() {
            return Ok(Argument::File(PathBuf::from(text)));
        }
        let Some((key, value)) = text.split_once('=') else {
            let toml = Path::new(text).extension().is_some_and(|extension| extension == "toml");
            return Err(if toml {
                "there is no such file".to_owned()
            } else {
                "expected a file or KEY=VALUE, such as `model=\"gpt-4.1\"`".to_owned()
            });
        };
        // Quotes are hard to type where a shell eats them.
        let bare = !value.trim().is_empty() && !value.contains(['"', '\'', '[', '{', '\n']);
        let inline = if bare && text.parse::<toml::Table>().is_err() {
            format!("{} = {}", key.trim(), quoted(value.trim()))
        } else {
            text.to_owned()
        };
        Ok(Argument::Inline(inline))
    }
}

fn quoted(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

/// Finds the config of each file.
#[derive(Debug)]
pub struct Finder {
    /// Whether no file counts.
    isolated: bool,
    /// The file that counts whatever there is beside the data.
    explicit: Option<PathBuf>,
    /// What goes over every file: `--config KEY=VALUE`, and the flags.
    above: Vec<Rc<Source>>,
    /// The files that were read, the weakest first: one and those that it extends.
    read: HashMap<PathBuf, Option<Vec<Rc<Source>>>>,
}

impl Finder {
    /// A finder for the values of `--config` and for flags.
    ///
    /// # Errors
    /// A value that cannot be understood.
    pub fn new(arguments: &[Argument], isolated: bool, flags: Options) -> Result<Self, Fault> {
        let mut explicit = None;
        let mut above = Vec::new();
        for argument in arguments {
            match argument {
                Argument::File(path) => {
                    if explicit.replace(path.clone()).is_some() || isolated {
                        let source = Source { name: "--config".to_owned(), ..Source::default() };
                        let message = if isolated { "with --isolated no file counts" } else { "one file is enough" };
                        return Err(Fault::new(&source, None, format!("{}: {message}", path.display())));
                    }
                }
                Argument::Inline(text) => {
                    let source =
                        Source { name: "--config".to_owned(), text: Some(text.as_str().into()), ..Source::default() };
                    let options = toml::from_str(text).map_err(|error| Fault::parse(&source, &error))?;
                    above.push(Rc::new(Source { options, ..source }));
                }
            }
        }
        above.push(Rc::new(Source::flags(flags)));
        Ok(Finder { isolated, explicit, above, read: HashMap::new() })
    }

    /// The same with what the environment asks for, under the flags. A variable that is empty asks for nothing: a CI sets
    /// such for what is not defined.
    ///
    /// # Errors
    /// A value that cannot be understood.
    pub fn with_environment(mut self, variable: impl Fn(&str) -> Option<String>) -> Result<Self, Fault> {
        let is_given = self.above.last().is_some_and(|flags| flags.options.output_format.is_some());
        if let Some(value) = variable(OUTPUT_FORMAT).filter(|value| !value.is_empty() && !is_given) {
            let mut source = Source { name: OUTPUT_FORMAT.to_owned(), ..Source::default() };
            let wrong = |expected: String| format!("{} is no format: {expected}", quote(&value));
            let format = value.parse().map_err(|expected| Fault::new(&source, None, wrong(expected)))?;
            source.options.output_format = Some(format);
            // The last are the flags.
            self.above.insert(self.above.len() - 1, Rc::new(source));
        }
        Ok(self)
    }

    /// Whether all files have the same patterns of what is left out.
    #[must_use]
    pub fn excludes_alike(&self) -> bool {
        let is_said = self.above.iter().any(|source| source.options.exclude.is_some());
        self.isolated || self.explicit.is_some() || is_said
    }

    /// The config for a file, or for what is called from this folder.
    ///
    /// # Errors
    /// A config file that cannot be read or understood.
    pub fn find(&mut self, file: Option<&Path>) -> Result<Config, Fault> {
        let mut config = Config::default();
        if let Some(explicit) = self.explicit.clone() {
            let Some(sources) = self.read(&explicit)? else {
                let source = Source { name: explicit.display().to_string(), ..Source::default() };
                return Err(Fault::new(&source, None, "there is no table [tool.ftlint] in it"));
            };
            config = Config { file: Some(explicit), sources };
        } else if !self.isolated {
            let start = file.map(folder).unwrap_or_default();
            let start = std::path::absolute(if start.as_os_str().is_empty() { Path::new(".") } else { &start });
            let start = start.map_err(|error| Fault::unread(file.unwrap_or(Path::new(".")), &error))?;
            for path in candidates(&start) {
                if let Some(sources) = self.read(&path)? {
                    config = Config { file: Some(path), sources };
                    break;
                }
            }
        }
        config.sources.extend(self.above.iter().cloned());
        Ok(config)
    }

    /// What is in a file and in those that it extends; `None` if there is no such file, or nothing for ftlint in it.
    fn read(&mut self, path: &Path) -> Result<Option<Vec<Rc<Source>>>, Fault> {
        if let Some(known) = self.read.get(path) {
            return Ok(known.clone());
        }
        let mut sources = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next.take() {
            let Some(source) = read(&path)? else { break };
            if let Some(extended) = &source.options.extend {
                let extended = source.base.join(extended);
                let known = |source: &Rc<Source>| same(Path::new(&source.name), &extended);
                let wrong = if same(&path, &extended) || sources.iter().any(known) {
                    "files extend each other in a circle"
                } else if !extended.is_file() {
                    "there is no such file"
                } else {
                    next = Some(extended.clone());
                    ""
                };
                if !wrong.is_empty() {
                    let message = format!("extend: {}: {wrong}", display(&extended));
                    return Err(Fault::new(&source, source.span("extend"), message));
                }
            }
            sources.insert(0, Rc::new(source));
        }
        let found = (!sources.is_empty()).then_some(sources);
        self.read.insert(path.to_owned(), found.clone());
        Ok(found)
    }
}

/// The config file that is closest to what lies in a folder, as far as names tell: whether it holds anything for
/// ftlint is not looked at.
#[must_use]
pub fn nearest(folder: &Path) -> Option<PathBuf> {
    candidates(&from_root(folder)).find(|path| path.is_file())
}

/// Where the config for what lies in a folder may be, the closest first.
fn candidates(folder: &Path) -> impl Iterator<Item = PathBuf> {
    folder.ancestors().flat_map(|folder| NAMES.map(|name| folder.join(name)))
}

fn same(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).ok().is_some_and(|one| fs::canonicalize(other).ok() == Some(one))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PyProject {
    tool: Tool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tool {
    ftlint: Option<Options>,
}

fn read(path: &Path) -> Result<Option<Source>, Fault> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if is_passed_by(path, error.kind()) => return Ok(None),
        Err(error) => return Err(Fault::unread(path, &error)),
    };
    let project = is_project(path);
    // A file of others is none of our business unless it speaks of us.
    if project && memchr::memmem::find(&bytes, b"ftlint").is_none() {
        return Ok(None);
    }
    let mut source = Source { name: display(path), base: folder(path), ..Source::default() };
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(Fault::new(&source, None, format!("the file is no UTF-8 text, as {} must be", quote("toml"))));
    };
    source.text = Some(text.as_str().into());
    let options = if project {
        toml::from_str(&text).map(|project: PyProject| project.tool.ftlint)
    } else {
        toml::from_str(&text).map(Some)
    };
    let Some(options) = options.map_err(|error| Fault::parse(&source, &error))? else { return Ok(None) };
    source.options = options;
    Ok(Some(source))
}

/// Whether the keys stand in a table of a file that others use too.
pub(super) fn is_project(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == PYPROJECT)
}

/// Whether the search goes on above what cannot be read: it is no file, or lies in a folder that may not be entered. A
/// file that is there counts, and that it may not be read is told.
fn is_passed_by(path: &Path, error: io::ErrorKind) -> bool {
    match error {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => true,
        io::ErrorKind::PermissionDenied => fs::symlink_metadata(path).is_err(),
        _ => false,
    }
}

/// A path as it is shortest from here.
pub(crate) fn display(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
