//! Compares the speed of ftlint's token counter with other crates, on one thread.
//!
//! ```text
//! cargo run --release -- o200k_base FILE.jsonl…
//! ```
//!
//! Takes the strings of every JSON value in the files, in their order, and sorts them into English text, source code,
//! text in Chinese, Japanese or Korean, and other languages. Each counter counts each kind of text several times, one
//! counter after the other in each round, and the median of the rounds is printed in MB/s and relative to tiktoken-rs.
//! Counts that differ from tiktoken-rs are reported. At last come texts of one very long piece, in ftlint's counter
//! alone, and what they cost for each byte relative to English text.

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, error, fs};

use ftlint::tokens::{Counter, Encoding};
use serde_json::Value;
use tiktoken_rs::CoreBPE;

/// Bytes of each kind of text at most.
const SAMPLE: usize = 12_000_000;

/// Bytes of each text of one piece.
const LONG: usize = 10_000_000;

const ROUNDS: usize = 5;

/// How long a counter with a warm cache is measured in each round.
const LEAST: Duration = Duration::from_millis(300);

fn main() -> Result<(), Box<dyn error::Error>> {
    let mut arguments = env::args().skip(1);
    let name = arguments.next().ok_or("usage: peers ENCODING FILE…")?;
    let encoding = Encoding::from_name(&name).ok_or("no such encoding")?;
    let mut corpus = Corpus::default();
    for path in arguments {
        corpus.read(&String::from_utf8_lossy(&fs::read(path)?));
    }
    let peers = Peers::new(encoding)?;
    let mut english_speed = 0.0;
    for (kind, texts) in corpus.kinds() {
        let (sample, ends) = sample(&texts);
        if ends.is_empty() {
            continue;
        }
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let texts: Vec<&str> = starts.zip(&ends).map(|(start, &end)| &sample[start..end]).collect();
        let speed = compare(kind, &texts, encoding, &peers);
        if kind == "English" {
            english_speed = speed;
        }
    }
    for (kind, text) in long_pieces() {
        let mut counter = Counter::new(encoding);
        let mut rounds: Vec<f64> = (0..ROUNDS).map(|_| speed(&[&text], |text| counter.count(text))).collect();
        let speed = median(&mut rounds);
        println!("one piece of {kind:<16} {speed:8.1} MB/s, {:.2} times the cost of English", english_speed / speed);
    }
    Ok(())
}

#[derive(Default)]
struct Corpus {
    texts: Vec<String>,
}

impl Corpus {
    fn read(&mut self, jsonl: &str) {
        for value in jsonl.lines().filter_map(|line| serde_json::from_str(line).ok()) {
            self.add(value);
        }
    }

    fn add(&mut self, value: Value) {
        match value {
            Value::String(text) if text.len() >= 20 => self.texts.push(text),
            Value::Array(values) => values.into_iter().for_each(|value| self.add(value)),
            Value::Object(fields) => fields.into_iter().for_each(|(_, value)| self.add(value)),
            _ => {}
        }
    }

