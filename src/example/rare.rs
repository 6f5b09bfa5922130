//! Whether a line may hold rare characters, told from its raw bytes.
//!
//! Rules that look for such characters in every text ask this first: on most lines the answer is no,
//! and the texts need not be walked through.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::Features;

/// One pass for each is faster than one for all: passes run at the speed of the cache, and an automaton
/// would stop at every `\u` of a text in another script.
struct Signs {
    ascii: Finder<'static>,
    backspace: Finder<'static>,
    form_feed: Finder<'static>,
    token_end: Finder<'static>,
}

/// How many bytes are searched for all signs before the next are: so many stay in the cache.
const BLOCK: usize = 16 * 1024;
/// The length of the longest sign without its first byte.
const OVERLAP: usize = 3;

/// Of [`Features::CONTROL`] and [`Features::SPECIAL_TOKENS`] those that cannot be ruled out.
pub(super) fn suspected(source: &[u8]) -> Features {
    static SIGNS: LazyLock<Signs> = LazyLock::new(|| Signs {
        ascii: Finder::new(r"\u00"),
        backspace: Finder::new(r"\b"),
        form_feed: Finder::new(r"\f"),
        token_end: Finder::new("|>"),
    });
    let signs = &*SIGNS;
    let (mut control, mut token) = (false, false);
    let mut start = 0;
    // The first bytes of all signs: in an image of megabytes there is none of them.
    while let Some(first) = memchr::memchr2(b'\\', b'|', &source[start..]) {
        start += first;
        let block = &source[start..source.len().min(start + BLOCK + OVERLAP)];
        let has = |sign: &Finder<'_>| sign.find(block).is_some();
        let ascii = !(control && token) && has(&signs.ascii);
        // A special token ends in `|>`, unless an escape hides that.
        control = control || ascii || has(&signs.backspace) || has(&signs.form_feed);
        token = token || ascii || has(&signs.token_end);
        start += BLOCK;
        if control && token || start >= source.len() {
            break;
        }
    }
    Features::CONTROL.when(control).or(Features::SPECIAL_TOKENS.when(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_characters_are_suspected() {
        let of = |text: &str| {
            let suspected = suspected(text.as_bytes());
            (suspected.intersects(Features::CONTROL), suspected.intersects(Features::SPECIAL_TOKENS))
        };
        assert_eq!(of(r#"{"a":"n\n\t\"\\ \u2028 ordinary | > <| text"}"#), (false, false));
        assert_eq!(of(r#""\u0000""#), (true, true));
        assert_eq!(of(r#""\u003c|""#), (true, true));
        assert_eq!(of(r#""\b""#), (true, false));
        assert_eq!(of(r#""\f""#), (true, false));
        assert_eq!(of("<|end|>"), (false, true));
    }

    #[test]
    fn rare_characters_are_suspected_far_inside_a_line() {
        for padding in [0, 1, BLOCK - 4, BLOCK - 3, BLOCK - 2, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK - 2] {
            // Something to stop at, so that blocks begin at the start.
            let before = format!("|{}", "a".repeat(padding));
            let of = |sign: &str| suspected(format!("{before}{sign} and more").as_bytes());
            assert_eq!(of(r"\u0000"), Features::CONTROL.or(Features::SPECIAL_TOKENS), "{padding}");
            assert_eq!(of(r"\b"), Features::CONTROL, "{padding}");
            assert_eq!(of("|>"), Features::SPECIAL_TOKENS, "{padding}");
            assert_eq!(of(r"\n"), Features::NONE, "{padding}");
        }
    }
}
