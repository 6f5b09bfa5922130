//! The published patterns, followed exactly without a regex engine.
//!
//! Each pattern comes twice: as a function that finds the end of one piece of any text, alternative by alternative, and
//! as algebra on the masks of a block of ASCII text, which finds where all of its pieces start at once.

mod cl100k;
mod o200k;
mod r50k;

use super::block::{Block, after, low};
use super::unicode::Class;

pub(super) use cl100k::Cl100k;
pub(super) use o200k::O200k;
pub(super) use r50k::R50k;

/// How an encoding cuts a text into pieces.
pub(super) trait Pattern {
    /// The end of the piece that starts at byte `start` of a UTF-8 text, which must be before the text's end.
    fn piece_end(text: &[u8], start: usize) -> usize;

    /// Where pieces start in a block that is the start of `rest`, itself the start of a piece.
    fn piece_starts(block: &Block, rest: &[u8]) -> Starts;
}

/// Where pieces start in a block.
pub(super) struct Starts {
    /// A bit for each start; beyond `known` they mean nothing. In whitespace that the block does not show the end of,
    /// only the first bit is right.
    pub(super) bits: u64,
    /// The number of bytes that the bits are right for.
    pub(super) known: u32,
}

// ---- Of one piece ----

/// Whether a character is neither whitespace nor letter nor number.
#[inline(always)]
fn is_other(class: Class) -> bool {
    !class.is(Class::SPACE.or(Class::LETTER).or(Class::NUMBER))
}

/// The end of the run of characters from `at` for which `belongs` holds.
#[inline(always)]
fn run(text: &[u8], mut at: usize, belongs: impl Fn(Class) -> bool) -> usize {
    while let Some((class, end)) = Class::at(text, at)
        && belongs(class)
    {
        at = end;
    }
    at
}

/// The end of the run of bytes from `at` for which `belongs` holds.
#[inline(always)]
fn byte_run(text: &[u8], at: usize, belongs: impl Fn(u8) -> bool) -> usize {
    at + text[at..].iter().take_while(|&&byte| belongs(byte)).count()
}

/// The end of the at most three numbers from `at`.
fn three_numbers(text: &[u8], mut at: usize) -> usize {
    for _ in 0..3 {
        match Class::at(text, at) {
            Some((class, end)) if class.is(Class::NUMBER) => at = end,
            _ => break,
        }
    }
    at
}

/// Length in bytes of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` at the start of a text, 0 if it starts otherwise.
#[inline(always)]
fn contraction(text: &[u8]) -> usize {
    match text {
        [b'\'', b's' | b't' | b'm' | b'd', ..] => 2,
        [b'\'', b'r' | b'v', b'e', ..] | [b'\'', b'l', b'l', ..] => 3,
        _ => 0,
    }
}

/// As [`contraction`], in either case. The long s of Unicode is an s as well.
#[inline(always)]
fn contraction_any_case(text: &[u8]) -> usize {
    match text {
        [b'\'', b's' | b't' | b'm' | b'd' | b'S' | b'T' | b'M' | b'D', ..] => 2,
        [b'\'', b'r' | b'v' | b'R' | b'V', b'e' | b'E', ..] | [b'\'', b'l' | b'L', b'l' | b'L', ..] => 3,
        [b'\'', 0xC5, 0xBF, ..] => 3,
        _ => 0,
    }
}

/// A run of whitespace.
struct Whitespace {
    end: usize,
    /// Where the last character of the run starts.
    last: usize,
    /// The end of the last newline of the run.
    newline_end: Option<usize>,
}

impl Whitespace {
    fn at(text: &[u8], start: usize) -> Self {
        let mut found = Self { end: start, last: start, newline_end: None };
        while let Some((class, end)) = Class::at(text, found.end)
            && class.is(Class::SPACE)
        {
            found.last = found.end;
            found.end = end;
            if class.is(Class::NEWLINE) {
                found.newline_end = Some(end);
            }
        }
        found
    }

    /// The end of what `\s+(?!\S)|\s` matches of a run from `start` that ends before the text does: all but the last
    /// character, unless that is the only one.
    fn all_but_last(&self, start: usize) -> usize {
        if self.last > start { self.last } else { self.end }
    }
}

// ---- Of a block ----

/// The starts of runs of others that have no space before them: those are the start of a piece.
#[inline(always)]
fn other_starts(block: &Block) -> u64 {
    block.other & !after(block.other | block.space)
}

/// All bytes of the characters that start others.
#[inline(always)]
fn whole_starts(block: &Block, other_starts: u64) -> u64 {
    let mut whole = other_starts;
    if block.tail != 0 {
        // No character has more than three bytes behind its first.
        for _ in 0..3 {
            whole |= after(whole) & block.tail;
        }
    }
    whole
}

/// The starts of numbers of at most three digits.
#[inline(always)]
fn number_starts(block: &Block) -> u64 {
    let digit = block.digit;
    let mut starts = digit & !after(digit);
    let fourth = digit & digit << 1 & digit << 2 & digit << 3;
    if fourth != 0 {
        loop {
            let more = starts | starts << 3 & fourth;
            if more == starts {
                break;
            }
            starts = more;
        }
    }
    starts
}

/// Whitespace of the patterns in which a newline ends a piece of whitespace.
struct Lines {
    /// Newlines that belong to the others before them.
    absorbed: u64,
    /// The starts of pieces that start with whitespace.
    starts: u64,
}

impl Lines {
    #[inline(always)]
    fn of(block: &Block) -> Self {
        let Block { blank, newline, other, .. } = *block;
        // The sum carries through the newlines after an other and so clears them.
        let absorbed = newline & !newline.wrapping_add(newline & after(other));
        let run_start = blank & !after(blank);
        let last_blank = blank & !((blank | newline) >> 1);
        let mut starts = run_start | last_blank | newline & !after(newline | other | blank);
        // Blanks between two newlines belong to the piece of the first, unless that one is absorbed. Again the sum
        // carries, through the blanks to what follows them.
        let inner_start = run_start & after(newline & !absorbed);
        let mut newline_after = blank.wrapping_add(inner_start) & !blank & newline;
        while newline_after != 0 {
            let before = inner_start & low(newline_after.trailing_zeros());
            starts &= !(1 << before.ilog2());
            newline_after &= newline_after - 1;
        }
        Self { absorbed, starts }
    }
}
