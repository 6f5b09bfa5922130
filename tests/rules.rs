//! The catalogue is sound: every rule keeps its word on its own examples.

use std::collections::HashSet;

use ftlint::finding::{Finding, Severity};
use ftlint::lint::Linter;
use ftlint::report::rules_table;
use ftlint::rule::{Check, Rule, Sample};
use ftlint::rules::{self, RULES};
use ftlint::selection::RuleSelection;
use ftlint::settings::Settings;
use ftlint::target::{Catalogue, OPENAI, Target};

/// Rules of which the fault is none at the default target.
const ELSEWHERE: [(&str, &str); 2] = [("first-message-not-user", "bedrock"), ("invalid-tool-call-id", "mistral")];

/// Lints with all rules but those that count examples, unless the rule at hand is one of them.
fn lint(rule: &'static Rule, bytes: &[u8]) -> Vec<Finding> {
    let counting = ["too-few-examples", "few-examples"].map(|name| rules::find(name).unwrap());
    let ignore: Vec<&Rule> = counting.into_iter().filter(|counting| *counting != rule).collect();
    let tokens = matches!(rule.check, Check::Tokens(_));
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == rule.name).map(|(_, target)| *target);
    let target = Catalogue::builtin().target(elsewhere.unwrap_or("openai")).unwrap();
    let selection = RuleSelection::without(&ignore).with(&[rule]);
    let settings = Settings { target, selection, tokens, ..Settings::default() };
    let mut linter = Linter::new(&settings);
    match rule.group() {
        "job" => {
            let name = if rule.name == "invalid-yaml" { "sample.yaml" } else { "sample.json" };
            linter.lint_request_bytes(name, bytes).1
        }
        _ => linter.lint_bytes("sample.jsonl", bytes).1,
    }
}

fn names(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.rule.name).collect()
}

#[test]
fn every_bad_example_has_its_fault_and_no_other() {
    for rule in RULES {
        let Some(bytes) = rule.bad.bytes() else { continue };
        let findings = lint(rule, &bytes);
        assert!(!findings.is_empty(), "{}: nothing was found", rule.name);
        for finding in &findings {
            assert_eq!(finding.rule.name, rule.name, "{}: {}", rule.name, finding.message);
        }
    }
}

#[test]
fn every_good_example_is_clean() {
    for rule in RULES {
        let Some(bytes) = rule.good.bytes() else { continue };
        assert_eq!(names(&lint(rule, &bytes)), [""; 0], "{}", rule.name);
    }
}

#[test]
fn codes_are_unique_and_sorted_and_names_say_allow() {
    let mut seen = HashSet::new();
    for pair in RULES.windows(2) {
        assert!(pair[0].code < pair[1].code, "{} before {}", pair[0].code, pair[1].code);
    }
    for rule in RULES {
        assert!(rule.code.len() == 5 && rule.code.starts_with("FT"), "{}", rule.code);
        assert!(seen.insert(rule.name), "{} twice", rule.name);
        assert!(rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
        assert!(
            !["no-", "use-", "avoid-", "prefer-"].iter().any(|start| rule.name.starts_with(start)),
            "{}",
            rule.name
        );
    }
}

#[test]
fn texts_are_complete_and_short() {
    for rule in RULES {
        let name = rule.name;
        assert!(rule.summary.chars().count() <= 90 && rule.summary.ends_with('.'), "{name}: {}", rule.summary);
        assert!(rule.why.ends_with('.') && !rule.why.is_empty(), "{name}: {}", rule.why);
        assert!(!rule.help.is_empty() && rule.label.chars().count() <= 48, "{name}: {}", rule.label);
    }
}

#[test]
fn a_rule_is_found_by_code_and_by_name() {
    for rule in RULES {
        assert_eq!(rules::find(rule.code), Some(*rule));
        assert_eq!(rules::find(&rule.name.to_uppercase()), Some(*rule));
    }
    assert_eq!(rules::find("FT999"), None);
}

#[test]
fn a_file_over_the_limit_is_too_large() {
    let small = Target { max_file_bytes: Some(60), ..OPENAI.clone() };
    let settings = Settings { target: Box::leak(Box::new(small)), tokens: false, ..Settings::default() };
    let line = "{\"prompt\":\"2+2=\",\"completion\":\" 4\"}\n";
    let found = |count: usize| {
        let findings = Linter::new(&settings).lint_bytes("train.jsonl", line.repeat(count).as_bytes()).1;
        findings.iter().any(|finding| finding.rule.name == "oversized-file" && finding.severity == Severity::Error)
    };
    assert!(!found(1));
    assert!(found(2));
    assert!(matches!(rules::find("oversized-file").unwrap().bad, Sample::Described(_)));
}

#[test]
fn a_job_over_the_limit_has_too_many_tokens() {
    let small: &'static Target = Box::leak(Box::new(Target { max_job_tokens: Some(400), ..OPENAI.clone() }));
    let found = |epochs: u64, tokens: bool| {
        let settings = Settings { target: small, epochs: Some(epochs), tokens, ..Settings::default() };
        // 350 tokens.
        let bytes = rules::find("few-examples").unwrap().good.bytes().unwrap();
        let findings = Linter::new(&settings).lint_bytes("train.jsonl", &bytes).1;
        findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
    };
    assert_eq!(found(1, true), [""; 0]);
    assert_eq!(found(2, true), ["700 tokens in 2 epochs; openai takes 400"]);
    assert_eq!(found(2, false), [""; 0]);
    assert!(matches!(rules::find("too-many-tokens").unwrap().bad, Sample::Described(_)));
}

#[test]
fn the_readme_has_the_table_of_rules() {
    let readme = include_str!("../README.md");
    assert!(readme.contains(&rules_table(rules::RULES)), "paste the output of `ftlint rules --output-format markdown`");
}
