//! Token totals and how they are spread.

use std::collections::BTreeMap;

use crate::tokens::{Estimate, ExampleTokens, ImagePricing, Images, Reason, kept};

/// How many of the longest examples are kept.
const LONGEST: usize = 5;

/// Token totals of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenFacts {
    /// Examples that were counted.
    pub examples: u64,
    /// All tokens, as they are billed for one epoch if nothing is cut off.
    pub total: u64,
    /// The tokens of the answers that are trained.
    pub answers: u64,
    /// Examples that are cut off at the context.
    pub cut: u64,
    /// The tokens that are cut off.
    pub cut_off: u64,
    /// Examples that are cut off so early that no trained token is left.
    pub answers_lost: u64,
    /// How many examples there are of each size. An example of n tokens takes about n bytes, so a
    /// file has no more than about the square root of its length of different sizes.
    pub sizes: BTreeMap<Size, u64>,
    /// All images, and what there is to price of them at most.
    pub images: Images,
    /// See [`ExampleTokens::most_images`].
    pub most_images: Images,
    /// The longest examples, the longest first, of equals the first.
    pub longest: Vec<Longest>,
    /// How far the total may be off, and why.
    pub estimate: Estimate,
    /// How many examples are estimated, by reason.
    pub estimated: BTreeMap<Reason, u64>,
}

/// The size of an example, in tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// See [`ExampleTokens::total`].
    pub total: u64,
    /// See [`ExampleTokens::length`].
    pub length: u64,
    /// See [`ExampleTokens::output`].
    pub output: u64,
    /// The images among them.
    pub images: Images,
}

/// One of the longest examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Longest {
    /// Its tokens.
    pub tokens: u64,
    /// Its line, counted from 1.
    pub line: u64,
}

impl Size {
    /// What is billed of such an example.
    fn billed(&self, context: Option<u64>) -> u64 {
        context.map_or(self.total, |context| kept(self.total, self.length, self.output, context))
    }
}

impl TokenFacts {
    /// Adds the example on a line.
    pub(crate) fn add(&mut self, tokens: &ExampleTokens, line: u64) {
        self.examples += 1;
        self.total += tokens.total;
        self.answers += tokens.answers;
        if let Some(cut) = tokens.cut {
            self.cut += 1;
            self.cut_off += tokens.cut_off();
            self.answers_lost += u64::from(tokens.answers > 0 && !cut.answers_left);
        }
        let &ExampleTokens { total, length, output, images, .. } = tokens;
        *self.sizes.entry(Size { total, length, output, images }).or_default() += 1;
        self.images += images;
        self.most_images += tokens.most_images;
        self.keep_longest(Longest { tokens: tokens.total, line });
        self.estimate.merge(tokens.estimate);
        for reason in tokens.estimate.reasons() {
            *self.estimated.entry(reason).or_default() += 1;
        }
    }

    /// Adds the facts of what follows, `lines` lines into the file.
    pub(crate) fn merge(&mut self, next: TokenFacts, lines: u64) {
        self.examples += next.examples;
        self.total += next.total;
        self.answers += next.answers;
        self.cut += next.cut;
        self.cut_off += next.cut_off;
        self.answers_lost += next.answers_lost;
        for (size, count) in next.sizes {
            *self.sizes.entry(size).or_default() += count;
        }
        self.images += next.images;
        self.most_images += next.most_images;
        for longest in next.longest {
            self.keep_longest(Longest { line: longest.line + lines, ..longest });
        }
        self.estimate.merge(next.estimate);
        for (reason, count) in next.estimated {
            *self.estimated.entry(reason).or_default() += count;
        }
    }

    fn keep_longest(&mut self, new: Longest) {
        let place = self.longest.partition_point(|kept| kept.tokens >= new.tokens);
        if place < LONGEST {
            self.longest.truncate(LONGEST - 1);
            self.longest.insert(place, new);
        }
    }

    /// The tokens that are billed for one epoch, with a model that is trained on `context` tokens of
    /// an example.
    #[must_use]
    pub fn billed(&self, context: Option<u64>) -> u64 {
        self.sizes.iter().map(|(size, count)| count * size.billed(context)).sum()
    }

    /// The same with a model for which images count otherwise than they were counted here.
    #[must_use]
    pub fn billed_with(
        &self,
        context: Option<u64>,
        counted: Option<ImagePricing>,
        images: Option<ImagePricing>,
    ) -> u64 {
        let tokens = |pricing: Option<ImagePricing>, size: &Size| pricing.map_or(0, |p| p.tokens(size.images));
        let recounted = |size: &Size| {
            let (less, more) = (tokens(counted, size), tokens(images, size));
            let recount = |tokens: u64| tokens.saturating_sub(less) + more;
            Size { total: recount(size.total), length: recount(size.length), ..*size }
        };
        self.sizes.iter().map(|(size, count)| count * recounted(size).billed(context)).sum()
    }

