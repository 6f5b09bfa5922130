//! All prefixes at once, and what is looked at where one stands.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use super::Secret;
use super::check;
use super::kinds::{Body, Check, Class, KINDS, Kind};

/// What counts as a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strictness {
    /// What passes every check.
    Valid,
    /// What looks like one, or like the beginning of one.
    Alike,
}

pub(super) static MATCHER: LazyLock<Matcher> = LazyLock::new(Matcher::new);

/// So many random characters are the beginning of a key.
const BEGINNING: usize = 8;

pub(super) struct Matcher {
    /// The first two bytes of the prefixes, a bit for each pair: to look at it is all that is done at most places.
    pairs: Vec<u64>,
    /// The first three bytes of the prefixes, as bits of a small filter. In most texts few places are left then, and no
    /// search for so many texts at once is as fast that has to be built first.
    filter: Vec<u64>,
    /// The prefixes that begin with each byte, short ones first.
    by_first: Vec<Vec<Prefix>>,
}

/// What a kind of credential begins with.
#[derive(Clone)]
struct Prefix {
    text: Cow<'static, str>,
    /// Its second byte, which tells most of those with the same first one apart.
    second: u8,
    kind: &'static Kind,
}

impl Matcher {
    fn new() -> Matcher {
        let mut matcher = Matcher { pairs: vec![0; 1024], filter: vec![0; 1024], by_first: vec![Vec::new(); 256] };
        for kind in KINDS {
            for prefix in kind.prefixes {
                // Some writers of JSON escape every slash.
                let slashes = prefix.contains('/').then(|| Cow::Owned(prefix.replace('/', "\\/")));
                for prefix in std::iter::once(Cow::Borrowed(*prefix)).chain(slashes) {
                    matcher.add(prefix, kind);
                }
            }
        }
        for prefixes in &mut matcher.by_first {
            prefixes.sort_by_key(|prefix| prefix.text.len());
        }
        matcher
    }

    fn add(&mut self, text: Cow<'static, str>, kind: &'static Kind) {
        let &[first, second, ref more @ ..] = text.as_bytes() else { unreachable!("prefixes have two bytes") };
        let (word, bit) = place_of_pair([first, second]);
        self.pairs[word] |= bit;
        // Behind one of two bytes there may be any.
        let thirds = more.first().map_or(0..=u8::MAX, |&third| third..=third);
        for third in thirds {
            let (word, bit) = place_of([first, second, third]);
            self.filter[word] |= bit;
        }
        self.by_first[usize::from(first)].push(Prefix { text, second, kind });
    }

    /// Whether a prefix may begin with these bytes.
    fn may_begin(&self, three: [u8; 3]) -> bool {
        let (word, bit) = place_of(three);
        self.filter[word] & bit != 0
    }

