//! How many tokens there are: exactly of a text, and by what the format adds to it, of an example.
//!
//! [`ExampleCounter`] adds to the tokens of texts what the chat format costs, renders tool definitions as the service
//! does and prices images by their size. What is not exact about that has a [`Reason`].
//!
//! [`Counter::count`] returns what tiktoken's `encode_ordinary` would return as a length, on any UTF-8 text: special
//! tokens in the text are ordinary text. An encoding is a pattern, which cuts a text into pieces, and a vocabulary,
//! whose ranks say in which order the bytes of a piece are merged into tokens. Counting needs neither a regex engine
//! nor the tokens themselves:
//!
//! 1. The pretokenizer finds where pieces start, from bit masks of 64 bytes at a time, and takes what they are looked up
//!    by. Whatever the masks do not describe goes, piece by piece, to a function that follows the pattern exactly.
//! 2. A piece that is a token as a whole, as most are, counts one.
//! 3. What other pieces came to is kept in caches that grow with their number, up to a fixed size.
//! 4. The rest is merged, in a time that grows in step with the length of the piece.
//!
//! The vocabularies are those of the crate tiktoken-rs, laid out at build time as tables that are used in place:
//! 4.0 MB for o200k_base and o200k_harmony, 2.3 MB for cl100k_base and 1.4 MB for p50k_base and r50k_base. A run
//! touches only the tables of the encodings it counts in.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod block;
mod cache;
mod chat;
mod counter;
mod encoding;
mod estimate;
mod image;
mod layout;
mod lookup;
mod merge;
mod parts;
mod pattern;
mod pretokenizer;
mod processor;
mod repeats;
mod tools;
mod unicode;
mod vocabulary;
mod wide;

pub(crate) use chat::kept;
pub use chat::{Cut, ExampleCounter, ExampleTokens};
pub use counter::Counter;
pub use encoding::Encoding;
pub use estimate::{Estimate, Reason};
pub use image::{ImagePricing, Images};
