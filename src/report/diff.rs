//! What `--fix` would change, line by line, in windows around what differs.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;

use super::Style;
use crate::fix::{Changed, Preview};
use crate::rule::Rule;
use crate::shape::BYTE_ORDER_MARK;
use crate::text::{count, mask, number, snippet};

/// How many lines are shown of a change, on each side.
const LINES: usize = 3;
/// How many windows are shown of a line that changes in several places.
const WINDOWS: usize = 5;
/// So many places are told apart in a line; what is behind them is one.
const PLACES: usize = 100;
/// So many bytes tell that two lines are alike again.
const ALIKE: usize = 16;
/// So far that is looked for.
const REACH: usize = 64 * 1024;

/// Shows the changes of one file.
pub struct Diff<'w> {
    out: &'w mut dyn Write,
    style: Style,
    name: String,
    /// The width of what is shown of a line, in columns.
    width: usize,
    /// How many changes are shown.
    most: u64,
    changes: u64,
}

impl<'w> Diff<'w> {
    /// Shows changes of the file `name`, at most so many.
    #[must_use]
    pub fn new(out: &'w mut dyn Write, style: Style, name: &str, most: Option<u64>) -> Self {
        let width = style.width.saturating_sub(4);
        Diff { out, style, name: mask(name.as_bytes()), width, most: most.unwrap_or(u64::MAX), changes: 0 }
    }

    /// Ends the file: says how many changes were not shown.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn finish(&mut self) -> io::Result<()> {
        if self.changes > self.most {
            let hidden = count(self.changes - self.most, "more change");
            writeln!(self.out, "… {hidden} (--max-diagnostics none shows all)")?;
        }
        if self.changes > 0 {
            writeln!(self.out)?;
        }
        Ok(())
    }

    /// The header of a change; false if it is not shown.
    fn header(&mut self, place: &str, rules: &[&Rule]) -> io::Result<bool> {
        if self.changes == 0 {
            writeln!(self.out, "{}", self.style.bold(format_args!("--- {}", self.name)))?;
            writeln!(self.out, "{}", self.style.bold(format_args!("+++ {} (fixed)", self.name)))?;
        }
        self.changes += 1;
        if self.changes > self.most {
            return Ok(false);
        }
        let rules: Vec<String> = rules.iter().map(|rule| format!("{} {}", rule.code, rule.name)).collect();
        let cyan = anstyle::AnsiColor::Cyan.on_default();
        writeln!(self.out, "{}", self.style.paint(cyan, format_args!("@@ {place} · {} @@", rules.join(", "))))?;
        Ok(true)
    }

    /// Some lines of one side, each with the window in which `differs` begins.
    fn side(&mut self, sign: char, text: &[u8], differs: &Range<usize>, whole: bool) -> io::Result<()> {
        let color = if sign == '-' { anstyle::AnsiColor::Red } else { anstyle::AnsiColor::Green };
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive(|&byte| byte == b'\n') {
            lines.push((start, line));
            start += line.len();
        }
        for (start, line) in lines.iter().take(LINES) {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let from = differs.start.saturating_sub(*start).min(line.len());
            let to = differs.end.saturating_sub(*start).clamp(from, line.len());
            let span = if whole { 0..0 } else { from..to };
            // A line in front of or behind what differs is shown from its start.
            let span = if span.is_empty() && (span.start == line.len() || span.start == 0) && !line.is_empty() {
                let at = if span.start == 0 { 0 } else { line.len() - 1 };
                at..at + 1
            } else {
                span
            };
            let shown = if line.is_empty() { String::new() } else { snippet(line, &span, self.width).text };
            writeln!(self.out, "{}", self.style.paint(color.on_default(), format_args!("{sign} {shown}")))?;
        }
        if lines.len() > LINES {
            let rest = count((lines.len() - LINES) as u64, "more line");
            writeln!(self.out, "{}", self.style.paint(color.on_default(), format_args!("{sign} … {rest}")))?;
        }
        Ok(())
    }
}

