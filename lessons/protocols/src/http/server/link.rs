//! A connection as a server keeps it.

use core::net::SocketAddr;

use crate::http::pieces::Pieces;
use crate::http::{Connection, Request, State};

/// A connection as a server keeps it.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The machine.
    pub(super) http: Connection,
    /// The address at the other end.
    pub(super) peer: SocketAddr,
    /// Whether it was accepted beyond the limit, and gets nothing but 503.
    pub(super) busy: bool,
    pub(super) phase: Phase,
    /// Whether the peer's FIN has come.
    pub(super) peer_finished: bool,
    /// The request whose content is being read.
    pub(super) request: Option<Request>,
    /// Its content so far.
    pub(super) body: Pieces,
    /// How many requests have been answered.
    pub(super) served: u32,
}

/// Where a connection is, from the server's point of view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Requests are read and answered.
    Serving,
    /// Our side is closed; what comes is read and discarded until the peer closes.
    Lingering,
}

impl Link {
    pub(super) fn new(http: Connection, peer: SocketAddr, busy: bool) -> Link {
        Link {
            http,
            peer,
            busy,
            phase: Phase::Serving,
            peer_finished: false,
            request: None,
            body: Pieces::default(),
            served: 0,
        }
    }

    /// Whether a request has begun to come and is not answered.
    pub(super) fn within_request(&self) -> bool {
        self.request.is_some() || self.http.waiting() > 0
    }

    /// A word for where it is.
    pub(super) fn label(&self) -> &'static str {
        match (self.phase, self.http.our_state()) {
            (Phase::Lingering, _) => "Lingering",
            (Phase::Serving, State::SendResponse | State::SendBody) => "Receiving",
            (Phase::Serving, _) if self.within_request() => "Receiving",
            (Phase::Serving, _) => "Idle",
        }
    }
}
