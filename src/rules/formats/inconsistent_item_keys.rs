//! Reinforcement lines that do not all give the grader the same.

use crate::dataset::FileFacts;
use crate::finding::Severity;
use crate::rule::{Check, FileSink, Rule, Sample};
use crate::text::{count, list_some, number};

/// FT315.
pub static RULE: Rule = Rule {
    code: "FT315",
    name: "inconsistent-item-keys",
    level: Some(Severity::Warning),
    summary: "Reinforcement lines whose keys for the grader differ; weights on some lines alone.",
    why: "A grader that reads a key as {{ item.KEY }} fails on the lines that lack it.",
    help: "Give every line the same keys.",
    label: "other keys than most lines",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"2+2?"}],"reference_answer":"4"}
{"messages":[{"role":"user","content":"2+3?"}],"reference_answer":"5"}
{"messages":[{"role":"user","content":"2+4?"}],"answer":"6"}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"2+2?"}],"reference_answer":"4"}
{"messages":[{"role":"user","content":"2+3?"}],"reference_answer":"5"}
{"messages":[{"role":"user","content":"2+4?"}],"reference_answer":"6"}
"#,
    ),
    check: Check::File(check),
};

fn check(facts: &FileFacts, sink: &mut FileSink<'_>) {
    let items = &facts.lines.items;
    if let (Some(with), Some(without)) = (&items.weighted, &items.unweighted)
        && sink.target().weights_in_all
    {
        let (few, total) = (count(without.count, "line"), number(with.count + without.count));
        let have = if without.count == 1 { "has" } else { "have" };
        let message = format_args!("{few} of {total} {have} no `weight`, and the others have one");
        let help = "Give every line a `weight`, or none: 1 is what lines without one count.".to_owned();
        sink.report_with(Some(&without.first), message, Some(help));
    }
    let Some((usual, odd)) = items.usual().zip(items.first_odd()) else { return };
    let (others, total) = (number(items.lines() - usual.lines.count), number(items.lines()));
    let without = |keys: &[String], others: &[String]| -> Vec<String> {
        keys.iter().filter(|key| !others.contains(key)).cloned().collect()
    };
    let (lacks, has) = (without(&usual.keys, &odd.keys), without(&odd.keys, &usual.keys));
    let difference = match (lacks.as_slice(), has.as_slice()) {
        (lacks, []) => format!("lacks {}", list_some(lacks)),
        ([], has) => format!("has also {}", list_some(has)),
        (lacks, has) => format!("lacks {} and has {}", list_some(lacks), list_some(has)),
    };
    let place = Some(&odd.lines.first);
    sink.report(place, format_args!("{others} of {total} lines have other keys than most: the first {difference}"));
}
