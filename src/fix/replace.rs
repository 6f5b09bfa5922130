//! Where fixed data goes: in place of the file it came from, into another file, or to standard output.
//!
//! A file is never written over: its fixed copy takes its place, see [`atomic`].

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Error, Fixer};
use crate::outcome::Fixed;
use crate::{atomic, input};

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
        if atomic::is_read_only(Some(&self.before)) {
            return Err(Error::Refused("the file is read-only; `--fix -o FILE` writes a copy".to_owned()));
        }
        let data = self.data()?;
        let temp = || {
            let copy = atomic::copy_beside(&self.path, Some(&self.before));
            let beside = |error: io::Error| {
                io::Error::new(error.kind(), format!("no copy can be made beside the file: {}", error.kind()))
            };
            copy.map_err(beside)
        };
        let (copy, fixed) = fixer.mend(data, Some(&self.path), &temp)?;
        if let Some(copy) = copy {
            atomic::settle(copy.as_file(), Some(&self.before)).map_err(Error::Write)?;
            let now = fs::metadata(&self.path).map_err(Error::Read)?;
            if !is_same(&self.before, &now) {
                return Err(Error::Refused("the file was changed while it was being fixed".to_owned()));
            }
            atomic::rename(copy, &self.path).map_err(Error::Write)?;
        }
        Ok(fixed)
    }
}

/// Mends data into the file `target`, which is replaced if it is there.
///
/// # Errors
/// Nothing was written, and why.
pub fn into(fixer: &Fixer<'_>, data: Box<dyn Read + Send>, target: &Path) -> Result<Vec<Fixed>, Error> {
    let target = atomic::resolved(target);
    let before = fs::metadata(&target).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return Err(Error::Refused("the fixed data can only be written to a file".to_owned()));
    }
    if atomic::is_read_only(before.as_ref()) {
        return Err(Error::Refused("the file that -o names is read-only".to_owned()));
    }
    let temp = || atomic::copy_beside(&target, before.as_ref());
    let (copy, fixed) = fixer.mend(data, None, &temp)?;
    if let Some(copy) = copy {
        atomic::settle(copy.as_file(), before.as_ref()).map_err(Error::Write)?;
        atomic::rename(copy, &target).map_err(Error::Write)?;
    }
    Ok(fixed)
}

/// Mends data into a file without a name, which is gone once it is closed, and is read from its start.
///
/// # Errors
/// Nothing was mended, and why.
pub fn spool(fixer: &Fixer<'_>, data: Box<dyn Read + Send>) -> Result<(File, Vec<Fixed>), Error> {
    let temp = || tempfile::Builder::new().prefix(atomic::PREFIX).suffix(atomic::SUFFIX).tempfile();
    let (copy, fixed) = fixer.mend(data, None, &temp)?;
    let mut file = match copy {
        Some(copy) => copy.into_file(),
        None => tempfile::tempfile().map_err(Error::Write)?,
    };
    io::Seek::rewind(&mut file).map_err(Error::Write)?;
    Ok((file, fixed))
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
