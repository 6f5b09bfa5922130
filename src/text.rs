//! Text for people: windows into long lines, masked characters, numbers and plurals.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use textwrap::core::Word;
use textwrap::{WordSeparator, WordSplitter};
use unicode_width::UnicodeWidthChar;

use crate::secrets;

/// A part of a line, safe to print: no control characters, nothing that moves text about.
///
/// Every masked byte stays one byte, so offsets into the line still fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The offset in the line at which `text` starts. With an ellipsis in front, a little less
    /// than where the first byte shown stands.
    pub start: usize,
    /// What is shown.
    pub text: String,
    /// The part of the span that is inside the window, in bytes of the line. Behind the line it is the sign for its
    /// end.
    pub mark: Range<usize>,
}

const ELLIPSIS: char = '…';
/// Shows the end of a line where that is what a finding is about: something is missing there, or the break itself is
/// the fault.
const LINE_END: char = '↵';

/// Cuts about `width` columns out of `line`, around the start of `span`. Secrets in it are not shown.
#[must_use]
pub fn snippet(line: &[u8], span: &Range<usize>, width: usize) -> Snippet {
    snippet_hiding(line, span, width, &secrets::hidden(line))
}

/// As [`snippet`], of a line of which it is known what must not be shown: ranges in order, without overlaps.
#[must_use]
pub fn snippet_hiding(line: &[u8], span: &Range<usize>, width: usize, hidden: &[Range<usize>]) -> Snippet {
    let mask = |part: Range<usize>| mask_hiding(line, part, hidden);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let on_boundary = |at| char_around(line, at).map_or(at, |c| c.start);
    let span = span.start.min(line.len())..span.end.clamp(span.start.min(line.len()), line.len());
    let mark_start = on_boundary(span.start);
    // A third of the window shows what comes before.
    let lead = if span.len() >= width { width / 8 } else { (width - span.len()).min(width * 2) / 2 };
    let mut from = on_boundary(mark_start.saturating_sub(lead));
    let mut before = mask(from..mark_start);
    while columns(&before) > lead {
        let cut = before.chars().next().map_or(1, char::len_utf8);
        from += cut;
        before.drain(..cut);
    }
    // What an ellipsis would replace is shown instead.
    if from <= ELLIPSIS.len_utf8() {
        from = 0;
        before = mask(0..mark_start);
    }
    let room = width.saturating_sub(columns(&before)).max(1);
    let limit = on_boundary((mark_start + 4 * room).min(line.len()));
    let mut after = mask(mark_start..limit);
    let mut taken = 0;
    let cut = after.char_indices().find(|(_, c)| {
        taken += c.width().unwrap_or(0);
        taken > room
    });
    if let Some((at, _)) = cut {
        after.truncate(at);
    }
    let to = mark_start + after.len();
    let mut text = before;
    let mut start = from;
    if from > 0 {
        text.insert(0, ELLIPSIS);
        start -= ELLIPSIS.len_utf8();
    }
    text.push_str(&after);
    if to < line.len() {
        text.push(ELLIPSIS);
    }
    let end = span.end.clamp(mark_start, to);
    let mut end = char_around(line, end).map_or(end, |c| c.end.min(to));
    if mark_start == line.len() {
        text.push(LINE_END);
        end += LINE_END.len_utf8();
    }
    Snippet { start, text, mark: mark_start..end }
}

/// The character that `at` is in the middle of.
fn char_around(line: &[u8], at: usize) -> Option<Range<usize>> {
    // A byte that only looks like the rest of a character stands alone.
    (at.saturating_sub(3)..at).rev().find_map(|start| {
        let head = &line[start..line.len().min(start + 4)];
        let first = head.utf8_chunks().next()?.valid().chars().next()?;
        let end = start + first.len_utf8();
        (end > at).then_some(start..end)
    })
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Replaces what must not reach a terminal by as many bytes: control characters and bytes that are not UTF-8 by `?`,
/// characters that turn the direction of text or have no width of their own by a dot. So is what joins the parts of an
/// emoji: terminals differ in whether they draw one emoji then, and marks must stand below what they mark.
#[must_use]
pub fn mask(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match (is_unprintable(c), c.len_utf8()) {
                (false, _) => out.push(c),
                (true, 1) => out.push('?'),
                (true, 2) => out.push('·'),
                (true, 3) => out.push('∙'),
                (true, _) => out.push_str("··"),
            }
        }
        out.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    out
}