    /// How many tokens more there may be with such a model: what an image of unknown size costs depends on it.
    #[must_use]
    pub fn more_with(&self, counted: Option<ImagePricing>, images: Option<ImagePricing>) -> u64 {
        let of_images = |pricing: Option<ImagePricing>| {
            pricing.map_or(0, |pricing| pricing.tokens(self.most_images) - pricing.tokens(self.images))
        };
        if counted == images {
            return self.estimate.more;
        }
        self.estimate.more.saturating_sub(of_images(counted)) + of_images(images)
    }

    /// The number of tokens that `percent` of the examples do not exceed (the nearest rank); 0 if
    /// there are none.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> u64 {
        let rank = (self.examples * percent).div_ceil(100).max(1);
        let mut seen = 0;
        let found = self.sizes.iter().find(|(_, count)| {
            seen += **count;
            seen >= rank
        });
        found.map_or(0, |(size, _)| size.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(totals: &[u64]) -> TokenFacts {
        let mut facts = TokenFacts::default();
        for (line, &total) in (1..).zip(totals) {
            facts.add(&ExampleTokens { total, length: total, ..ExampleTokens::default() }, line);
        }
        facts
    }

    #[test]
    fn percentiles_are_of_the_nearest_rank() {
        let facts = facts(&[15, 20, 35, 40, 50]);
        assert_eq!([0, 5, 30, 40, 50, 90, 100].map(|p| facts.percentile(p)), [15, 15, 20, 20, 35, 50, 50]);
        assert_eq!(TokenFacts::default().percentile(50), 0);
    }

    #[test]
    fn merging_is_what_adding_would_have_been() {
        let totals: Vec<u64> = (0..200).map(|n| n * 7919 % 101).collect();
        let whole = facts(&totals);
        for cut in [0, 1, 50, 199, 200] {
            let mut merged = facts(&totals[..cut]);
            merged.merge(facts(&totals[cut..]), cut as u64);
            assert_eq!(merged, whole, "{cut}");
        }
        let mut lines: Vec<Longest> = (1..).zip(&totals).map(|(line, &tokens)| Longest { tokens, line }).collect();
        lines.sort_by_key(|longest| std::cmp::Reverse(longest.tokens));
        assert_eq!(whole.longest, lines[..LONGEST]);
    }

    #[test]
    fn no_example_is_billed_beyond_the_context() {
        let facts = facts(&[5, 10, 11, 100, 100]);
        assert_eq!(facts.billed(None), 226);
        assert_eq!(facts.billed(Some(10)), 45);
        assert_eq!(facts.billed(Some(0)), 0);
        assert_eq!(facts.billed(Some(1000)), 226);
    }

    #[test]
    fn images_are_recounted_for_another_model() {
        let tiles = |base, tile| Some(ImagePricing::Tiles { base, tile });
        let images = Images { count: 1, tiles: 4, patches: 9 };
        let most_images = Images { tiles: 8, ..images };
        let mut facts = TokenFacts::default();
        facts.add(&ExampleTokens { total: 800, length: 800, images, most_images, ..ExampleTokens::default() }, 1);
        facts.estimate.more = 680;
        assert_eq!(facts.more_with(tiles(85, 170), tiles(85, 170)), 680);
        assert_eq!(facts.more_with(tiles(85, 170), tiles(2833, 5667)), 4 * 5667);
        assert_eq!(facts.more_with(tiles(85, 170), None), 0);
        facts.add(&ExampleTokens { total: 50, length: 50, ..ExampleTokens::default() }, 2);
        assert_eq!(facts.billed_with(None, tiles(85, 170), tiles(85, 170)), 850);
        assert_eq!(facts.billed_with(None, tiles(85, 170), tiles(2833, 5667)), 35 + 2833 + 4 * 5667 + 50);
        assert_eq!(facts.billed_with(Some(1000), tiles(85, 170), tiles(2833, 5667)), 1050);
        assert_eq!(
            facts.billed_with(None, tiles(85, 170), Some(ImagePricing::Patches { per_hundred: 162 })),
            35 + 15 + 50
        );
        assert_eq!(facts.billed_with(None, tiles(85, 170), None), 85);
    }

    #[test]
    fn a_preference_line_is_cut_by_what_is_read_at_once() {
        let mut facts = TokenFacts::default();
        facts.add(&ExampleTokens { total: 80_011, length: 70_008, output: 10_004, ..ExampleTokens::default() }, 1);
        assert_eq!(facts.billed(Some(70_008)), 80_011);
        assert_eq!(facts.billed(Some(70_007)), 80_010);
        assert_eq!(facts.billed(Some(65_536)), 60_004 + 2 * 5_532);
        assert_eq!(facts.billed(Some(60_004)), 60_004);
        assert_eq!(facts.billed(Some(60_000)), 60_000);
    }
}
