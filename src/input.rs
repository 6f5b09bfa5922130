//! The only place that opens, maps or reads files to lint.

mod compressed;
mod expand;
mod map;
mod pattern;

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Cursor, Read, Seek as _};
use std::path::{Component, Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use crate::lines::Chunks;
use crate::text::{file_meant, quote_file};

pub(crate) use expand::extension;
pub use expand::{Exclude, Expanded, IsClosed, Selection, expand, read_list};
use map::Map;
pub(crate) use map::Watch;
pub(crate) use pattern::is_pattern;

use compressed::{Compression, MAGIC};

/// How much is read at once of what is compressed, in bytes.
const BUFFER: usize = 256 * 1024;

/// Something to lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input, and the file that it is to be taken for.
    Stdin(Option<PathBuf>),
}

impl Input {
    /// How reports call it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path().map_or_else(|| "<stdin>".to_owned(), |path| path.display().to_string())
    }

    /// The path of the file, or of the one that standard input is taken for.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Input::File(path) => Some(path),
            Input::Stdin(path) => path.as_deref(),
        }
    }

    /// What tells the file from all others, under whatever name; `None` for what is no file.
    pub(crate) fn identity(&self) -> Option<Identity> {
        if let Input::File(path) = self { identity(path) } else { None }
    }

    /// The size of the file as it lies there, compressed or not; `None` for what is no file or is empty.
    pub(crate) fn bytes_on_disk(&self) -> Option<u64> {
        let Input::File(path) = self else { return None };
        fs::metadata(path).ok().filter(|data| data.is_file() && data.len() > 0).map(|data| data.len())
    }

    /// A hash of the first bytes of a file: files of one size that differ mostly do so there.
    pub(crate) fn head(&self) -> Option<u128> {
        let Input::File(path) = self else { return None };
        let mut head = Vec::new();
        File::open(path).ok()?.take(BUFFER as u64).read_to_end(&mut head).ok()?;
        Some(xxh3_128(&head))
    }

    /// Whether two files hold the same bytes. They are read as far as they are alike.
    pub(crate) fn has_bytes_of(&self, other: &Input) -> bool {
        let (Input::File(one), Input::File(other)) = (self, other) else { return false };
        let is_same = || -> io::Result<bool> {
            let open = |path| File::open(path).map(|file| BufReader::with_capacity(BUFFER, file));
            let (mut one, mut other) = (open(one)?, open(other)?);
            loop {
                let (here, there) = (one.fill_buf()?, other.fill_buf()?);
                let length = here.len().min(there.len());
                if length == 0 || here[..length] != there[..length] {
                    return Ok(here.is_empty() && there.is_empty());
                }
                one.consume(length);
                other.consume(length);
            }
        };
        // What cannot be read is told when it is linted.
        is_same().unwrap_or(false)
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
                Input::Stdin(_) => standard(&io::stdin()),
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
            Input::Stdin(path) => Ok(Source {
                extension: path.as_deref().map(extension),
                disguised: None,
                ..Source::stream(io::stdin())?
            }),
            Input::File(path) => {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                if metadata.is_dir() {
                    return Err(io::Error::from(io::ErrorKind::IsADirectory));
                }
                if !metadata.is_file() {
                    // A pipe that has a path is no file with a name to judge.
                    return Ok(Source { disguised: None, ..Source::stream(file)? });
                }
                let mut watch = Watch::new(file.try_clone()?)?;
                // Files that the system makes up as they are read say that they are empty.
                let map = if mmap && metadata.len() > 0 { Map::new(&file).ok() } else { None };
                let mut source = match map {
                    Some(map) if Compression::of(&map).is_none() => {
                        watch.guard(&map);
                        Source { size: Some(metadata.len()), ..Source::of(Bytes::Mapped(map)) }
                    }
                    _ => Source { size: Some(metadata.len()), ..Source::stream(file)? },
                };
                source.extension = Some(extension(path));
                source.disguised = source.disguised.filter(|_| expand::is_plain_lines(path));
                if matches!(source.bytes, Bytes::Unpacked(_)) {
                    // How large the data is shows at its end.
                    source.size = None;
                } else if watch.length() > 0 {
                    source.watch = Some(watch);
                }
                Ok(source)
            }
        }
    }

    /// The file that a relative path names from a folder, if there is one, or if it must be there.
    pub(crate) fn beside(folder: &Path, name: &str, must_be: bool) -> Option<Input> {
        let path = folder.join(name);
        (!name.is_empty() && (must_be || path.is_file())).then_some(Input::File(path))
    }

    /// What the system says of a file that cannot be read; of one that is not there also the file beside it that was
    /// probably meant.
    pub(crate) fn describe(&self, error: &io::Error) -> String {
        let said = describe(error);
        let near = self.path().filter(|_| error.kind() == io::ErrorKind::NotFound).and_then(near);
        near.map_or(said.clone(), |near| format!("{said}; did you mean {}?", quote_file(&near)))
    }

    /// Whether it can be opened, as far as that shows without reading it.
    pub(crate) fn is_there(&self) -> io::Result<()> {
        match self {
            Input::Stdin(_) => Ok(()),
            // Whoever opens a pipe waits for its other end.
            Input::File(path) if !fs::metadata(path)?.is_file() => Ok(()),
            Input::File(path) => File::open(path).map(drop),
        }
    }

    /// All bytes at once: for what is small.
    pub(crate) fn read_all(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match self {
            Input::Stdin(_) => io::stdin().read_to_end(&mut bytes)?,
            Input::File(path) => File::open(path)?.read_to_end(&mut bytes)?,
        };
        Ok(bytes)
    }

    /// The size of the data, if it is known before it is read.
    pub(crate) fn size(&self) -> Option<u64> {
        let Input::File(path) = self else { return None };
        fs::metadata(path).ok().filter(|data| data.is_file() && !compressed::is_named(path)).map(|data| data.len())
    }
}

