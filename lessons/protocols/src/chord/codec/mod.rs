//! Bytes to messages and back, without any state.
//!
//! The reader notes every byte of a message at depth 0, and what contacts and items are made of
//! below them. What cannot be read is a violation whose code is that of the error to answer.

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{Header, read, read_header};
pub use write::write;

use super::Fault;

/// The version of the format that is written and read.
pub const VERSION: u8 = 1;

/// The bytes of version, kind, transaction and sender, which every message begins with.
pub const HEADER_LEN: usize = 26;

/// The bit of a kind that tells an answer from a request: answers are never answered.
pub const ANSWER: u8 = 0x80;

pub(super) const PING: u8 = 0x01;
pub(super) const FIND_SUCCESSOR: u8 = 0x02;
pub(super) const FORWARD: u8 = 0x03;
pub(super) const GET_PREDECESSOR: u8 = 0x04;
pub(super) const NOTIFY: u8 = 0x05;
pub(super) const PUT: u8 = 0x06;
pub(super) const GET: u8 = 0x07;
pub(super) const TRANSFER: u8 = 0x08;
pub(super) const LEAVE: u8 = 0x09;
pub(super) const PONG: u8 = 0x81;
pub(super) const SUCCESSOR: u8 = 0x82;
pub(super) const CLOSER: u8 = 0x83;
pub(super) const NEIGHBOURS: u8 = 0x84;
pub(super) const TAKEN: u8 = 0x85;
pub(super) const STORED: u8 = 0x86;
pub(super) const VALUE: u8 = 0x87;
pub(super) const MISSING: u8 = 0x88;
pub(super) const RECEIVED: u8 = 0x89;
pub(super) const GOODBYE: u8 = 0x8a;
pub(super) const FAILED: u8 = 0xff;

/// The name of a kind, as the table of the format has it.
pub(super) fn kind_name(kind: u8) -> &'static str {
    match kind {
        PING => "ping",
        FIND_SUCCESSOR => "find_successor",
        FORWARD => "forward",
        GET_PREDECESSOR => "get_predecessor",
        NOTIFY => "notify",
        PUT => "put",
        GET => "get",
        TRANSFER => "transfer",
        LEAVE => "leave",
        PONG => "pong",
        SUCCESSOR => "successor",
        CLOSER => "closer",
        NEIGHBOURS => "neighbours",
        TAKEN => "taken",
        STORED => "stored",
        VALUE => "value",
        MISSING => "missing",
        RECEIVED => "received",
        GOODBYE => "goodbye",
        FAILED => "error",
        _ => "unknown",
    }
}

impl Fault {
    /// The fault with this code.
    pub fn of(code: u8) -> Fault {
        match code {
            1 => Fault::Version,
            2 => Fault::UnknownKind,
            3 => Fault::Malformed,
            4 => Fault::NotAMember,
            5 => Fault::NobodyNearer,
            6 => Fault::Full,
            other => Fault::Other(other),
        }
    }

    /// Its code on the wire.
    pub fn code(self) -> u8 {
        match self {
            Fault::Version => 1,
            Fault::UnknownKind => 2,
            Fault::Malformed => 3,
            Fault::NotAMember => 4,
            Fault::NobodyNearer => 5,
            Fault::Full => 6,
            Fault::Other(code) => code,
        }
    }
}
