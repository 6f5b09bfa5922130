//! A histogram of tokens per example, drawn with block characters.

use std::fmt::Write as _;

use crate::dataset::TokenFacts;
use crate::report::bar::{bar_of, longest};
use crate::text::number;

/// At most about so many rows, and one more for the few examples that are longer than most.
const ROWS: u64 = 10;

/// How many examples have how many tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Bucket {
    /// The fewest tokens.
    pub from: u64,
    /// The most tokens; `None` if there is no limit.
    pub to: Option<u64>,
    /// How many examples have as many.
    pub examples: u64,
}

/// Buckets of equal width up to the 99th percentile, and one for what is longer.
pub(in crate::report) fn buckets(tokens: &TokenFacts) -> Vec<Bucket> {
    if tokens.examples == 0 {
        return Vec::new();
    }
    let (first, last) = (tokens.percentile(0), tokens.percentile(99));
    let width = round_up((last - first + 1).div_ceil(ROWS));
    let start = first / width * width;
    let rows = (last - start) / width + 1;
    let mut buckets: Vec<Bucket> = (0..rows)
        .map(|row| start + row * width)
        .map(|from| Bucket { from, to: Some(from + width - 1), examples: 0 })
        .collect();
    let mut longer = Bucket { from: start + rows * width, to: None, examples: 0 };
    for (size, examples) in &tokens.sizes {
        let row = usize::try_from((size.total - start) / width).unwrap_or(usize::MAX);
        buckets.get_mut(row).unwrap_or(&mut longer).examples += examples;
    }
    if longer.examples > 0 {
        buckets.push(longer);
    }
    buckets
}

/// The next number of the form 1, 2 or 5 times a power of ten.
fn round_up(number: u64) -> u64 {
    let mut power = 1;
    loop {
        if let Some(round) = [power, 2 * power, 5 * power].into_iter().find(|&round| round >= number) {
            return round;
        }
        power *= 10;
    }
}

/// A row of so many columns for each bucket, indented by two.
pub(super) fn draw(tokens: &TokenFacts, columns: usize) -> String {
    let buckets = buckets(tokens);
    let labels: Vec<String> = buckets
        .iter()
        .map(|bucket| match bucket.to {
            Some(to) if to == bucket.from => number(to),
            Some(to) => format!("{} – {}", number(bucket.from), number(to)),
            None => format!("{} and more", number(bucket.from)),
        })
        .collect();
    let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let most = buckets.iter().map(|bucket| bucket.examples).max().unwrap_or(1).max(1);
    let beside = "  ".len() + width + " ".len() + " ".len() + number(most).len();
    let longest = longest(columns, beside) as u64;
    let mut text = String::new();
    for (bucket, label) in buckets.iter().zip(&labels) {
        let _ = write!(text, "  {label:>width$} {}", bar(bucket.examples, most, longest));
        let _ = match bucket.examples {
            0 => writeln!(text, "0"),
            examples => writeln!(text, " {}", number(examples)),
        };
    }
    text
}

/// A bar in proportion to `most`, which has so many columns.
pub(super) fn bar(value: u64, most: u64, width: u64) -> String {
    let eighths = u128::from(value) * u128::from(8 * width) / u128::from(most.max(1));
    if value == 0 { String::new() } else { bar_of(usize::try_from(eighths).unwrap_or(0)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::ExampleTokens;

    fn facts(totals: impl IntoIterator<Item = u64>) -> TokenFacts {
        let mut facts = TokenFacts::default();
        for total in totals {
            facts.add(&ExampleTokens { total, length: total, ..ExampleTokens::default() }, 1);
        }
        facts
    }

    #[test]
    fn every_example_is_in_one_bucket() {
        for totals in
            [vec![0], vec![], vec![7; 3], (0..1000).collect(), (0..200).map(|n| n * n).collect(), vec![1, u64::MAX / 2]]
        {
            let facts = facts(totals.iter().copied());
            let buckets = buckets(&facts);
            assert_eq!(buckets.iter().map(|bucket| bucket.examples).sum::<u64>(), totals.len() as u64);
            assert!(buckets.len() <= 12, "{buckets:?}");
            for bucket in &buckets {
                let within = |total: &&u64| **total >= bucket.from && bucket.to.is_none_or(|to| **total <= to);
                assert_eq!(totals.iter().filter(within).count() as u64, bucket.examples, "{bucket:?}");
            }
        }
    }

    #[test]
    fn rows_fit() {
        let facts = facts((0..2_000).map(|n| n * 1_000));
        for (columns, widest) in [(30, 36..=40), (50, 50..=50), (80, 60..=80), (400, 60..=80)] {
            let drawn = draw(&facts, columns);
            let found = drawn.lines().map(|row| row.chars().count()).max().unwrap();
            assert!(widest.contains(&found), "{columns}: {found}\n{drawn}");
        }
    }

    #[test]
    fn bars_are_in_proportion() {
        assert_eq!([0, 1, 50, 100].map(|value| bar(value, 100, 40).chars().count()), [0, 1, 20, 40]);
        assert_eq!(bar(1, 1_000_000, 40), "▏");
        assert_eq!(bar(1, 64, 40), "▋");
    }

    #[test]
    fn steps_are_round() {
        assert_eq!([0, 1, 3, 5, 11, 201, 999].map(round_up), [1, 1, 5, 5, 20, 500, 1000]);
    }
}
