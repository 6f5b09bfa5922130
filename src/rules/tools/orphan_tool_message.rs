//! A result that no call asked for.

use std::collections::HashMap;

use crate::example::{Example, Features, Field, Message};
use crate::finding::Severity;
use crate::rule::{Check, Rule, Sample, Sink};
use crate::rules::names::Names;
use crate::text::{Patience, quote};

/// FT212.
pub static RULE: Rule = Rule {
    code: "FT212",
    name: "orphan-tool-message",
    level: Some(Severity::Error),
    summary: "A tool message whose id no earlier call has, or whose call has its result already.",
    why: "The job fails: a tool message must answer a call of an earlier assistant message, and each call once.",
    help: "Give the message the id of the call that it answers, or remove it.",
    label: "no call awaits this",
    fix: None,
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_2","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"What time is it?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"call_1","content":"9:41"},{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::TOOL_MESSAGES, check),
};

/// The calls up to some message.
#[derive(Clone, Default)]
struct Calls<'a> {
    ids: Names<'a>,
    /// The ids of those without a result, as long as they are few.
    open: Vec<&'a str>,
    /// Else how many of each id have none. Empty as long as they are few.
    counted: HashMap<&'a str, u32>,
}

impl<'a> Calls<'a> {
    /// Mostly a call has its result before the next one comes.
    const FEW: usize = 16;

    fn add(&mut self, id: &'a str) {
        self.ids.push(id);
        self.open.push(id);
        if self.open.len() > Self::FEW || !self.counted.is_empty() {
            for id in self.open.drain(..) {
                *self.counted.entry(id).or_default() += 1;
            }
        }
    }

    /// Takes a result; `false` if there is no call for it.
    fn answer(&mut self, id: &str) -> bool {
        if self.counted.is_empty() {
            let call = self.open.iter().rposition(|open| *open == id);
            return call.map(|call| self.open.swap_remove(call)).is_some();
        }
        match self.counted.get_mut(id) {
            Some(open) if *open > 0 => {
                *open -= 1;
                true
            }
            _ => false,
        }
    }
}

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    let mut earlier = Calls::default();
    let mut patience = Patience::default();
    let are_known = orphans(example.conversation.messages(), &mut earlier, &mut patience, sink);
    for (_, output) in example.outputs().filter(|_| are_known) {
        let mut earlier = earlier.clone();
        orphans(output, &mut earlier, &mut patience, sink);
    }
}

/// Reports the results for which there is no call `earlier`, to which those of these messages are added. `false` if some
/// calls cannot be read: what answers them is not known then.
fn orphans<'a>(
    messages: &[Message<'a>],
    earlier: &mut Calls<'a>,
    patience: &mut Patience,
    sink: &mut Sink<'_>,
) -> bool {
    for message in messages {
        if let Field::Value(at, id) = message.tool_call_id
            && !earlier.answer(id)
        {
            if earlier.ids.contains(id) {
                sink.report_with(at, format_args!("the call {} has its result already", quote(id)), || {
                    Some("Give each call one result, right behind it.".to_owned())
                });
            } else if earlier.ids.list().is_empty() {
                sink.report(at, format_args!("a tool message without any call before it"));
            } else {
                sink.report_with(at, format_args!("no earlier call has the id {}", quote(id)), || {
                    let meant = patience.did_you_mean(id, earlier.ids.list().iter().copied())?;
                    Some(format!("Did you mean {}?", quote(meant)))
                });
            }
        }
        // A call without an id is reported already, and so is a list of calls that is none.
        if matches!(message.tool_calls, Field::Mistyped(_)) {
            return false;
        }
        for call in message.tool_calls() {
            let Some(id) = call.id.value() else { return false };
            earlier.add(id);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_has_one_result_however_many_there_are() {
        let ids: Vec<String> = (0..100).map(|n| (n % 40).to_string()).collect();
        for count in [0, 1, 2, 16, 17, 18, 39, 100] {
            let mut calls = Calls::default();
            ids[..count].iter().for_each(|id| calls.add(id));
            assert!(ids[..count].iter().all(|id| calls.answer(id)));
            assert!(!ids.iter().any(|id| calls.answer(id)));
            calls.add("x");
            assert!(calls.answer("x") && !calls.answer("x"));
        }
    }
}