    /// The prefixes in a text, in the order in which they begin.
    fn candidates<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (&'static Kind, Range<usize>)> + 't {
        let is_start = |[first, second, third]: [u8; 3]| {
            let (word, bit) = place_of_pair([first, second]);
            self.pairs[word] & bit != 0 && self.may_begin([first, second, third])
        };
        let starts = text.array_windows().enumerate().filter(move |(_, three)| is_start(**three));
        starts.flat_map(|(at, _)| self.prefixes_at(text, at))
    }

    fn prefixes_at<'t>(
        &'t self,
        text: &'t [u8],
        at: usize,
    ) -> impl Iterator<Item = (&'static Kind, Range<usize>)> + 't {
        let (known, rest) = (&self.by_first[usize::from(text[at])], &text[at..]);
        let is_here =
            |prefix: &&Prefix| rest.get(1) == Some(&prefix.second) && rest.starts_with(prefix.text.as_bytes());
        known.iter().filter(is_here).map(move |prefix| (prefix.kind, at..at + prefix.text.len()))
    }

    /// Whether a part of a raw line has a prefix. Of short prefixes what follows is looked at too: nothing in it is
    /// ever escaped.
    pub(super) fn has_prefix(&self, text: &[u8]) -> bool {
        self.candidates(text).any(|(kind, prefix)| may_go_on(kind, text, &prefix))
    }

    /// As [`Matcher::has_prefix`], of what begins at `at`.
    #[inline]
    pub(super) fn has_prefix_at(&self, text: &[u8], at: usize) -> bool {
        text[at..].first_chunk().is_some_and(|three| self.may_begin(*three))
            && self.prefixes_at(text, at).any(|(kind, prefix)| may_go_on(kind, text, &prefix))
    }

    pub(super) fn find(&self, text: &[u8], strictness: Strictness) -> Vec<Secret> {
        let mut found = Vec::new();
        let mut end = 0;
        let mut walked = Walked::default();
        for (kind, prefix) in self.candidates(text) {
            let secret = valid(kind, text, &prefix, &mut walked).or_else(|| match strictness {
                Strictness::Valid => None,
                // One walk over the rest of a word serves all prefixes in it.
                Strictness::Alike if prefix.start < end => None,
                Strictness::Alike => alike(kind, text, &prefix, &mut walked),
            });
            if let Some(span) = secret {
                end = end.max(span.end);
                found.push(Secret { kind, span });
            }
        }
        found
    }
}

/// Where two bytes have their bit in [`Matcher::pairs`].
fn place_of_pair(pair: [u8; 2]) -> (usize, u64) {
    let pair = u16::from_le_bytes(pair);
    (usize::from(pair >> 6), 1 << (pair & 63))
}

/// Where three bytes have their bit in [`Matcher::filter`]: the word, and the bit in it.
fn place_of([first, second, third]: [u8; 3]) -> (usize, u64) {
    let hash = u32::from_le_bytes([first, second, third, 0]).wrapping_mul(0x9E37_79B1) >> 16;
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// Whether this prefix tells enough, or what follows it fits.
fn may_go_on(kind: &'static Kind, text: &[u8], prefix: &Range<usize>) -> bool {
    prefix.len() > 3 || body(kind, text, prefix.end).is_some()
}

/// Words that were walked through: many prefixes may begin in one, and its end is the same for all of them.
#[derive(Default)]
struct Walked {
    word: Word,
    /// Of the characters of [`Class::UrlSafe`].
    part: Range<usize>,
}

/// What goes on for as long as secrets do.
#[derive(Default)]
struct Word {
    range: Range<usize>,
    /// Behind the last of its digits and letters of each case, 0 without any.
    digit: usize,
    lower: usize,
    upper: usize,
}

impl Walked {
    /// The word from `at` on.
    fn word(&mut self, text: &[u8], at: usize) -> &Word {
        if !self.word.range.contains(&at) {
            let is_part = |byte: u8| Class::Tilde.has(byte) || Class::Base64.has(byte) || byte == b'$';
            let length = text[at..].iter().take_while(|&&byte| is_part(byte)).count();
            let behind_last =
                |test: fn(&u8) -> bool| text[at..at + length].iter().rposition(test).map_or(0, |last| at + last + 1);
            self.word = Word {
                range: at..at + length,
                digit: behind_last(u8::is_ascii_digit),
                lower: behind_last(u8::is_ascii_lowercase),
                upper: behind_last(u8::is_ascii_uppercase),
            };
        }
        &self.word
    }

    /// Where the part of a token ends that goes on at `at`.
    fn part_end(&mut self, text: &[u8], at: usize) -> usize {
        if !self.part.contains(&at) {
            self.part = at..at + text[at..].iter().take_while(|byte| Class::UrlSafe.has(**byte)).count();
        }
        self.part.end
    }
}

/// The secret with this prefix, if it is one.
fn valid(kind: &'static Kind, text: &[u8], prefix: &Range<usize>, walked: &mut Walked) -> Option<Range<usize>> {
    let start = lead(kind, text, prefix.start)?;
    match kind.check {
        Check::Pem => return pem(text, start, Strictness::Valid),
        Check::Database => return database(text, prefix, Strictness::Valid),
        Check::Jwt => return jwt(text, start, walked),
        _ => {}
    }
    let end = body(kind, text, prefix.end)?;
    let (token, secret) = (&text[start..end], &text[prefix.end..end]);
    let holds = match kind.check {
        Check::Crc32Base62 => check::crc32_base62(secret),
        Check::Crc32Hex => check::crc32_hex(token),
        Check::Bech32 => check::bech32(token),
        Check::DecimalHead => check::decimal_head(token),
        _ => true,
    };
    (holds && !check::is_made_up(token, secret)).then_some(start..end)
}

/// What begins as a secret does, and goes on at random.
fn alike(kind: &'static Kind, text: &[u8], prefix: &Range<usize>, walked: &mut Walked) -> Option<Range<usize>> {
    let start = lead(kind, text, prefix.start)?;
    match kind.check {
        Check::Pem => return pem(text, start, Strictness::Alike),
        Check::Database => return database(text, prefix, Strictness::Alike),
        _ => {}
    }
    let word = walked.word(text, prefix.end);
    let length = word.range.end - prefix.end;
    let [digit, lower, upper] = [word.digit, word.lower, word.upper].map(|behind_last| behind_last > prefix.end);
    let random = match prefix.len() {
        // Many words begin with two such letters.
        0..3 => length >= 2 * BEGINNING && digit && lower,
        3..6 if text[prefix.end - 1].is_ascii_alphanumeric() => {
            length >= BEGINNING && [digit, lower, upper].iter().filter(|&&kind| kind).count() >= 2
        }
        3..12 => length >= BEGINNING && (digit || upper),
        _ => length >= BEGINNING,
    };
    random.then_some(start..prefix.end + length)
}

/// Where a secret begins whose prefix stands at `at`; `None` if it is the middle of a word.
fn lead(kind: &Kind, text: &[u8], at: usize) -> Option<usize> {
    let start = match kind.lead {
        None => at,
        Some((class, least, most)) => {
            let length = text[..at].iter().rev().take(most + 1).take_while(|byte| class.has(**byte)).count();
            // An escape's letter is none of the class's.
            let length = if length == least + 1 && is_escape(&text[..at + 1 - length]) { least } else { length };
            if !(least..=most).contains(&length) {
                return None;
            }
            at - length
        }
    };
    let before = &text[..start];
    let inside = before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    // What is a letter here may be a line break: `\nsk-…`.
    (!inside || is_escape(before)).then_some(start)
}

/// Whether a text ends in a JSON escape.
fn is_escape(text: &[u8]) -> bool {
    match text {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [.., b'\\', b'u', a, b, c, d] => [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

/// Where what must follow the prefix ends.
fn body(kind: &Kind, text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    let mut last = Class::Alnum;
    for piece in kind.body {
        match *piece {
            Body::Text(expected) => {
                at += text[at..].starts_with(expected.as_bytes()).then_some(expected.len())?;
            }
            Body::Run(class, least, most) => {
                let mut length = text[at..].iter().take(most).take_while(|byte| class.has(**byte)).count();
                // A full stop or a dash ends a sentence, not a key.
                while class != Class::Base64 && length > least && matches!(text[at + length - 1], b'.' | b'-' | b'~') {
                    length -= 1;
                }
                if length < least {
                    return None;
                }
                at += length;
                last = class;
            }
        }
    }
    let more = text.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' && last.has(b'_'));
    (!more).then_some(at)
}

/// Longest header of a JSON web token, in bytes.
const JWT_HEADER: usize = 4096;

/// `header.payload.signature`
fn jwt(text: &[u8], start: usize, walked: &mut Walked) -> Option<Range<usize>> {
    let part = |from: usize| from + text[from..].iter().take_while(|byte| Class::UrlSafe.has(**byte)).count();
    let header = walked.part_end(text, start);
    let is_header = text.get(header) == Some(&b'.') && header - start <= JWT_HEADER;
    if !is_header || !check::jwt_header(&text[start..header]) {
        return None;
    }
    let payload = part(header + 1);
    if text.get(payload) != Some(&b'.') || payload - header < 8 {
        return None;
    }
    let signature = part(payload + 1);
    let signed = &text[payload + 1..signature];
    let made_up =
        signed.len() < 20 || check::jwt_example(&text[header + 1..payload]) || check::is_made_up(signed, signed);
    (!made_up).then_some(start..signature)
}

/// `-----BEGIN … PRIVATE KEY-----` and what follows.
fn pem(text: &[u8], start: usize, strictness: Strictness) -> Option<Range<usize>> {
    const BEGIN: &[u8] = b"-----BEGIN ";
    let label = &text[start + BEGIN.len()..text.len().min(start + BEGIN.len() + 48)];
    let dashes = memchr::memmem::find(label, b"-----")?;
    let label = &label[..dashes];
    if !(label.ends_with(b"PRIVATE KEY") || label.ends_with(b"PRIVATE KEY BLOCK")) {
        return None;
    }
    let body = start + BEGIN.len() + dashes + 5;
    // Headers of old keys and of PGP have colons, commas and brackets.
    let is_part = |byte: u8| {
        Class::Base64.has(byte)
            || matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b'\\' | b':' | b',' | b'-' | b'.' | b'(' | b')')
    };
    let rest = &text[body..];
    // Keys of 16,384 bits take 13 kB, and no key holds another.
    let most = &rest[..rest.len().min(16_384)];
    let most = memchr::memmem::find(most, BEGIN).unwrap_or(most.len());
    let room = rest[..most].iter().take_while(|&&byte| is_part(byte)).count();
    let end = memchr::memmem::find(&rest[..room], b"-----END").unwrap_or(room);
    let secret = &rest[..end];
    let size = secret.iter().filter(|byte| Class::Base64.has(**byte)).count();
    let longest = secret.split(|byte| !Class::Base64.has(*byte)).max_by_key(|word| word.len()).unwrap_or_default();
    let key = match strictness {
        Strictness::Valid => size >= 64 && longest.len() >= 32 && !check::is_filler(secret),
        Strictness::Alike => size >= BEGINNING,
    };
    // The footer up to its last dashes.
    let footer = &rest[end..rest.len().min(end + 64)];
    let label = memchr::memmem::find(footer, b"KEY")
        .map_or(0, |key| key + footer[key..].iter().take_while(|byte| !matches!(byte, b'-')).count());
    let footer = if end < room && label > 0 {
        label + footer[label..].iter().take_while(|byte| **byte == b'-').count()
    } else {
        0
    };
    let end = end + footer;
    key.then_some(start..body + end)
}

/// `scheme://user:password@`, without the host.
fn database(text: &[u8], prefix: &Range<usize>, strictness: Strictness) -> Option<Range<usize>> {
    let is_part = |byte: u8| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b'`' | b'/' | b'\\' | b',');
    let rest = &text[prefix.end..];
    let length = rest.iter().take(256).take_while(|&&byte| is_part(byte)).count();
    let rest = &rest[..length];
    let end = match (memchr::memrchr(b'@', rest), strictness) {
        (Some(at), _) => at,
        (None, Strictness::Valid) => return None,
        // Cut off in the middle of the password.
        (None, Strictness::Alike) => length,
    };
    let colon = memchr::memchr(b':', &rest[..end])?;
    let (user, password) = (&rest[..colon], &rest[colon + 1..end]);
    // Cut off, a number may be a port.
    let port = end == length && password.iter().all(|byte| byte.is_ascii_digit() || *byte == b'?');
    (!port && !password.is_empty() && !check::is_no_password(user, password)).then_some(prefix.start..prefix.end + end)
}
