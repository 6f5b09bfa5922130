//! Functions, which tools have replaced.

use super::foreign_functions;
use crate::example::{Content, Example, Features, Field, Format};
use crate::finding::Severity;
use crate::json::Kind;
use crate::rule::{Change, Check, Fix, Repair, Rule, Sample, Sink};
use crate::settings::Settings;
use crate::target::{Target, Unknown};

/// FT117.
pub static RULE: Rule = Rule {
    code: "FT117",
    name: "deprecated-functions",
    level: Some(Severity::Warning),
    summary: "Deprecated `functions`, `function_call` or the role `function`.",
    why: "Tools have replaced them; newer models and other providers refuse them.",
    help: "Use `tools`, `tool_calls` and messages of the role `tool`.",
    label: "deprecated",
    fix: Some(Fix::Unsafe),
    bad: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","function_call":{"name":"now","arguments":"{}"}}],"functions":[{"name":"now"}]}
"#,
    ),
    good: Sample::Text(
        r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"now","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"now"}}]}
"#,
    ),
    check: Check::ExampleWith(Features::DEPRECATED, check),
};

fn check(example: &Example<'_>, sink: &mut Sink<'_>) {
    // Reinforcement data never had them, nor had some targets: that is reported already.
    let target = sink.target();
    let is_foreign = || foreign_functions(example, target).is_some() && !is_error(example, sink.settings());
    if example.format == Format::Reinforcement || is_foreign() {
        return;
    }
    // Where no message calls a function that is said of the keys and the role.
    let keys = target.keys_of("assistant");
    if target.unknown_message_keys != Unknown::Ignored && !keys.contains(&"function_call") {
        return;
    }
    // Who uses one of them uses all three: once for each example is enough.
    // An empty list, and one beside `tools`, are faults of their own.
    let is_plain = example.conversation.tools.at().is_none();
    let functions = match example.conversation.functions {
        // That it is wrapped is a fault of its own, and to be mended in the same way.
        Field::Value(_, functions) if functions.iter().any(|function| function.is_wrapped(example.doc)) => return,
        Field::Value(at, [_, ..]) if is_plain => Some((at, "`functions`")),
        _ => None,
    };
    let messages = || example.messages();
    let call = || {
        messages().find_map(|message| match message.function_call {
            Field::Value(at, _) => Some((at, "`function_call`")),
            _ => None,
        })
    };
    let role = || messages().find(|message| message.is("function")).map(|message| (message.at, "the role `function`"));
    if let Some((at, what)) = functions.or_else(call).or_else(role) {
        sink.report(at, format_args!("{what} is deprecated"));
        if let Some(changes) = with_tools(example, target) {
            sink.mend(Fix::Unsafe, || Repair::Change(changes));
        }
    }
}

/// Whether that a line has functions is an error which is told as such: what goes with them need not be.
pub(super) fn is_error(example: &Example<'_>, settings: &Settings) -> bool {
    if settings.severity(&RULE) != Some(Severity::Error) {
        return false;
    }
    let conversation = &example.conversation;
    // What stands beside tools, and a list that is none or wrapped, has rules of its own.
    let is_list = match conversation.functions {
        Field::Value(_, functions @ [_, ..]) => !functions.iter().any(|function| function.is_wrapped(example.doc)),
        Field::Absent => true,
        _ => false,
    };
    example.format != Format::Reinforcement
        && conversation.tools.at().is_none_or(|_| conversation.functions.at().is_none())
        && is_list
}

/// The line with tools, if it is certain which result belongs to which call. Unsafe, as ids are made up, and as a
/// program that calls the model must then speak of tools as well.
pub(super) fn with_tools(example: &Example<'_>, target: &Target) -> Option<Vec<Change>> {
    let (doc, conversation) = (example.doc, &example.conversation);
    let messages = conversation.messages();
    if conversation.tools.at().is_some() || example.messages().len() != messages.len() {
        return None;
    }
    let mut changes = Vec::new();
    match conversation.functions {
        Field::Absent => {}
        Field::Value(at, functions @ [_, ..]) => {
            changes.push(Change::Replace(doc.key_of(at)?, "\"tools\"".to_owned()));
            for function in functions {
                if doc.kind(function.at) != Kind::Object || function.is_wrapped(doc) {
                    return None;
                }
                let before = r#"{"type":"function","function":"#.to_owned();
                changes.push(Change::Wrap(function.at, before, "}".to_owned()));
            }
        }
        _ => return None,
    }
    let mut calls = 0;
    let id = |calls: usize| made_id(calls, target);
    let mut open = None;
    for message in messages {
        if message.tool_calls.at().is_some() || message.is("tool") {
            return None;
        }
        if message.is("function") {
            // The result of the call right before it.
            let called: Option<&str> = open.take()?;
            let Field::Value(_, Content::Text(_)) = message.content else { return None };
            let role = message.role.at()?;
            match message.name {
                Field::Value(at, name) if called == Some(name) => {
                    changes.push(Change::Replace(role, "\"tool\"".to_owned()));
                    changes.push(Change::Replace(doc.key_of(at)?, "\"tool_call_id\"".to_owned()));
                    changes.push(Change::Replace(at, format!("\"{}\"", id(calls))));
                }
                Field::Absent => {
                    changes.push(Change::Replace(role, format!(r#""tool","tool_call_id":"{}""#, id(calls))));
                }
                _ => return None,
            }
            continue;
        }
        if open.is_some() {
            return None;
        }
        match message.function_call {
            Field::Absent => {}
            Field::Null(at) => changes.push(Change::Remove(at)),
            Field::Value(at, call) if message.is("assistant") && doc.kind(at) == Kind::Object => {
                calls += 1;
                open = Some(call.name.value());
                changes.push(Change::Replace(doc.key_of(at)?, "\"tool_calls\"".to_owned()));
                let before = format!(r#"[{{"id":"{}","type":"function","function":"#, id(calls));
                changes.push(Change::Wrap(at, before, "}]".to_owned()));
            }
            _ => return None,
        }
    }
    Some(changes)
}

/// An id for the call of this number, in the form that the target takes.
fn made_id(number: usize, target: &Target) -> String {
    match target.tool_call_id_length.and_then(|length| usize::try_from(length).ok()) {
        Some(length) => format!("call{number:0width$}", width = length.saturating_sub("call".len())),
        None => format!("call_{number}"),
    }
}