impl Preview for Diff<'_> {
    fn rewritten(&mut self, rule: &'static Rule, head: &[u8]) -> io::Result<()> {
        if self.header("the whole file is written anew", &[rule])? {
            let whole = head.iter().rposition(|&byte| byte == b'\n').map_or(head.len(), |end| end + 1);
            self.side('+', &head[..whole], &(0..0), true)?;
        }
        Ok(())
    }

    fn changed(&mut self, changed: &Changed<'_>) -> io::Result<()> {
        let lines = memchr::memchr_iter(b'\n', changed.old.strip_suffix(b"\n").unwrap_or(changed.old)).count() as u64;
        let place = match lines {
            0 => format!("line {}", number(changed.line)),
            more => format!("lines {} to {}", number(changed.line), number(changed.line + more)),
        };
        if !self.header(&place, changed.rules)? {
            return Ok(());
        }
        if changed.old == BYTE_ORDER_MARK {
            let red = anstyle::AnsiColor::Red.on_default();
            let removed = "- U+FEFF, the byte order mark in front of the line";
            return writeln!(self.out, "{}", self.style.paint(red, removed));
        }
        let windows = if lines == 0 { windows(changed.old, changed.new, self.width / 2) } else { Vec::new() };
        if windows.len() < 2 {
            let (old, new) = differing(changed.old, changed.new);
            self.side('-', changed.old, &old, changed.new.is_empty())?;
            return self.side('+', changed.new, &new, false);
        }
        for (old, new) in windows.iter().take(WINDOWS) {
            self.side('-', changed.old, old, false)?;
            self.side('+', changed.new, new, false)?;
        }
        if windows.len() > WINDOWS {
            let more = count((windows.len() - WINDOWS) as u64, "more change");
            let least = if windows.len() > PLACES { "at least " } else { "" };
            writeln!(self.out, "  … and {least}{more} in this line")?;
        }
        Ok(())
    }
}

/// What differs between two lines: one or several ranges of the old and of the new.
type Windows = Vec<(Range<usize>, Range<usize>)>;

/// The parts in which two lines differ. Those that fit into one window are one.
fn windows(old: &[u8], new: &[u8], width: usize) -> Windows {
    let (old_middle, new_middle) = differing(old, new);
    let mut windows: Windows = Vec::new();
    let (mut a, mut b) = (old_middle.start, new_middle.start);
    while a < old_middle.end || b < new_middle.end {
        let (left, right) = (&old[a..old_middle.end], &new[b..new_middle.end]);
        let alike = if windows.len() < PLACES { next_alike(left, right) } else { None };
        let (skip_old, skip_new) = alike.unwrap_or((left.len(), right.len()));
        let (here, there) = (a..a + skip_old, b..b + skip_new);
        match windows.last_mut() {
            Some((before, after)) if here.end - before.start <= width && there.end - after.start <= width => {
                (before.end, after.end) = (here.end, there.end);
            }
            _ => windows.push((here.clone(), there.clone())),
        }
        let alike = old[here.end..old_middle.end].iter().zip(&new[there.end..new_middle.end]);
        let alike = alike.take_while(|(old, new)| old == new).count();
        (a, b) = (here.end + alike, there.end + alike);
    }
    windows
}

/// How far ahead two texts are alike again: as near to both their starts as can be, for at least [`ALIKE`] bytes.
fn next_alike(old: &[u8], new: &[u8]) -> Option<(usize, usize)> {
    let mut places: HashMap<&[u8], usize> = HashMap::new();
    for (at, piece) in new.windows(ALIKE).enumerate().take(REACH) {
        places.entry(piece).or_insert(at);
    }
    let ahead = old.windows(ALIKE).enumerate().take(REACH);
    ahead.filter_map(|(at, piece)| Some((at, *places.get(piece)?))).min_by_key(|(at, place)| at + place)
}

/// The parts in which two texts differ, between what they begin and end with alike.
fn differing(old: &[u8], new: &[u8]) -> (Range<usize>, Range<usize>) {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(old, new)| old == new).count();
    (start..old.len() - end, start..new.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_its_window() {
        let (old, new) = ("x".repeat(100), "y".repeat(100));
        let line = |a: &str, b: &str, c: &str| format!("{a}{old}{b}{new}{c}").into_bytes();
        let far = windows(&line("1", "2", "3"), &line("A", "", "CC"), 30);
        assert_eq!(far, [(0..1, 0..1), (101..102, 101..101), (202..203, 201..203)]);
        assert_eq!(windows(&line("1", "2", "3"), &line("A", "", "CC"), 110), [(0..102, 0..101), (202..203, 201..203)]);
        assert_eq!(windows(b"abc", b"abXc", 30), [(2..2, 2..3)]);
    }

    #[test]
    fn of_very_many_places_the_last_are_one() {
        let (old, new): (String, String) = (0..20_000).map(|n| (format!("{n:020}a"), format!("{n:020}b"))).unzip();
        let all = windows(old.as_bytes(), new.as_bytes(), 10);
        assert_eq!(all.len(), PLACES + 1);
        assert_eq!(all.last().unwrap().0.end, old.len());
    }

    #[test]
    fn what_differs_is_found() {
        assert_eq!(differing(b"abc", b"abXc"), (2..2, 2..3));
        assert_eq!(differing(b"aa", b"a"), (1..2, 1..1));
        assert_eq!(differing(b"a", b""), (0..1, 0..0));
    }
}
