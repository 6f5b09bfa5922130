//! Bars of block characters.

/// Eighths of a column, from one to seven.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// A bar of so many eighths of a column. What is in proportion nothing is not nothing: it can be seen.
pub(super) fn bar_of(eighths: usize) -> String {
    let eighths = eighths.max(1);
    let mut bar = "█".repeat(eighths / 8);
    if let Some(part) = (eighths % 8).checked_sub(1) {
        bar.push(EIGHTHS[part]);
    }
    bar
}
