//! Findings that are known: a data set that has 400 warnings is linted for the 401st.
//!
//! A finding is known by its rule and a hash of its line, so lines can be moved and others added; who edits a line
//! wants to hear of it again. What is about a file as a whole is known by the rule and the name of the file, without
//! its folders. No data is in the file, and no line numbers.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use crate::atomic;
use crate::rule::Rule;
use crate::rules::{RULES, index_of};

/// How a baseline begins. The number changes if what is hashed does.
const HEADER: &str = "# ftlint baseline 1: rule, hash of the line, how often. --write-baseline writes it anew.";

/// What says that a file is a baseline, whatever the rest of its first line.
const MAGIC: &str = "# ftlint baseline ";

/// A rule by its place in the catalogue, and what it was found in.
type Key = (usize, u128);

/// Findings that are known, each as often as it is.
#[derive(Debug, Default)]
pub struct Baseline {
    /// How often each is still to come.
    left: HashMap<Key, u64>,
    /// Entries of rules that this version does not have.
    unknown: u64,
    /// What is found, if that is to be written; then all of it is known.
    found: Option<BTreeMap<Key, u64>>,
}

impl Baseline {
    /// Takes down what is found.
    #[must_use]
    pub fn collecting() -> Self {
        Baseline { found: Some(BTreeMap::new()), ..Baseline::default() }
    }

    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        match lines.next().and_then(|first| first.strip_prefix(MAGIC)) {
            Some(rest) if rest.starts_with("1:") => {}
            Some(_) => return Err("it is from another version of ftlint; --write-baseline writes it anew".to_owned()),
            None => return Err("it is no baseline; --write-baseline FILE writes one".to_owned()),
        }
        let mut baseline = Baseline::default();
        for (number, line) in (2..).zip(lines) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut parts = line.split_ascii_whitespace();
            let entry = (|| {
                let (code, hash) = (parts.next()?, parts.next()?);
                let count: u64 = parts.next()?.parse().ok()?;
                Some((code, u128::from_str_radix(hash, 16).ok()?, count)).filter(|_| parts.next().is_none())
            })();
            let Some((code, hash, count)) = entry else {
                return Err(format!("line {number} is not a rule, a hash and a number"));
            };
            match RULES.binary_search_by(|rule| rule.code.cmp(code)) {
                Ok(rule) => {
                    // Whoever joins two files has some lines twice.
                    let left = baseline.left.entry((rule, hash)).or_default();
                    *left = left.saturating_add(count);
                }
                Err(_) => baseline.unknown += 1,
            }
        }
        Ok(baseline)
    }

    /// Whether a finding of this rule in what has this hash is known; it then is so once less.
    pub(crate) fn knows(&mut self, rule: &Rule, hash: u128) -> bool {
        let key = (index_of(rule), hash);
        if let Some(found) = &mut self.found {
            *found.entry(key).or_default() += 1;
            return true;
        }
        match self.left.get_mut(&key) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// Entries that were found less often than they are known, of the rules that were asked, or that there no longer are.
    pub fn stale(&self, is_asked: impl Fn(&'static Rule) -> bool) -> u64 {
        let is_stale = |((rule, _), left): &(&Key, &u64)| **left > 0 && is_asked(RULES[*rule]);
        self.unknown + self.left.iter().filter(is_stale).count() as u64
    }

    /// Writes what was found, all of it or nothing.
    ///
    /// # Errors
    /// The file cannot be written, or is something else than a baseline.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        // A slip of the hand must not cost data.
        if let Ok(old) = std::fs::read(path)
            && !old.is_empty()
            && !old.starts_with(MAGIC.as_bytes())
        {
            return Err(io::Error::other("the file is there and no baseline; it is left as it is"));
        }
        let mut text = format!("{HEADER}\n");
        for ((rule, hash), count) in self.found.iter().flatten() {
            let _ = writeln!(text, "{} {hash:032x} {count}", RULES[*rule].code);
        }
        atomic::write(path, text.as_bytes())
    }
}

/// The hash of a line or record without its end.
pub(crate) fn hash_line(bytes: &[u8]) -> u128 {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    xxh3_128(bytes.strip_suffix(b"\r").unwrap_or(bytes))
}

/// The hash that stands for a file as a whole.
pub(crate) fn hash_file(name: &str) -> u128 {
    let name = Path::new(name).file_name().map_or(name.into(), |name| name.to_string_lossy());
    xxh3_128(format!("file {name}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::find;

    #[test]
    fn what_is_written_is_known_as_often_as_it_was_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baseline.txt");
        let (role, blank) = (find("FT104").unwrap(), find("FT006").unwrap());
        let mut found = Baseline::collecting();
        for (rule, line) in [(role, "a"), (role, "a"), (blank, ""), (role, "b")] {
            assert!(found.knows(rule, hash_line(line.as_bytes())));
        }
        found.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let rules: Vec<&str> = text.lines().skip(1).map(|line| &line[..5]).collect();
        assert_eq!(rules, ["FT006", "FT104", "FT104"]);
        let mut known = Baseline::parse(&text).unwrap();
        for (rule, line, expected) in [
            (role, "a\r\n", true),
            (role, "a", true),
            (role, "a", false),
            (blank, "a", false),
            (role, "c", false),
            (blank, "", true),
        ] {
            assert_eq!(known.knows(rule, hash_line(line.as_bytes())), expected, "{line:?}");
        }
        assert_eq!(known.stale(|_| true), 1);
        assert_eq!(known.stale(|rule| rule != role), 0);
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        for (text, reason) in [
            ("", "it is no baseline; --write-baseline FILE writes one"),
            ("{}\n", "it is no baseline; --write-baseline FILE writes one"),
            ("# ftlint baseline 2: x\n", "it is from another version of ftlint; --write-baseline writes it anew"),
            ("# ftlint baseline 1: x\nFT104 zz 1\n", "line 2 is not a rule, a hash and a number"),
            ("# ftlint baseline 1: x\n\nFT104 ab 1 1\n", "line 3 is not a rule, a hash and a number"),
        ] {
            assert_eq!(Baseline::parse(text).unwrap_err(), reason);
        }
        let known = Baseline::parse("# ftlint baseline 1: x\nFT999 ab 1\nFT104 ab 2\n").unwrap();
        assert_eq!(known.stale(|_| true), 2);
    }

    #[test]
    fn counts_may_be_any() {
        let line = format!("FT104 ab {}\n", u64::MAX);
        let mut known = Baseline::parse(&format!("# ftlint baseline 1: x\n{line}{line}")).unwrap();
        assert!(known.knows(find("FT104").unwrap(), 0xAB));
        assert_eq!(known.stale(|_| true), 1);
    }
}
