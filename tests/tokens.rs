//! Token counts compared with tiktoken-rs, which they must equal on any text.
//!
//! `FTLINT_TOKENS_CASES` sets the number of random texts for each encoding.

use std::fmt::Write;
use std::{env, fs};

use ftlint::tokens::{Counter, Encoding};
use tiktoken_rs::CoreBPE;

fn oracle(encoding: Encoding) -> CoreBPE {
    match encoding {
        // The special tokens are all that differs, and to compile them takes long.
        Encoding::O200kBase | Encoding::O200kHarmony => tiktoken_rs::o200k_base(),
        Encoding::Cl100kBase => tiktoken_rs::cl100k_base(),
        Encoding::P50kBase => tiktoken_rs::p50k_base(),
        Encoding::R50kBase => tiktoken_rs::r50k_base(),
    }
    .expect("the crate holds its vocabularies")
}

/// A counter beside the oracle.
struct Pair {
    counter: Counter,
    oracle: CoreBPE,
}

impl Pair {
    fn new(encoding: Encoding) -> Self {
        Self { counter: Counter::new(encoding), oracle: oracle(encoding) }
    }

    #[track_caller]
    fn check(&mut self, text: &str) {
        let count = self.counter.count(text);
        let expected = self.oracle.encode_ordinary(text).len();
        let encoding = self.counter.encoding();
        assert_eq!(count, expected, "{encoding:?} of {text:?}, {:?}", text.as_bytes());
    }
}

/// A reproducible source of numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Strings that the patterns and the block algebra treat in different ways.
const ATOMS: &[&str] = &[
    " ",
    "  ",
    "   ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\u{B}",
    "\u{C}",
    "\u{85}",
    "\u{A0}",
    "\u{2003}",
    "\u{2028}",
    "\u{3000}",
    "\0",
    "\u{7F}",
    "/",
    "//",
    "\n/",
    "/\n",
    "'",
    "''",
    "'s",
    "'S",
    "'ll",
    "'LL",
    "'Ve",
    "'re",
    "'d",
    "'m",
    "'t",
    "'ſ",
    "'l",
    "'v",
    "ſ",
    "K",
    "a",
    "A",
    "aB",
    "Ab",
    "AB",
    "abc",
    "HTTPServer",
    "the",
    " the",
    "hello",
    " world",
    "x",
    "é",
    "É",
    "ß",
    "ǅ",
    "ʰ",
    "ª",
    "İ",
    "ı",
    "й",
    "Ж",
    "ж",
    "λ",
    "Ω",
    "א",
    "ع",
    "ب",
    "क",
    "्",
    "ि",
    "ก",
    "ำ",
    "中",
    "文",
    "的",
    "一",
    "字",
    "日本",
    "の",
    "ア",
    "ー",
    "한",
    "국어",
    "ᄒ",
    "ᅡ",
    "ᆫ",
    "\u{301}",
    "\u{308}",
    "\u{20D0}",
    "\u{FE0F}",
    "\u{200D}",
    "\u{FEFF}",
    "\u{FFFD}",
    "\u{FFFF}",
    "\u{10FFFF}",
    "\u{E000}",
    "😀",
    "👨\u{200D}👩",
    "🇩🇪",
    "👍🏽",
    "𝒳",
    "𝟙",
    "𠀀",
    "𐐀",
    "𐐨",
    "0",
    "1",
    "12",
    "123",
    "1234",
    "٣",
    "Ⅷ",
    "½",
    "²",
    "(",
    ")",
    "((",
    "{}",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "\\n",
    ".",
    "...",
    ",",
    ";",
    "!",
    "?",
    "-",
    "--",
    "_",
    "=",
    "==",
    "#",
    "$",
    "€",
    "%",
    "^",
    "&",
    "*",
    "<|endoftext|>",
    "<|start|>",
    "“",
    "”",
    "’s",
    "—",
    "…",
    "、",
    "。",
    "，",
    "！",
    "「",
];

/// What a run of one character is made of.
const RUNS: &[&str] = &["a", "A", " ", "\n", "\t", "^", "-", "=", "0", "\u{301}", "中", "é", "😀", "\0", "/", "'", "ا"];

fn random_char(random: &mut Random) -> char {
    let (first, last) = match random.below(12) {
        0..4 => (0x20, 0x7E),
        4 => (0, 0x1F),
        5 => (0x80, 0x24F),
        6 => (0x250, 0x7FF),
        7 => (0x800, 0x2FFF),
        8 => (0x3000, 0xD7FF),
        9 => (0xE000, 0xFFFF),
        10 => (0x1_0000, 0x1_FFFF),
        _ => (0x2_0000, 0x10_FFFF),
    };
    char::from_u32(first + random.below((last - first + 1) as usize) as u32).expect("no range holds surrogates")
}

