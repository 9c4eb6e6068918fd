//! KRPC messages to bytes and back, without any state of a conversation.
//!
//! The reader notes every byte at depth 0 once, as bencode has it, and below that each node and
//! each peer of a compact list. It is strict about bencode and lenient in three things that real
//! nodes do:
//!
//! - keys that it does not know are passed over, at every level;
//! - bytes behind the last whole contact of `nodes` are passed over: the examples of BEP 5 itself
//!   have nothing else there;
//! - an error message may lack its text.

mod notes;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Unread, read};
pub use write::write;

use super::bencode::Limits;

/// How much of a datagram is read. A message of BEP 5 has three levels; extensions have used a few
/// more. No datagram that a path carries whole has more values than this.
pub const LIMITS: Limits = Limits { depth: 16, items: 1024 };

/// The longest transaction ID that is repeated. BEP 5 finds 2 bytes enough; libraries have used up
/// to 20.
pub const MAX_TRANSACTION: usize = 64;

/// The longest token that is taken or kept. Those in use have 4 to 20 bytes.
pub const MAX_TOKEN: usize = 64;
