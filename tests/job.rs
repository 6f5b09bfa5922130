//! Requests for jobs and what comes back: ranges, published examples, a schema, and the command itself.

#[path = "common/folder.rs"]
mod folder;

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use folder::Folder;
use ftlint::finding::{Finding, Severity};
use ftlint::lint::Linter;
use ftlint::settings::Settings;
use serde_json::{Value, json};

const MODEL: &str = "gpt-4.1-mini-2025-04-14";

fn lint(request: &Value) -> Vec<Finding> {
    Linter::new(&Settings::default()).lint_request_bytes("request.json", request.to_string().as_bytes()).1
}

fn names(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.name).collect()
}

fn request() -> Value {
    json!({"model": MODEL, "training_file": "file-abc123"})
}

fn with(key: &str, value: Value) -> Value {
    let mut request = request();
    request[key] = value;
    request
}

fn with_method(method: &str, hyperparameters: Value) -> Value {
    let mut section = json!({"hyperparameters": hyperparameters});
    let mut request = request();
    if method == "reinforcement" {
        section["grader"] = string_check();
        request["model"] = json!("gpt-5-2025-08-07");
        request["validation_file"] = json!("file-def456");
    }
    request["method"] = json!({"type": method, method: section});
    request
}

fn with_grader(grader: Value) -> Value {
    let mut request = with_method("reinforcement", json!({}));
    request["method"]["reinforcement"]["grader"] = grader;
    request
}

fn string_check() -> Value {
    json!({"type": "string_check", "name": "exact", "input": "{{sample.output_text}}", "reference": "{{item.answer}}", "operation": "eq"})
}

fn similarity() -> Value {
    json!({"type": "text_similarity", "name": "similar", "input": "{{ sample.output_text }}", "reference": "{{ item.answer }}", "evaluation_metric": "rouge_l"})
}

