//! Formats that are known by their first bytes.

/// First bytes, and what they stand for.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"\x1F\x8B", "gzip data"),
    (b"\x28\xB5\x2F\xFD", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"\xFD7zXZ\0", "xz data"),
    (b"\x04\x22\x4D\x18", "lz4 data"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"\xFF\xFF\xFF\xFF", "an Arrow stream"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89HDF\r\n\x1A\n", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document"),
    (b"\x89PNG\r\n\x1A\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
];

/// What the file is, if its first bytes say that it is no text of ours.
pub(super) fn identify(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(zip_flavour(head));
    }
    if matches!(head, [0x80, 2..=5, b'}' | b']' | b'c' | b'(' | b'\x8C' | b'\x95' | b'X', ..]) {
        return Some("a Python pickle");
    }
    if is_tar(head) {
        return Some("a tar archive");
    }
    SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)).map(|(_, what)| *what)
}

/// The word may stand there in any text; names and numbers that end in zeros do not stand before it.
fn is_tar(head: &[u8]) -> bool {
    head.split_at_checked(257).is_some_and(|(header, rest)| rest.starts_with(b"ustar") && header.contains(&0))
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
    fn signatures_are_found() {
        let mut tar = vec![0; 512];
        tar[..9].copy_from_slice(b"a/b.jsonl");
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
        let about_tar = format!("{{\"prompt\": \"{:245}ustar\"}}", "");
        assert_eq!((&about_tar[257..262], identify(about_tar.as_bytes())), ("ustar", None));
    }
}
