//! The content of a request on its way from a client to an origin: passed on as it comes, and held
//! only as long as it cannot be.

use bytes::{Bytes, BytesMut};

use crate::http::pieces::Pieces;
use crate::http::{self, Connection, Fields, Request, Version};
use crate::wire::Misuse;

/// The content of one request, as far as it has come.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    framing: Framing,
    /// What has come and not gone on.
    held: Pieces,
    /// The trailer fields, once the end has come.
    ended: Option<Fields>,
    /// Bytes that have gone on to an origin.
    gone: u64,
    /// Whether the end has gone on too.
    over: bool,
    /// Whether the origin does not want the rest.
    unwanted: bool,
}

/// How the client frames the content (RFC 9112 section 6).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Framing {
    /// There is none.
    Nothing,
    /// So many bytes.
    Length(u64),
    /// In chunks.
    Chunked,
}

impl Upload {
    /// The content of a request whose head alone has come.
    pub(super) fn of(request: &Request) -> Upload {
        let length = || request.fields.list("Content-Length").next().and_then(|n| n.parse().ok());
        let framing = match request.fields.first("Transfer-Encoding") {
            Some(_) => Framing::Chunked,
            None => length().map_or(Framing::Nothing, Framing::Length),
        };
        // Where there is none to come it has ended already.
        let none = matches!(framing, Framing::Nothing | Framing::Length(0));
        Upload {
            framing,
            held: Pieces::default(),
            ended: none.then(Fields::new),
            gone: 0,
            over: false,
            unwanted: false,
        }
    }

    /// Whether there is any content, or may be.
    pub(super) fn expected(&self) -> bool {
        !matches!(self.framing, Framing::Nothing | Framing::Length(0))
    }

    /// Whether the head may go to an origin of this version: one of HTTP/1.0 reads no chunks, so
    /// it must be told a length, and that is known at the end (RFC 9112 section 6.1).
    pub(super) fn may_begin(&self, origin: Version) -> bool {
        self.ended.is_some() || origin == Version::Http11 || self.framing != Framing::Chunked
    }

    /// How many bytes wait.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// Whether any of it has left, so that the request cannot be sent again from its beginning.
    pub(super) fn has_left(&self) -> bool {
        self.gone > 0
    }

    /// Whether all of it has gone on.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// Takes in what came next.
    pub(super) fn push(&mut self, bytes: Bytes) {
        if !self.unwanted {
            self.held.push(bytes);
        }
    }

    /// The client has sent all of it.
    pub(super) fn end(&mut self, trailers: Fields) {
        self.ended = Some(trailers);
    }

    /// The origin has answered and will not read the rest (RFC 9112 section 9.5).
    pub(super) fn refuse(&mut self) {
        self.unwanted = true;
        self.held.clear();
    }

    /// The field that frames the content towards an origin of this version.
    pub(super) fn frame(&mut self, method: &str, origin: Version, fields: &mut Fields) {
        if self.framing == Framing::Chunked && origin == Version::Http10 {
            self.framing = Framing::Length(self.held.len() as u64);
        }
        let by_habit = matches!(method, "POST" | "PUT" | "PATCH");
        match self.framing {
            Framing::Chunked => fields.set("Transfer-Encoding", "chunked"),
            Framing::Length(0) | Framing::Nothing if !by_habit => {}
            Framing::Nothing => fields.set("Content-Length", "0"),
            Framing::Length(length) => fields.set("Content-Length", length.to_string()),
        }
    }

    /// What can go on now, as bytes for the origin; the head has gone before it.
    pub(super) fn pour(&mut self, http: &mut Connection) -> Result<Bytes, Misuse> {
        let mut wire = BytesMut::new();
        if self.over || self.unwanted {
            return Ok(wire.freeze());
        }
        let held = core::mem::take(&mut self.held).join();
        if !held.is_empty() {
            self.gone += held.len() as u64;
            wire.extend_from_slice(&http.send(http::Event::Data(held))?);
        }
        if let Some(trailers) = self.ended.take() {
            self.over = true;
            let ended = http.send(http::Event::End { trailers });
            // Trailers cannot go on where there are no chunks (RFC 9110 section 6.5.1).
            let ended = ended.or_else(|_| http.send(http::Event::end()));
            wire.extend_from_slice(&ended?);
        }
        Ok(wire.freeze())
    }
}
