//! Texts that hold what should have been written by itself: `json.dumps(json.dumps(example))`.

use serde::de::IgnoredAny;

use super::syntax::{Slip, diagnose};

/// What a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoded {
    /// A JSON object.
    Object,
    /// A JSON array.
    Array,
    /// A Python dictionary or list, as `str` writes it.
    Python,
}

/// What a text holds, if that is no text but data.
pub(crate) fn encoded(text: &str) -> Option<Encoded> {
    let text = text.trim_ascii();
    let encoded = match text.as_bytes().first()? {
        b'{' => Encoded::Object,
        b'[' => Encoded::Array,
        _ => return None,
    };
    if serde_json::from_str::<IgnoredAny>(text).is_ok() {
        return Some(encoded);
    }
    // Whatever stands behind it, it ends as it began.
    let is_whole = text.ends_with(['}', ']']);
    let is_python = is_whole && matches!(diagnose(text.as_bytes()).slip, Slip::PythonLiteral { .. });
    is_python.then_some(Encoded::Python)
}

/// JSON on one line: line breaks stand between its tokens, since those in strings are escaped.
pub(crate) fn on_one_line(json: &str) -> String {
    json.trim_ascii().replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_told_from_text() {
        assert_eq!(encoded(" {\"a\": \"b\"}\n"), Some(Encoded::Object));
        assert_eq!(encoded("[{\"a\": \"b\"}]"), Some(Encoded::Array));
        assert_eq!(encoded("{'a': [True]}"), Some(Encoded::Python));
        for text in ["", "Hi", "{name}", "[Chorus]", "{\"a\": }", "4", "{'a': 1} and more"] {
            assert_eq!(encoded(text), None, "{text}");
        }
    }

    #[test]
    fn line_breaks_between_tokens_become_spaces() {
        assert_eq!(on_one_line("{\r\n \"a\": \"\\n\"\n}\n"), "{   \"a\": \"\\n\" }");
    }
}
