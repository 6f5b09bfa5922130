//! Speed of the token counter on texts that are made up, beside tiktoken-rs. `benches/peers` compares on real files.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use ftlint::tokens::{Counter, Encoding};

const ENGLISH: &str = "The counter takes a text apart the way the model does, which is why it's exact: every word, \
    every space and every mark counts. How many tokens does a conversation of 12,345 words come to?\n\n";
const CODE: &str = "    fn count(&mut self, text: &str) -> usize {\n        if text.is_empty() { return 0; }\n        \
    self.pieces(text).map(|piece| self.tokens_of(piece)).sum() // TODO\n    }\n\n";
const CHINESE: &str = "分词器先把文本切成片段，再按词表的次序合并字节。这样得到的数目与模型所用的完全相同。";

fn tokens(criterion: &mut Criterion) {
    let oracle = tiktoken_rs::o200k_base().expect("the crate holds its vocabularies");
    let long = |unit: &str| unit.repeat(100_000 / unit.len());
    let texts = [
        ("english", long(ENGLISH)),
        ("code", long(CODE)),
        ("chinese", long(CHINESE)),
        ("one letter", long("a")),
        ("one mark", long("^")),
        ("combining marks", long("\u{301}")),
    ];
    for (name, text) in &texts {
        let mut group = criterion.benchmark_group(*name);
        group.throughput(Throughput::Bytes(text.len() as u64));
        let mut counter = Counter::new(Encoding::O200kBase);
        group.bench_function("warm", |bencher| bencher.iter(|| counter.count(text)));
        group.bench_function("first pass", |bencher| {
            let new = || Counter::new(Encoding::O200kBase);
            bencher.iter_batched_ref(new, |counter| counter.count(text), BatchSize::LargeInput);
        });
        if !name.starts_with("one") {
            group.bench_function("tiktoken-rs", |bencher| bencher.iter(|| oracle.encode_ordinary(text).len()));
        }
    }
    criterion.bench_function("new counter", |bencher| bencher.iter(|| Counter::new(Encoding::O200kBase).count("a")));
}

criterion_group!(benches, tokens);
criterion_main!(benches);