/// As [`mask`], of a part of a line, with an asterisk for each byte that is hidden.
fn mask_hiding(line: &[u8], part: Range<usize>, hidden: &[Range<usize>]) -> String {
    let masked = mask(&line[part.clone()]);
    if !secrets::is_hidden(hidden, &part) {
        return masked;
    }
    let mut out = String::with_capacity(masked.len());
    for (at, c) in masked.char_indices() {
        let start = part.start + at;
        if secrets::is_hidden(hidden, &(start..start + c.len_utf8())) {
            out.extend(std::iter::repeat_n('*', c.len_utf8()));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether this must not reach a terminal.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The longest data that a message quotes, in characters.
const QUOTE: usize = 48;

/// Data in a message: in backticks, masked and shortened. Secrets in it are not shown.
#[must_use]
pub fn quote(data: &str) -> Quote<'_> {
    Quote { data, most: QUOTE }
}

/// The name of a file in a message: as [`quote`], but whole, since names of one folder often differ at their ends.
#[must_use]
pub fn quote_file(name: &str) -> Quote<'_> {
    Quote { data: name, most: usize::MAX }
}

/// See [`quote`] and [`quote_file`].
#[derive(Clone, Copy, Debug)]
pub struct Quote<'a> {
    data: &'a str,
    /// How many characters are shown.
    most: usize,
}

impl fmt::Display for Quote<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A secret that is cut short is one all the same: more is looked at than is shown.
        let looked_at = self.data.char_indices().nth(self.most.saturating_mul(4)).map_or(self.data.len(), |(at, _)| at);
        let data = secrets::redact(&self.data[..looked_at]);
        f.write_str("`")?;
        for (count, c) in data.chars().enumerate() {
            if count == self.most {
                write!(f, "{ELLIPSIS}")?;
                break;
            }
            match c {
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                '\r' => f.write_str("\\r")?,
                c if is_unprintable(c) => write!(f, "\\u{:04x}", u32::from(c))?,
                c => write!(f, "{c}")?,
            }
        }
        f.write_str("`")
    }
}

/// `a`, `a and b`, `a, b and c`, each in backticks.
#[must_use]
pub fn list<'a>(items: impl IntoIterator<Item = &'a str>, conjunction: &str) -> String {
    let items: Vec<String> = items.into_iter().map(|item| quote(item).to_string()).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {conjunction} {last}", most.join(", ")),
    }
}

/// As [`list`] with `and`, of many items only the first few and how many more there are.
#[must_use]
pub fn list_some<T: AsRef<str>>(items: &[T]) -> String {
    const SHOWN: usize = 6;
    match items.get(SHOWN..) {
        // One that is left out would take as much room as to say so.
        Some(rest @ [_, _, ..]) => {
            let shown: Vec<String> = items[..SHOWN].iter().map(|item| quote(item.as_ref()).to_string()).collect();
            format!("{} and {} more", shown.join(", "), number(rest.len() as u64))
        }
        _ => list(items.iter().map(AsRef::as_ref), "and"),
    }
}

/// The known name that was probably meant.
#[must_use]
pub fn did_you_mean<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found: String = found.chars().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).take(64).collect();
    let found_length = found.chars().count();
    let near = |name: &'a str| {
        let length = name.chars().count();
        let most = length.max(found_length) / 3;
        // So many edits it takes at least, and comparing takes as long as both names are long.
        if length.abs_diff(found_length) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&found, &name.to_lowercase());
        (distance <= most).then_some((distance, name))
    };
    known.into_iter().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// The known file name that was probably meant: two files often have the same extension, so what stands before it must be
/// near too. So must what stands behind.
#[must_use]
pub fn file_meant<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let split = |name: &str| {
        let dot = name.char_indices().skip(1).find(|(_, c)| *c == '.').map_or(name.len(), |(at, _)| at);
        (name[..dot].to_lowercase(), name[dot..].to_lowercase())
    };
    let is_long = |name: &str| name.chars().nth(255).is_some();
    let (stem, rest) = split(found);
    let near = |name: &'a str| {
        let (known_stem, known_rest) = split(name);
        let most = stem.chars().count().max(known_stem.chars().count()) / 3;
        let distance = strsim::damerau_levenshtein(&stem, &known_stem);
        // A `.gz` more or less is near.
        let behind = strsim::damerau_levenshtein(&rest, &known_rest);
        (distance <= most && behind <= 3).then_some((distance + behind, name))
    };
    let known = known.into_iter().filter(|name| !is_long(found) && !is_long(name));
    known.filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// How many pairs of names are compared for the suggestions in one line: it may have 100,000 findings and as many
