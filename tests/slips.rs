//! Valid chat lines with one slip each at a random place: is it named?

use ftlint::json::syntax::{Missing, PythonLiteral, Slip, diagnose};

/// A small generator, so that every run sees the same lines (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    Comma,
    Colon,
    Key,
    Text,
    Literal,
}

/// A line as its tokens, so that a slip is made at a known place.
#[derive(Clone)]
struct Line(Vec<(Kind, String)>);

impl Line {
    fn text(&self) -> String {
        let mut text: String = self.0.iter().map(|(_, token)| token.as_str()).collect();
        text.push('\n');
        text
    }

    fn offset(&self, index: usize) -> usize {
        self.0[..index].iter().map(|(_, token)| token.len()).sum()
    }

    fn random(&self, kind: Kind, random: &mut Random) -> Option<usize> {
        let of_kind: Vec<_> = (0..self.0.len()).filter(|index| self.0[*index].0 == kind).collect();
        (!of_kind.is_empty()).then(|| random.pick(&of_kind))
    }
}

const CONTENTS: &[&str] = &[
    "Hello! How can I help you today?",
    "It's 5 o'clock, isn't it?",
    r#"He said \"no\", and left."#,
    r#"{\"city\": \"Bern\", \"days\": [1, 2]}"#,
    r"First line.\nSecond line: a, b, c.\n\n- item {1}\n- item [2]",
    r"fn main() { println!(\u0022hi\u0022); } // done",
    "Größe: 3 µm – “quoted”, ’tis so. 日本語、です。 😀",
    "See https://example.org/a?b=c&d=[e] (or not).",
    "",
    "yes",
    r"C:\\temp\\new",
    r"\\d+ matches: 1, 2; 3",
];

fn chat_line(random: &mut Random) -> Line {
    let (comma, colon) = random.pick(&[(", ", ": "), (",", ":")]);
    let mut line = Line(Vec::new());
    let mut push = |kind, token: &str| line.0.push((kind, token.to_owned()));
    push(Kind::Open, "{");
    push(Kind::Key, "\"messages\"");
    push(Kind::Colon, colon);
    push(Kind::Open, "[");
    for index in 0..2 + random.below(4) {
        if index > 0 {
            push(Kind::Comma, comma);
        }
        push(Kind::Open, "{");
        push(Kind::Key, "\"role\"");
        push(Kind::Colon, colon);
        push(Kind::Text, random.pick(&["\"user\"", "\"assistant\"", "\"system\""]));
        push(Kind::Comma, comma);
        push(Kind::Key, "\"content\"");
        push(Kind::Colon, colon);
        push(Kind::Text, &format!("\"{}\"", random.pick(CONTENTS)));
        if random.below(3) == 0 {
            push(Kind::Comma, comma);
            push(Kind::Key, "\"weight\"");
            push(Kind::Colon, colon);
            push(Kind::Literal, random.pick(&["0", "1", "null", "true", "false", "-1.5e3"]));
        }
        push(Kind::Close, "}");
    }
    push(Kind::Close, "]");
    push(Kind::Close, "}");
    line
}

/// A line with one slip: its text, what it should be called, and where.
struct Case {
    text: String,
    slip: Slip,
    start: usize,
}

fn missing(missing: Missing) -> Slip {
    Slip::MissingPunctuation { missing }
}

/// Replaces the token, and expects the slip at `shift` bytes behind its start.
fn replaced(line: &Line, index: usize, token: String, slip: Slip, shift: usize) -> Case {
    let start = line.offset(index) + shift;
    let mut line = line.clone();
    line.0[index].1 = token;
    Case { text: line.text(), slip, start }
}

type Mutation = fn(&Line, &mut Random) -> Option<Case>;

