//! Bytes to messages and back, without any state of a connection.
//!
//! Every reader notes each byte with its name in the standard, waits where bytes are missing,
//! and finds the same fault at the same byte however the bytes were cut. Spans count from the
//! start of the message.

mod chunked;
mod fields;
mod framing;
mod grammar;
mod head;
mod host;
mod limits;
mod lines;
mod start_line;
mod write;

pub use chunked::{ChunkedReader, Piece};
pub use fields::{FieldSection, Place};
pub use framing::{Asked, Framing, bodiless, of_request, of_response, persists};
pub use grammar::{is_host, is_tchar, is_token};
pub use head::{Head, HeadReader, StartLine};
pub use host::check_host;
pub use limits::{Limits, Role};
#[cfg(test)]
pub(crate) use lines::LOOKED_AT;
pub use start_line::{RequestLine, StatusLine, absolute_form, request_line, status_line};
pub use write::{write_chunk, write_last_chunk, write_request, write_response};