/// names that could have been meant.
#[derive(Debug)]
pub struct Patience(usize);

impl Default for Patience {
    fn default() -> Self {
        Patience(10_000)
    }
}

impl Patience {
    /// As [`did_you_mean`], as long as patience lasts.
    #[must_use]
    pub fn did_you_mean<'a>(&mut self, found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        let left = &mut self.0;
        did_you_mean(found, known.into_iter().take(*left).inspect(|_| *left -= 1))
    }
}

/// A line in rows of so many columns, broken at spaces alone: see [`WORDS`]. Rows behind the first begin `hang` columns
/// further in than the line does.
#[must_use]
pub(crate) fn wrap(line: &str, width: usize, hang: usize) -> String {
    let text = line.trim_start_matches(' ');
    let indent = line.len() - text.len();
    let room = width.saturating_sub(indent).max(1);
    if textwrap::core::display_width(text) <= room {
        return line.to_owned();
    }
    let (before, hanging) = (" ".repeat(indent), " ".repeat(indent + hang));
    let options = textwrap::Options::new(width).initial_indent(&before).subsequent_indent(&hanging).break_words(false);
    textwrap::fill(text, options.word_separator(WORDS).word_splitter(WordSplitter::NoHyphenation))
}

/// Words that are never broken: what stands between spaces, and what is quoted. A name is one, with its hyphens.
pub(crate) const WORDS: WordSeparator = WordSeparator::Custom(words);

fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut words = Vec::new();
    let (mut start, mut is_quoted, mut before) = (0, false, None);
    for (at, c) in line.char_indices() {
        if before == Some(' ') && c != ' ' && !is_quoted {
            words.push(Word::from(&line[start..at]));
            start = at;
        }
        if c == '`' {
            is_quoted = !is_quoted && line[at + 1..].contains('`');
        }
        before = Some(c);
    }
    words.push(Word::from(&line[start..]));
    Box::new(words.into_iter())
}

/// Rows of cells in columns. Where they are wider than `width` the last cells have rows of their own: beside the others,
/// or below them if there is little room.
#[must_use]
pub(crate) fn columns_of(rows: &[Vec<String>], width: Option<usize>) -> String {
    // The least room beside other cells, and how far in those are that stand below.
    const ROOM: usize = 24;
    const BELOW: usize = 4;
    let Some(cells) = rows.first().map(Vec::len) else { return String::new() };
    let of_column = |column: usize| rows.iter().map(|row| columns(&row[column])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..cells).map(of_column).collect();
    let padded = |row: &[String]| {
        let pad = |(cell, width): (&String, &usize)| format!("{cell}{}", " ".repeat(width - columns(cell)));
        row.iter().zip(&widths).map(pad).collect::<Vec<_>>().join("  ")
    };
    let before: usize = widths[..cells - 1].iter().map(|width| width + 2).sum();
    let width = width.unwrap_or(usize::MAX);
    let mut text = String::new();
    for row in rows {
        let line = if before + widths[cells - 1] <= width {
            padded(row)
        } else if before + ROOM <= width {
            wrap(&padded(row), width, before)
        } else {
            // The others stay in columns as long as these fit.
            let head = if before <= width + 2 {
                padded(&row[..cells - 1])
            } else {
                let head = row[..cells - 1].iter().filter(|cell| !cell.is_empty()).map(String::as_str);
                wrap(&head.collect::<Vec<_>>().join("  "), width, BELOW)
            };
            let last = format!("{:BELOW$}{}", "", row[cells - 1]);
            format!("{}\n{}", head.trim_end(), wrap(&last, width, 0))
        };
        text.extend([line.trim_end(), "\n"]);
    }
    text
}

/// A number with its thousands set apart: `41,206`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 error`, `2 errors`.
#[must_use]
pub fn count(n: u64, one: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {one}{s}", number(n))
}

