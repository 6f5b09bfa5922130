//! How many tokens there are: of a text, of an example, and of what stands beside its text.
//!
//! - `counter` counts text; it knows nothing of messages
//! - `chat` adds what the chat format adds, and says where an example is cut off
//! - `tools` renders tool definitions as the service does, `image` prices images by their size
//! - `estimate` names every count that is not exact, with its reason

mod chat;
mod counter;
mod estimate;
mod image;
mod tools;

pub use chat::{Cut, ExampleCounter, ExampleTokens};
pub use counter::{Counter, Encoding};
pub use estimate::{Estimate, Reason};
pub use image::{ImagePricing, Images};
