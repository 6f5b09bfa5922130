//! The one look that is taken at every byte of every line: whether a closer one is needed.

use crate::secrets::{is_suspected, long_words};

/// What cannot be ruled out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Glance {
    /// One of the signs of ASCII.
    pub plain: bool,
    /// `\u`
    pub escape: bool,
    /// Bytes that are not ASCII.
    pub beyond_ascii: bool,
    /// `@`
    pub at_sign: bool,
    /// A long word that may be a part of a secret.
    pub secret: bool,
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
        escape: memchr::memmem::find(line, br"\u").is_some(),
        beyond_ascii: !line.is_ascii(),
        at_sign: memchr::memchr(b'@', line).is_some(),
        secret,
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    //! With AVX2, all questions in one pass.
    #![allow(unsafe_code)]

    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_add_epi8, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
        _mm256_cmpgt_epi8, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_storeu_si256,
    };

    use super::Glance;
    use crate::secrets::{BLOCK, LongWords, is_suspected};

    /// Three classes of bytes in a row for each question. An empty class is any byte.
    const SIGNS: [[&[u8]; 3]; 8] = [
        [b"\\", b"u", b""],
        [b"\\", b"bf", b""],
        [b"|", b">", b""],
        [b"{", b"{", b""],
        [b"<[", b"I", b"N"],
        [b"T", b"OB", b"D"],
        // In `ipsum`, and in few other words.
        [b"p", b"s", b"u"],
        // Of `AccountKey=`.
        [b"e", b"y", b"="],
    ];
    const ESCAPE: u8 = 1;

    /// For each half of a byte, a bit for each question whose class has a byte with that half. Of the first two bytes
    /// both halves are looked at, of the third the upper one: that is told from most texts.
    struct Halves {
        low: [[u8; 16]; 2],
        high: [[u8; 16]; 3],
    }

    static HALVES: Halves =
        Halves { low: [halves(0, 0), halves(1, 0)], high: [halves(0, 4), halves(1, 4), halves(2, 4)] };

    const fn halves(place: usize, shift: u32) -> [u8; 16] {
        let mut halves = [0; 16];
        let mut sign = 0;
        while sign < SIGNS.len() {
            let class = SIGNS[sign][place];
            let mut at = 0;
            while at < class.len() {
                halves[(class[at] >> shift & 15) as usize] |= 1 << sign;
                at += 1;
            }
            let mut half = 0;
            while class.is_empty() && half < 16 {
                halves[half] |= 1 << sign;
                half += 1;
            }
            sign += 1;
        }
        halves
    }

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
        let [low, next_low] = HALVES.low.each_ref().map(|half| table(half));
        let [high, next_high, last_high] = HALVES.high.each_ref().map(|half| table(half));
        let at_sign = _mm256_set1_epi8(b'@'.cast_signed());
        let mut at_signs = _mm256_setzero_si256();
        let mut signs = _mm256_setzero_si256();
        let mut beyond_ascii = _mm256_setzero_si256();
        let mut secret = false;
        let mut words = LongWords::new(line);
        let mut at = 0;
        let mut block = |block: &[u8; BLOCK + 2], at: usize| {
            let mut mask = 0;
            for half in [0, 32] {
                let [bytes, next, last] = [0, 1, 2].map(|shift| load(block, half + shift));
                let first = _mm256_and_si256(lower(low, bytes), upper(high, bytes));
                let second = _mm256_and_si256(lower(next_low, next), upper(next_high, next));
                let all = _mm256_and_si256(_mm256_and_si256(first, second), upper(last_high, last));
                signs = _mm256_or_si256(signs, all);
                at_signs = _mm256_or_si256(at_signs, _mm256_cmpeq_epi8(bytes, at_sign));
                beyond_ascii = _mm256_or_si256(beyond_ascii, bytes);
                mask |= u64::from(_mm256_movemask_epi8(is_word(bytes)).cast_unsigned()) << half;
            }
            words.block(at, mask, &mut |word| secret = secret || is_suspected(line, word));
        };
        while let Some(bytes) = line[at..].first_chunk() {
            block(bytes, at);
            at += BLOCK;
        }
        // What is left has at most 65 bytes. Zeros are no sign and no word.
        let mut rest = [0; 2 * BLOCK + 2];
        rest[..line.len() - at].copy_from_slice(&line[at..]);
        for start in [0, BLOCK] {
            if let Some(bytes) = rest[start..].first_chunk()
                && at + start < line.len()
            {
                block(bytes, at + start);
            }
        }
        let signs = any(signs);
        Glance {
            plain: signs & !ESCAPE != 0,
            escape: signs & ESCAPE != 0,
            beyond_ascii: any(beyond_ascii) >= 0x80,
            at_sign: any(at_signs) != 0,
            secret,
        }
    }

    /// What the table says of the lower half of each byte; nothing if it is not ASCII.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn lower(table: __m256i, bytes: __m256i) -> __m256i {
        _mm256_shuffle_epi8(table, bytes)
    }

    /// What the table says of the upper half of each byte.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn upper(table: __m256i, bytes: __m256i) -> __m256i {
        _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16::<4>(bytes), _mm256_set1_epi8(15)))
    }

    /// As the masks of [`LongWords`]: all bits of each byte that is part of a word.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn is_word(bytes: __m256i) -> __m256i {
        let lower = _mm256_or_si256(bytes, _mm256_set1_epi8(0x20));
        let other = _mm256_cmpgt_epi8(lower, _mm256_set1_epi8(0x7D));
        _mm256_or_si256(other, _mm256_or_si256(within(lower, b'a', 26), within(bytes, b'+', 15)))
    }

    /// All bits of each byte among the `count` from `first`.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn within(bytes: __m256i, first: u8, count: u8) -> __m256i {
        // There is only a signed comparison: `first` becomes the lowest of the signed bytes.
        let shifted = _mm256_add_epi8(bytes, _mm256_set1_epi8(i8::MIN.wrapping_sub_unsigned(first)));
        _mm256_cmpgt_epi8(_mm256_set1_epi8(i8::MIN.wrapping_add_unsigned(count)), shifted)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn load(block: &[u8; BLOCK + 2], at: usize) -> __m256i {
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

    /// The bits that any of the bytes has.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn any(bytes: __m256i) -> u8 {
        let mut all = [0_u8; 32];
        // SAFETY: there is room for 32 bytes, and this store asks for no alignment.
        unsafe { _mm256_storeu_si256(all.as_mut_ptr().cast(), bytes) };
        all.iter().fold(0, |bits, byte| bits | byte)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_glance_sees_what_the_searches_see() {
            let Some(avx2) = Avx2::detect() else { return };
            let mut random = fastrand::Rng::with_seed(1);
            let pieces = [
                "word ",
                "é",
                "\\u00e9",
                "\\n",
                "\\b",
                "|>",
                "{{",
                "TODO",
                "<INSERT",
                "orem ipsum",
                "@",
                "Bearer ghp_",
                "0123456789abcdefABCDEF",
                "AKIA",
                "/",
                "sk-",
                "\u{200b}",
                ", ",
                "\"",
                "~Q~",
                ":AA",
                "AccountKey=",
            ];
            for _ in 0..20_000 {
                let count = random.usize(..30);
                let mut line: String = (0..count).filter_map(|_| random.choice(&pieces).copied()).collect();
                if random.bool() {
                    line.insert_str(0, &" ".repeat(random.usize(..70)));
                }
                let (seen, expected) = (avx2.glance(line.as_bytes()), super::super::portable(line.as_bytes()));
                let plain = ["\\b", "\\f", "|>", "{{", "<INSERT", "TODO", "orem ipsum", "AccountKey="];
                assert!(seen.plain || !plain.iter().any(|sign| line.contains(sign)), "{line}");
                assert_eq!(Glance { plain: true, ..seen }, expected, "{line}");
            }
        }

        #[test]
        fn words_are_those_of_the_portable_search() {
            let Some(_) = Avx2::detect() else { return };
            for byte in 0..=u8::MAX {
                let block = [byte; BLOCK];
                // SAFETY: AVX2 was detected.
                let seen = unsafe { _mm256_movemask_epi8(is_word(_mm256_set1_epi8(byte.cast_signed()))) };
                assert_eq!(seen == -1, crate::secrets::mask(&block) == u64::MAX, "{byte:#x}");
            }
        }
    }
}