/// One text of one of several kinds, up to some hundred bytes.
fn random_text(random: &mut Random, text: &mut String) {
    text.clear();
    // Shifts everything after it against the blocks.
    let padding = random.pick(&["", "x", " ", "word ", "(", "\n"]);
    (0..random.below(4) * random.below(24)).for_each(|_| text.push_str(padding));
    let kind = random.below(10);
    for _ in 0..1 + random.below(24) {
        match kind {
            0..3 => text.push_str(random.pick(ATOMS)),
            3 => text.push(random_char(random)),
            4 => {
                let repeated = random.pick(RUNS);
                let limit = if random.below(16) == 0 { 300 } else { 12 };
                (0..random.below(limit)).for_each(|_| text.push_str(repeated));
            }
            5 => (0..1 + random.below(9)).for_each(|_| text.push(char::from(b"aeiorstnlAEST'"[random.below(14)]))),
            6 => text.push(char::from_u32(0x4E00 + random.below(0x51A5) as u32).expect("an ideograph")),
            // A language with accents: blocks of which a few characters are not ASCII.
            7 => {
                let accented = ["é", "É", "ü", "ß", "ł", "Č", "ñ", "’", "—", "“", "ф", "Ф", "中", "ª"];
                text.push_str(random.pick(&[" ", " ", " ", ", ", "\n", "-", "'"]));
                for _ in 0..1 + random.below(7) {
                    if random.below(9) == 0 {
                        text.push_str(random.pick(&accented));
                    } else {
                        text.push(char::from(b"aeiorstnlAEST'"[random.below(14)]));
                    }
                }
            }
            _ => {
                text.push_str(random.pick(&[" ", "", "\n", ". "]));
                (0..random.below(12)).for_each(|_| text.push(char::from(b'a' + random.below(26) as u8)));
                text.push_str(random.pick(ATOMS));
            }
        }
    }
}

