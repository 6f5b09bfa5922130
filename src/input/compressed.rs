//! Data that is compressed with gzip or zstd, told by its first bytes.

use std::io::{self, BufRead, Read};
use std::path::Path;

use flate2::bufread::GzDecoder;

/// A way of compressing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

/// As many bytes as tell how something is compressed.
pub(super) const MAGIC: usize = 4;

impl Compression {
    /// How data that begins like this is compressed, if it is.
    pub(super) fn of(head: &[u8]) -> Option<Compression> {
        match head {
            [0x1F, 0x8B, ..] => Some(Compression::Gzip),
            // A frame, or one of the sixteen kinds that are skipped.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Compression::Zstd),
            _ => None,
        }
    }

    /// How messages call what is compressed.
    pub(super) fn name(self) -> &'static str {
        match self {
            Compression::Gzip => "gzip data",
            Compression::Zstd => "zstd data",
        }
    }

    /// What is compressed in `reader`. Several streams one after the other are one.
    pub(super) fn decode(self, reader: impl BufRead + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Decoded {
            reader: match self {
                Compression::Gzip => Box::new(Members { member: Some(GzDecoder::new(reader)) }),
                Compression::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(reader)?),
            },
        }))
    }
}

/// Extensions of compressed files.
const EXTENSIONS: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

/// Those of files that are compressed in a way that is not read.
const UNREAD: [&str; 2] = ["bz2", "xz"];

/// Whether an extension is that of files that are compressed in a way that is read.
pub(super) fn is_read(extension: &str) -> bool {
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether the name of a file says that it is compressed.
pub(super) fn is_named(path: &Path) -> bool {
    path.extension().is_some_and(|own| EXTENSIONS.iter().chain(&UNREAD).any(|known| own.eq_ignore_ascii_case(known)))
}

/// Gzip data, member by member: flate2's own reader takes what stands behind them for one that is cut off.
struct Members<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let length = member.read(into)?;
            if length > 0 || into.is_empty() {
                return Ok(length);
            }
            match next_byte(member.get_mut())? {
                Some(0x1F) => self.member = self.member.take().map(|member| GzDecoder::new(member.into_inner())),
                Some(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, BEHIND)),
                None => self.member = None,
            }
        }
        Ok(0)
    }
}

/// What follows, which is not taken.
fn next_byte(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    reader.fill_buf().map(|bytes| bytes.first().copied())
}

const BEHIND: &str = "behind the compressed data something stands that is no gzip data";

/// Says of what cannot be unpacked that it is the compression.
struct Decoded {
    reader: Box<dyn Read + Send>,
}

impl Read for Decoded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.reader.read(into).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            // What zstd says of a frame that does not end is of another kind.
            io::ErrorKind::UnexpectedEof => io::Error::other("the compressed data are cut off"),
            _ if error.to_string().contains("incomplete frame") => io::Error::other("the compressed data are cut off"),
            io::ErrorKind::InvalidData if error.to_string() == BEHIND => io::Error::other(BEHIND),
            // As much as zstd itself takes without being told to.
            _ if error.to_string().contains("requires too much memory") => io::Error::other(
                "the compressed data need more than 128 MiB of memory at once; unpack them with `zstd -d --long=31`",
            ),
            _ => io::Error::other(format!("the compressed data are damaged: {error}")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let compression = Compression::of(bytes).expect("it is compressed");
        compression.decode(io::Cursor::new(bytes.to_vec()))?.read_to_end(&mut text)?;
        Ok(text)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::read::GzEncoder::new(text, flate2::Compression::fast());
        let mut bytes = Vec::new();
        encoder.read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn what_was_compressed_comes_back() {
        let text = b"{\"prompt\":\"2+2=\",\"completion\":\" 4\"}\n".repeat(100);
        let zstd = zstd::encode_all(&text[..], 3).unwrap();
        assert_eq!(decode(&gzip(&text)).unwrap(), text);
        assert_eq!(decode(&zstd).unwrap(), text);
        for mut twice in [gzip(&text), zstd] {
            twice.extend_from_within(..);
            assert_eq!(decode(&twice).unwrap(), text.repeat(2));
        }
        assert_eq!(Compression::of(b"{\"prompt\""), None);
        assert_eq!(Compression::of(b"("), None);
    }

    #[test]
    fn what_is_cut_off_or_damaged_is_called_that() {
        let text = b"0123456789".repeat(1000);
        for bytes in [gzip(&text), zstd::encode_all(&text[..], 3).unwrap()] {
            for end in [5, bytes.len() / 2, bytes.len() - 1] {
                let error = decode(&bytes[..end]).map(|text| text.len()).unwrap_err();
                assert_eq!(error.to_string(), "the compressed data are cut off", "{end}");
            }
        }
        for behind in [&b"x"[..], b"\0\0", b"trailing words", &[b'x'; 100_000]] {
            let error = decode(&[&gzip(&text), behind].concat()).map(|text| text.len()).unwrap_err();
            assert_eq!(error.to_string(), BEHIND);
        }
        // zstd has no checksum unless it is asked for one.
        let mut damaged = gzip(&text);
        for byte in &mut damaged[12..20] {
            *byte = !*byte;
        }
        let error = decode(&damaged).map(|text| text.len()).unwrap_err().to_string();
        assert!(error.starts_with("the compressed data are "), "{error}");
    }
}
