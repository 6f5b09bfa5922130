//! The files and folders that a pattern matches.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf, is_separator};

use globset::{GlobBuilder, GlobMatcher};

/// What has a special meaning in a pattern.
const SPECIAL: [char; 4] = ['*', '?', '[', '{'];

/// More patterns than these are not made of one with braces.
const MOST: usize = 4096;

/// Whether what names a path is a pattern, and not what a file there is called.
pub(crate) fn is_pattern(text: &str, path: &Path) -> bool {
    text.contains(SPECIAL) && fs::symlink_metadata(path).is_err()
}

/// A pattern as shells know them: `*` and `?` within a name, `[ab]`, `{a,b}`, `**` over folders.
pub(super) struct Pattern {
    /// What it comes to without braces.
    alternatives: Vec<Alternative>,
}

struct Alternative {
    /// `/`, what stands for a drive, `.`, or nothing.
    root: PathBuf,
    parts: Vec<Part>,
    /// Whether it ends in a separator.
    is_folder: bool,
}

enum Part {
    /// A name as it is.
    Name(String),
    /// The names that match.
    Names {
        matcher: GlobMatcher,
        /// Whether those that begin with a dot may be among them.
        hidden: bool,
    },
    /// This folder and all below it.
    Below,
}

impl Pattern {
    /// # Errors
    /// What is wrong with the pattern.
    pub(super) fn new(text: &str) -> Result<Pattern, globset::Error> {
        // As a whole it tells best what is wrong.
        GlobBuilder::new(text).literal_separator(true).build()?;
        let mut texts = Vec::new();
        without_braces(String::new(), text, &mut texts);
        let alternatives = texts.iter().map(|text| Alternative::new(text)).collect::<Result<_, _>>()?;
        Ok(Pattern { alternatives })
    }

    /// What is there that matches, in the order of the names; and the folders that cannot be looked into, though something
    /// in them might match.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for Alternative { root, parts, is_folder } in &self.alternatives {
            let mut search = Search { is_folder: *is_folder, above: Vec::new(), found: &mut found };
            search.descend(root.clone(), parts);
        }
        found
    }
}

impl Alternative {
    fn new(text: &str) -> Result<Alternative, globset::Error> {
        let is_root =
            |part: &Component<'_>| matches!(part, Component::Prefix(_) | Component::RootDir | Component::CurDir);
        let root: PathBuf = Path::new(text).components().take_while(is_root).collect();
        let mut parts = Vec::new();
        for name in text[root.as_os_str().len().min(text.len())..].split(is_separator) {
            match name {
                "" | "." => {}
                "**" if matches!(parts.last(), Some(Part::Below)) => {}
                "**" => parts.push(Part::Below),
                _ => parts.push(match literal(name) {
                    Some(name) => Part::Name(name),
                    None => Part::Names {
                        matcher: GlobBuilder::new(name).literal_separator(true).build()?.compile_matcher(),
                        hidden: name.starts_with('.'),
                    },
                }),
            }
        }
        Ok(Alternative { root, parts, is_folder: text.ends_with(is_separator) })
    }
}

/// The patterns that one with braces stands for. Each begins with `before`.
fn without_braces(before: String, text: &str, into: &mut Vec<String>) {
    let Some((start, end, commas)) = braces(text) else {
        return into.push(before + text);
    };
    let mut from = start + 1;
    for comma in commas.into_iter().chain([end]) {
        if into.len() < MOST {
            without_braces(
                format!("{before}{}", &text[..start]),
                &format!("{}{}", &text[from..comma], &text[end + 1..]),
                into,
            );
        }
        from = comma + 1;
    }
}

/// The first braces of a pattern, and the commas between them.
fn braces(text: &str) -> Option<(usize, usize, Vec<usize>)> {
    let (mut start, mut depth, mut commas) = (0, 0, Vec::new());
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '[' => {
                // A bracket right behind the first one is one of the characters.
                let class = chars.clone().skip(1).find(|(_, char)| *char == ']');
                class.and_then(|(end, _)| chars.by_ref().find(|(at, _)| *at == end));
            }
            '{' => {
                depth += 1;
                if depth == 1 {
                    start = at;
                }
            }
            ',' if depth == 1 => commas.push(at),
            '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return Some((start, at, commas));
                }
            }
            _ => {}
        }
    }
    None
}

/// The name that a part of a pattern matches, if it is just one: what is special may stand in brackets.
fn literal(part: &str) -> Option<String> {
    let mut name = String::new();
    let mut chars = part.chars();
    while let Some(char) = chars.next() {
        match char {
            '[' => {
                name.push(chars.next()?);
                if chars.next()? != ']' {
                    return None;
                }
            }
            char if SPECIAL.contains(&char) => return None,
            char => name.push(char),
        }
    }
    Some(name)
}

struct Search<'f> {
    /// Whether only folders are meant.
    is_folder: bool,
    /// The folders that are being searched with all below them, without links.
    above: Vec<PathBuf>,
    found: &'f mut Vec<PathBuf>,
}

