//! The address of an image, and what a data URL holds.
//!
//! Of the image only the first bytes are decoded; that all of it is base64 is checked in passing, so an image of 10 MB
//! is walked through once and never copied.

use std::io::Cursor;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use imagesize::{Compression, ImageError, ImageType};

use crate::json::Extent;

/// Where an image is, by its URL.
#[derive(Clone, Copy, Debug)]
pub enum Image<'a> {
    /// `http:` or `https:`
    Link,
    /// `data:`
    Data(DataUrl<'a>),
    /// The bytes in base64 without `data:` in front; of the media type that they are.
    Bare(&'static str),
    /// Something else.
    Other,
}

/// What a `data:` URL says and holds. Places are in bytes of the URL.
#[derive(Clone, Copy, Debug)]
pub struct DataUrl<'a> {
    /// The media type that it names: `image/png`; empty if it names none.
    pub media_type: &'a str,
    /// What stands before the data, with the comma.
    pub head: Extent,
    /// The data, and how it is broken, if it is.
    pub data: Result<ImageData, BrokenData>,
}

/// Data that is base64 as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageData {
    /// How many bytes it is when decoded.
    pub bytes: u64,
    /// The media type of its first bytes, if they are known.
    pub media_type: Option<&'static str>,
    /// Width and height in pixels.
    pub size: PixelSize,
}

/// The size of an image in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelSize {
    /// Width and height.
    Known(u64, u64),
    /// It stands where it was not found.
    Unknown,
    /// The data ends before it.
    CutOff,
}

/// Why data is not base64. Places are in bytes of the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrokenData {
    /// The URL does not say that its data is base64.
    NotBase64,
    /// There is no data.
    Empty,
    /// A character that base64 does not have.
    Character(usize),
    /// Something stands behind the padding.
    AfterPadding(usize),
    /// It ends in the middle of a group of four characters.
    CutOff,
}

impl<'a> Image<'a> {
    /// Reads the URL of an image.
    #[must_use]
    pub fn read(url: &'a str) -> Image<'a> {
        if has_scheme(url, "https://") || has_scheme(url, "http://") {
            return Image::Link;
        }
        if !has_scheme(url, "data:") {
            let head = decode_head(url.as_bytes(), HEAD);
            return head.and_then(|bytes| media_type(&bytes)).map_or(Image::Other, Image::Bare);
        }
        let Some(comma) = memchr::memchr(b',', url.as_bytes()) else { return Image::Other };
        let head = &url["data:".len()..comma];
        let media_type = head.split(';').next().unwrap_or_default().trim_ascii();
        let start = comma + 1;
        let data = if head.rsplit(';').next().is_some_and(|last| last.trim_ascii().eq_ignore_ascii_case("base64")) {
            image_data(&url.as_bytes()[start..], start)
        } else {
            Err(BrokenData::NotBase64)
        };
        Image::Data(DataUrl { media_type, head: Extent { start: 0, end: start }, data })
    }

    /// Width and height in pixels, if the URL holds an image whose size could be read.
    #[must_use]
    pub fn size(&self) -> Option<(u64, u64)> {
        match self {
            Image::Data(DataUrl { data: Ok(ImageData { size: PixelSize::Known(width, height), .. }), .. }) => {
                Some((*width, *height))
            }
            _ => None,
        }
    }
}

/// Whether the text starts with this and goes on.
fn has_scheme(url: &str, scheme: &str) -> bool {
    url.len() > scheme.len() && url.as_bytes()[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes())
}

/// How many base64 characters are decoded at first. Most formats have the size in their first 30
/// bytes; in JPEG it stands behind the metadata, so more are decoded until it is found.
const HEAD: usize = 256;
/// How many base64 characters are decoded at most: 24 times as many bytes as a segment of metadata has.
const MAX_HEAD: usize = 2 * 1024 * 1024;

/// Lenient at the end: only the first bytes matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads the data behind the comma, which is `offset` bytes into the URL.
fn image_data(data: &[u8], offset: usize) -> Result<ImageData, BrokenData> {
    let bytes = match base64_simd::STANDARD.decoded_length(data) {
        Ok(length) if base64_simd::STANDARD.check(data).is_ok() => length as u64,
        // What only strict decoders refuse is no fault; else this finds the place.
        _ => decoded_length(data, offset)?,
    };
    if bytes == 0 {
        return Err(BrokenData::Empty);
    }
    let mut length = HEAD;
    loop {
        // It was seen to be base64.
        let head = decode_head(data, length).unwrap_or_default();
        let media_type = media_type(&head);
        let size = if media_type.is_none() {
            PixelSize::Unknown
        } else {
            match imagesize::blob_size(&head) {
                Ok(size) => PixelSize::Known(size.width as u64, size.height as u64),
                Err(ImageError::IoError(_)) if length >= data.len() => PixelSize::CutOff,
                Err(ImageError::IoError(_)) if length < MAX_HEAD => {
                    length *= 8;
                    continue;
                }
                Err(_) => PixelSize::Unknown,
            }
        };
        return Ok(ImageData { bytes, media_type, size });
    }
}

/// The length of the decoded data, by rules that all decoders share: white space is left out, and what the last
/// character holds beyond the last byte does not matter.
fn decoded_length(data: &[u8], offset: usize) -> Result<u64, BrokenData> {
    let (mut digits, mut padding) = (0_u64, 0_u64);
    for (at, byte) in data.iter().enumerate() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => digits += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => return Err(BrokenData::AfterPadding(offset + at)),
            b'=' => padding += 1,
            b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' => {}
            _ => return Err(BrokenData::Character(offset + at)),
        }
    }
    match (digits % 4, padding) {
        (0, 0) | (2, 2) | (3, 1) => Ok(digits / 4 * 3 + (digits % 4).saturating_sub(1)),
        _ => Err(BrokenData::CutOff),
    }
}

