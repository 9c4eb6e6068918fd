//! What RFC 9110 and RFC 9112 say about messages and connections, in our words: the rules that
//! codec and machine act on.

mod connection;
mod framing;
mod syntax;

pub use connection::*;
pub use framing::*;
pub use syntax::*;

use crate::wire::{Rule, Source};

/// Every rule that codec and machine cite, by topic.
pub const TOPICS: [&[&Rule]; 3] = [syntax::ALL, framing::ALL, connection::ALL];

/// A rule in one line, for the tables of this folder.
const fn rule(
    id: &'static str,
    document: &'static str,
    section: &'static str,
    says: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, source: Source::new(document, section), says, why }
}
