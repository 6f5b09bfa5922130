//! Lines with very many of one thing take time that grows with their length, not with its square.

use std::time::{Duration, Instant};

use ftlint::lint::Linter;
use ftlint::settings::Settings;

const MANY: usize = 40_000;
/// Linear, each takes a tenth of a second; to compare all pairs takes ten times as long as this.
const PATIENCE: Duration = Duration::from_secs(30);

fn many(one: impl Fn(usize) -> String) -> String {
    (0..MANY).map(one).collect::<Vec<_>>().join(",")
}

#[test]
fn very_many_of_one_thing_are_linted_in_time() {
    let tool = |n| format!(r#"{{"role":"tool","tool_call_id":"{n}","content":"x"}}"#);
    let call = |n| format!(r#"{{"id":"c{n}","type":"function","function":{{"name":"f{n}","arguments":"{{}}"}}}}"#);
    let calls = format!(r#"{{"role":"assistant","tool_calls":[{}]}}"#, many(call));
    let user = r#"{"role":"user","content":"Hi"}"#;
    let chat = |messages: &str, rest: &str| format!(r#"{{"messages":[{user},{messages},{user}]{rest}}}"#);
    let declared = |n| format!(r#"{{"type":"function","function":{{"name":"g{n}"}}}}"#);
    let lines = [
        ("tool messages without calls", chat(&many(tool), "")),
        ("tool messages that answer no call", chat(&format!("{calls},{}", many(tool)), "")),
        ("calls of undeclared tools", chat(&calls, &format!(r#","tools":[{}]"#, many(declared)))),
        ("unknown keys of messages", chat(&many(|_| r#"{"role":"user","txt":"Hi"}"#.to_owned()), "")),
        ("unknown keys of the line", chat(user, &format!(r#","tools":[],{}"#, many(|n| format!(r#""mesages{n}":1"#))))),
        ("tools without keys", chat(user, &format!(r#","tools":[{}]"#, many(|_| r#"{"a":1,"a":2}"#.to_owned())))),
    ];
    let called = |n| format!(r#"{{"type":"function","function":{{"name":"f{n}","parameters":{{"type":"array"}}}}}}"#);
    let output = many(|_| r#"{"role":"assistant","content":"x","weight":1}"#.to_owned());
    let lines = lines.into_iter().chain([
        ("calls of declared tools", chat(&calls, &format!(r#","tools":[{}]"#, many(called)))),
        (
            "braces that are not closed",
            chat(&format!(r#"{{"role":"usr","content":"{}"}}"#, "{{a ".repeat(150_000)), ""),
        ),
        ("texts under two wrong keys", chat(&many(|_| r#"{"role":"user","text":"Hi","body":"Hi"}"#.to_owned()), "")),
        (
            "messages in outputs",
            format!(
                r#"{{"input":{{"messages":[{user}]}},"preferred_output":[{output}],"non_preferred_output":[{output}]}}"#
            ),
        ),
    ]);
    let key = concat!("-----BEGIN RSA ", "PRIVATE KEY-----");
    let alike = ["sk-", r"\u0073k-", "eyJ-", "eyJ-.", "~Q", "hf_", "AccountKey=", "postgres://a:b", "-----BEGIN ", key];
    let alike = alike.map(|secret| {
        // What is shown of a line is searched for what must not be.
        let line = format!(
            r#"{{"messages":[{{"role":"usr","content":"{}"}},{user}]}}"#,
            secret.repeat(600_000 / secret.len())
        );
        ("what begins as a secret", line)
    });
    for (what, line) in lines.into_iter().chain(alike) {
        let settings = Settings::default();
        let start = Instant::now();
        let (_, findings) = Linter::new(&settings).lint_bytes("a.jsonl", line.as_bytes());
        assert!(!findings.is_empty(), "{what}");
        assert!(start.elapsed() < PATIENCE, "{what}: {:?}", start.elapsed());
    }
}
