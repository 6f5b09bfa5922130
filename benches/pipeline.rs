//! The stages of the pipeline, each beside the one it builds on, down to reading the bytes.
//!
//! `cargo bench --bench pipeline` prints bytes per second, and at the end what share of the speed of
//! simd-json's bare tape the whole linter has, with one thread and with one a core.
//! `FTLINT_BENCH_FILE=FILE` measures on a file instead of on made-up lines. One stage is to be
//! compared with the others of the same run: machines differ, and so does one machine from hour to hour.

use std::cell::RefCell;
use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use bumpalo::Bump;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ftlint::example::{Example, Expected, Memory};
use ftlint::json::Parser;
use ftlint::lint::Linter;
use ftlint::settings::Settings;
use rayon::prelude::*;

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

/// What parsing a line and nothing else needs.
#[derive(Default)]
struct Bare {
    scratch: Vec<u8>,
    buffers: simd_json::Buffers,
    spare: Vec<simd_json::Node<'static>>,
}

impl Bare {
    /// Copies each line to the scratch and parses it there.
    fn parse(&mut self, lines: &[u8]) {
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', lines) {
            let line = &lines[start..end];
            start = end + 1;
            self.scratch.clear();
            self.scratch.extend_from_slice(line);
            self.scratch.resize(line.len() + simd_json::INPUT_PADDING, b' ');
            let mut tape = simd_json::Tape(std::mem::take(&mut self.spare)).reset();
            let parsed = simd_json::fill_tape_padded(&mut self.scratch, line.len(), &mut self.buffers, &mut tape);
            assert!(parsed.is_ok());
            self.spare = tape.reset().0;
        }
    }
}

thread_local! {
    static BARE: RefCell<Bare> = RefCell::default();
}

/// Chunks of whole lines, as large as those of the linter.
fn chunks(bytes: &[u8]) -> Vec<&[u8]> {
    let mut chunks = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let least = rest.len().min(512 * 1024);
        let end = memchr::memchr(b'\n', &rest[least - 1..]).map_or(rest.len(), |newline| least + newline);
        let (chunk, behind) = rest.split_at(end);
        chunks.push(chunk);
        rest = behind;
    }
    chunks
}

/// The bare tape of all lines, with the threads of the pool at hand.
fn bare_tape(chunks: &[&[u8]]) {
    chunks.par_iter().with_max_len(1).for_each(|chunk| BARE.with_borrow_mut(|bare| bare.parse(chunk)));
}

/// The whole linter without tokens against the bare tape: pairs in turn, so that what else the machine does falls on
/// both. A middle pair is told, and between what a quarter of the pairs are.
#[expect(clippy::print_stdout, reason = "that is the result")]
fn shares(bytes: &[u8]) {
    const PAIRS: usize = 31;
    let chunks = chunks(bytes);
    for threads in [Some(1), None] {
        let settings = Settings { threads, tokens: false, max_per_rule: Some(5), ..Settings::default() };
        let mut linter = Linter::new(&settings);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build().expect("threads");
        let time = |work: &mut dyn FnMut()| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64()
        };
        let mut pairs: Vec<(f64, f64)> = (0..PAIRS)
            .map(|_| {
                let bare = time(&mut || pool.install(|| bare_tape(black_box(&chunks))));
                let lint = time(&mut || drop(black_box(linter.lint_bytes("bench.jsonl", black_box(bytes)))));
                (bare, lint)
            })
            .collect();
        pairs.sort_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1)));
        let share = |place: usize| 100.0 * pairs[place].0 / pairs[place].1;
        let best =
            |time: fn(&(f64, f64)) -> f64| bytes.len() as f64 / 1e9 / pairs.iter().map(time).fold(f64::MAX, f64::min);
        println!(
            "{} pairs, {} threads: lint has {:.0} % of the speed of the bare tape ({:.0} to {:.0}); at best {:.2} and {:.2} GB/s",
            PAIRS,
            pool.current_num_threads(),
            share(PAIRS / 2),
            share(PAIRS / 4),
            share(PAIRS - 1 - PAIRS / 4),
            best(|pair| pair.1),
            best(|pair| pair.0),
        );
    }
}

/// The file that is asked for, or made-up lines.
fn input() -> Vec<u8> {
    match std::env::var_os("FTLINT_BENCH_FILE") {
        Some(path) => std::fs::read(path).expect("FTLINT_BENCH_FILE can be read"),
        None => chat_lines(8 << 20),
    }
}

fn stages(criterion: &mut Criterion) {
    let bytes = input();
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
        let mut bare = Bare::default();
        bench.iter(|| bare.parse(black_box(&bytes)));
    });
    let chunks = chunks(&bytes);
    group.bench_function("simd-json's bare tape, all threads", |bench| bench.iter(|| bare_tape(black_box(&chunks))));
    group.bench_function("parse", |bench| {
        let mut parser = Parser::default();
        bench.iter(|| lines().map(|line| parser.parse(line).map_or(0, |doc| doc.len())).sum::<usize>());
    });
    group.bench_function("parse and read examples", |bench| {
        let (mut parser, mut memory, mut arena) = (Parser::default(), Memory::default(), Bump::new());
        bench.iter(|| {
            for line in lines() {
                arena.reset();
                let doc = parser.parse(line).expect("the lines are JSON");
                black_box(Example::read(&doc, &arena, &mut memory, Expected::default()));
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
    shares(&bytes);
}

criterion_group!(benches, stages);
criterion_main!(benches);
