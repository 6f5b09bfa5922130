//! A key that stands twice in one object.

use std::collections::HashSet;

use crate::example::{Arguments, Example, Parsed};
use crate::finding::Severity;
use crate::json::NodeId;
use crate::rule::{At, Check, Rule, Sample, Sink};
use crate::text::{list_some, quote};

/// FT010.
pub static RULE: Rule = Rule {
    code: "FT010",
    name: "duplicate-key",
    level: Some(Severity::Warning),
    summary: "The same key twice in one object, anywhere in the line or in tool-call arguments.",
    why: "Parsers disagree about which value counts; often two records were merged by a slip.",
    help: "Keep one of the two, or split the records.",
    label: "stands here again",
    fix: None,
    bad: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4","completion":" 5"}
"#,
    ),
    good: Sample::Text(
        r#"{"prompt":"2+2=","completion":" 4"}
"#,
    ),
    check: Check::Example(check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // Of two records merged into one all keys stand twice: that is one slip.
    let mut objects: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    example.doc.repeated_keys(|object, second| match objects.last_mut() {
        Some((last, keys)) if *last == object => keys.push(second),
        _ => objects.push((object, vec![second])),
    });
    for (_, seconds) in objects {
        let keys = seconds.iter().filter_map(|second| example.doc.str(*second));
        sink.report(seconds[0], format_args!("{} more than once in this object", stand(keys)));
    }
    for call in example.calls() {
        if let Arguments::Text(at, _, Parsed::Object(repeated @ [(_, first), ..])) = call.arguments {
            let keys = repeated.iter().map(|(key, _)| *key);
            let place = At::Inside(at, (*first).into());
            sink.report(place, format_args!("{} more than once in the arguments", stand(keys)));
        }
    }
}

/// "the key `a` stands", "the keys `a` and `b` stand"
fn stand<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    let mut seen = HashSet::new();
    let different: Vec<&str> = keys.filter(|key| seen.insert(*key)).collect();
    match different.as_slice() {
        [key] => format!("the key {} stands", quote(key)),
        keys => format!("the keys {} stand", list_some(keys)),
    }
}
