//! The Unicode classes of the published patterns, from the tables of the regex engine that tiktoken-rs runs them on.

use std::collections::HashMap;

use regex_syntax::Parser;
use regex_syntax::hir::{Class, HirKind};

use crate::layout::{CLASS_PAGE, class};

const CODE_POINTS: usize = char::MAX as usize + 1;

/// One byte for each page of code points, its number among the distinct pages, and then the distinct pages with one
/// byte of class bits for each code point.
pub(crate) fn table() -> Result<Vec<u8>, Box<regex_syntax::Error>> {
    let mut classes = vec![0; CODE_POINTS];
    for (pattern, bit) in [
        (r"\p{L}", class::LETTER),
        (r"[\p{Lu}\p{Lt}]", class::UPPER),
        (r"\p{Ll}", class::LOWER),
        (r"[\p{Lm}\p{Lo}]", class::CASELESS),
        (r"\p{M}", class::MARK),
        (r"\p{N}", class::NUMBER),
        (r"\s", class::SPACE),
        (r"[\r\n]", class::NEWLINE),
    ] {
        let hir = Parser::new().parse(pattern)?;
        let HirKind::Class(Class::Unicode(set)) = hir.kind() else {
            panic!("{pattern} is not a class of characters");
        };
        for range in set.iter() {
            for class in &mut classes[range.start() as usize..=range.end() as usize] {
                *class |= bit;
            }
        }
    }
    let mut index = Vec::with_capacity(CODE_POINTS / CLASS_PAGE);
    let mut pages = Vec::new();
    let mut numbers = HashMap::new();
    for page in classes.chunks(CLASS_PAGE) {
        let next = u8::try_from(numbers.len()).expect("more than 256 distinct pages of classes");
        index.push(*numbers.entry(page).or_insert_with(|| {
            pages.extend_from_slice(page);
            next
        }));
    }
    index.extend_from_slice(&pages);
    Ok(index)
}
