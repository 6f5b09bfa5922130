//! Names of one line, to look others up in.

use std::collections::HashSet;

/// Few names are compared one by one, many are hashed: a line may have 100,000 of them.
#[derive(Clone, Default)]
pub(super) struct Names<'a> {
    list: Vec<&'a str>,
    /// Empty as long as the names are few.
    hashed: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    const FEW: usize = 16;

    pub(super) fn push(&mut self, name: &'a str) {
        self.list.push(name);
        if !self.hashed.is_empty() {
            self.hashed.insert(name);
        } else if self.list.len() > Self::FEW {
            self.hashed.extend(&self.list);
        }
    }

    /// Adds a name; `false` if it was there.
    pub(super) fn insert(&mut self, name: &'a str) -> bool {
        let is_new = !self.contains(name);
        if is_new {
            self.push(name);
        }
        is_new
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        if self.hashed.is_empty() { self.list.contains(&name) } else { self.hashed.contains(name) }
    }

    /// The names in the order in which they came.
    pub(super) fn list(&self) -> &[&'a str] {
        &self.list
    }
}

impl<'a> FromIterator<&'a str> for Names<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(all: I) -> Self {
        let mut names = Names::default();
        all.into_iter().for_each(|name| names.push(name));
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_names_and_many_are_found() {
        let all: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        for count in [0, 1, 16, 17, 18, 100] {
            let names: Names<'_> = all[..count].iter().map(String::as_str).collect();
            assert_eq!(names.list(), &all[..count]);
            for (n, name) in all.iter().enumerate() {
                assert_eq!(names.contains(name), n < count, "{name} of {count}");
                let mut more: Names<'_> = all[..count].iter().map(String::as_str).collect();
                assert_eq!((more.insert(name), more.insert(name)), (n >= count, false), "{name} of {count}");
            }
        }
    }
}
