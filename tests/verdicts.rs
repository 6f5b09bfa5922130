//! One slip, one finding: what follows from a fault that is reported is not reported again, and what no provider is
//! known to refuse is no error.

use ftlint::lint::Linter;
use ftlint::rules::find;
use ftlint::selection::RuleSelection;
use ftlint::settings::Settings;
use ftlint::target::Catalogue;

/// The names of the rules that find something in a file, in the order of the report. One line is as good as another here:
/// some stand twice.
fn found(lines: &[&str]) -> Vec<&'static str> {
    found_at("openai", lines)
}

/// The same, at another target.
fn found_at(target: &str, lines: &[&str]) -> Vec<&'static str> {
    let target = Catalogue::builtin().target(target).expect("a target");
    let small = ["too-few-examples", "few-examples", "duplicate-example"];
    let small = small.map(|name| find(name).expect("a rule of the catalogue"));
    let settings = Settings { target, selection: RuleSelection::without(&small), tokens: false, ..Settings::default() };
    let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", lines.join("\n").as_bytes());
    findings.iter().map(|finding| finding.rule.name).collect()
}

/// The messages of what is found in a file, in the order of the report.
fn messages(lines: &[&str]) -> Vec<String> {
    let twice = find("duplicate-example").expect("a rule of the catalogue");
    let selection = RuleSelection::without(&[twice]);
    let settings = Settings { selection, tokens: false, ..Settings::default() };
    let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", lines.join("\n").as_bytes());
    findings.into_iter().map(|finding| finding.message).collect()
}

const CHAT: &str = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}"#;

#[test]
fn a_merge_is_one_finding() {
    assert_eq!(found(&["<<<<<<< HEAD", CHAT, "=======", CHAT, ">>>>>>> main"]), ["merge-conflict"]);
}

#[test]
fn joined_lines_count_as_the_examples_they_hold() {
    let joined = CHAT.repeat(50);
    assert_eq!(messages(&[&joined]), ["50 objects on one line"]);
}

