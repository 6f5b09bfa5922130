//! The stages of the pipeline, each beside the one it builds on, down to reading the bytes.
//!
//! `cargo bench --bench pipeline` prints bytes per second. `FTLINT_BENCH_FILE=FILE` measures on a
//! file instead of on made-up lines. One stage is to be compared with the others of the same run:
//! machines differ, and so does one machine from hour to hour.

use std::hint::black_box;
use std::io::Write as _;

use bumpalo::Bump;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ftlint::example::Example;
use ftlint::json::Parser;
use ftlint::lint::Linter;
use ftlint::settings::Settings;

/// Chat lines of 0.2 to 8 kB, every fifth with tools.
fn chat_lines(bytes: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(1);
    let words =
        ["the", "model", "answers", "in", "German,", "\\\"quoted\\\"", "naïve", "42", "tokens.\\n", "and", "then"];
    let text = |random: &mut fastrand::Rng, length: usize| {
        let mut text = String::new();
        while text.len() < length {
            text.push_str(random.choice(words).unwrap_or("so"));
            text.push(' ');
        }
        text
    };
    let mut lines = Vec::with_capacity(bytes + 16_384);
    while lines.len() < bytes {
        let (question, answer) = (random.usize(40..1000), random.usize(100..6000));
        let (question, answer) = (text(&mut random, question), text(&mut random, answer));
        let written = if random.u8(..5) == 0 {
            writeln!(
                lines,
                r#"{{"messages":[{{"role":"user","content":"{question}"}},{{"role":"assistant","tool_calls":[{{"id":"call_1","type":"function","function":{{"name":"search","arguments":"{{\"query\":\"tokens\",\"limit\":5}}"}}}}]}},{{"role":"tool","tool_call_id":"call_1","content":"{answer}"}},{{"role":"assistant","content":"{answer}"}}],"tools":[{{"type":"function","function":{{"name":"search","description":"Searches.","parameters":{{"type":"object","properties":{{"query":{{"type":"string"}},"limit":{{"type":"integer"}}}},"required":["query"]}}}}}}]}}"#
            )
        } else {
            writeln!(
                lines,
                r#"{{"messages":[{{"role":"system","content":"Be brief."}},{{"role":"user","content":"{question}"}},{{"role":"assistant","content":"{answer}"}}]}}"#
            )
        };
        written.expect("memory can be written");
    }
    lines
}

fn stages(criterion: &mut Criterion) {
    let bytes = match std::env::var_os("FTLINT_BENCH_FILE") {
        Some(path) => std::fs::read(path).expect("FTLINT_BENCH_FILE can be read"),
        None => chat_lines(8 << 20),
    };
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', &bytes).collect();
    let lines = || {
        ends.iter().scan(0, |start, &end| {
            let line = &bytes[*start..end];
            *start = end + 1;
            Some(line)
        })
    };
    let mut group = criterion.benchmark_group("pipeline");
    group.throughput(Throughput::Bytes(bytes.len() as u64)).sample_size(20);

    group.bench_function("read the bytes", |bench| {
        let word = |word: &[u8]| u64::from_ne_bytes(word.try_into().expect("words have eight bytes"));
        bench.iter(|| black_box(&bytes).chunks_exact(8).fold(0u64, |sum, bytes| sum.wrapping_add(word(bytes))));
    });
    group.bench_function("find the lines", |bench| {
        bench.iter(|| memchr::memchr_iter(b'\n', black_box(&bytes)).count());
    });
    group.bench_function("simd-json's bare tape", |bench| {
        let mut scratch = Vec::new();
        let mut buffers = simd_json::Buffers::default();
        bench.iter(|| {
            let mut spare = simd_json::Tape(Vec::new());
            for line in lines() {
                scratch.clear();
                scratch.extend_from_slice(line);
                scratch.resize(line.len() + simd_json::INPUT_PADDING, b' ');
                let mut tape = spare.reset();
                let parsed = simd_json::fill_tape_padded(&mut scratch, line.len(), &mut buffers, &mut tape);
                assert!(parsed.is_ok());
                spare = tape.reset();
            }
        });
    });
    group.bench_function("parse", |bench| {
        let mut parser = Parser::default();
        bench.iter(|| lines().map(|line| parser.parse(line).map_or(0, |doc| doc.len())).sum::<usize>());
    });
    group.bench_function("parse and read examples", |bench| {
        let (mut parser, mut arguments, mut arena) = (Parser::default(), Parser::default(), Bump::new());
        bench.iter(|| {
            for line in lines() {
                arena.reset();
                let doc = parser.parse(line).expect("the lines are JSON");
                black_box(Example::read(&doc, &arena, &mut arguments));
            }
        });
    });
    for (name, threads, tokens) in
        [("lint, one thread", Some(1), false), ("lint, all threads", None, false), ("lint with tokens", None, true)]
    {
        let settings = Settings { threads, tokens, max_per_rule: Some(5), ..Settings::default() };
        let mut linter = Linter::new(&settings);
        group.bench_function(name, |bench| bench.iter(|| linter.lint_bytes("bench.jsonl", black_box(&bytes))));
    }
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
