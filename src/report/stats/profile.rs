//! Turns, scripts, tools and repeats in a few rows.

use crate::dataset::{FileFacts, LineFacts, Spread, ToolFacts};
use crate::secrets;
use crate::text::{count, mask, number, percent};

/// How many tools are named, and how many numbers of turns.
const TOOLS: usize = 8;
const TURNS: usize = 5;
/// Columns of a row.
const WIDTH: usize = 68;
/// Columns of a tool's name.
const NAME: usize = 34;

/// Rows with their titles; none for what there is nothing of.
pub(super) fn rows(facts: &FileFacts) -> Vec<(&'static str, String)> {
    let lines = &facts.lines;
    let profile = &lines.profile;
    let mut rows = Vec::new();
    if profile.messages.examples() > 0 {
        let [least, middle, most] = [0, 50, 100].map(|p| number(profile.messages.percentile(p)));
        let text = match least == most {
            true => format!("{most} in each example"),
            false => format!("{least} to {most} an example, {middle} in the middle"),
        };
        rows.push(("", text));
        rows.push(("turns", turns(&profile.turns)));
    }
    let scripts = profile.scripts.by_share();
    if !scripts.is_empty() {
        let total = profile.scripts.total();
        let part =
            |(script, letters): &(&str, u64)| format!("{} {}", script.replace('_', " "), percent(*letters, total));
        rows.push(("scripts", fit(scripts.iter().map(part), " · ")));
    }
    tools(&lines.tools, &mut rows);
    rows.push(("repeated", repeated(facts, lines)));
    if lines.records == 0 {
        rows.clear();
    }
    rows
}

/// `1 in 3,120 · 2 in 80 · 3 to 9 in 9`
fn turns(turns: &Spread) -> String {
    let figures: Vec<(u64, u64)> = turns.iter().collect();
    let shown = if figures.len() > TURNS { TURNS - 1 } else { TURNS };
    let mut parts: Vec<String> = figures
        .iter()
        .take(shown)
        .map(|(turns, examples)| format!("{} in {}", number(*turns), number(*examples)))
        .collect();
    let more: u64 = figures.iter().skip(shown).map(|(_, examples)| examples).sum();
    if more > 0 {
        parts.push(format!("{} to {} in {}", number(figures[shown].0), number(turns.percentile(100)), number(more)));
    }
    let examples = match figures.as_slice() {
        [(_, 1)] => " example",
        [_] => " examples",
        _ => "",
    };
    parts.join(" · ") + examples
}

fn tools(tools: &ToolFacts, rows: &mut Vec<(&'static str, String)>) {
    if tools.is_empty() {
        return;
    }
    let by_use = tools.by_use();
    let undeclared = by_use.iter().filter(|tool| tool.lines == 0).count() as u64;
    let mut text = format!("{} in {}", number_of(tools), count(tools.lines, "example"));
    text += &format!(", {}", count(tools.calls(), "call"));
    let unused = tools.unused_count().filter(|unused| *unused > 0);
    if let Some(unused) = unused {
        text += &format!("; {} never called", number(unused));
    }
    if undeclared > 0 && !tools.has_further() {
        text += &format!("; {} declared nowhere", number(undeclared));
    }
    rows.push(("tools", text));
    let used: Vec<_> = by_use.iter().filter(|tool| tool.calls > 0).collect();
    for tool in used.iter().take(TOOLS) {
        let mut name = shown(&tool.name);
        if name.chars().count() > NAME {
            name = name.chars().take(NAME - 1).chain(['…']).collect();
        }
        let (calls, declared) = (count(tool.calls, "call"), count(tool.lines, "example"));
        rows.push(("", format!("{name:<NAME$} {calls:>13}, in {declared}")));
    }
    if let Some(more) = used.len().checked_sub(TOOLS).filter(|more| *more > 0) {
        let or_more = if tools.has_further() { " or more" } else { "" };
        rows.push(("", format!("and {}{or_more} that are called", number(more as u64))));
    }
    if unused.is_some() {
        let unused = by_use.iter().filter(|tool| tool.is_unused());
        rows.push(("unused", fit(unused.map(|tool| shown(&tool.name)), ", ")));
    }
}

/// How many tools there are, as far as that is known.
pub(in crate::report) fn number_of(tools: &ToolFacts) -> String {
    match tools.has_further() {
        true => format!("{} or more tools", number(tools.len() as u64)),
        false => count(tools.len() as u64, "tool"),
    }
}

/// As many parts as a row has room for, and how many more there are.
fn fit(parts: impl IntoIterator<Item = String>, separator: &str) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    let columns = |text: &str| text.chars().count();
    let mut row = String::new();
    for (place, part) in parts.iter().enumerate() {
        let last = place + 1 == parts.len();
        let room = WIDTH - if last { 0 } else { columns(" · 9,999 more") };
        if place > 0 && columns(&row) + columns(separator) + columns(part) > room {
            return format!("{row}{separator}{} more", number((parts.len() - place) as u64));
        }
        if place > 0 {
            row += separator;
        }
        row += part;
    }
    row
}

/// The name of a tool is data.
pub(in crate::report) fn shown(name: &str) -> String {
    mask(secrets::redact(name).as_bytes())
}

/// What stands more than once.
fn repeated(facts: &FileFacts, lines: &LineFacts) -> String {
    let repeats = lines.profile.repeats;
    let mut parts = Vec::new();
    if repeats.duplicates > 0 {
        parts.push(format!(
            "{} ({})",
            count(repeats.duplicates, "duplicate"),
            percent(repeats.duplicates, lines.records)
        ));
    }
    if repeats.overlaps > 0 {
        parts.push(format!("{} also trained on", number(repeats.overlaps)));
    }
    let compared = &facts.comparison;
    if compared.disputed > 0 {
        parts.push(format!("{} with several answers", count(compared.disputed, "prompt")));
    }
    if compared.asked.count > 0 {
        parts.push(format!("{} trained on with another answer", count(compared.asked.count, "prompt")));
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(" · ") }
}
