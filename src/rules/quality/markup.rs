//! Which parts of a text are prose: what stands in code means something else.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// The lines of a text that stand in no fenced block, with their places.
pub(super) fn prose_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    Fences::of(text).filter(|line| !line.is_code).map(|line| (line.at, line.text))
}

/// Whether the text ends inside a fenced block.
pub(super) fn ends_in_code(text: &str) -> bool {
    let mut fences = Fences::of(text);
    fences.by_ref().for_each(drop);
    fences.open.is_some()
}

/// The lines of a text, each with what it is.
struct Fences<'t> {
    rest: &'t str,
    at: usize,
    /// The mark of the block that is open, and how often it stands there.
    open: Option<(u8, usize)>,
}

/// A line, with its end.
struct FencedLine<'t> {
    at: usize,
    text: &'t str,
    /// Whether it belongs to a fenced block, fences included.
    is_code: bool,
}

impl<'t> Fences<'t> {
    fn of(text: &'t str) -> Self {
        Fences { rest: text, at: 0, open: None }
    }
}

impl<'t> Iterator for Fences<'t> {
    type Item = FencedLine<'t>;

    fn next(&mut self) -> Option<FencedLine<'t>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.rest.as_bytes()).map_or(self.rest.len(), |end| end + 1);
        let (text, rest) = self.rest.split_at(end);
        let at = self.at;
        (self.rest, self.at) = (rest, at + end);
        let fence = fence(text.trim_start());
        let is_code = self.open.is_some() || fence.is_some();
        match (self.open, fence) {
            // One line can hold a whole block.
            (_, Some(Fence { closes: true, .. })) => {}
            (None, Some(Fence { mark, count, .. })) => self.open = Some((mark, count)),
            (Some((open, least)), Some(Fence { mark, count, .. })) if open == mark && count >= least => {
                self.open = None
            }
            _ => {}
        }
        Some(FencedLine { at, text, is_code })
    }
}

/// What a line with a fence begins with.
struct Fence {
    mark: u8,
    /// How often the mark stands there.
    count: usize,
    /// Whether the block ends on the same line.
    closes: bool,
}

fn fence(line: &str) -> Option<Fence> {
    let mark = *line.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let count = line.bytes().take_while(|byte| *byte == mark).count();
    let three = if mark == b'`' { "```" } else { "~~~" };
    (count >= three.len()).then(|| Fence { mark, count, closes: line[count..].contains(three) })
}

/// Whether a place of a line stands between single backticks.
pub(super) fn is_inline_code(line: &str, at: usize) -> bool {
    !memchr::memchr_iter(b'`', &line.as_bytes()[..at]).count().is_multiple_of(2)
}

/// Whether a text looks like a program or a document for machines, though nothing fences it.
pub(super) fn is_code(text: &str) -> bool {
    static SIGNS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        AhoCorasick::new([
            "</",
            "/>",
            "{%",
            "${",
            "#!/",
            "\\begin{",
            "\\frac",
            "function(",
            "function (",
            "def ",
            "import ",
            "#include",
            "return ",
            "();",
            "=> {",
            "<?",
            "class=",
            "public ",
            "print(",
            "printf(",
            "SELECT ",
            "{{{",
            "v-if",
            "v-for",
            "ng-",
            "{\"",
            "\": ",
            "};",
            "});",
            "&&",
            "==",
            "$(",
        ])
        .unwrap_or_else(|error| unreachable!("a few short texts: {error}"))
    });
    SIGNS.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_where_they_end() {
        let cases = [
            ("a\n```\nb\n```\nc", "a\nc", false),
            ("a\n~~~py\nb\n```\n~~~\nc", "a\nc", false),
            ("```ls```\nc", "c", false),
            ("~~~ls~~~\nc\n", "c\n", false),
            ("```\n```ls```\nb", "", true),
            ("~~~\nb", "", true),
            ("a\n  ````md\n```\nb\n```\n````\nc", "a\nc", false),
            ("``a``\n~~b~~", "``a``\n~~b~~", false),
            ("", "", false),
        ];
        for (text, prose, open) in cases {
            let lines: Vec<_> = prose_lines(text).collect();
            assert!(lines.iter().all(|(at, line)| text[*at..].starts_with(line)), "{text}");
            let found: String = lines.into_iter().map(|(_, line)| line).collect();
            assert_eq!((found.as_str(), ends_in_code(text)), (prose, open), "{text}");
        }
    }
}