/// Whether a file that is at its start is compressed: its name says so, or its first bytes. It is left at its start.
pub(crate) fn is_compressed(path: &Path, mut file: &File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.take(MAGIC as u64).read_to_end(&mut head)?;
    file.rewind()?;
    Ok(compressed::is_named(path) || Compression::of(&head).is_some())
}

/// How a line of data begins, and none of a report.
const DATA_KEYS: [&str; 7] = ["messages", "prompt", "completion", "input", "contents", "text", "conversations"];
/// How reports in JSON begin.
const REPORTS: [&str; 8] = [
    "{\"version\":",
    "{\"type\":\"",
    "{\"path\":\"",
    "{\"code\":\"FT",
    "{\"$schema\":",
    "{\"source\":{\"name\":\"ftlint\"",
    "{\"message\":\"",
    "[",
];

/// Whether there is a file of data, by its name or by its first line, so that no report may take its place: with
/// `-o *.jsonl` a shell names one.
pub(crate) fn holds_data(path: &Path) -> bool {
    let head = || -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        File::open(path)?.take(BUFFER as u64).read_to_end(&mut head)?;
        Ok(head)
    };
    if !fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() > 0) {
        return false;
    }
    // What cannot be read cannot be judged by more than its name.
    let head = head().unwrap_or_default();
    let text = head.trim_ascii_start();
    if compressed::is_named(path) || Compression::of(&head).is_some() {
        return true;
    }
    if expand::is_plain_lines(path) {
        return !REPORTS.iter().any(|start| text.starts_with(start.as_bytes()));
    }
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let object: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_slice(line).ok();
    object.is_some_and(|object| DATA_KEYS.iter().any(|key| object.contains_key(*key)))
}

/// Whether the name of a file says that it is compressed.
pub(crate) fn is_named_compressed(path: &Path) -> bool {
    compressed::is_named(path)
}

/// What is in a file that is compressed; `None` if it is not, or in a way that is not read.
pub(crate) fn unpacked(path: &Path) -> io::Result<Option<Box<dyn Read + Send>>> {
    match Source::stream(File::open(path)?)?.bytes {
        Bytes::Unpacked(data) => Ok(Some(data)),
        Bytes::Mapped(_) | Bytes::Stream(_) => Ok(None),
    }
}

