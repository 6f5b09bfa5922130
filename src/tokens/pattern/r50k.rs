//! r50k_base and p50k_base:
//! `'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s`

use super::{Pattern, Starts, Whitespace, contraction, is_other, other_starts, run};
use crate::tokens::block::{Block, after, bit};
use crate::tokens::unicode::Class;

pub(in crate::tokens) enum R50k {}

impl Pattern for R50k {
    fn piece_end(text: &[u8], start: usize) -> usize {
        let suffix = contraction(&text[start..]);
        if suffix > 0 {
            return start + suffix;
        }
        let first = if text[start] == b' ' { start + 1 } else { start };
        match Class::at(text, first) {
            Some((class, end)) if class.is(Class::LETTER) => run(text, end, |class| class.is(Class::LETTER)),
            Some((class, end)) if class.is(Class::NUMBER) => run(text, end, |class| class.is(Class::NUMBER)),
            Some((class, end)) if is_other(class) => run(text, end, is_other),
            _ => {
                let whitespace = Whitespace::at(text, start);
                if whitespace.end == text.len() { whitespace.end } else { whitespace.all_but_last(start) }
            }
        }
    }

    #[inline(always)]
    fn piece_starts(block: &Block, rest: &[u8]) -> Starts {
        let Block { letter, digit, space, .. } = *block;
        let whitespace = block.blank | block.newline;
        let other_starts = other_starts(block);
        let word_starts = (letter & !after(letter) | digit & !after(digit)) & !after(space);
        let whitespace_starts = whitespace & !(after(whitespace) & whitespace >> 1);
        let mut bits = word_starts | other_starts | whitespace_starts;

        let mut apostrophes = block.apostrophe & other_starts;
        while apostrophes != 0 {
            let at = apostrophes.trailing_zeros();
            apostrophes &= apostrophes - 1;
            let length = contraction(&rest[at as usize..]) as u32;
            if length > 0 {
                bits = bits & !(2 << at) | bit(at + length) & letter;
            }
        }
        Starts { bits, known: block.length }
    }
}
