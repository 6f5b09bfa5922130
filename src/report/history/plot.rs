//! Measured values over the steps of a job, drawn with block characters.

use std::fmt::Write as _;

use crate::report::bar::{bar_of, longest};
use crate::text::number;

/// At most so many rows: of more steps some are left out, evenly.
const ROWS: usize = 12;

/// A line about the values, and a bar for each step, in so many columns, indented by two.
pub(super) fn draw(name: &str, points: &[(u64, f64)], columns: usize) -> String {
    let mut text = String::new();
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return text };
    let _ = write!(text, "  {}: ", name.replace('_', " "));
    if points.len() == 1 {
        let _ = writeln!(text, "{} at step {}", value(first.1), number(first.0));
    } else {
        // Of a loss the lowest is the best, of all others the highest.
        let is_loss = name.ends_with("loss");
        let better = |a: &&(u64, f64), b: &&(u64, f64)| if is_loss { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) };
        let best = points.iter().min_by(better).unwrap_or(last);
        let which = if is_loss { "lowest" } else { "highest" };
        let _ = writeln!(
            text,
            "{} → {}, {which} {} at step {}",
            value(first.1),
            value(last.1),
            value(best.1),
            number(best.0)
        );
    }
    let most = points.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let rows = shown(points);
    let width = rows.iter().map(|(step, _)| number(*step).len()).max().unwrap_or(0);
    let of_value = rows.iter().map(|(_, found)| value(*found).len()).max().unwrap_or(0);
    let longest = longest(columns, "  ".len() + width + "  ".len() + of_value);
    for (step, found) in rows {
        let _ = writeln!(text, "  {:>width$} {} {}", number(step), bar(found, most, longest), value(found));
    }
    text
}

/// The points to draw: the first, the last and some between.
fn shown(points: &[(u64, f64)]) -> Vec<(u64, f64)> {
    if points.len() <= ROWS {
        return points.to_vec();
    }
    (0..ROWS).map(|row| points[row * (points.len() - 1) / (ROWS - 1)]).collect()
}

fn value(value: f64) -> String {
    if value != 0.0 && (value.abs() < 0.001 || value.abs() >= 1e6) {
        format!("{value:.2e}")
    } else {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// A bar in proportion to `most`, which has so many columns.
fn bar(value: f64, most: f64, columns: usize) -> String {
    if value <= 0.0 || most <= 0.0 || !value.is_finite() {
        return String::new();
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "from 0 to 320"
    )]
    bar_of((value / most * 8.0 * columns as f64) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plots_fit_a_terminal() {
        let mut points: Vec<(u64, f64)> = (1..=1000).map(|step| (step * 1000, 4.0 / step as f64)).collect();
        points[500].1 = 1e-9;
        let plot = draw("train_loss", &points, 80);
        assert_eq!(plot.lines().count(), 1 + ROWS, "{plot}");
        assert!(plot.lines().all(|line| line.chars().count() < 80), "{plot}");
        assert!(draw("train_loss", &points, 40).lines().skip(1).all(|line| line.chars().count() <= 40));
        assert!(plot.starts_with("  train loss: 4 → 0.004, lowest 1.00e-9 at step 501,000\n"), "{plot}");
        assert!(plot.contains("  1,000,000 ▏ 0.004\n"), "{plot}");
    }

    #[test]
    fn few_and_odd_values_are_drawn() {
        assert_eq!(draw("valid_loss", &[], 80), "");
        assert_eq!(
            draw("valid_loss", &[(10, 0.5)], 80),
            format!("  valid loss: 0.5 at step 10\n  10 {} 0.5\n", "█".repeat(40))
        );
        assert_eq!(
            draw("reward", &[(1, -1.0), (2, 0.0)], 80),
            "  reward: -1 → 0, highest 0 at step 2\n  1  -1\n  2  0\n"
        );
    }
}