/// An amount of US dollars: `$1,204.50`; below ten cents with two digits that count.
#[must_use]
pub fn dollars(amount: f64) -> String {
    if amount > 0.0 && amount < 0.1 {
        // The first digit that is not 0, and one more.
        let mut digits = 3;
        while digits < 9 && amount * 10_f64.powi(digits - 1) < 1.0 {
            digits += 1;
        }
        let digits = usize::try_from(digits).unwrap_or(9);
        if amount < 1e-9 {
            return "less than $0.000000001".to_owned();
        }
        return format!("${amount:.digits$}");
    }
    let text = format!("{amount:.2}");
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    format!("${}.{cents}", whole.parse().map_or_else(|_| whole.to_owned(), number))
}

/// A part of a whole, as `38.7 %`; neither nothing nor all of it is said of what is only near to that.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn percent(part: u64, whole: u64) -> String {
    let share = 100.0 * part as f64 / whole.max(1) as f64;
    match share {
        _ if part > 0 && share < 0.05 => "<0.1 %".to_owned(),
        _ if part < whole && share >= 99.95 => ">99.9 %".to_owned(),
        _ => format!("{share:.1} %"),
    }
}

/// A size in decimal units: `1.9 GB`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn size(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return count(bytes, "byte");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(value < 9.95);
    format!("{value:.digits$} {}", units[unit])
}

/// `text` with its first letter in lower case, unless it is an acronym.
#[must_use]
pub fn lowercase_first(text: &str) -> Cow<'_, str> {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            Cow::Owned(first.to_lowercase().chain(chars).collect())
        }
        _ => Cow::Borrowed(text),
    }
}