const MUTATIONS: &[(&str, Mutation)] = &[
    ("missing comma", |line, random| {
        let index = line.random(Kind::Comma, random)?;
        Some(replaced(line, index, String::new(), missing(Missing::Comma), 0))
    }),
    ("missing colon", |line, random| {
        let index = line.random(Kind::Colon, random)?;
        Some(replaced(line, index, " ".to_owned(), missing(Missing::Colon), 1))
    }),
    ("colon inside the quotes", |line, random| {
        let key = line.random(Kind::Key, random)?;
        let token = line.0[key].1.replacen('"', "", 1);
        let mut line = line.clone();
        line.0[key + 1].1 = " ".to_owned();
        let shift = token.len();
        let token = format!("\"{}:\"", token.trim_end_matches('"'));
        Some(replaced(&line, key, token, missing(Missing::ColonOutsideKey), shift))
    }),
    ("missing closing brace", |line, random| {
        let index = line.random(Kind::Close, random)?;
        let is_inner = line.0[index].1 == "}" && index + 1 < line.0.len();
        is_inner.then(|| replaced(line, index, String::new(), missing(Missing::ClosingBrace), 0))
    }),
    ("missing closing bracket", |line, _| {
        let index = line.0.len() - 2;
        Some(replaced(line, index, String::new(), missing(Missing::ClosingBracket), 0))
    }),
    ("missing last brace", |line, _| {
        let index = line.0.len() - 1;
        Some(replaced(line, index, String::new(), missing(Missing::ClosingBrace), 0))
    }),
    ("missing first brace", |line, _| Some(replaced(line, 0, String::new(), missing(Missing::OpeningBrace), 0))),
    ("missing brace of a message", |line, random| {
        let index = line.random(Kind::Open, random)?;
        let is_message = line.0[index].1 == "{" && index > 0;
        is_message.then(|| replaced(line, index, String::new(), missing(Missing::OpeningBrace), 0))
    }),
    ("doubled closing quote", |line, random| {
        let index = line.random(random.pick(&[Kind::Text, Kind::Key]), random)?;
        let token = format!("{}\"", line.0[index].1);
        let shift = line.0[index].1.len();
        Some(replaced(line, index, token, Slip::ExtraPunctuation { found: '"' }, shift))
    }),
    ("doubled opening quote", |line, random| {
        let index = line.random(random.pick(&[Kind::Text, Kind::Key]), random)?;
        let token = format!("\"{}", line.0[index].1);
        // Of an empty string it could as well be the closing one.
        let slip = Slip::ExtraPunctuation { found: '"' };
        (token != "\"\"\"").then(|| replaced(line, index, token, slip, 1))
    }),
    ("extra closing bracket", |line, random| {
        let index = line.random(Kind::Close, random)?;
        let token = line.0[index].1.clone();
        let slip = Slip::ExtraPunctuation { found: token.chars().next()? };
        (index + 2 >= line.0.len()).then(|| replaced(line, index, token.repeat(2), slip, 1))
    }),
    ("doubled comma", |line, random| {
        let index = line.random(Kind::Comma, random)?;
        let slip = Slip::ExtraPunctuation { found: ',' };
        Some(replaced(line, index, ",,".to_owned(), slip, 1))
    }),
    ("trailing comma inside", |line, random| {
        let index = line.random(Kind::Close, random)?;
        let token = format!(",{}", line.0[index].1);
        Some(replaced(line, index, token, Slip::TrailingComma { after_record: false }, 0))
    }),
    ("trailing comma after the record", |line, _| {
        let index = line.0.len() - 1;
        Some(replaced(line, index, "},".to_owned(), Slip::TrailingComma { after_record: true }, 1))
    }),
    ("missing opening quote of a key", |line, random| {
        let index = line.random(Kind::Key, random)?;
        let token = line.0[index].1[1..].to_owned();
        Some(replaced(line, index, token, missing(Missing::OpeningQuote), 0))
    }),
    ("missing closing quote of a key", |line, random| {
        let index = line.random(Kind::Key, random)?;
        let token = line.0[index].1.trim_end_matches('"').to_owned();
        let shift = token.len();
        let is_text = line.0[index + 2].0 == Kind::Text;
        is_text.then(|| replaced(line, index, token, missing(Missing::ClosingQuote), shift))
    }),
    ("missing closing quote of a role", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let token = line.0[index].1.strip_suffix('"')?.to_owned();
        let shift = token.len();
        let is_role = line.0[index - 2].1 == "\"role\"";
        is_role.then(|| replaced(line, index, token, missing(Missing::ClosingQuote), shift))
    }),
    ("missing quotes of a role", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let token = line.0[index].1.replace('"', "");
        let is_role = line.0[index - 2].1 == "\"role\"";
        is_role.then(|| replaced(line, index, token, missing(Missing::Quotes), 0))
    }),
    ("missing key", |line, random| {
        let index = line.random(Kind::Key, random)?;
        let is_content = line.0[index].1 == "\"content\"";
        let mut line = line.clone();
        line.0[index - 1].1 = ":".to_owned();
        line.0[index + 1].1 = " ".to_owned();
        let start = line.offset(index - 1);
        line.0[index].1 = String::new();
        is_content.then(|| Case { text: line.text(), slip: missing(Missing::Key), start })
    }),
    ("missing value", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let mut line = line.clone();
        line.0[index - 1].1 = ":".to_owned();
        Some(replaced(&line, index, String::new(), missing(Missing::Value), 0))
    }),
    ("unquoted key", |line, random| {
        let index = line.random(Kind::Key, random)?;
        let token = line.0[index].1.replace('"', "");
        Some(replaced(line, index, token, Slip::UnquotedKey, 0))
    }),
    ("unescaped quotes", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let string = line.offset(index);
        let words = random.pick(&["he said \"hi\" to me", "\"One\" and \"two\".", "a \"b\", c", "the \"x\""]);
        let token = format!("\"{words}\"");
        let shift = token[1..].find('"')? + 1;
        Some(replaced(line, index, token, Slip::UnescapedQuote { string }, shift))
    }),
    ("pasted JSON", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let string = line.offset(index);
        let token = "\"{\"city\": \"Bern\", \"days\": [1, 2], \"x\": {\"y\": \"z\"}}\"".to_owned();
        Some(replaced(line, index, token, Slip::UnescapedQuote { string }, 2))
    }),
    ("raw tab", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let token = line.0[index].1.replacen('"', "\"a\tb ", 1);
        Some(replaced(line, index, token, Slip::RawControl { byte: b'\t' }, 2))
    }),
    ("raw line break", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let token = line.0[index].1.replacen('"', "\"a\nb ", 1);
        let slip = Slip::SpansLines { raw_break_in_string: true };
        Some(replaced(line, index, token, slip, 2))
    }),
    ("line break between tokens", |line, random| {
        let index = line.random(random.pick(&[Kind::Comma, Kind::Colon]), random)?;
        let token = format!("{}\n  ", line.0[index].1.trim_end());
        let slip = Slip::SpansLines { raw_break_in_string: false };
        Some(replaced(line, index, token, slip, 1))
    }),
    ("bad escape", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let token = line.0[index].1.replacen('"', "\"\\d+ ", 1);
        Some(replaced(line, index, token, Slip::BadEscape, 1))
    }),
    ("lone surrogate", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let token = line.0[index].1.replacen('"', "\"\\ud83d ", 1);
        Some(replaced(line, index, token, Slip::LoneSurrogate, 1))
    }),
    ("NaN", |line, random| {
        let index = line.random(random.pick(&[Kind::Text, Kind::Literal]), random)?;
        Some(replaced(line, index, "NaN".to_owned(), Slip::NonFiniteNumber, 0))
    }),
    ("None", |line, random| {
        let index = line.random(random.pick(&[Kind::Text, Kind::Literal]), random)?;
        let what = PythonLiteral::None;
        Some(replaced(line, index, "None".to_owned(), Slip::PythonLiteral { what }, 0))
    }),
    ("single quotes", |line, random| {
        let index = line.random(random.pick(&[Kind::Text, Kind::Key]), random)?;
        let inside = line.0[index].1.trim_matches('"');
        let what = PythonLiteral::SingleQuotes;
        let is_plain = !inside.contains(['\'', '\\', '"']);
        is_plain.then(|| replaced(line, index, format!("'{inside}'"), Slip::PythonLiteral { what }, 0))
    }),
    ("curly quotes", |line, random| {
        let index = line.random(random.pick(&[Kind::Text, Kind::Key]), random)?;
        let inside = line.0[index].1.trim_matches('"');
        let is_plain = !inside.contains(['“', '”']);
        let slip = Slip::SmartQuote { found: '“' };
        is_plain.then(|| replaced(line, index, format!("“{inside}”"), slip, 0))
    }),
    ("one curly quote", |line, random| {
        let index = line.random(Kind::Text, random)?;
        let inside = line.0[index].1.trim_matches('"');
        let is_plain = !inside.contains(['“', '”', '"']);
        let slip = Slip::SmartQuote { found: '”' };
        is_plain.then(|| replaced(line, index, format!("\"{inside}”"), slip, inside.len() + 1))
    }),
    ("no-break space", |line, random| {
        let index = line.random(random.pick(&[Kind::Comma, Kind::Colon]), random)?;
        let token = format!("{}\u{A0}", line.0[index].1.trim_end());
        Some(replaced(line, index, token, Slip::OddSpace { found: '\u{A0}' }, 1))
    }),
    ("comment behind", |line, _| {
        let index = line.0.len() - 1;
        Some(replaced(line, index, "} // checked".to_owned(), Slip::Comment, 2))
    }),
    ("comment inside", |line, random| {
        let index = line.random(Kind::Comma, random)?;
        Some(replaced(line, index, ", /* here */ ".to_owned(), Slip::Comment, 2))
    }),
    ("text before", |line, _| Some(replaced(line, 0, "Example 1: {".to_owned(), Slip::StrayText, 0))),
    ("text behind", |line, _| {
        let index = line.0.len() - 1;
        Some(replaced(line, index, "} good one".to_owned(), Slip::StrayText, 2))
    }),
    ("joined", |line, _| {
        let start = line.text().trim_end().len();
        let text = line.text().trim_end().repeat(2) + "\n";
        Some(Case { text, slip: Slip::JoinedRecords { count: 2 }, start })
    }),
];

