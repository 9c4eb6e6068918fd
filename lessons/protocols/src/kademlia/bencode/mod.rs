//! Bencode (BEP 3): the four kinds of value in which BitTorrent writes its messages.
//!
//! There is one way to write each value, so that two programs which hold the same value have the
//! same bytes, and the same hash. The reader says of what it is given where it is not that one
//! way; it still hands over what it could read, so that whoever sent it can be answered. The
//! writer writes the one way only.

mod item;
mod read;
pub mod rules;
#[cfg(test)]
mod tests;
mod words;
mod write;

pub use item::{Entry, Item, Value};
pub use read::{Limits, Outcome, Term, Vocabulary, no_parts, no_words, read, read_strict};
pub use words::shown;
pub use write::{Writer, write};
