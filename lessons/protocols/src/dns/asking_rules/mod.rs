//! What the standards say about asking name servers, about caches and about resolving, in our
//! words: the rules that resolvers act on.

mod asking;
mod caching;
mod resolving;

pub use asking::*;
pub use caching::*;
pub use resolving::*;

use crate::wire::{Rule, Source};

/// Every rule that resolvers cite, by topic.
pub const TOPICS: [&[&Rule]; 3] = [asking::ALL, caching::ALL, resolving::ALL];

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
