//! Bytes to messages and back, without any state of a conversation.
//!
//! The reader notes every byte of a message, once, at depth 0: header, questions and records. What
//! these are made of is noted below them, down to each label and each pointer. Spans count from
//! the start of the message. A message that cannot be read is a violation; [`read_header`] gives
//! what the answer to it needs.

mod cursor;
mod frame;
mod name;
mod opt;
mod rdata;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(super) use frame::LENGTH_LEN;
pub use frame::{Frames, frame};
pub(super) use rdata::data_of;
pub use read::{read, read_header};
pub use write::{Written, write, write_within};

/// The bytes of a header (RFC 1035 section 4.1.1).
pub const HEADER_LEN: usize = 12;

/// The longest message: two bytes hold its length on a stream (RFC 7766 section 8), and a
/// datagram is no longer.
pub const MAX_MESSAGE: usize = 65_535;

/// The longest datagram to somebody who speaks no EDNS (RFC 1035 section 4.2.1).
pub const PLAIN_DATAGRAM: usize = 512;
