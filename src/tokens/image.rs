//! Tokens of images, by the formulas of OpenAI's vision guide.

use std::ops::AddAssign;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};

/// How a model turns an image into tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ImagePricing {
    /// A sum for the image and a sum for each tile of 512 pixels, once the image was scaled to fit
    /// 2,048 pixels and then to 768 on its shorter side.
    Tiles {
        /// For the image; with `detail: low` that is all.
        base: u64,
        /// For each tile.
        tile: u64,
    },
    /// Patches of 32 pixels, at most 1,536 of them.
    Patches {
        /// Tokens for 100 patches.
        per_hundred: u64,
    },
}

/// What there is to price of some images, whatever the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Images {
    /// How many.
    pub count: u64,
    /// Tiles of 512 pixels.
    pub tiles: u64,
    /// Patches of 32 pixels.
    pub patches: u64,
}

/// What is known of one image: its likely measure, and the bounds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image {
    pub likely: Images,
    pub least: Images,
    pub most: Images,
}

/// What an image of unknown size is taken for: a square photograph.
const LIKELY_PIXELS: (u64, u64) = (1024, 1024);
/// The most tiles there can be: 768 by 2,048 pixels.
const MAX_TILES: u64 = 8;
const MAX_PATCHES: u64 = 1536;

impl ImagePricing {
    /// What such images cost in tokens.
    #[must_use]
    pub fn tokens(self, images: Images) -> u64 {
        match self {
            ImagePricing::Tiles { base, tile } => base * images.count + tile * images.tiles,
            ImagePricing::Patches { per_hundred } => (images.patches * per_hundred).div_ceil(100),
        }
    }
}

impl Images {
    fn of_size(width: u64, height: u64) -> Images {
        let (width, height) = (width.max(1), height.max(1));
        let patches = width.div_ceil(32).saturating_mul(height.div_ceil(32)).min(MAX_PATCHES);
        let (width, height) = fit(width, height, width.max(height), 2048);
        let (width, height) = fit(width, height, width.min(height), 768);
        Images { count: 1, tiles: width.div_ceil(512) * height.div_ceil(512), patches }
    }
}

impl AddAssign for Images {
    fn add_assign(&mut self, more: Images) {
        self.count += more.count;
        self.tiles += more.tiles;
        self.patches += more.patches;
    }
}

impl Image {
    /// The image at `url`, a data URL or a link.
    pub(super) fn new(url: &str, detail: Option<&str>) -> Image {
        let exact = |images| Image { likely: images, least: images, most: images };
        let image = match size_of_data_url(url) {
            Some((width, height)) => exact(Images::of_size(width, height)),
            None => Image {
                likely: Images::of_size(LIKELY_PIXELS.0, LIKELY_PIXELS.1),
                least: Images { count: 1, tiles: 0, patches: 1 },
                most: Images { count: 1, tiles: MAX_TILES, patches: MAX_PATCHES },
            },
        };
        if detail != Some("low") {
            return image;
        }
        // No tiles; what it means for patches is not published.
        let low = |images| Images { tiles: 0, ..images };
        Image { likely: low(image.likely), least: low(image.least), most: low(image.most) }
    }
}

/// Scales down so that the given side is at most `limit`.
fn fit(width: u64, height: u64, side: u64, limit: u64) -> (u64, u64) {
    if side <= limit {
        return (width, height);
    }
    let scale = |length: u64| u64::try_from(u128::from(length) * u128::from(limit) / u128::from(side)).unwrap_or(limit);
    (scale(width).max(1), scale(height).max(1))
}

/// Lenient at the end: only the first bytes matter.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// How many base64 characters are decoded at first. Most formats have the size in their first 30
/// bytes; in JPEG it stands behind the metadata, so more are decoded until it is found.
const HEAD: usize = 256;

/// Width and height in pixels of the image in a `data:` URL, from its first bytes.
fn size_of_data_url(url: &str) -> Option<(u64, u64)> {
    let scheme = url.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:"))?;
    let (head, data) = url[scheme.len()..].split_once(',')?;
    head.to_ascii_lowercase().ends_with(";base64").then_some(())?;
    let data = data.trim_ascii_start();
    let mut bytes = Vec::new();
    let mut length = HEAD;
    loop {
        let part = &data.as_bytes()[..length.min(data.len())];
        bytes.clear();
        BASE64.decode_vec(part, &mut bytes).ok()?;
        match imagesize::blob_size(&bytes) {
            Ok(size) => return Some((size.width as u64, size.height as u64)),
            // What is cut off in its header is read further, unless that was all of it.
            Err(imagesize::ImageError::IoError(_)) if length < data.len() => length *= 8,
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GPT_4O: ImagePricing = ImagePricing::Tiles { base: 85, tile: 170 };

    /// The start of a PNG file of this size.
    fn png(width: u32, height: u32) -> String {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend(b"\x08\x02\0\0\0");
        format!("data:image/png;base64,{}", BASE64.encode(bytes))
    }

    /// A JPEG file whose size stands behind `metadata` bytes.
    fn jpeg(width: u16, height: u16, metadata: usize) -> String {
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
        format!("DATA:image/jpeg;BASE64,{}", BASE64.encode(bytes))
    }

    /// The least, the likely and the most tokens.
    fn bounds(pricing: ImagePricing, url: &str, detail: Option<&str>) -> [u64; 3] {
        let image = Image::new(url, detail);
        [image.least, image.likely, image.most].map(|images| pricing.tokens(images))
    }

    fn likely(url: &str, detail: Option<&str>) -> u64 {
        let [least, likely, most] = bounds(GPT_4O, url, detail);
        assert_eq!((least, most), (likely, likely), "{detail:?}");
        likely
    }

    #[test]
    fn the_published_examples_are_met() {
        for (width, height, tokens) in
            [(1024, 1024, 765), (2048, 4096, 1105), (1920, 1080, 1105), (512, 512, 255), (768, 2048, 1445)]
        {
            assert_eq!(likely(&png(width, height), Some("high")), tokens, "{width}x{height}");
            assert_eq!(likely(&png(width, height), None), tokens);
            assert_eq!(likely(&png(width, height), Some("low")), 85);
        }
    }

    #[test]
    fn the_size_of_a_jpeg_is_found_behind_its_metadata() {
        for metadata in [0, 60_000, 300_000] {
            assert_eq!(likely(&jpeg(1024, 1024, metadata), None), 765, "{metadata}");
        }
    }

    #[test]
    fn an_unknown_size_has_bounds() {
        let broken = ["https://example.com/cat.png", "data:image/png;base64,####", "data:image/png;base64,", "data:,x"];
        for url in broken.into_iter().map(str::to_owned).chain([png(1, 1)[..40].to_owned()]) {
            assert_eq!(bounds(GPT_4O, &url, None), [85, 765, 1445], "{url}");
        }
        assert_eq!(likely("https://example.com/cat.png", Some("low")), 85);
    }

    #[test]
    fn patches_are_capped() {
        let pricing = ImagePricing::Patches { per_hundred: 162 };
        assert_eq!(bounds(pricing, &png(64, 33), None), [7; 3]); // 4 patches
        assert_eq!(bounds(pricing, &png(10_000, 10_000), None), [2489; 3]); // 1,536 patches
    }

    #[test]
    fn sizes_at_the_ends_of_their_range_are_no_overflow() {
        assert_eq!(likely(&png(u32::MAX, 1), None), 85 + 4 * 170);
        assert_eq!(likely(&png(0, 0), None), 255);
        assert_eq!(likely(&png(u32::MAX, u32::MAX), None), 765);
    }
}
