//! Checksums, and what tells a real key from one that documentation made up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BECH32: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Whether the last 6 characters are the CRC-32 of the rest in base 62.
pub(super) fn crc32_base62(body: &[u8]) -> bool {
    let Some((secret, sum)) = body.split_last_chunk::<6>() else { return false };
    let mut rest = crc32fast::hash(secret);
    let mut expected = [0; 6];
    for digit in expected.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    expected == *sum
}

/// Whether behind the last underscore there is the CRC-32 of what stands before it.
pub(super) fn crc32_hex(token: &[u8]) -> bool {
    let Some(at) = memchr::memrchr(b'_', token) else { return false };
    let sum = crc32fast::hash(&token[..at]).to_le_bytes();
    let hex: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.as_bytes() == &token[at + 1..]
}

/// Whether a text in upper case has the checksum of bech32.
pub(super) fn bech32(text: &[u8]) -> bool {
    let text = text.to_ascii_lowercase();
    let Some(at) = memchr::memrchr(b'1', &text) else { return false };
    let (name, data) = (&text[..at], &text[at + 1..]);
    let values: Option<Vec<u32>> = data
        .iter()
        .map(|c| BECH32.iter().position(|known| known == c).and_then(|value| u32::try_from(value).ok()))
        .collect();
    let Some(values) = values else { return false };
    let high = name.iter().map(|&c| u32::from(c >> 5));
    let low = name.iter().map(|&c| u32::from(c & 31));
    let all = high.chain([0]).chain(low).chain(values);
    let sum = all.fold(1_u32, |sum, value| {
        let top = sum >> 25;
        let mut sum = (sum & 0x1FF_FFFF) << 5 ^ value;
        for (bit, factor) in [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3].into_iter().enumerate() {
            if top >> bit & 1 == 1 {
                sum ^= factor;
            }
        }
        sum
    });
    sum == 1
}

/// Whether the part before the first dot decodes to an account's number.
pub(super) fn decimal_head(token: &[u8]) -> bool {
    let head = token.split(|&byte| byte == b'.').next().unwrap_or_default();
    URL_SAFE_NO_PAD
        .decode(head)
        .is_ok_and(|number| (16..=20).contains(&number.len()) && number.iter().all(u8::is_ascii_digit))
}

/// Whether this is the header of a JSON web token, by what it decodes to.
pub(super) fn jwt_header(part: &[u8]) -> bool {
    let header = URL_SAFE_NO_PAD.decode(part).ok();
    let header = header.and_then(|header| serde_json::from_slice::<serde_json::Value>(&header).ok());
    header.is_some_and(|header| header.get("alg").is_some_and(serde_json::Value::is_string))
}

/// Whether the payload of a JSON web token is one that documentation shows.
pub(super) fn jwt_example(part: &[u8]) -> bool {
    let Ok(payload) = URL_SAFE_NO_PAD.decode(part) else { return false };
    [&b"John Doe"[..], b"Jane Doe", b"1234567890", b"example"].iter().any(|sign| has(&payload, sign))
}

/// Keys that documentation prints and that no other sign gives away.
const DOCUMENTED: &[&str] = &[
    concat!("110201543:AAHdqTcvCH1vGWJx", "fSeofSAs0K5PALDsaw"),
    concat!("zQWBuTSOoRi4A9spHcVY5ncn", "sDkxkJ0mLq17"),
    concat!("glsa_yscW25imSKJIuav8zF37RZ", "mnbiDvB05G_fcaaf58a"),
    concat!("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZ", "GFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"),
    // The storage emulator's, the same everywhere.
    concat!("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsu", "Fq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="),
];

/// Words of made-up keys, in lower case. Short ones would turn up in real keys too.
const MADE_UP: &[&str] = &[
    "example",
    "sample",
    "placeholder",
    "dummy",
    "redacted",
    "replace",
    "changeme",
    "foobar",
    "insert",
    "your_",
    "your-",
    "yourkey",
    "yourapi",
    "yourtoken",
    "deadbeef",
    "secretkey",
    "notreal",
    "000000",
    "aaaaaa",
    "fake",
    "abcdef",
    "123456",
    "qwerty",
    "sk-ant-api03-your",
];

/// Whether the secret part of a key was not made by chance: documentation's own keys, words, counts and stars.
pub(super) fn is_made_up(token: &[u8], body: &[u8]) -> bool {
    if DOCUMENTED.iter().any(|known| has(token, known.as_bytes())) {
        return true;
    }
    let lower = body.to_ascii_lowercase();
    if MADE_UP.iter().any(|word| has(&lower, word.as_bytes())) || has(body, b"xxxx") || has(body, b"XXXX") {
        return true;
    }
    let mut seen = [false; 256];
    lower.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    let distinct = seen.iter().filter(|&&seen| seen).count();
    if distinct < 8.min(body.len().div_ceil(2)) {
        return true;
    }
    // Words with hyphens, as people write them where a key would stand.
    let letters = |test: fn(&u8) -> bool| body.iter().any(test);
    let kinds = [letters(u8::is_ascii_lowercase), letters(u8::is_ascii_uppercase), letters(u8::is_ascii_digit)];
    if body.len() >= 20 && kinds.iter().filter(|&&kind| kind).count() < 2 {
        return true;
    }
    counts_up(&lower, 1, 6) || counts_up(&lower, 2, 6)
}

