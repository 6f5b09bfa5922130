//! What `--fix` would change, line by line, in windows around what differs.

use std::io::{self, Write};
use std::ops::Range;

use super::Style;
use crate::fix::{Changed, Preview};
use crate::rule::Rule;
use crate::text::{count, mask, number, snippet};

/// How many lines are shown of a change, on each side.
const LINES: usize = 3;

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
        let (old, new) = differing(changed.old, changed.new);
        self.side('-', changed.old, &old, changed.new.is_empty())?;
        self.side('+', changed.new, &new, false)
    }
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
    fn what_differs_is_found() {
        assert_eq!(differing(b"abc", b"abXc"), (2..2, 2..3));
        assert_eq!(differing(b"aa", b"a"), (1..2, 1..1));
        assert_eq!(differing(b"a", b""), (0..1, 0..0));
    }
}
