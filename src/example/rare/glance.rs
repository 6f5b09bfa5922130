//! The one look that is taken at every byte of every line: whether a closer one is needed.

use super::escapes::of_escape;
use crate::example::Features;
use crate::secrets::{is_suspected, long_words};

/// What cannot be ruled out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Glance {
    /// One of the signs of ASCII.
    pub plain: bool,
    /// One of the signs in UTF-8.
    pub utf8: bool,
    /// `@`
    pub at_sign: bool,
    /// A long word that may be a part of a secret.
    pub secret: bool,
    /// What escapes stand for, as far as that is rare.
    pub escaped: Features,
}

pub(super) fn glance(line: &[u8]) -> Glance {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = crate::avx2::Avx2::detect() {
        return avx2.glance(line);
    }
    portable(line)
}

/// With searches that are fast on every processor, one for each question.
fn portable(line: &[u8]) -> Glance {
    let mut secret = false;
    long_words(line, |word| secret = secret || is_suspected(line, word));
    Glance {
        plain: true,
        utf8: !line.is_ascii(),
        at_sign: memchr::memchr(b'@', line).is_some(),
        secret,
        escaped: memchr::memmem::find_iter(line, br"\u").map(|at| of_escape(&line[at + 2..])).collect(),
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    //! With AVX2, all questions in one pass.
    #![allow(unsafe_code)]

    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_andnot_si256, _mm256_broadcastsi128_si256,
        _mm256_cmpeq_epi8, _mm256_cmpgt_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_testz_si256,
    };

    use super::{Glance, of_escape};
    use crate::avx2::{self, Avx2, high_bits};
    use crate::example::Features;
    use crate::prefetch::prefetch_ahead;
    use crate::secrets::{BLOCK, LongWords, is_suspected};

    /// Classes of bytes in a row: what is looked for. An empty class is any byte.
    type Sign<const LENGTH: usize> = [&'static [u8]; LENGTH];

    /// The first two bytes of the signs of ASCII. That of escapes is the eighth, whose bit the processor can gather from
    /// all bytes.
    const PLAIN: [Sign<2>; 8] = [
        [b"\\", b"bf"],
        // `|>` and `{{`
        [b"|{", b">{"],
        [b"<[", b"I"],
        [b"T", b"OB"],
        // Of `AccountKey=`.
        [b"y", b"="],
        // In `ipsum`, see [`IPSUM`].
        [b"p", b"s"],
        [b"@", b""],
        [b"\\", b"u"],
    ];

    /// The bits of some signs in [`PLAIN`]. `ps` is common: of it the third byte is looked at.
    const IPSUM: i8 = 1 << 5;
    const AT_SIGN: i8 = 1 << 6;
    /// Those that need nothing else.
    const ENOUGH: i8 = 0b1_1111;

    /// What may follow `\u` if [`of_escape`] has something to say.
    const ESCAPED: [Sign<3>; 7] = [
        [b"0", b"0", b"0123456789"],
        [b"0", b"0", b"cdfCDF"],
        [b"2", b"0", b"026"],
        [b"2", b"0", b"aA"],
        [b"fF", b"fF", b"fF"],
        [b"fF", b"eE", b"fF"],
        [b"dD", b"bB", b"4"],
    ];

    /// The first three bytes of what is looked for in UTF-8.
    const UTF8: [Sign<3>; 7] = [
        // U+200A to U+200F and U+202A to U+202F
        [b"\xE2", b"\x80", b"\x8A\x8B\x8C\x8D\x8E\x8F\xAA\xAB\xAC\xAD\xAE\xAF"],
        // U+2060 to U+206F
        [b"\xE2", b"\x81", b"\xA0\xA1\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\xAA\xAB\xAC\xAD\xAE\xAF"],
        // U+FEFF
        [b"\xEF", b"\xBB", b"\xBF"],
        // U+FFFD
        [b"\xEF", b"\xBF", b"\xBD"],
        // Tags
        [b"\xF3", b"\xA0", b"\x80\x81"],
        // The letters that garbled text begins with: Ã, Â, Ð, Ñ, and â, ð.
        [b"\xC3", b"\x82\x83\x90\x91", b"\xC2\xC5\xC6\xCB\xE2"],
        [b"\xC3", b"\xA2\xB0", b"\xC2\xC5\xC6\xCB\xE2"],
    ];

    /// For each half of a byte, a bit for each of up to eight signs whose class has a byte with that half: a byte is of the
    /// class, or of halves that are in it, if both halves have the bit.
    struct Halves<const LENGTH: usize> {
        low: [[u8; 16]; LENGTH],
        high: [[u8; 16]; LENGTH],
    }

    static PLAIN_HALVES: Halves<2> = halves(&PLAIN);
    static ESCAPED_HALVES: Halves<3> = halves(&ESCAPED);
    static UTF8_HALVES: Halves<3> = halves(&UTF8);

    const fn halves<const LENGTH: usize>(signs: &[Sign<LENGTH>]) -> Halves<LENGTH> {
        let mut halves = Halves { low: [[0; 16]; LENGTH], high: [[0; 16]; LENGTH] };
        let mut place = 0;
        while place < LENGTH {
            let mut sign = 0;
            while sign < signs.len() {
                let class = signs[sign][place];
                let mut byte = 0;
                while byte < 256 {
                    if class.is_empty() || has(class, byte) {
                        halves.low[place][byte & 15] |= 1 << sign;
                        halves.high[place][byte >> 4] |= 1 << sign;
                    }
                    byte += 1;
                }
                sign += 1;
            }
            place += 1;
        }
        halves
    }

    const fn has(class: &[u8], byte: usize) -> bool {
        let mut at = 0;
        while at < class.len() {
            if class[at] as usize == byte {
                return true;
            }
            at += 1;
        }
        false
    }

    /// So many bytes behind a block are looked at with it.
    const AHEAD: usize = 4;

    /// The next line is asked for, since nobody has read it yet: what stands as far behind a byte as the line is long, but
    /// at least and at most so many bytes. Found by trying: from 4 to 16 KiB the time is the same, less and more are slower.
    const NEAREST: usize = 4096;
    const FURTHEST: usize = 16_384;

    impl Avx2 {
        pub(super) fn glance(self, line: &[u8]) -> Glance {
            // SAFETY: an `Avx2` is made only where the processor has it.
            unsafe { glance(line) }
        }
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    fn glance(line: &[u8]) -> Glance {
        let next_line = line.len().clamp(NEAREST, FURTHEST);
        let mut seen = Seen::new(line);
        let mut rest = line;
        let mut last = [0; BLOCK + AHEAD];
        while !rest.is_empty() {
            let block = rest.first_chunk().unwrap_or_else(|| {
                // Zeros are no sign and no word.
                last = [0; BLOCK + AHEAD];
                last[..rest.len()].copy_from_slice(rest);
                &last
            });
            prefetch_ahead(rest, next_line);
            seen.block(block, rest);
            rest = rest.get(BLOCK..).unwrap_or_default();
        }
        let has = |bits| _mm256_testz_si256(seen.plain, _mm256_set1_epi8(bits)) == 0;
        Glance {
            plain: has(ENOUGH | IPSUM),
            utf8: _mm256_testz_si256(seen.utf8, seen.utf8) == 0,
            at_sign: has(AT_SIGN),
            secret: seen.secret,
            escaped: seen.escaped,
        }
    }

    /// What was seen of a line.
    struct Seen<'l> {
        line: &'l [u8],
        words: LongWords<'l>,
        secret: bool,
        /// The signs in [`PLAIN`], somewhere.
        plain: __m256i,
        /// The signs in [`UTF8`].
        utf8: __m256i,
        escaped: Features,
    }

    impl<'l> Seen<'l> {
        #[inline]
        #[target_feature(enable = "avx2")]
        fn new(line: &'l [u8]) -> Self {
            Seen {
                line,
                words: LongWords::new(line),
                secret: false,
                plain: _mm256_setzero_si256(),
                utf8: _mm256_setzero_si256(),
                escaped: Features::NONE,
            }
        }

        /// Looks at a block, with which `rest` of the line begins.
        #[inline]
        #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
        fn block(&mut self, block: &[u8; BLOCK + AHEAD], rest: &[u8]) {
            let plain = Tables::new(&PLAIN_HALVES);
            let halves = [load(block, 0), load(block, 32)];
            let next = [load(block, 1), load(block, 33)];
            // What follows `@` may be beyond ASCII.
            let found = [0, 1].map(|half| {
                let upper = [halves[half], next[half]].map(|bytes| upper_half(bytes));
                plain.of([halves[half], lower_half(next[half])], upper)
            });
            let any = _mm256_or_si256(found[0], found[1]);
            if _mm256_testz_si256(any, any) == 0 {
                self.signs(found, block, rest);
            }
            let beyond_ascii = _mm256_or_si256(halves[0], halves[1]);
            if _mm256_movemask_epi8(beyond_ascii) != 0 {
                self.utf8 = _mm256_or_si256(self.utf8, utf8(block));
            }
            // All parts of words, and a little more.
            let parts = halves.map(|bytes| {
                let graphic = _mm256_cmpgt_epi8(bytes, _mm256_set1_epi8(b'*'.cast_signed()));
                _mm256_andnot_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(b'\\'.cast_signed())), graphic)
            });
            let starts = self.words.starts(high_bits(parts));
            if starts != 0 {
                let (line, secret) = (self.line, &mut self.secret);
                self.words.words(line.len() - rest.len(), starts, &mut |word| {
                    *secret = *secret || is_suspected(line, word);
                });
            }
        }

        /// Adds the signs of which the first two bytes were found in a block; `rest` begins with it.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn signs(&mut self, found: [__m256i; 2], block: &[u8; BLOCK + AHEAD], rest: &[u8]) {
            for (half, found) in [0, 32].into_iter().zip(found) {
                let third = _mm256_cmpeq_epi8(load(block, half + 2), _mm256_set1_epi8(b'u'.cast_signed()));
                // Where another byte stands only the others count.
                let sure = _mm256_or_si256(third, _mm256_set1_epi8(ENOUGH | AT_SIGN));
                self.plain = _mm256_or_si256(self.plain, _mm256_and_si256(found, sure));
            }
            let escapes = high_bits(found);
            if escapes != 0 {
                let rare = ones(rare_escapes(block, escapes)).map(|place| of_escape(&rest[place + 2..]));
                self.escaped = rare.fold(self.escaped, Features::or);
            }
        }
    }

    /// Of the escapes in a block, a bit for each `\u`, those that may stand for something rare.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn rare_escapes(block: &[u8; BLOCK + AHEAD], escapes: u64) -> u64 {
        let tables = Tables::new(&ESCAPED_HALVES);
        let other = [0, 32].map(|half| {
            let digits = [2, 3, 4].map(|shift| load(block, half + shift));
            let found = tables.of(digits, digits.map(|bytes| upper_half(bytes)));
            _mm256_cmpeq_epi8(found, _mm256_setzero_si256())
        });
        escapes & !high_bits(other)
    }

    /// The signs in UTF-8 that are in a block.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn utf8(block: &[u8; BLOCK + AHEAD]) -> __m256i {
        let tables = Tables::new(&UTF8_HALVES);
        let mut signs = _mm256_setzero_si256();
        for half in [0, 32] {
            let text = [0, 1, 2].map(|shift| load(block, half + shift));
            let lower = text.map(|bytes| lower_half(bytes));
            signs = _mm256_or_si256(signs, tables.of(lower, text.map(|bytes| upper_half(bytes))));
        }
        signs
    }

    /// [`Halves`], for the processor.
    struct Tables<const LENGTH: usize> {
        low: [__m256i; LENGTH],
        high: [__m256i; LENGTH],
    }

    impl<const LENGTH: usize> Tables<LENGTH> {
        #[inline]
        #[target_feature(enable = "avx2")]
        fn new(halves: &Halves<LENGTH>) -> Self {
            Tables {
                low: halves.low.each_ref().map(|half| table(half)),
                high: halves.high.each_ref().map(|half| table(half)),
            }
        }

        /// The signs that stand at each place: `text` from there on, from the next byte, and so on. Bytes beyond ASCII are
        /// seen only if `text` has but their lower halves.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn of(&self, text: [__m256i; LENGTH], upper: [__m256i; LENGTH]) -> __m256i {
            let mut found = _mm256_set1_epi8(-1);
            for place in 0..LENGTH {
                let low = _mm256_shuffle_epi8(self.low[place], text[place]);
                let high = _mm256_shuffle_epi8(self.high[place], upper[place]);
                found = _mm256_and_si256(found, _mm256_and_si256(low, high));
            }
            found
        }
    }

    /// The places of the bits that are set, from the lowest.
    #[inline]
    fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
        std::iter::from_fn(move || {
            let lowest = bits.trailing_zeros();
            (bits != 0).then(|| {
                bits &= bits - 1;
                lowest as usize
            })
        })
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn lower_half(bytes: __m256i) -> __m256i {
        _mm256_and_si256(bytes, _mm256_set1_epi8(15))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn upper_half(bytes: __m256i) -> __m256i {
        _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(15))
    }

    /// The 32 bytes of a block from `at` on.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn load(block: &[u8; BLOCK + AHEAD], at: usize) -> __m256i {
        avx2::load(block[at..].first_chunk().expect("half a block is there, and what is looked at with it"))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn table(half: &[u8; 16]) -> __m256i {
        // SAFETY: the 16 bytes are there to read, and this load asks for no alignment.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(half.as_ptr().cast()) })
    }

    #[cfg(test)]
    mod tests {
        use super::super::super::{PLAIN, UTF8};
        use super::*;

        #[test]
        fn a_glance_sees_what_the_searches_see() {
            let Some(avx2) = Avx2::detect() else { return };
            let mut random = fastrand::Rng::with_seed(1);
            let pieces = [
                "word ",
                "é",
                "\\u00e9",
                "\\u00E2",
                "\\u",
                "\\u202",
                "\\u202e",
                "\\uFEFF",
                "\\ud83d\\ude00",
                "\\uDB40",
                "\\u20ac",
                "\\u007c>",
                "\\u0080",
                "\\ufffd",
                "\\n",
                "\\b",
                "|>",
                "{{",
                "TODO",
                "TBD",
                "[INSERT",
                "<INSERT",
                "orem ipsum",
                "@",
                "Bearer ghp_",
                "0123456789abcdefABCDEF",
                "AKIA",
                "/",
                "sk-",
                "\u{200b}",
                "\u{202d}",
                "\u{2060}",
                "\u{feff}",
                "\u{fffd}",
                "\u{e0041}",
                "’…中Ж",
                "Ã©",
                "â€™",
                "ð\u{9f}",
                ", ",
                "\"",
                "~Q~",
                ":AA",
                "AccountKey=",
            ];
            for _ in 0..40_000 {
                let count = random.usize(..30);
                let mut line: String = (0..count).filter_map(|_| random.choice(&pieces).copied()).collect();
                if random.bool() {
                    line.insert_str(0, &" ".repeat(random.usize(..70)));
                }
                let (seen, expected) = (avx2.glance(line.as_bytes()), super::super::portable(line.as_bytes()));
                // What a closer look would find is never ruled out.
                assert!(seen.plain || PLAIN.of(line.as_bytes()) == Features::NONE, "{line}");
                assert!(seen.utf8 || UTF8.of(line.as_bytes()) == Features::NONE, "{line}");
                assert!(expected.utf8 || !seen.utf8, "{line}");
                assert_eq!(Glance { plain: true, utf8: expected.utf8, ..seen }, expected, "{line}");
            }
        }

        #[test]
        fn every_escape_that_says_something_is_seen() {
            let Some(avx2) = Avx2::detect() else { return };
            for code in 0..=u16::MAX {
                for escape in [format!("\\u{code:04x}"), format!("\\u{code:04X}")] {
                    let line = format!("{}{escape}", " ".repeat(usize::from(code % 70)));
                    assert_eq!(avx2.glance(line.as_bytes()).escaped, of_escape(&escape.as_bytes()[2..]), "{escape}");
                }
            }
        }

        #[test]
        fn what_is_common_beyond_ascii_is_no_sign() {
            let Some(avx2) = Avx2::detect() else { return };
            let letters = ('\u{a0}'..='\u{2fff}').chain('\u{3000}'..='\u{ffff}').chain('\u{1f300}'..='\u{1faff}');
            let seen = |c: char| avx2.glance(format!("{c}a").as_bytes()).utf8;
            let signs: String = letters.filter(|&c| seen(c)).collect();
            let ranges = ["\u{200a}-\u{200f}", "\u{202a}-\u{202f}", "\u{2060}-\u{206f}", "\u{feff}", "\u{fffd}"];
            let expected = ranges.into_iter().flat_map(|range| {
                let ends = (range.chars().next().unwrap(), range.chars().next_back().unwrap());
                ends.0..=ends.1
            });
            assert_eq!(signs, expected.collect::<String>());
        }

        #[test]
        fn words_are_those_of_the_portable_search() {
            let Some(avx2) = Avx2::detect() else { return };
            for byte in 0..=u8::MAX {
                // A word is long if this byte is a part of it.
                let line = [b"AKIA", [byte].as_slice(), b"A2B3C4D5E6F7G8H9Z "].concat();
                assert_eq!(avx2.glance(&line).secret, super::super::portable(&line).secret, "{byte:#x}");
            }
        }
    }
}
