//! Bars of block characters.

/// Eighths of a column, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// The length of the longest bar, in columns, where there is room for it, and where there is none.
const WIDTH: usize = 40;
const LEAST: usize = 8;

/// The length of the longest bar in a row of so many columns of which some are taken by what stands beside it.
pub(super) fn longest(columns: usize, beside: usize) -> usize {
    columns.saturating_sub(beside).clamp(LEAST, WIDTH)
}

/// A bar of so many eighths of a column. What is in proportion nothing is not nothing: it can be seen.
pub(super) fn bar_of(eighths: usize) -> String {
    let eighths = eighths.max(1);
    let mut bar = "█".repeat(eighths / 8);
    if let Some(part) = (eighths % 8).checked_sub(1) {
        bar.push(EIGHTHS[part]);
    }
    bar
}
