//! Formats that are known by their first bytes.

/// The signature at an offset, and what it stands for.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"\x1F\x8B", "gzip data"),
    (0, b"\x28\xB5\x2F\xFD", "zstd data"),
    (0, b"BZh", "bzip2 data"),
    (0, b"\xFD7zXZ\0", "xz data"),
    (0, b"\x04\x22\x4D\x18", "lz4 data"),
    (0, b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (0, b"Rar!\x1A\x07", "a RAR archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"PAR1", "a Parquet file"),
    (0, b"ARROW1", "an Arrow file"),
    (0, b"FEA1", "a Feather file"),
    (0, b"\xFF\xFF\xFF\xFF", "an Arrow stream"),
    (0, b"Obj\x01", "an Avro file"),
    (0, b"ORC", "an ORC file"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"\x89HDF\r\n\x1A\n", "an HDF5 file"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document"),
    (0, b"\x89PNG\r\n\x1A\n", "a PNG image"),
    (0, b"\xFF\xD8\xFF", "a JPEG image"),
];

/// What the file is, if its first bytes say that it is no text of ours.
pub(super) fn identify(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(zip_flavour(head));
    }
    if matches!(head, [0x80, 2..=5, b'}' | b']' | b'c' | b'(' | b'\x8C' | b'\x95' | b'X', ..]) {
        return Some("a Python pickle");
    }
    SIGNATURES
        .iter()
        .find(|(at, signature, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(signature)))
        .map(|(_, _, what)| *what)
}

/// Office documents are archives with telling file names.
fn zip_flavour(head: &[u8]) -> &'static str {
    let contains = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    if contains(b"xl/") {
        "an Excel workbook"
    } else if contains(b"word/") {
        "a Word document"
    } else {
        "a zip archive"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_found_at_their_offset() {
        let mut tar = vec![b'x'; 512];
        tar[257..262].copy_from_slice(b"ustar");
        assert_eq!(identify(&tar), Some("a tar archive"));
        assert_eq!(identify(b"PAR1\x15\x04"), Some("a Parquet file"));
        assert_eq!(identify(b"PK\x03\x04....xl/workbook.xml"), Some("an Excel workbook"));
        assert_eq!(identify(b"\x80\x04\x95\x10"), Some("a Python pickle"));
    }

    #[test]
    fn text_has_no_signature() {
        assert_eq!(identify(b""), None);
        assert_eq!(identify(b"{\"prompt\": \"PAR1\"}"), None);
        assert_eq!(identify(b"P"), None);
    }
}
