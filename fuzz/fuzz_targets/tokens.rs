//! Counts equal tiktoken-rs on any text in every encoding, and a prefix holds no more tokens than it may, but as many
//! as it can.
#![no_main]

use std::cell::RefCell;

use ftlint::tokens::{Counter, Encoding};
use libfuzzer_sys::fuzz_target;
use tiktoken_rs::CoreBPE;

thread_local! {
    static PAIRS: RefCell<Vec<(Counter, CoreBPE)>> = RefCell::new(
        [
            (Encoding::O200kBase, tiktoken_rs::o200k_base()),
            (Encoding::O200kHarmony, tiktoken_rs::o200k_harmony()),
            (Encoding::Cl100kBase, tiktoken_rs::cl100k_base()),
            (Encoding::P50kBase, tiktoken_rs::p50k_base()),
            (Encoding::R50kBase, tiktoken_rs::r50k_base()),
        ]
        .map(|(encoding, oracle)| (Counter::new(encoding), oracle.expect("the crate holds its vocabularies")))
        .into(),
    );
}

fuzz_target!(|text: &str| {
    PAIRS.with_borrow_mut(|pairs| {
        for (counter, oracle) in pairs {
            let count = counter.count(text);
            assert_eq!(count, oracle.encode_ordinary(text).len(), "{:?}", counter.encoding());
            let prefix = counter.prefix(text, count / 2);
            assert!(counter.count(&text[..prefix]) <= count / 2, "{:?}", counter.encoding());
            assert_eq!(counter.prefix(text, count), text.len(), "{:?}", counter.encoding());
        }
    });
});
