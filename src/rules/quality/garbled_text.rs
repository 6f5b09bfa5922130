//! Text that was decoded wrongly.

use std::ops::Range;

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::{count, quote};

/// FT801.
pub static RULE: Rule = Rule {
    code: "FT801",
    name: "garbled-text",
    level: Some(Severity::Warning),
    summary: "Text that was decoded wrongly: `Ã©` for `é`, `â€™` for `’`, or U+FFFD.",
    why: "The model learns to write it, and words that are spelled so teach it nothing.",
    help: "Read the source as UTF-8. What was turned into U+FFFD is lost: take it from the source again.",
    label: "decoded wrongly",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Where to?"},{"role":"assistant","content":"To the cafÃ©."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Where to?"},{"role":"assistant","content":"To the café."}]}
"#,
    ),
    check: Check::ExampleWith(Features::GARBLED, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for (at, text) in example.doc.strings() {
        if text.is_ascii() {
            continue;
        }
        let lost = memchr::memmem::find_iter(text.as_bytes(), "\u{fffd}").count() as u64;
        let mut places = Garbled::new(text);
        let first = places.next();
        // A talk about encodings shows what goes wrong with them.
        if (first.is_some() || lost > 0) && example.doc.strings().any(|(_, text)| is_about_encodings(text)) {
            return;
        }
        if let Some((span, meant)) = first {
            let more = places.count() as u64;
            let (found, span) = (&text[span.clone()], At::Inside(at, span));
            match more {
                0 => sink.report(span, format_args!("{} that was probably {}", quote(found), quote(&meant))),
                more => sink.report(
                    span,
                    format_args!(
                        "{} that was probably {}, and {} more",
                        quote(found),
                        quote(&meant),
                        count(more, "such place")
                    ),
                ),
            }
        } else if let Some(place) = text.find('\u{fffd}') {
            let span = At::Inside(at, place..place + '\u{fffd}'.len_utf8());
            match lost - 1 {
                0 => sink.report(span, format_args!("U+FFFD, which stands for a character that is lost")),
                more => sink.report(
                    span,
                    format_args!(
                        "U+FFFD, which stands for a character that is lost, and {} more",
                        count(more, "such character")
                    ),
                ),
            }
        }
    }
}

fn is_about_encodings(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["utf", "unicode", "encoding", "latin-1", "latin1", "mojibake", "iso-8859", "1252", "charset", "ufffd", "u+fffd"]
        .iter()
        .any(|word| lower.contains(word))
}

/// The places where UTF-8 was read as Windows-1252, with what they were.
struct Garbled<'t> {
    text: &'t str,
    from: usize,
    /// How many more times what comes out may be garbled itself.
    deeper: u8,
}

impl<'t> Garbled<'t> {
    fn new(text: &'t str) -> Self {
        Garbled { text, from: 0, deeper: 3 }
    }

    /// What decoded text means that begins with something that was garbled before, and of how many of its bytes.
    fn again(&self, decoded: &str) -> Option<(usize, String)> {
        let deeper = self.deeper.checked_sub(1)?;
        let (span, meant) = Garbled { text: decoded, from: 0, deeper }.next()?;
        (span.start == 0).then_some((span.end, meant))
    }
}

