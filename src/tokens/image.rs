//! Tokens of images, by the formulas of OpenAI's vision guide.

use std::ops::AddAssign;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use crate::text::number;

/// How a model turns an image into tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ImagePricing {
    /// A sum for the image and a sum for each tile of 512 pixels, once the image was scaled to fit
    /// 2,048 pixels and then to 768 on its shorter side.
    Tiles {
        /// For the image; with `detail: low` that is all.
        #[serde(deserialize_with = "price")]
        base: u64,
        /// For each tile.
        #[serde(deserialize_with = "price")]
        tile: u64,
    },
    /// Patches of 32 pixels, at most 1,536 of them.
    Patches {
        /// Tokens for 100 patches.
        #[serde(deserialize_with = "price")]
        per_hundred: u64,
    },
}

/// The most that a table may say. No model comes near, and no sum of it over the images of a file is too large.
const MAX_PRICE: u64 = 1_000_000;

/// Reads a number of tokens.
fn price<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    match u64::deserialize(deserializer)? {
        tokens @ ..=MAX_PRICE => Ok(tokens),
        _ => Err(D::Error::custom(format_args!("expected at most {} tokens", number(MAX_PRICE)))),
    }
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
            ImagePricing::Tiles { base, tile } => {
                base.saturating_mul(images.count).saturating_add(tile.saturating_mul(images.tiles))
            }
            ImagePricing::Patches { per_hundred } => images.patches.saturating_mul(per_hundred).div_ceil(100),
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
    /// An image of this width and height in pixels, if they are known.
    pub(super) fn new(size: Option<(u64, u64)>, detail: Option<&str>) -> Image {
        let exact = |images| Image { likely: images, least: images, most: images };
        let image = match size {
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

#[cfg(test)]
mod tests {
    use super::*;

    const GPT_4O: ImagePricing = ImagePricing::Tiles { base: 85, tile: 170 };

    /// The least, the likely and the most tokens.
    fn bounds(pricing: ImagePricing, size: Option<(u64, u64)>, detail: Option<&str>) -> [u64; 3] {
        let image = Image::new(size, detail);
        [image.least, image.likely, image.most].map(|images| pricing.tokens(images))
    }

    fn likely(width: u64, height: u64, detail: Option<&str>) -> u64 {
        let [least, likely, most] = bounds(GPT_4O, Some((width, height)), detail);
        assert_eq!((least, most), (likely, likely), "{detail:?}");
        likely
    }

    #[test]
    fn the_published_examples_are_met() {
        for (width, height, tokens) in
            [(1024, 1024, 765), (2048, 4096, 1105), (1920, 1080, 1105), (512, 512, 255), (768, 2048, 1445)]
        {
            assert_eq!(likely(width, height, Some("high")), tokens, "{width}x{height}");
            assert_eq!(likely(width, height, None), tokens);
            assert_eq!(likely(width, height, Some("low")), 85);
        }
    }

    #[test]
    fn an_unknown_size_has_bounds() {
        assert_eq!(bounds(GPT_4O, None, None), [85, 765, 1445]);
        assert_eq!(bounds(GPT_4O, None, Some("low")), [85; 3]);
    }

    #[test]
    fn patches_are_capped() {
        let pricing = ImagePricing::Patches { per_hundred: 162 };
        assert_eq!(bounds(pricing, Some((64, 33)), None), [7; 3]); // 4 patches
        assert_eq!(bounds(pricing, Some((10_000, 10_000)), None), [2489; 3]); // 1,536 patches
    }

    #[test]
    fn prices_have_bounds() {
        let read = |text: &str| serde_json::from_str::<ImagePricing>(text).map_err(|error| error.to_string());
        assert_eq!(
            read(r#"{"tiles": {"base": 1000000, "tile": 0}}"#),
            Ok(ImagePricing::Tiles { base: 1_000_000, tile: 0 })
        );
        for text in [
            r#"{"tiles": {"base": 1000001, "tile": 1}}"#,
            r#"{"tiles": {"base": 1, "tile": 18446744073709551615}}"#,
            r#"{"patches": {"per_hundred": 1000001}}"#,
        ] {
            assert!(read(text).is_err_and(|error| error.starts_with("expected at most 1,000,000 tokens")), "{text}");
        }
        // Whoever uses the library writes what they want.
        let images = Images { count: 2, tiles: 2, patches: 2 };
        assert_eq!(ImagePricing::Tiles { base: u64::MAX, tile: u64::MAX }.tokens(images), u64::MAX);
        assert_eq!(ImagePricing::Patches { per_hundred: u64::MAX }.tokens(images), u64::MAX.div_ceil(100));
    }

    #[test]
    fn sizes_at_the_ends_of_their_range_are_no_overflow() {
        assert_eq!(likely(u64::MAX, 1, None), 85 + 4 * 170);
        assert_eq!(likely(0, 0, None), 255);
        assert_eq!(likely(u64::MAX, u64::MAX, None), 765);
    }
}
