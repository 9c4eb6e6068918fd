//! What the Chord papers say, in our words, and what this lab had to add: the rules that nodes act
//! on.
//!
//! The papers are Stoica, Morris, Karger, Kaashoek, Balakrishnan, "Chord: A Scalable Peer-to-peer
//! Lookup Service for Internet Applications", SIGCOMM 2001, and its longer form in IEEE/ACM
//! Transactions on Networking 11(1), 2003. They fix no format of messages: that is this lab's own,
//! and the rules about it say so.

mod data;
mod format;
mod ring;
mod routing;

pub use data::*;
pub use format::*;
pub use ring::*;
pub use routing::*;

use crate::wire::{Rule, Source, append, count};

/// Every rule of Chord.
pub static ALL: [&Rule; count(&TOPICS)] = {
    let mut all = [&format::FORMAT; count(&TOPICS)];
    append(&mut all, 0, &TOPICS);
    all
};

const TOPICS: [&[&Rule]; 4] = [routing::ALL, ring::ALL, data::ALL, format::ALL];

/// A rule of the first paper, with its section.
const fn paper(
    id: &'static str,
    section: &'static str,
    says: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, source: Source::new("Chord (SIGCOMM 2001)", section), says, why }
}

/// A rule of the longer paper, where the first one does not have it.
const fn longer(
    id: &'static str,
    section: &'static str,
    says: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, source: Source::new("Chord (ToN 2003)", section), says, why }
}

/// A rule that the papers leave to whoever builds a node: this lab's choice.
const fn ours(id: &'static str, says: &'static str, why: &'static str) -> Rule {
    Rule { id, source: Source::new("Chord as this lab speaks it", ""), says, why }
}
