//! Whether a line may hold rare characters, told from its raw bytes.
//!
//! Rules that look for such characters in every text ask this first: on most lines the answer is no,
//! and the texts need not be walked through.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::Features;

/// One pass for each is faster than one for all: passes run at the speed of memory, and an automaton
/// would stop at every `\u` of a text in another script.
struct Signs {
    ascii: Finder<'static>,
    backspace: Finder<'static>,
    form_feed: Finder<'static>,
    token_end: Finder<'static>,
}

/// Of [`Features::CONTROL`] and [`Features::SPECIAL_TOKENS`] those that cannot be ruled out.
pub(super) fn suspected(source: &[u8]) -> Features {
    static SIGNS: LazyLock<Signs> = LazyLock::new(|| Signs {
        ascii: Finder::new(r"\u00"),
        backspace: Finder::new(r"\b"),
        form_feed: Finder::new(r"\f"),
        token_end: Finder::new("|>"),
    });
    let signs = &*SIGNS;
    let has = |sign: &Finder<'_>| sign.find(source).is_some();
    let ascii = has(&signs.ascii);
    // A special token ends in `|>`, unless an escape hides that.
    let control = ascii || has(&signs.backspace) || has(&signs.form_feed);
    Features::CONTROL.when(control).or(Features::SPECIAL_TOKENS.when(ascii || has(&signs.token_end)))
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
}
