//! What RFC 5321 and others say about servers of mail beyond a single session, in our words: the
//! rules that the programs in [`crate::mail`] act on.

pub mod agent;
mod server;

pub use server::*;

use crate::wire::{Rule, Source};

/// Every rule that those programs cite, by topic.
pub const TOPICS: [&[&Rule]; 2] = [server::ALL, agent::ALL];

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
