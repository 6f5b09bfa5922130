//! Examples that say almost the same.

use super::{join, line_of};
use crate::dataset::{FileFacts, NearGroup};
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, number};

/// FT502.
pub static RULE: Rule = Rule {
    code: "FT502",
    name: "near-duplicate",
    level: None,
    summary: "Examples that say almost the same: most sequences of three words are in both.",
    why: "They are paid for and learned several times, as if what they say were more important, and a validation file that has them measures what was learned by heart. Compared is what is said in messages and calls, without case, punctuation and system prompts; examples of fewer than 16 words and exact duplicates are left out.",
    help: "Keep one of them, or change what they have in common; --similarity sets how alike they may be.",
    label: "like an example from before",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"Write a note to the neighbours about the party.","completion":" Dear neighbours, on Saturday the 5th we are having a small party in the garden. It may get a little loud until eleven. Come and join us!"}
{"prompt":"Write a note to the neighbours about the lift.","completion":" The lift is out of order until Monday. If you need help with your bags, ring at the second floor."}
{"prompt":"Write a note to the neighbours about our party.","completion":" Dear neighbours, on Saturday the 5th we are having a small party in the garden. It may get a little loud until eleven. Come and join us!"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"Write a note to the neighbours about the party.","completion":" Dear neighbours, on Saturday the 5th we are having a small party in the garden. It may get a little loud until eleven. Come and join us!"}
{"prompt":"Write a note to the neighbours about the lift.","completion":" The lift is out of order until Monday. If you need help with your bags, ring at the second floor."}
"#,
    ),
    check: Check::Near(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let near = &facts.near;
    let sample = match near.sample {
        Some((held, of)) => format!("; a sample of {} of {} was compared", number(held), count(of, "example")),
        None => String::new(),
    };
    for group in &near.groups {
        let (examples, lines) = (count(group.count, "example"), lines(group));
        let [least, greatest] = group.similarity.map(percent);
        let alike = if least == greatest { format!("{least} %") } else { format!("{least} to {greatest} %") };
        sink.report(
            Some(&group.place),
            format_args!("{examples} are almost the same: {lines} ({alike} alike{sample})"),
        );
    }
    if near.further > 0 {
        sink.report(
            None,
            format_args!("{} more of examples that are almost the same{sample}", count(near.further, "group")),
        );
    }
}

/// The lines of a group.
fn lines(group: &NearGroup) -> String {
    let first = line_of(group.first_file.as_deref(), group.first_line);
    let mut lines: Vec<String> = group.lines.iter().map(|line| number(*line)).collect();
    let others = group.count - 1 - lines.len() as u64;
    if others > 0 {
        lines.push(format!("{} more", number(others)));
    }
    if group.first_file.is_some() {
        let noun = if group.lines.len() == 1 { "line" } else { "lines" };
        return format!("{first}, and {noun} {}", join(&lines));
    }
    lines.insert(0, number(group.first_line));
    format!("lines {}", join(&lines))
}

/// A similarity as people read it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number from 0 to 1")]
fn percent(similarity: f32) -> u32 {
    (similarity * 100.0).round() as u32
}
