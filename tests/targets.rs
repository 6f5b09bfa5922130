//! Providers and trainers: what one takes another refuses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ftlint::finding::Severity;
use ftlint::lint::Linter;
use ftlint::report::{Style, summary, targets_table};
use ftlint::rules::find;
use ftlint::selection::RuleSelection;
use ftlint::settings::Settings;
use ftlint::target::{Catalogue, Fault, ModelTable, OPENAI, Target, TargetTable};
use serde::Deserialize;

fn targets() -> Vec<&'static Target> {
    Catalogue::builtin().targets().collect()
}

/// What is found in a file for a target: codes in the order of the catalogue, warnings in brackets. That the file is
/// small is no fault here.
fn verdict(target: &'static Target, name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/targets").join(name);
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let counting = ["too-few-examples", "few-examples"].map(|name| find(name).unwrap());
    let settings =
        Settings { target, selection: RuleSelection::without(&counting), tokens: false, ..Settings::default() };
    let report = Linter::new(&settings).lint_bytes("train.jsonl", &bytes).0;
    let codes: Vec<String> = report
        .counts
        .iter()
        .map(|count| match count.severity {
            Severity::Error => count.rule.code.to_owned(),
            Severity::Warning => format!("({})", count.rule.code),
        })
        .collect();
    codes.join(" ")
}