    fn kinds(&self) -> [(&'static str, Vec<&str>); 4] {
        let is_cjk =
            |character: &char| matches!(character, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '가'..='힣');
        let kind = |text: &str| {
            let cjk = text.chars().filter(is_cjk).count();
            let code = ["```", "def ", "return ", ";\n", "import "];
            match () {
                () if cjk * 3 > text.chars().count() => "CJK",
                () if !text.is_ascii() => "other languages",
                () if code.iter().any(|mark| text.contains(mark)) => "source code",
                () => "English",
            }
        };
        ["English", "source code", "CJK", "other languages"]
            .map(|name| (name, self.texts.iter().map(String::as_str).filter(|text| kind(text) == name).collect()))
    }
}

/// The first texts, one behind the other as a reader of a file has them.
fn sample(texts: &[&str]) -> (String, Vec<usize>) {
    let (mut sample, mut ends) = (String::new(), Vec::new());
    for text in texts {
        if sample.len() + text.len() > SAMPLE {
            break;
        }
        sample.push_str(text);
        ends.push(sample.len());
    }
    (sample, ends)
}

struct Peers {
    tiktoken: CoreBPE,
    bpe_openai: Option<&'static bpe_openai::Tokenizer>,
    toktok: Option<toktok::Tokenizer>,
}

impl Peers {
    fn new(encoding: Encoding) -> Result<Self, Box<dyn error::Error>> {
        let tiktoken = match encoding {
            Encoding::O200kBase | Encoding::O200kHarmony => tiktoken_rs::o200k_base(),
            Encoding::Cl100kBase => tiktoken_rs::cl100k_base(),
            Encoding::P50kBase => tiktoken_rs::p50k_base(),
            Encoding::R50kBase => tiktoken_rs::r50k_base(),
        }?;
        let bpe_openai = match encoding {
            Encoding::O200kBase | Encoding::O200kHarmony => Some(bpe_openai::o200k_base()),
            Encoding::Cl100kBase => Some(bpe_openai::cl100k_base()),
            Encoding::P50kBase | Encoding::R50kBase => None,
        };
        Ok(Self { tiktoken, bpe_openai, toktok: toktok::Tokenizer::builtin(encoding.name()).ok() })
    }
}

/// Prints the speeds and returns that of the counter with a warm cache, in MB/s.
fn compare(kind: &str, texts: &[&str], encoding: Encoding, peers: &Peers) -> f64 {
    println!("{kind}: {} texts, {:.1} MB", texts.len(), bytes(texts) / 1e6);
    let mut warm = Counter::new(encoding);
    for text in texts {
        let (count, expected) = (warm.count(text), peers.tiktoken.encode_ordinary(text).len());
        if count != expected {
            println!("  differs: {count} instead of {expected}: {:?}", text.chars().take(40).collect::<String>());
        }
    }
    type Count<'a> = Box<dyn FnMut(&str) -> usize + 'a>;
    let mut counters: Vec<(&str, Count)> = vec![
        ("tiktoken-rs", Box::new(|text| peers.tiktoken.encode_ordinary(text).len())),
        ("ftlint", Box::new(|text| warm.count(text))),
    ];
    if let Some(bpe) = peers.bpe_openai {
        counters.push(("bpe-openai", Box::new(|text| bpe.count(text))));
    }
    if let Some(toktok) = &peers.toktok {
        counters.push(("toktok", Box::new(|text| toktok.count(text.as_bytes()))));
    }
    let mut rounds = vec![Vec::new(); counters.len()];
    let mut first_pass = Vec::new();
    for _ in 0..ROUNDS {
        for ((_, count), speeds) in counters.iter_mut().zip(&mut rounds) {
            speeds.push(warm_speed(texts, count));
        }
        let mut fresh = Counter::new(encoding);
        first_pass.push(speed(texts, |text| fresh.count(text)));
    }
    let mut results: Vec<_> =
        counters.iter().zip(&mut rounds).map(|((name, _), speeds)| (*name, median(speeds))).collect();
    results.push(("ftlint, first pass", median(&mut first_pass)));
    let tiktoken = results[0].1;
    for (name, speed) in &results {
        println!("  {name:<20} {speed:8.1} MB/s {:7.1}", speed / tiktoken);
    }
    results[1].1
}

/// MB/s of counting every text, again and again for some time: else the fast counters would be measured while the
/// processor still has in its caches what the one before has left there.
fn warm_speed(texts: &[&str], mut count: impl FnMut(&str) -> usize) -> f64 {
    let start = Instant::now();
    let mut passes = 0.0;
    while start.elapsed() < LEAST {
        speed(texts, &mut count);
        passes += 1.0;
    }
    passes * bytes(texts) / start.elapsed().as_secs_f64() / 1e6
}

/// MB/s of counting every text once.
fn speed(texts: &[&str], mut count: impl FnMut(&str) -> usize) -> f64 {
    let start = Instant::now();
    for text in texts {
        black_box(count(black_box(text)));
    }
    bytes(texts) / start.elapsed().as_secs_f64() / 1e6
}

fn bytes(texts: &[&str]) -> f64 {
    texts.iter().map(|text| text.len()).sum::<usize>() as f64
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn long_pieces() -> Vec<(&'static str, String)> {
    let repeat = |text: &str| text.repeat(LONG / text.len());
    let mut seed = 1_u64;
    let ideographs = (0..LONG / 3).map(|_| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from_u32(0x4E00 + ((seed >> 33) % 20_992) as u32).unwrap_or('一')
    });
    vec![
        ("a", repeat("a")),
        ("spaces", repeat(" ")),
        ("^", repeat("^")),
        ("combining marks", repeat("\u{301}")),
        ("random ideographs", ideographs.collect()),
    ]
}
