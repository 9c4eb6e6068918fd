//! What passes over a connection, piece by piece.

use bytes::Bytes;

use crate::http::{Fields, Request, Response};

/// One piece of what a side says: it reads as `head, data, data, end`, and at last `closed`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// The head of a request.
    Request(Request),
    /// A 1xx response; the final one is still to come (RFC 9110 section 15.2).
    Interim(Response),
    /// The head of a final response.
    Response(Response),
    /// Content, with the chunked coding taken off. Where pieces are cut means nothing.
    Data(Bytes),
    /// The message is complete.
    End {
        /// The trailer fields of a chunked message; mostly none.
        trailers: Fields,
    },
    /// This side sends no more.
    Closed,
}

impl Event {
    /// The end of a message that has no trailer fields.
    pub const fn end() -> Event {
        Event::End { trailers: Fields::new() }
    }

    /// What it is, for sentences.
    pub const fn name(&self) -> &'static str {
        match self {
            Event::Request(_) => "a request",
            Event::Interim(_) => "an interim response",
            Event::Response(_) => "a final response",
            Event::Data(_) => "content",
            Event::End { .. } => "the end of a message",
            Event::Closed => "the end of the connection",
        }
    }
}