impl Search<'_> {
    /// Finds what matches these parts in `folder`, which is that of the run if it is empty.
    fn descend(&mut self, folder: PathBuf, parts: &[Part]) {
        match parts {
            // All that is in it is meant.
            [] | [Part::Below] => {
                let is_meant = if self.is_folder { folder.is_dir() } else { fs::symlink_metadata(&folder).is_ok() };
                if is_meant {
                    self.found.push(folder);
                }
            }
            [Part::Name(name), rest @ ..] => self.descend(folder.join(name), rest),
            [Part::Names { matcher, hidden }, rest @ ..] => {
                for name in self.names(&folder).into_iter().filter(|name| matcher.is_match(name)) {
                    let path = folder.join(&name);
                    if (*hidden || !is_hidden(&name)) && (rest.is_empty() || path.is_dir()) {
                        self.descend(path, rest);
                    }
                }
            }
            [Part::Below, rest @ ..] => {
                // A link may lead to a folder that it is in.
                let Some(place) = fs::canonicalize(here(&folder)).ok().filter(|place| !self.above.contains(place))
                else {
                    return;
                };
                self.above.push(place);
                self.descend(folder.clone(), rest);
                for name in self.names(&folder).into_iter().filter(|name| !is_hidden(name)) {
                    let path = folder.join(name);
                    if path.is_dir() {
                        self.descend(path, parts);
                    }
                }
                self.above.pop();
            }
        }
    }

    /// The names in a folder, in their order. One that cannot be looked into may hold what is meant.
    fn names(&mut self, folder: &Path) -> Vec<PathBuf> {
        let names = fs::read_dir(here(folder)).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| PathBuf::from(entry.file_name()))).collect::<io::Result<Vec<_>>>()
        });
        match names {
            Ok(mut names) => {
                names.sort();
                names
            }
            Err(error) => {
                if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
                    self.found.push(folder.to_owned());
                }
                Vec::new()
            }
        }
    }
}

fn is_hidden(name: &Path) -> bool {
    name.as_os_str().as_encoded_bytes().starts_with(b".")
}

/// The folder of the run has no name in a path.
fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_taken_apart() {
        let all = |text: &str| {
            let mut all = Vec::new();
            without_braces(String::new(), text, &mut all);
            all
        };
        assert_eq!(all("a"), ["a"]);
        assert_eq!(all("{a,b/c}.{x,y}"), ["a.x", "a.y", "b/c.x", "b/c.y"]);
        assert_eq!(all("a{b{c,d},}e"), ["abce", "abde", "ae"]);
        assert_eq!(all("[{]a,b[}]{c}"), ["[{]a,b[}]c"]);
        assert!(all(&"{a,b}".repeat(40)).len() <= MOST);
    }

    #[test]
    fn names_in_brackets_are_names() {
        for (part, name) in
            [("a", Some("a")), ("r[[]1]", Some("r[1]")), ("[*]", Some("*")), ("[ab]", None), ("a*", None)]
        {
            assert_eq!(literal(part).as_deref(), name, "{part}");
        }
    }

    #[test]
    fn links_are_followed_but_in_no_circle() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/x.jsonl"), "").unwrap();
        fs::write(folder.path().join("a/.y.jsonl"), "").unwrap();
        #[cfg(unix)]
        for (target, link) in [("..", "a/b/up"), ("../d", "a/d"), ("../a", "d/a")] {
            fs::create_dir_all(folder.path().join("d")).unwrap();
            std::os::unix::fs::symlink(target, folder.path().join(link)).unwrap();
        }
        fs::create_dir_all(folder.path().join("d")).unwrap();
        fs::write(folder.path().join("d/z.jsonl"), "").unwrap();
        let root = globset::escape(folder.path().to_str().unwrap());
        let found = |pattern: &str| -> Vec<String> {
            let paths = Pattern::new(&format!("{root}/{pattern}")).unwrap().paths();
            let below = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().to_str().unwrap().replace('\\', "/");
            paths.iter().map(below).collect()
        };
        let linked = if cfg!(unix) {
            &["a/b/x.jsonl", "a/d/z.jsonl", "d/z.jsonl", "d/a/b/x.jsonl"][..]
        } else {
            &["a/b/x.jsonl", "d/z.jsonl"]
        };
        assert_eq!(found("**/*.jsonl"), linked);
        assert_eq!(found("a//./*/../b/*.jsonl"), ["a/b/../b/x.jsonl"]);
        assert_eq!(found("a/.*"), ["a/.y.jsonl"]);
        assert_eq!(found("a/b/{*.jsonl,nothing}/"), [""; 0]);
        assert_eq!(found("a/[b]/"), ["a/b"]);
        assert_eq!(found("{b,a}/**"), ["a"]);
        assert_eq!(found("{c,a/b}/x.jsonl"), ["a/b/x.jsonl"]);
    }
}
