//! Characters that are not seen and change what a text says.

use crate::example::{Example, Features};
use crate::finding::Severity;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::count;

/// FT603.
pub static RULE: Rule = Rule {
    code: "FT603",
    name: "invisible-character",
    level: Some(Severity::Warning),
    summary: "Characters that nobody sees: of no width, tags, or turning the direction of text.",
    why: "They can hide instructions from readers, and the model learns tokens that nobody meant to teach it.",
    help: "Remove it, unless the text is about such characters.",
    label: "not seen",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Which port?"},{"role":"assistant","content":"Port\u200b 8080."}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Which port?"},{"role":"assistant","content":"Port 8080."}]}
"#,
    ),
    check: Check::ExampleWith(Features::INVISIBLE, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    for (at, text) in example.doc.strings() {
        // The first bytes of all of them in UTF-8: few texts have one.
        if memchr::memchr3(0xE2, 0xEF, 0xF3, text.as_bytes()).is_none() {
            continue;
        }
        let mut found = 0_u64;
        let mut first = None;
        let mut before = None;
        let mut flag = false;
        let rtl = std::cell::OnceCell::new();
        let is_rtl = || *rtl.get_or_init(|| text.chars().any(is_right_to_left));
        let mut chars = text.char_indices().peekable();
        while let Some((place, c)) = chars.next() {
            // Tags behind a black flag name a region.
            flag = c == '\u{1f3f4}' || flag && is_tag(c);
            let after = chars.peek().map(|(_, c)| *c);
            if c > '\u{2ff}' && is_invisible(c) && !(flag || is_needed(c, before, after, place, is_rtl)) {
                found += 1;
                first = first.or(Some((place, c)));
            }
            before = Some(c);
        }
        if let Some((place, c)) = first {
            let at = At::Inside(at, place..place + c.len_utf8());
            let (code, what) = (u32::from(c), what(c));
            match found - 1 {
                0 => sink.report(at, format_args!("U+{code:04X}, {what}")),
                more => {
                    sink.report(at, format_args!("U+{code:04X}, {what}, and {} more", count(more, "such character")))
                }
            }
        }
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{feff}')
        || is_tag(c)
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}')
}

fn what(c: char) -> &'static str {
    match c {
        '\u{200b}'..='\u{200d}' | '\u{2060}' => "a character of no width",
        '\u{2061}'..='\u{2064}' => "an invisible operator",
        '\u{feff}' => "a byte order mark inside a text",
        _ if is_tag(c) => "a tag that no screen shows",
        _ => "which turns the direction of text",
    }
}

/// Whether scripts or emoji need the character where it stands.
fn is_needed(c: char, before: Option<char>, after: Option<char>, place: usize, rtl: impl Fn() -> bool) -> bool {
    let either = |test: fn(char) -> bool| before.is_some_and(test) || after.is_some_and(test);
    match c {
        // Between letters of scripts that join them, and between the parts of an emoji.
        '\u{200d}' => either(is_joining) || before.is_some_and(is_pictograph) && after.is_some_and(is_pictograph),
        '\u{200c}' => either(is_joining),
        // Scripts without spaces say so where a line may be broken.
        '\u{200b}' | '\u{2060}' => either(is_unspaced),
        '\u{200e}' | '\u{200f}' | '\u{202a}' | '\u{202b}' | '\u{202c}' | '\u{2066}'..='\u{2069}' => rtl(),
        // That of a file which was pasted whole: its start is another rule's.
        '\u{feff}' => place == 0 && after.is_none(),
        _ => false,
    }
}

/// Scripts whose letters change shape with their neighbours: Arabic, Syriac, Indic and others.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{1a20}'..='\u{1c4f}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10a00}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
}

/// Emoji, what colours or styles them, and the signs that emoji are made with.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{fe0f}' | '\u{fe0e}' | '\u{20e3}')
}

/// Thai, Lao, Myanmar, Khmer, Tibetan, Chinese and Japanese, with their punctuation.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{19df}'
        | '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}')
}

#[cfg(test)]
mod tests {
    use crate::lint::Linter;
    use crate::settings::Settings;

    fn found(text: &str) -> usize {
        let line = serde_json::json!({"prompt": text, "completion": " x"}).to_string();
        let settings = Settings { tokens: false, ..Settings::default() };
        let findings = Linter::new(&settings).lint_bytes("a.jsonl", line.as_bytes()).1;
        findings.iter().filter(|finding| finding.rule.code == super::RULE.code).count()
    }

    #[test]
    fn what_scripts_and_emoji_need_is_no_fault() {
        let good = [
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{1f3fd}\u{200d}\u{2764}\u{fe0f}\u{200d}\u{1f525}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
            "می\u{200c}خواهم",
            "क्\u{200d}ष क्\u{200c}ष",
            "ภาษา\u{200b}ไทย",
            "שלום \u{200f}(abc)\u{200e}",
            "soft\u{ad}hyphen, 3\u{fe0f}\u{20e3}, e\u{301}",
        ];
        for text in good {
            assert_eq!(found(text), 0, "{text}");
        }
    }

    #[test]
    fn what_hides_is_found() {
        let bad = [
            "a\u{200b}b",
            "a\u{200c}b",
            "a\u{200d}b",
            "x\u{2060}y",
            "a\u{feff}b",
            "if \u{202e}admin\u{202c}",
            "\u{2066}abc\u{2069}",
            "hi\u{e0041}\u{e0042}",
            "\u{202e}שלום",
            "a\u{200e}b",
        ];
        for text in bad {
            assert_eq!(found(text), 1, "{text:?}");
        }
    }
}
