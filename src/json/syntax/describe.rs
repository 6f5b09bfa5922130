//! Slips in words: what is wrong, as one phrase.

use std::fmt;

use super::{BYTE_ORDER_MARK, Missing, Open, PythonLiteral, Slip};
use crate::json::MAX_DEPTH;
use crate::text::{self, quote};

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Slip::InvalidUtf8 => f.write_str("bytes that are not UTF-8"),
            Slip::NulBytes { count } => write!(f, "{} instead of text", text::count(*count as u64, "zero byte")),
            Slip::LoneSurrogate => f.write_str("half of a surrogate pair"),
            Slip::NonFiniteNumber => f.write_str("a number that JSON cannot hold"),
            Slip::DeepNesting { depth } => write!(f, "nesting {depth} levels deep; {MAX_DEPTH} are read"),
            Slip::SpansLines { raw_break_in_string: true } => {
                f.write_str("a line break inside a string, so the record spans several lines")
            }
            Slip::SpansLines { raw_break_in_string: false } => f.write_str("an object spread over several lines"),
            Slip::RawControl { byte: b'\t' } => f.write_str("a tab inside a string that is not escaped"),
            Slip::RawControl { byte } => write!(f, "the control character U+{byte:04X} inside a string, not escaped"),
            Slip::PythonLiteral { what } => match what {
                PythonLiteral::SingleQuotes => f.write_str("a string in single quotes, as Python prints it"),
                PythonLiteral::None => f.write_str("`None`, which JSON calls `null`"),
                PythonLiteral::True => f.write_str("`True`, which JSON calls `true`"),
                PythonLiteral::False => f.write_str("`False`, which JSON calls `false`"),
                PythonLiteral::StringPrefix => {
                    f.write_str("a letter before the quote of a string, as in Python's f\"…\"")
                }
            },
            Slip::SmartQuote { found } => write!(f, "the curly quote `{found}` where JSON wants \""),
            Slip::TrailingComma { after_record: true } => f.write_str("a comma behind the record"),
            Slip::TrailingComma { after_record: false } => f.write_str("a comma before a closing bracket"),
            Slip::UnescapedQuote { .. } => f.write_str("a quote inside a string that is not escaped"),
            Slip::DoubledQuote { .. } => f.write_str("a quote inside a string that is doubled, as in CSV, not escaped"),
            Slip::CsvQuoted => f.write_str("a record in CSV quoting: its quotes are doubled"),
            Slip::Undefined => f.write_str("`undefined`, which JavaScript knows and JSON does not"),
            Slip::MissingPunctuation { missing } => f.write_str(match missing {
                Missing::Comma => "a comma is missing",
                Missing::Colon => "a colon is missing between key and value",
                Missing::ColonOutsideKey => "the colon stands inside the quotes of the key",
                Missing::Key => "a value without a key",
                Missing::Value => "a key without a value",
                Missing::OpeningQuote => "the opening quote of a string is missing",
                Missing::ClosingQuote => "the closing quote of a string is missing",
                Missing::Quotes => "a string without quotes",
                Missing::OpeningBrace => "the opening brace `{` is missing",
                Missing::Braces => "both braces of the record are missing",
                Missing::ClosingBrace => "the closing brace `}` is missing",
                Missing::ClosingBracket => "the closing bracket `]` is missing",
            }),
            Slip::ExtraPunctuation { found: '"' } => f.write_str("a quote stands twice"),
            Slip::ExtraPunctuation { found } => write!(f, "`{found}` does not belong here"),
            Slip::UnquotedKey => f.write_str("a key without quotes"),
            Slip::EscapedRecord => f.write_str("the quotes of the record are escaped, as inside a string"),
            Slip::BadEscape => f.write_str("a backslash before a character that has no escape"),
            Slip::OddSpace { found: BYTE_ORDER_MARK } => f.write_str("a byte order mark in the middle of the file"),
            Slip::OddSpace { found } => write!(f, "U+{:04X}, which is no white space in JSON", u32::from(*found)),
            Slip::Comment => f.write_str("a comment"),
            Slip::StrayText => f.write_str("text that is no JSON object"),
            Slip::Fragment => f.write_str("a part of a record that is torn from the rest of it"),
            Slip::ArrayBracket => f.write_str("a bracket of an array around the records"),
            Slip::MergeConflict => f.write_str("a marker of an unresolved merge"),
            Slip::JoinedRecords { count } => write!(f, "{count} objects on one line"),
            Slip::CutOff { open } => f.write_str(match open {
                Open::String { .. } => "the text ends in the middle of a string",
                Open::Object { .. } => "the text ends in the middle of an object",
                Open::Array { .. } => "the text ends in the middle of an array",
            }),
            Slip::Other { reason } => {
                // The parser's words may quote the data.
                let shown = quote(reason).to_string();
                let words = shown.strip_prefix('`').and_then(|shown| shown.strip_suffix('`'));
                f.write_str(words.unwrap_or(&shown))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_their_words() {
        let words = |count| Slip::NulBytes { count }.to_string();
        assert_eq!(words(1), "1 zero byte instead of text");
        assert_eq!(words(4096), "4,096 zero bytes instead of text");
        let deep = Slip::DeepNesting { depth: MAX_DEPTH + 1 }.to_string();
        assert_eq!(deep, format!("nesting {} levels deep; {MAX_DEPTH} are read", MAX_DEPTH + 1));
    }
}
