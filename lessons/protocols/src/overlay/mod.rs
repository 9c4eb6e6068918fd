//! What every distributed hash table has in common: keys, a place among them, pointers to others.
//!
//! Nothing here is a protocol. Chord and Kademlia have folders of their own; both give nodes and
//! data keys out of one space of numbers, and differ in what they call near.

mod key;
mod place;
pub mod quantity;

pub use key::{Key, KeyError};
pub use place::{Geometry, Place, Pointer, Role};
