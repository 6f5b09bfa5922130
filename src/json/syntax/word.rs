//! What stands without quotes where a value is expected.

use super::PythonLiteral;

/// The meaning of a bare word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// `true`, `false`, `null` or a number that a double can hold.
    Json,
    /// NaN, an infinity, or a number too large for a double.
    NonFinite,
    Python(PythonLiteral),
    /// `undefined`, which JavaScript has.
    Undefined,
    /// The beginning of a literal or a number, cut short.
    Partial,
    /// Text that begins like a word of some language.
    Text,
    Unknown,
}

pub(super) fn classify(word: &[u8]) -> Word {
    match word {
        b"true" | b"false" | b"null" => Word::Json,
        b"True" => Word::Python(PythonLiteral::True),
        b"False" => Word::Python(PythonLiteral::False),
        b"None" => Word::Python(PythonLiteral::None),
        b"NaN" | b"nan" | b"-NaN" | b"-nan" => Word::NonFinite,
        b"Infinity" | b"-Infinity" | b"inf" | b"-inf" | b"Inf" | b"-Inf" => Word::NonFinite,
        b"undefined" => Word::Undefined,
        b"TRUE" | b"FALSE" | b"NULL" | b"NONE" => Word::Unknown,
        _ if is_number(word) => match std::str::from_utf8(word).map(str::parse::<f64>) {
            Ok(Ok(number)) if number.is_finite() => Word::Json,
            _ => Word::NonFinite,
        },
        _ if is_partial(word) => Word::Partial,
        [first, ..] if first.is_ascii_alphabetic() || !first.is_ascii() => Word::Text,
        _ => Word::Unknown,
    }
}

/// Whether `word` is a number in the grammar of JSON.
fn is_number(word: &[u8]) -> bool {
    let unsigned = word.strip_prefix(b"-").unwrap_or(word);
    let integer = digits(unsigned);
    if integer == 0 || (integer > 1 && unsigned[0] == b'0') {
        return false;
    }
    let mut rest = &unsigned[integer..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = match exponent {
            [b'+' | b'-', unsigned @ ..] => unsigned,
            unsigned => unsigned,
        };
        let count = digits(exponent);
        if count == 0 {
            return false;
        }
        rest = &exponent[count..];
    }
    rest.is_empty()
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn is_partial(word: &[u8]) -> bool {
    let literal = ["true", "false", "null"].iter().any(|literal| literal.as_bytes().starts_with(word));
    let number = word == b"-"
        || matches!(word, [digits @ .., b'.' | b'e' | b'E'] if is_number(digits))
        || matches!(word, [digits @ .., b'e' | b'E', b'+' | b'-'] if is_number(digits));
    literal || number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_grammar() {
        for word in ["0", "-0", "10", "1.5", "1e9", "-1.25E-3", "18446744073709551616"] {
            assert_eq!(classify(word.as_bytes()), Word::Json, "{word}");
        }
        for word in ["01", "+1", ".5", "0x10", "1_000", "1.5.2"] {
            assert_eq!(classify(word.as_bytes()), Word::Unknown, "{word}");
        }
    }

    #[test]
    fn what_a_double_cannot_hold_is_not_finite() {
        for word in ["NaN", "-Infinity", "1e999", "-1e400"] {
            assert_eq!(classify(word.as_bytes()), Word::NonFinite, "{word}");
        }
        assert_eq!(classify("9".repeat(400).as_bytes()), Word::NonFinite);
    }

    #[test]
    fn cut_words_are_partial() {
        for word in ["tr", "nul", "-", "1.", "2e", "2e+"] {
            assert_eq!(classify(word.as_bytes()), Word::Partial, "{word}");
        }
    }
}
