//! Bars as inline SVG. Widths are shares of the page, letters keep their size: so they are read on a phone too.

use maud::{Markup, html};

use crate::text::number;

/// The height of a row, and the start and the length of the longest bar in percent.
const ROW: usize = 22;
const START: f64 = 34.0;
const LENGTH: f64 = 48.0;

/// A bar.
#[derive(Debug)]
pub(super) struct Row {
    pub label: String,
    pub value: u64,
    /// What stands behind the bar.
    pub text: String,
}

impl Row {
    pub(super) fn new(label: String, value: u64) -> Row {
        Row { label, value, text: number(value) }
    }
}

/// Bars one below the other. `limit` draws a line over the row of this number, and says what it is.
#[expect(clippy::cast_precision_loss, reason = "pixels")]
pub(super) fn bars(id: &str, title: &str, rows: &[Row], limit: Option<(usize, String)>) -> Markup {
    let most = rows.iter().map(|row| row.value).max().unwrap_or(0).max(1) as f64;
    let description: Vec<String> = rows.iter().map(|row| format!("{}: {}", row.label, row.text)).collect();
    html! {
        svg role="img" aria-labelledby=(format!("{id}-t {id}-d")) width="100%" height=(rows.len() * ROW + 4) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description.join("; ")) }
            @for (place, row) in rows.iter().enumerate() {
                @let width = row.value as f64 / most * LENGTH;
                text x=(format!("{}%", START - 2.0)) y=(place * ROW + 15) text-anchor="end" { (row.label) }
                rect x=(format!("{START}%")) y=(place * ROW + 3) width=(format!("{width:.2}%")) height="16" rx="2" {}
                text x=(format!("{:.2}%", START + width)) dx="6" y=(place * ROW + 15) { (row.text) }
            }
            @if let Some((place, text)) = limit {
                line x1=(format!("{START}%")) x2="100%" y1=(place * ROW + 1) y2=(place * ROW + 1) {}
                text.limit x="100%" y=(place * ROW + 15) text-anchor="end" { (text) }
            }
        }
    }
}
