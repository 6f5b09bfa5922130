//! FT6xx: what must not reach the weights of a model.

pub mod invisible_character;
pub mod personal_data;
pub mod reasoning_extraction;
pub mod secret;