/// For each byte whether it is one of these: where there are many bytes to look at, that is faster than comparisons.
pub(crate) const fn table_of(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_alone() {
        assert_eq!(wrap("  train gpt-4.1-nano-2025-04-14 now", 20, 2), "  train\n    gpt-4.1-nano-2025-04-14\n    now");
        assert_eq!(wrap("    a b", 7, 2), "    a b");
        assert_eq!(wrap("write `{{ a }}` or `b", 12, 0), "write\n`{{ a }}` or\n`b");
        assert_eq!(wrap("\u{1b}[31maaaa\u{1b}[0m bb", 7, 0), "\u{1b}[31maaaa\u{1b}[0m bb");
        for (text, width) in [("", 0), ("  ", 1), ("a b", 0), ("漢字 漢字", 4)] {
            assert!(wrap(text, width, 4).split_whitespace().eq(text.split_whitespace()));
        }
    }

    #[test]
    fn columns_fit() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["a", "name", "some words that are said of it"]), row(["bcd", "n", "few"])];
        let wide = "a    name  some words that are said of it\nbcd  n     few\n";
        assert_eq!((columns_of(&rows, None), columns_of(&rows, Some(41))), (wide.to_owned(), wide.to_owned()));
        let beside = "a    name  some words that are said of\n           it\nbcd  n     few\n";
        assert_eq!(columns_of(&rows, Some(40)), beside);
        let below = "a    name\n    some words that are\n    said of it\nbcd  n\n    few\n";
        assert_eq!(columns_of(&rows, Some(24)), below);
        assert!(columns_of(&rows, Some(8)).starts_with("a  name\n    some\n"));
        assert_eq!(columns_of(&[], Some(9)), "");
    }

    #[test]
    fn names_of_files_are_whole() {
        let name = format!("{}/part\u{1b}-00.jsonl", "exports/".repeat(20));
        let shown = quote_file(&name).to_string();
        assert_eq!(shown, format!("`{}/part\\u001b-00.jsonl`", "exports/".repeat(20)));
        assert!(quote(&name).to_string().ends_with("…`"));
        let secret = format!("ghp_{}", "x9Kd".repeat(9));
        assert!(!quote_file(&format!("{name}/{secret}")).to_string().contains(&secret));
    }

    #[test]
    fn a_window_shows_the_span_and_stays_narrow() {
        let lines: [Vec<u8>; 5] = [
            b"short".to_vec(),
            "x".repeat(10_000).into_bytes(),
            "漢字かな交じり文".repeat(100).into_bytes(),
            [b"\x1b[31m\xff\xfe\x00 a\xcc".as_slice(), "\u{202e}😀e\u{301}".repeat(50).as_bytes()].concat(),
            Vec::new(),
        ];
        for line in &lines {
            for start in 0..=line.len().min(300) {
                for length in [0, 1, 7, 100, 5_000] {
                    for width in [20, 72] {
                        let span = start..(start + length).min(line.len());
                        let snippet = snippet(line, &span, width);
                        assert!(columns(&snippet.text) <= width + 4, "{snippet:?}");
                        assert!(!snippet.text.chars().any(is_unprintable), "{snippet:?}");
                        let mark = snippet.mark.start - snippet.start..snippet.mark.end - snippet.start;
                        assert!(mark.end <= snippet.text.len(), "{snippet:?}");
                        let marked = match line.get(snippet.mark.clone()) {
                            Some(bytes) if span.start < line.len() => mask(bytes),
                            _ => LINE_END.to_string(),
                        };
                        assert_eq!(snippet.text.as_bytes()[mark.clone()], *marked.as_bytes());
                        assert!(length == 0 || span.is_empty() || !mark.is_empty(), "{snippet:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_stray_byte_is_marked_alone() {
        for (line, at) in [(&b"is \x93it\x94 in"[..], 3), (b"caf\xe9", 3), ("é\u{20ac}".as_bytes(), 2)] {
            assert_eq!(snippet(line, &(at..at + 1), 72).mark.start, at);
        }
        assert_eq!(snippet("é\u{20ac}".as_bytes(), &(3..4), 72).mark, 2..5);
    }

    #[test]
    fn what_is_invisible_is_a_dot_of_as_many_bytes() {
        for (text, masked) in
            [("👩\u{200d}🚀", "👩∙🚀"), ("a\u{ad}b\u{85}", "a·b·"), ("\u{e0041}\u{feff}", "··∙"), ("\u{1b}[0m", "?[0m")]
        {
            assert_eq!((mask(text.as_bytes()).as_str(), masked.len()), (masked, text.len()));
        }
        assert_eq!(mask(b"\xff\xe2\x80"), "???");
    }

    #[test]
    fn the_end_of_a_line_can_be_marked() {
        for line in ["", "{\"a\":1", "{\"a\":1\r"] {
            let text = line.trim_end();
            for span in [text.len()..text.len(), text.len()..line.len() + 1] {
                let snippet = snippet(line.as_bytes(), &span, 72);
                assert_eq!(snippet.text, format!("{text}↵"));
                assert_eq!(&snippet.text[snippet.mark], "↵");
            }
        }
    }

    #[test]
    fn numbers_and_plurals() {
        assert_eq!(number(0), "0");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(count(1, "error"), "1 error");
        assert_eq!(count(1000, "error"), "1,000 errors");
        assert_eq!([999, 1000, 1_949_999, 999_600].map(size), ["999 bytes", "1.0 kB", "1.9 MB", "1.0 MB"]);
    }

    #[test]
    fn money_and_shares() {
        assert_eq!(
            [0.0, 0.1, 1.005, 276.18, 1_234_567.891].map(dollars),
            ["$0.00", "$0.10", "$1.00", "$276.18", "$1,234,567.89"]
        );
        assert_eq!(
            [0.0999, 0.0123, 0.001_23, 0.000_000_12].map(dollars),
            ["$0.100", "$0.012", "$0.0012", "$0.00000012"]
        );
        assert_eq!([percent(1, 3), percent(0, 0), percent(5, 5)], ["33.3 %", "0.0 %", "100.0 %"]);
        assert_eq!([percent(1, 9999), percent(9999, 10_000)], ["<0.1 %", ">99.9 %"]);
    }

    #[test]
    fn suggestions_are_near() {
        let roles = ["system", "user", "assistant", "tool"];
        assert_eq!(did_you_mean("asistant", roles), Some("assistant"));
        assert_eq!(did_you_mean("assistan t", roles), Some("assistant"));
        assert_eq!(did_you_mean("User", roles), Some("user"));
        assert_eq!(did_you_mean("narrator", roles), None);
        assert_eq!(did_you_mean("", roles), None);
        // Lengths are those of characters: in another script they have more bytes.
        assert_eq!(did_you_mean("用户提供的问题文本", ["prompt"]), None);
        assert_eq!(did_you_mean("Ünown", ["ünknown"]), Some("ünknown"));
    }

    #[test]
    fn patience_ends() {
        let mut patience = Patience(3);
        let found: Vec<_> = (0..3).map(|_| patience.did_you_mean("usr", ["system", "user"])).collect();
        assert_eq!(found, [Some("user"), None, None]);
    }
}
