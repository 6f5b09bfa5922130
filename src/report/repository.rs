//! What services that show reports beside code want to know of a finding: where its file is in the repository, and
//! by what it is known again.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf, Prefix};

use xxhash_rust::xxh3::Xxh3;

use crate::finding::{Finding, Severity};

/// Names files as their repository does.
#[derive(Debug)]
pub(super) struct Repository {
    here: PathBuf,
    root: Option<PathBuf>,
}

impl Repository {
    /// The repository that the run is in: what the service calls its root, or else the folder that has `.git`.
    pub(super) fn of_run() -> Self {
        let here = std::env::current_dir().unwrap_or_default();
        let said = ["CI_PROJECT_DIR", "GITHUB_WORKSPACE"].into_iter().filter_map(std::env::var_os).map(PathBuf::from);
        let root = said
            .map(|root| root.canonicalize().unwrap_or(root))
            .find(|root| here.starts_with(root))
            .or_else(|| here.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf));
        Repository { here, root }
    }

    /// The path from the root, with slashes; the name as it is if the file is elsewhere.
    pub(super) fn path(&self, name: &str) -> String {
        let path = self.absolute(name);
        let Some(inside) = self.inside(&path) else { return name.to_owned() };
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        parts.join("/")
    }

    /// The path as a URI: relative to the root, or with the scheme `file`.
    pub(super) fn uri(&self, name: &str) -> String {
        let path = self.absolute(name);
        if let Some(inside) = self.inside(&path) {
            let parts: Vec<String> = inside.components().map(|part| encoded(part.as_os_str())).collect();
            return parts.join("/");
        }
        let mut uri = "file://".to_owned();
        for part in path.components() {
            match part {
                Component::Prefix(prefix) => match prefix.kind() {
                    Prefix::Disk(letter) | Prefix::VerbatimDisk(letter) => {
                        uri.extend(['/', char::from(letter), ':']);
                    }
                    Prefix::UNC(server, share) | Prefix::VerbatimUNC(server, share) => {
                        uri.extend([encoded(server), "/".to_owned(), encoded(share)]);
                    }
                    Prefix::Verbatim(name) | Prefix::DeviceNS(name) => uri.extend(["/".to_owned(), encoded(name)]),
                },
                Component::RootDir => {}
                part => uri.extend(["/".to_owned(), encoded(part.as_os_str())]),
            }
        }
        uri
    }

    /// The path from where all paths begin, without detours.
    fn absolute(&self, name: &str) -> PathBuf {
        let mut path = PathBuf::new();
        for part in self.here.join(name).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => drop(path.pop()),
                part => path.push(part),
            }
        }
        path
    }

    /// The path from the root, if it leads there.
    fn inside<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(self.root.as_deref().unwrap_or(&self.here)).ok()
    }
}

/// A part of a path as a URI has it: what is no letter, digit or one of a few signs is a percent sign and its number.
fn encoded(part: &OsStr) -> String {
    let mut uri = String::with_capacity(part.len());
    for byte in part.to_string_lossy().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

/// Numbers by which findings are known again when lines were put above them: of the path, the rule, the content of
/// the line and the place in it. What has all of that in common is told apart by its order.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    seen: HashMap<u128, u64>,
}

impl Fingerprints {
    /// That of the next finding.
    pub(super) fn of(&mut self, path: &str, finding: &Finding) -> u128 {
        let mut hasher = Xxh3::new();
        let mut add = |part: &[u8]| {
            hasher.update(part);
            hasher.update(&[0]);
        };
        add(path.as_bytes());
        add(finding.rule.code.as_bytes());
        if let Some(place) = &finding.place {
            add(&place.line_hash.to_le_bytes());
            add(place.pointer.as_deref().unwrap_or_default().as_bytes());
        }
        let same = self.seen.entry(hasher.digest128()).or_default();
        *same += 1;
        if *same > 1 {
            hasher.update(&same.to_le_bytes());
        }
        hasher.digest128()
    }
}

/// Keeps so many findings, errors before warnings, each in their order.
#[derive(Debug)]
pub(super) struct ErrorsFirst<T> {
    max: usize,
    errors: Vec<T>,
    warnings: Vec<T>,
}

impl<T> ErrorsFirst<T> {
    pub(super) fn new(max: usize) -> Self {
        ErrorsFirst { max, errors: Vec::new(), warnings: Vec::new() }
    }

    /// Makes and keeps one if there is room.
    pub(super) fn push(&mut self, severity: Severity, make: impl FnOnce() -> T) {
        let of_kind = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if of_kind.len() < self.max {
            of_kind.push(make());
        }
    }

    /// What was kept.
    pub(super) fn take(&mut self) -> Vec<T> {
        let mut kept = std::mem::take(&mut self.errors);
        kept.append(&mut self.warnings);
        kept.truncate(self.max);
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_root() {
        let repository = Repository { here: "/builds/a/data".into(), root: Some("/builds/a".into()) };
        for (name, path, uri) in [
            ("train.jsonl", "data/train.jsonl", "data/train.jsonl"),
            ("./x/../train.jsonl", "data/train.jsonl", "data/train.jsonl"),
            ("../a b%:é.jsonl", "a b%:é.jsonl", "a%20b%25%3A%C3%A9.jsonl"),
            ("/builds/a/x.jsonl", "x.jsonl", "x.jsonl"),
            ("/tmp/x y.jsonl", "/tmp/x y.jsonl", "file:///tmp/x%20y.jsonl"),
            ("../../b/x.jsonl", "../../b/x.jsonl", "file:///builds/b/x.jsonl"),
        ] {
            assert_eq!(repository.path(name), path);
            assert_eq!(repository.uri(name), uri);
        }
    }

    /// A backslash is a letter like others there.
    #[cfg(unix)]
    #[test]
    fn names_may_have_backslashes() {
        let repository = Repository { here: "/builds/a".into(), root: None };
        assert_eq!(repository.path("a\\b.jsonl"), "a\\b.jsonl");
        assert_eq!(repository.uri("a\\b.jsonl"), "a%5Cb.jsonl");
        assert_eq!(repository.uri("/tmp/a\\b.jsonl"), "file:///tmp/a%5Cb.jsonl");
    }

    #[cfg(windows)]
    #[test]
    fn drives_and_servers_are_named() {
        let repository = Repository { here: r"C:\builds\a".into(), root: None };
        for (name, uri) in [
            (r"data\b c.jsonl", "data/b%20c.jsonl"),
            (r"D:\x y.jsonl", "file:///D:/x%20y.jsonl"),
            (r"\\server\share\x.jsonl", "file://server/share/x.jsonl"),
            (r"..\b.jsonl", "file:///C:/builds/b.jsonl"),
        ] {
            assert_eq!(repository.uri(name), uri);
        }
    }

    #[test]
    fn errors_come_first_and_push_out_warnings() {
        let mut kept = ErrorsFirst::new(3);
        for n in 0..10 {
            kept.push(if n % 3 == 1 { Severity::Error } else { Severity::Warning }, || n);
        }
        assert_eq!(kept.take(), [1, 4, 7]);
        for n in 0..4 {
            kept.push(if n == 3 { Severity::Error } else { Severity::Warning }, || n);
        }
        assert_eq!(kept.take(), [3, 0, 1]);
    }
}