#[test]
fn what_one_takes_another_refuses() {
    let mut table = String::new();
    for file in ["own", "refused"] {
        for shown in targets() {
            let name = format!("{}/{file}.jsonl", shown.name);
            table += &format!("{name}\n");
            for target in targets() {
                let verdict = verdict(target, &name);
                let verdict = if verdict.is_empty() { "-" } else { &verdict };
                table += &format!("    {:<11} {verdict}\n", target.name);
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn own_files_are_clean_there_and_faulty_elsewhere() {
    for target in targets() {
        let own = format!("{}/own.jsonl", target.name);
        assert_eq!(verdict(target, &own), "", "{own}");
        let others: Vec<&str> =
            targets().into_iter().filter(|other| !verdict(other, &own).is_empty()).map(|other| other.name).collect();
        // What is special about this one is how few examples it takes.
        assert!(!others.is_empty(), "{own} is good everywhere");
        let refused = format!("{}/refused.jsonl", target.name);
        assert!(verdict(target, &refused).contains("FT"), "{refused}");
        if target.name != OPENAI.name {
            let errors = verdict(*OPENAI, &refused);
            assert!(!errors.replace("(FT", "").contains("FT"), "{refused}: {errors}");
        }
    }
}

#[test]
fn exact_codes() {
    let target = |name: &str| Catalogue::builtin().target(name).unwrap();
    for (name, file, expected) in [
        ("openai", "azure/own.jsonl", "(FT007)"),
        ("openai", "together/own.jsonl", "FT108 FT109 (FT115)"),
        ("openai", "mistral/own.jsonl", "FT108 FT203"),
        ("openai", "bedrock/own.jsonl", "FT108"),
        ("openai", "databricks/own.jsonl", "FT301"),
        ("openai", "trl/own.jsonl", "FT107 FT108 FT109 FT203 FT210"),
        ("openai", "axolotl/own.jsonl", "FT109"),
        ("azure", "azure/refused.jsonl", "FT104 FT113 (FT117)"),
        ("together", "together/refused.jsonl", "FT108 FT121"),
        ("fireworks", "fireworks/refused.jsonl", "FT120"),
        ("mistral", "mistral/refused.jsonl", "FT113 FT125 FT217"),
        ("bedrock", "bedrock/refused.jsonl", "FT104 FT126"),
        ("databricks", "databricks/refused.jsonl", "FT108 FT109 FT118"),
        ("trl", "trl/refused.jsonl", "FT203"),
        ("axolotl", "axolotl/refused.jsonl", "(FT101)"),
        ("trl", "axolotl/refused.jsonl", "(FT101)"),
    ] {
        assert_eq!(verdict(target(name), file), expected, "{file} for {name}");
    }
}

#[test]
fn shapes_are_taken_one_to_a_file() {
    const TEXT: &str = r#"{"text":"The office is closed on public holidays."}"#;
    const ANSWER: &str = r#"{"prompt":[{"role":"user","content":"Is foil taken?"}],"completion":[{"role":"assistant","content":"In the yellow bag."}]}"#;
    const CHOICE: &str = r#"{"prompt":[{"role":"user","content":"Is wood taken?"}],"chosen":[{"role":"assistant","content":"Yes."}],"rejected":[{"role":"assistant","content":"No."}]}"#;
    const TURNS: &str =
        r#"{"conversations":[{"from":"human","value":"And a sofa?"},{"from":"gpt","value":"Order a pick-up."}]}"#;
    const MESSAGES: &str = r#"{"conversations":[{"role":"user","content":"And a sofa?"},{"role":"assistant","content":"Order a pick-up."}]}"#;
    const INSTRUCTION: &str = r#"{"instruction":"Name the bin.","input":"egg box","output":"paper"}"#;
    const TOOLS: &str = r#"{"prompt":[{"role":"user","content":"Is wood taken?"}],"chosen":[{"role":"assistant","content":"Yes."}],"rejected":[{"role":"assistant","content":"No."}],"tools":[{"type":"function","function":{"name":"bin","description":"The bin","parameters":{}}}]}"#;
    const ASKED: &str = r#"{"prompt":[{"role":"user","content":"Is foil taken?"}],"tools":"[]"}"#;
    const TURNS_WITH_TOOLS: &str =
        r#"{"conversations":[{"from":"human","value":"And a sofa?"},{"from":"gpt","value":"Yes."}],"tools":"[]"}"#;
    const STEPS: &str =
        r#"{"prompt":"Is foil taken?","completions":["Foil is metal.","So yes."],"labels":[true,true]}"#;
    const PARTS: &str =
        r#"{"prompt":[{"type":"text","text":"Is foil taken?"}],"completion":[{"type":"text","text":"Yes."}]}"#;
    const CLASS: &str = r#"{"text":"Foil goes into the yellow bag.","labels":{"bin":"yellow"}}"#;
    const NOVA: &str = r#"{"schemaVersion":"bedrock-conversation-2024","messages":[{"role":"user","content":[{"text":"Foil?"}]},{"role":"assistant","content":[{"text":"Yellow bag."}]}]}"#;
    let found = |target: &'static Target, line: &str| {
        let settings = Settings { target, tokens: false, ..Settings::default() };
        let (report, findings) =
            Linter::new(&settings).lint_bytes("train.jsonl", (line.to_owned() + "\n").repeat(9).as_bytes());
        assert_eq!(report.facts.lines.examples, 9);
        let codes = findings.iter().map(|finding| finding.rule.code);
        codes.filter(|code| *code != "FT501").collect::<Vec<_>>()
    };
    let target = |name: &str| Catalogue::builtin().target(name).unwrap();
    for (name, shapes) in [
        ("together", &[TEXT, PARTS][..]),
        ("mistral", &[TEXT, CLASS]),
        ("bedrock", &[NOVA]),
        ("trl", &[TEXT, ANSWER, CHOICE, TURNS, TOOLS, ASKED, TURNS_WITH_TOOLS, STEPS]),
        ("axolotl", &[TEXT, ANSWER, CHOICE, TURNS, MESSAGES, INSTRUCTION, TOOLS, ASKED, TURNS_WITH_TOOLS, STEPS]),
    ] {
        for shape in shapes {
            assert_eq!(found(target(name), shape), [""; 0], "{name}: {shape}");
            assert_eq!(found(*OPENAI, shape), ["FT101"], "{shape}");
            // In one file with another format only one of them is read.
            let chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello!\"}]}";
            let settings = Settings { target: target(name), tokens: false, ..Settings::default() };
            let both = [shape, chat, ""].join("\n");
            let mixed = Linter::new(&settings).lint_bytes("train.jsonl", both.as_bytes()).1;
            assert!(mixed.iter().any(|finding| finding.rule.code == "FT102"), "{name}: {shape}");
        }
    }
}

/// What is found in lines for a target, but for their number and that they are alike.
fn found_at(name: &str, lines: &[&str]) -> Vec<&'static str> {
    let target = Catalogue::builtin().target(name).unwrap();
    let settings = Settings { target, tokens: false, ..Settings::default() };
    let (report, findings) = Linter::new(&settings).lint_bytes("train.jsonl", (lines.join("\n") + "\n").as_bytes());
    assert_eq!(report.facts.lines.examples, lines.len() as u64);
    let codes = findings.iter().map(|finding| finding.rule.code);
    codes.filter(|code| !["FT403", "FT407", "FT501"].contains(code)).collect()
}

#[test]
fn what_a_key_means_depends_on_the_target() {
    let chat = |name: &str, messages: &str, rest: &str, expected: &[&str]| {
        let line = format!(r#"{{"messages":[{messages}]{rest}}}"#);
        assert_eq!(found_at(name, &[&line]), expected, "{name}: {line}");
    };
    let question = r#"{"role":"user","content":"Foil?"}"#;
    let answer = r#"{"role":"assistant","content":"Yellow bag."}"#;
    let both = &format!("{question},{answer}");
    // Reasoning beside an answer.
    let thought = &format!(r#"{question},{{"role":"assistant","content":"Yellow bag.","reasoning_content":"Metal."}}"#);
    for name in ["fireworks", "together", "axolotl"] {
        chat(name, thought, "", &[]);
    }
    chat("openai", thought, "", &["FT109"]);
    // An address of an image that is no object.
    let image = |url: &str| {
        format!(
            r#"{{"role":"user","content":[{{"type":"text","text":"Which bin?"}},{{"type":"image_url","image_url":{url}}}]}},{answer}"#
        )
    };
    let png = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    chat("mistral", &image(&format!("\"{png}\"")), "", &[]);
    chat("mistral", &image(&format!("{{\"url\":\"{png}\"}}")), "", &[]);
    chat("mistral", &image("\"bins/cat.png\""), "", &["FT134"]);
    chat("openai", &image(&format!("\"{png}\"")), "", &["FT107"]);
    // Where images are, and that there are none.
    let link = &image(r#"{"url":"https://example.com/a.png"}"#);
    let gif = &image(r#"{"url":"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"}"#);
    chat("fireworks", link, "", &["FT134"]);
    chat("fireworks", gif, "", &["FT131"]);
    chat("together", gif, "", &["FT131"]);
    chat("bedrock", link, "", &["FT118"]);
    // The last call has no result, so it may have no id; and there is one type.
    let call = |id: &str| {
        format!(r#"{{"role":"assistant","tool_calls":[{{{id}"function":{{"name":"bin","arguments":"{{}}"}}}}]}}"#)
    };
    let typed = &format!("{question},{}", call(r#""type":"function","#));
    chat("fireworks", typed, "", &[]);
    chat("mistral", typed, "", &[]);
    chat("openai", typed, "", &["FT210"]);
    chat("mistral", &format!("{question},{}", call("")), "", &[]);
    chat("mistral", &format!("{question},{}", call(r#""id":"null","#)), "", &[]);
    chat("openai", &format!("{question},{}", call(r#""id":"c","#)), "", &["FT125"]);
    chat("mistral", &format!("{question},{},{question},{answer}", call(r#""id":"null","#)), "", &["FT213", "FT217"]);
    // What a line weighs.
    chat("fireworks", both, r#","weight":-0.5"#, &[]);
    chat("fireworks", both, r#","weight":"1""#, &["FT114"]);
    chat("together", both, r#","weight":-0.5"#, &["FT114"]);
    let light = format!(r#"{{"messages":[{both}],"weight":0.5}}"#);
    let plain = format!(r#"{{"messages":[{both}]}}"#);
    assert_eq!(found_at("fireworks", &[&light, &plain]), ["FT315"]);
    assert_eq!(found_at("together", &[&light, &plain]), [""; 0]);
    // Where system prompts may stand, and as what.
    let system = r#"{"role":"system","content":"Be brief."}"#;
    chat("mistral", &format!("{question},{system},{answer}"), "", &[]);
    chat("mistral", &format!("{both},{system},{both}"), "", &["FT120"]);
    chat("mistral", &format!("{system},{both}"), r#","system_prompt":"Be kind.""#, &["FT120"]);
    chat("bedrock", both, r#","system":["Be brief."]"#, &["FT107"]);
    chat("bedrock", both, r#","system":null"#, &["FT107"]);
    chat("bedrock", both, r#","system":"Be brief.""#, &[]);
    // An answer to nothing.
    for (name, expected) in [("mistral", &["FT126"][..]), ("databricks", &["FT126"]), ("together", &[])] {
        chat(name, answer, "", expected);
    }
    for (name, expected) in [("trl", &["FT112"][..]), ("openai", &["FT112"])] {
        chat(name, question, "", expected);
    }
    // Tools as text, under two names, and without a description.
    let tool = |rest: &str| format!(r#"[{{"type":"function","function":{{"name":"bin"{rest}}}}}]"#);
    let whole = tool(r#","description":"The bin","parameters":{}"#);
    chat("mistral", both, &format!(r#","tools":{whole},"available_tools":{whole}"#), &["FT215"]);
    chat("mistral", both, &format!(r#","tools":{}"#, tool(r#","parameters":{}"#)), &["FT125"]);
    chat("axolotl", both, &format!(r#","tools":{}"#, tool(r#","parameters":"{}""#)), &[]);
    chat("trl", both, &format!(r#","tools":{}"#, tool(r#","parameters":"{}""#)), &["FT107"]);
    for name in ["trl", "axolotl"] {
        chat(name, both, r#","tools":"[]""#, &[]);
        chat(name, both, r#","tools":"none""#, &["FT107"]);
    }
    // What a table fills in.
    let filled = r#"{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"bin","arguments":{"n":null,"of":{"m":null}}}}]}"#;
    let parameters = r#","description":"The bin","parameters":{"type":"object","properties":{"n":{"type":"integer"},"of":{"type":"object","properties":{"m":{"type":"string"}}}}REQUIRED}"#;
    let declared = |required: &str| format!(r#","tools":{}"#, tool(&parameters.replace("REQUIRED", required)));
    chat("trl", &format!("{question},{filled}"), &declared(""), &[]);
    chat("trl", &format!("{question},{filled}"), &declared(r#","required":["n"]"#), &["FT204"]);
}

#[test]
fn the_completion_of_a_trainer_ends_where_the_trainer_says() {
    let lines: Vec<String> =
        (0..40).map(|n| format!(r#"{{"prompt":"{n} and {n}","completion":"It is {}"}}"#, 2 * n)).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    assert_eq!(found_at("openai", &lines), ["FT303", "FT304"]);
    for name in ["together", "bedrock", "trl", "axolotl"] {
        assert_eq!(found_at(name, &lines), [""; 0], "{name}");
    }
}

#[test]
fn lines_among_others_that_are_not_linted_are_one_finding() {
    let few = |name: &str, main: &str, odd: &str, expected: &[&str]| {
        assert_eq!(found_at(name, &[main, main, odd, main]), expected, "{name}: {odd}");
    };
    let nova = r#"{"messages":[{"role":"user","content":[{"text":"Foil?"}]},{"role":"assistant","content":[{"text":"Yellow bag."}]}]}"#;
    let chat = r#"{"messages":[SYSTEM{"role":"user","content":"Foil?"},{"role":"assistant","content":"Yellow bag."}]}"#;
    few("bedrock", nova, &chat.replace("SYSTEM", ""), &["FT102"]);
    few("bedrock", nova, &chat.replace("SYSTEM", r#"{"role":"system","content":"Be brief."},"#), &["FT104"]);
    let asked =
        r#"{"prompt":[{"role":"user","content":"Foil?"}],"completion":[{"role":"assistant","content":"Yes."}]}"#;
    few("trl", asked, r#"{"prompt":[{"role":"user","content":"Foil?"}],"completion":"Yes."}"#, &["FT301"]);
    few("trl", asked, r#"{"prompt":[{"role":"user","content":"Foil?"}],"completion":null}"#, &["FT301"]);
    let chosen = r#"{"prompt":"Foil?","chosen":"Yes.","rejected":"No."}"#;
    let preferred = r#"{"input":{"messages":[{"role":"user","content":"Foil?"}]},"preferred_output":[{"role":"assistant","content":"Yes."}],"non_preferred_output":[{"role":"assistant","content":"No."}]}"#;
    few("trl", chosen, preferred, &["FT101"]);
}

#[test]
fn what_is_null_is_not_there_where_tables_are_written() {
    let line = r#"{"messages":[{"role":"user","content":"Foil?","name":null},{"role":"assistant","content":"Yellow bag.","tool_calls":null,"tool_call_id":null}],"tools":null}"#;
    for (name, expected) in [("trl", &[][..]), ("axolotl", &[]), ("fireworks", &["FT403"]), ("openai", &["FT107"])] {
        let settings =
            Settings { target: Catalogue::builtin().target(name).unwrap(), tokens: false, ..Settings::default() };
        let findings = Linter::new(&settings).lint_bytes("train.jsonl", line.as_bytes()).1;
        let codes: Vec<&str> = findings.iter().map(|finding| finding.rule.code).collect();
        if expected == ["FT107"] {
            assert!(codes.contains(&"FT107"), "{name}: {codes:?}");
        } else {
            assert_eq!(codes, expected, "{name}");
        }
    }
}

#[test]
fn so_many_examples_are_taken() {
    let found = |name: &str, line: &str, count: usize| {
        let target = Catalogue::builtin().target(name).unwrap();
        let settings = Settings { target, tokens: false, ..Settings::default() };
        let report = Linter::new(&settings).lint_bytes("train.jsonl", line.repeat(count).as_bytes()).0;
        let counting = report.counts.iter().filter(|count| ["FT403", "FT404"].contains(&count.rule.code));
        counting.map(|count| count.rule.code).collect::<Vec<_>>()
    };
    let chat =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello!\"}]}\n";
    let graded = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"answer\":\"Hello!\"}\n";
    for (name, line, least, most) in [
        ("openai", chat, 10, None),
        ("openai", graded, 10, Some(50_000)),
        ("azure", chat, 10, None),
        ("together", chat, 1, None),
        ("fireworks", chat, 3, None),
        ("mistral", chat, 10, None),
        ("bedrock", chat, 32, Some(10_000)),
        ("bedrock", graded, 100, Some(20_000)),
        ("databricks", chat, 1, None),
        ("trl", chat, 1, None),
    ] {
        if least > 1 {
            assert_eq!(found(name, line, least - 1), ["FT403"], "{name}");
        }
        assert_eq!(found(name, line, least), [""; 0], "{name}");
        if let Some(most) = most {
            assert_eq!(found(name, line, most), [""; 0], "{name}");
            assert_eq!(found(name, line, most + 1), ["FT404"], "{name}");
        }
    }
}

#[test]
fn counts_of_an_unknown_tokenizer_are_estimates() {
    let line = "{\"prompt\":\"2+2=\",\"completion\":\" 4\"}\n".repeat(40);
    for target in targets() {
        let settings = Settings { target, ..Settings::default() };
        let report = Linter::new(&settings).lint_bytes("train.jsonl", line.as_bytes()).0;
        assert_eq!(report.facts.lines.tokens.estimate.is_exact(), !target.own_tokenizer, "{}", target.name);
        assert_eq!(settings.images().is_some(), !target.own_tokenizer);
    }
}

#[test]
fn what_is_not_linted_is_said() {
    let unlinted = |name: &str| {
        let settings = Settings { target: Catalogue::builtin().target(name).unwrap(), ..Settings::default() };
        let lines: String = (10..70).map(|n| format!("{{\"text\":\"Once upon a day {n}\"}}\n")).collect();
        let (report, findings) = Linter::new(&settings).lint_bytes("train.jsonl", lines.as_bytes());
        assert_eq!(findings.is_empty(), !report.unlinted.is_empty());
        summary(&report, Style { color: false, width: 80, wraps: false })
    };
    assert_eq!(unlinted("together"), "train.jsonl: no problems in 60 examples (1.8 kB)\n  plain-text (not linted)\n");
    assert!(unlinted("openai").contains("unknown format"));
}

#[test]
fn conversations_for_nova_are_no_chat_lines() {
    let lines: String = (10..70)
        .map(|n| {
            format!(
                r#"{{"schemaVersion":"bedrock-conversation-2024","system":[{{"text":"Be kind."}}],"messages":[{{"role":"user","content":[{{"text":"{n}?"}}]}},{{"role":"assistant","content":[{{"text":"{n}!"}}]}}]}}"#
            ) + "\n"
        })
        .collect();
    let found = |name: &str| {
        let settings = Settings { target: Catalogue::builtin().target(name).unwrap(), ..Settings::default() };
        let (report, findings) = Linter::new(&settings).lint_bytes("train.jsonl", lines.as_bytes());
        assert_eq!(report.facts.lines.tokens.examples, 0);
        findings.iter().map(|finding| finding.rule.code).collect::<Vec<_>>()
    };
    assert_eq!(found("bedrock"), [""; 0]);
    assert_eq!(found("openai"), ["FT101"]);
    // Of others the key says nothing.
    let chat = r#"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello!"}]}"#;
    let own = chat.replacen('{', r#"{"schemaVersion":"1.0","#, 1);
    for (name, code) in [("axolotl", None), ("openai", Some("FT108"))] {
        let settings = Settings { target: Catalogue::builtin().target(name).unwrap(), ..Settings::default() };
        let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", own.as_bytes());
        let worst = findings.iter().find(|finding| finding.severity == Severity::Error && finding.rule.code != "FT403");
        assert_eq!(worst.map(|finding| finding.rule.code), code, "{name}");
    }
}

#[test]
fn a_model_that_is_not_trained_on_images_is_told() {
    let image = r#"{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}"#;
    let lines: String = (10..70)
        .map(|n| {
            format!(
                r#"{{"messages":[{{"role":"user","content":[{{"type":"text","text":"{n}?"}},{image}]}},{{"role":"assistant","content":"{n}!"}}]}}"#
            ) + "\n"
        })
        .collect();
    let is_told = |model: &str| {
        let (target, model) = Catalogue::builtin().choose(None, Some(model)).unwrap();
        let settings = Settings { target, model, ..Settings::default() };
        let (report, _) = Linter::new(&settings).lint_bytes("train.jsonl", lines.as_bytes());
        summary(&report, Style { color: false, width: 80, wraps: false }).contains("; it is not trained on images")
    };
    assert!(is_told("gpt-4.1-mini") && !is_told("gpt-4o-2024-08-06"));
}

#[test]
fn a_users_model_stands_for_that_of_the_table() {
    let catalogue = with("[models.\"gpt-4.1-2025-04-14\"]\nprice = { usd_per_million = 7 }\n").unwrap();
    let named = |catalogue: &Catalogue, name: &str| {
        let of_openai = catalogue.models().filter(|model| model.target == "openai");
        of_openai
            .filter(|model| model.name == name)
            .map(|model| model.price.as_ref().unwrap().usd_per_million)
            .collect()
    };
    let prices: Vec<f64> = named(catalogue, "gpt-4.1-2025-04-14");
    assert_eq!(prices, [7.0]);
    assert_eq!(named(Catalogue::builtin(), "gpt-4.1-2025-04-14"), [25.0]);
    assert_eq!(catalogue.models().count(), Catalogue::builtin().models().count());
}

#[test]
fn a_format_that_no_open_model_is_trained_on_is_said() {
    let lines: String = (10..70).map(|n| format!("{{\"prompt\":\"{n} ->\",\"completion\":\" {n} END\"}}\n")).collect();
    let said = |name: &str, model: Option<&str>| {
        let (target, model) = Catalogue::builtin().choose(Some(name), model).unwrap();
        let settings = Settings { target, model, ..Settings::default() };
        let (report, findings) = Linter::new(&settings).lint_bytes("train.jsonl", lines.as_bytes());
        assert!(findings.is_empty(), "{findings:?}");
        summary(&report, Style { color: false, width: 80, wraps: false })
            .contains("no model that takes new jobs is trained on it")
    };
    assert!(said("openai", None));
    // Whoever names one is told about that one. Of Together no model is known here.
    assert!(!said("openai", Some("babbage-002")) && !said("together", None));
}

#[test]
fn a_response_is_the_answer() {
    let target = Catalogue::builtin().target("databricks").unwrap();
    let settings = Settings { target, ..Settings::default() };
    let of = |line: &str| {
        let (report, findings) = Linter::new(&settings).lint_bytes("train.jsonl", line.as_bytes());
        (report.facts.lines.tokens.answers, findings.iter().map(|finding| finding.rule.code).collect::<Vec<_>>())
    };
    assert_eq!(of("{\"prompt\":\"2+2=\",\"response\":\" 4\"}"), (2, vec![]));
    assert_eq!(of("{\"prompt\":\"2+2=\",\"response\":\"\"}"), (0, vec!["FT302"]));
    assert_eq!(of("{\"prompt\":\"2+2=\",\"response\":4}"), (0, vec!["FT301"]));
}

/// The table of targets as it is written.
#[derive(Deserialize)]
struct Written {
    sources: BTreeMap<String, toml::Value>,
    targets: BTreeMap<String, toml::Table>,
}

#[test]
fn every_figure_has_a_source() {
    let written: Written = toml::from_str(include_str!("../src/target/targets.toml")).unwrap();
    let mut used = BTreeSet::new();
    for (name, table) in &written.targets {
        let from = table["from"].as_table().unwrap();
        used.extend(from.keys());
        let said: BTreeSet<&str> =
            from.values().flat_map(|fields| fields.as_array().unwrap()).map(|field| field.as_str().unwrap()).collect();
        let unsaid = ["title", "extends", "notes", "from"];
        let given: BTreeSet<&str> = table.keys().map(String::as_str).filter(|key| !unsaid.contains(key)).collect();
        assert_eq!(said, given, "{name}");
        let target = Catalogue::builtin().target(name).unwrap();
        for source in from.keys() {
            assert!(written.sources.contains_key(source), "{name}: {source}");
        }
        for field in ["roles", "min_examples", "max_file_bytes", "arguments", "own_tokenizer", "levels"] {
            assert!(field == "levels" || target.sources(field).next().is_some(), "{name}: {field}");
        }
        assert!(!target.title.is_empty());
        assert_eq!(target.chat_keys.iter().filter(|key| **key == "messages").count(), 1, "{name}");
        assert!(target.repeatable_roles.iter().all(|role| target.roles.contains(role)), "{name}");
        assert!(target.answer_keys.iter().all(|key| target.completion_keys.contains(key)), "{name}");
        for (rule, _) in target.levels {
            assert!(find(rule).is_some(), "{name}: {rule}");
        }
        for role in target.roles {
            assert!(target.keys_of(role).contains(&"content"), "{name}: {role}");
        }
    }
    assert_eq!(used, written.sources.keys().collect(), "a source is not used");
    assert_eq!(written.targets.len(), targets().len());
}

/// The tables as a configuration has them.
#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    targets: BTreeMap<String, TargetTable>,
    #[serde(default)]
    models: BTreeMap<String, ModelTable>,
}

fn with(config: &str) -> Result<&'static Catalogue, Fault> {
    let config: Config = toml::from_str(config).unwrap();
    Catalogue::with(&config.targets, &config.models)
}

#[test]
fn a_user_adds_targets_and_models() {
    let catalogue = with(
        r#"
        [targets.ours]
        extends = "base"
        min_examples = 100
        max_images = "none"
        levels = { FT104 = "warning" }
        [targets.base]
        extends = "azure"
        roles = ["system", "user", "assistant", "narrator"]
        message_keys = { narrator = ["role", "content"] }
        [targets.openai]
        recommended_examples = 200
        [models.small]
        target = "ours"
        context = 4_096
        price = { usd_per_million = 0.5 }
        [models."llama-ours"]
        target = "together"
        "#,
    )
    .unwrap();
    let ours = catalogue.target("ours").unwrap();
    assert_eq!((ours.min_examples, ours.max_images, ours.max_job_tokens), (100, None, Some(2_000_000_000)));
    assert_eq!(ours.roles, ["system", "user", "assistant", "narrator"]);
    assert_eq!(ours.level(find("unknown-role").unwrap()), Some(Some(Severity::Warning)));
    assert_eq!(ours.level(find("byte-order-mark").unwrap()), Some(None));
    assert_eq!(ours.level(find("empty-file").unwrap()), None);
    assert_eq!((ours.closes.as_deref(), ours.notes.len()), (None, 0));
    let openai = catalogue.target("openai").unwrap();
    assert_eq!((openai.recommended_examples, openai.closes.as_deref()), (200, Some("2027-01-06")));
    assert_eq!(OPENAI.recommended_examples, 50);

    let (target, model) = catalogue.choose(None, Some("small")).unwrap();
    let model = model.unwrap();
    assert_eq!((target.name, model.context, model.own_tokenizer), ("ours", Some(4_096), true));
    // What is made of azure has azure's models.
    let (target, model) = catalogue.choose(Some("ours"), Some("gpt-4.1-nano")).unwrap();
    assert_eq!((target.name, model.unwrap().context), ("ours", Some(32_768)));
    let (target, _) = catalogue.choose(None, Some("llama-ours")).unwrap();
    assert_eq!(target.name, "together");
    assert!(Catalogue::builtin().choose(None, Some("llama-ours")).is_err());
}

#[test]
fn faults_of_a_users_tables_name_the_key() {
    for (config, expected) in [
        ("[targets.a]\nextends = \"azur\"", "`targets.a.extends`: there is no such target; did you mean `azure`?"),
        ("[targets.a]\nextends = \"a\"", "`targets.a.extends`: `a` extends itself"),
        (
            "[targets.a]\nextends = \"b\"\n[targets.b]\nextends = \"a\"",
            "`targets.b.extends`: `a`, `b` and `a` extend each other",
        ),
        (
            "[targets.a.levels]\nunknown-rol = \"off\"",
            "`targets.a.levels.unknown-rol`: there is no rule `unknown-rol`; did you mean `unknown-role`?",
        ),
        ("[targets.a]\nformats = [\"chats\"]", "`targets.a.formats`: there is no format `chats`; did you mean `chat`?"),
        ("[targets.a]\nshapes = [\"csv\"]", "`targets.a.shapes`: there is no shape `csv`"),
        ("[targets.a]\ncloses = \"soon\"", "`targets.a.closes`: `soon` is no day such as 2027-01-06"),
        ("[models.m]\ntarget = \"mistal\"", "`models.m.target`: there is no such target; did you mean `mistral`?"),
        ("[models.m]\nretires = \"2027-02-30\"", "`models.m.retires`: `2027-02-30` is no day such as 2027-01-06"),
    ] {
        assert_eq!(with(config).unwrap_err().to_string(), expected);
    }
    // What the types say is said by the reader of TOML, with its place.
    for (config, place, said) in [
        ("[targets.a]\nmin_exmples = 3", 12..23, "unknown field `min_exmples`"),
        ("[targets.a]\nmax_images = -1", 25..27, "a number that is not negative, or \"none\""),
        ("[targets.a.levels]\nFT104 = \"fatal\"", 27..34, "`fatal`"),
        ("[models.m]\nencoding = \"o300k\"", 22..29, "no such encoding: `o300k`"),
    ] {
        let error = toml::from_str::<Config>(config).map(drop).unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(error.span(), Some(place), "{error}");
    }
}

#[test]
fn a_model_fits_its_target() {
    let choose = |target, model| {
        let chosen = Catalogue::builtin().choose(target, model).map_err(|fault| fault.message)?;
        Ok::<_, String>((chosen.0.name, chosen.1.map(|model| (model.target.as_str(), model.context))))
    };
    assert_eq!(choose(None, None), Ok(("openai", None)));
    assert_eq!(choose(None, Some("gpt-4.1")), Ok(("openai", Some(("openai", Some(65_536))))));
    assert_eq!(choose(Some("azure"), Some("gpt-4.1-nano")), Ok(("azure", Some(("azure", Some(32_768))))));
    assert_eq!(choose(None, Some("qwen-32b")), Ok(("azure", Some(("azure", Some(8_192))))));
    assert_eq!(choose(Some("AZURE"), None), Ok(("azure", None)));
    let wrong = choose(Some("mistral"), Some("gpt-4.1")).unwrap_err();
    assert!(
        wrong.starts_with("`gpt-4.1` is a model of openai, not of mistral; no model of mistral is known"),
        "{wrong}"
    );
    let wrong = choose(Some("openai"), Some("gpt-oss-20b")).unwrap_err();
    assert!(wrong.contains("is a model of azure, not of openai; known are `gpt-4.1-2025-04-14`"), "{wrong}");
    assert_eq!(choose(Some("togehter"), None), Err("there is no such target; did you mean `together`?".to_owned()));
}

#[test]
fn the_readme_has_the_targets_table() {
    let table = targets_table(targets());
    assert!(include_str!("../README.md").contains(&table), "paste the output of `ftlint targets --format markdown`");
}

#[test]
fn files_to_validate_with_have_limits_of_their_own() {
    let graded = |n: u64| format!("{{\"messages\":[{{\"role\":\"user\",\"content\":\"{n}?\"}}],\"answer\":\"{n}\"}}\n");
    let chat = |n: u64| {
        format!(
            "{{\"messages\":[{{\"role\":\"user\",\"content\":\"{n}?\"}},{{\"role\":\"assistant\",\"content\":\"{n}\"}}]}}\n"
        )
    };
    let found = |settings: &Settings, lines: String| -> Vec<&'static str> {
        let report = Linter::new(settings).lint_bytes("valid.jsonl", lines.as_bytes()).0;
        report.counts.iter().map(|count| count.rule.code).filter(|code| code.starts_with("FT40")).collect()
    };
    let training = |name: &str| Settings { target: Catalogue::builtin().target(name).unwrap(), ..Settings::default() };
    for (name, too_many) in [("openai", &["FT404"][..]), ("azure", &[])] {
        let validation = training(name).for_validation();
        assert_eq!(found(&validation, (0..1_000).map(graded).collect()), [""; 0], "{name}");
        assert_eq!(found(&validation, (0..1_001).map(graded).collect()), too_many, "{name}");
        assert_eq!(found(&training(name), (0..1_001).map(graded).collect()), [""; 0], "{name}");
        assert_eq!(found(&validation, (0..1_001).map(chat).collect()), [""; 0], "{name}");
        assert_eq!(found(&validation, chat(1)), [""; 0], "{name}");
    }
    assert_eq!(found(&training("bedrock").for_validation(), (0..1_001).map(chat).collect()), ["FT404"]);
    // Nobody trains on them, so no limit of a job holds.
    let target = Target { max_job_tokens: Some(100), ..(**OPENAI).clone() };
    let settings = Settings { target: Box::leak(Box::new(target)), ..Settings::default() };
    assert_eq!(found(&settings, (0..60).map(chat).collect()), ["FT405"]);
    assert_eq!(found(&settings.for_validation(), (0..60).map(chat).collect()), [""; 0]);
}

#[test]
fn what_datasets_loads_is_no_error_for_those_who_train_with_it() {
    let line = |n: u64| {
        format!(
            "{{\"messages\":[{{\"role\":\"user\",\"content\":\"{n}?\"}},{{\"role\":\"assistant\",\"content\":\"{n}\"}}]}}"
        )
    };
    let lines: Vec<String> = (0..3).map(line).collect();
    let pretty = lines[0].replace(",\"content\"", ",\n\"content\"");
    let image = lines[0].replace(
        "\"0?\"",
        "[{\"type\":\"image_url\",\"image_url\":{\"url\":\"images/dog.jpg\"}},{\"type\":\"text\",\"text\":\"0?\"}]",
    );
    let found = |name: &str, text: &str| {
        let target = Catalogue::builtin().target(name).unwrap();
        let settings = Settings { target, tokens: false, ..Settings::default() };
        let report = Linter::new(&settings).lint_bytes("train.json", text.as_bytes()).0;
        let counts = report.counts.iter().filter(|count| !["FT012", "FT402", "FT403"].contains(&count.rule.code));
        counts.map(|count| (count.rule.name, count.severity)).collect::<Vec<_>>()
    };
    for (text, rule) in [
        (format!("[{}]", lines.join(",\n")), "json-array-file"),
        (pretty, "multi-line-json"),
        (lines.concat(), "joined-lines"),
        (image, "invalid-image-url"),
    ] {
        for target in ["trl", "axolotl"] {
            assert_eq!(found(target, &text), [(rule, Severity::Warning)], "{target}: {text}");
        }
        assert!(found("openai", &text).contains(&(rule, Severity::Error)), "{text}");
    }
    for (text, rule) in [(lines.join("\n\n"), "blank-line"), (format!("\u{feff}{}", lines[0]), "byte-order-mark")] {
        for target in ["trl", "axolotl"] {
            assert_eq!(found(target, &text), [], "{target}: {text}");
        }
        assert!(found("openai", &text).iter().any(|(name, _)| *name == rule), "{text}");
    }
}

#[test]
fn requests_are_held_against_the_form_of_their_own_provider() {
    let found = |name: &str, request: &str| {
        let settings = Settings { target: Catalogue::builtin().target(name).unwrap(), ..Settings::default() };
        let findings = Linter::new(&settings).lint_request_bytes("r.json", request.as_bytes()).1;
        findings.iter().map(|finding| finding.rule.name).collect::<Vec<_>>()
    };
    for (name, request) in [
        (
            "together",
            r#"{"model":"meta-llama/Meta-Llama-3.1-8B-Instruct-Reference","training_file":"file-1","n_epochs":3,"learning_rate":1e-5,"lora":true,"suffix":"","method":"sft"}"#,
        ),
        (
            "mistral",
            r#"{"model":"open-mistral-7b","training_files":[{"file_id":"abc","weight":1}],"hyperparameters":{"training_steps":10,"learning_rate":0.0001},"auto_start":false}"#,
        ),
        ("bedrock", r#"{"baseModelIdentifier":"m","trainingDataConfig":{"s3Uri":"s3://b/t.jsonl"}}"#),
        ("axolotl", r#"{"base_model":"m","datasets":[{"path":"t.jsonl","type":"chat_template"}],"seed":-1}"#),
    ] {
        assert_eq!(found(name, request), [""; 0], "{name}");
        // What is named as others name their models is for them: that is said once.
        let expected = if name == "together" { "unknown-model" } else { "unknown-parameter" };
        assert!(found("openai", request).contains(&expected), "{name}");
    }
    for target in targets() {
        let is_known = ["openai", "azure"].contains(&target.name);
        let rule = |name: &str| target.level(find(name).unwrap());
        assert_eq!(rule("unknown-parameter"), if is_known { None } else { Some(None) }, "{}", target.name);
        // What is said of files and models holds for every request.
        for name in ["validation-is-training", "retired-model", "not-a-request"] {
            assert_eq!(rule(name), None, "{}", target.name);
        }
        let is_said = target.remarks().any(|note| note.starts_with("Not checked: the keys and values of requests"));
        assert_eq!(is_said, !is_known, "{}", target.name);
        let same = r#"{"model":"m","training_file":"file-1","validation_file":"file-1"}"#;
        assert!(found(target.name, same).contains(&"validation-is-training"), "{}", target.name);
    }
    // A user's own can say that its requests are OpenAI's.
    let own = with("[targets.ours]\nextends = \"together\"\nrequests = \"openai\"").unwrap();
    assert_eq!(own.target("ours").unwrap().level(find("unknown-parameter").unwrap()), None);
}
