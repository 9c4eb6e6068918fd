//! What the standards say about names, messages, zones and servers, in our words: the rules that
//! codec, zones and servers act on.

mod message;
mod names;
mod records;
mod serving;
mod zones;

pub use message::*;
pub use names::*;
pub use records::*;
pub use serving::*;
pub use zones::*;

use crate::wire::{Rule, Source};

/// Every rule of this folder, by topic.
pub const TOPICS: [&[&Rule]; 5] =
    [names::ALL, message::ALL, records::ALL, zones::ALL, serving::ALL];

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
