//! Secrets are found wherever they stand, and no report in any format shows more of them than their first 4 characters.
//!
//! All of them are made up when the test runs: none stands in this file.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fastrand::Rng;
use ftlint::lint::Linter;
use ftlint::secrets::{self, Body, Check, Class, KINDS, Kind, SHOWN};
use ftlint::settings::Settings;
use serde_json::{Value, json};

/// A made-up secret, and where in it that begins what nobody may see.
struct Made {
    kind: &'static Kind,
    text: String,
    secret: usize,
}

fn random(rng: &mut Rng, class: Class, count: usize) -> String {
    // In base64 the equals sign ends the text.
    let class: Vec<char> = (b'!'..=b'~').filter(|byte| class.has(*byte) && *byte != b'=').map(char::from).collect();
    let text: String = (0..count).map(|_| *rng.choice(&class).unwrap()).collect();
    // A full stop or a dash at the end is no part of a key.
    let end = text.trim_end_matches(['-', '.', '~']).len();
    text[..end].to_owned() + &"Q7e4c2aZ9f"[..count - end].to_lowercase()
}

fn base62(mut number: u32) -> String {
    let digits: Vec<char> = ('0'..='9').chain('A'..='Z').chain('a'..='z').collect();
    let mut text = String::new();
    for _ in 0..6 {
        text.insert(0, digits[(number % 62) as usize]);
        number /= 62;
    }
    text
}

/// The data of a bech32 text with its checksum, by trying: the sum is linear, so this solves for it bit by bit.
fn bech32(rng: &mut Rng, name: &str) -> String {
    const CHARSET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let polymod = |values: &[u32]| {
        let factors = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
        values.iter().fold(1_u32, |sum, value| {
            let top = sum >> 25;
            (0..5)
                .filter(|bit| top >> bit & 1 == 1)
                .fold((sum & 0x1ff_ffff) << 5 ^ value, |sum, bit| sum ^ factors[bit])
        })
    };
    let data: Vec<u32> = (0..52).map(|_| rng.u32(..32)).collect();
    let lower = name.to_lowercase();
    let mut values: Vec<u32> = lower.bytes().map(|c| u32::from(c >> 5)).collect();
    values.push(0);
    values.extend(lower.bytes().map(|c| u32::from(c & 31)));
    values.extend(&data);
    values.extend([0; 6]);
    let sum = polymod(&values) ^ 1;
    let sum = (0..6).map(|place| sum >> (5 * (5 - place)) & 31);
    data.into_iter()
        .chain(sum)
        .map(|value| char::from(CHARSET.as_bytes()[value as usize]))
        .collect::<String>()
        .to_uppercase()
}

fn make(rng: &mut Rng, kind: &'static Kind, prefix: &str) -> Made {
    let lead = kind.lead.map_or(String::new(), |(class, least, _)| match class {
        Class::Digit => format!("7{}", random(rng, class, least)),
        _ => random(rng, Class::Alnum, least),
    });
    let mut text = format!("{lead}{prefix}");
    let secret = text.len().max(SHOWN);
    for piece in kind.body {
        match *piece {
            Body::Text(piece) => text.push_str(piece),
            Body::Run(class, least, most) => {
                let length = rng.usize(least..=most.min(least + 40));
                text.push_str(&random(rng, class, length));
            }
        }
    }
    match kind.check {
        Check::Form => {}
        Check::Crc32Base62 => {
            text.truncate(text.len() - 6);
            text += &base62(crc32fast::hash(&text.as_bytes()[prefix.len()..]));
        }
        Check::Crc32Hex => {
            text.truncate(text.len() - 9);
            let sum = crc32fast::hash(text.as_bytes()).swap_bytes();
            text += &format!("_{sum:08x}");
        }
        Check::Bech32 => text = format!("{prefix}{}", bech32(rng, prefix.trim_end_matches('1'))),
        Check::DecimalHead => {
            // The first two letters say which digit the number begins with.
            let first = (b'1'..=b'9').find(|digit| URL_SAFE_NO_PAD.encode([*digit, b'5']).starts_with(prefix)).unwrap();
            let number = format!("{}5{}", char::from(first), random(rng, Class::Digit, 16));
            let tail = &text[text.find('.').unwrap()..];
            text = URL_SAFE_NO_PAD.encode(number) + tail;
        }
        Check::Jwt => {
            let header =
                if prefix == "eyJ" { "{\"alg\":\"HS256\",\"typ\":\"JWT\"}" } else { "{\n  \"alg\": \"RS256\"\n}" };
            let payload = format!("{{\"sub\":\"{}\"}}", random(rng, Class::Lower, 12));
            let parts = [header, &payload].map(|part| URL_SAFE_NO_PAD.encode(part));
            text = format!("{}.{}.{}", parts[0], parts[1], random(rng, Class::UrlSafe, 43));
        }
        Check::Pem => {
            let label = rng.choice(["RSA ", "EC ", "OPENSSH ", ""]).unwrap().to_owned() + "PRIVATE" + " KEY-----";
            let lines: Vec<String> = (0..12).map(|_| random(rng, Class::Alnum, 64)).collect();
            text = format!("{prefix}{label}\nMII{}\n-----END {label}", lines.join("\n"));
            return Made { kind, secret: prefix.len() + label.len() + 4, text };
        }
        Check::Database => text = format!("{prefix}till:{}", random(rng, Class::Alnum, 14)),
    }
    Made { kind, text, secret }
}