/// Whether every `step`-th of some bytes is one more than that before: `345678`, `a1b2c3d4e5f6`.
fn counts_up(body: &[u8], step: usize, least: usize) -> bool {
    let mut runs = vec![0; step];
    (step..body.len()).any(|at| {
        let run = &mut runs[at % step];
        *run = if body[at] == body[at - step].wrapping_add(1) { *run + 1 } else { 0 };
        *run + 1 >= least
    })
}

/// Whether the base64 of a private key is a stand-in for it.
pub(super) fn is_filler(key: &[u8]) -> bool {
    let words: [&[u8]; 7] = [b"EXAMPLE", b"example", b"...", b"XXXX", b"xxxx", b"REDACTED", b"PLACEHOLDER"];
    let mut seen = [false; 256];
    key.iter().for_each(|&byte| seen[usize::from(byte)] = true);
    words.iter().any(|word| has(key, word)) || seen.iter().filter(|&&seen| seen).count() < 24
}

/// What stands for a password in the URLs of documentation, alone or together, in lower case.
const PASSWORD_WORDS: &[&str] = &[
    "password",
    "passwd",
    "passw",
    "pass",
    "pwd",
    "pw",
    "secret",
    "user",
    "username",
    "admin",
    "root",
    "test",
    "testing",
    "example",
    "demo",
    "dev",
    "local",
    "my",
    "your",
    "the",
    "db",
    "database",
    "postgres",
    "postgresql",
    "mysql",
    "mongo",
    "mongodb",
    "redis",
    "rabbitmq",
    "guest",
    "tiger",
    "change",
    "me",
    "changeme",
    "changeit",
    "here",
    "strong",
    "secure",
    "super",
    "safe",
    "some",
    "new",
    "old",
    "prod",
    "production",
    "staging",
    "app",
    "myapp",
    "default",
    "token",
    "key",
    "foo",
    "bar",
    "baz",
    "qwerty",
    "abc",
    "hunter",
    "welcome",
    "letmein",
    "master",
    "server",
    "service",
    "sql",
    "x",
    "word",
    "in",
    "and",
    "with",
    "special",
    "chars",
    "encoded",
    "insert",
    "replace",
    "real",
    "actual",
    "this",
    "is",
    "a",
    "correct",
    "horse",
    "battery",
    "staple",
    "airflow",
    "django",
    "flask",
    "odoo",
    "sa",
    "p",
    "u",
    "s",
    "pg",
    "bench",
];

/// Whether a password of a URL is no password: a variable, a word for it, or what everybody writes there.
pub(super) fn is_no_password(user: &[u8], password: &[u8]) -> bool {
    let sign = |byte: &u8| matches!(byte, b'{' | b'}' | b'<' | b'>' | b'$' | b'*' | b'[' | b']' | b'(' | b'`' | b'|');
    if password.len() < 6 || password.eq_ignore_ascii_case(user) || password.iter().any(sign) {
        return true;
    }
    // `P@ssw0rd!` is a word too.
    let letters: Vec<u8> = password
        .iter()
        .filter_map(|byte| match byte.to_ascii_lowercase() {
            b'@' => Some(b'a'),
            b'0' => Some(b'o'),
            b'$' | b'5' => Some(b's'),
            c if c.is_ascii_lowercase() => Some(c),
            _ => None,
        })
        .collect();
    let plain: Vec<u8> = password.to_ascii_lowercase().into_iter().filter(u8::is_ascii_lowercase).collect();
    // `shop_user` goes with `shop_password`.
    let user = user.to_ascii_lowercase();
    let of_user: Vec<&[u8]> = user.split(|byte| !byte.is_ascii_lowercase()).collect();
    [letters, plain].iter().any(|letters| letters.len() < 64 && is_of_words(letters, &of_user))
}

/// Whether nothing is left of a text once such words are taken off.
fn is_of_words(text: &[u8], more: &[&[u8]]) -> bool {
    let mut ends = vec![false; text.len() + 1];
    ends[0] = true;
    for start in 0..text.len() {
        if !ends[start] {
            continue;
        }
        let words = PASSWORD_WORDS.iter().map(|word| word.as_bytes()).chain(more.iter().copied());
        for word in words.filter(|word| !word.is_empty() && text[start..].starts_with(word)) {
            ends[start + word.len()] = true;
        }
    }
    ends[text.len()]
}

fn has(text: &[u8], word: &[u8]) -> bool {
    memchr::memmem::find(text, word).is_some()
}