impl Iterator for Garbled<'_> {
    type Item = (Range<usize>, String);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = &self.text[self.from..];
            let start = self.from + rest.find(['Ã', 'Â', 'â', 'ð', 'Ð', 'Ñ'])?;
            let mut bytes = Vec::new();
            let mut ends = Vec::new();
            // A name in Cyrillic that was garbled goes on for some letters.
            for (at, c) in self.text[start..].char_indices().take(24) {
                let Some(byte) = byte_of(c) else { break };
                bytes.push(byte);
                ends.push(start + at + c.len_utf8());
            }
            self.from = start + self.text[start..].chars().next().map_or(1, char::len_utf8);
            let valid = match std::str::from_utf8(&bytes) {
                Ok(text) => text.len(),
                Err(error) => error.valid_up_to(),
            };
            let meant = String::from_utf8_lossy(&bytes[..valid]);
            let Some(first) = meant.chars().next() else { continue };
            let before = self.text[..start].chars().next_back();
            let second = self.text[start..].chars().nth(1).unwrap_or(' ');
            let shown = match bytes[0] {
                // In Cyrillic each letter takes two: one pair alone may be a coincidence.
                0xD0 | 0xD1 => {
                    let letters = meant.chars().take_while(|c| matches!(c, '\u{400}'..='\u{45f}')).count();
                    if letters < 3 {
                        continue;
                    }
                    2 * letters
                }
                0xE2 | 0xF0 if first.len_utf8() >= 3 && is_likely(first) => first.len_utf8(),
                // `MANHÃ”` ends in a quote, `CAFÃ‰` in É.
                0xC2 | 0xC3 if !(is_punctuation(second) && before.is_some_and(char::is_uppercase)) => 2,
                _ => continue,
            };
            let once = || (shown, String::from_utf8_lossy(&bytes[..shown]).into_owned());
            let (shown, meant) = self.again(&meant).unwrap_or_else(once);
            let end = ends[shown - 1];
            self.from = end;
            return Some((start..end, meant));
        }
    }
}

/// What is often garbled: typography, signs and emoji.
fn is_likely(c: char) -> bool {
    matches!(c, '\u{2000}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

fn is_punctuation(c: char) -> bool {
    matches!(
        c,
        '“' | '”'
            | '‘'
            | '’'
            | '‚'
            | '„'
            | '…'
            | '–'
            | '—'
            | '«'
            | '»'
            | '‹'
            | '›'
            | 'º'
            | 'ª'
            | '°'
            | '\u{a0}'
    )
}

/// The byte that Windows-1252, or Latin-1 where that has none, reads as this character, if it is no ASCII.
fn byte_of(c: char) -> Option<u8> {
    Some(match c {
        '€' => 0x80,
        '‚' => 0x82,
        'ƒ' => 0x83,
        '„' => 0x84,
        '…' => 0x85,
        '†' => 0x86,
        '‡' => 0x87,
        'ˆ' => 0x88,
        '‰' => 0x89,
        'Š' => 0x8A,
        '‹' => 0x8B,
        'Œ' => 0x8C,
        'Ž' => 0x8E,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        '˜' => 0x98,
        '™' => 0x99,
        'š' => 0x9A,
        '›' => 0x9B,
        'œ' => 0x9C,
        'ž' => 0x9E,
        'Ÿ' => 0x9F,
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(c)).ok()?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> Vec<String> {
        Garbled::new(text).map(|(_, meant)| meant).collect()
    }

    #[test]
    fn garbled_text_is_read_as_it_was_meant() {
        for (text, expected) in [
            ("cafÃ© and naÃ¯ve", vec!["é", "ï"]),
            ("itâ€™s â€œsoâ€\u{9d} â€“ yes", vec!["’", "“", "”", "–"]),
            ("20 Â°C, Â£5, no\u{c2}\u{a0}break", vec!["°", "£", "\u{a0}"]),
            ("ðŸ˜€", vec!["😀"]),
            ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", vec!["Привет"]),
            ("CAFÃ‰ ÃƒÂ©", vec!["É", "é"]),
            ("itÃ¢â‚¬â„¢s so", vec!["’"]),
            ("â‚¬ 5", vec!["€"]),
        ] {
            assert_eq!(meant(text), expected.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn good_text_is_left_alone() {
        for text in [
            "NÃO, MANHÃ, «MANHû, “AMANHÔ, Âge, PÂTÉ, âge, âme, Ñandú, Ðorđe, ð",
            "são pão Ásia … “É” À… FIANCÉ— Größe“ naïve » ça…",
            "Việt Nam, Türkçe, Ærø, garðŸ, â, â…, x → y ≤ z",
            "100 °C, £5, ½, ©, «É»",
        ] {
            assert_eq!(meant(text), [""; 0], "{text}");
        }
    }
}
