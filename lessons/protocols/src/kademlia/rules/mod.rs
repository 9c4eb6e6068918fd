//! What BEP 5 and its extensions say, in our words: the rules that codec, table, lookup and node
//! act on. Those of bencode are in [`bencode::rules`](super::bencode::rules).

mod krpc;
mod node;

pub use krpc::*;
pub use node::*;

use crate::wire::{Rule, Source};

/// Every rule of this folder, by topic.
pub const TOPICS: [&[&Rule]; 2] = [krpc::ALL, node::ALL];

/// A rule of BEP 5 in one line, for the tables of this folder.
const fn bep5(
    id: &'static str,
    section: &'static str,
    says: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, source: Source::new("BEP 5", section), says, why }
}

/// A rule of BEP 43, which is about one thing only.
const fn bep43(id: &'static str, says: &'static str, why: &'static str) -> Rule {
    Rule { id, source: Source::new("BEP 43", ""), says, why }
}
