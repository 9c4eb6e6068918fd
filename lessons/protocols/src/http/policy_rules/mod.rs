//! The rules that HTTP's clients, servers, caches and proxies act on: policy, where the rules of
//! the codec and the machine are about what may stand on the wire.

mod caching;
mod cookies;
mod fetching;
mod forwarding;
mod serving;
#[cfg(test)]
mod tests;

pub use caching::*;
pub use cookies::*;
pub use fetching::*;
pub use forwarding::*;
pub use serving::*;

use crate::wire::{Rule, Source};

/// Every policy rule, by topic: what endpoints can cite.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    TOPICS.into_iter().flatten().copied()
}

/// The same, topic by topic.
pub const TOPICS: [&[&Rule]; 5] =
    [cookies::ALL, caching::ALL, fetching::ALL, serving::ALL, forwarding::ALL];

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
