//! cl100k_base, where `C` is `'(?i:[sdmt]|ll|ve|re)`:
//! `C|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s`

use super::{
    Lines, Pattern, Starts, Whitespace, byte_run, contraction_any_case, is_other, number_starts, other_starts, run,
    three_numbers, whole_starts,
};
use crate::tokens::block::{Block, after, bit};
use crate::tokens::unicode::Class;

pub(in crate::tokens) enum Cl100k {}

impl Pattern for Cl100k {
    fn piece_end(text: &[u8], start: usize) -> usize {
        let suffix = contraction_any_case(&text[start..]);
        if suffix > 0 {
            return start + suffix;
        }
        let Some((first, first_end)) = Class::at(text, start) else { return text.len() };
        let second = Class::at(text, first_end);
        let is_letter = |class: Class| class.is(Class::LETTER);
        if is_letter(first) {
            return run(text, first_end, is_letter);
        }
        if first.is(Class::NUMBER) {
            return three_numbers(text, start);
        }
        if let Some((second, second_end)) = second
            && is_letter(second)
            && !first.is(Class::NEWLINE)
        {
            return run(text, second_end, is_letter);
        }
        let others = match second {
            _ if is_other(first) => Some(first_end),
            Some((second, second_end)) if text[start] == b' ' && is_other(second) => Some(second_end),
            _ => None,
        };
        if let Some(others) = others {
            return byte_run(text, run(text, others, is_other), |byte| matches!(byte, b'\r' | b'\n'));
        }
        let whitespace = Whitespace::at(text, start);
        match whitespace.newline_end {
            _ if whitespace.end == text.len() => whitespace.end,
            Some(newline_end) => newline_end,
            None => whitespace.all_but_last(start),
        }
    }

    #[inline(always)]
    fn piece_starts(block: &Block, rest: &[u8]) -> Starts {
        let Block { letter, blank, .. } = *block;
        let other_starts = other_starts(block);
        // A letter goes with the one blank or other before it.
        let letter_starts = letter & !after(letter | blank | whole_starts(block, other_starts));
        let mut bits = letter_starts | number_starts(block) | other_starts | Lines::of(block).starts;

        let mut apostrophes = block.apostrophe & other_starts;
        while apostrophes != 0 {
            let at = apostrophes.trailing_zeros();
            apostrophes &= apostrophes - 1;
            let length = contraction_any_case(&rest[at as usize..]) as u32;
            if length > 0 {
                bits |= bit(at + length) & letter;
            }
        }
        Starts { bits, known: block.length }
    }
}
