//! A connection as a client keeps it.

use std::collections::VecDeque;

use bytes::Bytes;

use super::fetch::FetchId;
use crate::http::pieces::Pieces;
use crate::http::{Connection, Response};
use crate::wire::Time;

/// Where requests go: an origin server, or the proxy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Hop {
    pub(super) host: String,
    pub(super) port: u16,
    /// Whether it is a proxy, which is sent whole URLs.
    pub(super) is_proxy: bool,
}

/// A connection as a client keeps it.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) hop: Hop,
    pub(super) http: Connection,
    pub(super) phase: Phase,
    /// What it was opened for; sent as soon as it is open.
    pub(super) reserved: Option<FetchId>,
    /// What was asked and is not answered, in order.
    pub(super) in_flight: VecDeque<FetchId>,
    /// The answer that is being read.
    pub(super) incoming: Option<Incoming>,
    /// Content that waits for 100.
    pub(super) held: Option<Bytes>,
    /// How many answers it has brought.
    pub(super) answers: u32,
    /// Whether the last answer said that it is the last: requests after it were not carried out.
    pub(super) announced_close: bool,
    /// Whether the peer's FIN has come.
    pub(super) peer_finished: bool,
    /// Whether the idle alarm is set.
    pub(super) idle_armed: bool,
}

/// Where a connection is, from the client's point of view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// Asked for, and not open yet.
    Connecting,
    /// Open for requests and answers.
    Open,
    /// Our side is closed; the peer's is still open.
    Closing,
}

/// An answer that is being read.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) response: Response,
    pub(super) body: Pieces,
    pub(super) received: Time,
    /// How much of the body there was when the alarm for the answer last rang.
    pub(super) seen: usize,
}

impl Link {
    pub(super) fn new(hop: Hop, http: Connection, reserved: Option<FetchId>) -> Link {
        Link {
            hop,
            http,
            phase: Phase::Connecting,
            reserved,
            in_flight: VecDeque::new(),
            incoming: None,
            held: None,
            answers: 0,
            announced_close: false,
            peer_finished: false,
            idle_armed: false,
        }
    }

    /// Whether nothing is asked on it, and something might be.
    pub(super) fn is_idle(&self) -> bool {
        self.phase == Phase::Open && self.in_flight.is_empty()
    }

    /// A word for where it is.
    pub(super) fn label(&self) -> &'static str {
        match self.phase {
            Phase::Connecting => "Connecting",
            Phase::Closing => "Closing",
            Phase::Open if self.incoming.is_some() => "Receiving",
            Phase::Open if !self.in_flight.is_empty() => "Awaiting",
            Phase::Open => "Idle",
        }
    }
}
