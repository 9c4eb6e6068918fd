//! A fuzz target for each parser: whatever the bytes, it answers or refuses, and the same bytes are
//! read the same way however they are cut.
//!
//! `cargo test` runs each for a moment with inputs by chance. Inputs are well-formed samples,
//! damaged: bytes by chance alone would all be refused at the first one. The targets that search
//! for as long as they are let, guided by coverage, stand in `tests/fuzz` and `relay/fuzz`; what
//! those of `tests/fuzz` hold is run here for a moment as well.

mod chord;
mod damage;
mod dns;
mod http;
mod kademlia;
mod lessons;
mod links;
mod mail;
mod relay;
mod smtp;
mod targets;
