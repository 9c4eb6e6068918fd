//! A fuzz target for each parser: whatever the bytes, it answers or refuses, and the same bytes are
//! read the same way however they are cut.
//!
//! `cargo test` runs each for a moment with inputs by chance; `cargo bolero test NAME` searches for
//! as long as it is let, guided by coverage. Inputs are well-formed samples, damaged: bytes by
//! chance alone would all be refused at the first one.

mod damage;
mod http;
mod lessons;
mod links;
mod relay;
