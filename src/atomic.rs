//! Files that are written as a whole or not at all.
//!
//! What is written goes into a copy beside the file under a hidden name, is brought to the disk and gets the file's
//! name in one step: whatever happens in between, what is there under the name is what was there or what is new, and
//! whole.

use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// How copies in the making are called, so that nobody takes them for data.
pub(crate) const PREFIX: &str = ".ftlint-";
pub(crate) const SUFFIX: &str = ".tmp";

/// Writes a file, with the owner and the permissions of the one that it replaces. Links are looked through, and stay.
/// What is no file, such as a pipe, is written to.
///
/// # Errors
/// It cannot be written; what was there is there.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = resolved(path);
    let before = fs::metadata(&path).ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        return fs::write(path, bytes);
    }
    if is_read_only(before.as_ref()) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
    }
    let mut copy = copy_beside(&path, before.as_ref())?;
    copy.write_all(bytes)?;
    settle(copy.as_file(), before.as_ref())?;
    rename(copy, &path)
}

/// Whether a file must not be replaced, though its folder would allow it.
pub(crate) fn is_read_only(before: Option<&Metadata>) -> bool {
    before.is_some_and(|before| before.permissions().readonly())
}

/// As many links as one path may lead through; systems follow no more either.
const MAX_LINKS: usize = 40;

/// The file that a path leads to, also through links to what is not there yet.
pub(crate) fn resolved(path: &Path) -> PathBuf {
    if let Ok(path) = fs::canonicalize(path) {
        return path;
    }
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(target) = fs::read_link(&path) else { break };
        path = folder_of(&path).join(target);
    }
    path
}

/// An empty copy of a file. Nobody else can read what is to replace a file `before` it is known that they may.
///
/// # Errors
/// It cannot be made.
pub(crate) fn copy_beside(path: &Path, before: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    // As a file that is made in the usual way; the umask takes away what is too much.
    #[cfg(unix)]
    if before.is_none() {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    builder.tempfile_in(folder_of(path))
}

/// Gives a copy the owner and permissions of the file that it is to replace, and brings it to the disk.
///
/// # Errors
/// The disk is full, or the permissions cannot be set.
pub(crate) fn settle(copy: &File, before: Option<&Metadata>) -> io::Result<()> {
    if let Some(before) = before {
        keep_owner(copy, before);
        copy.set_permissions(before.permissions())?;
    }
    copy.sync_all()
}

/// Gives a copy its name, and has the folder remember it.
///
/// # Errors
/// It does not get the name: what was there is there.
pub(crate) fn rename(copy: NamedTempFile, path: &Path) -> io::Result<()> {
    copy.persist(path).map_err(|error| error.error)?;
    // The name is as good as given: a system that cannot bring folders to the disk does so in its own time.
    #[cfg(unix)]
    let _ = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_file_is_replaced_with_its_permissions_and_links_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("known"), folder.path().join("link"));
        write(&path, b"one").unwrap();
        // What a file has that is made in the usual way.
        fs::write(folder.path().join("usual"), "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode();
        assert_eq!(mode(&path), mode(&folder.path().join("usual")));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        write(&link, b"two").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!((fs::read(&path).unwrap(), mode(&path) & 0o777), (b"two".to_vec(), 0o640));
        fs::remove_file(&path).unwrap();
        write(&link, b"three").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"three");
        // A link to a link to what is not there.
        fs::remove_file(&path).unwrap();
        let second = folder.path().join("second");
        symlink("link", &second).unwrap();
        write(&second, b"four").unwrap();
        assert!([&link, &second].iter().all(|link| fs::symlink_metadata(link).unwrap().is_symlink()));
        assert_eq!(fs::read(&path).unwrap(), b"four");
        // No copy is left behind.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    }

    #[test]
    fn what_is_read_only_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kept");
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        assert_eq!(write(&path, b"two").unwrap_err().to_string(), "the file is read-only");
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }

    #[test]
    fn what_cannot_be_written_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(&folder.path().join("no/such/folder"), b"one").is_err());
        assert!(write(folder.path(), b"one").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
