//! `ftlint stats` counts what the API counted.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{fs, str};

use serde::Deserialize;

/// The tokens that prime a reply: the API bills them with a request, and they are no part of an example.
const PRIMING: u64 = 3;

#[derive(Deserialize)]
struct Vectors {
    cases: Vec<Case>,
}

/// A request without its answer, and the prompt tokens that came back, by encoding.
#[derive(Deserialize)]
struct Case {
    encodings: BTreeMap<String, u64>,
    request: serde_json::Value,
}

#[derive(Deserialize)]
struct Row {
    line: usize,
    tokens: u64,
}

#[test]
fn counts_are_those_of_the_api() {
    let vectors: Vectors = serde_json::from_str(include_str!("data/token_vectors.json")).unwrap();
    assert!(vectors.cases.len() >= 16);
    for (encoding, model) in [("cl100k_base", "gpt-3.5-turbo-0125"), ("cl100k_base", "gpt-4"), ("o200k_base", "gpt-4o")]
    {
        let cases: Vec<_> =
            vectors.cases.iter().filter_map(|case| Some((&case.request, *case.encodings.get(encoding)?))).collect();
        assert!(!cases.is_empty());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oracle-{model}.jsonl"));
        fs::write(&path, cases.iter().map(|(request, _)| format!("{request}\n")).collect::<String>()).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_ftlint"))
            .args(["stats", "--per-example", "--output-format", "json-lines", "--model", model])
            .arg(&path)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let rows: Vec<Row> =
            str::from_utf8(&output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.len(), cases.len());
        for (row, (request, observed)) in rows.iter().zip(&cases) {
            assert_eq!(row.tokens + PRIMING, *observed, "line {} with {model}: {request}", row.line);
        }
    }
}
