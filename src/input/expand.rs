//! The files that the arguments of a call stand for.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;

use super::pattern::{Pattern, is_pattern};
use super::{Input, compressed, from_root, real};

/// Folders of code by others, which nobody trains on. `.venv` is hidden anyway.
const OF_OTHERS: [&str; 3] = ["node_modules", "site-packages", "venv"];

/// Says of a folder whether all that is in it is left out, so that it need not be walked.
pub type IsClosed = Arc<dyn Fn(&Path) -> bool + Send + Sync>;

/// Which files are linted.
#[derive(Clone)]
pub struct Selection {
    /// The folders that are not walked.
    pub is_closed: IsClosed,
    /// Whether files are left out even if they are named one by one.
    pub force_exclude: bool,
    /// Whether folders are walked without what `.ignore` files leave out, and without code by others.
    pub ignore: bool,
    /// What standard input is called, as if it were this file.
    pub stdin_name: Option<PathBuf>,
}

impl Default for Selection {
    fn default() -> Self {
        Selection { is_closed: Arc::new(|_| false), force_exclude: false, ignore: false, stdin_name: None }
    }
}

impl fmt::Debug for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Selection { is_closed: _, force_exclude, ignore, stdin_name } = self;
        let mut shown = f.debug_struct("Selection");
        shown.field("force_exclude", force_exclude).field("ignore", ignore).field("stdin_name", stdin_name);
        shown.finish_non_exhaustive()
    }
}

/// Patterns of files and folders that are left out.
#[derive(Clone, Debug, Default)]
pub struct Exclude(GlobSet);

impl Exclude {
    /// Patterns as shells know them: `*` within a name, `**` over folders, `[ab]`, `{a,b}`. One without a slash is
    /// held against the name of the file and of each folder above it, others against the path from the folder of the
    /// run; a folder that matches is left out with all that is in it.
    ///
    /// # Errors
    /// What is wrong with a pattern.
    pub fn new<P: AsRef<str>>(patterns: impl IntoIterator<Item = P>) -> Result<Exclude, globset::Error> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let pattern = pattern.as_ref().trim_end_matches('/');
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            let anywhere = if pattern.contains('/') { String::new() } else { format!("**/{pattern}") };
            for pattern in [pattern, &anywhere].into_iter().filter(|pattern| !pattern.is_empty()) {
                set.add(GlobBuilder::new(pattern).literal_separator(true).build()?);
            }
        }
        set.build().map(Exclude)
    }

    /// Whether the file is left out, or a folder that it is in.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        if self.0.is_empty() {
            return false;
        }
        // A pattern may be written from the folder of the run, and the path from the root, or the other way round.
        let here = std::env::current_dir().ok();
        let absolute = from_root(path);
        let relative = here.as_deref().and_then(|here| absolute.strip_prefix(here).ok());
        let forms = [Some(path), relative, Some(&*absolute)];
        forms.into_iter().flatten().any(|path| path.ancestors().any(|part| self.0.is_match(part)))
    }
}

/// Inputs, and how many files were left out of them.
#[derive(Debug, Default)]
pub struct Expanded {
    /// What is to be linted.
    pub inputs: Vec<Input>,
    /// Files and folders that were named or found, and left out.
    pub excluded: u64,
}

/// Turns the arguments of a call into inputs: `-` is standard input, a folder stands for the `.jsonl` and
/// `.ndjson` files in it, compressed or not, in order of their names, and a pattern that names no file itself for
/// the files that it matches. Of a folder what is hidden is left out, and links to other folders are not followed.
///
/// What is named twice (`data data/train.jsonl`, `- -`, a file and a link to it) is read once: examples must not
/// count double, and standard input is empty the second time. What cannot be walked becomes an input too, so that
/// it is reported like any file that cannot be read, and the rest is read.
///
/// `excludes` says of a file whether it is left out: of those that are found in folders or by patterns, and with
/// `force_exclude` of those that are named as well.
///
/// # Errors
/// A folder that holds no such file, a pattern that matches none.
pub fn expand(
    paths: &[PathBuf],
    selection: &Selection,
    excludes: &mut dyn FnMut(&Path) -> bool,
) -> Result<Expanded, (PathBuf, io::Error)> {
    let mut walk = Walk { selection, excludes, expanded: Expanded::default() };
    for path in paths {
        walk.argument(path).map_err(|error| (path.clone(), error))?;
    }
    let mut seen = HashSet::new();
    walk.expanded.inputs.retain(|input| {
        seen.insert(match input {
            // A pipe has a path that leads nowhere, and so has what is not there.
            Input::File(path) => Some(real(path).unwrap_or_else(|| path.clone())),
            Input::Stdin(_) => None,
        })
    });
    Ok(walk.expanded)
}