#[test]
fn one_foreign_format_is_one_finding() {
    let alpaca = [
        r#"{"instruction":"Add 2 and 2","output":"4"}"#,
        r#"{"instruction":"Add","input":"3 and 3","output":"6"}"#,
        r#"{"instruction":"Add","input":"4 and 4","output":"8","history":[]}"#,
    ];
    assert_eq!(found(&alpaca), ["unknown-format"]);
    let log: Vec<String> = (0..200).map(|n| format!(r#"{{"key_{n}":1}}"#)).collect();
    let log: Vec<&str> = log.iter().map(String::as_str).collect();
    assert_eq!(messages(&log), ["200 lines of no known format: the first has `key_0`"]);
}

#[test]
fn prompts_as_messages_are_a_format_of_their_own() {
    assert_eq!(found(&[r#"{"prompt":[{"role":"user","content":"2+2?"}],"ability":"math"}"#]), ["unknown-format"]);
    assert_eq!(found(&[r#"{"prompt":["2+2=","2 + 2 ="],"completion":["4","4"]}"#]), ["unknown-format"]);
    assert_eq!(found(&[r#"{"prompt":["2+2="],"completion":" 4"}"#]), ["missing-completion"]);
}

#[test]
fn what_a_script_left_beside_the_data_is_one_finding() {
    let line = CHAT.replace(r#"{"messages""#, r#"{"id":7,"split":"train","score":0.9,"messages""#);
    assert_eq!(messages(&[&line])[0], "the keys `id`, `split` and `score` are not part of the chat format");
    assert_eq!(found(&[&line]), ["unknown-key"]);
    let misspelt = CHAT.replace(r#"{"messages""#, r#"{"id":7,"tool":[],"messages""#);
    assert_eq!(found(&[&misspelt]), ["unknown-key", "unknown-key"]);
}

#[test]
fn turns_of_sharegpt_under_messages_are_one_finding() {
    let turns =
        r#"{"messages":[{"from":"human","value":"q"},{"from":"gpt","value":"x"},{"from":"human","value":"z"}]}"#;
    for target in ["openai", "together", "mistral", "bedrock", "axolotl"] {
        assert_eq!(found_at(target, &[turns]), ["missing-role"], "{target}");
    }
    assert_eq!(found(&[turns, turns]), ["missing-role", "missing-role"]);
    // Other messages without a role are told one by one.
    assert_eq!(found(&[r#"{"messages":[{"from":"human"},{"content":"x"}]}"#]), ["missing-role", "missing-role"]);
}

#[test]
fn two_records_in_one_object_are_one_finding() {
    assert_eq!(found(&[r#"{"prompt":"a","completion":"b","prompt":"c","completion":"d"}"#]), ["duplicate-key"]);
}

#[test]
fn an_unknown_role_is_not_blamed_for_what_it_says() {
    let image = r#"[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]"#;
    let line = format!(r#"{{"messages":[{{"role":"human","content":{image}}},{{"role":"assistant","content":"A"}}]}}"#);
    assert_eq!(found(&[&line]), ["unknown-role"]);
}

#[test]
fn a_key_under_another_name_is_one_finding() {
    let line = CHAT.replace(r#""Hi""#, r#"[{"type":"text","content":"Hi"}]"#);
    assert_eq!(found(&[&line]), ["unknown-message-key"]);
}

#[test]
fn an_empty_list_of_functions_is_one_finding() {
    let with = |keys: &str| CHAT.replace("}]}", &format!("}}],{keys}}}"));
    assert_eq!(found(&[&with(r#""functions":[]"#)]), ["empty-tool-calls"]);
    assert_eq!(found(&[&with(r#""functions":[{"name":"f"}],"tools":[]"#)]), ["tools-and-functions"]);
}

#[test]
fn a_last_word_of_the_system_is_one_finding() {
    let line = CHAT.replace("}]}", r#"},{"role":"system","content":"Be kind."}]}"#);
    assert_eq!(found(&[&line]), ["last-message-not-assistant"]);
}

#[test]
fn what_is_not_known_to_be_refused_is_no_error() {
    assert!(found(&[r#"{"prompt":"a","completion":" b<|endoftext|>"}"#]).is_empty());
    let image = r#"[{"type":"image_url","image_url":{"url":"https://example.com/a.png","size":[640,480]}}]"#;
    assert!(found(&[&CHAT.replace(r#""Hi""#, image)]).is_empty());
}

#[test]
fn the_name_of_a_file_counts() {
    let settings = Settings { tokens: false, ..Settings::default() };
    let rules = |name: &str| -> Vec<&str> {
        let lines: Vec<String> = (0..50).map(|n| CHAT.replace("Hi", &n.to_string())).collect();
        let lines = lines.join("\n");
        let (_, findings) = Linter::new(&settings).lint_bytes(name, lines.as_bytes());
        findings.iter().map(|finding| finding.rule.name).collect()
    };
    assert!(rules("train.jsonl").is_empty());
    assert_eq!(rules("train.json"), ["wrong-extension"]);
    assert_eq!(rules("train"), ["wrong-extension"]);
}

#[test]
fn a_bracket_in_the_wrong_place_is_one_finding() {
    let content = r#"[{"type":"text","text":"Hi"},{"role":"assistant","content":"A"},{"role":"user","content":"B"}]"#;
    assert_eq!(messages_of_errors(content), ["a message stands among the content parts of another"]);
}

/// The messages of what is found in a line whose question is `content`.
fn messages_of_errors(content: &str) -> Vec<String> {
    let mut all = messages(&[&CHAT.replace(r#""Hi""#, content)]);
    all.retain(|message| !message.starts_with("1 example"));
    all
}

const PREFERENCE: &str = r#"{"input":{"messages":[{"role":"user","content":"Hi"}]},"preferred_output":[{"role":"assistant","content":"Hello!"}],"non_preferred_output":[{"role":"assistant","content":"What?"}]}"#;
const GRADED: &str = r#"{"messages":[{"role":"user","content":"2+2?"}],"answer":"4"}"#;

#[test]
fn a_slip_in_a_preference_line_is_one_finding() {
    let with = |from: &str, to: &str| {
        assert!(PREFERENCE.contains(from), "{from}");
        found(&[&PREFERENCE.replace(from, to)])
    };
    let (hello, what) = (r#"[{"role":"assistant","content":"Hello!"}]"#, r#"[{"role":"assistant","content":"What?"}]"#);
    assert!(found(&[PREFERENCE]).is_empty());
    assert_eq!(with(r#""input":{"messages":[{"role":"user","content":"Hi"}]},"#, ""), ["missing-messages"]);
    assert_eq!(with(r#"{"messages":[{"role":"user","content":"Hi"}]}"#, r#""Hi""#), ["missing-messages"]);
    assert_eq!(
        with(r#"{"messages":[{"role":"user","content":"Hi"}]}"#, r#"[{"role":"user","content":"Hi"}]"#),
        ["missing-messages"]
    );
    assert_eq!(
        with(
            r#""input":{"messages":[{"role":"user","content":"Hi"}]}"#,
            r#""messages":[{"role":"user","content":"Hi"}]"#
        ),
        ["missing-messages"]
    );
    assert_eq!(with(r#""input":{"messages""#, r#""inputs":{"messages""#), ["missing-messages"]);
    assert_eq!(with(r#"{"messages":["#, r#"{"message":["#), ["unknown-message-key"]);
    assert_eq!(with(r#"{"messages":["#, r#"{"messages":null,"x":["#), ["missing-messages", "unknown-message-key"]);
    assert_eq!(with(r#""non_preferred_output":"#, r#""non_prefered_output":"#), ["missing-preference-output"]);
    assert_eq!(
        with(
            r#""preferred_output":[{"role":"assistant","content":"Hello!"}]"#,
            r#""chosen":[{"role":"assistant","content":"Hello!"}]"#
        ),
        ["missing-preference-output"]
    );
    assert_eq!(with(hello, r#"{"role":"assistant","content":"Hello!"}"#), ["missing-preference-output"]);
    assert_eq!(with(hello, "[]"), ["preference-output-count"]);
    assert_eq!(with(hello, r#"[{"role":"user","content":"Hello!"}]"#), ["preference-output-count"]);
    assert_eq!(with(hello, r#"[{"role":"asistant","content":"Hello!"}]"#), ["unknown-role"]);
    assert_eq!(with(hello, r#"[{"content":"Hello!"}]"#), ["missing-role"]);
    assert_eq!(with(hello, r#"["Hello!"]"#), ["wrong-type"]);
    assert_eq!(with(hello, what), ["identical-outputs"]);
    assert_eq!(with(r#""content":"Hello!""#, r#""content":"Hello!","weight":1"#), ["misplaced-weight"]);
    assert_eq!(
        with(r#"[{"role":"user""#, r#"[{"role":"developer","content":"Be kind."},{"role":"user""#),
        ["developer-role"]
    );
    assert_eq!(
        with(r#""content":"Hi"}"#, r#""content":"Hi"},{"role":"assistant","content":"Hi"}"#),
        ["last-message-not-user"]
    );
    assert_eq!(with(r#"[{"role":"user","content":"Hi"}]"#, "[]"), ["empty-messages"]);
    assert_eq!(with(r#"{"input""#, r#"{"id":7,"input""#), ["unknown-key"]);
}

#[test]
fn outputs_that_are_no_lists_are_one_finding() {
    let line = PREFERENCE.replace(r#""preferred_output":["#, r#""preferred_output":"#);
    let line = line
        .replace(r#""non_preferred_output":["#, r#""non_preferred_output":"#)
        .replace("}],\"non", "},\"non")
        .replace("}]}", "}}");
    let line = line.replace(r#"[{"role":"user","content":"Hi"}}"#, r#"[{"role":"user","content":"Hi"}]}"#);
    assert_eq!(messages(&[&line])[0], "`preferred_output` and `non_preferred_output` are each an object, not a list");
    assert_eq!(found(&[&line]), ["missing-preference-output"]);
}

#[test]
fn a_slip_in_a_reinforcement_line_is_one_finding() {
    let with = |from: &str, to: &str| {
        assert!(GRADED.contains(from), "{from}");
        found(&[&GRADED.replace(from, to)])
    };
    assert!(found(&[GRADED]).is_empty());
    let before = |message: &str| with(r#"[{"role""#, &format!(r#"[{message},{{"role""#));
    assert!(before(r#"{"role":"developer","content":"Be brief."}"#).is_empty());
    assert_eq!(before(r#"{"role":"system","content":"Be brief."}"#), ["system-in-reinforcement"]);
    assert_eq!(
        before(r#"{"role":"user","content":"Hi"},{"role":"system","content":"Be brief."}"#),
        ["system-in-reinforcement"]
    );
    assert_eq!(before(r#"{"role":"function","name":"f","content":"4"}"#), ["unknown-role"]);
    assert_eq!(with(r#""role":"user""#, r#""role":"developer""#), ["last-message-not-user"]);
    assert_eq!(with(r#""role":"user""#, r#""role":"system""#), ["system-in-reinforcement"]);
    // All other keys are free, also those that chat lines have.
    assert!(
        with(r#""answer":"4""#, r#""functions":4,"parallel_tool_calls":"no","prompt":[],"preferred":null"#).is_empty()
    );
}

#[test]
fn keys_that_differ_are_one_finding_for_the_file() {
    let other = GRADED.replace("answer", "anwser");
    let more = GRADED.replace(r#""answer":"4""#, r#""answer":"4","unit":"m""#);
    let swapped = more.replace(r#""answer":"4","unit":"m""#, r#""unit":"m","answer":"4""#);
    assert_eq!(
        messages(&[GRADED, &other, GRADED, &more])[0],
        "2 of 4 lines have other keys than most: the first lacks `answer` and has `anwser`"
    );
    assert_eq!(
        messages(&[&more, &swapped, GRADED, &more])[0],
        "1 of 4 lines have other keys than most: the first lacks `unit`"
    );
    assert!(found(&[&more, &swapped]).is_empty());
}

#[test]
fn a_broken_image_is_one_finding() {
    let with = |url: &str| {
        let part = format!(r#"[{{"type":"image_url","image_url":{{"url":"{url}"}}}}]"#);
        found(&[&CHAT.replace(r#""Hi""#, &part)])
    };
    let png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
    assert!(with(&format!("data:image/png;base64,{png}")).is_empty());
    // Slashes may be escaped, and lines of base64 broken.
    assert!(with(&format!("data:image\\/png;base64,{}", png.replace('/', "\\/"))).is_empty());
    assert!(with(&format!("data:image/png;base64,{}\\n{}", &png[..76], &png[76..])).is_empty());
    for url in [
        format!("data:image/webp;base64,{png}"),
        format!("data:image/gif;base64,{}", png.replace('A', "*")),
        format!("data:text/plain;base64,{}", &png[..png.len() - 3]),
        "data:image/jpeg;base64,".to_owned(),
        "data:image/png,%89PNG".to_owned(),
    ] {
        assert_eq!(with(&url), ["unsupported-image"], "{url}");
    }
    for url in [png, "", "cat.png", "file:///home/ada/cat.png", "data:image/png;base64"] {
        assert_eq!(with(url), ["invalid-image-url"], "{url}");
    }
}

#[test]
fn how_completions_end_is_one_finding_for_the_file() {
    let file = |lines: usize, end: &dyn Fn(usize) -> [&'static str; 2]| {
        let lines: Vec<String> = (0..lines)
            .map(|n| {
                let [prompt, completion] = end(n);
                format!(r#"{{"prompt":"{n} squared{prompt}","completion":" {}{completion}"}}"#, n * n)
            })
            .collect();
        found(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let mixed = |n: usize| ["?", ".", "", " ->"][n % 4];
    assert_eq!(file(200, &|n| [mixed(n), "."]), ["missing-separator"]);
    assert_eq!(file(200, &|n| [" ->", mixed(n)]), ["missing-stop-sequence"]);
    assert_eq!(file(200, &|n| [if n == 77 { "" } else { " ->" }, "."]), ["missing-separator"]);
    assert!(file(200, &|_| [" ->", "\\n"]).is_empty());
    // Too few to tell.
    assert!(file(29, &|n| [mixed(n), mixed(n)]).is_empty());
}

#[test]
fn facts_of_many_chunks_are_those_of_the_file() {
    let settings = Settings { tokens: false, ..Settings::default() };
    let finding = |lines: &[String]| {
        let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", lines.join("\n").as_bytes());
        let places: Vec<_> = findings
            .iter()
            .map(|finding| {
                let place = finding.place.as_ref().expect("a line shows it");
                (finding.rule.name, place.line, finding.message.clone())
            })
            .collect();
        places
    };
    let long = "long ".repeat(100);
    let mut graded: Vec<String> = (0..5000).map(|n| GRADED.replace("2+2?", &format!("{long}{n}+2?"))).collect();
    graded[4000] = graded[4000].replace("answer", "anwser");
    graded[4500] = graded[4500].replace("answer", "anwser");
    let message = "2 of 5,000 lines have other keys than most: the first lacks `answer` and has `anwser`".to_owned();
    assert_eq!(finding(&graded), [("inconsistent-item-keys", 4001, message)]);

    let completion = |n: u64| format!(r#"{{"prompt":"{n} {long} squared ->","completion":" {}."}}"#, n * n);
    let mut completions: Vec<String> = (0..5000).map(completion).collect();
    completions[3000] = completions[3000].replace(" ->", "");
    completions[4000] = completions[4000].replace(" ->", "");
    let message = "2 prompts of 5,000 do not end in ` ->` as the others do".to_owned();
    assert_eq!(finding(&completions), [("missing-separator", 3001, message)]);
}

#[test]
fn keys_of_the_target_make_no_other_format() {
    let open = |extra: &str| format!(r#"{{"messages":[{{"role":"user","content":"Hi"}}],{extra}}}"#);
    assert_eq!(found_at("bedrock", &[&open(r#""system":"Be brief.""#)]), ["missing-assistant"]);
    assert_eq!(found_at("mistral", &[&open(r#""only_last":true"#)]), ["missing-assistant"]);
    assert!(found_at("openai", &[&open(r#""answer":"4""#)]).is_empty());
}

#[test]
fn what_nobody_else_reports_is_missing() {
    let user = |user: &str| CHAT.replace(r#""content":"Hi""#, user);
    for (target, line, expected) in [
        ("openai", user(r#""text":"Hi""#), "unknown-message-key"),
        ("trl", user(r#""text":"Hi""#), "missing-content"),
        ("axolotl", user(r#""train":false"#), "missing-content"),
        ("openai", user(r#""content":[{"type":"text","content":"Hi"}]"#), "unknown-message-key"),
        ("trl", user(r#""content":[{"type":"text","content":"Hi"}]"#), "missing-key"),
        ("together", CHAT.replace(r#""content":"Hello!""#, r#""reasoning":"Hello!""#), "missing-content"),
    ] {
        assert_eq!(found_at(target, &[&line]), [expected], "{target}: {line}");
    }
}

#[test]
fn images_are_where_the_target_takes_them() {
    let at = |scheme: &str| {
        let part = format!(r#"[{{"type":"image_url","image_url":{{"url":"{scheme}://example.com/a.png"}}}}]"#);
        CHAT.replace(r#""Hi""#, &part)
    };
    for scheme in ["https", "HTTP"] {
        assert!(found_at("openai", &[&at(scheme)]).is_empty(), "{scheme}");
        assert_eq!(found_at("together", &[&at(scheme)]), ["invalid-image-url"], "{scheme}");
    }
}

#[test]
fn weights_of_earlier_turns_are_in_order() {
    let turn = r#"[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?","weight":0},{"role":"user""#;
    let with = |line: &str| found(&[&line.replace(r#"[{"role":"user""#, turn)]);
    assert!(with(PREFERENCE).is_empty());
    assert!(with(CHAT).is_empty());
    assert_eq!(found(&[&CHAT.replace(r#""Hello!""#, r#""Hello!","weight":0"#)]), ["untrained-example"]);
}

#[test]
fn each_call_is_answered_by_its_own_result() {
    let call = |id: &str| format!(r#"{{"id":"{id}","type":"function","function":{{"name":"f","arguments":"{{}}"}}}}"#);
    let calls = format!(r#"{{"role":"assistant","tool_calls":[{},{}]}}"#, call("a"), call("b"));
    let result = |id: &str| format!(r#"{{"role":"tool","tool_call_id":"{id}","content":"1"}}"#);
    let tools = r#""tools":[{"type":"function","function":{"name":"f"}}]"#;
    let (user, answer) = (r#"{"role":"user","content":"Hi"}"#, r#"{"role":"assistant","content":"Yes."}"#);
    let chat = |results: &[String]| {
        let line = format!(r#"{{"messages":[{user},{calls},{},{answer}],{tools}}}"#, results.join(","));
        found(&[&line])
    };
    assert!(chat(&[result("a"), result("b")]).is_empty());
    assert_eq!(chat(&[result("a")]), ["unanswered-tool-call"]);
    // The id is the slip.
    assert_eq!(chat(&[result("a"), result("a")]), ["orphan-tool-message"]);
    assert_eq!(chat(&[result("a"), result("c")]), ["orphan-tool-message"]);

    let outputs = r#""preferred_output":[{"role":"assistant","content":"A"}],"non_preferred_output":[{"role":"assistant","content":"B"}]"#;
    let input = format!(r#"{{"input":{{"messages":[{user},{calls},{}],{tools}}},{outputs}}}"#, result("a"));
    // An input ends with the user's message or a result, and the outputs go on.
    assert!(found(&[&input]).contains(&"unanswered-tool-call"));
    let orphan = PREFERENCE.replace(r#""preferred_output":["#, &format!(r#""preferred_output":[{},"#, result("x")));
    assert!(found_at("azure", &[&orphan]).contains(&"orphan-tool-message"));
}

#[test]
fn parameters_of_several_types_hold_an_object() {
    let with = |types: &str| {
        let tools =
            format!(r#""tools":[{{"type":"function","function":{{"name":"f","parameters":{{"type":{types}}}}}}}]"#);
        found(&[&CHAT.replace("]}", &format!("],{tools}}}"))])
    };
    assert!(!with(r#"["object","null"]"#).contains(&"invalid-parameters-schema"));
    assert!(with(r#"["string"]"#).contains(&"invalid-parameters-schema"));
}

#[test]
fn a_model_is_trained_on_its_formats() {
    let found = |model: &str, line: &str| {
        let (target, model) = Catalogue::builtin().choose(None, Some(model)).expect("a model of the table");
        let settings = Settings { target, model, tokens: false, ..Settings::default() };
        let (report, _) = Linter::new(&settings).lint_bytes("train.jsonl", line.as_bytes());
        report.counts.iter().any(|count| count.rule.name == "unknown-format")
    };
    let completion = r#"{"prompt":"2+2=","completion":" 4"}"#;
    assert!(found("davinci-002", CHAT) && found("gpt-4.1", completion) && found("gpt-4o-mini", PREFERENCE));
    assert!(!found("davinci-002", completion) && !found("gpt-4.1", CHAT) && !found("gpt-4.1", PREFERENCE));
}

#[test]
fn arguments_are_held_against_the_schema_in_each_form_that_is_taken() {
    let with = |arguments: &str| {
        let call =
            format!(r#"[{{"id":"abcdef123","type":"function","function":{{"name":"f","arguments":{arguments}}}}}]"#);
        let parameters = r#"{"type":"object","properties":{"a":{"type":"string"}}}"#;
        let tool = format!(r#"{{"name":"f","description":"F.","parameters":{parameters}}}"#);
        format!(
            r#"{{"messages":[{{"role":"user","content":"Hi"}},{{"role":"assistant","tool_calls":{call}}}],"tools":[{{"type":"function","function":{tool}}}]}}"#
        )
    };
    for (target, arguments) in [
        ("openai", r#""{\"a\":1}""#),
        ("axolotl", r#""{\"a\":1}""#),
        ("axolotl", r#"{"a":1}"#),
        ("mistral", r#"{"a":1}"#),
    ] {
        assert_eq!(found_at(target, &[&with(arguments)]), ["arguments-mismatch"], "{target}: {arguments}");
    }
    assert!(found_at("axolotl", &[&with(r#"{"a":"1"}"#)]).is_empty());
}

#[test]
fn functions_are_one_mistake_where_only_tools_are_known() {
    let line = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","function_call":{"name":"now","arguments":"{}"}},{"role":"function","name":"now","content":"12:00"},{"role":"assistant","content":"Noon."}],"functions":[{"name":"now","parameters":{"type":"object","properties":{}}}]}"#;
    assert_eq!(found_at("together", &[line]), ["unknown-key"]);
    // Whether they refuse the key they do not say, but the role they do not have.
    assert_eq!(found_at("fireworks", &[line]), ["unknown-role", "unknown-key"]);
    let line = &line.replace(r#""name":"now","parameters""#, r#""name":"now","description":"The time","parameters""#);
    // There the call is refused, and all that goes with it.
    assert_eq!(found_at("mistral", &[line]), ["deprecated-functions"]);
    assert_eq!(found_at("openai", &[line]), ["deprecated-functions"]);
}

#[test]
fn what_stands_beside_its_place_is_one_finding_and_stays() {
    let with_part = |part: &str| {
        let content = format!(r#"[{{"type":"text","text":"What is it?"}},{part}]"#);
        CHAT.replacen(r#""Hi""#, &content, 1)
    };
    let call = |result: &str| {
        format!(
            r#"{{"messages":[{{"role":"user","content":"Time?"}},{{"role":"assistant","tool_calls":[{{"id":"a1","type":"function","function":{{"name":"now","arguments":"{{}}"}}}}]}},{{"role":"tool",{result},"content":"9:41"}},{{"role":"assistant","content":"It is 9:41."}}],"tools":[{{"type":"function","function":{{"name":"now"}}}}]}}"#
        )
    };
    let tools = |tools: &str| CHAT.replace("}]}", &format!(r#"}}],"tools":[{tools}]}}"#));
    for line in [
        with_part(r#"{"type":"image_url","url":"https://example.org/a.png"}"#),
        with_part(r#"{"type":"image_url","image_url":{"url":"https://example.org/a.png"},"detail":"low"}"#),
        call(r#""id":"a1""#),
        tools(r#"{"type":"function","function":{"name":"now"},"strict":true}"#),
    ] {
        assert_eq!(found(&[&line]), ["unknown-message-key"], "{line}");
        // Whatever the fix does, what was said is still there.
        let settings = Settings { tokens: false, repairs: true, ..Settings::default() };
        let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", line.as_bytes());
        let key = findings.iter().find(|finding| finding.rule.name == "unknown-message-key").unwrap();
        assert!(key.mend.iter().flat_map(|mend| &mend.edits).all(|edit| !edit.with.is_empty()), "{line}");
    }
    assert_eq!(found(&[&call(r#""tool_call_id":"a1""#)]), [""; 0]);
    // Where an unknown key is a warning, or nothing, that a call has no id is still an error.
    assert!(found_at("fireworks", &[&call(r#""id":"a1""#)]).contains(&"missing-tool-call-id"));
    assert!(found_at("fireworks", &[&call(r#""id":null"#)]).contains(&"missing-tool-call-id"));
    assert_eq!(
        found(&[&call(r#""id":"a1","call_id":"b1""#)]),
        ["missing-tool-call-id", "unknown-message-key", "unknown-message-key"]
    );
    let wrapped = r#"}],"functions":[{"type":"function","function":{"name":"get_w","parameters":{"type":"object"}}}]}"#;
    assert_eq!(found(&[&CHAT.replace("}]}", wrapped)]), ["missing-key"]);
    let system = CHAT.replace(r#"{"messages""#, r#"{"system":"Be nice.","messages""#);
    assert_eq!(found(&[&system]), ["unknown-key"]);
}

#[test]
fn lists_of_messages_under_another_name_are_called_that() {
    let line = CHAT.replace("messages", "conversations");
    assert_eq!(messages(&[&line])[0], "conversations of messages: the line has `conversations`");
    let turns = r#"{"conversations":[{"from":"human","value":"q"},{"from":"gpt","value":"x"}]}"#;
    assert_eq!(messages(&[turns])[0], "ShareGPT data: the line has `conversations`");
}

#[test]
fn what_is_no_object_is_taken_out_or_left_out() {
    let help = |line: &str| {
        let settings = Settings { tokens: false, ..Settings::default() };
        let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", format!("{CHAT}\n{line}\n").as_bytes());
        findings.iter().find(|finding| finding.rule.code == "FT002").unwrap().help().to_owned()
    };
    let good = CHAT;
    let cases = [
        (format!("[{good}]"), "Write each object of the list on a line of its own"),
        (r#"[{"role":"user","content":"Hi"}]"#.to_owned(), "Wrap the messages in an object"),
        ("null".to_owned(), "Remove the line"),
        ("[]".to_owned(), "Remove the line"),
        ("\"Hi\"".to_owned(), "Remove the line, or write an example in its place"),
        ("7".to_owned(), "Remove the line, or write an example in its place"),
    ];
    for (line, expected) in cases {
        assert!(help(&line).starts_with(expected), "{line}: {}", help(&line));
    }
}

/// Lines with one call, the messages of `middle` behind its result, and an answer.
fn with_result(middle: &str) -> String {
    let call = r#"{"role":"assistant","tool_calls":[{"id":"k7Qx2mB9d","type":"function","function":{"name":"now","arguments":"{}"}}]},{"role":"tool","tool_call_id":"k7Qx2mB9d","content":"9:41"}"#;
    let rest = r#"{"role":"assistant","content":"It is 9:41."}],"tools":[{"type":"function","function":{"name":"now","description":"The time","parameters":{}}}]"#;
    format!(r#"{{"messages":[{{"role":"user","content":"Hi"}},{call},{middle}{rest}}}"#)
}

#[test]
fn a_call_has_one_result() {
    let result = r#"{"role":"tool","tool_call_id":"k7Qx2mB9d","content":"9:42"},"#;
    let late = r#"{"role":"assistant","content":"Wait."},"#.to_owned() + result;
    for target in ["openai", "fireworks", "mistral", "trl"] {
        assert!(!found_at(target, &[&with_result("")]).contains(&"orphan-tool-message"), "{target}");
        for middle in [result, &late] {
            let found = found_at(target, &[&with_result(middle)]);
            assert_eq!(found.iter().filter(|name| **name == "orphan-tool-message").count(), 1, "{target}: {found:?}");
        }
    }
    // An id that is used again is that of another call.
    let again = r#"{"role":"assistant","content":"Wait."},{"role":"assistant","tool_calls":[{"id":"k7Qx2mB9d","type":"function","function":{"name":"now","arguments":"{}"}}]},"#.to_owned() + result;
    assert!(!found(&[&with_result(&again)]).contains(&"orphan-tool-message"));
}

#[test]
fn a_function_that_is_called_is_one_finding() {
    let line = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","function_call":{"name":"now","arguments":"{}"}},{"role":"function","name":"now","content":"9:41"},{"role":"assistant","content":"It is 9:41."}]}"#;
    for target in ["openai", "mistral", "trl"] {
        assert_eq!(found_at(target, &[line]), ["deprecated-functions"], "{target}");
    }
    let called = line.replace(
        r#"{"role":"function","name":"now","content":"9:41"},{"role":"assistant","content":"It is 9:41."}"#,
        "",
    );
    let called = called.replace("},]", "}]");
    assert_eq!(found_at("bedrock", &[&called]), ["unknown-message-key"]);
}

#[test]
fn one_answer_of_two_is_told_as_that() {
    let help = |line: &str| {
        let settings = Settings { tokens: false, ..Settings::default() };
        let findings = Linter::new(&settings).lint_bytes("train.jsonl", line.as_bytes()).1;
        let found = findings.into_iter().find(|finding| finding.rule.name == "unknown-format");
        found.and_then(|finding| finding.help).unwrap_or_default()
    };
    assert_eq!(
        help(r#"{"prompt":"x","chosen":"y"}"#),
        "`rejected` is missing beside `chosen`: give the line both answers."
    );
    assert_eq!(
        help(r#"{"prompt":"x","rejected":"y"}"#),
        "`chosen` is missing beside `rejected`: give the line both answers."
    );
    assert_eq!(help(r#"{"prompt":"x","choosen":"z","rejected":"y"}"#), "Did you mean `chosen` instead of `choosen`?");
}
