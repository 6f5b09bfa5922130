//! The only place that opens, maps or reads files.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use crate::lines::Chunks;

/// Something to lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// How reports call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Input::File(path) => path.display().to_string(),
            Input::Stdin => "<stdin>".to_owned(),
        }
    }

    /// Turns the arguments of a call into inputs: `-` is standard input, a folder stands for the
    /// `.jsonl` and `.ndjson` files in it, in order of their names.
    ///
    /// What is named twice (`data data/train.jsonl`, `- -`) is read once: examples must not count double,
    /// and standard input is empty the second time. What cannot be walked becomes an input too, so that it
    /// is reported like any file that cannot be read, and the rest is read.
    ///
    /// # Errors
    /// A folder that holds no such file.
    pub fn expand(paths: &[PathBuf]) -> Result<Vec<Input>, (PathBuf, io::Error)> {
        let mut inputs = Vec::new();
        for path in paths {
            if path == Path::new("-") {
                inputs.push(Input::Stdin);
            } else if path.is_dir() {
                let before = inputs.len();
                for entry in walkdir::WalkDir::new(path).follow_links(true).sort_by_file_name() {
                    match entry {
                        Ok(entry) if entry.file_type().is_file() && is_lines(entry.path()) => {
                            inputs.push(Input::File(entry.into_path()));
                        }
                        Ok(_) => {}
                        Err(error) => {
                            let place = error.path().unwrap_or(path);
                            if is_lines(place) || !leads_nowhere(&error) {
                                inputs.push(Input::File(place.to_owned()));
                            }
                        }
                    }
                }
                if inputs.len() == before {
                    let error = io::Error::new(io::ErrorKind::NotFound, "no .jsonl or .ndjson file in this folder");
                    return Err((path.clone(), error));
                }
            } else {
                inputs.push(Input::File(path.clone()));
            }
        }
        let mut seen = HashSet::new();
        inputs.retain(|input| {
            seen.insert(match input {
                Input::File(path) => Some(std::path::absolute(path).unwrap_or_else(|_| path.clone())),
                Input::Stdin => None,
            })
        });
        Ok(inputs)
    }

    /// The input that a report written to the file `output`, or to standard output, would be written to,
    /// under whatever name: links are looked through.
    pub(crate) fn written_by<'i>(inputs: &'i [Input], output: Option<&Path>) -> Option<&'i Input> {
        let output = match output {
            Some(path) => identity(path)?,
            None => standard(&io::stdout())?,
        };
        inputs.iter().find(|input| {
            let identity = match input {
                Input::File(path) => identity(path),
                Input::Stdin => standard(&io::stdin()),
            };
            identity.as_ref() == Some(&output)
        })
    }

    /// Opens the input.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn open(&self, mmap: bool) -> io::Result<Source> {
        match self {
            Input::Stdin => Ok(Source { size: None, bytes: Bytes::Stream(Box::new(io::stdin())) }),
            Input::File(path) => {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                if metadata.is_dir() {
                    return Err(io::Error::from(io::ErrorKind::IsADirectory));
                }
                if !metadata.is_file() {
                    return Ok(Source { size: None, bytes: Bytes::Stream(Box::new(file)) });
                }
                let size = Some(metadata.len());
                // Files that the system makes up as they are read say that they are empty.
                if mmap
                    && metadata.len() > 0
                    && let Ok(map) = map(&file)
                {
                    return Ok(Source { size, bytes: Bytes::Mapped(map) });
                }
                Ok(Source { size, bytes: Bytes::Stream(Box::new(file)) })
            }
        }
    }

    /// The file that a relative path names from a folder, if there is one.
    pub(crate) fn beside(folder: &Path, name: &str) -> Option<Input> {
        let path = folder.join(name);
        (!name.is_empty() && path.is_file()).then_some(Input::File(path))
    }

    /// All bytes at once: for what is small.
    pub(crate) fn read_all(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Input::Stdin => io::stdin().read_to_end(&mut bytes)?,
            Input::File(path) => File::open(path)?.read_to_end(&mut bytes)?,
        };
        Ok(bytes)
    }

    /// Calls `take` with each line that is not blank, with its number and that of its example, both from 1, until it
    /// wants no more.
    pub(crate) fn each_line(&self, mut take: impl FnMut(u64, u64, &[u8]) -> bool) -> io::Result<()> {
        let Input::File(path) = self else { return Ok(()) };
        let mut reader = BufReader::new(File::open(path)?);
        let (mut line, mut example) = (0, 0);
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            if reader.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(());
            }
            line += 1;
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            example += 1;
            if !take(line, example, bytes.trim_ascii_end()) {
                return Ok(());
            }
        }
    }

    /// The size of the file, if it has one.
    pub(crate) fn size(&self) -> Option<u64> {
        match self {
            Input::File(path) => fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|data| data.len()),
            Input::Stdin => None,
        }
    }
}

/// What two names of one regular file have in common. Devices and pipes keep nothing that could be lost.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    fs::metadata(path).ok().and_then(|data| number(&data))
}

#[cfg(unix)]
fn number(data: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    data.is_file().then(|| (data.dev(), data.ino()))
}

/// The identity of what a standard stream was redirected to.
#[cfg(unix)]
fn standard(stream: &impl std::os::fd::AsFd) -> Option<(u64, u64)> {
    let file = File::from(stream.as_fd().try_clone_to_owned().ok()?);
    file.metadata().ok().and_then(|data| number(&data))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok().filter(|path| path.is_file())
}

/// Elsewhere a stream cannot be asked for its file.
#[cfg(not(unix))]
fn standard<T>(_: &T) -> Option<PathBuf> {
    None
}

/// A link to nothing, or one to a folder that is being walked: no data is missed behind it.
fn leads_nowhere(error: &walkdir::Error) -> bool {
    error.loop_ancestor().is_some() || error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// The system's words, without its numbers.
pub(crate) fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    crate::text::lowercase_first(text).into_owned()
}

fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jsonl" || extension == "ndjson")
}

#[allow(unsafe_code)]
fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: another process may change the file under the map, which Rust's memory model does not
    // allow for. Each line is copied before it is parsed, so the parser sees bytes that stay as they
    // are; everything else treats the bytes as opaque and checks its bounds, so changed bytes can
    // make a report wrong but not a program unsound in practice.
    let map = unsafe { Mmap::map(file)? };
    #[cfg(unix)]
    let _ = map.advise(memmap2::Advice::Sequential); // a hint: without it all works the same
    Ok(map)
}

/// An opened input.
pub(crate) struct Source {
    /// The size in bytes, if it is known.
    pub size: Option<u64>,
    pub bytes: Bytes,
}

pub(crate) enum Bytes {
    Mapped(Mmap),
    Stream(Box<dyn Read + Send>),
}

impl Source {
    /// The bytes in chunks of whole lines.
    pub(crate) fn chunks(&mut self) -> Chunks<'_> {
        match &mut self.bytes {
            Bytes::Mapped(map) => Chunks::mapped(map),
            Bytes::Stream(reader) => Chunks::stream(Box::new(reader)),
        }
    }
}