/// The bytes that the first `length` characters stand for; `None` if they are not base64.
fn decode_head(data: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut part = &data[..length.min(data.len())];
    let without_space: Vec<u8>;
    if part.iter().any(u8::is_ascii_whitespace) {
        without_space = part.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        part = &without_space;
    }
    // Whole groups only, unless it is all there is.
    if part.len() < data.len() {
        part = &part[..part.len() / 4 * 4];
    }
    BASE64.decode(part).ok()
}

/// The media type of an image, or of what is mistaken for one, by its first bytes.
fn media_type(head: &[u8]) -> Option<&'static str> {
    if let Ok(image_type) = imagesize::reader_type(Cursor::new(head)) {
        return match image_type {
            ImageType::Jpeg => Some("image/jpeg"),
            ImageType::Png => Some("image/png"),
            ImageType::Webp => Some("image/webp"),
            ImageType::Gif => Some("image/gif"),
            ImageType::Bmp => Some("image/bmp"),
            ImageType::Tiff => Some("image/tiff"),
            ImageType::Heif(Compression::Av1) => Some("image/avif"),
            ImageType::Heif(_) => Some("image/heic"),
            _ => None,
        };
    }
    let text = head.trim_ascii_start();
    if text.starts_with(b"%PDF-") {
        Some("application/pdf")
    } else if text.starts_with(b"<svg") || text.starts_with(b"<?xml") {
        Some("image/svg+xml")
    } else if text.starts_with(b"<!DOCTYPE html") || text.starts_with(b"<html") {
        Some("text/html")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The start of a PNG file of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend(b"\x08\x02\0\0\0");
        bytes
    }

    /// A JPEG file whose size stands behind `metadata` bytes.
    fn jpeg(width: u16, height: u16, metadata: usize) -> Vec<u8> {
        let mut bytes = b"\xff\xd8".to_vec();
        for _ in 0..metadata / 60_000 {
            bytes.extend(b"\xff\xe1");
            bytes.extend(60_002_u16.to_be_bytes());
            bytes.extend(vec![0; 60_000]);
        }
        bytes.extend(b"\xff\xc0\x00\x11\x08");
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend(b"\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01\xff\xd9");
        bytes
    }

    fn url(media_type: &str, bytes: &[u8]) -> String {
        format!("data:{media_type};base64,{}", BASE64.encode(bytes))
    }

    fn data(url: &str) -> Result<ImageData, BrokenData> {
        match Image::read(url) {
            Image::Data(url) => url.data,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sizes_are_read_from_the_first_bytes() {
        for (bytes, media_type) in [(png(640, 480), "image/png"), (jpeg(640, 480, 0), "image/jpeg")] {
            let found = data(&url(media_type, &bytes)).unwrap();
            assert_eq!((found.bytes, found.media_type), (bytes.len() as u64, Some(media_type)));
            assert_eq!(found.size, PixelSize::Known(640, 480));
        }
        for metadata in [60_000, 300_000] {
            let found = data(&url("image/jpeg", &jpeg(640, 480, metadata))).unwrap();
            assert_eq!(found.size, PixelSize::Known(640, 480), "{metadata}");
        }
        assert_eq!(data(&url("image/png", &png(1, 1)[..20])).unwrap().size, PixelSize::CutOff);
        // Behind more metadata than is looked through.
        assert_eq!(data(&url("image/jpeg", &jpeg(640, 480, 13_000_000))).unwrap().size, PixelSize::Unknown);
    }

    #[test]
    fn the_head_is_read_in_any_case() {
        let bytes = BASE64.encode(png(1, 1));
        for head in ["DATA:image/png;BASE64,", "data:image/png;charset=utf-8;base64,", "data:image/png; base64,"] {
            let image = format!("{head}{bytes}");
            let Image::Data(url) = Image::read(&image) else { panic!("{head}") };
            assert_eq!((url.media_type, url.head.end), ("image/png", head.len()));
            assert_eq!(url.data.unwrap().media_type, Some("image/png"), "{head}");
        }
    }

    #[test]
    fn what_is_no_base64_is_found_at_its_byte() {
        let good = url("image/png", &[png(1, 1), vec![7; 100]].concat());
        let start = good.len() - 160;
        for at in [start, start + 1, good.len() - 90, good.len() - 1] {
            let mut bad = good.clone();
            bad.replace_range(at..=at, "-");
            assert_eq!(data(&bad), Err(BrokenData::Character(at)), "{at}");
            bad.replace_range(at..=at, "é");
            assert_eq!(data(&bad), Err(BrokenData::Character(at)), "{at}");
        }
        for cut in 1..4 {
            assert_eq!(data(&good[..good.len() - cut]), Err(BrokenData::CutOff), "{cut}");
        }
        assert_eq!(data(&format!("{good}====")), Err(BrokenData::CutOff));
        assert_eq!(data("data:image/png;base64,QQ==QQ=="), Err(BrokenData::AfterPadding(26)));
        assert_eq!(data("data:image/png;base64,"), Err(BrokenData::Empty));
        assert_eq!(data("data:image/png,abc"), Err(BrokenData::NotBase64));
    }

    #[test]
    fn what_decoders_agree_to_overlook_is_no_fault() {
        let good = url("image/png", &[png(1, 1), vec![7; 100]].concat());
        let expected = data(&good).unwrap();
        let (head, rest) = good.split_once(',').unwrap();
        let lines: Vec<&str> = rest.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        assert_eq!(data(&format!("{head},{}\n", lines.join("\r\n"))).unwrap(), expected);
        // The last character holds bits beyond the last byte.
        assert_eq!(data("data:image/png;base64,QR==").unwrap().bytes, 1);
    }

    #[test]
    fn lengths_are_those_of_the_decoded_bytes() {
        for length in 1..200 {
            let bytes = vec![0xA5; length];
            assert_eq!(data(&url("image/png", &bytes)).unwrap().bytes, length as u64);
            let spaced = url("image/png", &bytes) + " ";
            assert_eq!(data(&spaced).unwrap().bytes, length as u64);
        }
    }

    #[test]
    fn other_formats_are_known_by_their_bytes() {
        let of = |bytes: &[u8]| data(&url("image/png", bytes)).unwrap().media_type;
        assert_eq!(of(b"GIF89a\x01\0\x01\0\0\0\0;"), Some("image/gif"));
        assert_eq!(of(b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0"), Some("image/bmp"));
        assert_eq!(of(b"\0\0\0\x18ftypavif\0\0\0\0avifmif1"), Some("image/avif"));
        assert_eq!(of(b"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0"), Some("image/webp"));
        assert_eq!(of(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), Some("image/svg+xml"));
        assert_eq!(of(b"%PDF-1.7\n%....."), Some("application/pdf"));
        assert_eq!(of(b"some text that is no image"), None);
    }

    #[test]
    fn schemes_are_told_apart() {
        assert!(matches!(Image::read("https://example.com/a.png"), Image::Link));
        assert!(matches!(Image::read("HTTP://example.com/a.png"), Image::Link));
        let bare = BASE64.encode([png(1, 1), vec![7; 1000]].concat());
        assert!(matches!(Image::read(&bare), Image::Bare("image/png")));
        for other in ["", "https://", "images/cat.png", "s3://bucket/cat.png", "data:image/png", "/9j", "é", "ataé"] {
            assert!(matches!(Image::read(other), Image::Other), "{other}");
        }
    }
}
