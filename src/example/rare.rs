//! Whether a line may hold rare characters, told from its raw bytes.
//!
//! Rules that look for such characters in every text ask this first: on most lines the answer is no,
//! and the texts need not be walked through.

use std::sync::LazyLock;

use aho_corasick::packed::{Config, MatchKind, Searcher};

/// Whether a line may hold rare characters: true says "look closer", false is certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rare {
    /// A control character other than a tab, a line feed or a carriage return.
    pub control: bool,
    /// A special token such as `<|endoftext|>`: the line has `|>`, or an escape that may hide it.
    pub special_token: bool,
}

/// What is looked for, all in one pass, and what it may mean.
const SIGNS: [(&str, Rare); 11] = [
    (r"\b", Rare { control: true, special_token: false }),
    (r"\f", Rare { control: true, special_token: false }),
    (r"\u000", Rare { control: true, special_token: false }),
    (r"\u001", Rare { control: true, special_token: false }),
    (r"\u002", Rare { control: false, special_token: true }),
    (r"\u003", Rare { control: false, special_token: true }),
    (r"\u004", Rare { control: false, special_token: true }),
    (r"\u005", Rare { control: false, special_token: true }),
    (r"\u006", Rare { control: false, special_token: true }),
    (r"\u007", Rare { control: false, special_token: true }),
    ("|>", Rare { control: false, special_token: true }),
];

impl Rare {
    pub(super) fn of(source: &[u8]) -> Rare {
        static SEARCHER: LazyLock<Option<Searcher>> = LazyLock::new(|| {
            let mut config = Config::new();
            config.match_kind(MatchKind::LeftmostFirst);
            config.builder().extend(SIGNS.map(|(sign, _)| sign)).build()
        });
        let all = Rare { control: true, special_token: true };
        // Without vector instructions there is no such searcher, and every line is looked at closely.
        let Some(searcher) = &*SEARCHER else { return all };
        let mut rare = Rare::default();
        for found in searcher.find_iter(source) {
            let (_, sign) = SIGNS[found.pattern().as_usize()];
            rare =
                Rare { control: rare.control | sign.control, special_token: rare.special_token | sign.special_token };
            if rare == all {
                break;
            }
        }
        rare
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_characters_are_suspected() {
        let of = |text: &str| {
            let rare = Rare::of(text.as_bytes());
            (rare.control, rare.special_token)
        };
        assert_eq!(
            of(r#"{"a":"b\n\t\"\\\u00e9\u2028 ordinary text, long enough for a vector or two"}"#),
            (false, false)
        );
        for text in [r#""\u0000""#, r#""\u001f""#, r#""\b""#, r#""\f""#] {
            assert_eq!(of(&format!("{text}{}", " ".repeat(64))), (true, false), "{text}");
            assert_eq!(of(&format!("{}{text}", " ".repeat(64))), (true, false), "{text}");
        }
        for text in [r#""\u003c|""#, "<|end|>"] {
            assert_eq!(of(&format!("{text}{}", " ".repeat(64))), (false, true), "{text}");
        }
    }
}
