//! What RFC 5321 and its extensions say about lines, commands and sessions, in our words: the
//! rules that codec and machine act on.

mod session;
mod syntax;

pub use session::*;
pub use syntax::*;

use crate::wire::{Rule, Source};

/// Every rule that codec and machine cite, by topic.
pub const TOPICS: [&[&Rule]; 2] = [syntax::ALL, session::ALL];

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