/// The paths that a list names, one a line. Blank lines are passed over.
///
/// # Errors
/// The list cannot be read.
pub fn read_list(list: &Path) -> io::Result<Vec<PathBuf>> {
    let reader: Box<dyn BufRead> = if list == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(io::BufReader::new(fs::File::open(list)?))
    };
    let mut paths = Vec::new();
    for line in reader.split(b'\n') {
        let line = line?;
        let end = line.iter().rposition(|byte| *byte != b'\r').map_or(0, |last| last + 1);
        if !line.trim_ascii().is_empty() {
            paths.push(path_of(&line[..end])?);
        }
    }
    Ok(paths)
}

/// The path that these bytes are: names need not be UTF-8.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may be none")]
fn path_of(bytes: &[u8]) -> io::Result<PathBuf> {
    use std::os::unix::ffi::OsStrExt as _;
    Ok(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> io::Result<PathBuf> {
    let text = str::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(PathBuf::from(text))
}

struct Walk<'s> {
    selection: &'s Selection,
    excludes: &'s mut dyn FnMut(&Path) -> bool,
    expanded: Expanded,
}

impl Walk<'_> {
    fn argument(&mut self, path: &Path) -> io::Result<()> {
        if path == Path::new("-") {
            let name = self.selection.stdin_name.clone();
            // The name is one that was given: pre-commit and editors pass on whatever is open.
            if name.as_deref().is_some_and(|name| self.is_excluded(name, self.selection.force_exclude)) {
                return Ok(());
            }
            self.expanded.inputs.push(Input::Stdin(name));
        } else if path.is_dir() {
            if self.is_excluded(path, self.selection.force_exclude) {
                return Ok(());
            }
            let before = self.found();
            self.folder(path);
            if self.found() == before {
                let nothing = if self.ignores_all(path) {
                    "all .jsonl and .ndjson files in this folder are ignored; --no-ignore reads them"
                } else {
                    "no .jsonl or .ndjson file in this folder"
                };
                return Err(io::Error::new(io::ErrorKind::NotFound, nothing));
            }
        } else if let Some(text) = path.to_str().filter(|text| is_pattern(text, path)) {
            // Shells that expand no patterns pass them on, and so do quotes.
            let pattern = Pattern::new(text).map_err(|error| {
                io::Error::new(io::ErrorKind::InvalidInput, format!("this is no pattern: {}", error.kind()))
            })?;
            let before = self.found();
            self.matches(&pattern);
            if self.found() == before {
                return Err(io::Error::new(io::ErrorKind::NotFound, "no file matches this pattern"));
            }
        } else {
            self.file(path.to_owned(), self.selection.force_exclude);
        }
        Ok(())
    }

    /// How many files were found, left out or not.
    fn found(&self) -> u64 {
        self.expanded.inputs.len() as u64 + self.expanded.excluded
    }

    fn is_excluded(&mut self, path: &Path, asked: bool) -> bool {
        let excluded = asked && (self.excludes)(path);
        self.expanded.excluded += u64::from(excluded);
        excluded
    }

    fn file(&mut self, path: PathBuf, may_exclude: bool) {
        if !self.is_excluded(&path, may_exclude) {
            self.expanded.inputs.push(Input::File(path));
        }
    }

    fn folder(&mut self, folder: &Path) {
        let Selection { is_closed, ignore, .. } = self.selection;
        let excluded = Arc::new(AtomicU64::new(0));
        let enters = {
            // The walker keeps it, for threads that are not used here.
            let (is_closed, ignore, excluded) = (Arc::clone(is_closed), *ignore, Arc::clone(&excluded));
            move |entry: &ignore::DirEntry| {
                if entry.file_type().is_none_or(|kind| !kind.is_dir()) {
                    return true;
                }
                let is_closed = is_closed(entry.path());
                excluded.fetch_add(u64::from(is_closed), Ordering::Relaxed);
                !(is_closed || ignore && OF_OTHERS.iter().any(|name| entry.file_name() == *name))
            }
        };
        let mut walk = WalkBuilder::new(folder);
        // Not what git ignores: data are often kept out of it, and are what is to be linted.
        walk.standard_filters(false)
            .ignore(*ignore)
            .parents(*ignore)
            .hidden(true)
            .sort_by_file_name(Ord::cmp)
            .filter_entry(enters);
        for entry in walk.build() {
            match entry {
                Ok(entry) if is_lines(entry.path()) && is_data(&entry) => self.file(entry.into_path(), true),
                Ok(_) => {}
                Err(error) => unwalked(&error).into_iter().for_each(|place| self.file(place.to_owned(), true)),
            }
        }
        self.expanded.excluded += excluded.load(Ordering::Relaxed);
    }

    /// The files that match a pattern, and those in the folders that do.
    fn matches(&mut self, pattern: &Pattern) {
        let mut walked: Vec<PathBuf> = Vec::new();
        for path in pattern.paths() {
            if walked.iter().any(|folder| path.starts_with(folder)) {
                continue;
            }
            if path.is_dir() {
                self.folder(&path);
                walked.push(path);
            } else {
                self.file(path, true);
            }
        }
    }

    /// Whether there would be something in a folder if nothing were ignored.
    fn ignores_all(&self, folder: &Path) -> bool {
        let selection = Selection { ignore: false, ..self.selection.clone() };
        let mut walk = Walk { selection: &selection, excludes: &mut |_| false, expanded: Expanded::default() };
        if self.selection.ignore {
            walk.folder(folder);
        }
        walk.found() > 0
    }
}