#[test]
fn one_slip_is_named_where_it_is() {
    let mut random = Random(7);
    let (mut report, mut misses) = (String::new(), String::new());
    let (mut total, mut exact) = (0, 0);
    for (name, mutate) in MUTATIONS {
        let (mut named, mut placed, mut made) = (0, 0, 0);
        for _ in 0..400 {
            let line = chat_line(&mut random);
            let Some(case) = mutate(&line, &mut random) else { continue };
            // What comes next must neither be swallowed nor be needed.
            let text = format!("{}{}", case.text, chat_line(&mut random).text());
            let broken = diagnose(text.as_bytes());
            made += 1;
            assert_eq!(broken.lines, case.text.lines().count(), "{name}: {text}{broken:?}");
            let is_named = broken.slip == case.slip;
            named += usize::from(is_named);
            placed += usize::from(is_named && broken.span.start == case.start);
            if !(is_named && broken.span.start == case.start) {
                misses += &format!("{name}: expected {:?} at {}\n  {broken:?}\n  {}", case.slip, case.start, case.text);
            }
        }
        assert!(made >= 50, "{name}: only {made} cases");
        assert!(named * 100 >= made * 99, "{name}: {named} of {made} named\n{misses}");
        assert!(placed * 100 >= made * 99, "{name}: {placed} of {made} placed");
        total += made;
        exact += placed;
        report += &format!("{name}: {placed} of {made}\n");
    }
    assert!(exact * 1000 >= total * 995, "{misses}{report}all: {exact} of {total}");
}
