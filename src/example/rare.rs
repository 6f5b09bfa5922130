//! Whether a line may hold something rare, told from its raw bytes.
//!
//! Rules that look for such things in every text ask this first: on most lines the answer is no,
//! and the texts need not be walked through.

mod escapes;
mod glance;

use std::sync::LazyLock;

use aho_corasick::Span;
use aho_corasick::packed::{Config, MatchKind, Searcher};

use super::Features;
use glance::glance;

/// Some texts and what each may stand for. They are few and short: a search for all of them at once runs at nearly the
/// speed of memory.
struct Signs {
    searcher: Option<Searcher>,
    features: Vec<Features>,
    all: Features,
}

impl Signs {
    fn new<'s>(signs: impl IntoIterator<Item = (&'s [u8], Features)>) -> Signs {
        let (texts, features): (Vec<&[u8]>, Vec<Features>) = signs.into_iter().unzip();
        let searcher = Config::new().match_kind(MatchKind::LeftmostLongest).builder().extend(&texts).build();
        let all = features.iter().copied().collect();
        Signs { searcher, features, all }
    }

    /// What the signs in the line may stand for.
    fn of(&self, line: &[u8]) -> Features {
        // Without vector instructions there is no such search, and nothing can be ruled out.
        let Some(searcher) = &self.searcher else { return self.all };
        let mut found = Features::NONE;
        let mut at = 0;
        while let Some(sign) = searcher.find_in(line, Span::from(at..line.len())) {
            found = found.or(self.features[sign.pattern().as_usize()]);
            if found == self.all {
                break;
            }
            // The last byte of a sign may be the first of another.
            at = sign.start() + 1;
        }
        found
    }
}

/// Signs of ASCII.
static PLAIN: LazyLock<Signs> = LazyLock::new(|| {
    Signs::new([
        (&br"\b"[..], Features::CONTROL),
        (br"\f", Features::CONTROL),
        (b"|>", Features::SPECIAL_TOKENS),
        (b"{{", Features::PLACEHOLDERS),
        (b"<INSERT", Features::PLACEHOLDERS),
        (b"[INSERT", Features::PLACEHOLDERS),
        (b"TODO", Features::PLACEHOLDERS),
        (b"TBD", Features::PLACEHOLDERS),
        (b"orem ipsum", Features::PLACEHOLDERS),
        // Their keys are base64, which escaped slashes may leave without a long word.
        (b"AccountKey=", Features::SECRETS),
        (b"AccessKey=", Features::SECRETS),
    ])
});

/// Signs in UTF-8.
static UTF8: LazyLock<Signs> = LazyLock::new(|| {
    let invisible =
        [('\u{200b}', '\u{200f}'), ('\u{202a}', '\u{202e}'), ('\u{2060}', '\u{206f}'), ('\u{feff}', '\u{feff}')];
    let invisible = invisible.into_iter().flat_map(|(first, last)| first..=last);
    let mut signs: Vec<(Vec<u8>, Features)> =
        invisible.map(|c| (c.to_string().into_bytes(), Features::INVISIBLE)).collect();
    // Tags, of which the first three bytes tell enough.
    signs.extend([&b"\xf3\xa0\x80"[..], b"\xf3\xa0\x81"].map(|start| (start.to_vec(), Features::INVISIBLE)));
    signs.push(("\u{fffd}".to_owned().into_bytes(), Features::GARBLED));
    // First bytes of UTF-8 read as letters of Windows-1252, and the first byte of what can follow.
    for first in ["Ã", "Â", "â", "ð", "Ð", "Ñ"] {
        for next in [0xC2, 0xC5, 0xC6, 0xCB, 0xE2] {
            signs.push(([first.as_bytes(), &[next]].concat(), Features::GARBLED));
        }
    }
    Signs::new(signs.iter().map(|(text, features)| (text.as_slice(), *features)))
});

/// Whether the line may have a URL with a user, and so with a password, before the host.
fn has_url_with_user<'l>(line: &'l [u8]) -> bool {
    memchr::memchr_iter(b':', line).any(|colon| {
        // In JSON inside of JSON a slash may have several backslashes.
        let slash = |text: &'l [u8]| {
            let escapes = text.iter().take(3).take_while(|byte| **byte == b'\\').count();
            text[escapes..].strip_prefix(b"/")
        };
        let Some(rest) = slash(&line[colon + 1..]).and_then(slash) else { return false };
        let user = rest.iter().take(256).position(|byte| matches!(byte, b'@' | b' ' | b'"' | b'/'));
        user.is_some_and(|end| rest[end] == b'@')
    })
}

/// Of the features that are told by rare characters those that cannot be ruled out.
pub(super) fn suspected(line: &[u8]) -> Features {
    let glance = glance(line);
    let mut found = glance.escaped;
    if glance.plain {
        found = found.or(PLAIN.of(line));
    }
    if glance.utf8 {
        found = found.or(UTF8.of(line));
    }
    found.or(Features::SECRETS.when(glance.secret || glance.at_sign && has_url_with_user(line)))
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
        assert_eq!(of(r#""\u0000""#), (true, false));
        assert_eq!(of(r#""\u0085""#), (true, false));
        assert_eq!(of(r#""\u007C>""#), (true, true));
        assert_eq!(of(r#""\u003c|""#), (false, true));
        assert_eq!(of(r#""\b""#), (true, false));
        assert_eq!(of(r#""\f""#), (true, false));
        assert_eq!(of("<|end|>"), (false, true));
    }

    #[test]
    fn no_sign_hides_another() {
        // In UTF-8 the first one ends with the byte that the second one begins with.
        let both = suspected("itâ\u{202c}s".as_bytes());
        assert!(both.intersects(Features::GARBLED) && both.intersects(Features::INVISIBLE));
    }

    #[test]
    fn what_is_common_is_not_suspected() {
        let features = [Features::SECRETS, Features::INVISIBLE, Features::GARBLED, Features::PLACEHOLDERS];
        let of = |text: &str| {
            let suspected = suspected(text.as_bytes());
            features.iter().position(|feature| suspected.intersects(*feature))
        };
        for text in [
            "It’s “quoted” – naïve café… \u{1F600}",
            "中文，标点。日本語のテキスト",
            "Привет, как дела?",
            r"\u4e2d\u6587\uff0c\u00e9\ud83d\ude00\u2019",
            "a_very_long_name_of_something_else, https://example.com/a/long/path/of/words, me@example.com",
        ] {
            assert_eq!(of(text).filter(|_| !text.contains('@')), None, "{text}");
        }
        assert_eq!(of(&format!("{}{}", "ghp_", "a1B2".repeat(9))), Some(0));
        assert_eq!(of(&format!("{}{}", r"\u0067hp_", "a1B2".repeat(9))), Some(0));
        assert_eq!(of(r"mysql:\/\/me:pw@host"), Some(0));
        assert_eq!(of("a\u{200b}b"), Some(1));
        assert_eq!(of(r"a\u200Bb"), Some(1));
        assert_eq!(of("\u{e0041}"), Some(1));
        assert_eq!(of(r"\uDB40\uDC41"), Some(1));
        assert_eq!(of("cafÃ©"), Some(2));
        assert_eq!(of("itâ€™s"), Some(2));
        assert_eq!(of("\u{fffd}"), Some(2));
        assert_eq!(of(r"caf\u00c3\u00a9"), Some(2));
        assert_eq!(of("Dear {{name}}"), Some(3));
    }
}
