//! Which parts of a text are prose: what stands in code means something else.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// The lines of a text that stand in no fenced block, with their places.
pub(super) fn prose_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    let mut fence = None;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => return Some((start, line)),
            _ => {}
        }
        None
    })
}

/// Whether the text ends inside a fenced block.
pub(super) fn ends_in_code(text: &str) -> bool {
    let mut open = false;
    for line in text.lines() {
        let line = line.trim_start();
        if let Some(info) = line.strip_prefix("```") {
            // One line can hold a whole block.
            open ^= !info.contains("```");
        }
    }
    open
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
