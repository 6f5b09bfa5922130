//! The texts that are special in an encoding.

use std::fmt::Write;

use tiktoken_rs::CoreBPE;

/// A constant for each encoding, the texts in the order of their ranks.
pub(crate) fn lists(encodings: &[(&str, &CoreBPE)]) -> String {
    let mut source = String::new();
    for (name, bpe) in encodings {
        let mut texts: Vec<&str> = bpe.special_tokens().into_iter().collect();
        texts.sort_by_cached_key(|text| bpe.encode_with_special_tokens(text));
        writeln!(source, "const {name}: &[&str] = &{texts:?};").expect("a String takes every write");
    }
    source
}
