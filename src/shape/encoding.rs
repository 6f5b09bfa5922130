//! UTF-16 and UTF-32, by byte order mark or by their zero bytes.

use super::Shape;

/// How many bytes are looked at where there is no byte order mark.
const SAMPLE: usize = 1024;
/// How many bytes of a first line are read to show some of it: a secret that is cut off might not be known as one.
const SHOWN: usize = 16 * 1024;

/// The encoding of a text that is not UTF-8, and the length of its byte order mark.
pub(super) fn identify(head: &[u8], complete: bool) -> Option<(Shape, usize)> {
    let (is_wide, little_endian, mark) = match head {
        [0xFF, 0xFE, 0, 0, ..] => (true, true, 4),
        [0, 0, 0xFE, 0xFF, ..] => (true, false, 4),
        [0xFF, 0xFE, ..] => (false, true, 2),
        [0xFE, 0xFF, ..] => (false, false, 2),
        _ => {
            let (is_wide, little_endian) = by_zeros(head)?;
            (is_wide, little_endian, 0)
        }
    };
    let bom = mark > 0;
    let shape = match is_wide {
        true => Shape::Utf32 { little_endian, bom, whole: is_utf32(head, little_endian, complete) },
        false => Shape::Utf16 { little_endian, bom, whole: is_utf16(head, little_endian, complete) },
    };
    Some((shape, mark))
}

/// Whether this is UTF-16, as far as it goes.
fn is_utf16(text: &[u8], little_endian: bool, complete: bool) -> bool {
    let (units, rest) = text.as_chunks::<2>();
    let unit = if little_endian { u16::from_le_bytes } else { u16::from_be_bytes };
    let mut characters = char::decode_utf16(units.iter().map(|bytes| unit(*bytes)));
    match characters.find_map(Result::err) {
        // The other half of a pair may stand behind what was seen.
        Some(half) => !complete && half.unpaired_surrogate() < 0xDC00 && characters.next().is_none(),
        None => !complete || rest.is_empty(),
    }
}

/// Whether this is UTF-32, as far as it goes.
fn is_utf32(text: &[u8], little_endian: bool, complete: bool) -> bool {
    let (units, rest) = text.as_chunks::<4>();
    let unit = if little_endian { u32::from_le_bytes } else { u32::from_be_bytes };
    units.iter().all(|bytes| char::from_u32(unit(*bytes)).is_some()) && (!complete || rest.is_empty())
}

/// The first line of a text that is not UTF-8, as far as it is needed to show some of it, without its byte order mark.
/// `None` if the file is no such text.
pub(crate) fn first_line(shape: &Shape, head: &[u8]) -> Option<String> {
    let head = &head[..head.len().min(SHOWN)];
    let text: String = match *shape {
        Shape::Utf16 { little_endian, .. } => {
            let number = if little_endian { u16::from_le_bytes } else { u16::from_be_bytes };
            let units = head.as_chunks::<2>().0.iter().map(|unit| number(*unit));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        Shape::Utf32 { little_endian, .. } => {
            let number = if little_endian { u32::from_le_bytes } else { u32::from_be_bytes };
            let units = head.as_chunks::<4>().0.iter().map(|unit| number(*unit));
            units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => return None,
    };
    let text = text.trim_start_matches('\u{feff}');
    Some(text.lines().next().unwrap_or_default().to_owned())
}

/// JSON Lines begin with ASCII in any language, of which all but one byte of a
/// wide code unit is zero.
///
/// Whether units have four bytes, and whether the low one comes first.
fn by_zeros(head: &[u8]) -> Option<(bool, bool)> {
    let sample = &head[..head.len().min(SAMPLE)];
    if let Some(first) = sample.first_chunk::<4>() {
        match first.map(|byte| byte == 0) {
            [false, true, true, true] => {
                return Some((true, true));
            }
            [true, true, true, false] => {
                return Some((true, false));
            }
            _ => {}
        }
    }
    let (pairs, _) = sample.as_chunks::<2>();
    if pairs.len() < 2 {
        return None;
    }
    let count = |shape: fn(&[u8; 2]) -> bool| pairs.iter().filter(|pair| shape(pair)).count();
    let little = count(|pair| pair[0] != 0 && pair[1] == 0);
    let big = count(|pair| pair[0] == 0 && pair[1] != 0);
    let begins = |pair: fn(&[u8; 2]) -> bool| pairs.first().is_some_and(pair);
    if little > big && little * 3 >= pairs.len() && begins(|pair| pair[0] != 0 && pair[1] == 0) {
        Some((false, true))
    } else if big > little && big * 3 >= pairs.len() && begins(|pair| pair[0] == 0 && pair[1] != 0) {
        Some((false, false))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, little_endian: bool) -> Vec<u8> {
        let bytes = if little_endian { u16::to_le_bytes } else { u16::to_be_bytes };
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn utf16_is_known_without_its_mark() {
        for little_endian in [true, false] {
            let text = utf16("{\"prompt\": \"質問です\"}", little_endian);
            assert_eq!(by_zeros(&text), Some((false, little_endian)));
        }
    }

    #[test]
    fn halves_of_characters_are_no_text() {
        let is_whole = |text: &[u8], complete| match identify(text, complete) {
            Some((Shape::Utf16 { whole, .. } | Shape::Utf32 { whole, .. }, _)) => whole,
            other => panic!("{other:?}"),
        };
        let text = utf16("\u{feff}{\"a\": \"😀\"}", true);
        assert!(is_whole(&text, true) && is_whole(&text, false));
        assert!(!is_whole(&text[..text.len() - 1], true) && is_whole(&text[..text.len() - 1], false));
        // Behind the first half of the smiley.
        assert!(!is_whole(&text[..text.len() - 6], true) && is_whole(&text[..text.len() - 6], false));
        let torn = [&text[..text.len() - 6], &text[text.len() - 4..]].concat();
        assert!(!is_whole(&torn, true) && !is_whole(&torn, false));
        let wide: Vec<u8> = "\u{feff}😀".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        assert!(is_whole(&wide, true) && !is_whole(&wide[..7], true));
    }

    #[test]
    fn utf32_is_no_utf16() {
        let text: Vec<u8> = "{\"a\":1}".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(by_zeros(&text), Some((true, true)));
        let marked = [&[0xFF, 0xFE, 0, 0], &text[..]].concat();
        assert!(matches!(identify(&marked, true), Some((Shape::Utf32 { bom: true, .. }, 4))));
    }

    #[test]
    fn first_lines_are_shown_as_they_read() {
        let text = "\u{feff}{\"質\": \"👩\"}\n{}";
        for little_endian in [true, false] {
            let wide = text.chars().map(u32::from);
            let wide: Vec<u8> =
                wide.flat_map(|c| if little_endian { c.to_le_bytes() } else { c.to_be_bytes() }).collect();
            let shapes = [
                (Shape::Utf16 { little_endian, bom: true, whole: true }, utf16(text, little_endian)),
                (Shape::Utf32 { little_endian, bom: true, whole: true }, wide),
            ];
            for (shape, bytes) in shapes {
                assert_eq!(first_line(&shape, &bytes).as_deref(), Some("{\"質\": \"👩\"}"));
                assert!(first_line(&shape, &bytes[..bytes.len() - 1]).is_some_and(|line| line.starts_with('{')));
            }
        }
        assert_eq!(first_line(&Shape::JsonLines, b"{}"), None);
    }

    #[test]
    fn a_few_zeros_make_no_utf16() {
        assert_eq!(identify(b"{\"a\": \"x\0y\"}\n{\"a\": 1}\n", true), None);
        assert_eq!(identify(b"", true), None);
    }
}
