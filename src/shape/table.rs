//! Tables: comma-separated values and their kin.

/// Column names that fine-tuning tables have.
const COLUMNS: &[&str] = &[
    "prompt",
    "completion",
    "messages",
    "role",
    "content",
    "instruction",
    "input",
    "output",
    "question",
    "answer",
    "query",
    "response",
    "text",
    "label",
    "system",
    "user",
    "assistant",
    "id",
];

/// Names longer than this head no column.
const MAX_NAME: usize = 40;

/// How many rows are compared with the header.
const SAMPLE: usize = 16;

/// The byte between the columns, if `text` is a table with a header.
pub(super) fn delimiter(text: &str) -> Option<u8> {
    let (header, rows) = text.split_once('\n')?;
    b",\t;|".iter().copied().find(|delimiter| is_table(header, rows, *delimiter))
}

fn is_table(header: &str, rows: &str, delimiter: u8) -> bool {
    let names: Vec<_> =
        header.split(char::from(delimiter)).map(|name| name.trim().trim_matches('"').to_ascii_lowercase()).collect();
    if names.len() < 2 || !names.iter().all(|name| is_name(name)) {
        return false;
    }
    if names.iter().filter(|name| COLUMNS.contains(&name.as_str())).count() >= 2 {
        return true;
    }
    let rows = || rows.lines().filter(|row| !row.trim().is_empty()).take(SAMPLE);
    rows().count() >= 2 && rows().all(|row| columns(row, delimiter) == names.len())
}

fn is_name(name: &str) -> bool {
    let is_name_char = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.');
    !name.is_empty() && name.len() <= MAX_NAME && name.chars().all(is_name_char)
}

/// How many columns the row has; a delimiter in quotes is text.
fn columns(row: &str, delimiter: u8) -> usize {
    let mut in_quotes = false;
    let is_delimiter = |byte: &u8| {
        in_quotes ^= *byte == b'"';
        !in_quotes && *byte == delimiter
    };
    row.as_bytes()
        .iter()
        .copied()
        .filter({
            let mut is_delimiter = is_delimiter;
            move |byte| is_delimiter(byte)
        })
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_columns_make_a_table() {
        assert_eq!(delimiter("prompt,completion\n\"a, b\",c\n"), Some(b','));
        assert_eq!(delimiter("\"role\";\"content\"\r\nuser;hi\r\n"), Some(b';'));
    }

    #[test]
    fn other_columns_need_rows_of_their_number() {
        assert_eq!(delimiter("word\tmeaning\none\ta\ntwo\tb\n"), Some(b'\t'));
        assert_eq!(delimiter("word,meaning\none,\"a, b\"\ntwo,c\n"), Some(b','));
        assert_eq!(delimiter("word,meaning\none\ntwo\n"), None);
    }

    #[test]
    fn prose_is_no_table() {
        assert_eq!(delimiter("First, a word of thanks!\nThen, some more.\nAnd, well, so on.\n"), None);
        assert_eq!(delimiter("one line"), None);
    }
}