fn cases() -> u64 {
    env::var("FTLINT_TOKENS_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(500)
}

fn check_random(encoding: Encoding) {
    let mut pair = Pair::new(encoding);
    let mut text = String::new();
    for seed in 0..cases() {
        random_text(&mut Random(seed), &mut text);
        pair.check(&text);
    }
}

#[test]
fn random_o200k_base() {
    check_random(Encoding::O200kBase);
}

#[test]
fn random_cl100k_base() {
    check_random(Encoding::Cl100kBase);
}

#[test]
fn random_p50k_base() {
    check_random(Encoding::P50kBase);
}

#[test]
fn random_r50k_base() {
    check_random(Encoding::R50kBase);
}

#[test]
fn random_o200k_harmony() {
    check_random(Encoding::O200kHarmony);
}

/// Every code point as the start, the middle and the end of pieces, and beside characters of other classes. Many code
/// points share a text, so that this takes seconds: a newline and a letter end the pieces of each one.
#[test]
fn every_code_point() {
    for encoding in [Encoding::O200kBase, Encoding::Cl100kBase, Encoding::R50kBase] {
        let mut pair = Pair::new(encoding);
        for first in (0..=u32::from(char::MAX)).step_by(256) {
            let mut text = String::new();
            for character in (first..first + 256).filter_map(char::from_u32) {
                write!(text, "{character}a A{character}b {character}'s\n1{character}2\n").ok();
            }
            let equal = pair.counter.count(&text) == pair.oracle.encode_ordinary(&text).len();
            if !equal {
                text.lines().for_each(|line| pair.check(line));
                pair.check(&text);
            }
        }
    }
}

/// Each string at every place of a block, alone and between others.
#[test]
fn every_offset() {
    for encoding in [Encoding::O200kBase, Encoding::Cl100kBase, Encoding::R50kBase] {
        let mut pair = Pair::new(encoding);
        for (index, atom) in ATOMS.iter().enumerate() {
            let next = ATOMS[(index * 7 + 3) % ATOMS.len()];
            for (padding, step) in [("abcdefghi ", 1), ("x", 3), (" ", 5), ("Word(", 2)] {
                for length in (0..70).step_by(step) {
                    let mut text: String = padding.chars().cycle().take(length).collect();
                    write!(text, "{atom}{next}{atom}").ok();
                    pair.check(&text);
                }
            }
        }
    }
}

/// Long pieces of few characters, which merging takes apart in windows.
#[test]
fn long_pieces() {
    for encoding in Encoding::ALL {
        let mut pair = Pair::new(encoding);
        let mut random = Random(7);
        for length in [63, 64, 65, 127, 128, 129, 1_000, 1_023, 1_024, 1_025, 1_500, 3_000, 20_000] {
            for repeated in ["a", "ab", "aab", "^", "=-", "\u{301}", "中", "的一", "abcdefghijklmnopqrstuvwxy", "é"]
            {
                pair.check(&repeated.repeat(length / repeated.len()));
            }
            for letters in ["ab", "aeiou", "etaoinshrdlucmfwyp", "一的是不了"] {
                let letters: Vec<char> = letters.chars().collect();
                pair.check(
                    &(0..length / letters[0].len_utf8())
                        .map(|_| letters[random.below(letters.len())])
                        .collect::<String>(),
                );
            }
            pair.check(&format!("{}x", " ".repeat(length)));
            pair.check(&"-".repeat(length));
        }
    }
}

#[test]
fn many_parts() {
    for encoding in Encoding::ALL {
        let mut pair = Pair::new(encoding);
        let mut random = Random(11);
        // Short pieces of characters that no token holds together: so many that parts are merged in the middle of one.
        let character = |random: &mut Random| char::from_u32(0x4E00 + random.below(0x5000) as u32).unwrap();
        for length in [1, 3, 5, 16, 20, 21, 400] {
            let piece = |random: &mut Random| (0..length).map(|_| character(random)).collect::<String>();
            let text = (0..3_000 / length).map(|_| piece(&mut random)).collect::<Vec<_>>().join("\n");
            // What was remembered the first time.
            pair.check(&text);
            pair.check(&text);
        }
    }
}

#[test]
fn whole_tokens() {
    for encoding in Encoding::ALL {
        let mut pair = Pair::new(encoding);
        let step = if cfg!(debug_assertions) { 37 } else { 1 };
        for rank in (0..200_000).step_by(step) {
            if let Ok(Ok(token)) = pair.oracle.decode_bytes(&[rank]).map(String::from_utf8) {
                pair.check(&token);
            }
        }
    }
}

#[test]
fn special_tokens_are_text() {
    for encoding in Encoding::ALL {
        let mut pair = Pair::new(encoding);
        for special in encoding.special_tokens().iter().take(20) {
            pair.check(special);
            assert!(pair.counter.count(special) > 1, "{special}");
        }
    }
    assert_eq!(Encoding::R50kBase.special_tokens(), ["<|endoftext|>"]);
    assert_eq!(Encoding::O200kBase.special_tokens(), ["<|endoftext|>", "<|endofprompt|>"]);
    let harmony = Encoding::O200kHarmony.special_tokens();
    assert!(harmony.contains(&"<|channel|>") && harmony.contains(&"<|reserved_201087|>"));
    assert_eq!(harmony.len(), 1_090);
}

#[test]
fn names() {
    for encoding in Encoding::ALL {
        assert_eq!(Encoding::from_name(encoding.name()), Some(encoding));
    }
    assert_eq!(Encoding::from_name("gpt-4o"), None);
}

#[test]
fn prefix_holds_whole_pieces() {
    let mut counter = Counter::new(Encoding::O200kBase);
    let text = "Hello, wonderful world! Antidisestablishmentarianism 12345 中文";
    let total = counter.count(text);
    assert_eq!(counter.prefix(text, total), text.len());
    assert_eq!(counter.prefix(text, usize::MAX), text.len());
    assert_eq!(counter.prefix(text, 0), 0);
    assert_eq!(counter.prefix("", 5), 0);
    assert_eq!(&text[..counter.prefix(text, 3)], "Hello, wonderful");
    let ends: Vec<usize> = (0..=total).map(|tokens| counter.prefix(text, tokens)).collect();
    assert!(ends.is_sorted());
    for (tokens, &end) in ends.iter().enumerate() {
        assert!(counter.count(&text[..end]) <= tokens, "{:?}", &text[..end]);
    }
}

/// Compares every line of the files below a folder, and every file as a whole:
/// `FTLINT_TOKENS_FOLDER=… cargo test --release --test tokens -- --ignored`.
#[test]
#[ignore = "takes a folder"]
fn folder() {
    let mut folders = vec![env::var("FTLINT_TOKENS_FOLDER").expect("FTLINT_TOKENS_FOLDER is a folder").into()];
    let mut pairs: Vec<Pair> = Encoding::ALL.into_iter().take(4).map(Pair::new).collect();
    let (mut texts, mut bytes) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir::<std::path::PathBuf>(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read(&path) {
                let text = String::from_utf8_lossy(&text);
                for text in text.lines().chain([&*text]) {
                    pairs.iter_mut().for_each(|pair| pair.check(text));
                    texts += 1;
                    bytes += text.len();
                }
            }
        }
    }
    assert!(texts > 0, "no text was found, {bytes} bytes");
}