fn score_model() -> Value {
    json!({"type": "score_model", "name": "score", "model": "gpt-4.1", "range": [0, 1],
        "input": [
            {"role": "developer", "content": "Rate the answer.", "type": "message"},
            {"role": "user", "content": {"type": "input_text", "text": "{{ item.question }}"}},
            {"role": "assistant", "content": [{"type": "output_text", "text": "{{sample.output_text}}"}, "And?"]},
            {"role": "user", "content": [{"type": "input_image", "image_url": "https://example.com/a.png", "detail": "low"},
                {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]},
        ],
        "sampling_params": {"seed": 7, "top_p": 1, "temperature": 0.5, "max_completions_tokens": 100, "reasoning_effort": "low"}})
}

fn label_model() -> Value {
    json!({"type": "label_model", "name": "tone", "model": "gpt-4.1", "input": [{"role": "user", "content": "Polite? {{sample.output_text}}"}],
        "labels": ["polite", "rude"], "passing_labels": ["polite"]})
}

fn multi(graders: Value, formula: &str) -> Value {
    json!({"type": "multi", "name": "all", "graders": graders, "calculate_output": formula})
}

#[test]
fn every_range_holds_at_its_ends_and_not_beyond() {
    let top = |key: &'static str| move |value: &Value| with("hyperparameters", json!({key: value}));
    let method = |name: &'static str, key: &'static str| move |value: &Value| with_method(name, json!({key: value}));
    type Make = Box<dyn Fn(&Value) -> Value>;
    let x = |length: usize| json!("x".repeat(length));
    let tags = |count: usize| json!(vec!["t"; count]);
    let wandb =
        |tags: &Value| with("integrations", json!([{"type": "wandb", "wandb": {"project": "p", "tags": tags}}]));
    let whole = |least: i64, most: i64| {
        let good = vec![json!(least), json!(most), json!("auto"), json!(least as f64)];
        let bad = vec![
            json!(least - 1),
            json!(most + 1),
            json!("Auto"),
            json!(least.to_string()),
            json!(1.5),
            json!(null),
            json!(true),
        ];
        (good, bad)
    };
    let mut table: Vec<(&str, Make, Vec<Value>, Vec<Value>)> = Vec::new();
    for name in ["supervised", "dpo", "reinforcement"] {
        let (good, bad) = whole(1, 50);
        table.push(("invalid-hyperparameter", Box::new(method(name, "n_epochs")), good, bad));
        let (good, bad) = whole(1, 256);
        table.push(("invalid-hyperparameter", Box::new(method(name, "batch_size")), good, bad));
        let good = vec![json!(1e-9), json!(1000), json!("auto")];
        table.push((
            "invalid-hyperparameter",
            Box::new(method(name, "learning_rate_multiplier")),
            good,
            vec![json!(0), json!(-0.1), json!([]), json!(null)],
        ));
    }
    let (good, bad) = whole(1, 50);
    table.push(("invalid-hyperparameter", Box::new(top("n_epochs")), good, bad));
    let (good, bad) = whole(1, 256);
    table.push(("invalid-hyperparameter", Box::new(top("batch_size")), good, bad));
    table.push(("invalid-hyperparameter", Box::new(top("learning_rate_multiplier")), vec![json!(0.1)], vec![json!(0)]));
    table.push((
        "invalid-hyperparameter",
        Box::new(method("dpo", "beta")),
        vec![json!(1e-6), json!(2), json!("auto")],
        vec![json!(0), json!(2.001), json!("high")],
    ));
    table.push((
        "invalid-hyperparameter",
        Box::new(method("reinforcement", "compute_multiplier")),
        vec![json!(0.000_011), json!(10), json!("auto")],
        vec![json!(0.000_01), json!(10.1)],
    ));
    for name in ["eval_interval", "eval_samples"] {
        table.push((
            "invalid-hyperparameter",
            Box::new(method("reinforcement", name)),
            vec![json!(1), json!(1_000_000), json!("auto")],
            vec![json!(0), json!(1.5)],
        ));
    }
    table.push((
        "unknown-option",
        Box::new(method("reinforcement", "reasoning_effort")),
        ["default", "low", "medium", "high"].map(|e| json!(e)).to_vec(),
        vec![json!("auto"), json!("minimal"), json!("")],
    ));
    table.push((
        "invalid-seed",
        Box::new(|seed| with("seed", seed.clone())),
        vec![json!(0), json!(2_147_483_647), json!(null)],
        vec![json!(-1), json!(2_147_483_648_u64), json!(1.5), json!("auto"), json!("1")],
    ));
    table.push((
        "invalid-suffix",
        Box::new(|suffix| with("suffix", suffix.clone())),
        vec![x(1), x(64), json!("é".repeat(64)), json!(null)],
        vec![x(0), x(65)],
    ));
    table.push((
        "invalid-integration",
        Box::new(move |value| wandb(value)),
        vec![tags(0), tags(50), json!(["x".repeat(64)])],
        vec![tags(51), json!(["x".repeat(65)])],
    ));
    table.push((
        "invalid-integration",
        Box::new(|count| {
            let count = usize::try_from(count.as_u64().unwrap()).unwrap();
            with("integrations", json!(vec![json!({"type": "wandb", "wandb": {"project": "p"}}); count]))
        }),
        vec![json!(0), json!(5)],
        vec![json!(6)],
    ));
    let pairs = |count: usize| (0..count).map(|n| (format!("k{n}"), json!("v"))).collect::<Value>();
    table.push((
        "invalid-metadata",
        Box::new(|metadata| with("metadata", metadata.clone())),
        vec![pairs(0), pairs(16), json!({"k".repeat(64): "v".repeat(512)}), json!(null)],
        vec![pairs(17), json!({"k".repeat(65): "v"}), json!({"k": "v".repeat(513)})],
    ));
    table.push((
        "oversized-grader-source",
        Box::new(|bytes| {
            let source = "#".repeat(usize::try_from(bytes.as_u64().unwrap()).unwrap());
            with_grader(json!({"type": "python", "name": "own", "source": source}))
        }),
        vec![json!(0), json!(255_999)],
        vec![json!(256_000)],
    ));
    table.push((
        "invalid-grader-number",
        Box::new(|most| {
            let mut grader = score_model();
            grader["sampling_params"]["max_completions_tokens"] = most.clone();
            with_grader(grader)
        }),
        vec![json!(1), json!(null)],
        vec![json!(0), json!("auto")],
    ));
    for (rule, make, good, bad) in table {
        for value in good {
            assert_eq!(names(&lint(&make(&value))), [""; 0], "{rule} with {value}");
        }
        for value in bad {
            assert_eq!(names(&lint(&make(&value))), [rule], "{rule} with {value}");
        }
    }
}

#[test]
fn both_generations_of_the_api_pass() {
    let published = [
        // 2024: hyperparameters at the top.
        json!({"training_file": "file-abc123", "model": "gpt-4o-mini"}),
        json!({"training_file": "file-abc123", "model": "gpt-4o-mini", "hyperparameters": {"n_epochs": 2}}),
        json!({"training_file": "file-abc123", "validation_file": "file-def456", "model": "gpt-4o-mini",
            "integrations": [{"type": "wandb", "wandb": {"project": "my-wandb-project", "name": "ft-run-display-name", "tags": ["first-experiment", "v2"]}}]}),
        // 2025: methods.
        json!({"training_file": "file-abc123", "model": "gpt-4o-mini",
            "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 2}}}}),
        json!({"training_file": "file-abc123", "validation_file": "file-def456", "model": "gpt-4o-2024-08-06",
            "method": {"type": "dpo", "dpo": {"hyperparameters": {"beta": 0.1}}}, "seed": 42, "suffix": "custom-model-name",
            "metadata": {"team": "support"}}),
        with_grader(string_check()),
        with_grader(similarity()),
        with_grader(score_model()),
        with_grader(
            json!({"type": "python", "name": "own", "source": "def grade(sample, item):\n    return 1.0\n", "image_tag": "2025-05-08"}),
        ),
        // Inner graders: by key, in a list, only one.
        with_grader(multi(json!({"a": string_check(), "b": label_model()}), "(a + b) / 2")),
        with_grader(multi(json!([string_check(), similarity()]), "0.5 * exact + 0.5 * similar")),
        with_grader(multi(string_check(), "exact")),
    ];
    for request in published {
        assert_eq!(names(&lint(&request)), [""; 0], "{request}");
    }
    let mut response_format = with_grader(string_check());
    response_format["method"]["reinforcement"]["response_format"] = json!({"type": "json_schema"});
    assert_eq!(names(&lint(&response_format)), [""; 0]);
    // The reference's own example names one file twice, and a model of its time.
    let mut old = json!({"training_file": "file-abc123", "validation_file": "file-abc123", "model": "gpt-3.5-turbo"});
    let mut found = names(&lint(&old));
    found.sort_unstable();
    assert_eq!(found, ["retired-model", "validation-is-training"]);
    old["model"] = json!("davinci-002");
    assert!(names(&lint(&old)).contains(&"retired-model"));
}

#[test]
fn one_slip_gives_one_finding() {
    let mut misspelt = request();
    misspelt.as_object_mut().unwrap().remove("training_file");
    misspelt["trainning_file"] = json!("file-abc123");
    assert_eq!(names(&lint(&misspelt)), ["unknown-parameter"]);
    let mut grader = string_check();
    grader.as_object_mut().unwrap().remove("reference");
    grader["refrence"] = json!("x");
    assert_eq!(names(&lint(&with_grader(grader))), ["missing-parameter"]);
    for (request, rule) in [
        (with("model", json!(null)), "wrong-parameter-type"),
        (with("model", json!("")), "missing-parameter"),
        (with("method", json!({"type": "sft", "supervised": {"hyperparameters": {"n_epochs": 3}}})), "unknown-method"),
        (with("method", json!({"type": "dpo", "dpo": {"beta": 0.1}})), "foreign-parameter"),
        (with_grader(json!({"type": "exact", "input": 3})), "unknown-grader"),
        (with_grader(json!(null)), "wrong-parameter-type"),
    ] {
        assert_eq!(names(&lint(&request)), [rule], "{request}");
    }
}

#[test]
fn models_close_on_their_day() {
    let found = |today: &str| {
        let settings = Settings { today: Some(today.to_owned()), ..Settings::default() };
        names(&Linter::new(&settings).lint_request_bytes("r.json", request().to_string().as_bytes()).1)
    };
    assert_eq!(found("2027-01-06"), [""; 0]);
    assert_eq!(found("2027-01-07"), ["retired-model"]);
    // Since when this one takes no jobs is not known, but that it did not when the table was made, and until when it ran.
    let found = |today: Option<&str>| {
        let settings = Settings { today: today.map(str::to_owned), ..Settings::default() };
        let request = json!({"model": "davinci-002", "training_file": "file-abc123"});
        Linter::new(&settings).lint_request_bytes("r.json", request.to_string().as_bytes()).1
    };
    assert_eq!(names(&found(Some("2026-01-01"))), [""; 0]);
    assert_eq!(names(&found(Some("2026-09-27"))), [""; 0]);
    for today in [Some("2026-09-28"), Some("2026-11-22"), None] {
        assert_eq!(found(today)[0].message, "`davinci-002` was retired on 2026-09-28", "{today:?}");
    }
}

#[test]
fn places_are_those_of_the_file() {
    let text =
        "\u{feff}{\r\n  \"model\": \"gpt-4.1-mni\",\r\n  \"training_file\": \"file-é\", \"n_epochs\": 3\r\n}\r\n";
    let (_, findings) = Linter::new(&Settings::default()).lint_request_bytes("r.json", text.as_bytes());
    let places: Vec<(u64, u64, u64, &str)> = findings
        .iter()
        .map(|finding| finding.place.as_ref().unwrap())
        .map(|place| (place.line, place.column, place.end_column, place.pointer.as_deref().unwrap()))
        .collect();
    assert_eq!(places, [(2, 12, 25, "/model"), (3, 30, 40, "/n_epochs")]);
    for (finding, marked) in findings.iter().zip(["\"gpt-4.1-mni\"", "\"n_epochs\""]) {
        let place = finding.place.as_ref().unwrap();
        let bytes = usize::try_from(place.bytes.start).unwrap()..usize::try_from(place.bytes.end).unwrap();
        assert_eq!(&text[bytes], marked);
        assert!(place.snippet.text.contains(marked), "{:?}", place.snippet);
    }
}

#[test]
fn yaml_says_the_same_at_its_own_places() {
    let yaml = "\
# größer als nötig
model: gpt-4.1-mni
training_file: 'file-abc123'
suffix: \"\"
method:
  type: dpo
  dpo:
    hyperparameters: {n_epochs: 0x33, beta: 2.5}
seed: -1
metadata:
  run: 7
  notes: |
    two
    lines
n_epochs: ~
";
    let json = json!({"model": "gpt-4.1-mni", "training_file": "file-abc123", "suffix": "",
        "method": {"type": "dpo", "dpo": {"hyperparameters": {"n_epochs": 51, "beta": 2.5}}}, "seed": -1,
        "metadata": {"run": 7, "notes": "two\nlines\n"}, "n_epochs": null});
    let settings = Settings::default();
    let mut linter = Linter::new(&settings);
    let findings = linter.lint_request_bytes("r.yaml", yaml.as_bytes()).1;
    let mut expected = names(&lint(&json));
    let mut found = names(&findings);
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    let marked: Vec<(u64, &str)> = findings
        .iter()
        .map(|finding| finding.place.as_ref().unwrap())
        .map(|place| {
            let bytes = usize::try_from(place.bytes.start).unwrap()..usize::try_from(place.bytes.end).unwrap();
            (place.line, &yaml[bytes])
        })
        .collect();
    assert_eq!(
        marked,
        [(2, "gpt-4.1-mni"), (4, "\"\""), (8, "0x33"), (8, "2.5"), (9, "-1"), (11, "7"), (15, "n_epochs")]
    );
}

#[test]
fn aliases_of_yaml_are_what_they_stand_for() {
    let yaml = "model: &m gpt-4.1-mini\ntraining_file: &f file-1\nvalidation_file: *f\nsuffix: *m\nhyperparameters: &h {n_epochs: &n 3, batch_size: *n}\n";
    let findings = Linter::new(&Settings::default()).lint_request_bytes("r.yml", yaml.as_bytes()).1;
    assert_eq!(names(&findings), ["validation-is-training"]);
    // Each line doubles what the one before stands for.
    let mut bomb = "a0: &a0 [x, x]\n".to_owned();
    for n in 1..60 {
        bomb += &format!("a{n}: &a{n} [*a{}, *a{}]\n", n - 1, n - 1);
    }
    // Few nodes, but long ones; in the second each stands under many anchors.
    let long = format!("a: &a {}\nb: ", "x".repeat(30_000));
    let aliases = vec!["*a"; 90_000].join(", ");
    let anchors = |of: &str| (0..100).fold(String::new(), |text, n| text + of.replace('#', &n.to_string()).as_str());
    for (text, reason) in [
        (bomb, "more than 100,000 nodes"),
        (format!("{long}[{aliases}]\n"), "more than 64 MiB"),
        (format!("{long}{}{aliases}{}\n", anchors("&n# ["), anchors("]")), "more than 64 MiB"),
        ("model: &a [*a]\n".to_owned(), "an alias to the node in which it stands"),
        ("model: &a [&b [x], *b, *a]\n".to_owned(), "an alias to the node in which it stands"),
        ("[".repeat(100_000), ""),
        ("- ".repeat(10_000), ""),
    ] {
        let findings = Linter::new(&Settings::default()).lint_request_bytes("r.yaml", text.as_bytes()).1;
        assert_eq!(names(&findings), ["invalid-yaml"], "{}", &text[..text.len().min(60)]);
        assert!(findings[0].message.contains(reason), "{reason}: {}", findings[0].message);
    }
    // An anchor may hold aliases and other anchors, and be meant again.
    let yaml = "model: gpt-4.1-mini\ntraining_file: file-1\nmetadata: {a: &a x, b: *a}\nintegrations: &i [&w {type: wandb, wandb: &p {project: p, tags: &t [*a, y]}}, *w]\n";
    let json = "{\"model\": \"gpt-4.1-mini\", \"training_file\": \"file-1\", \"metadata\": {\"a\": \"x\", \"b\": \"x\"}, \"integrations\": [{\"type\": \"wandb\", \"wandb\": {\"project\": \"p\", \"tags\": [\"x\", \"y\"]}}, {\"type\": \"wandb\", \"wandb\": {\"project\": \"p\", \"tags\": [\"x\", \"y\"]}}]}";
    let lint = |name: &str, text: &str| {
        let findings = Linter::new(&Settings::default()).lint_request_bytes(name, text.as_bytes()).1;
        findings.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
    };
    assert_eq!(lint("r.yaml", yaml), lint("r.json", json));
}

#[test]
fn broken_json_is_named_and_placed() {
    let cases: &[(&[u8], &str, u64, u64)] = &[
        (b"{\n  \"model\": \"a\",\n  \"training_file\": \"b\",\n}\n", "trailing-comma", 3, 23),
        (b"{\n  // the model\n  \"model\": \"a\"\n}\n", "comment", 2, 3),
        (b"{\n  \"model\": \"a\"\n  \"training_file\": \"b\"\n}\n", "missing-punctuation", 3, 3),
        (b"{\n  'model': 'a'\n}\n", "python-literal", 2, 3),
        (b"{\n  \"model\": \"a\nb\"\n}\n", "raw-control-character", 2, 14),
        (b"{\n  \"seed\": NaN\n}\n", "non-finite-number", 2, 11),
        (b"{\n  \"model\": \"\xff\"\n}\n", "invalid-utf8", 2, 13),
        (b"{\n  \"model\": \"a\",\n", "invalid-json", 2, 0),
        (b"", "invalid-json", 1, 1),
        (b"\n \n", "invalid-json", 1, 1),
        (b"{\"a\":1}\n{\"a\":2}\n", "invalid-json", 2, 1),
    ];
    for (text, rule, line, column) in cases {
        let findings = Linter::new(&Settings::default()).lint_request_bytes("r.json", text).1;
        assert_eq!(names(&findings), [*rule], "{}", String::from_utf8_lossy(text));
        let place = findings[0].place.as_ref().unwrap();
        assert_eq!((place.line, if *column == 0 { 0 } else { place.column }), (*line, *column), "{rule}");
        assert_eq!(findings[0].severity, Severity::Error);
    }
}

#[test]
fn what_is_no_request_gets_help_for_requests() {
    for (text, help) in [
        ("model: gpt-4.1-mini\ntraining_file: file-abc123\n", "This reads as YAML"),
        ("{\"messages\": []}\n{\"messages\": []}\n", "data is linted with `ftlint FILE`"),
        ("Dear API,\n", "Give the body of the request"),
        ("{'model': None}\n", "Write the request with `json.dumps`."),
    ] {
        let settings = Settings::default();
        let (_, findings) = Linter::new(&settings).lint_request_bytes("r.json", text.as_bytes());
        let [finding] = findings.as_slice() else { panic!("{text}: {findings:?}") };
        assert!(finding.help().contains(help), "{text}: {}", finding.help());
    }
}

#[test]
fn no_text_makes_it_panic() {
    let mut random = fastrand::Rng::with_seed(20_241_111);
    let base =
        serde_json::to_string_pretty(&with_grader(multi(json!({"a": score_model(), "b": label_model()}), "max(a, b)")))
            .unwrap();
    let yaml = "model: &a x\nmethod:\n  - {a: [1, *a, \"é\\n\"]}\n  - |\n    text\n---\n? k\n: v\n";
    for (name, base) in [("r.json", base.as_str()), ("r.yaml", base.as_str()), ("r.yaml", yaml)] {
        for _ in 0..300 {
            let mut bytes = base.as_bytes().to_vec();
            for _ in 0..random.usize(1..4) {
                let at = random.usize(..bytes.len());
                match random.u8(..3) {
                    0 => bytes[at] = random.u8(..),
                    1 => bytes.truncate(at.max(1)),
                    _ => bytes.insert(at, *random.choice(b"{}[]\",:\n\t#&*!|>-\\ \xc3\x00").unwrap()),
                }
            }
            let (_, findings) = Linter::new(&Settings::default()).lint_request_bytes(name, &bytes);
            for finding in findings {
                let place = finding.place.expect("all of them have a place");
                assert!(place.bytes.end <= bytes.len() as u64 && place.line >= 1 && place.last_line >= place.line);
            }
        }
    }
}

/// Rules that know more than the schema. All others must agree with it.
const BEYOND: &[&str] = &[
    "unknown-parameter",
    "missing-parameter", // what is empty
    "unknown-model",
    "retired-model",
    "model-method-mismatch",
    "invalid-metadata",
    "invalid-integration",
    "missing-validation-file",
    "missing-grader", // the schema does not tie the type to its settings
    "invalid-passing-labels",
    "invalid-formula",
    "validation-is-training",
];

/// The pointers of all values of `value`, itself included.
fn pointers(value: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut below = |key: &str, child: &Value| {
        all.extend(pointers(child).into_iter().map(|pointer| format!("/{key}{pointer}")));
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, child)| below(key, child)),
        Value::Array(elements) => elements.iter().enumerate().for_each(|(n, child)| below(&n.to_string(), child)),
        _ => {}
    }
    all
}

fn mutate(request: &mut Value, random: &mut fastrand::Rng) {
    const KEYS: [&str; 30] = [
        "model",
        "training_file",
        "validation_file",
        "suffix",
        "seed",
        "method",
        "hyperparameters",
        "integrations",
        "metadata",
        "type",
        "supervised",
        "dpo",
        "reinforcement",
        "grader",
        "n_epochs",
        "batch_size",
        "beta",
        "reasoning_effort",
        "compute_multiplier",
        "name",
        "input",
        "reference",
        "operation",
        "range",
        "labels",
        "graders",
        "calculate_output",
        "role",
        "content",
        "extra",
    ];
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(2.5),
        json!(51),
        json!(300),
        json!("auto"),
        json!(""),
        json!("x"),
        json!("x".repeat(65)),
        json!("supervised"),
        json!("dpo"),
        json!("reinforcement"),
        json!("string_check"),
        json!("multi"),
        json!("low"),
        json!("eq"),
        json!([]),
        json!({}),
        json!(["x"]),
        json!([{}]),
        json!({"a": "b"}),
        json!([1, 2]),
        string_check(),
        label_model(),
        multi(json!({"exact": string_check()}), "exact"),
    ];
    let place = random.choice(pointers(request)).unwrap();
    let value = request.pointer_mut(&place).unwrap();
    match (value, random.u8(..6)) {
        (Value::Object(members), 0 | 1) if !members.is_empty() => {
            let key = random.choice(members.keys().cloned().collect::<Vec<_>>()).unwrap();
            members.remove(&key);
        }
        (Value::Object(members), 2 | 3) => {
            members.insert(random.choice(KEYS).unwrap().to_owned(), random.choice(values).unwrap());
        }
        (Value::Array(elements), 0 | 1) if !elements.is_empty() => {
            elements.remove(random.usize(..elements.len()));
        }
        (Value::Array(elements), 2) => elements.insert(random.usize(..=elements.len()), random.choice(values).unwrap()),
        (value, _) if !place.is_empty() => *value = random.choice(values).unwrap(),
        _ => {}
    }
}