/// Whether an entry of a folder is a file, or a link to one. A link to nothing is data that is missing.
fn is_data(entry: &ignore::DirEntry) -> bool {
    match entry.file_type() {
        Some(kind) if kind.is_symlink() => fs::metadata(entry.path()).map_or(true, |data| data.is_file()),
        kind => kind.is_some_and(|kind| kind.is_file()),
    }
}

/// What could not be walked; nothing if it is gone meanwhile. Errors without a depth are about ignore files, which are
/// not what is linted.
fn unwalked(error: &ignore::Error) -> Option<&Path> {
    let is_gone = error.io_error().is_some_and(|error| error.kind() == io::ErrorKind::NotFound);
    match error {
        ignore::Error::WithPath { path, .. } if error.depth().is_some() && (!is_gone || is_lines(path)) => Some(path),
        _ => None,
    }
}

/// Whether the name is one of JSON Lines, compressed or not.
fn is_lines(path: &Path) -> bool {
    is_of_lines(&extension(path))
}

/// Whether the name is one of JSON Lines that are not compressed.
pub(super) fn is_plain_lines(path: &Path) -> bool {
    path.extension().and_then(|own| own.to_str()).is_some_and(is_of_lines)
}

fn is_of_lines(extension: &str) -> bool {
    ["jsonl", "ndjson"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The extension of a file's name without that of its compression; empty if it has none.
pub(crate) fn extension(path: &Path) -> String {
    let of = |path: &Path| path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let extension = of(path);
    match path.file_stem() {
        Some(stem) if compressed::is_read(&extension) => of(Path::new(stem)),
        _ => extension,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_held_against_names_folders_and_paths() {
        let matches = |pattern: &str, path: &str| Exclude::new([pattern]).unwrap().matches(Path::new(path));
        for (pattern, path) in [
            ("old.jsonl", "old.jsonl"),
            ("old.jsonl", "data/old.jsonl"),
            ("./data/old.jsonl", "data/old.jsonl"),
            ("*.tmp.jsonl", "./data/a.tmp.jsonl"),
            ("old", "data/old/a.jsonl"),
            ("old/", "old/a.jsonl"),
            ("data/old", "data/old/deep/a.jsonl"),
            ("data/*.jsonl", "data/a.jsonl"),
            ("data/**/b.jsonl", "data/x/y/b.jsonl"),
            ("{old,new}", "new/a.jsonl"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("old", "older/a.jsonl"),
            ("data/old", "more/data/old/a.jsonl"),
            ("data/*.jsonl", "data/x/a.jsonl"),
            ("*.jsonl", "a.ndjson"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
        let here = std::env::current_dir().unwrap();
        assert!(Exclude::new(["data/old"]).unwrap().matches(&here.join("data/old/a.jsonl")));
        assert!(Exclude::new(["data/old"]).unwrap().matches(Path::new("x/../data/./old/a.jsonl")));
        assert!(Exclude::new(["a["]).is_err());
        assert!(!Exclude::default().matches(Path::new("a.jsonl")));
    }

    #[test]
    fn the_extension_is_that_of_what_is_compressed() {
        let extension = |name: &str| extension(Path::new(name));
        assert_eq!(
            ["a.jsonl", "a.jsonl.gz", "a.b.ndjson.zst", "a.JSONL.GZ", "a.gz", "a", "gz"].map(extension),
            ["jsonl", "jsonl", "ndjson", "JSONL", "", "", ""]
        );
    }
}