/// The path from the root, without steps back.
pub(crate) fn from_root(path: &Path) -> PathBuf {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            Component::CurDir => {}
            part => clean.push(part),
        }
    }
    clean
}

/// A file under the one name that it has without links and steps back.
pub(crate) fn real(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok()
}

/// A pattern of paths that is seen from the folder `base`, as one from the root. What that folder is called is no
/// pattern.
pub(crate) fn pattern_from(base: &Path, pattern: &str) -> String {
    let (mut base, mut rest) = (from_root(base), pattern);
    loop {
        if let Some(here) = rest.strip_prefix("./") {
            rest = here.trim_start_matches('/');
        } else if let Some(above) = rest.strip_prefix("../") {
            base.pop();
            rest = above.trim_start_matches('/');
        } else {
            break;
        }
    }
    if Path::new(rest).is_absolute() {
        return rest.to_owned();
    }
    format!("{}/{rest}", globset::escape(&base.to_string_lossy()).trim_end_matches('/'))
}

/// What tells a file from all others.
#[cfg(unix)]
pub(crate) type Identity = (u64, u64);
#[cfg(not(unix))]
pub(crate) type Identity = PathBuf;

/// What two names of one regular file have in common. Devices and pipes keep nothing that could be lost.
#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
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
fn identity(path: &Path) -> Option<Identity> {
    fs::canonicalize(path).ok().filter(|path| path.is_file())
}

/// Elsewhere a stream cannot be asked for its file.
#[cfg(not(unix))]
fn standard<T>(_: &T) -> Option<PathBuf> {
    None
}

/// How many files of a folder are held against the name of one that is not there.
const MAX_NEAR: usize = 10_000;

/// The path of the file in the same folder whose name is almost this.
fn near(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent()?;
    let read = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = fs::read_dir(read).ok()?.take(MAX_NEAR).filter_map(Result::ok);
    let files = entries.filter(|entry| entry.path().is_file());
    let mut names: Vec<String> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    // Folders list their files in any order.
    names.sort_unstable();
    let near = file_meant(name, names.iter().map(String::as_str))?;
    Some(folder.join(near).display().to_string())
}

/// The system's words, without its numbers.
pub(crate) fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    crate::text::lowercase_first(text).into_owned()
}

/// An opened input.
pub(crate) struct Source {
    /// The size of the data in bytes, if it is known.
    pub size: Option<u64>,
    /// The extension of the name, if there is a name to judge.
    pub extension: Option<String>,
    /// How the data is compressed, if the name of the file promises lines: services take such a file for what it is called.
    pub disguised: Option<&'static str>,
    /// To tell whether the file stays what it was. What is unpacked tells by itself if it was cut short.
    pub watch: Option<Watch>,
    pub bytes: Bytes,
}

pub(crate) enum Bytes {
    Mapped(Map),
    Stream(Box<dyn Read + Send>),
    /// What was compressed.
    Unpacked(Box<dyn Read + Send>),
}

impl Source {
    /// What is read from the start to the end, compressed or not.
    fn stream(mut reader: impl Read + Send + 'static) -> io::Result<Source> {
        let mut head = Vec::new();
        reader.by_ref().take(MAGIC as u64).read_to_end(&mut head)?;
        let compression = Compression::of(&head);
        let whole = Cursor::new(head).chain(reader);
        let bytes = match compression {
            Some(compression) => Bytes::Unpacked(compression.decode(BufReader::with_capacity(BUFFER, whole))?),
            None => Bytes::Stream(Box::new(whole)),
        };
        Ok(Source { disguised: compression.map(Compression::name), ..Source::of(bytes) })
    }

    /// Bytes of which nothing else is known.
    fn of(bytes: Bytes) -> Source {
        Source { size: None, extension: None, disguised: None, watch: None, bytes }
    }

    /// The bytes in chunks of whole lines.
    pub(crate) fn chunks(&mut self) -> Chunks<'_> {
        match &mut self.bytes {
            Bytes::Mapped(map) => Chunks::mapped(map),
            Bytes::Stream(reader) | Bytes::Unpacked(reader) => Chunks::stream(Box::new(reader)),
        }
    }
}
