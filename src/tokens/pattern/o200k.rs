//! o200k_base and o200k_harmony, where `A` is `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, `B` is `[\p{Ll}\p{Lm}\p{Lo}\p{M}]` and
//! `C` is `(?i:'s|'t|'re|'ve|'m|'ll|'d)`:
//! `[^\r\n\p{L}\p{N}]?A*B+C?|[^\r\n\p{L}\p{N}]?A+B*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`

use super::{
    Lines, Pattern, Starts, Whitespace, byte_run, contraction_any_case, is_other, number_starts, other_starts, run,
    three_numbers, whole_starts,
};
use crate::tokens::block::{Block, after, bit, low};
use crate::tokens::unicode::Class;

pub(in crate::tokens) enum O200k {}

impl Pattern for O200k {
    fn piece_end(text: &[u8], start: usize) -> usize {
        let Some((first, first_end)) = Class::at(text, start) else { return text.len() };
        if let Some(word_end) = word_end(text, start, first, first_end) {
            return word_end + contraction_any_case(&text[word_end..]);
        }
        if first.is(Class::NUMBER) {
            return three_numbers(text, start);
        }
        let others = match Class::at(text, first_end) {
            _ if is_other(first) => Some(first_end),
            Some((second, second_end)) if text[start] == b' ' && is_other(second) => Some(second_end),
            _ => None,
        };
        if let Some(others) = others {
            return byte_run(text, run(text, others, is_other), |byte| matches!(byte, b'\r' | b'\n' | b'/'));
        }
        let whitespace = Whitespace::at(text, start);
        match whitespace.newline_end {
            Some(newline_end) => newline_end,
            None if whitespace.end == text.len() => whitespace.end,
            None => whitespace.all_but_last(start),
        }
    }

    #[inline(always)]
    fn piece_starts(block: &Block, rest: &[u8]) -> Starts {
        let Block { letter, upper, caseless, blank, .. } = *block;
        let other_starts = other_starts(block);
        let lines = Lines::of(block);
        // A letter goes with the one blank or other before it, and upper case does not follow lower case.
        let lone = blank | whole_starts(block, other_starts);
        let letter_starts = letter & !after(letter | lone) | upper & after(letter & !upper);
        let mut bits = letter_starts | number_starts(block) | other_starts | lines.starts;

        let mut contraction_end = None;
        let mut apostrophes = block.apostrophe & after(letter);
        while apostrophes != 0 {
            let at = apostrophes.trailing_zeros();
            apostrophes &= apostrophes - 1;
            // The letter before belongs to the previous contraction, which no other one can follow.
            if contraction_end == Some(at) {
                continue;
            }
            let length = contraction_any_case(&rest[at as usize..]) as u32;
            if length > 0 {
                bits = bits & !(low(length) << at) | bit(at + length) & letter;
                contraction_end = Some(at + length);
            }
        }
        // Two things are rare enough to be left to `piece_end`: slashes after absorbed newlines are absorbed as well, with
        // whatever newlines and slashes follow; and whether upper case goes with a letter without case before it depends
        // on what follows.
        let unknown = block.slash & after(lines.absorbed) | upper & after(caseless);
        let known = block.length.min(unknown.trailing_zeros());
        Starts { bits, known }
    }
}

/// The end of what the first two alternatives match, without the contraction.
fn word_end(text: &[u8], start: usize, first: Class, first_end: usize) -> Option<usize> {
    let prefix = (!first.is(Class::LETTER.or(Class::NUMBER).or(Class::NEWLINE))).then_some(first_end);
    let plain = first.is(Class::LETTER.or(Class::MARK)).then_some(start);
    let any = |end: fn(&[u8], usize) -> Option<usize>| {
        prefix.and_then(|at| end(text, at)).or_else(|| plain.and_then(|at| end(text, at)))
    };
    any(lower_word_end).or_else(|| any(upper_word_end))
}

const UPPER: Class = Class::UPPER.or(Class::CASELESS).or(Class::MARK);
const LOWER: Class = Class::LOWER.or(Class::CASELESS).or(Class::MARK);

/// The end of what `A*B+` matches at byte `at`.
#[inline(always)]
fn lower_word_end(text: &[u8], mut at: usize) -> Option<usize> {
    // `A*` takes all it can and gives back as little as `B+` needs: up to the last character that is in both.
    let mut last_of_both = None;
    while let Some((class, end)) = Class::at(text, at) {
        if class.is(Class::LOWER) {
            return Some(run(text, end, |class| class.is(LOWER)));
        }
        if !class.is(UPPER) {
            break;
        }
        if class.is(LOWER) {
            last_of_both = Some(end);
        }
        at = end;
    }
    last_of_both
}

/// The end of what `A+B*` matches at byte `at`, where `A*B+` does not match.
fn upper_word_end(text: &[u8], at: usize) -> Option<usize> {
    // Nothing of `B` can follow, or `A*B+` would have matched.
    let end = run(text, at, |class| class.is(UPPER));
    (end > at).then_some(end)
}