#[test]
fn nothing_that_the_schema_refuses_passes() {
    let schema: Value = serde_json::from_str(include_str!("schemas/job_request.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let requests = [
        json!({"model": MODEL, "training_file": "file-abc123", "validation_file": "file-def456", "suffix": "support", "seed": 7,
            "hyperparameters": {"n_epochs": 3, "batch_size": "auto", "learning_rate_multiplier": 0.5},
            "integrations": [{"type": "wandb", "wandb": {"project": "p", "name": null, "entity": "e", "tags": ["t"]}}],
            "metadata": {"team": "support"}}),
        with_method("supervised", json!({"n_epochs": 50, "batch_size": 256, "learning_rate_multiplier": "auto"})),
        with_method("dpo", json!({"n_epochs": "auto", "beta": 0.1})),
        with_method(
            "reinforcement",
            json!({"reasoning_effort": "low", "compute_multiplier": 1, "eval_interval": 5, "eval_samples": "auto"}),
        ),
        with_grader(score_model()),
        with_grader(multi(json!({"a": string_check(), "b": similarity(), "c": label_model()}), "a + b + c")),
        with_grader(multi(json!([string_check(), score_model()]), "exact + score")),
    ];
    let wanted = std::env::var("FTLINT_MUTATIONS").map_or(20_000, |n| n.parse().unwrap());
    let settings = Settings { errors_only: true, ..Settings::default() };
    let mut linter = Linter::new(&settings);
    let mut random = fastrand::Rng::with_seed(20_260_821);
    let (mut refused, mut beyond) = (0, 0);
    for request in &requests {
        assert!(schema.is_valid(request) && lint(request).is_empty(), "{request}");
    }
    for _ in 0..wanted {
        let mut request = random.choice(&requests).unwrap().clone();
        for _ in 0..random.usize(1..=3) {
            mutate(&mut request, &mut random);
        }
        let text = request.to_string();
        let (report, findings) = linter.lint_request_bytes("mutated.json", text.as_bytes());
        let valid = schema.is_valid(&request);
        refused += usize::from(!valid);
        let errors = report.count(Severity::Error);
        assert!(valid || errors > 0, "passed, but the schema refuses {text}");
        if valid && errors > 0 {
            beyond += 1;
            for finding in &findings {
                // Hyperparameters as Azure's guide has them, which the schema does not know.
                let pointer = finding.place.as_ref().and_then(|place| place.pointer.clone()).unwrap_or_default();
                if pointer.starts_with("/method/dpo/") && !pointer.contains("hyperparameters") {
                    continue;
                }
                assert!(BEYOND.contains(&finding.rule.name), "{}: {} in {text}", finding.rule.name, finding.message);
            }
        }
    }
    assert!(refused > wanted / 4 && beyond > wanted / 20, "{refused} refused, {beyond} beyond");
}

/// What a run of the command came to.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn job(&self, arguments: &[&str]) -> Run {
        self.job_with(arguments, "")
    }

    fn job_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.ftlint();
        command.current_dir(&self.0).arg("job").args(arguments);
        for name in ["NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "FTLINT_OUTPUT_FORMAT", "CI", "TERM"] {
            command.env_remove(name);
        }
        // 2026-11-22: models close, tests go on.
        command.env("SOURCE_DATE_EPOCH", "1795305600");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().expect("the command ends by itself"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn chats(count: usize) -> String {
    (0..count)
        .map(|n| {
            format!("{{\"messages\":[{{\"role\":\"user\",\"content\":\"What is {n} + 1?\"}},{{\"role\":\"assistant\",\"content\":\"It is {}.\"}}]}}\n", n + 1)
        })
        .collect()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

#[test]
fn a_job_is_linted_with_the_files_it_names() {
    let folder = Folder::new("files");
    folder.write("data/train.jsonl", chats(60)).write("data/valid.jsonl", chats(5).replace("What is", "How much is"));
    let mut request = with_method("supervised", json!({"n_epochs": 2}));
    request["training_file"] = json!("train.jsonl");
    request["suffix"] = json!("sums");
    folder.write("data/request.json", pretty(&request));
    let run = folder.job(&["data/request.json", "--validation-file", "data/valid.jsonl"]);
    insta::assert_snapshot!(run.stdout);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (0, "note: gpt-4.1-mini-2025-04-14 takes new jobs until 2027-01-06, which is in 45 days\n")
    );
    let run = folder.job(&["data/request.json", "--validation-file", "data/valid.jsonl", "--format", "json"]);
    insta::assert_snapshot!(pretty(&serde_json::from_str(&run.stdout).unwrap()));
    let run = folder.job(&["data/request.json", "--format", "json-lines"]);
    let types: Vec<String> = run
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(types, ["file", "finding", "request", "summary"]);
    let run = folder.job(&["data/request.json", "--format", "concise", "--max-cost", "0.001"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("FT406 over-budget"), "{}", run.stdout);
}

#[test]
fn requests_come_from_standard_input_and_as_yaml() {
    let folder = Folder::new("stdin");
    folder
        .write("train.jsonl", chats(60))
        .write("r.yaml", format!("model: {MODEL}\ntraining_file: train.jsonl\nseed: x\n"));
    let run = folder.job_with(&["-", "--format", "concise"], &with("seed", json!(-1)).to_string());
    assert_eq!(
        (run.code, run.stdout.lines().next()),
        (1, Some("<stdin>:1:43: FT717 invalid-seed `seed` is `-1`, not an integer from 0 to 2147483647"))
    );
    let run = folder.job_with(&["-", "--format", "concise"], &format!("model: {MODEL}\n"));
    assert_eq!(run.stdout, "<stdin>:1:1: FT705 missing-parameter the request has no `training_file`\n");
    let run = folder.job(&["r.yaml", "--format", "concise"]);
    assert_eq!(
        run.stdout,
        "r.yaml:2:16: FT722 path-as-file-id `training_file` is the path `train.jsonl`: its data were linted, but the API takes an id\nr.yaml:3:7: FT717 invalid-seed `seed` is `\"x\"`, not an integer from 0 to 2147483647\n"
    );
    // Its data from a pipe.
    folder.write("r.json", request().to_string());
    let run = folder.job_with(&["r.json", "--training-file", "-"], &chats(60));
    assert!(run.code == 0 && run.stdout.contains("trains on <stdin>: 60 examples"), "{}", run.stdout);
}

#[test]
fn a_report_never_overwrites_what_the_request_names() {
    let folder = Folder::new("overwritten");
    let data = chats(12);
    let paths = json!({"model": "gpt-4.1-mini", "training_file": "train.jsonl", "validation_file": "valid.jsonl"});
    folder.write("r.json", paths.to_string()).write("train.jsonl", data.clone()).write("valid.jsonl", data.clone());
    for file in ["train.jsonl", "valid.jsonl", "./train.jsonl"] {
        let run = folder.job(&["r.json", "--output-file", file]);
        assert_eq!(run.code, 2, "{file}: {}", run.stderr);
        assert!(run.stderr.contains("the report would overwrite this input"), "{file}: {}", run.stderr);
    }
    for file in ["train.jsonl", "valid.jsonl"] {
        assert_eq!(fs::read_to_string(folder.0.join(file)).unwrap(), data);
    }
    // Nor is an old report lost to a slip in the call.
    folder.write("report.txt", "old");
    for wrong in
        [&["r.json", "--config", "none.toml"][..], &["none.json"], &["--from", "r.json", "--config", "none.toml"]]
    {
        assert_eq!(folder.job(&[wrong, &["--output-file", "report.txt"]].concat()).code, 2);
        assert_eq!(fs::read_to_string(folder.0.join("report.txt")).unwrap(), "old", "{wrong:?}");
    }
}

#[test]
fn secrets_in_the_words_of_a_provider_are_hidden() {
    let folder = Folder::new("secret");
    let secret = format!("ghp_{}", "a1B2c3".repeat(6));
    let message = format!("Invalid file format. Example 2 contains an extra key near '{secret}'");
    let job = json!({"object": "fine_tuning.job", "id": "ftjob-1", "status": "failed",
        "error": {"code": "invalid_training_file", "message": message, "param": "training_file"}});
    let event = json!({"object": "fine_tuning.job.event", "created_at": 1, "level": "error", "message": message});
    folder.write("job.json", job.to_string()).write("events.json", json!({"data": [event]}).to_string());
    for format in ["full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson"] {
        let run = folder.job(&["--from", "job.json", "--events", "events.json", "--output-format", format]);
        assert!(run.stdout.contains("ghp_"), "{format}: {}", run.stdout);
        assert!(!(run.stdout.clone() + &run.stderr).contains(&secret[..12]), "{format}: {}", run.stdout);
    }
}

#[test]
fn the_config_says_when_a_request_fails_and_how_it_is_shown() {
    let folder = Folder::new("config");
    // A path in the place of an id is a warning.
    let paths = json!({"model": "gpt-4.1-mini", "training_file": "train.jsonl"});
    folder.write("r.json", paths.to_string()).write("train.jsonl", chats(60));
    let run = folder.job(&["r.json"]);
    assert!(run.code == 0 && run.stdout.contains("FT722"), "{}", run.stdout);
    folder.write("ftlint.toml", "deny-warnings = true\noutput-format = \"concise\"\n");
    let run = folder.job(&["r.json"]);
    assert!(run.code == 1 && run.stdout.contains("r.json:1:"), "{}", run.stdout);
    assert!(folder.job(&["r.json", "--output-format", "full"]).stdout.contains("\nFT722 path-as-file-id\n"));
    assert_eq!(folder.job(&["r.json", "--exit-zero"]).code, 0);
}

#[test]
fn a_list_without_jobs_is_called_that() {
    let folder = Folder::new("no-jobs");
    for list in ["[]", r#"{"object":"list","data":[]}"#] {
        folder.file("jobs.json", list);
        for format in ["full", "concise"] {
            let run = folder.job(&["--from", "jobs.json", "--output-format", format]);
            assert_eq!((run.code, run.stdout.as_str()), (0, "jobs.json: no jobs\n"));
        }
    }
}

#[test]
fn the_summary_of_a_request_shows_no_secret() {
    let folder = Folder::new("secret-request");
    let secret = format!("ghp_{}", "x9Kd".repeat(9));
    folder.file("r.json", format!(r#"{{"model":"{secret}","training_file":"file-1","suffix":"{secret}"}}"#));
    for format in ["full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson"] {
        let run = folder.job(&["r.json", "--output-format", format]);
        assert!(!run.stdout.contains("x9Kdx9Kd"), "{}", run.stdout);
        assert!(!format.starts_with("json") || run.stdout.matches("ghp_").count() >= 2, "{}", run.stdout);
    }
}

#[test]
fn a_call_says_when_a_request_fails() {
    let folder = Folder::new("exit");
    let paths = json!({"model": "gpt-4.1-mini", "training_file": "train.jsonl"});
    folder.write("r.json", paths.to_string()).write("train.jsonl", chats(60));
    for (flags, code, shown) in [
        (&[][..], 0, true),
        (&["--deny-warnings"], 1, true),
        (&["--deny-warnings", "-q"], 1, true),
        (&["--deny-warnings", "-e"], 0, true),
        (&["--max-warnings", "1"], 0, true),
        (&["--max-warnings", "0"], 1, true),
        (&["--max-warnings", "0", "-q"], 1, false),
    ] {
        let run = folder.job(&[&["r.json"], flags].concat());
        assert_eq!((run.code, run.stdout.contains("FT722")), (code, shown), "{flags:?}: {}", run.stdout);
    }
    let failed = json!({"object": "fine_tuning.job", "id": "ftjob-1", "model": MODEL, "status": "failed"});
    folder.write("job.json", failed.to_string());
    assert_eq!(folder.job(&["--from", "job.json"]).code, 1);
    assert_eq!(folder.job(&["--from", "job.json", "--exit-zero"]).code, 0);
    let run = folder.job(&["--events", "job.json"]);
    let missing = run.stderr.split("Usage").next().unwrap();
    assert!(missing.contains("--from <JOB>") && !missing.contains("<REQUEST>"), "{}", run.stderr);
}

#[test]
fn wrong_calls_are_refused() {
    let folder = Folder::new("wrong");
    folder.write("r.json", request().to_string()).write("x.json", "[1]").write("broken.json", "{\"a\":");
    for (arguments, said) in [
        (&[][..], "required arguments were not provided"),
        (&["r.json", "--from", "x.json"], "cannot be used with"),
        (&["r.json", "--events", "x.json"], "cannot be used with"),
        (&["--checkpoints", "x.json"], "--from"),
        (&["-", "--training-file", "-"], "only once"),
        (&["none.json"], "none.json: no such file or directory"),
        (&["r.json", "--training-file", "none.jsonl"], "none.jsonl: no such file or directory"),
        (&["--from", "x.json"], "x.json: neither a job nor its events or checkpoints"),
        (&["--from", "broken.json"], "broken.json: not JSON: EOF while parsing a value at line 1 column 5"),
        (&["--from", "none.json"], "none.json: no such file or directory"),
        (&["r.json", "--max-cost", "much"], "US dollars"),
        (&["r.json", "--output-file", "r.json"], "would overwrite"),
        (&["r.json", "--modle", "x"], "unexpected argument"),
    ] {
        let run = folder.job(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(said), "{arguments:?}: {}", run.stderr);
    }
    let help = folder.job(&["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.stdout.contains("Write the report to a file\n") && !help.stdout.contains("--fix"), "{}", help.stdout);
    assert!(help.stdout.lines().all(|line| line.chars().count() <= 100), "{}", help.stdout);
    assert_eq!(fs::read_to_string(folder.0.join("r.json")).unwrap(), request().to_string());
}

#[test]
fn the_errors_of_a_job_lead_to_its_lines() {
    let folder = Folder::new("errors");
    // The blank line makes example 37 stand on line 38.
    let mut lines: Vec<String> = chats(60).lines().map(str::to_owned).collect();
    lines[36] = lines[36].replacen('{', "{\"tools_used\":[],", 1);
    lines.insert(10, String::new());
    folder.write("train.jsonl", lines.join("\n"));
    let job = json!({"object": "fine_tuning.job", "id": "ftjob-1", "model": MODEL, "status": "failed", "fine_tuned_model": null,
        "trained_tokens": null, "result_files": [], "hyperparameters": {"n_epochs": "auto"},
        "error": {"code": "invalid_file_format", "param": "training_file",
            "message": "The job failed due to a file format error in the training file. Invalid file format. Example 37 contains an extra \"tools_used\"."}});
    folder.write("job.json", pretty(&job));
    let run = folder.job(&["--from", "job.json", "--training-file", "train.jsonl"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout);
    let alone = folder.job(&["--from", "job.json"]);
    insta::assert_snapshot!(alone.stdout);
    let json: Value = serde_json::from_str(
        &folder.job(&["--from", "job.json", "--training-file", "train.jsonl", "--format", "json"]).stdout,
    )
    .unwrap();
    let error = &json["errors"][0];
    assert_eq!((&error["rules"][0], &error["examples"]), (&json!("FT108"), &json!([37])));
    let finding = &error["findings"][0];
    assert_eq!((&finding["line"], &finding["pointer"]), (&json!(38), &json!("/tools_used")));
    // Flagged lines have nothing that a linter sees: they are shown as they are.
    let mut flagged = job;
    flagged["error"]["message"] = json!("This file failed moderation safety checks. Flagged lines: 4, 38 …");
    folder.write("job.json", flagged.to_string());
    let run = folder.job(&["--from", "job.json", "--training-file", "train.jsonl"]);
    assert!(run.stdout.contains("train.jsonl:4 (example 4): {"), "{}", run.stdout);
    assert!(run.stdout.contains("(line 4, line 38)") && !run.stdout.contains("FT108"), "{}", run.stdout);
}

/// They are read as the linter reads them: unpacked, and counted alike.
#[test]
fn lines_that_an_error_names_are_those_of_compressed_data() {
    let folder = Folder::new("packed");
    // Behind a byte order mark the first example has a comment, and the second one stands on two lines.
    let second = "{\"role\":\"user\",\"content\":\"What is 1 + 1?";
    let lines = chats(60).replacen(second, &format!("\n{second}"), 1).replacen("]}\n", "]} // one\n", 1);
    let text = format!("\u{feff}{lines}");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    folder.write("train.jsonl", &text).write("tr.gz", packed.finish().unwrap());
    folder.write("tr.zst", zstd::encode_all(text.as_bytes(), 1).unwrap());
    let job = |message: &str| {
        json!({"object": "fine_tuning.job", "id": "ftjob-1", "model": MODEL, "status": "failed",
            "error": {"code": "invalid_file_format", "param": "training_file", "message": message}})
    };
    let flagged = job("This file failed moderation safety checks. Flagged lines: 1, 3, 6 …");
    folder.write("lines.json", flagged.to_string());
    let example = job("Invalid file format. Example 5 message contains an invalid token: <|fim_suffix|>.");
    folder.write("example.json", example.to_string());
    for file in ["train.jsonl", "tr.gz", "tr.zst"] {
        for (job, line, example, question) in [
            ("lines.json", 1, 1, "{\"messages\":[{\"role\":\"user\",\"content\":\"What is 0 + 1?"),
            ("lines.json", 3, 2, "{\"role\":\"user\",\"content\":\"What is 1 + 1?"),
            ("lines.json", 6, 5, "{\"messages\":[{\"role\":\"user\",\"content\":\"What is 4 + 1?"),
            ("example.json", 6, 5, "{\"messages\":[{\"role\":\"user\",\"content\":\"What is 4 + 1?"),
        ] {
            let run = folder.job(&["--from", job, "--training-file", file]);
            let named = format!("{file}:{line} (example {example}): {question}");
            assert!(run.stdout.contains(&named), "{named}\n{}{}", run.stdout, run.stderr);
        }
    }
}

#[test]
fn a_finished_job_is_held_against_the_count_and_drawn() {
    let folder = Folder::new("finished");
    folder.write("train.jsonl", chats(60));
    let job = |trained: u64, epochs: Value| {
        json!({"object": "fine_tuning.job", "id": "ftjob-1", "model": MODEL, "status": "succeeded", "error": {}, "finished_at": 1_692_661_190,
            "fine_tuned_model": "ft:gpt-4.1-mini-2025-04-14:acme::7p4lURel", "trained_tokens": trained, "estimated_finish": 0,
            "usage_metrics": null, "training_file": "file-abc123", "validation_file": null,
            "hyperparameters": {"n_epochs": epochs, "batch_size": -1, "learning_rate_multiplier": 1.8}})
    };
    let checkpoint = |step: u64, loss: f64, accuracy: f64| {
        json!({"object": "fine_tuning.job.checkpoint", "id": format!("ftckpt_{step}"), "created_at": 1_692_661_000 + step, "step_number": step,
            "fine_tuned_model_checkpoint": format!("ft:gpt-4.1-mini-2025-04-14:acme::7p4lURel:ckpt-step-{step}\n"), "fine_tuning_job_id": "ftjob-1",
            "metrics": {"full_valid_loss": loss, "full_valid_mean_token_accuracy": accuracy}})
    };
    let event = |at: u64, message: &str| json!({"object": "fine_tuning.job.event", "id": format!("ftevent-{at}"), "created_at": at, "level": "info", "message": message, "data": null, "type": "message"});
    folder.write(
        "checkpoints.json",
        json!({"object": "list", "has_more": false, "first_id": "a", "last_id": "b",
        "data": [checkpoint(180, 0.134, 0.874), checkpoint(120, 0.167, 0.781), checkpoint(60, 0.9, 0.5)]})
        .to_string(),
    );
    folder.write(
        "events.json",
        json!({"object": "list", "has_more": true,
        "data": [event(2, "The job has successfully completed"), event(1, "Created fine-tuning job")]})
        .to_string(),
    );
    let billed = |epochs: u64| {
        let settings = Settings::default();
        let report = Linter::new(&settings).lint_bytes("train.jsonl", chats(60).as_bytes()).0;
        report.facts.lines.tokens.total * epochs
    };
    // Within the range: the service may bill what primes a reply.
    folder.write("job.json", job(billed(3) + 60, json!(-1)).to_string());
    let all = [
        "--from",
        "job.json",
        "--events",
        "events.json",
        "--checkpoints",
        "checkpoints.json",
        "--training-file",
        "train.jsonl",
    ];
    let run = folder.job(&all);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "{}", run.stdout);
    let json: Value = serde_json::from_str(&folder.job(&[&all[..], &["--format", "json"]].concat()).stdout).unwrap();
    assert_eq!(json["tokens"]["difference_percent"], json!(0.0));
    assert_eq!(
        json["metrics"][0],
        json!({"name": "full_valid_loss", "steps": [60, 120, 180], "values": [0.9, 0.167, 0.134]})
    );
    assert_eq!(json["events"][0]["message"], json!("Created fine-tuning job"));
    // Warnings are told, whatever is in them.
    folder.write("events.json", json!([{"level": "warn", "message": "slow\u{1b}[31m\nstart", "created_at": 3, "data": {"step": 1, "\u{9b}_loss": 2}}]).to_string());
    let run = folder.job(&all);
    assert!(run.stdout.contains("\n  warn: slow?[31m start\n"), "{}", run.stdout);
    assert!(!run.stdout.chars().any(|c| c.is_control() && c != '\n'), "{:?}", run.stdout);
    // Half of what is counted.
    folder.write(
        "job.json",
        json!({"object": "list", "data": [job(billed(2), json!(4))], "has_more": false}).to_string(),
    );
    let run = folder.job(&all);
    assert!(run.stdout.contains("in 4 epochs: 50.0 % fewer"), "{}", run.stdout);
}

#[test]
fn published_answers_are_read() {
    let folder = Folder::new("published");
    let answers = [
        json!({"object": "fine_tuning.job", "id": "ftjob-abc123", "model": "gpt-3.5-turbo-0125", "created_at": 1_614_807_352,
            "fine_tuned_model": null, "organization_id": "org-123", "result_files": [], "status": "queued", "validation_file": "file-abc123",
            "training_file": "file-abc123", "integrations": [{"type": "wandb", "wandb": {"project": "p", "entity": null, "run_id": "ftjob-abc123"}}]}),
        json!({"object": "fine_tuning.job", "id": "ftjob-abc123", "model": "davinci-002", "created_at": 1_692_661_014, "finished_at": 1_692_661_190,
            "fine_tuned_model": "ft:davinci-002:my-org:custom_suffix:7q8mpxmy", "organization_id": "org-123", "result_files": ["file-abc123"],
            "status": "succeeded", "validation_file": null, "training_file": "file-abc123",
            "hyperparameters": {"n_epochs": 4, "batch_size": 1, "learning_rate_multiplier": 1.0}, "trained_tokens": 5768, "integrations": [],
            "seed": 0, "estimated_finish": 0}),
        json!({"object": "fine_tuning.job", "id": "ftjob-abc123", "model": "gpt-3.5-turbo-0125", "fine_tuned_model": null, "result_files": [],
            "hyperparameters": {"n_epochs": "auto"}, "status": "cancelled", "validation_file": "file-abc123", "training_file": "file-abc123"}),
        // What the reference shows as a list of jobs.
        json!({"object": "list", "has_more": true, "data": [{"object": "fine_tuning.job.event", "id": "ft-event-1", "created_at": 1_689_813_489,
            "level": "warn", "message": "Fine tuning process stopping due to job cancellation", "data": null, "type": "message"}]}),
        json!({"object": "fine_tuning.job.event", "id": "ftevent-abc123", "created_at": 1_677_610_602, "level": "info", "message": "Created fine-tuning job"}),
        json!({"object": "fine_tuning.job.checkpoint", "id": "ftckpt_1", "created_at": 1_519_129_973, "step_number": 2000, "fine_tuning_job_id": "ftjob-abc123",
            "fine_tuned_model_checkpoint": "ft:gpt-3.5-turbo-0125:my-org:custom-suffix:96olL566:ckpt-step-2000",
            "metrics": {"full_valid_loss": 0.134, "full_valid_mean_token_accuracy": 0.874}}),
        // Azure's.
        json!({"object": "fine_tuning.job", "id": "ftjob-1", "model": "gpt-4o-mini-2024-07-18", "status": "paused", "result_files": null,
            "hyperparameters": {"n_epochs": -1, "batch_size": -1, "learning_rate_multiplier": 1}, "error": null}),
    ];
    for answer in answers {
        folder.write("answer.json", answer.to_string());
        let run = folder.job(&["--from", "answer.json"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{answer}");
        assert!(!run.stdout.is_empty(), "{answer}");
        // Given as a request it is said what it is.
        let run = folder.job(&["answer.json", "--format", "concise"]);
        assert!(
            run.code == 1 && run.stdout.contains("FT701 not-a-request this is what the API returned"),
            "{}",
            run.stdout
        );
    }
}

#[test]
fn a_target_has_models_and_suffixes_of_its_own() {
    let folder = Folder::new("target");
    let request = |model: &str, suffix: &str| {
        format!("{{\"model\": \"{model}\", \"training_file\": \"file-abc\", \"suffix\": \"{suffix}\"}}")
    };
    for (target, model, suffix, codes) in [
        ("openai", "gpt-4.1-2025-04-14", "a.b", &[][..]),
        ("azure", "gpt-4.1-2025-04-14", "a.b", &["FT716"]),
        ("azure", "gpt-4.1-2025-04-14", "ab", &[]),
        ("openai", "Ministral-3B", "ab", &["FT708"]),
        ("azure", "Ministral-3B", "ab", &[]),
        ("together", "meta-llama/Llama-4", "ab", &[]),
    ] {
        folder.write("request.json", request(model, suffix));
        let run = folder.job(&["--target", target, "--format", "json", "request.json"]);
        let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
        let found: Vec<&str> =
            report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect();
        assert_eq!(found, codes, "{target} {model} {suffix}");
    }
}

#[test]
fn a_model_of_the_config_is_known_to_jobs() {
    let folder = Folder::new("own-model");
    folder.write("train.jsonl", chats(60)).write(
        "ftlint.toml",
        "[models.chat-9]\nmethods = [\"supervised\"]\nformats = [\"chat\"]\nprice = { usd_per_million = 1e6 }\n",
    );
    let mut request = json!({"model": "chat-9", "training_file": "file-abc"});
    let call = ["request.json", "--training-file", "train.jsonl", "--output-format", "json"];
    folder.write("request.json", request.to_string());
    let (codes, report) = found(&folder.job(&call));
    assert_eq!(codes, [""; 0]);
    // A dollar a token.
    let job = &report["request"]["job"];
    assert_eq!(job["cost_usd"].as_f64(), job["billed_tokens"].as_f64());
    assert!(job["cost_usd"].as_f64().is_some_and(|cost| cost > 1000.0), "{job}");

    request["method"] = json!({"type": "dpo"});
    folder.write("request.json", request.to_string());
    assert_eq!(found(&folder.job(&call)).0, ["FT711"]);
    // What is called as Azure calls a tuned model may be a name of one's own.
    folder.write("ftlint.toml", "[models.\"acme.ft-base\"]\n[models.chat-9]\n");
    for (model, is_known) in [("acme.ft-base", true), ("chat-9.ft-abc", true), ("acme", false)] {
        folder.write("request.json", json!({"model": model, "training_file": "file-abc"}).to_string());
        let (codes, _) = found(&folder.job(&call));
        assert_eq!(codes.contains(&"FT708".to_owned()), !is_known, "{model}: {codes:?}");
    }
    request["model"] = json!("chat-8");
    folder.write("request.json", request.to_string());
    let (codes, report) = found(&folder.job(&call));
    assert!(codes.contains(&"FT708".to_owned()), "{codes:?}");
    assert!(report.to_string().contains("Did you mean `chat-9`?"), "{report}");
}

#[test]
fn what_a_budget_needs_is_there_or_said() {
    let folder = Folder::new("budget");
    folder.write("train.jsonl", chats(60));
    let request = json!({"model": "meta-llama/Llama-3", "training_file": "file-abc", "n_epochs": 3});
    folder.write("together.json", request.to_string());
    folder.write("openai.json", json!({"model": MODEL, "training_file": "file-abc"}).to_string());
    let of_file = ["--training-file", "train.jsonl"];
    let call = |request: &str, target: &str, more: &[&str]| {
        folder.job(&[&[request, "--target", target, "--max-cost", "1e-9", "--output-format", "json"], more].concat())
    };
    let unchecked = |run: &Run| run.stderr.contains("--max-cost is not checked");
    // The epochs of a request stand at the top at Together.
    let run = call("together.json", "together", &[&of_file[..], &["--price", "0.5"]].concat());
    let (codes, report) = found(&run);
    assert!(run.code == 1 && codes == ["FT406"] && !unchecked(&run), "{codes:?} {}", run.stderr);
    assert_eq!(report["request"]["job"]["epochs"], 3);
    for (request, target, more, said) in [
        ("together.json", "together", &of_file[..], "no price per token is known"),
        ("together.json", "together", &["--price", "0.5"][..], "the data to train on are not at hand"),
        ("openai.json", "openai", &[][..], "the data to train on are not at hand"),
    ] {
        let run = call(request, target, more);
        assert!(run.code == 0 && unchecked(&run) && run.stderr.contains(said), "{request} {more:?}: {}", run.stderr);
    }
    let wrong = folder.job(&["openai.json", "--max-cost", "-1"]);
    assert!(wrong.code == 2 && wrong.stderr.contains("invalid value '-1'"), "{}", wrong.stderr);
}

#[test]
fn a_request_is_not_taken_for_a_job() {
    let folder = Folder::new("not-a-job");
    folder.write("request.json", request().to_string());
    let run = folder.job(&["--from", "request.json"]);
    assert!(run.code == 2 && run.stderr.contains("`ftlint job FILE` lints it"), "{}", run.stderr);
    let error =
        "Input file file-abc is in the prompt-completion format, but the specified model gpt-4o is a chat model.";
    let job = json!({"object": "fine_tuning.job", "id": "ftjob-1", "model": MODEL, "status": "failed",
        "error": {"code": "invalid_file_format", "param": "training_file", "message": error}});
    folder.write("job.json", job.to_string());
    let run = folder.job(&["--from", "job.json"]);
    assert!(run.code == 1 && run.stdout.contains("not trained on the format of the file"), "{}", run.stdout);
}

#[test]
fn one_mistake_of_a_request_is_one_finding() {
    let folder = Folder::new("once");
    let line = |n: usize| format!("{{\"messages\":[{{\"role\":\"user\",\"content\":\"{n}?\"}}],\"answer\":\"{n}\"}}\n");
    folder.write("train.jsonl", (0..60).map(line).collect::<String>());
    folder.write("valid.jsonl", (60..80).map(line).collect::<String>());
    let mut grader = string_check();
    grader["reference"] = json!("{{item.anser}}");
    folder.write("request.json", with_grader(grader).to_string());
    let files = ["--training-file", "train.jsonl", "--validation-file", "valid.jsonl"];
    let (codes, _) = found(&folder.job(&[&["request.json", "--output-format", "json"][..], &files].concat()));
    assert_eq!(codes.iter().filter(|code| *code == "FT740").count(), 1, "{codes:?}");
    let nothing = with("hyperparameters", Value::Null);
    assert!(!names(&lint(&nothing)).contains(&"hyperparameters-twice"));
}

/// The codes of what is found, and the report for programs.
fn found(run: &Run) -> (Vec<String>, Value) {
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}{}", run.stdout, run.stderr));
    let codes = report["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap().to_owned());
    (codes.collect(), report)
}

#[test]
fn epochs_are_those_of_the_method_in_use() {
    let folder = Folder::new("epochs");
    folder.write("train.jsonl", chats(60));
    let n = |epochs: u64| json!({"hyperparameters": {"n_epochs": epochs}});
    for (method, top, epochs) in [
        (Some(json!({"type": "supervised", "supervised": n(1), "dpo": n(50)})), None, 1),
        (Some(json!({"type": "supervised", "dpo": n(50)})), None, 3),
        (Some(json!({"type": "supervised", "dpo": n(50)})), Some(json!({"n_epochs": 2})), 2),
        (Some(json!({"type": "supervised", "supervised": n(4)})), Some(json!({"n_epochs": 2})), 4),
        (None, Some(json!({"n_epochs": 2})), 2),
    ] {
        let mut request = request();
        request["method"] = method.unwrap_or_else(|| json!({"type": "supervised"}));
        if let Some(top) = top {
            request["hyperparameters"] = top;
        }
        folder.write("r.json", request.to_string());
        let run = folder.job(&["r.json", "--training-file", "train.jsonl", "--format", "json"]);
        assert_eq!(found(&run).1["request"]["job"]["epochs"], json!(epochs), "{request}");
    }
}

#[test]
fn lines_for_reinforcement_need_no_keys_of_their_own() {
    let folder = Folder::new("graded");
    let open = |topic: &str, role: &str| -> String {
        let line = |n| json!({"messages": [{"role": role, "content": "Add."}, {"role": "user", "content": format!("{n} {topic}?")}]});
        (0..60).map(|n| line(n).to_string() + "\n").collect()
    };
    folder.write("train.jsonl", open("and 1", "developer")).write("valid.jsonl", open("and 2", "developer"));
    let mut request =
        with_grader(json!({"type": "python", "name": "own", "source": "def grade(sample, item): return 1"}));
    folder.write("r.json", request.to_string());
    let arguments =
        ["r.json", "--training-file", "train.jsonl", "--validation-file", "valid.jsonl", "--format", "json"];
    assert_eq!(found(&folder.job(&arguments)).0, [""; 0]);
    // What such a job does not take is told as that.
    folder.write("train.jsonl", open("and 1", "system"));
    let (codes, _) = found(&folder.job(&arguments));
    assert!(codes.len() == 60 && codes.iter().all(|code| code == "FT313"), "{codes:?}");
    folder.write("train.jsonl", chats(60));
    assert_eq!(found(&folder.job(&arguments)).0, ["FT712"]);
    // For another job the answers are missing.
    folder.write("train.jsonl", open("and 1", "user"));
    request["method"] = json!({"type": "supervised"});
    request["model"] = json!(MODEL);
    folder.write("r.json", request.to_string());
    let (codes, _) = found(&folder.job(&arguments));
    assert!(codes.contains(&"FT112".to_owned()), "{codes:?}");
}

#[test]
fn keys_are_wanted_however_the_template_writes_them() {
    let folder = Folder::new("subscripts");
    let line =
        |n: u64| json!({"messages": [{"role": "user", "content": format!("{n} and 1?")}], "ref": n, "a.b": {"c d": 1}});
    folder.write("train.jsonl", (0..60).map(|n| line(n).to_string() + "\n").collect::<String>());
    let arguments = ["r.json", "--training-file", "train.jsonl", "--format", "json"];
    for (template, codes) in [
        ("{{ item['ref'] }} {{ item.ref }} {{item[\"a.b\"]['c d']}}", &[][..]),
        ("{{ item['reference'] }}", &["FT740"]),
        ("{{ item['reference'] }} {{ item.reference }}", &["FT740"]),
        ("{{ item.a.b }}", &["FT740"]),
        ("{{ item['a.b']['x'] }}", &["FT740"]),
    ] {
        let mut grader = string_check();
        grader["reference"] = json!(template);
        folder.write("r.json", with_grader(grader).to_string());
        assert_eq!(found(&folder.job(&arguments)).0, codes, "{template}");
    }
}

#[test]
fn no_file_is_trained_on_and_validated_with() {
    let folder = Folder::new("same");
    folder.write("tr.jsonl", chats(60)).write("copy.jsonl", chats(60)).write("ids.json", request().to_string());
    let paths = |training: &str, validation: &str| {
        json!({"model": MODEL, "training_file": training, "validation_file": validation}).to_string()
    };
    folder.write("one.json", paths("file-a", "file-a")).write("two.json", paths("file-a", "file-b"));
    folder.write("paths.json", paths("tr.jsonl", "./tr.jsonl"));
    let flags = |validation| ["--training-file", "tr.jsonl", "--validation-file", validation];
    for (request, flags, code) in [
        ("ids.json", &flags("tr.jsonl")[..], "FT720"),
        ("ids.json", &flags("./tr.jsonl"), "FT720"),
        ("two.json", &flags("tr.jsonl"), "FT720"),
        ("one.json", &flags("tr.jsonl"), "FT720"),
        ("one.json", &[], "FT720"),
        ("paths.json", &[], "FT720"),
        ("ids.json", &flags("copy.jsonl"), "FT506"),
    ] {
        let run = folder.job(&[&[request, "--format", "json"], flags].concat());
        let (mut codes, _) = found(&run);
        codes.retain(|code| code != "FT722");
        assert_eq!((run.code, codes), (1, vec![code.to_owned()]), "{request} {flags:?}");
    }
}

#[test]
fn files_that_are_not_there_and_data_that_was_not_looked_at_are_told() {
    let folder = Folder::new("unseen");
    folder.write("data/train.jsonl", chats(60)).write("data/other.txt", "");
    let with_file = |file: &str| json!({"model": MODEL, "training_file": file}).to_string();
    for (file, said) in [
        ("trian.jsonl", "data/trian.jsonl: no such file or directory; did you mean `data/train.jsonl`?"),
        ("../data/none.jsonl.gz", "none.jsonl.gz: no such file or directory\n"),
        ("/none/train.ndjson", "/none/train.ndjson: no such file or directory\n"),
        ("./", "data/./: is a directory"),
    ] {
        folder.write("data/r.json", with_file(file));
        let run = folder.job(&["data/r.json"]);
        assert!(run.code == 2 && run.stderr.contains(said), "{file}: {}", run.stderr);
        // The data may be named otherwise.
        let run = folder.job(&["data/r.json", "--training-file", "data/train.jsonl"]);
        assert!(run.code == 0 && !run.stdout.contains("its data were linted"), "{file}: {}", run.stdout);
    }
    // Ids with slashes, and what is elsewhere.
    for file in ["accounts/acme/datasets/chats", "s3://acme/train.jsonl", "file-abc123"] {
        folder.write("data/r.json", with_file(file));
        let run = folder.job(&["data/r.json"]);
        assert_eq!(run.code, 0, "{file}: {}", run.stderr);
        let said = "  the data to train on were not looked at: --training-file FILE names them\n";
        assert!(run.stdout.contains(said), "{file}: {}", run.stdout);
    }
    folder.write("data/r.json", with_file("./train.jsonl"));
    let run = folder.job(&["data/r.json"]);
    assert!(run.code == 0 && run.stdout.contains("its data were linted") && !run.stdout.contains("not looked at"));
    let run = folder.job(&["data/r.json", "--training-file", "data/tran.jsonl"]);
    assert!(run.code == 2 && run.stderr.contains("did you mean `data/train.jsonl`?"), "{}", run.stderr);
}

#[test]
fn a_provider_takes_its_own_parameters() {
    use ftlint::target::Catalogue;
    let request = json!({"model": "gpt-4.1-2025-04-14", "training_file": "file-abc", "trainingType": "Standard", "prompt_loss_weight": 0.1,
        "method": {"type": "dpo", "dpo": {"beta": 0.1, "l2_multiplier": 0.1, "hyperparameters": {"l2_multiplier": 0.2}}}});
    let mut wrong = request.clone();
    wrong["training_type"] = json!("Standard");
    wrong["method"]["dpo"]["beta"] = json!(3);
    wrong["method"]["dpo"]["eval_samples"] = json!(3);
    let found = |target: &str, request: &Value| {
        let settings = Settings { target: Catalogue::builtin().target(target).unwrap(), ..Settings::default() };
        let findings = Linter::new(&settings).lint_request_bytes("r.json", request.to_string().as_bytes()).1;
        let mut names = names(&findings);
        names.sort_unstable();
        (names, findings)
    };
    assert_eq!(found("azure", &request).0, [""; 0]);
    for target in ["openai", "together"] {
        let (names, findings) = found(target, &request);
        assert_eq!(names, ["foreign-parameter"; 5], "{target}");
        assert!(findings.iter().any(|finding| finding.message == "`trainingType` is a parameter of `azure`"));
    }
    let (names, findings) = found("azure", &wrong);
    assert_eq!(names, ["invalid-hyperparameter", "unknown-parameter", "unknown-parameter"], "{findings:?}");
}

#[test]
fn one_slip_in_a_request_is_one_finding() {
    let integration = |integration: Value| with("integrations", json!([integration]));
    assert_eq!(names(&lint(&integration(json!({"type": "wandb", "project": "p"})))), ["missing-parameter"]);
    let mut plural = with_grader(string_check());
    let section = plural["method"]["reinforcement"].as_object_mut().unwrap();
    let grader = section.remove("grader").unwrap();
    section.insert("graders".to_owned(), grader);
    assert_eq!(names(&lint(&plural)), ["unknown-parameter"]);
    let of_other = json!({"type": "dpo", "supervised": {"hyperparameters": {"beta": 0.1}}});
    assert_eq!(names(&lint(&with("method", of_other))), ["method-section-mismatch"]);
    let others = json!({"model": "meta-llama/Llama-3.3-70B-Instruct-Reference", "training_file": "file-1", "n_epochs": 3, "lora": true});
    assert_eq!(names(&lint(&others)), ["unknown-model"]);
    let single = |reference: &str| {
        let mut grader = string_check();
        grader["reference"] = json!(reference);
        names(&lint(&with_grader(grader)))
    };
    assert_eq!(single("{item.answer}"), ["invalid-template"]);
    assert_eq!(single("{answer} {{item.answer}}"), [""; 0]);
}

#[test]
fn requests_of_other_providers_say_that_they_are_not_linted() {
    let folder = Folder::new("other-requests");
    folder.write("train.jsonl", chats(60)).write("valid.jsonl", chats(70));
    // Mistral names files in lists.
    for (train, valid) in [
        (json!(["train.jsonl"]), json!(["valid.jsonl"])),
        (json!([{"file_id": "train.jsonl", "weight": 1}]), json!(null)),
    ] {
        folder.write(
            "mistral.json",
            json!({"model": "open-mistral-7b", "training_files": train, "validation_files": valid}).to_string(),
        );
        let run = folder.job(&["mistral.json", "--target", "mistral", "--output-format", "json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        assert!(!report["request"]["job"].is_null(), "{}", run.stdout);
        assert!(run.stderr.contains("requests for jobs at mistral are not linted: of this one"), "{}", run.stderr);
    }
    let bodies = [
        ("fireworks", json!({"dataset": "accounts/me/datasets/train", "baseModel": "m"})),
        ("bedrock", json!({"jobName": "j", "trainingDataConfig": {"s3Uri": "s3://b/train.jsonl"}})),
        ("axolotl", json!({"base_model": "m"})),
    ];
    for (target, body) in bodies {
        folder.write("body.json", body.to_string());
        let run = folder.job(&["body.json", "--target", target]);
        let said = format!("requests for jobs at {target} are not linted, and this one names no file that is here");
        assert!(run.code == 0 && run.stderr.contains(&said), "{}", run.stderr);
    }
    let run = folder.job(&["body.json", "--target", "axolotl", "--quiet"]);
    assert!(!run.stderr.contains("not linted"), "{}", run.stderr);
    folder.write("request.json", request().to_string());
    assert!(!folder.job(&["request.json"]).stderr.contains("not linted"));
}

#[test]
fn validation_is_billed_where_the_provider_bills_it() {
    let folder = Folder::new("billed-validation");
    folder.write("train.jsonl", chats(60)).write("valid.jsonl", chats(10));
    let billed = |target: &str, evaluations: u64| {
        let request = json!({"model": "m", "training_file": "train.jsonl", "validation_file": "valid.jsonl",
            "n_epochs": 3, "n_evals": evaluations});
        folder.write("request.json", request.to_string());
        let run = folder.job(&["request.json", "--target", target, "--output-format", "json"]);
        let report: Value = serde_json::from_str(&run.stdout).unwrap();
        report["request"]["job"]["billed_tokens"].as_u64().unwrap()
    };
    let none = billed("together", 0);
    let once = billed("together", 1) - none;
    assert!(once > 0 && once < none / 3, "{once} of {none}");
    assert_eq!(billed("together", 4), none + 4 * once);
    assert_eq!(billed("fireworks", 4), none);
}

/// The data of a job are the same data elsewhere.
#[test]
fn the_baseline_of_a_config_counts_for_the_files_of_a_job() {
    let folder = Folder::new("job-baseline");
    let line = |role: &str, n: u32| {
        json!({"messages": [{"role": role, "content": n.to_string()}, {"role": "assistant", "content": "a"}]})
            .to_string()
            + "\n"
    };
    let text: String = line("usr", 0) + &(1..60).map(|n| line("user", n)).collect::<String>();
    folder.write("t.jsonl", text).write("r.json", json!({"model": MODEL, "training_file": "t.jsonl"}).to_string());
    let found = |folder: &Folder| folder.job(&["r.json", "--output-format", "concise"]).stdout.contains("FT104");
    assert!(found(&folder));
    assert!(folder.ftlint().args(["t.jsonl", "--write-baseline", "k.txt"]).output().unwrap().status.success());
    folder.write("ftlint.toml", "baseline = \"k.txt\"\n");
    assert!(!found(&folder));
    folder.write("ftlint.toml", "baseline = \"no.txt\"\n");
    let run = folder.job(&["r.json"]);
    assert!(run.code == 2 && run.stderr.contains("baseline: no.txt: no such file"), "{}", run.stderr);
}

#[test]
fn counts_that_nobody_counted_are_unknown() {
    let folder = Folder::new("job-absurd");
    let job = json!({"object": "fine_tuning.job", "id": "ftjob-1", "status": "succeeded", "model": MODEL,
        "hyperparameters": {"n_epochs": 1e18, "batch_size": u64::MAX}, "trained_tokens": 1e300});
    folder.write("job.json", job.to_string());
    let run = folder.job(&["--from", "job.json"]);
    assert!(run.code == 0 && !run.stdout.contains("000,000"), "{}{}", run.stdout, run.stderr);
}
