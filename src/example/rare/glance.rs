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
    if let Some(avx2) = avx2::Avx2::detect() {
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
        __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
        _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256,
        _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_testz_si256,
    };

    use super::{Glance, of_escape};
    use crate::example::Features;
    use crate::secrets::{BLOCK, LongWords, is_suspected, is_word};

    /// Three classes of bytes in a row: what is looked for. An empty class is any byte.
    type Sign = [&'static [u8]; 3];

    /// Signs of ASCII. That of escapes is the eighth, whose bit the processor can gather from all bytes.
    const PLAIN: [Sign; 8] = [
        [b"\\", b"bf", b""],
        [b"|", b">", b""],
        [b"{", b"{", b""],
        [b"<[", b"I", b"N"],
        [b"T", b"OB", b"D"],
        // In `ipsum`, and in few other words.
        [b"p", b"s", b"u"],
        // Of `AccountKey=`.
        [b"e", b"y", b"="],
        [b"\\", b"u", b""],
    ];

    /// What may follow `\u` if [`of_escape`] has something to say.
    const ESCAPED: [Sign; 7] = [
        [b"0", b"0", b"0123456789"],
        [b"0", b"0", b"cdfCDF"],
        [b"2", b"0", b"026"],
        [b"2", b"0", b"aA"],
        [b"fF", b"fF", b"fF"],
        [b"fF", b"eE", b"fF"],
        [b"dD", b"bB", b"4"],
    ];

    /// The first three bytes of what is looked for in UTF-8.
    const UTF8: [Sign; 7] = [
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
    struct Halves {
        low: [[u8; 16]; 3],
        high: [[u8; 16]; 3],
    }

    static PLAIN_HALVES: Halves = halves(&PLAIN);
    static ESCAPED_HALVES: Halves = halves(&ESCAPED);
    static UTF8_HALVES: Halves = halves(&UTF8);

    const fn halves(signs: &[Sign]) -> Halves {
        let mut halves = Halves { low: [[0; 16]; 3], high: [[0; 16]; 3] };
        let mut place = 0;
        while place < 3 {
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

    /// The parts of long words in the same way, and `@`. Each upper half that has parts has a bit of its own, so nothing
    /// else is taken for one. The highest bit is that of `@`.
    static WORD: ([u8; 16], [u8; 16]) = {
        let (mut low, mut high) = ([0; 16], [0; 16]);
        let mut byte = 0;
        while byte < 128 {
            let (lower, upper) = ((byte & 15) as usize, byte >> 4);
            if is_word(byte) {
                // Upper and lower case are alike, and have the same bit.
                let bit = if upper < 6 { upper } else { upper - 2 };
                low[lower] |= 1 << bit;
                high[upper as usize] |= 1 << bit;
            } else if byte == b'@' {
                low[lower] |= 1 << 7;
                high[upper as usize] |= 1 << 7;
            }
            byte += 1;
        }
        (low, high)
    };

    /// So many bytes behind a block are looked at with it.
    const AHEAD: usize = 4;

    /// Proof that the processor has AVX2.
    #[derive(Clone, Copy)]
    pub(super) struct Avx2(());

    impl Avx2 {
        pub(super) fn detect() -> Option<Self> {
            is_x86_feature_detected!("avx2").then_some(Self(()))
        }

        pub(super) fn glance(self, line: &[u8]) -> Glance {
            // SAFETY: an `Avx2` is made only where the processor has it.
            unsafe { glance(line) }
        }
    }

    #[target_feature(enable = "avx2,bmi1,popcnt")]
    fn glance(line: &[u8]) -> Glance {
        let plain = Tables::new(&PLAIN_HALVES);
        let (word_low, word_high) = (table(&WORD.0), table(&WORD.1));
        let mut signs = _mm256_setzero_si256();
        let mut utf8_signs = _mm256_setzero_si256();
        let mut at_signs = _mm256_setzero_si256();
        let (mut secret, mut escaped) = (false, Features::NONE);
        let mut words = LongWords::new(line);
        let mut rest = [0; BLOCK + AHEAD];
        let mut at = 0;
        while at < line.len() {
            let block = line[at..].first_chunk().unwrap_or_else(|| {
                // Zeros are no sign and no word.
                rest = [0; BLOCK + AHEAD];
                rest[..line.len() - at].copy_from_slice(&line[at..]);
                &rest
            });
            let (mut word, mut escapes, mut beyond_ascii) = (0, 0, 0);
            for half in [0, 32] {
                let text = [0, 1, 2].map(|shift| load(block, half + shift));
                let upper = text.map(|bytes| upper_half(bytes));
                // Behind a sign of two bytes there may be any, also one beyond ASCII.
                let found = plain.of([text[0], text[1], lower_half(text[2])], upper);
                signs = _mm256_or_si256(signs, found);
                escapes |= mask(found) << half;
                beyond_ascii |= mask(text[0]);
                let part = _mm256_shuffle_epi8(word_low, text[0]);
                let part = _mm256_and_si256(part, _mm256_shuffle_epi8(word_high, upper[0]));
                at_signs = _mm256_or_si256(at_signs, part);
                word |= mask(_mm256_cmpgt_epi8(part, _mm256_setzero_si256())) << half;
            }
            words.block(at, word, &mut |word| secret = secret || is_suspected(line, word));
            if escapes != 0 {
                let rare = ones(rare_escapes(block, escapes));
                escaped = rare.fold(escaped, |found, place| found.or(of_escape(&line[at + place + 2..])));
            }
            if beyond_ascii != 0 {
                utf8_signs = _mm256_or_si256(utf8_signs, utf8(block));
            }
            at += BLOCK;
        }
        // All bits but that of escapes.
        let of_ascii = _mm256_set1_epi8(i8::MAX);
        Glance {
            plain: _mm256_testz_si256(signs, of_ascii) == 0,
            utf8: _mm256_testz_si256(utf8_signs, utf8_signs) == 0,
            at_sign: mask(at_signs) != 0,
            secret,
            escaped,
        }
    }

    /// Of the escapes in a block, a bit for each `\u`, those that may stand for something rare.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn rare_escapes(block: &[u8; BLOCK + AHEAD], escapes: u64) -> u64 {
        let tables = Tables::new(&ESCAPED_HALVES);
        let mut other = 0;
        for half in [0, 32] {
            let digits = [2, 3, 4].map(|shift| load(block, half + shift));
            let found = tables.of(digits, digits.map(|bytes| upper_half(bytes)));
            other |= mask(_mm256_cmpeq_epi8(found, _mm256_setzero_si256())) << half;
        }
        escapes & !other
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
    struct Tables {
        low: [__m256i; 3],
        high: [__m256i; 3],
    }

    impl Tables {
        #[inline]
        #[target_feature(enable = "avx2")]
        fn new(halves: &Halves) -> Self {
            Tables {
                low: halves.low.each_ref().map(|half| table(half)),
                high: halves.high.each_ref().map(|half| table(half)),
            }
        }

        /// The signs that stand at each place: `text` from there on, from the next byte, and from the one behind. Bytes
        /// beyond ASCII are seen only if `text` has but their lower halves.
        #[inline]
        #[target_feature(enable = "avx2")]
        fn of(&self, text: [__m256i; 3], upper: [__m256i; 3]) -> __m256i {
            let [first, second, third] = [0, 1, 2].map(|place| {
                let low = _mm256_shuffle_epi8(self.low[place], text[place]);
                _mm256_and_si256(low, _mm256_shuffle_epi8(self.high[place], upper[place]))
            });
            _mm256_and_si256(_mm256_and_si256(first, second), third)
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

    /// The highest bit of each byte, that of the first byte lowest.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn mask(bytes: __m256i) -> u64 {
        u64::from(_mm256_movemask_epi8(bytes).cast_unsigned())
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn load(block: &[u8; BLOCK + AHEAD], at: usize) -> __m256i {
        let bytes = &block[at..at + 32];
        // SAFETY: the 32 bytes are there to read, and this load asks for no alignment.
        unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
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
