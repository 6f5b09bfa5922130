//! What several targets share: what holds of every report, and JSON that is made at random.

pub mod example;
pub mod findings;
pub mod json;

use std::io::{self, Read};
use std::sync::{Arc, LazyLock};

use ftlint::dataset::Split;
use ftlint::lint::Linter;
use ftlint::settings::Settings;

/// Gives bytes a few at a time, as a slow pipe does.
pub struct Trickle {
    rest: io::Cursor<Vec<u8>>,
    step: usize,
}

impl Trickle {
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Trickle { rest: io::Cursor::new(bytes.to_vec()), step: 0 }
    }
}

impl Read for Trickle {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.step = self.step * 7 % 101 + 1;
        let length = self.step.min(into.len());
        self.rest.read(&mut into[..length])
    }
}

/// A choice for each input. A seed ends with a line break and gets the first one.
#[must_use]
pub fn choice(data: &[u8], count: usize) -> usize {
    usize::from(data.last().map_or(0, |last| last.wrapping_sub(b'\n'))) % count
}

/// Has a linter forget the examples and tools of earlier inputs. Its threads and its memory stay.
pub fn forget(linter: &mut Linter<'static>) {
    static USUAL: LazyLock<Settings> = LazyLock::new(Settings::default);
    let old = std::mem::replace(linter, Linter::new(&USUAL));
    *linter = old.with_examples(&Arc::default(), Split::Training, false).with_tools(&Arc::default());
}
