//! Bytes to commands and replies and back, without any state of a session.
//!
//! Every reader notes each byte with its name in the standard, waits where bytes are missing, and
//! finds the same fault at the same byte however the bytes were cut. Spans count from the start of
//! the message.

mod capabilities;
mod command;
mod limits;
mod lines;
mod listing;
mod reply;
mod stuffing;

pub use capabilities::Capabilities;
pub use command::{read_command, write_command};
pub use limits::Limits;
pub use lines::{Line, LineReader};
pub use listing::{
    Scan, Stat, UniqueId, parse_scan, parse_scans, parse_stat, parse_unique_id, parse_unique_ids,
};
pub use reply::{Read, ReplyReader, write_reply};
pub use stuffing::{as_lines, stuff};
