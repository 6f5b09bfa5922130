//! Where fixed data goes: in place of the file it came from, into another file, or to standard output.
//!
//! A file is never written over. Its fixed copy is written beside it under a hidden name, brought to the disk and
//! given its name in one step: whatever happens in between, what is there under the name is the original or the
//! result, and whole.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Error, Fixer};
use crate::input;
use crate::lint::Fixed;

/// How copies in the making are called, so that nobody takes them for data.
const PREFIX: &str = ".ftlint-";
const SUFFIX: &str = ".tmp";

/// A file that is to be fixed.
#[derive(Debug)]
pub struct Place {
    /// Where it really is: links are looked through, and stay.
    path: PathBuf,
    /// Until it is read: not every system replaces a file that is open.
    file: Option<File>,
    /// What the system said of it when it was opened.
    before: Metadata,
}

/// Opens a file for fixing.
///
/// # Errors
/// It cannot be read, or it is none that can be fixed.
pub fn read(path: &Path) -> Result<Place, Error> {
    let path = fs::canonicalize(path).map_err(Error::Read)?;
    let file = File::open(&path).map_err(Error::Read)?;
    let before = file.metadata().map_err(Error::Read)?;
    if before.is_dir() {
        return Err(Error::Read(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    if !before.is_file() {
        return Err(Error::Refused("only files can be fixed; pipe it into `ftlint --fix -`".to_owned()));
    }
    if input::is_compressed(&path, &file).map_err(Error::Read)? {
        return Err(Error::Refused("compressed files are not fixed; unpack it first".to_owned()));
    }
    Ok(Place { path, file: Some(file), before })
}

impl Place {
    /// The data.
    ///
    /// # Errors
    /// It cannot be read a second time.
    pub fn data(&mut self) -> Result<Box<dyn Read + Send>, Error> {
        let file = self.file.take().map_or_else(|| File::open(&self.path), Ok);
        Ok(Box::new(file.map_err(Error::Read)?))
    }

    /// How many other names the file has, which keep what they name when it is replaced.
    #[must_use]
    pub fn other_names(&self) -> u64 {
        #[cfg(unix)]
        {
            std::os::unix::fs::MetadataExt::nlink(&self.before).saturating_sub(1)
        }
        #[cfg(not(unix))]
        {
            0
        }
    }

    /// Mends the file in its place.
    ///
    /// # Errors
    /// The file is as it was, and why.
    pub fn mend(&mut self, fixer: &Fixer<'_>) -> Result<Vec<Fixed>, Error> {
        if self.before.permissions().readonly() {
            return Err(Error::Refused("the file is read-only; `--fix -o FILE` writes a copy".to_owned()));
        }
        let data = self.data()?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let temp = || {
            let copy = tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile_in(folder);
            let beside = |error: io::Error| {
                io::Error::new(error.kind(), format!("no copy can be made beside the file: {}", error.kind()))
            };
            copy.map_err(beside)
        };
        let (copy, fixed) = fixer.mend(data, Some(&self.path), &temp)?;
        if let Some(copy) = copy {
            keep_owner(copy.as_file(), &self.before);
            copy.as_file().set_permissions(self.before.permissions()).map_err(Error::Write)?;
            copy.as_file().sync_all().map_err(Error::Write)?;
            let now = fs::metadata(&self.path).map_err(Error::Read)?;
            if !is_same(&self.before, &now) {
                return Err(Error::Refused("the file was changed while it was being fixed".to_owned()));
            }
            persist(copy, &self.path)?;
        }
        Ok(fixed)
    }
}

/// Mends data into the file `target`, which is replaced if it is there.
///
/// # Errors
/// Nothing was written, and why.
pub fn into(fixer: &Fixer<'_>, data: Box<dyn Read + Send>, target: &Path) -> Result<Vec<Fixed>, Error> {
    let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return Err(Error::Refused("the fixed data can only be written to a file".to_owned()));
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temp = || {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(folder)
    };
    let (copy, fixed) = fixer.mend(data, None, &temp)?;
    if let Some(copy) = copy {
        if let Some(before) = before {
            keep_owner(copy.as_file(), &before);
            copy.as_file().set_permissions(before.permissions()).map_err(Error::Write)?;
        }
        copy.as_file().sync_all().map_err(Error::Write)?;
        persist(copy, &target)?;
    }
    Ok(fixed)
}

/// Mends data into a file without a name, which is gone once it is closed, and is read from its start.
///
/// # Errors
/// Nothing was mended, and why.
pub fn spool(fixer: &Fixer<'_>, data: Box<dyn Read + Send>) -> Result<(File, Vec<Fixed>), Error> {
    let temp = || tempfile::Builder::new().prefix(PREFIX).suffix(SUFFIX).tempfile();
    let (copy, fixed) = fixer.mend(data, None, &temp)?;
    let mut file = match copy {
        Some(copy) => copy.into_file(),
        None => tempfile::tempfile().map_err(Error::Write)?,
    };
    io::Seek::rewind(&mut file).map_err(Error::Write)?;
    Ok((file, fixed))
}

/// Gives the copy its name, and has the folder remember it.
fn persist(copy: NamedTempFile, target: &Path) -> Result<(), Error> {
    copy.persist(target).map_err(|error| Error::Write(error.error))?.flush().map_err(Error::Write)?;
    // The name is as good as given: a system that cannot bring folders to the disk does so in its own time.
    #[cfg(unix)]
    if let Some(folder) = target.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// Whether nothing has happened to a file between two looks at it.
fn is_same(before: &Metadata, now: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        if (before.dev(), before.ino()) != (now.dev(), now.ino()) {
            return false;
        }
    }
    before.len() == now.len() && before.modified().ok() == now.modified().ok()
}

/// The copy belongs to whom the file belonged to, as far as the user may say so.
#[cfg(unix)]
fn keep_owner(copy: &File, before: &Metadata) {
    use std::os::unix::fs::MetadataExt as _;
    if let Ok(now) = copy.metadata()
        && (now.uid(), now.gid()) != (before.uid(), before.gid())
    {
        let _ = std::os::unix::fs::fchown(copy, Some(before.uid()), Some(before.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}