/// One of each kind and prefix.
fn all(seed: u64) -> Vec<Made> {
    let mut rng = Rng::with_seed(seed);
    let prefixes = KINDS.iter().flat_map(|kind| kind.prefixes.iter().map(move |prefix| (kind, *prefix)));
    prefixes.map(|(kind, prefix)| make(&mut rng, kind, prefix)).collect()
}

/// As it stands in a text: a password has its host behind it.
fn in_text(made: &Made) -> String {
    if made.kind.check == Check::Database { format!("{}@db.shop.nl/orders", made.text) } else { made.text.clone() }
}

fn chat(question: &str, answer: &str) -> Value {
    json!({"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]})
}

/// JSON with every character of the secret as an escape.
fn escaped(line: &str, secret: &str) -> String {
    let plain = serde_json::to_string(secret).unwrap();
    let escapes: String = secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let out = line.replace(plain.trim_matches('"'), &escapes);
    assert_ne!(out, line);
    out
}

/// Lines in each of which the secret is to be found once.
fn good_lines(made: &Made) -> Vec<String> {
    let secret = &in_text(made);
    let call = |arguments: String| {
        json!({"messages": [{"role": "user", "content": "Call it."}, {"role": "assistant", "tool_calls": [
            {"id": "call_1", "type": "function", "function": {"name": "connect", "arguments": arguments}}]}]})
        .to_string()
    };
    let argument = serde_json::to_string(&json!({"token": secret})).unwrap();
    vec![
        chat("How?", &format!("Write\n{secret}\nthere.")).to_string(),
        chat(&format!("Why is “{secret}” refused?"), "It is over.").to_string(),
        json!({"prompt": format!("token={secret} ->"), "completion": " ok"}).to_string(),
        json!({"messages": [{"role": "user", "content": "Hi"}], "reference": {"key": secret}}).to_string(),
        call(argument.clone()),
        call(escaped(&argument, secret)),
        escaped(&chat("How?", &format!("Write {secret} there.")).to_string(), secret),
        chat("How?", &format!("Write {secret} there.")).to_string().replace('/', "\\/"),
    ]
}

/// Lines with another fault beside the secret, which reports show or quote.
fn bad_lines(made: &Made) -> Vec<String> {
    let secret = &in_text(made);
    let line = chat("How?", secret).to_string();
    let escaped_line = escaped(&line, secret);
    let mut lines = vec![
        line.replace("assistant", "asistant"),
        line.replace("How?\"", &format!("{}\",\"mood\":1", "How? ".repeat(4))),
        json!({"messages": [{"role": secret, "content": "Hi"}, {"role": "assistant", "content": "Hi"}]}).to_string(),
        json!({"messages": [{"role": "user", "content": "Hi", secret: 1}, {"role": "assistant", "content": "Hi"}]}).to_string(),
        json!({"messages": [{"role": "user", "content": "Hi", "name": secret}, {"role": "assistant", "content": "Hi"}]}).to_string(),
        json!({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi"}], secret: {"a": 1}}).to_string(),
        json!({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": 5}], "k": {secret: 1}}).to_string(),
        json!({secret: 1, "text": secret}).to_string(),
        json!([secret]).to_string(),
        json!({"messages": [{"role": "user", "content": "Hi"}, {"role": "tool", "tool_call_id": secret, "content": "x"}, {"role": "assistant", "content": "Hi"}]}).to_string(),
        line.replace("\"role\":\"assistant\"", "\"role\":\"assistant\",\"weight\":2"),
        // What is not JSON.
        line.trim_end_matches(['}', ']']).to_owned(),
        line.replace("}]}", "},]}"),
        line.replace('"', "'"),
        line.replace("\"How?\"", "How?"),
        line[..line.len() - 6 - secret.len() / 3].to_owned(),
        format!("# {secret}"),
        format!("{line} {line}"),
        escaped_line.trim_end_matches(['}', ']']).to_owned(),
        escaped_line.replace("assistant", "asistant"),
    ];
    // A raw line break in the middle.
    lines.push(line.replace("\"How?\"", "\"How\n?\""));
    lines
}

/// What no output may hold: any 6 bytes of the secret, as they are or escaped.
fn shown<'a>(made: &Made, output: &'a str) -> Option<&'a str> {
    let secret = made.text[made.secret..].split("\n-----END").next().unwrap();
    let forms = [
        secret.to_owned(),
        serde_json::to_string(secret).unwrap().trim_matches('"').to_owned(),
        secret.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect(),
    ];
    forms.iter().find_map(|form| {
        let size = if form.starts_with("\\u") { 18 } else { 6 };
        let parts = (0..form.len().saturating_sub(size)).map(|start| &form[start..start + size]);
        let part = parts.into_iter().find(|part| output.contains(*part))?;
        let at = output.find(part)?;
        let start = output[..at].rfind('\n').map_or(0, |at| at + 1);
        let end = output[at..].find('\n').map_or(output.len(), |length| at + length);
        Some(&output[start..end])
    })
}

#[test]
fn there_are_many_kinds() {
    let names: std::collections::HashSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert!(names.len() >= 40, "{}", names.len());
    for kind in KINDS {
        assert!(!kind.source.is_empty() && !kind.prefixes.is_empty());
        assert!(kind.name.starts_with("a ") || kind.name.starts_with("an "), "{}", kind.name);
        assert!(kind.prefixes.iter().all(|prefix| prefix.len() <= 40 && prefix.is_ascii()), "{}", kind.name);
    }
}

#[test]
fn every_kind_is_found_everywhere() {
    let settings = Settings { tokens: false, ..Settings::default() };
    for made in (1..=8).flat_map(all) {
        let text = in_text(&made);
        let found = secrets::find(text.as_bytes());
        assert_eq!(found.len(), 1, "{}: {text}", made.kind.name);
        assert_eq!(found[0].span, 0..made.text.len(), "{}: {text}", made.kind.name);
        for (place, line) in good_lines(&made).iter().enumerate() {
            let (_, findings) = Linter::new(&settings).lint_bytes("train.jsonl", line.as_bytes());
            let found: Vec<_> = findings.iter().filter(|finding| finding.rule.code == "FT601").collect();
            assert_eq!(found.len(), 1, "{} in line {place}: {line}", made.kind.name);
            let bytes = found[0].place.as_ref().unwrap().bytes.clone();
            let (start, end) = (usize::try_from(bytes.start).unwrap(), usize::try_from(bytes.end).unwrap());
            let marked = line[start..end].replace("\\\\", "\\").replace("\\/", "/").replace("\\u", "");
            let hex: String = made.text.bytes().map(|byte| format!("{byte:04x}")).collect();
            let plain = made.text.replace('\n', "\\n");
            assert!(marked == plain || marked == hex, "{} in line {place}: {marked}", made.kind.name);
        }
    }
}

#[test]
fn no_report_shows_a_secret() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("secrets");
    fs::create_dir_all(&folder).unwrap();
    let mut kinds = std::collections::HashSet::new();
    for (number, made) in all(7).iter().enumerate() {
        // One prefix of a kind is as good as another.
        if !kinds.insert(made.kind.body.as_ptr() as usize ^ made.kind.name.as_ptr() as usize) {
            continue;
        }
        let name = format!("{number}.jsonl");
        let lines = [good_lines(made), bad_lines(made)].concat().join("\n");
        fs::write(folder.join(&name), lines + "\n").unwrap();
        // A file of one such line is shown as a whole.
        let alone = format!("{number}-alone.jsonl");
        fs::write(folder.join(&alone), format!("[{}]\n", chat("How?", &in_text(made)))).unwrap();
        for format in ["full", "concise", "json", "json-lines"] {
            for more in [&[][..], &["--quiet"]] {
                let output = Command::new(env!("CARGO_BIN_EXE_ftlint"))
                    .current_dir(&folder)
                    .args(["--no-tokens", "--max-per-rule", "none", "--max-diagnostics", "none"])
                    .args(["--output-format", format, &name, &alone])
                    .args(more)
                    .stdin(Stdio::null())
                    .env_remove("FTLINT_OUTPUT_FORMAT")
                    .output()
                    .unwrap();
                let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
                assert!(text.matches("FT601").count() >= 8, "{}: {text}", made.kind.name);
                assert!(text.contains(made.kind.name), "{}: {text}", made.kind.name);
                assert_eq!(shown(made, &text), None, "{} as {format}", made.kind.name);
            }
        }
    }
}

#[test]
fn what_is_no_secret_is_left_alone() {
    let mut rng = Rng::with_seed(3);
    let hex = random(&mut rng, Class::LowerHex, 40);
    let word = random(&mut rng, Class::Alnum, 48);
    let mut texts = vec![
        "AKIAIOSFODNN7EXAMPLE and AKIAI44QH8DHBEXAMPLE".to_owned(),
        "export OPENAI_API_KEY=sk-... or sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
        "sk-your-key-here, sk-YOUR_OPENAI_API_KEY, sk-1234567890abcdef1234567890abcdef".to_owned(),
        "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz".to_owned(),
        "sk-ant-api03-YOUR-KEY, hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, hf_hub_download, hf_token".to_owned(),
        "ghp_ is the prefix; ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
        format!("ghp_{}", &word[..36]),
        format!("npm_{}", &word[..36]),
        format!("glsa_{}_{}", &word[..32], &hex[..8]),
        format!("task-{word} risk-{hex} SK{} MT{word}", hex.to_uppercase()),
        format!("commit {hex}, sha256:{hex}{hex}, https://example.com/{word}"),
        "postgres://user:password@localhost:5432/db mysql://root:P@ssw0rd!@127.0.0.1".to_owned(),
        "postgresql://${DB_USER}:${DB_PASSWORD}@db/app redis://localhost:6379/0 mongodb://<user>:<password>@host".to_owned(),
        "mysql+pymysql://scott:tiger@localhost/test amqp://guest:guest@localhost:5672".to_owned(),
        "postgres://postgres:postgres@db:5432/postgres postgres://db.example.com/me@home".to_owned(),
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----".to_owned(),
        format!("-----BEGIN PUBLIC KEY-----\nMII{word}{word}\n-----END PUBLIC KEY-----"),
        "-----BEGIN RSA PRIVATE KEY----- is how it starts".to_owned(),
        "AccountName=devstoreaccount1;AccountKey=<your key>;".to_owned(),
        "eyJhbGciOiJIUzI1NiJ9 is a header, eyJhbGciOi.eyJzdWIi.abc".to_owned(),
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==".to_owned(),
        "stripe: sk_test_ keys and pk_live_ keys may be shown".to_owned(),
    ];
    // The token that jwt.io shows.
    let parts =
        ["{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{\"sub\":\"1234567890\",\"name\":\"John Doe\",\"iat\":1516239022}"];
    let parts = parts.map(|part| URL_SAFE_NO_PAD.encode(part));
    texts.push(format!("{}.{}.{}", parts[0], parts[1], &word[..43]));
    for text in texts {
        assert_eq!(secrets::find(text.as_bytes()), [], "{text}");
    }
}

#[test]
fn a_secret_that_is_cut_off_is_hidden_too() {
    for made in (1..=8).flat_map(all) {
        if made.kind.check == Check::Pem || made.secret + 20 > made.text.len() {
            continue;
        }
        // Two letters of a prefix tell nothing.
        if made.kind.prefixes.iter().any(|prefix| prefix.len() < 3) {
            continue;
        }
        let cut = &made.text[..made.secret + 16];
        let redacted = secrets::redact(cut);
        assert!(redacted.ends_with("****************"), "{}: {redacted}", made.kind.name);
        assert_eq!(redacted.len(), cut.len());
    }
}
